"""From counts to names: day networks, their paths, and people whose rules the counts alone do not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest

from data.domain import Agent, Assignment, Contract, Roster, ShiftPattern, Wish
from scheduling.rosters.build import build
from scheduling.rosters.conflicts import counts_of, recount, rename
from scheduling.rosters.limits import Limits, Watch
from scheduling.rosters.model import Model
from scheduling.rosters.names import Person, conflicts, deal
from scheduling.rosters.peel import peel
from scheduling.rosters.tour_rules import TourRules
from scheduling.rosters.tours import Duty, TourNetwork, network, rest_binds
from scheduling.rosters.wishes import Likings, unsocial_h
from scheduling.rules import RULES, violations
from scheduling.shifts import Horizon, Shift, all_shifts
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem

EARLY, LATE = pattern("early", 420, 480), pattern("late", 900, 480)
SHORT = pattern("short", 540, 240)
FREE = Contract(id="standard", max_days_per_week=7, max_consecutive_days=9, max_h_per_week=168, min_rest_h=0)


def week(days: int = 7, first: date = MONDAY) -> Horizon:
    return Horizon(first, days, "UTC")


def paths(tours: TourNetwork, node: int = 0, day: int = 0) -> list[tuple[Duty | None, ...]]:
    """Every path of a network, by walking it."""
    if day == tours.days:
        return [()]
    return [
        (tours.arcs[arc].duty, *rest)
        for arc in tours.leaving[day, node]
        for rest in paths(tours, tours.arcs[arc].head, day + 1)
    ]


TOUR_RULES = ("weekly_days", "weekly_hours_most", "weekly_hours_least", "consecutive_days", "time_off")


def kept(contract: Contract, tour: Sequence[ShiftPattern | None], agent: Agent, horizon: Horizon) -> bool:
    """Whether the checker finds a tour clean, by the rules a day network holds."""
    shifts = [
        Assignment(
            agent_id=agent.id,
            day=horizon.day(day),
            pattern=worked.id,
            start=horizon.instant(1440 * day + worked.start_earliest_min),
            end=horizon.instant(1440 * day + worked.start_earliest_min + worked.length_min),
        )
        for day, worked in enumerate(tour)
        if worked is not None
    ]
    roster = Roster(
        name="r", first=horizon.first, days=horizon.days, timezone="UTC", assignments=tuple(shifts)
    )
    rules = [rule for rule in RULES if rule.__name__ in TOUR_RULES]
    return not violations(roster, [agent], [contract], (EARLY, LATE, SHORT), rules)


@pytest.mark.parametrize(
    ("contract", "days", "shift_on", "off"),
    [
        (replace(FREE, max_days_per_week=3), 7, 0, ()),
        (replace(FREE, max_days_per_week=2), 5, 5, ()),
        (replace(FREE, max_consecutive_days=2), 6, 0, ()),
        (replace(FREE, max_h_per_week=20), 5, 0, ()),
        (replace(FREE, max_h_per_week=20, max_consecutive_days=2), 6, 4, (2,)),
        (replace(FREE, min_h_per_week=28, max_days_per_week=5, max_h_per_week=36), 7, 0, (1, 4)),
        (FREE, 4, 0, (0, 3)),
    ],
)
def test_the_paths_of_a_network_are_the_tours_the_checker_finds_clean(
    contract: Contract, days: int, shift_on: int, off: tuple[int, ...]
) -> None:
    horizon = week(days, MONDAY + timedelta(shift_on))
    agent = Agent(id="A", skills=frozenset({"s"}), time_off=frozenset(horizon.day(day) for day in off))
    tours = network(contract, all_shifts([EARLY, SHORT], horizon), frozenset(off), horizon)
    assert tours is not None
    walked = paths(tours)
    tried = [
        tour for tour in product((None, EARLY, SHORT), repeat=days) if kept(contract, tour, agent, horizon)
    ]
    assert len(walked) == len(set(walked)) == len(tried)
    duties = {None: None, EARLY: Duty(480, overnight=False), SHORT: Duty(240, overnight=False)}
    assert set(walked) == {tuple(duties[worked] for worked in tour) for tour in tried}


def test_states_with_the_same_future_are_one() -> None:
    """Five of seven days with nothing else to remember: at most six states before any day."""
    tours = network(replace(FREE, max_days_per_week=5), all_shifts([SHORT], week()), frozenset(), week())
    assert tours is not None
    before = [len({arc.tail for arc in tours.arcs if arc.day == day}) for day in range(7)]
    assert before == [1, 2, 3, 3, 3, 3, 2]


def test_a_network_without_any_tour_is_none() -> None:
    contract = replace(FREE, min_h_per_week=8)
    mondays = replace(EARLY, weekdays=frozenset({0}))
    assert network(contract, all_shifts([mondays], week()), frozenset({0}), week()) is None


def test_a_night_into_a_day_off_is_no_path() -> None:
    night = pattern("night", 1320, 480)
    tours = network(FREE, all_shifts([night], week(2)), frozenset({1}), week(2))
    assert tours is not None
    assert paths(tours) == [(None, None)]


def test_rest_binds_only_where_a_late_end_meets_an_early_start() -> None:
    shifts = all_shifts([EARLY, LATE], week(2))
    assert rest_binds(replace(FREE, min_rest_h=11), shifts)
    assert not rest_binds(replace(FREE, min_rest_h=8), shifts)


def test_a_flow_is_peeled_into_as_many_paths_as_people() -> None:
    tours = network(replace(FREE, max_days_per_week=1), all_shifts([SHORT], week(3)), frozenset(), week(3))
    assert tours is not None
    flow = np.zeros(len(tours.arcs))
    wanted = [walked for walked in paths(tours) for _ in range(2)]
    for walked in wanted:
        node = 0
        for day, duty in enumerate(walked):
            arc = next(a for a in tours.leaving[day, node] if tours.arcs[a].duty == duty)
            flow[arc] += 1
            node = tours.arcs[arc].head
    peeled = peel(tours, flow, len(wanted))
    counts = [[sum(path[day] is not None for path in some) for day in range(3)] for some in (peeled, wanted)]
    assert counts[0] == counts[1]
    assert all(path in paths(tours) for path in peeled)


def test_a_flow_that_is_not_conserved_is_an_error() -> None:
    tours = network(FREE, all_shifts([SHORT], week(2)), frozenset(), week(2))
    assert tours is not None
    with pytest.raises(ValueError, match="the flow breaks off on day 0"):
        peel(tours, np.zeros(len(tours.arcs)), 1)


def two_days(*tours: tuple[str, str], wishes: Sequence[tuple[Wish, ...]] = ()) -> tuple[Model, list[Person]]:
    """People with these patterns on Monday and Tuesday ("" is rest), who need eleven hours of rest."""
    contract = replace(FREE, min_rest_h=11)
    agents = tuple(
        replace(agent, wishes=wishes[n] if wishes else ()) for n, agent in enumerate(people(len(tours)))
    )
    asked = problem(agents=agents, days=2, contracts=(contract,), patterns=(EARLY, LATE), full=0.1)
    by_name = {(shift.pattern.id, shift.day): shift for shift in asked.shifts}
    rules = TourRules(contract, frozenset(), asked.horizon)
    named = [
        Person(
            agent,
            rules,
            Likings(agent, asked.horizon),
            {day: by_name[name, day] for day, name in enumerate(tour) if name},
        )
        for agent, tour in zip(agents, tours, strict=True)
    ]
    return build(asked), named


def worked(named: list[Person]) -> list[tuple[str, ...]]:
    return [
        tuple(person.tour[day].pattern.id if day in person.tour else "" for day in (0, 1)) for person in named
    ]


def test_dealing_a_day_anew_mends_rest_without_changing_counts() -> None:
    _, named = two_days(("late", "early"), ("early", "late"))
    assert [(person.agent.id, day) for person, day in conflicts(named)] == [("P0", 0), ("P0", 1)]
    assert deal(named, 1)
    assert worked(named) == [("late", "late"), ("early", "early")]
    assert conflicts(named) == []


def test_dealing_gives_days_off_to_those_who_wish_them() -> None:
    wishes = ((Wish(day=MONDAY),), ())
    _, named = two_days(("early", ""), ("", "early"), wishes=wishes)
    assert deal(named, 0)
    assert worked(named) == [("", ""), ("early", "early")]


def test_dealing_what_nobody_likes_better_changes_nothing() -> None:
    _, named = two_days(("early", "early"), ("late", "late"))
    assert not deal(named, 1)


def test_counts_that_cannot_be_named_are_changed_as_little_as_can_be() -> None:
    model, named = two_days(("late", "early"), ("late", "early"), ("early", "late"))
    assert deal(named, 1)
    assert conflicts(named)
    before = counts_of(named)
    assert rename(model, 0, named, Watch(limits=Limits(time_s=10)))
    assert conflicts(named) == []
    after = counts_of(named)
    changed = sum(abs(before[shift] - after[shift]) for shift in {*before, *after})
    assert changed == 2
    values = recount(model, 0, named, np.zeros(model.arrays.cost.size))
    shifts: tuple[Shift, ...] = model.problem.shifts
    assert {shifts[n]: values[column] for n, column in model.shift_columns[0].items() if values[column]} == {
        shift: count for shift, count in after.items() if count
    }


def test_unsocial_hours_are_weekends_early_mornings_and_evenings() -> None:
    horizon = week()
    shifts = all_shifts([pattern("p", 360, 480), LATE], horizon)
    hours = {(shift.pattern.id, shift.day): unsocial_h(shift, horizon) for shift in shifts}
    assert hours["p", 0] == 1.0
    assert hours["late", 0] == 3.0
    assert hours["p", 5] == 8.0
