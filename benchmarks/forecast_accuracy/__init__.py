"""Accuracy of forecasts over rolling origins: every method in one run, on dated, named data sets.

::

    python -m benchmarks.forecast_accuracy
    python -m benchmarks.forecast_accuracy --only na_bank_30min --without-peer
    python -m benchmarks.forecast_accuracy --history FILE.parquet --queue Q --origins "2025-03-03,2025-03-10"

Each data set is judged over two windows: eight weekly origins on which anything may be chosen, and the eight after
them, on which nothing is. "peakshift" is the default configuration, choice included; "prophet_intervals" is the peer.
WAPE, bias and coverage in %.
"""
