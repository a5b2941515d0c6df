"""From counts to a named roster: people on shifts, breaks at their times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.domain import Roster, Status
from scheduling.rosters.break_times import assignments
from scheduling.rosters.conflicts import recount, rename
from scheduling.rosters.limits import gap_of
from scheduling.rosters.names import Person, conflicts, name_class
from scheduling.rosters.reaching import days_missing
from scheduling.rosters.refitting import refit
from scheduling.rosters.search import Search, place_breaks

REFIT_SHARE = 0.5
"""Share of the time left that goes into refitting all days of a roster that misses nothing."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A roster with names.

    Parameters
    ----------
    roster
        Clean by the rules.
    changed
        Numbers of the classes whose counts had to be changed, for nobody could have worked them with enough rest.
    kept
        Whether all counts are what they were.
    """

    roster: Roster
    changed: frozenset[int]
    kept: bool


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
        counts = placed
    if not model.exact:
        counts = _refitted(search, named, counts, until_s)
    problem = model.problem
    roster = Roster(
        name=problem.name,
        first=problem.first,
        days=problem.days,
        timezone=problem.timezone,
        assignments=assignments(model, counts, named),
    )
    return Naming(roster, frozenset(changed), kept=counts is values)


def _refitted(search: Search, named: list[list[Person]], counts: np.ndarray, until_s: float) -> np.ndarray:
    """Counts of a roster that misses less and, where it is not good enough, costs less."""
    watch = search.watch
    refitted = refit(search, named, counts, days_missing(search, counts), until_s)
    gap = gap_of(search.cost(refitted), watch.bound)
    if gap is None or gap <= watch.limits.gap:
        return refitted
    until_s = min(until_s, watch.until_s(REFIT_SHARE))
    return refit(search, named, refitted, range(search.model.problem.days), until_s)


def _days_changed(search: Search, values: np.ndarray, counts: np.ndarray) -> set[int]:
    """Days on which shifts were changed."""
    shifts = search.model.all_shift_columns
    changed = shifts[np.abs(values[shifts] - counts[shifts]) > 0.5]
    return set(search.model.programme.day_of_column[changed].tolist())
