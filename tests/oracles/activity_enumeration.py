"""Every way to place activities on a few people with one queue, tried one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import numpy as np

from data.activities import Activity, Gathering
from data.domain import Assignment, PlacedActivity, Roster
from scheduling.problem import RosterProblem
from scheduling.rules import RULES, TOGETHER, violations

HOUR = timedelta(hours=1)


def best_cost(
    roster: Roster,
    problem: RosterProblem,
    activities: Sequence[Activity],
    *,
    contact: float,
    beyond: float,
    floor: float,
    grid_min: int = 30,
) -> float:
    """Least cost of any placement the rules allow; every activity has a price."""
    options = [list(_ways(roster, activity, grid_min)) for activity in activities]
    found = []
    for ways in product(*options):
        placed = _with(roster, [seat for way in ways for seat in way])
        if not _broken(placed, problem, activities):
            found.append(cost(placed, problem, activities, contact=contact, beyond=beyond, floor=floor))
    return min(found)


def cost(
    roster: Roster,
    problem: RosterProblem,
    activities: Sequence[Activity],
    *,
    contact: float,
    beyond: float,
    floor: float,
) -> float:
    """What a placement costs: contacts its day's target misses, those it answers, positions missing, people left out."""
    [queue] = problem.queues
    total, answered, offered = 0.0, 0.0, 0.0
    for start, rows in problem.curves.groupby("start"):
        begin = start.to_pydatetime()
        people = sum(_at_work(shift, begin, begin + HOUR) for shift in roster.assignments)
        expected = float(rows["offered"].iloc[0])
        answered += float(np.interp(people, rows["agents"], rows["answered"]))
        offered += expected
        if expected > 0:
            least = float(np.interp(queue.target.interval_floor * expected, rows["answered"], rows["agents"]))
            total += floor * max(0.0, least - people)
    total += contact * max(0.0, queue.target.answer_rate * offered - answered) - beyond * answered
    for activity in activities:
        had = {
            shift.agent_id
            for shift in roster.assignments
            for part in shift.activities
            if part.activity == activity.id
        }
        assert activity.price is not None
        total += activity.price * sum(agent.id not in had for agent in activity.members(problem.agents))
    return total


def _at_work(shift: Assignment, begin: datetime, end: datetime) -> float:
    def inside(first: datetime, last: datetime) -> timedelta:
        return max(timedelta(), min(last, end) - max(first, begin))

    away = sum((inside(part.start, part.end) for part in (*shift.breaks, *shift.activities)), timedelta())
    return (inside(shift.start, shift.end) - away) / (end - begin)


Seat = tuple[str, PlacedActivity]


def _ways(roster: Roster, activity: Activity, grid_min: int) -> Iterator[list[Seat]]:
    """Every choice of sessions, each person in one at most; rules are looked at later."""
    midnight = datetime.combine(roster.first, datetime.min.time(), tzinfo=UTC)
    starts = [
        midnight + timedelta(minutes=minute)
        for minute in range(activity.from_min, activity.until_min - activity.length_min + 1, grid_min)
    ]
    people = sorted({shift.agent_id for shift in roster.assignments} - {activity.coach})
    if activity.gathering is Gathering.ALL:
        yield []
        for size in range(1, len(people) + 1):
            for chosen in combinations(people, size):
                yield from ([_seat(name, activity, start) for name in chosen] for start in starts)
        return
    for times in product([None, *starts], repeat=len(people)):
        taken = [(name, start) for name, start in zip(people, times, strict=True) if start is not None]
        coached = [(activity.coach, start) for start in {start for _, start in taken} if activity.coach]
        yield [_seat(name, activity, start) for name, start in (*taken, *coached)]


def _seat(name: str, activity: Activity, start: datetime) -> Seat:
    end = start + timedelta(minutes=activity.length_min)
    return name, PlacedActivity(activity=activity.id, kind=activity.kind, start=start, end=end)


def _with(roster: Roster, seats: Sequence[Seat]) -> Roster:
    made = []
    for shift in roster.assignments:
        own = sorted((part for name, part in seats if name == shift.agent_id), key=lambda part: part.start)
        made.append(replace(shift, activities=tuple(own)))
    return replace(roster, assignments=tuple(made))


def _broken(roster: Roster, problem: RosterProblem, activities: Sequence[Activity]) -> bool:
    rules = [rule for rule in (*RULES, *TOGETHER) if rule.__module__.endswith("by_activity")]
    return bool(
        violations(roster, problem.agents, problem.contracts, problem.patterns, rules, activities=activities)
    )
