"""One forecasting model a file, behind one Protocol."""
