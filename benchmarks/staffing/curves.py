"""How long the answer curves of a centre take."""

from __future__ import annotations

import time

import numpy as np

from benchmarks._runner import progress
from benchmarks.staffing.forecasts import shaped_forecast
from data.domain import Queue
from scheduling.curves import answer_curves


def time_curves() -> dict[str, object]:
    """Answer curves of 10 queues × 28 days × 96 intervals, 5 to 150 erlangs at the peak."""
    queues = [Queue(id=f"queue {i}", interval_min=15) for i in range(10)]
    forecasts = [
        shaped_forecast(queue, float(peak), days=28)
        for queue, peak in zip(queues, np.geomspace(20, 560, 10), strict=True)
    ]
    answer_curves(queues[0], forecasts[0].head(10))
    begin = time.process_time()
    pieces = [len(answer_curves(queue, frame)) for queue, frame in zip(queues, forecasts, strict=True)]
    seconds = time.process_time() - begin
    progress(f"answer curves of {sum(map(len, forecasts))} intervals, {sum(pieces)} points: {seconds:.2f} s")
    intervals = sum(map(len, forecasts))
    return {"seconds": seconds, "pieces_per_curve": sum(pieces) / intervals - 1.0}
