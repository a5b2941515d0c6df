"""Long rosters are solved week by week: clean across Sunday nights, and the sum of the weeks' bounds is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, product

import pytest

from data.domain import ALL_WEEKDAYS, Agent, Assignment, Contract, Period, Roster, ShiftPattern, Status, Wish
from scheduling.problem import RosterProblem
from scheduling.rosters.duties import ALWAYS, Duty, exact_duties
from scheduling.rosters.limits import Limits, Progress, Watch
from scheduling.rosters.recount import cost_of, shortfalls
from scheduling.rosters.solve import solve, solve_at_once
from scheduling.rosters.tails import Tail, tail_of, worked_before
from scheduling.rosters.tour_networks import network
from scheduling.rosters.tours import SOURCE, TourNetwork
from scheduling.rosters.weeks import weeks_of
from scheduling.rules import RULES, violations
from scheduling.shifts import Horizon, Shift, all_shifts
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue

EARLY, LATE = pattern("early", 420, 480), pattern("late", 900, 480)


def two_weeks(**parts: object) -> RosterProblem:
    """Five people who are wanted early and late each day, one at a time."""
    given: dict[str, object] = {
        "agents": people(5),
        "days": 14,
        "patterns": (EARLY, LATE),
        "queues": (queue(rate=0.9, floor=0.5, open_min=420, close_min=1380),),
        "full": 1.0,
    }
    return problem(**(given | parts))  # type: ignore[arg-type] # a test's shorthand


@pytest.mark.parametrize(
    ("first", "days", "lengths"),
    [
        (MONDAY, 28, [7, 7, 7, 7]),
        (MONDAY + timedelta(2), 14, [5, 7, 2]),
        (MONDAY + timedelta(6), 9, [1, 7, 1]),
        (MONDAY, 7, [7]),
        (MONDAY + timedelta(2), 7, [7]),
    ],
)
def test_a_long_roster_is_cut_at_its_mondays(first: date, days: int, lengths: list[int]) -> None:
    asked = two_weeks(first=first, days=days)
    weeks = weeks_of(asked)
    assert [week.days for week in weeks] == lengths
    assert all(week.first.weekday() == 0 for week in weeks[1:])
    assert sum(len(week.curves) for week in weeks) == len(asked.curves)
    assert sum(len(week.demand) for week in weeks) == len(asked.demand)


@pytest.mark.parametrize(
    "torn",
    [
        two_weeks(patterns=(EARLY, pattern("night", 1320, 480))),
        two_weeks(queues=(queue(period=Period.MONTH),)),
        replace(two_weeks(), queues=(queue(timezone="Asia/Tokyo", open_min=0, close_min=1440),)),
    ],
    ids=["a night shift", "a target over the month", "days of another zone"],
)
def test_nothing_is_cut_that_reaches_across_sunday_night(torn: RosterProblem) -> None:
    assert weeks_of(torn) == (torn,)


def test_a_night_shift_that_never_begins_on_a_sunday_is_no_hindrance() -> None:
    night = replace(pattern("night", 1320, 480), weekdays=ALL_WEEKDAYS - {6})
    assert len(weeks_of(two_weeks(patterns=(EARLY, night)))) == 2


CASES = {
    "runs of days": Contract(id="standard", max_consecutive_days=3),
    "rest too": Contract(id="standard", max_consecutive_days=3, min_rest_h=14, min_h_per_week=16),
}


@pytest.mark.parametrize("contract", CASES.values(), ids=CASES)
def test_weeks_are_clean_where_they_meet_and_their_bounds_add_up_to_one(contract: Contract) -> None:
    off = frozenset({MONDAY + timedelta(day) for day in (5, 6, 7)})
    agents = [replace(agent, time_off=off if agent.id == "P0" else frozenset()) for agent in people(5)]
    asked = two_weeks(contracts=(contract,), agents=agents)
    assert len(weeks_of(asked)) == 2
    limits = Limits(time_s=60, gap=0.0)
    by_weeks = solve(asked, limits=limits)
    at_once = solve_at_once(asked, Watch(limits=limits), {})
    assert by_weeks.value is not None
    assert violations(by_weeks.value, asked.agents, asked.contracts, asked.patterns) == []
    assert by_weeks.objective == pytest.approx(cost_of(by_weeks.value, asked))
    assert by_weeks.missed == at_once.missed == () == tuple(shortfalls(by_weeks.value, asked))
    assert by_weeks.bound is not None
    assert at_once.status is Status.OPTIMAL
    assert at_once.objective is not None
    assert by_weeks.objective is not None
    assert by_weeks.bound <= at_once.objective + 1e-6
    assert by_weeks.objective >= at_once.objective - 1e-6


TOUR_RULES = ("weekly_days", "weekly_hours_least", "consecutive_days", "rest")


@pytest.mark.parametrize(
    ("worked", "contract"),
    [
        ({-1: LATE}, Contract(id="standard", min_rest_h=11)),
        ({-1: EARLY, -2: EARLY, -3: EARLY}, Contract(id="standard", max_consecutive_days=4)),
        ({-1: EARLY}, Contract(id="standard", min_rest_h=20)),
        ({-1: LATE, -2: LATE}, Contract(id="standard", min_rest_h=16, max_consecutive_days=3)),
        ({-1: LATE}, Contract(id="standard", min_rest_h=14, min_h_per_week=24, max_days_per_week=3)),
    ],
)
def test_the_paths_after_a_tail_are_the_tours_the_checker_finds_clean(
    worked: dict[int, ShiftPattern], contract: Contract
) -> None:
    horizon = Horizon(MONDAY, 7, "UTC")
    before = tuple(assignment(horizon, day, kind) for day, kind in worked.items())
    known = worked_before(before, (EARLY, LATE), horizon)["P0"]
    shifts = all_shifts((EARLY, LATE), horizon)
    tail = tail_of(known, contract).at_start(sorted({shift.start_min for shift in shifts}))
    duties = exact_duties(contract, shifts, {tail.tired_min} - {ALWAYS})
    tours = network(contract, duties, frozenset(), horizon, tail=tail)
    assert tours is not None
    tried = [
        tour for tour in product((None, EARLY, LATE), repeat=7) if clean(contract, tour, before, horizon)
    ]
    assert number_of_paths(tours, duties) == len(tried)


def test_who_worked_long_ago_or_never_is_fresh() -> None:
    contract = Contract(id="standard")
    assert tail_of({}, contract) == Tail()
    horizon = Horizon(MONDAY, 7, "UTC")
    before = (assignment(horizon, -3, LATE), assignment(horizon, 2, LATE))
    assert tail_of(worked_before(before, (LATE,), horizon)["P0"], contract) == Tail()


def assignment(horizon: Horizon, day: int, kind: ShiftPattern) -> Assignment:
    start_min = 1440 * day + kind.start_earliest_min
    start, end = horizon.instant(start_min), horizon.instant(start_min + kind.length_min)
    return Assignment(agent_id="P0", day=horizon.day(day), pattern=kind.id, start=start, end=end)


def clean(
    contract: Contract, tour: Sequence[ShiftPattern | None], before: Sequence[Assignment], horizon: Horizon
) -> bool:
    own = [assignment(horizon, day, kind) for day, kind in enumerate(tour) if kind is not None]
    roster = Roster(name="r", first=MONDAY, days=7, timezone="UTC", assignments=(*before, *own))
    rules = [rule for rule in RULES if rule.__name__ in TOUR_RULES]
    return not violations(roster, people(1), [contract], (EARLY, LATE), rules)


def number_of_paths(tours: TourNetwork, duties: Mapping[Shift, Duty]) -> int:
    """Tours of a network, each duty counted as often as there are shifts of it."""
    shifts = Counter((shift.day, duty) for shift, duty in duties.items())
    ways = {SOURCE: 1}
    for arc in tours.arcs:
        times = 1 if arc.duty is None else shifts[arc.day, arc.duty]
        ways[arc.head] = ways.get(arc.head, 0) + times * ways.get(arc.tail, 0)
    return ways[int(tours.heads.max())]


def test_where_a_week_leaves_somebody_no_tour_all_weeks_are_solved_as_one() -> None:
    """P0 likes the first Sunday, after which the only shift they may work in the second week would come too early."""
    early = replace(EARLY, weekdays=frozenset({0, 2, 3, 4}))
    late = replace(LATE, weekdays=frozenset({6}))
    off = frozenset(MONDAY + timedelta(day) for day in (9, 10, 11, 13))
    sunday = MONDAY + timedelta(6)
    agents: list[Agent] = list(people(2))
    agents[0] = replace(agents[0], time_off=off, wishes=(Wish(day=sunday, pattern="late"),))
    asked = two_weeks(
        agents=agents,
        patterns=(early, late),
        queues=(queue(rate=0.3, floor=0.0, open_min=420, close_min=1380),),
        contracts=(Contract(id="standard", min_h_per_week=10, min_rest_h=14),),
        full=0.5,
    )
    assert len(weeks_of(asked)) == 2
    told: list[Progress] = []
    found = solve(asked, limits=Limits(time_s=60, allow_shortfall=True), progress=told.append)
    assert any("as one" in step.phase for step in told)
    assert found.value is not None
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []


@pytest.mark.parametrize("asks", [8, 60, 300])
def test_stopped_in_whichever_week_it_returns_a_roster_of_all_days(asks: int) -> None:
    asked, left = two_weeks(contracts=(Contract(id="standard", min_h_per_week=16),)), count(asks, -1)
    found = solve(asked, limits=Limits(time_s=60, gap=0.0), stop=lambda: next(left) <= 0)
    assert found.value is not None
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []
    assert {shift.day for shift in found.value.assignments} >= {MONDAY + timedelta(day) for day in (1, 8)}
