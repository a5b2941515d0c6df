"""Rosters of tiny problems by trying every one; the split over queues by scipy's linear programming."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
from scipy.optimize import linprog

from data.domain import Agent, Assignment, Break, Period, Queue, Roster, ShiftPattern
from scheduling.problem import RosterProblem
from scheduling.rules import violations
from scheduling.shifts import wall_clock, week_of


def cheapest(problem: RosterProblem) -> float | None:
    """Least cost of any roster that keeps every rule and reaches every target; None where there is none."""
    tours = [_tours(agent, problem) for agent in problem.agents]
    rosters = sorted(
        ((sum(_cost(tour, problem) for tour in chosen), chosen) for chosen in product(*tours)),
        key=lambda item: item[0],
    )
    judged: dict[tuple[tuple[float, ...], ...], bool] = {}
    for cost, chosen in rosters:
        roster = roster_of([shift for tour in chosen for shift in tour], problem)
        there = presence(roster, problem)
        key = tuple(tuple(row) for row in there)
        if key not in judged:
            judged[key] = reaches(there, problem)
        if judged[key]:
            return cost
    return None


def roster_of(shifts: list[Assignment], problem: RosterProblem) -> Roster:
    """A roster of these shifts."""
    return Roster(
        name="enumerated",
        first=problem.first,
        days=problem.days,
        timezone=problem.timezone,
        assignments=tuple(shifts),
    )


def presence(roster: Roster, problem: RosterProblem) -> np.ndarray:
    """Hours each person is present in each slot of the horizon, minute by minute, over the slot's length."""
    origin = wall_clock(problem.first, 0, problem.timezone).astimezone(UTC)
    end = wall_clock(problem.first + timedelta(problem.days), 0, problem.timezone).astimezone(UTC)
    minutes = round((end - origin) / timedelta(minutes=1))
    rows = {agent.id: row for row, agent in enumerate(problem.agents)}
    there = np.zeros((len(rows), minutes))
    for shift in roster.assignments:
        spans = [(shift.start, shift.end, 1.0), *((rest.start, rest.end, 0.0) for rest in shift.breaks)]
        for begin, stop, value in spans:
            a, b = (round((at.astimezone(UTC) - origin) / timedelta(minutes=1)) for at in (begin, stop))
            there[rows[shift.agent_id], a : min(b, minutes)] = value
    return there.reshape(len(rows), -1, problem.step_min).mean(axis=2)


def worth_at(queue: Queue, instant: datetime) -> float:
    """Positions a person is worth from an instant on, for causes that begin and end on whole slots of one day."""
    local = instant.astimezone(ZoneInfo(queue.timezone))
    minute = 60 * local.hour + local.minute
    worth = (1 - queue.shrinkage) * queue.adherence
    for part in queue.shrinkages:
        if local.weekday() in part.weekdays and part.open_min <= minute < part.close_min:
            worth *= 1 - part.share
    for part in queue.availability:
        if local.weekday() in part.weekdays and part.open_min <= minute < part.close_min:
            worth *= part.factor
    return worth


def reaches(there: np.ndarray, problem: RosterProblem, tolerance: float = 1e-6) -> bool:
    """Whether people present so can be split over their queues such that every target and floor is reached."""
    keys = sorted((demand.queues[0], slot) for (_, slot), demand in problem.demand.items())
    if not keys:
        return True
    splits = [
        (agent, queue, slot)
        for queue, slot in keys
        for agent, person in enumerate(problem.agents)
        if problem.queues[queue].skill in person.skills and there[agent, slot] > 0
    ]
    columns = len(splits) + len(keys)
    rows, limits = [], []
    for agent in range(len(problem.agents)):
        for slot in {slot for _, slot in keys}:
            row = np.zeros(columns)
            row[[n for n, split in enumerate(splits) if split[0] == agent and split[2] == slot]] = 1
            rows.append(row)
            limits.append(there[agent, slot])
    bounds = [(0.0, None)] * columns
    spans: dict[tuple[object, ...], list[int]] = {}
    for number, (queue, slot) in enumerate(keys):
        # Every queue is its own pool here.
        kind, demand = problem.queues[queue], problem.demand[queue, slot]
        answered, asked = demand.answered[0], float(demand.offered[0])
        position = np.zeros(columns)
        worth = worth_at(kind, problem.horizon.instant(slot * problem.step_min))
        position[[n for n, split in enumerate(splits) if split[1:] == (queue, slot)]] = worth
        for k in range(1, len(demand.agents)):
            slope = (answered[k] - answered[k - 1]) / (demand.agents[k] - demand.agents[k - 1])
            row = -slope * position
            row[len(splits) + number] = 1
            rows.append(row)
            limits.append(answered[k] - slope * demand.agents[k])
        target = kind.target
        floor = target.answer_rate if target.period is Period.INTERVAL else target.interval_floor
        bounds[len(splits) + number] = (
            max(floor, target.interval_floor) * asked * (1 - tolerance),
            float(answered[-1]) + 1e-9,
        )
        if target.min_agents:
            rows.append(-position)
            limits.append(-target.min_agents * (1 - tolerance))
        day = problem.horizon.instant(slot * problem.step_min).date()
        span = {
            Period.DAY: (queue, day),
            Period.WEEK: (queue, week_of(day)),
            Period.MONTH: (queue, day.year, day.month),
            Period.INTERVAL: (queue, slot),
        }[target.period]
        spans.setdefault(span, []).append(number)
    for (queue, *_), members in spans.items():
        row = np.zeros(columns)
        row[[len(splits) + number for number in members]] = -1
        rows.append(row)
        wanted = problem.queues[queue].target.answer_rate  # type: ignore[call-overload] # the first is the queue
        offered = sum(float(problem.demand[keys[number]].offered[0]) for number in members)
        limits.append(-wanted * offered * (1 - tolerance))
    if any(lower > upper for lower, upper in bounds if upper is not None):
        return False
    solved = linprog(np.zeros(columns), A_ub=np.array(rows), b_ub=np.array(limits), bounds=bounds)
    return bool(solved.status == 0)


def _tours(agent: Agent, problem: RosterProblem) -> list[tuple[Assignment, ...]]:
    """Every tour of a person that the checker finds clean."""
    contract = next(contract for contract in problem.contracts if contract.id == agent.contract)
    days = [
        [None, *(shift for pattern in problem.patterns for shift in _shifts(agent, pattern, day, problem))]
        for day in (problem.first + timedelta(n) for n in range(problem.days))
    ]
    tours = [tuple(shift for shift in tour if shift is not None) for tour in product(*days)]
    return [
        tour
        for tour in tours
        if not violations(roster_of(list(tour), problem), [agent], [contract], problem.patterns)
    ]


def _shifts(agent: Agent, pattern: ShiftPattern, day: object, problem: RosterProblem) -> Iterator[Assignment]:
    """Every shift of a pattern on a day with every placing of its breaks on the grid."""
    minutes = range(pattern.start_earliest_min, pattern.start_latest_min + 1, pattern.start_step_min)
    windows = [range(rule.earliest_min, rule.latest_min + 1, problem.step_min) for rule in pattern.breaks]
    for minute, offsets in product(minutes, list(product(*windows))):
        start = wall_clock(day, minute, problem.timezone)  # type: ignore[arg-type] # a date
        breaks = [(rule, _later(start, offset)) for rule, offset in zip(pattern.breaks, offsets, strict=True)]
        yield Assignment(
            agent_id=agent.id,
            day=day,  # type: ignore[arg-type] # a date
            pattern=pattern.id,
            start=start,
            end=_later(start, pattern.length_min),
            breaks=tuple(
                Break(kind=rule.kind, start=at, end=_later(at, rule.length_min), paid=rule.paid)
                for rule, at in breaks
            ),
        )


def _later(instant: datetime, minutes: int) -> datetime:
    return (instant.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(instant.tzinfo)


def _cost(tour: tuple[Assignment, ...], problem: RosterProblem) -> float:
    contracts = {contract.id: contract.cost_per_h for contract in problem.contracts}
    patterns = {pattern.id: pattern.cost_per_h for pattern in problem.patterns}
    agents = {agent.id: contracts[agent.contract] for agent in problem.agents}
    return sum(
        shift.paid / timedelta(hours=1) * agents[shift.agent_id] * patterns[shift.pattern] for shift in tour
    )
