"""Timings and accuracy. `python -m benchmarks.NAME` shows progress on stderr and ends stdout with one JSON object."""
