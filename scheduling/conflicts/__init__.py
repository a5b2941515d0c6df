"""Why targets cannot be reached: the smallest set of rules and requests in conflict, and what to give way in."""
