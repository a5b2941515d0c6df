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
