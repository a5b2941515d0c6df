from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from data.corrections import Decision, Verdict
from data.domain import Peak, PeakKind
from forecasting.fingerprint import data_hash
from forecasting.settings import Settings
from tests.forecasting.hotline import QUEUE, SETTINGS, make_history

BILL = Peak(
    id="bill",
    kind=PeakKind.BILLING,
    dates={date(2025, 2, 5): 10.0, date(2025, 3, 5): None},
    queues=frozenset({"hotline", "vip"}),
)
HISTORY = make_history(days=7)


def fingerprint(
    history: pd.DataFrame = HISTORY,
    peak: Peak = BILL,
    settings: Settings = SETTINGS,
    interval_min: int = 30,
) -> str:
    return data_hash(replace(QUEUE, interval_min=interval_min), history, [peak], settings)


@pytest.mark.parametrize(
    "changed",
    [
        lambda: fingerprint(HISTORY.assign(offered=HISTORY["offered"] + 1)),
        lambda: fingerprint(HISTORY.iloc[1:]),
        lambda: fingerprint(HISTORY.assign(answered=1.0)),
        lambda: fingerprint(peak=replace(BILL, upper_days=1)),
        lambda: fingerprint(settings=Settings(profile_weeks=6)),
        lambda: fingerprint(interval_min=15),
    ],
    ids=["a count", "a row", "a column", "a peak", "a setting", "the queue"],
)
def test_any_change_of_what_a_forecast_rests_on_changes_the_hash(changed: Callable[[], str]) -> None:
    assert changed() != fingerprint()


def test_the_order_of_dates_and_the_peaks_of_other_queues_change_nothing() -> None:
    turned = replace(BILL, dates=dict(reversed(BILL.dates.items())))
    other = replace(BILL, id="other", queues=frozenset({"vip"}))
    assert fingerprint(peak=turned) == fingerprint()
    assert data_hash(QUEUE, HISTORY, [BILL, other], Settings()) == fingerprint()


def test_the_hash_is_the_same_in_another_process_with_another_order_of_sets() -> None:
    code = "from tests.forecasting.test_fingerprint import fingerprint; print(fingerprint())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert runs == {fingerprint()}


def test_a_decision_on_the_queue_changes_the_hash_and_one_on_another_does_not() -> None:
    def decided(queue: str) -> Decision:
        return Decision(
            queue=queue,
            start=datetime(2025, 1, 6, tzinfo=UTC),
            end=datetime(2025, 1, 7, tzinfo=UTC),
            verdict=Verdict.DROP,
            name="Li Wei",
            reason="the line was cut",
        )

    plain = data_hash(QUEUE, HISTORY, [BILL], Settings())
    assert data_hash(QUEUE, HISTORY, [BILL], Settings(), [decided("another")]) == plain
    assert data_hash(QUEUE, HISTORY, [BILL], Settings(), [decided(QUEUE.id)]) != plain
