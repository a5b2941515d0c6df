from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasting.day_matrix import opening
from forecasting.handle_time import handle_time_by_slot
from tests.forecasting.hotline import QUEUE, make_history

OPENED = opening(QUEUE)


def told(history: pd.DataFrame, aht_s: float | np.ndarray) -> pd.DataFrame:
    return history.assign(answered=history["offered"], handle_time_s=history["offered"] * aht_s)


def test_one_handle_time_for_every_contact_is_found_back_everywhere() -> None:
    found = handle_time_by_slot(QUEUE, told(make_history(), 240.0), OPENED, 8)
    assert found is not None
    np.testing.assert_allclose(found[OPENED], 240.0)


def test_a_handle_time_that_rises_over_the_day_is_followed() -> None:
    history = make_history(level=200.0)
    slot = history.index.to_numpy() % 20
    found = handle_time_by_slot(QUEUE, told(history, 200.0 + 10.0 * slot), OPENED, 8)
    assert found is not None
    np.testing.assert_allclose(found[0][OPENED[0]][1:-1], 200.0 + 10.0 * np.arange(1, 19), atol=4.0)


def test_handle_times_are_weighted_by_answered_contacts() -> None:
    history = make_history(days=7, noise=False).assign(answered=1.0, handle_time_s=100.0)
    busy = history.index % 20 == 10
    history.loc[busy, "answered"] = 1000.0
    history.loc[busy, "handle_time_s"] = 300.0 * 1000.0
    found = handle_time_by_slot(QUEUE, history, OPENED, 8)
    assert found is not None
    assert found[0, 26] == pytest.approx(300.0, rel=0.02)


def test_only_the_latest_weeks_count() -> None:
    history = make_history(days=84, level=200.0)
    old = (history.index < 56 * 20).astype(float)
    found = handle_time_by_slot(QUEUE, told(history, 300.0 + 300.0 * old), OPENED, 3)
    assert found is not None
    np.testing.assert_allclose(found[OPENED], 300.0)


def test_a_slot_nobody_was_answered_in_takes_what_is_typical() -> None:
    history = make_history()
    rows = told(history, 240.0)
    rows.loc[rows.index % 20 < 4, ["answered", "handle_time_s"]] = 0.0
    found = handle_time_by_slot(QUEUE, rows, OPENED, 8)
    assert found is not None
    np.testing.assert_allclose(found[OPENED], 240.0)


@pytest.mark.parametrize("columns", [[], ["answered"], ["answered", "handle_time_s"]])
def test_a_history_without_handle_times_has_none(columns: list[str]) -> None:
    history = make_history().assign(**dict.fromkeys(columns, np.nan))
    assert handle_time_by_slot(QUEUE, history, OPENED, 8) is None


def test_handle_times_that_cannot_be_are_passed_over() -> None:
    rows = told(make_history(level=200.0), 240.0)
    rows.loc[100, "handle_time_s"] *= 1000
    rows.loc[101, "handle_time_s"] *= 9
    rows.loc[102, "handle_time_s"] /= 50
    rows.loc[103, "handle_time_s"] = 0.0
    rows.loc[104, "handle_time_s"] = np.nan
    rows.loc[105, "handle_time_s"] = np.inf
    rows.loc[106, "answered"] = 0.0
    found = handle_time_by_slot(QUEUE, rows, OPENED, 26)
    assert found is not None
    np.testing.assert_allclose(found[OPENED], 240.0)


def test_a_short_contact_in_a_quiet_interval_counts_like_any_other() -> None:
    rows = told(make_history(level=200.0), 240.0)
    rows.loc[100, ["answered", "handle_time_s"]] = (1.0, 5.0)
    clean = handle_time_by_slot(QUEUE, rows.drop(index=100), OPENED, 26)
    found = handle_time_by_slot(QUEUE, rows, OPENED, 26)
    assert found is not None
    assert clean is not None
    assert found[5, 16] < clean[5, 16]


def test_a_slow_weekday_is_found_and_a_few_contacts_do_not_make_one() -> None:
    for level, low, high in ((200.0, 1.15, 1.25), (0.2, 0.99, 1.1)):
        history = make_history(level=level)
        tuesday = (history.index.to_numpy() // 20) % 7 == 1
        rows = told(history, np.where(tuesday, 288.0, 240.0))
        found = handle_time_by_slot(QUEUE, rows, OPENED, 26)
        assert found is not None
        assert low <= found[1][OPENED[1]].mean() / found[0][OPENED[0]].mean() <= high


def test_handle_times_that_are_a_single_day_old_serve_the_whole_week() -> None:
    found = handle_time_by_slot(QUEUE, told(make_history(days=1), 240.0), OPENED, 26)
    assert found is not None
    np.testing.assert_allclose(found[OPENED], 240.0)
