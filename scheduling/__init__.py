"""Forecast in, answer curves, requirement, roster and simulation out. Knows no forecasting model and no screen."""
