"""What people on contacts are worth while some of them are away: answer curves, floors and targets at their prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from scheduling.problem import RosterProblem
from scheduling.rosters.answers import curve_pieces
from scheduling.rosters.at_work import Present
from scheduling.rosters.prices import contact_prices
from scheduling.rosters.programme import GREATER, LESS, Programme
from scheduling.rosters.targets import PeriodTarget, least_agents, period_targets
from scheduling.solver import relax

BEYOND = 0.01
"""A contact beyond its target is worth this share of one that the target misses."""

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
    """People at work, and what they are worth.

    Parameters
    ----------
    problem
        Queues and answer curves.
    prices
        From `prices_of`.
    people
        Who is at work when nobody is away.
    """

    problem: RosterProblem
    prices: Prices
    people: Present

    def add(self, programme: Programme, away: Away, slots: Collection[int]) -> None:
        """State what is lost in some slots when people there are away.

        People are split over the queues they serve anew, so that as little as can be is lost. Slots of the same
        targets that are not among them keep what they answer without anybody away.

        Parameters
        ----------
        programme
            With the columns of `away`.
        slots
            All slots in which somebody may be away among them.
        """
        chosen, targets = frozenset(slots), self.prices.targets
        answered = self._add_answers(programme, away, chosen)
        touched = [number for number, target in enumerate(targets) if not chosen.isdisjoint(target.slots)]
        outside = {slot for number in touched for slot in targets[number].slots} - chosen
        elsewhere = self._answered(frozenset(outside)) if outside else {}
        for number in touched:
            target = targets[number]
            wanted = target.rate * target.offered
            (short,) = programme.add_columns([wanted], costs=[self.prices.missing[number]])
            reached = [entry for slot in target.slots for entry in answered.get((target.queue, slot), ())]
            fixed = sum(elsewhere.get((target.queue, slot), 0.0) for slot in target.slots)
            programme.add_row([*reached, (short, 1.0)], GREATER, wanted - fixed)

    def _add_answers(
        self, programme: Programme, away: Away, slots: frozenset[int]
    ) -> dict[tuple[int, int], list[tuple[int, float]]]:
        """Columns of what each queue answers in each slot, with contacts per unit."""
        problem, prices, people = self.problem, self.prices, self.people
        served: dict[tuple[int, int], list[int]] = defaultdict(list)
        for (pools, slot), size in people.items():
            wanted = [pool for pool in sorted(pools) if (pool, slot) in problem.demand]
            if slot in slots and wanted:
                columns = programme.add_columns([max(size, 0.0)] * len(wanted), slot=slot)
                split = [(column, 1.0) for column in columns]
                programme.add_row([*split, *away.get((pools, slot), ())], LESS, max(size, 0.0))
                for pool, column in zip(wanted, columns, strict=True):
                    served[pool, slot].append(column)
        answered = {}
        for (pool, slot), demand in problem.demand.items():
            if slot not in slots:
                continue
            runs, slopes = curve_pieces(demand, 0.0)
            worth = sum(prices.beyond[queue] * own for queue, own in zip(demand.queues, slopes, strict=True))
            pieces = programme.add_columns(runs.tolist(), costs=(-np.asarray(worth)).tolist(), slot=slot)
            positions = [(column, float(problem.yields[pool, slot])) for column in served[pool, slot]]
            given = [(column, -factor) for column, factor in positions]
            programme.add_row([(piece, 1.0) for piece in pieces] + given, LESS, 0.0)
            base = least_agents(problem, pool, slot)
            if base > 0:
                (below,) = programme.add_columns([base], costs=[prices.floor], slot=slot)
                programme.add_row([*positions, (below, 1.0)], GREATER, base)
            for queue, own in zip(demand.queues, slopes.tolist(), strict=True):
                answered[queue, slot] = list(zip(pieces, own, strict=True))
        return answered

    def _answered(self, slots: frozenset[int]) -> dict[tuple[int, int], float]:
        """Contacts each queue answers in slots where nobody is away.

        Raises
        ------
        ArithmeticError
            The split could not be computed, which no roster should bring about.
        """
        programme = Programme("elsewhere")
        answered = self._add_answers(programme, {}, slots)
        solved = relax(programme.arrays, method="choose")
        if solved.values is None:
            raise ArithmeticError("people could not be split over their queues.")
        values = solved.values
        return {
            key: float(sum(values[column] * contacts for column, contacts in entries))
            for key, entries in answered.items()
        }


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
