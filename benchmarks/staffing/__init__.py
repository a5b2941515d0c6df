"""Speed and accuracy of staffing: minimal agents, answer curves, simulation, calibration, steady state."""
