"""From counts to a named roster: people on shifts, breaks at their times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.domain import Roster, Status
from scheduling.rosters.break_times import assignments
from scheduling.rosters.conflicts import recount, rename
from scheduling.rosters.names import Person, conflicts, name_class
from scheduling.rosters.reaching import days_missing
from scheduling.rosters.refitting import refit
from scheduling.rosters.search import Search, place_breaks


@dataclass(frozen=True, slots=True)
class Naming:
    """A roster with names.

    Parameters
    ----------
    roster
        Clean by the rules.
    changed
        Numbers of the classes whose counts had to be changed, for nobody could have worked them with enough rest.
    """

    roster: Roster
    changed: frozenset[int]


def name(search: Search, values: np.ndarray, until_s: float) -> Naming | Status:
    """Give counts to people.

    Parameters
    ----------
    search, values
        A roster in whole numbers.
    until_s
        Wall time, since the start of everything, to end at where counts have to be changed.

    Returns
    -------
    Naming
        Or NO_SOLUTION or CANCELLED where counts had to be changed and time was too short.
    """
    model, watch = search.model, search.watch
    named: list[list[Person]] = []
    counts: np.ndarray = values
    changed = set()
    for number in range(len(model.classes)):
        watch.tell(f"names, class {number + 1} of {len(model.classes)}")
        people = name_class(model, number, values)
        if conflicts(people):
            people = rename(model, number, people, watch)
            counts = recount(model, number, people, counts)
            changed.add(number)
        named.append(people)
    if changed:
        placed = place_breaks(search, counts, until_s, _days_changed(search, values, counts))
        if isinstance(placed, Status):
            return placed
        counts = refit(search, named, placed, days_missing(search, placed), until_s)
    problem = model.problem
    roster = Roster(
        name=problem.name,
        first=problem.first,
        days=problem.days,
        timezone=problem.timezone,
        assignments=assignments(model, counts, named),
    )
    return Naming(roster, frozenset(changed))


def _days_changed(search: Search, values: np.ndarray, counts: np.ndarray) -> set[int]:
    """Days on which shifts were changed."""
    shifts = search.model.all_shift_columns
    changed = shifts[np.abs(values[shifts] - counts[shifts]) > 0.5]
    return set(search.model.programme.day_of_column[changed].tolist())
