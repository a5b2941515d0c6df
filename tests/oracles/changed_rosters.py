"""The best roster within so many changed tours by trying every choice; scipy's linear programme prices what is missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
from scipy.optimize import linprog

from data.domain import Assignment, Period, Roster
from scheduling.problem import RosterProblem
from scheduling.resolve.demand import demanded
from scheduling.rosters.prices import floor_price, target_prices
from tests.oracles.roster_enumeration import _cost, _tours, presence, roster_of, worth_at

Shifts = tuple[Assignment, ...]


def cheapest_change(
    problem: RosterProblem,
    before: Roster,
    most: int,
    *,
    price: float,
    off: Mapping[str, frozenset[date]],
) -> float:
    """Least cost of hours, of what is missed and of changes, with at most so many changed tours.

    Absent people's shifts go first; a shift that keeps pattern and start keeps its breaks; targets are over the day.
    """
    options: list[list[tuple[bool, Shifts]]] = []
    for agent in problem.agents:
        who = replace(agent, time_off=agent.time_off | off.get(agent.id, frozenset()))
        stood = tuple(
            shift
            for shift in before.assignments
            if shift.agent_id == agent.id and shift.day not in off.get(agent.id, ())
        )
        tours = {_key(tour): tour for tour in (_kept(tour, stood) for tour in _tours(who, problem))}
        options.append([(_key(tour) != _key(stood), tour) for tour in tours.values()])
    priced: dict[bytes, float] = {}
    least = np.inf
    for chosen in product(*options):
        changes = sum(changed for changed, _ in chosen)
        if changes <= most:
            there = presence(roster_of([shift for _, tour in chosen for shift in tour], problem), problem)
            key = there.tobytes()
            if key not in priced:
                priced[key] = missed_price(there, problem)
            cost = sum(_cost(tour, problem) for _, tour in chosen) + price * changes
            least = min(least, cost + priced[key])
    return float(least)


def _key(tour: Shifts) -> tuple[object, ...]:
    return tuple(
        (shift.day, shift.pattern, shift.start, tuple(r.start for r in shift.breaks)) for shift in tour
    )


def _kept(tour: Shifts, stood: Shifts) -> Shifts:
    """The tour with the breaks that stand where its shifts do."""
    held = {(shift.day, shift.pattern, shift.start): shift for shift in stood}
    return tuple(held.get((shift.day, shift.pattern, shift.start), shift) for shift in tour)


def missed_price(there: np.ndarray, problem: RosterProblem) -> float:
    """Price of what is missed by people present so, split over their queues as well as can be."""
    model = demanded(problem, 0, 10**6).model
    prices = dict(zip(((t.queue, t.slots[0]) for t in model.targets), target_prices(model), strict=True))
    below = floor_price(model)
    keys = sorted((demand.queues[0], slot) for (_, slot), demand in problem.demand.items())
    splits = [
        (agent, queue, slot)
        for queue, slot in keys
        for agent, person in enumerate(problem.agents)
        if problem.queues[queue].skill in person.skills and there[agent, slot] > 0
    ]
    targets = list(model.targets)
    first_answered, first_short = len(splits), len(splits) + len(keys)
    first_missing = first_short + len(keys)
    columns = first_missing + len(targets)
    cost, rows, limits = np.zeros(columns), [], []
    most = np.full(columns, np.inf)
    cost[first_short:first_missing] = below
    for agent in range(len(problem.agents)):
        for slot in {slot for _, slot in keys}:
            row = np.zeros(columns)
            row[[n for n, split in enumerate(splits) if split[0] == agent and split[2] == slot]] = 1
            rows.append(row)
            limits.append(there[agent, slot])
    for number, (queue, slot) in enumerate(keys):
        kind, demand = problem.queues[queue], problem.demand[queue, slot]
        answered = demand.answered[0]
        position = np.zeros(columns)
        worth = worth_at(kind, problem.horizon.instant(slot * problem.step_min))
        position[[n for n, split in enumerate(splits) if split[1:] == (queue, slot)]] = worth
        offered = float(demand.offered[0])
        most[first_answered + number] = float(answered[-1])
        floor = kind.target.interval_floor
        base = max(float(demand.agents_for(0, floor * offered)), float(kind.target.min_agents))
        agents = np.r_[0.0, base, demand.agents[demand.agents > base]] if base else demand.agents
        reached = np.interp(agents, demand.agents, answered)
        for k in range(1, len(agents)):
            slope = (reached[k] - reached[k - 1]) / (agents[k] - agents[k - 1])
            row = -slope * position
            row[first_answered + number] = 1
            rows.append(row)
            limits.append(reached[k] - slope * agents[k])
        row = -position
        row[first_short + number] = -1
        rows.append(row)
        limits.append(-base)
    for number, target in enumerate(targets):
        assert problem.queues[target.queue].target.period is Period.DAY
        row = np.zeros(columns)
        members = [
            n for n, (queue, slot) in enumerate(keys) if queue == target.queue and slot in target.slots
        ]
        row[[first_answered + n for n in members]] = -1
        row[first_missing + number] = -1
        rows.append(row)
        limits.append(-target.rate * target.offered)
        cost[first_missing + number] = prices[target.queue, target.slots[0]]
    solved = linprog(
        cost, A_ub=np.array(rows), b_ub=np.array(limits), bounds=[(0.0, bound) for bound in most]
    )
    return float(solved.fun)
