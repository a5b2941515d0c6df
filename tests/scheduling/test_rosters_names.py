"""From counts to names: day networks, their paths, and people whose rules the counts alone do not see."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest

from data.domain import Agent, Assignment, Contract, Roster, ShiftPattern, Wish
from scheduling.rosters.best_tour import BestTours
from scheduling.rosters.build import build
from scheduling.rosters.conflicts import counts_of, one_by_one, recount, rename
from scheduling.rosters.duties import Duty, coarse_duties, exact_duties, rest_binds
from scheduling.rosters.limits import Limits, Watch
from scheduling.rosters.model import Model
from scheduling.rosters.names import Person, conflicts, deal
from scheduling.rosters.peel import peel
from scheduling.rosters.tour_networks import network
from scheduling.rosters.tour_rules import TourRules
from scheduling.rosters.tours import SOURCE, TourNetwork
from scheduling.rosters.wishes import Likings, unsocial_h
from scheduling.rules import RULES, violations
from scheduling.shifts import Horizon, Shift, all_shifts
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem

EARLY, LATE = pattern("early", 420, 480), pattern("late", 900, 480)
SHORT = pattern("short", 540, 240)
FREE = Contract(id="standard", max_days_per_week=7, max_consecutive_days=9, max_h_per_week=168, min_rest_h=0)


def week(days: int = 7, first: date = MONDAY) -> Horizon:
    return Horizon(first, days, "UTC")


def paths(tours: TourNetwork, node: int = SOURCE) -> list[tuple[Duty | None, ...]]:
    """Every path of a network, by walking it."""
    if node not in tours.leaving:
        return [()]
    return [
        (*(() if tours.arcs[arc].waits else (tours.arcs[arc].duty,)), *rest)
        for arc in tours.leaving[node]
        for rest in paths(tours, tours.arcs[arc].head)
    ]


def coarse(
    contract: Contract, patterns: Sequence[ShiftPattern], horizon: Horizon, off: frozenset[int] = frozenset()
) -> TourNetwork:
    """The network of a contract that does not look at rest."""
    tours = network(contract, coarse_duties(all_shifts(patterns, horizon)), off, horizon)
    assert tours is not None
    return tours


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
    tours = coarse(contract, [EARLY, SHORT], horizon, frozenset(off))
    walked = paths(tours)
    tried = [
        tour for tour in product((None, EARLY, SHORT), repeat=days) if kept(contract, tour, agent, horizon)
    ]
    assert len(walked) == len(set(walked)) == len(tried)
    duties = {None: None, EARLY: Duty(480, overnight=False), SHORT: Duty(240, overnight=False)}
    assert set(walked) == {tuple(duties[worked] for worked in tour) for tour in tried}


@pytest.mark.parametrize(
    ("contract", "patterns", "off"),
    [
        (replace(FREE, min_rest_h=11), (EARLY, LATE, SHORT), ()),
        (replace(FREE, min_rest_h=11, max_days_per_week=2), (EARLY, LATE, pattern("night", 1320, 480)), (2,)),
        (replace(FREE, min_rest_h=24), (pattern("round", 600, 1440), EARLY), ()),
        (replace(FREE, min_rest_h=13), (pattern("w", 420, 480, latest_min=780),), ()),
    ],
)
def test_with_exact_duties_the_paths_keep_rest_as_well(
    contract: Contract, patterns: tuple[ShiftPattern, ...], off: tuple[int, ...]
) -> None:
    """As many tours as the checker finds clean, told by their shifts."""
    horizon = week(4)
    agent = Agent(id="A", skills=frozenset({"s"}), time_off=frozenset(horizon.day(day) for day in off))
    shifts = all_shifts(patterns, horizon)
    duties = exact_duties(contract, shifts)
    tours = network(contract, duties, frozenset(off), horizon)
    assert tours is not None
    members: dict[tuple[int, Duty], int] = {}
    for shift, duty in duties.items():
        members[shift.day, duty] = members.get((shift.day, duty), 0) + 1
    walked = sum(
        math.prod(members[day, duty] for day, duty in enumerate(path) if duty is not None)
        for path in paths(tours)
    )
    days = [[None, *(shift for shift in shifts if shift.day == day)] for day in range(4)]
    rules = [rule for rule in RULES if rule.__name__ in (*TOUR_RULES, "rest")]
    clean = 0
    for tour in product(*days):
        worked = tuple(
            Assignment(
                agent_id="A",
                day=horizon.day(shift.day),
                pattern=shift.pattern.id,
                start=horizon.instant(shift.start_min),
                end=horizon.instant(shift.end_min),
            )
            for shift in tour
            if shift is not None
        )
        roster = Roster(name="r", first=horizon.first, days=4, timezone="UTC", assignments=worked)
        clean += not violations(roster, [agent], [contract], patterns, rules)
    assert walked == clean


def test_states_with_the_same_future_are_one() -> None:
    """Five of seven days with nothing else to remember: at most six states before any day."""
    tours = coarse(replace(FREE, max_days_per_week=5), [SHORT], week())
    before = [len({arc.tail for arc in tours.arcs if arc.day == day}) for day in range(7)]
    assert before == [1, 2, 3, 3, 3, 3, 2]


def test_a_network_without_any_tour_is_none() -> None:
    contract = replace(FREE, min_h_per_week=8)
    mondays = replace(EARLY, weekdays=frozenset({0}))
    assert network(contract, coarse_duties(all_shifts([mondays], week())), frozenset({0}), week()) is None


def test_a_night_into_a_day_off_is_no_path() -> None:
    night = pattern("night", 1320, 480)
    assert paths(coarse(FREE, [night], week(2), frozenset({1}))) == [(None, None)]


def test_rest_binds_only_where_a_late_end_meets_an_early_start() -> None:
    shifts = all_shifts([EARLY, LATE], week(2))
    assert rest_binds(replace(FREE, min_rest_h=11), shifts)
    assert not rest_binds(replace(FREE, min_rest_h=8), shifts)


def test_a_flow_is_peeled_into_as_many_paths_as_people() -> None:
    tours = coarse(replace(FREE, max_days_per_week=1), [SHORT], week(3))
    flow = np.zeros(len(tours.arcs))
    wanted = [walked for walked in paths(tours) for _ in range(2)]
    for walked in wanted:
        flow[tours.walk(walked)] += 1
    peeled = peel(tours, flow, len(wanted))
    counts = [[sum(path[day] is not None for path in some) for day in range(3)] for some in (peeled, wanted)]
    assert counts[0] == counts[1]
    assert all(path in paths(tours) for path in peeled)


def test_a_flow_that_is_not_conserved_is_an_error() -> None:
    tours = coarse(FREE, [SHORT], week(2))
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
    named = rename(model, 0, named, Watch(limits=Limits(time_s=10)))
    assert conflicts(named) == []
    after = counts_of(named)
    changed = sum(abs(before[shift] - after[shift]) for shift in {*before, *after})
    assert changed == 2
    values = recount(model, 0, named, np.zeros(model.arrays.cost.size))
    shifts: tuple[Shift, ...] = model.problem.shifts
    assert {shifts[n]: values[column] for n, column in model.shift_columns[0].items() if values[column]} == {
        shift: count for shift, count in after.items() if count
    }


def test_the_best_tour_is_what_trying_every_tour_finds() -> None:
    contract = replace(FREE, min_rest_h=11, max_days_per_week=3)
    horizon = week(4)
    shifts = tuple(all_shifts([EARLY, LATE, SHORT], horizon))
    known = exact_duties(contract, shifts)
    tours = network(contract, known, frozenset(), horizon)
    assert tours is not None
    best = BestTours(tours, {number: known[shift] for number, shift in enumerate(shifts)}, shifts)
    rules = TourRules(contract, frozenset(), horizon)
    draw = np.random.default_rng(5)
    for _ in range(20):
        worth = draw.normal(size=len(shifts))
        chosen = best.best(worth)
        values = [0.0]
        days = [[None, *(n for n, shift in enumerate(shifts) if shift.day == day)] for day in range(4)]
        for tour in product(*days):
            held = {day: shifts[number] for day, number in enumerate(tour) if number is not None}
            if all(rules.allows(held, day, shift) for day, shift in held.items()):
                values.append(sum(worth[number] for number in tour if number is not None))
        assert sum(worth[number] for number in chosen.values()) == pytest.approx(max(values))


def test_people_who_choose_one_by_one_keep_every_rule_and_take_what_is_wanted() -> None:
    model, named = two_days(("late", "early"), ("late", "early"), ("early", "late"))
    chosen = one_by_one(model, 0, counts_of(named))
    assert conflicts(chosen) == []
    assert sum(map(len, worked(chosen))) > 0
    assert all(counts_of(chosen)[shift] <= count for shift, count in counts_of(named).items())


def test_unsocial_hours_are_weekends_early_mornings_and_evenings() -> None:
    horizon = week()
    shifts = all_shifts([pattern("p", 360, 480), LATE], horizon)
    hours = {(shift.pattern.id, shift.day): unsocial_h(shift, horizon) for shift in shifts}
    assert hours["p", 0] == 1.0
    assert hours["late", 0] == 3.0
    assert hours["p", 5] == 8.0


def test_who_has_too_few_hours_is_a_conflict_as_much_as_who_has_too_little_rest() -> None:
    contract = replace(FREE, min_h_per_week=16)
    rules, agent = TourRules(contract, frozenset(), week()), people(1)[0]
    monday, tuesday, *_ = all_shifts([EARLY], week())
    short = Person(agent, rules, Likings(agent, week()), {0: monday})
    enough = Person(agent, rules, Likings(agent, week()), {0: monday, 1: tuesday})
    assert {person is short for person, _ in conflicts([short, enough])} == {True}
