"""The optimiser: the integer programme, one function per rule, and the way from counts to names."""
