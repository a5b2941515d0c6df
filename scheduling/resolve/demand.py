"""What people present are worth together: the split over pools, the answer curves and the targets, as one programme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from data.domain import Assignment
from scheduling.problem import RosterProblem, slots_of
from scheduling.rosters.answers import add_answers, add_supply
from scheduling.rosters.at_work import at_work
from scheduling.rosters.classes import classes_of
from scheduling.rosters.model import Model, SkillSet
from scheduling.rosters.networks import Networks
from scheduling.rosters.prices import floor_price, target_prices
from scheduling.rosters.programme import Programme
from scheduling.rosters.targets import all_period_targets, period_targets
from scheduling.solver import Arrays

NOWHERE = -1
"""Place of a skill set and slot in which nobody is wanted."""


@dataclass(frozen=True, eq=False)
class Demanded:
    """Price of what is missed, as a programme of the people present.

    Parameters
    ----------
    model
        What its columns mean.
    skills
        The skill sets, in order.
    places
        Number of each skill set and slot among `columns`, `NOWHERE` where nobody is wanted, shape (sets, slots).
    columns
        Column of people present, per place.
    """

    model: Model
    skills: tuple[SkillSet, ...]
    places: np.ndarray
    columns: np.ndarray

    @property
    def arrays(self) -> Arrays:
        """The programme; nothing ties the people present to anybody's tour yet."""
        return self.model.arrays

    def present(self, shifts: Iterable[Assignment]) -> np.ndarray:
        """People present at each place."""
        people = np.zeros(self.columns.size)
        rows = {skills: row for row, skills in enumerate(self.skills)}
        for (skills, slot), size in at_work(shifts, self.model.problem).items():
            row = rows.get(skills)
            if row is not None and 0 <= slot < self.places.shape[1] and self.places[row, slot] != NOWHERE:
                people[self.places[row, slot]] += size
        return people


def demanded(problem: RosterProblem, first_slot: int, last_slot: int) -> Demanded:
    """Build the programme of all targets and slots that people in some slots can help.

    Parameters
    ----------
    problem
        What the roster is for.
    first_slot, last_slot
        Slots [first_slot, last_slot) in which people may come or go.
    """
    cut = _cut(problem, first_slot, last_slot)
    model = Model(
        problem=cut,
        classes=classes_of(cut),
        networks=Networks(cut),
        exact=frozenset(),
        tailed=frozenset(),
        targets=period_targets(cut),
        programme=Programme("resolve"),
    )
    skills = tuple(sorted({own.pools for own in model.classes if own.pools}, key=sorted))
    open_pools: dict[int, set[int]] = {}
    for pool, slot in cut.demand:
        open_pools.setdefault(slot, set()).add(pool)
    places = np.full((len(skills), 1 + max(open_pools, default=0)), NOWHERE)
    columns: list[int] = []
    everybody = float(len(problem.agents))
    for slot, pools in sorted(open_pools.items()):
        for row, own in enumerate(skills):
            if own & pools:
                places[row, slot] = len(columns)
                (column,) = model.programme.add_columns([everybody], slot=slot)
                model.presence[own][slot].append((column, 1.0))
                columns.append(column)
    add_answers(model, add_supply(model), floor_price(model), target_prices(model))
    return Demanded(model, skills, places, np.array(columns, dtype=np.int64))


def _cut(problem: RosterProblem, first_slot: int, last_slot: int) -> RosterProblem:
    """The same with the demand of these slots, and of all others of a target that one of them counts for."""
    wanted: set[tuple[int, int]] = set()
    for (_, slot), demand in problem.demand.items():
        if first_slot <= slot < last_slot:
            wanted.update((queue, slot) for queue in demand.queues)
    for target in all_period_targets(problem):
        own = {(target.queue, slot) for slot in target.slots}
        if own & wanted:
            wanted |= own
    if sum(len(demand.queues) for demand in problem.demand.values()) == len(wanted):
        return problem
    names = {problem.queues[queue].id: queue for queue in range(len(problem.queues))}
    slots = slots_of(problem.curves["start"], problem.horizon, problem.step_min)
    queues = problem.curves["queue"].map(names)
    kept = [pair in wanted for pair in zip(queues.tolist(), slots.tolist(), strict=True)]
    return replace(problem, curves=problem.curves.loc[kept].reset_index(drop=True))
