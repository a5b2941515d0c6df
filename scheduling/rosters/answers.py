"""From people present to contacts answered: the split over pools of queues, the answer curves, the targets."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from scheduling.problem import PoolDemand
from scheduling.rosters.at_work import reaching_in
from scheduling.rosters.model import Model, SkillSet
from scheduling.rosters.programme import GREATER, LESS
from scheduling.rosters.targets import least_agents, soft_targets

Supply = dict[tuple[int, int], list[int]]
"""By (pool, slot): columns of people who serve the pool in the slot."""


def add_supply(model: Model) -> Supply:
    """People of a skill set are split over the pools that have demand in the slot.

    Skill sets that can serve the same pools in a slot are one there. Whoever works into the horizon in a shift begun
    before it is there.
    """
    open_pools: dict[int, set[int]] = defaultdict(set)
    for pool, slot in model.problem.demand:
        open_pools[slot].add(pool)
    people: dict[SkillSet, int] = defaultdict(int)
    for agent_class in model.classes:
        people[agent_class.pools] += agent_class.size
    before = reaching_in(model.problem)
    supply: Supply = defaultdict(list)
    for slot in sorted(open_pools):
        groups: dict[SkillSet, list[SkillSet]] = defaultdict(list)
        for skills in dict.fromkeys([*model.presence, *(own for own, _ in before)]):
            groups[skills & open_pools[slot]].append(skills)
        for pools, members in sorted(groups.items(), key=lambda item: sorted(item[0])):
            if pools:
                size = float(sum(people[skills] for skills in members))
                columns = model.programme.add_columns([size] * len(pools), slot=slot)
                for pool, column in zip(sorted(pools), columns, strict=True):
                    supply[pool, slot].append(column)
                present = [entry for skills in members for entry in model.presence[skills][slot]]
                split = [(column, 1.0) for column in columns]
                there = sum(before.get((skills, slot), 0.0) for skills in members)
                model.programme.add_row(split + [(c, -share) for c, share in present], LESS, there)
    return supply


def add_answers(model: Model, supply: Supply, floor_price: float, target_prices: list[float]) -> None:
    """Contacts answered follow the curves of the positions a pool gets, and reach the targets.

    A curve is a chain of pieces, each a column as long as its run of agents; concave, so the steeper ones fill
    first, for every queue of the pool alike. All pieces up to the slot's least positions are one. What is missing
    is priced, never forbidden; that of soft targets at their own price.

    Parameters
    ----------
    model
        With people's part already added.
    supply
        From `add_supply`.
    floor_price
        Per position missing in one slot.
    target_prices
        Per contact missing, for each period target.
    """
    problem, programme = model.problem, model.programme
    answered: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for (pool, slot), demand in problem.demand.items():
        base = least_agents(problem, pool, slot)
        runs, slopes = curve_pieces(demand, base)
        pieces = model.piece_columns[pool, slot] = programme.add_columns(runs.tolist(), slot=slot)
        served = [(column, -float(problem.yields[pool, slot])) for column in supply.get((pool, slot), [])]
        programme.add_row([(piece, 1.0) for piece in pieces] + served, LESS, 0.0)
        if base > 0:
            (missing,) = programme.add_columns([base], costs=[floor_price], slot=slot)
            programme.add_row([(pieces[0], 1.0), (missing, 1.0)], GREATER, base)
            model.floor_slack[pool, slot] = missing
        for queue, own in zip(demand.queues, slopes.tolist(), strict=True):
            answered[queue, slot] = list(zip(pieces, own, strict=True))
    for target, price in zip(model.targets, target_prices, strict=True):
        wanted = target.rate * target.offered
        # A little more than all of it, for the search aims a little higher than the target.
        (missing,) = programme.add_columns([1.01 * wanted], costs=[price])
        reached = [entry for slot in target.slots for entry in answered[target.queue, slot]]
        model.target_rows.append(programme.add_row([*reached, (missing, 1.0)], GREATER, wanted))
        model.target_slack.append(missing)
    for target in soft_targets(problem):
        wanted, price = target.rate * target.offered, target.price or 0.0
        (missing,) = programme.add_columns([wanted], costs=[price])
        reached = [entry for slot in target.slots for entry in answered[target.queue, slot]]
        programme.add_row([*reached, (missing, 1.0)], GREATER, wanted)
        model.soft_slack.append(missing)


def curve_pieces(demand: PoolDemand, base: float) -> tuple[np.ndarray, np.ndarray]:
    """Runs of agents, shape (pieces,), and contacts of each queue answered per agent, shape (queues, pieces).

    The first piece ends at `base` positions.
    """
    agents, answered = demand.agents, demand.answered
    if base > 0:
        beyond = agents > base * (1 + 1e-9)
        at_base = demand.answered_with(base)[:, None]
        answered = np.hstack((np.zeros_like(at_base), at_base, answered[:, beyond]))
        agents = np.r_[0.0, base, agents[beyond]]
    runs = np.diff(agents)
    return runs, np.diff(answered, axis=1) / runs
