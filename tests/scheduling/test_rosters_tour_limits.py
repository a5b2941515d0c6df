"""What a tour may be: networks and names accept exactly the tours the checker finds clean, every tour of some days tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data.domain import Assignment, Contract, ShiftPattern
from scheduling.problem import RosterProblem
from scheduling.shifts import wall_clock
from tests.oracles.tour_enumeration import Given, broken, tours
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem

FREE = Contract(id="standard", max_days_per_week=7, max_consecutive_days=7, max_h_per_week=168, min_rest_h=0)
EARLY, LATE, NIGHT = pattern("early", 360, 480), pattern("late", 840, 480), pattern("night", 1320, 480)
SHORT = pattern("short", 480, 240, latest_min=600)
THURSDAY, BERLIN = 3, "Europe/Berlin"


def asked(
    contract: Contract,
    patterns: Sequence[ShiftPattern],
    *,
    first: int = THURSDAY,
    days: int = 5,
    before: Sequence[tuple[int, ShiftPattern]] = (),
    clock_change: bool = False,
) -> RosterProblem:
    """A roster of one person from that day after a Monday on; `before` are days from that Monday and what was worked."""
    monday, timezone = (MONDAY.replace(month=3, day=24), BERLIN) if clock_change else (MONDAY, "UTC")
    made = problem(
        agents=people(1),
        contracts=[contract],
        patterns=patterns,
        full=0.5,
        first=monday + timedelta(days=first),
        days=days,
        timezone=timezone,
    )
    worked = []
    for day, kind in before:
        local = monday + timedelta(days=day)
        start = wall_clock(local, kind.start_earliest_min, timezone)
        end = start + timedelta(minutes=kind.length_min)
        worked.append(Assignment(agent_id="P0", day=local, pattern=kind.id, start=start, end=end))
    return replace(made, before=tuple(worked))


def agree(asked: RosterProblem) -> int:
    """Hold every tour against the checker; how many are clean."""
    given, clean = Given(asked), 0
    for tour in tours(asked):
        found = broken(asked, tour)
        clean += not found
        assert given.by_network(tour, exact=True) is not bool(found), (tour, found)
        assert given.by_names(tour) is not bool(found), (tour, found)
        assert found or given.by_network(tour, exact=False), tour
    return clean


SPREAD = replace(FREE, max_start_spread_min=60)
FORWARD = replace(FREE, forward_rotation=True)
CASES = {
    "nights": asked(replace(FREE, max_consecutive_nights=2), (EARLY, NIGHT)),
    "no nights at all": asked(replace(FREE, max_consecutive_nights=0), (EARLY, NIGHT)),
    "nights before": asked(
        replace(FREE, max_consecutive_nights=2), (EARLY, NIGHT), before=[(1, EARLY), (2, NIGHT)]
    ),
    "weekends": asked(replace(FREE, min_weekends_off=3), (EARLY,), first=5, days=10),
    "weekends before": asked(
        replace(FREE, min_weekends_off=2), (EARLY,), first=5, days=9, before=[(-1, EARLY), (-15, EARLY)]
    ),
    "a weekend begun": asked(
        replace(FREE, min_weekends_off=3), (EARLY, LATE), first=6, days=3, before=[(5, EARLY), (-8, EARLY)]
    ),
    "starts": asked(SPREAD, (EARLY, SHORT), days=4, first=5),
    "starts of a week begun": asked(
        SPREAD, (EARLY, SHORT), days=4, first=4, before=[(0, SHORT), (-1, EARLY)]
    ),
    "starts of a pattern that is gone": asked(
        SPREAD, (SHORT,), before=[(0, replace(SHORT, start_earliest_min=450))]
    ),
    "starts too far apart before": asked(SPREAD, (SHORT,), days=3, before=[(0, EARLY), (1, LATE)]),
    "forward": asked(FORWARD, (EARLY, SHORT), days=4),
    "forward before": asked(FORWARD, (EARLY, SHORT), days=3, before=[(2, SHORT)]),
    "forward over the clock's change": asked(FORWARD, (SHORT, LATE), first=5, days=4, clock_change=True),
    "days off together": asked(replace(FREE, min_consecutive_days_off=3), (EARLY,), days=8),
    "days off begun before": asked(
        replace(FREE, min_consecutive_days_off=3), (EARLY,), days=6, before=[(1, EARLY)]
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_rule_of_a_contract_is_held_exactly(case: str) -> None:
    assert agree(CASES[case]) > 0


def test_weeks_of_a_longer_roster_leave_weekends_to_those_that_follow() -> None:
    contract = replace(FREE, min_weekends_off=2)
    last = asked(contract, (EARLY,), first=0, days=7, before=[(-1, EARLY)])
    given = Given(last)
    weekend = next(tour for tour in tours(last) if set(tour) == {6})
    assert given.by_network(weekend, exact=True)
    assert given.by_names(weekend)
    first = Given(replace(last, days_after=7))
    assert not first.by_network(weekend, exact=True)
    assert not first.by_names(weekend)
    assert first.by_network(weekend, exact=False)


@settings(max_examples=10, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(st.data())
def test_any_rules_of_a_contract_together_are_held_exactly(data: st.DataObject) -> None:
    draw = data.draw
    contract = Contract(
        id="standard",
        max_days_per_week=draw(st.integers(3, 7)),
        max_consecutive_days=draw(st.integers(2, 7)),
        max_h_per_week=draw(st.sampled_from((24, 36, 60))),
        min_h_per_week=draw(st.sampled_from((0, 0, 16))),
        min_rest_h=draw(st.sampled_from((0, 11))),
        max_consecutive_nights=draw(st.sampled_from((None, 0, 1, 2))),
        min_weekends_off=draw(st.integers(0, 4)),
        max_start_spread_min=draw(st.sampled_from((None, 0, 60, 120))),
        forward_rotation=draw(st.booleans()),
        min_consecutive_days_off=draw(st.integers(1, 3)),
    )
    kinds = draw(st.sampled_from(((EARLY, NIGHT), (SHORT,), (LATE, EARLY, NIGHT))))
    days = st.tuples(st.integers(-20, 1), st.sampled_from(kinds))
    # What a torn week still asks for is asked softly, and given up where out of reach.
    most = 0 if contract.min_h_per_week else 6
    before = draw(st.lists(days, max_size=most, unique_by=lambda worked: worked[0]))
    agree(asked(contract, kinds, first=draw(st.integers(2, 6)), days=4, before=before))
