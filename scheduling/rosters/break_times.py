"""From counted breaks to each person's: the earliest first break goes with the earliest second one, and so on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from data.domain import Assignment, Break
from scheduling.rosters.model import Model
from scheduling.rosters.names import Person
from scheduling.shifts import Shift, break_offsets

Working = tuple[Person, Shift]


def assignments(model: Model, values: np.ndarray, named: list[list[Person]]) -> tuple[Assignment, ...]:
    """Every named shift with its breaks, by person and start.

    Parameters
    ----------
    model, values
        Breaks in whole numbers, as many of each as the named shifts have.
    named
        People with their tours, per class.

    Raises
    ------
    ValueError
        Breaks and named shifts do not agree; the search is at fault.
    """
    numbers = {shift: number for number, shift in enumerate(model.problem.shifts)}
    groups: dict[tuple[frozenset[int], int], list[Working]] = defaultdict(list)
    for agent_class, people in zip(model.classes, named, strict=True):
        for person in people:
            for day, shift in person.tour.items():
                if day >= 0:
                    groups[agent_class.pools, numbers[shift]].append((person, shift))
    made = [
        assignment
        for key, workers in groups.items()
        for assignment in _with_breaks(model, values, key, workers)
    ]
    return tuple(sorted(made, key=lambda assignment: (assignment.agent_id, assignment.day)))


def _with_breaks(
    model: Model, values: np.ndarray, key: tuple[frozenset[int], int], workers: list[Working]
) -> Iterable[Assignment]:
    horizon, step_min = model.problem.horizon, model.problem.step_min
    pattern = workers[0][1].pattern
    places: list[list[int]] = []
    for rule, columns in zip(pattern.breaks, model.break_columns[key], strict=True):
        offsets = break_offsets(rule, step_min)
        taken = [o for o, column in zip(offsets, columns, strict=True) for _ in range(round(values[column]))]
        if len(taken) != len(workers):
            raise ValueError(f"{len(taken)} breaks for {len(workers)} people on pattern {pattern.id!r}.")
        places.append(taken)
    for place, (person, shift) in enumerate(workers):
        breaks = []
        for rule, taken in zip(pattern.breaks, places, strict=True):
            start_min = shift.start_min + taken[place]
            start, end = horizon.instant(start_min), horizon.instant(start_min + rule.length_min)
            breaks.append(Break(kind=rule.kind, start=start, end=end, paid=rule.paid))
        yield Assignment(
            agent_id=person.agent.id,
            day=horizon.day(shift.day),
            pattern=pattern.id,
            start=horizon.instant(shift.start_min),
            end=horizon.instant(shift.end_min),
            breaks=tuple(breaks),
        )
