"""A named roster counted anew, from its people alone: what it costs, and how much of each target it reaches.

Nothing of the search enters: presence comes from the assignments, and a small linear programme splits the people
present over their queues so that as little as can be is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from data.domain import Roster, zone
from scheduling.fair_shares import by_person
from scheduling.problem import RosterProblem
from scheduling.rosters.answers import curve_pieces
from scheduling.rosters.at_work import Present, at_work, reaching_in
from scheduling.rosters.programme import GREATER, LESS, Programme
from scheduling.rosters.targets import (
    PeriodTarget,
    least_agents,
    least_rate,
    period_targets,
    soft_targets,
)
from scheduling.solver import Arrays, relax
from scheduling.worked import Tariff

TINY = 1e-9
"""Contacts, instead of none, to divide by."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A target a roster misses.

    Parameters
    ----------
    queue
        Name of the queue.
    start
        Local instant the span begins.
    span
        "day", "week" or "month" for a target, "interval" for a slot's least.
    rate
        Share of contacts the roster answers there, with the split that misses least altogether.
    wanted
        Share it should answer.
    """

    queue: str
    start: datetime
    span: str
    rate: float
    wanted: float

    def __str__(self) -> str:
        when = f"{self.start:%Y-%m-%d %H:%M}" if self.span == "interval" else f"{self.start:%Y-%m-%d}"
        unit = "" if self.span == "day" else f" ({self.span})"
        # One more digit than the target has, or a near miss would read as reached.
        return f"queue {self.queue!r}, {when}{unit}: {100 * self.rate:.2f} % of {100 * self.wanted:g} %"


def cost_of(roster: Roster, problem: RosterProblem) -> float:
    """Cost of a roster: paid hours times the rates of contract and pattern, and what is paid beyond them."""
    costs = Tariff(
        {agent.id: agent.contract for agent in problem.agents},
        {contract.id: contract.cost_per_h for contract in problem.contracts},
        {pattern.id: pattern.cost_per_h for pattern in problem.patterns},
        problem.payroll,
    )
    total = sum((shift.paid / timedelta(hours=1) * costs.per_h(shift) for shift in roster.assignments), 0.0)
    if not problem.payroll:
        return total
    shifts, before = by_person(roster.assignments), by_person(problem.before)
    premiums = (costs.premium(own, before.get(agent_id, ())) for agent_id, own in shifts.items())
    return total + sum(premium.extra_h * per_h for premium, per_h in premiums)


def present(roster: Roster, problem: RosterProblem) -> Present:
    """People at work in each slot, see `at_work`; those who come out of the night before the roster among them."""
    people = at_work(roster.assignments, problem)
    for key, size in reaching_in(problem).items():
        people[key] += size
    return people


def shortfalls(roster: Roster, problem: RosterProblem, tolerance: float = 1e-6) -> list[Shortfall]:
    """Targets and floors a roster misses by more than a share `tolerance`, by queue and time; no soft ones.

    Raises
    ------
    ArithmeticError
        The split could not be computed, which no roster should bring about.
    """
    return judged(roster, problem, tolerance)[0]


def judged(roster: Roster, problem: RosterProblem, tolerance: float = 1e-6) -> tuple[list[Shortfall], float]:
    """What a roster misses, see `shortfalls`, and what it costs to miss soft targets while no more of others is missed.

    Raises
    ------
    ArithmeticError
        The split could not be computed, which no roster should bring about.
    """
    programme = Programme("recount")
    people = present(roster, problem)
    served: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (pools, slot), size in people.items():
        wanted = [pool for pool in sorted(pools) if (pool, slot) in problem.demand]
        columns = programme.add_columns([max(size, 0.0)] * len(wanted))
        if wanted:
            programme.add_row([(column, 1.0) for column in columns], LESS, max(size, 0.0))
        for pool, column in zip(wanted, columns, strict=True):
            served[pool, slot].append(column)
    floors, answered = _add_curves(programme, problem, served)
    targets, soft = period_targets(problem), soft_targets(problem)
    missing = []
    for target in (*targets, *soft):
        least = target.rate * target.offered
        cost = 1 / max(target.offered, TINY) if target.price is None else 0.0
        (column,) = programme.add_columns([least], costs=[cost])
        entries = [entry for slot in target.slots for entry in answered[target.queue, slot]]
        programme.add_row([*entries, (column, 1.0)], GREATER, least)
        missing.append(column)
    solved = relax(programme.arrays, method="choose")
    if solved.values is None:
        raise ArithmeticError(f"roster {roster.name!r}: people could not be split over their queues.")
    values, price = solved.values, 0.0
    if soft:
        values, price = _least_price(
            programme.arrays, values, dict(zip(missing[len(targets) :], soft, strict=True))
        )
    missing = missing[: len(targets)]
    found = [
        _of_target(problem, target.queue, target.slots, values[column] / target.offered, target.rate)
        for target, column in zip(targets, missing, strict=True)
        if target.offered > 0 and values[column] > tolerance * target.offered
    ]
    for (pool, slot), column in floors.items():
        base = least_agents(problem, pool, slot)
        found += _of_slot(problem, (pool, slot), base, values[column], tolerance)
    return sorted(found, key=lambda short: (short.queue, short.start.astimezone(UTC))), price


def _least_price(
    split: Arrays, values: np.ndarray, soft: dict[int, PeriodTarget]
) -> tuple[np.ndarray, float]:
    """Split again, at the least price of soft targets, with no more missing of any other."""
    upper, cost = split.upper.copy(), np.zeros(split.cost.size)
    held = split.cost > 0
    upper[held] = np.minimum(upper[held], values[held] + TINY)
    for column, target in soft.items():
        cost[column] = target.price or 0.0
    solved = relax(replace(split, cost=cost, upper=upper), method="choose")
    found = values if solved.values is None else solved.values
    return found, float(cost @ np.maximum(found, 0.0))


Entries = dict[tuple[int, int], list[tuple[int, float]]]


def _add_curves(
    programme: Programme, problem: RosterProblem, served: dict[tuple[int, int], list[int]]
) -> tuple[dict[tuple[int, int], int], Entries]:
    """Whole answer curves as pieces; returns the columns of positions missing to each floor, and what is answered."""
    floors: dict[tuple[int, int], int] = {}
    answered: Entries = {}
    for (pool, slot), demand in problem.demand.items():
        runs, slopes = curve_pieces(demand, 0.0)
        pieces = programme.add_columns(runs.tolist())
        for queue, own in zip(demand.queues, slopes.tolist(), strict=True):
            answered[queue, slot] = list(zip(pieces, own, strict=True))
        positions = [(column, -float(problem.yields[pool, slot])) for column in served[pool, slot]]
        programme.add_row([(piece, 1.0) for piece in pieces] + positions, LESS, 0.0)
        base = least_agents(problem, pool, slot)
        if base > 0:
            (column,) = programme.add_columns([base], costs=[1 / base])
            filled = [(column, 1.0)] + [(c, -factor) for c, factor in positions]
            programme.add_row(filled, GREATER, base)
            floors[pool, slot] = column
    return floors, answered


def _of_slot(
    problem: RosterProblem, where: tuple[int, int], base: float, missing: float, tolerance: float
) -> Iterator[Shortfall]:
    """Queues of a slot whose least is missed."""
    demand = problem.demand[where]
    offered = np.maximum(demand.offered, TINY)
    with_base, got = demand.answered_with(base) / offered, demand.answered_with(base - missing) / offered
    short = missing > tolerance * max(base, 1.0)
    for member, queue in enumerate(demand.queues):
        kind = problem.queues[queue]
        some = bool(demand.offered[member] > 0)
        least, rate = least_rate(kind), float(got[member]) if some else 1.0
        below = short and (rate < least * (1 - tolerance) or base - missing < demand.least)
        if below or (some and with_base[member] < least * (1 - tolerance)):
            start = problem.horizon.instant(where[1] * problem.step_min)
            yield Shortfall(kind.id, start, "interval", rate, max(least, rate))


def _of_target(
    problem: RosterProblem, queue: int, slots: tuple[int, ...], missing: float, wanted: float
) -> Shortfall:
    kind = problem.queues[queue]
    start = problem.horizon.instant(min(slots) * problem.step_min).astimezone(zone(kind.timezone))
    return Shortfall(kind.id, start, kind.target.period.value, wanted - missing, wanted)
