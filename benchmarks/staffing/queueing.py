"""How long the least agents of many intervals take."""

from __future__ import annotations

import time

import numpy as np

from benchmarks._runner import progress
from scheduling.minimal_agents import minimal_agents


def time_minimal_agents(intervals: int) -> dict[str, float]:
    """Least agents for 95 % answered, traffic up to 500 erlangs."""
    random = np.random.default_rng(1)
    traffic, patience_s = random.uniform(0.01, 500, intervals), random.uniform(60, 300, intervals)
    minimal_agents(traffic[:10], 240.0, patience_s[:10])
    begin = time.process_time()
    minimal_agents(traffic, 240.0, patience_s)
    seconds = time.process_time() - begin
    progress(f"minimal agents of {intervals} intervals: {seconds:.2f} s")
    return {"intervals": intervals, "seconds": seconds}
