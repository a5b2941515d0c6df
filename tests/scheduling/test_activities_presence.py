from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.domain import Contract, OpeningSpan, PlacedActivity, Queue, Roster, ShiftPattern
from scheduling.evaluate import evaluate
from scheduling.rescore import Change, rescored, scored
from scheduling.simulate import simulate
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, at, roster, shift

CARDS = Queue(id="cards", hours=(OpeningSpan(open_min=480, close_min=960),))
PEOPLE = agents(a=["cards"], b=["cards"], c=["cards"])
FORECAST = flat_forecast(CARDS, 20.0)
MEETING = PlacedActivity(activity="team", kind="meeting", start=at("14:00"), end=at("14:30"))


def plan(second_break: str | None) -> Roster:
    """Everybody with a paid break at noon; two of them with a second one."""
    breaks = ["12:00-12:30"]
    more = breaks if second_break is None else [*breaks, second_break]
    return roster(
        shift("a", "08:00-16:00", *more, paid_breaks=True),
        shift("b", "08:00-16:00", *more, paid_breaks=True),
        shift("c", "08:00-16:00", *breaks, paid_breaks=True),
    )


def with_meeting() -> Roster:
    plain = plan(None)
    meeting = tuple(
        replace(each, activities=(MEETING,)) if each.agent_id in "ab" else each for each in plain.assignments
    )
    return replace(plain, assignments=meeting)


def test_an_activity_takes_people_off_contacts_as_a_paid_break_does() -> None:
    found, expected = (
        evaluate(made, PEOPLE, [CARDS], FORECAST) for made in (with_meeting(), plan("14:00-14:30"))
    )
    pd.testing.assert_frame_equal(found.coverage, expected.coverage)
    pd.testing.assert_frame_equal(found.hours, expected.hours)
    before = evaluate(plan(None), PEOPLE, [CARDS], FORECAST)
    assert found.coverage["answered"].sum() < before.coverage["answered"].sum() - 1
    assert found.paid_h == before.paid_h


def test_a_simulation_takes_them_off_contacts_too() -> None:
    arrivals = np.random.default_rng(3).poisson(FORECAST["mean"], (3, len(FORECAST)))
    found, expected = (
        simulate(made, PEOPLE, [CARDS], FORECAST, arrivals, seed=1)
        for made in (with_meeting(), plan("14:00-14:30"))
    )
    pd.testing.assert_frame_equal(found.days, expected.days)


def test_moving_an_activity_by_an_edit_is_scored_as_the_whole_roster_is() -> None:
    costs = {"contracts": [Contract(id="standard")], "patterns": [ShiftPattern(id="early", length_min=480)]}
    score = scored(with_meeting(), PEOPLE, [CARDS], FORECAST, **costs)  # type: ignore[arg-type] # two lists by name
    old = score.people["a"].shifts[0]
    later = replace(MEETING, start=at("15:00"), end=at("15:30"))
    new = replace(old, activities=(later,))
    edited = rescored(score, Change(removed=(old,), added=(new,)))
    whole = scored(edited.roster, PEOPLE, [CARDS], FORECAST, **costs)  # type: ignore[arg-type] # as above
    pd.testing.assert_frame_equal(edited.evaluation().coverage, whole.evaluation().coverage)
    assert not edited.evaluation().coverage.equals(score.evaluation().coverage)
    assert edited.violations == whole.violations


def test_activities_that_touch_a_break_leave_no_time_on_contacts_between() -> None:
    each = shift("a", "08:00-16:00", "12:00-12:30")
    each = replace(each, activities=(replace(MEETING, start=at("12:30"), end=at("13:00")),))
    assert [(part.start, part.end) for part in each.away] == [
        (at("12:00"), at("12:30")),
        (at("12:30"), at("13:00")),
    ]
    found = evaluate(roster(each), PEOPLE, [CARDS], FORECAST).coverage
    at_work = dict(zip(found["start"], found["rostered"], strict=True))
    assert [at_work[pd.Timestamp(at(clock))] for clock in ("11:30", "12:00", "12:30", "13:00")] == (
        pytest.approx([1.0, 0.0, 0.0, 1.0])
    )
