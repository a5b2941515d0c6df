"""From people present to contacts answered: the split over queues, the answer curves, the targets."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from scheduling.rosters.model import Model, SkillSet
from scheduling.rosters.programme import GREATER, LESS
from scheduling.rosters.targets import least_agents

Supply = dict[tuple[int, int], list[int]]
"""By (queue, slot): columns of people who serve the queue in the slot."""


def add_supply(model: Model) -> Supply:
    """People of a skill set are split over the queues that have demand in the slot.

    Skill sets that can serve the same queues in a slot are one there.
    """
    open_queues: dict[int, set[int]] = defaultdict(set)
    for queue, slot in model.problem.demand:
        open_queues[slot].add(queue)
    people: dict[SkillSet, int] = defaultdict(int)
    for agent_class in model.classes:
        people[agent_class.queues] += agent_class.size
    supply: Supply = defaultdict(list)
    for slot in sorted(open_queues):
        groups: dict[SkillSet, list[SkillSet]] = defaultdict(list)
        for skills in model.presence:
            groups[skills & open_queues[slot]].append(skills)
        for queues, members in sorted(groups.items(), key=lambda item: sorted(item[0])):
            if queues:
                size = float(sum(people[skills] for skills in members))
                columns = model.programme.add_columns([size] * len(queues), slot=slot)
                for queue, column in zip(sorted(queues), columns, strict=True):
                    supply[queue, slot].append(column)
                present = [entry for skills in members for entry in model.presence[skills][slot]]
                split = [(column, 1.0) for column in columns]
                model.programme.add_row(split + [(c, -share) for c, share in present], LESS, 0.0)
    return supply


def add_answers(model: Model, supply: Supply, floor_price: float, target_prices: list[float]) -> None:
    """Contacts answered follow the queue's curve of the positions it gets, and reach the targets.

    A curve is a chain of pieces, each a column as long as its run of agents; concave, so the steeper ones fill
    first. All pieces up to the slot's least positions are one. What is missing is priced, never forbidden.

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
    for (queue, slot), demand in problem.demand.items():
        base = least_agents(problem, queue, slot)
        runs, slopes = _pieces(demand.agents, demand.answered, base)
        pieces = model.piece_columns[queue, slot] = programme.add_columns(runs, slot=slot)
        position = 1 - problem.queues[queue].shrinkage
        served = [(column, -position) for column in supply.get((queue, slot), [])]
        programme.add_row([(piece, 1.0) for piece in pieces] + served, LESS, 0.0)
        if base > 0:
            (missing,) = programme.add_columns([base], costs=[floor_price], slot=slot)
            programme.add_row([(pieces[0], 1.0), (missing, 1.0)], GREATER, base)
            model.floor_slack[queue, slot] = missing
        answered[queue, slot] = list(zip(pieces, slopes, strict=True))
    for target, price in zip(model.targets, target_prices, strict=True):
        wanted = target.rate * target.offered
        # A little more than all of it, for the search aims a little higher than the target.
        (missing,) = programme.add_columns([1.01 * wanted], costs=[price])
        reached = [entry for slot in target.slots for entry in answered[target.queue, slot]]
        model.target_rows.append(programme.add_row([*reached, (missing, 1.0)], GREATER, wanted))
        model.target_slack.append(missing)


def _pieces(agents: np.ndarray, answered: np.ndarray, base: float) -> tuple[list[float], list[float]]:
    """Runs of agents and answered contacts per agent; the first piece ends at `base` positions."""
    if base > 0:
        beyond = agents > base * (1 + 1e-9)
        answered = np.r_[0.0, np.interp(base, agents, answered), answered[beyond]]
        agents = np.r_[0.0, base, agents[beyond]]
    runs = np.diff(agents)
    return runs.tolist(), (np.diff(answered) / runs).tolist()
