from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain import Queue
from data.intervals import grid
from data.shrinkage import Availability, Shrinkage
from scheduling.yields import Loss, yield_parts, yields

MONDAY = date(2026, 11, 23)
WEEK = pd.date_range("2026-11-23", periods=7 * 48, freq="30min", tz="UTC")


def test_a_plain_shrinkage_yields_the_rest_at_any_time() -> None:
    assert set(yields(Queue(id="cards", shrinkage=0.3), WEEK)) == {1.0 - 0.3}


def test_causes_multiply_where_they_hold_and_only_there() -> None:
    queue = Queue(
        id="cards",
        shrinkage=0.1,
        shrinkages=(
            Shrinkage(
                cause="training",
                share=0.2,
                planned=True,
                weekdays=frozenset({0}),
                open_min=540,
                close_min=660,
            ),
            Shrinkage(cause="sickness", share=0.05),
        ),
        adherence=0.9,
        availability=(Availability(factor=0.8, weekdays=frozenset({0}), open_min=600, close_min=720),),
    )
    found = yields(queue, WEEK)
    always = 0.9 * 0.9 * 0.95
    expected = np.full(len(WEEK), always)
    expected[18:20] = always * 0.8  # training alone
    expected[20:22] = always * 0.8 * 0.8  # training and availability
    expected[22:24] = always * 0.8  # availability alone
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_an_interval_has_the_mean_of_its_minutes() -> None:
    queue = Queue(id="cards", shrinkages=(Shrinkage(cause="huddle", share=0.6, open_min=530, close_min=540),))
    found = yields(queue, WEEK)
    assert found[17] == pytest.approx(1 - 0.6 / 3)
    assert found[16] == found[18] == 1.0
    assert yields(queue, WEEK[17:18], step_min=15)[0] == 1.0
    assert yields(queue, WEEK[17:18] + pd.Timedelta(minutes=15), step_min=15)[0] == pytest.approx(0.6)


def test_a_span_past_midnight_belongs_to_the_day_it_begins_on_and_sunday_runs_into_monday() -> None:
    late = Shrinkage(cause="night", share=0.5, weekdays=frozenset({6}), open_min=1380, close_min=1500)
    found = yields(Queue(id="cards", shrinkages=(late,)), WEEK)
    assert np.flatnonzero(found < 1).tolist() == [0, 1, 334, 335]


def test_times_are_on_the_clock_of_the_queue_also_when_it_changes() -> None:
    noon = Shrinkage(cause="meeting", share=0.5, open_min=720, close_min=750)
    queue = Queue(id="cards", timezone="Europe/Berlin", shrinkages=(noon,))
    starts = pd.DatetimeIndex(["2026-10-24T10:00Z", "2026-10-25T10:00Z", "2026-10-25T11:00Z"])
    assert yields(queue, starts).tolist() == [0.5, 1.0, 0.5]


spans = st.tuples(st.frozensets(st.integers(0, 6)), st.integers(0, 1439), st.integers(1, 1440)).map(
    lambda drawn: {"weekdays": drawn[0], "open_min": drawn[1], "close_min": drawn[1] + drawn[2]}
)


@given(
    data=st.data(),
    base=st.floats(0, 0.6),
    adherence=st.floats(0.5, 1.0),
    shares=st.lists(st.floats(0, 0.9), max_size=4),
    factor=st.floats(0.3, 1.5),
)
@settings(max_examples=40, deadline=None)
def test_the_parts_by_cause_and_the_yield_sum_to_one(
    data: st.DataObject, base: float, adherence: float, shares: list[float], factor: float
) -> None:
    queue = Queue(
        id="cards",
        shrinkage=base,
        adherence=adherence,
        shrinkages=tuple(
            Shrinkage(cause=f"c{n}", share=share, planned=n % 2 == 0, **data.draw(spans))
            for n, share in enumerate(shares)
        ),
        availability=(Availability(factor=factor, **data.draw(spans)),),
    )
    starts = pd.DatetimeIndex(grid(queue, MONDAY, 7)["start"])
    found = yields(queue, starts)
    lost = yield_parts(queue, starts).groupby("start")["lost"].sum().reindex(starts, fill_value=0.0)
    assert (found > 0).all()
    np.testing.assert_allclose(found + lost.to_numpy(), 1.0, atol=1e-12)


def test_parts_tell_planned_from_unplanned_and_what_adds() -> None:
    queue = Queue(
        id="cards",
        shrinkages=(
            Shrinkage(cause="training", share=0.1, planned=True),
            Shrinkage(cause="sickness", share=0.1),
        ),
        availability=(Availability(factor=1.2),),
    )
    parts = yield_parts(queue, WEEK[:1]).set_index(["kind", "cause"])["lost"]
    assert list(parts.index) == [
        (Loss.PLANNED.value, "training"),
        (Loss.UNPLANNED.value, "sickness"),
        (Loss.AVAILABILITY.value, ""),
    ]
    assert parts.iloc[0] == pytest.approx(parts.iloc[1])
    assert parts.iloc[2] < 0
    assert parts.sum() == pytest.approx(1 - 0.9 * 0.9 * 1.2)


def test_a_queue_that_loses_nothing_has_no_parts() -> None:
    assert yield_parts(Queue(id="cards"), WEEK).empty
    assert set(yields(Queue(id="cards"), WEEK)) == {1.0}
