from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.forecast_accuracy.judge import floor_wape
from benchmarks.forecast_accuracy.own_file import hours_of, step_of
from tests.forecasting.hotline import QUEUE, make_history


def test_the_benchmark_judges_any_history_and_ends_with_one_json_line(tmp_path: Path) -> None:
    history = make_history(days=35)
    file = tmp_path / "own.parquet"
    history.to_parquet(file)
    command = [
        sys.executable,
        "-m",
        "benchmarks.forecast_accuracy",
        "--history",
        str(file),
        "--queue",
        "hotline",
    ]
    given = ["--origins", "2025-01-27,2025-02-03", "--timezone", "Asia/Shanghai", "--horizon-days", "7"]
    run = subprocess.run([*command, *given], check=True, capture_output=True, text=True)
    rows = {row["method"]: row for row in json.loads(run.stdout.splitlines()[-1])["rows"]}
    assert {"peakshift", "seasonal_naive", "weekday_mean"} <= set(rows)
    assert rows["peakshift"]["dataset"] == "own"
    assert rows["peakshift"]["horizon"] == "1w"
    assert rows["peakshift"]["origins"] == 2
    assert rows["weekday_mean"]["wape_pct"] < rows["seasonal_naive"]["wape_pct"]
    assert "hotline" in run.stderr


def test_step_and_opening_hours_are_read_off_a_history() -> None:
    history = make_history()
    assert step_of(history) == 30
    assert {(span.open_min, span.close_min) for span in hours_of(history, QUEUE.timezone)} == {(480, 1080)}


@pytest.mark.parametrize("rate", [0.7, 12.0, 400.0])
def test_the_floor_is_the_error_of_one_who_knew_the_true_mean(rate: float) -> None:
    actual = np.random.default_rng(1).poisson(rate, 200_000).astype(float)
    error = np.abs(actual - rate).sum() / actual.sum()
    assert floor_wape(actual, np.full(len(actual), rate)) == pytest.approx(error, rel=0.02)
