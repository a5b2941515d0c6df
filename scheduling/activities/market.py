"""What people on contacts are worth while some of them are away: answer curves, floors and targets at their prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduling.arguments import Floats
from scheduling.problem import RosterProblem
from scheduling.rosters.answers import curve_pieces
from scheduling.rosters.at_work import Present
from scheduling.rosters.prices import contact_prices
from scheduling.rosters.programme import EQUAL, GREATER, LESS, Programme
from scheduling.rosters.targets import PeriodTarget, least_agents, period_targets
from scheduling.solver import relax

BEYOND = 0.01
"""A contact beyond its target is worth this share of one that the target misses."""

NOBODY = 1e-9
"""Fewer people than this are rounding."""

NEVER = 1e-6
"""Positions by which rounding may exceed the most that can be lost."""

Rows = dict[tuple[int, int], int]
"""Row of each (pool, slot)."""

Away = Mapping[tuple[frozenset[int], int], list[tuple[int, float]]]
"""By (pools people can serve, slot): columns that count people who are away, with their share of the slot."""


@dataclass(frozen=True)
class Prices:
    """What contacts and positions are worth.

    Parameters
    ----------
    targets
        Over days, weeks or months.
    missing
        Of one contact each of them misses.
    beyond
        Of one contact of each queue that no target misses.
    floor
        Of one position missing to a slot's least.
    """

    targets: tuple[PeriodTarget, ...]
    missing: tuple[float, ...]
    beyond: tuple[float, ...]
    floor: float


def prices_of(problem: RosterProblem) -> Prices:
    """Prices as the optimiser has them for the same problem."""
    contracts = {contract.id: contract for contract in problem.contracts}
    used = [contracts[name] for name in sorted({agent.contract for agent in problem.agents})]
    pairs = [
        (contract, pattern)
        for contract in used
        for pattern in problem.patterns
        if not contract.patterns or pattern.id in contract.patterns
    ]
    rates = [contract.cost_per_h * pattern.cost_per_h for contract, pattern in pairs]
    shifts = [rate * pattern.paid_min / 60 for rate, (_, pattern) in zip(rates, pairs, strict=True)]
    targets = period_targets(problem)
    missing = contact_prices(problem, targets, max(rates, default=1.0) or 1.0)
    usual = float(np.median(missing)) if missing else max(shifts, default=1.0)
    dearest = {target.queue: price for target, price in zip(targets, missing, strict=True)}
    beyond = tuple(BEYOND * dearest.get(queue, usual) for queue in range(len(problem.queues)))
    return Prices(targets, tuple(missing), beyond, max(shifts, default=1.0))


@dataclass(frozen=True)
class Market:
    """Who serves what in each slot, and what is lost where some of them are away.

    People keep the split over their queues that they have without anybody away. What another split could win back for
    people with several queues is not counted, so that their loss may be less.

    Parameters
    ----------
    problem
        Queues and answer curves.
    prices
        From `prices_of`.
    positions
        By (pool, slot): positions people give it.
    parts
        By (pools people can serve, slot): positions of each pool that one of them is.
    """

    problem: RosterProblem
    prices: Prices
    positions: Mapping[tuple[int, int], float]
    parts: Mapping[tuple[frozenset[int], int], Mapping[int, float]]

    def add(self, programme: Programme, away: Away, most: Mapping[tuple[frozenset[int], int], float]) -> Rows:
        """State what is lost when people are away.

        Parameters
        ----------
        programme
            With the columns of `away`.
        most
            By key of `away`: people that can be away at most.

        Returns
        -------
        dict
            By (pool, slot): the row that ties what is lost there to who is away.
        """
        gone: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
        size: dict[tuple[int, int], float] = defaultdict(float)
        for (pools, slot), entries in away.items():
            for pool, part in self.parts.get((pools, slot), {}).items():
                gone[pool, slot] += [(column, share * part) for column, share in entries]
                size[pool, slot] += most[pools, slot] * part
        rows: Rows = {}
        lost: dict[tuple[int, int], list[tuple[int, float]]] = {}
        for (pool, slot), entries in gone.items():
            runs, contacts, costs = self._losses(pool, slot, size[pool, slot])
            pieces = programme.add_columns(runs.tolist(), costs=costs.tolist(), slot=slot)
            taken = [(column, -1.0) for column in pieces]
            rows[pool, slot] = programme.add_row([*_summed(entries), *taken], LESS, 0.0)
            demand = self.problem.demand[pool, slot]
            for queue, own in zip(demand.queues, contacts.tolist(), strict=True):
                lost[queue, slot] = list(zip(pieces, own, strict=True))
        for number, target in enumerate(self.prices.targets):
            entries = [entry for slot in target.slots for entry in lost.get((target.queue, slot), ())]
            if entries:
                (short,) = programme.add_columns([target.offered], costs=[self.prices.missing[number]])
                spare = max(0.0, self.answered(target) - target.rate * target.offered)
                programme.add_row([*entries, (short, -1.0)], LESS, spare)
        return rows

    def answered(self, target: PeriodTarget) -> float:
        """Contacts of a target that people there answer."""
        pool, problem = self.problem.pool_of[target.queue], self.problem
        total = 0.0
        for slot in target.slots:
            demand = problem.demand[pool, slot]
            got = demand.answered_with(self.positions.get((pool, slot), 0.0))
            total += float(got[demand.queues.index(target.queue)])
        return total

    def without(self, gone: Mapping[tuple[frozenset[int], int], float]) -> Market:
        """The same with some people away for good."""
        positions = dict(self.positions)
        for (pools, slot), people in gone.items():
            for pool, part in self.parts.get((pools, slot), {}).items():
                positions[pool, slot] = max(0.0, positions[pool, slot] - people * part)
        return replace(self, positions=positions)

    def _losses(self, pool: int, slot: int, most: float) -> tuple[Floats, Floats, Floats]:
        """Positions lost piece by piece, shape (pieces,); contacts of each queue and costs per position."""
        demand, problem = self.problem.demand[pool, slot], self.problem
        there = self.positions[pool, slot]
        least = least_agents(problem, pool, slot)
        edges = np.r_[demand.agents, least, there - most]
        left = np.unique(np.r_[there, edges[(edges < there) & (edges >= max(0.0, there - most))]])[::-1]
        runs = -np.diff(left)
        answered = np.array([np.interp(left, demand.agents, own) for own in demand.answered])
        contacts = -np.diff(answered, axis=1) / runs
        beyond = np.array([self.prices.beyond[queue] for queue in demand.queues])
        # What somebody leaves who was not needed is free, and pieces that cost more come later: curves are concave.
        costs = beyond @ contacts + np.where(left[1:] < least, self.prices.floor, 0.0)
        return np.append(runs, NEVER), np.c_[contacts, np.zeros(len(contacts))], np.append(costs, 0.0)


def market_of(problem: RosterProblem, prices: Prices, people: Present) -> Market:
    """Split people at work over the queues they serve, so that as little as can be is lost.

    Raises
    ------
    ArithmeticError
        The split could not be computed, which no roster should bring about.
    """
    programme = Programme("market")
    served: dict[tuple[int, int], list[int]] = defaultdict(list)
    columns_of: dict[tuple[frozenset[int], int], dict[int, int]] = {}
    for (pools, slot), size in people.items():
        wanted = [pool for pool in sorted(pools) if (pool, slot) in problem.demand]
        if wanted and size > NOBODY:
            columns = programme.add_columns([size] * len(wanted), slot=slot)
            programme.add_row([(column, 1.0) for column in columns], EQUAL, size)
            columns_of[pools, slot] = dict(zip(wanted, columns, strict=True))
            for pool, column in columns_of[pools, slot].items():
                served[pool, slot].append(column)
    _add_answers(programme, problem, prices, served)
    solved = relax(programme.arrays)
    if solved.values is None:
        raise ArithmeticError("people could not be split over their queues.")
    positions: dict[tuple[int, int], float] = defaultdict(float)
    parts = {}
    for (pools, slot), given in columns_of.items():
        size = people[pools, slot]
        shares = {
            pool: max(0.0, float(solved.values[column])) / size * float(problem.yields[pool, slot])
            for pool, column in given.items()
        }
        parts[pools, slot] = shares
        for pool, share in shares.items():
            positions[pool, slot] += share * size
    return Market(problem, prices, positions, parts)


def _add_answers(
    programme: Programme,
    problem: RosterProblem,
    prices: Prices,
    served: Mapping[tuple[int, int], Sequence[int]],
) -> None:
    """What people given to each pool are worth."""
    answered = {}
    for (pool, slot), demand in problem.demand.items():
        runs, slopes = curve_pieces(demand, 0.0)
        worth = sum(prices.beyond[queue] * own for queue, own in zip(demand.queues, slopes, strict=True))
        pieces = programme.add_columns(runs.tolist(), costs=(-np.asarray(worth)).tolist(), slot=slot)
        positions = [(column, float(problem.yields[pool, slot])) for column in served.get((pool, slot), ())]
        given = [(column, -factor) for column, factor in positions]
        programme.add_row([(piece, 1.0) for piece in pieces] + given, LESS, 0.0)
        base = least_agents(problem, pool, slot)
        if base > 0:
            (below,) = programme.add_columns([base], costs=[prices.floor], slot=slot)
            programme.add_row([*positions, (below, 1.0)], GREATER, base)
        for queue, own in zip(demand.queues, slopes.tolist(), strict=True):
            answered[queue, slot] = list(zip(pieces, own, strict=True))
    for target, price in zip(prices.targets, prices.missing, strict=True):
        wanted = target.rate * target.offered
        (short,) = programme.add_columns([wanted], costs=[price])
        reached = [entry for slot in target.slots for entry in answered[target.queue, slot]]
        programme.add_row([*reached, (short, 1.0)], GREATER, wanted)


def _summed(entries: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    """Entries with each column once."""
    total: dict[int, float] = defaultdict(float)
    for column, factor in entries:
        total[column] += factor
    return list(total.items())


def highest_worth(problem: RosterProblem, prices: Prices) -> Mapping[int, float]:
    """By slot: more than any one person there can be worth for the whole slot."""
    missing: dict[tuple[int, int], float] = defaultdict(float)
    for target, price in zip(prices.targets, prices.missing, strict=True):
        for slot in target.slots:
            missing[target.queue, slot] += price
    worth: dict[int, float] = defaultdict(float)
    for (pool, slot), demand in problem.demand.items():
        _, slopes = curve_pieces(demand, 0.0)
        gained = prices.floor if least_agents(problem, pool, slot) > 0 else 0.0
        for queue, own in zip(demand.queues, slopes, strict=True):
            steepest = float(own.max(initial=0.0))
            gained += steepest * (missing[queue, slot] + prices.beyond[queue])
        worth[slot] = max(worth[slot], gained * float(problem.yields[pool, slot]))
    return worth
