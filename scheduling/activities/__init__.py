"""Activities inside shifts: laid into the hours of a plan before it is solved, placed on its people afterwards."""
