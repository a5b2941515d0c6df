"""Shifts that cover given requirements, beside pyworkforce on the same case in the same run."""
