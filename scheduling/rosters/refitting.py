"""A named roster made better day by day: who works what that day is chosen anew, every other day is held.

What somebody may work on a day, given the rest of their tour, is asked of their rules; people of a class who may work
the same are one group, and the day's programme counts who of each group works what. So every rule holds whatever it
looks at, and names are never lost on the way. It makes up for what naming costs a target.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from scheduling.rosters.names import Person, give
from scheduling.rosters.parts import Part
from scheduling.rosters.relaxation import missing_share
from scheduling.rosters.search import STEP_NODES, Search
from scheduling.shifts import Shift
from scheduling.solver import Arrays, dive

DAY_S = 40.0
"""Wall time one day may take at most; nodes end it before."""
LOOSENESS = 0.5
"""A day may miss its own optimum by this share of what the gap asked for leaves it."""


def refit(
    search: Search, named: Sequence[list[Person]], values: np.ndarray, days: Iterable[int], until_s: float
) -> np.ndarray:
    """Choose anew who works what, one day after another.

    Parameters
    ----------
    search
        What is searched.
    named
        People of each class with their tours, which keep every rule and do so afterwards; changed in place.
    values
        Shifts and breaks in whole numbers as the tours have them; columns of tours are neither read nor kept.
    days
        In this order.
    until_s
        Wall time, since the start of everything, to end at.

    Returns
    -------
    ndarray
        Values that miss less, or as much at less cost.
    """
    watch = search.watch
    for day in days:
        left_s = until_s - watch.elapsed_s
        if left_s <= 0 or watch.stopped():
            break
        watch.tell(f"refitting day {day + 1} of {search.model.problem.days}")
        values = _refitted(search, named, values, day, min(left_s, DAY_S))
    return values


@dataclass(frozen=True)
class _Group:
    """People of a class who may work the same on the day.

    Parameters
    ----------
    size
        How many.
    columns
        Columns of the shifts they may work, by their numbers in the day's part.
    rests
        Whether they may rest.
    held
        How many of them have each of these shifts now.
    """

    size: int
    columns: tuple[int, ...]
    rests: bool
    held: tuple[int, ...]


def _refitted(
    search: Search, named: Sequence[list[Person]], values: np.ndarray, day: int, time_s: float
) -> np.ndarray:
    model = search.model
    part = _part(search, values, day)
    place = {column: number for number, column in enumerate(part.columns.tolist())}
    chosen = [_choices(search, number, day, place) for number in range(len(named))]
    groups = [
        group
        for people, choices in zip(named, chosen, strict=True)
        for group in _groups(people, day, choices)
    ]
    programme = _with_groups(part.programme, [column for own in chosen for column in own.values()], groups)
    start = np.r_[values[part.columns], [float(held) for group in groups for held in group.held]]
    # Rounding mends at once what is missing by much; the tree goes on from it.
    dived = dive(programme, slack=0.0, time_s=time_s, stop=search.watch.stopped)
    if dived.values is not None and programme.cost @ dived.values < programme.cost @ start:
        start = dived.values
    solved = search.solve(
        programme, time_s, share=LOOSENESS / model.problem.days, nodes=STEP_NODES, start=start
    )
    if solved.values is None or solved.objective is None:
        return values
    now = float(part.programme.cost @ values[part.columns])
    if solved.objective >= now - 1e-6:
        return values
    better = values.copy()
    better[part.columns] = solved.values[: part.columns.size]
    if missing_share(model, better) > missing_share(model, values) + 1e-9:
        return values
    for number, people in enumerate(named):
        _give_out(search, number, people, day, better)
    return better


def _part(search: Search, values: np.ndarray, day: int) -> Part:
    """The day's piece without tours: what ties shifts to tours and keeps rest is left to people's own rules."""
    model = search.model
    free = search.days_free(range(day, day + 1)) & (search.worth | (values > 1e-6))
    free[model.all_flow_columns] = False
    free[model.rest_slack] = False
    part = search.exact.part(free, values)
    kept = ~np.isin(part.rows, search.tour_rows)
    programme = replace(
        part.programme,
        matrix=part.programme.matrix[kept],
        row_lower=part.programme.row_lower[kept],
        row_upper=part.programme.row_upper[kept],
    )
    return Part(programme, part.columns, part.rows[kept])


def _choices(search: Search, number: int, day: int, place: dict[int, int]) -> dict[Shift, int]:
    """Shifts of a class on the day with their columns in the part."""
    shifts = search.model.problem.shifts
    return {
        shifts[shift]: place[column]
        for shift, column in search.model.shift_columns[number].items()
        if shifts[shift].day == day and column in place
    }


def _groups(people: Sequence[Person], day: int, choices: dict[Shift, int]) -> list[_Group]:
    kinds: list[Shift | None] = [None, *choices]
    members: dict[tuple[bool, ...], list[Person]] = defaultdict(list)
    for person in people:
        members[tuple(person.rules.allowed(person.tour, day, kinds))].append(person)
    groups = []
    for (rests, *allowed), own in members.items():
        may = [shift for shift, fits in zip(choices, allowed, strict=True) if fits]
        if may:
            held = [person.tour.get(day) for person in own]
            columns = tuple(choices[shift] for shift in may)
            groups.append(_Group(len(own), columns, rests, tuple(map(held.count, may))))
    return groups


def _with_groups(programme: Arrays, choices: Sequence[int], groups: Sequence[_Group]) -> Arrays:
    """Every shift is worked by people of groups that may work it; each of them works one, or rests where they may.

    Whole shifts leave whole people in a vertex, and such a split there is for all of them: these columns need not be
    whole.
    """
    sizes = [len(group.columns) for group in groups]
    first, count = programme.cost.size, sum(sizes)
    shifts = np.array([column for group in groups for column in group.columns], dtype=np.int64)
    of_group = np.repeat(np.arange(len(groups)), sizes)
    # Those that nobody may work among them.
    tied = np.unique(np.array(choices, dtype=np.int64))
    row = np.searchsorted(tied, shifts)
    entries = np.arange(first, first + count)
    ties = sparse.csr_array(
        (
            np.r_[-np.ones(count), np.ones(tied.size)],
            (np.r_[row, np.arange(tied.size)], np.r_[entries, tied]),
        ),
        shape=(tied.size, first + count),
    )
    once = sparse.csr_array((np.ones(count), (of_group, entries)), shape=(len(groups), first + count))
    wide = sparse.hstack([programme.matrix, sparse.csr_array((programme.matrix.shape[0], count))])
    people = np.array([float(group.size) for group in groups])
    least = np.array([0.0 if group.rests else float(group.size) for group in groups])
    return replace(
        programme,
        cost=np.r_[programme.cost, np.zeros(count)],
        lower=np.r_[programme.lower, np.zeros(count)],
        upper=np.r_[programme.upper, np.repeat(people, sizes)],
        integer=np.r_[programme.integer, np.zeros(count, dtype=bool)],
        matrix=sparse.csr_array(sparse.vstack([wide, ties, once])),
        row_lower=np.r_[programme.row_lower, np.zeros(tied.size), least],
        row_upper=np.r_[programme.row_upper, np.zeros(tied.size), people],
    )


def _give_out(search: Search, number: int, people: list[Person], day: int, values: np.ndarray) -> None:
    """Deal the day's shifts to the people of a class, as they like them best."""
    shifts = search.model.problem.shifts
    tokens: list[Shift | None] = []
    for shift, column in search.model.shift_columns[number].items():
        if shifts[shift].day == day:
            tokens += [shifts[shift]] * round(values[column])
    tokens += [None] * (len(people) - len(tokens))
    give(people, day, tokens)
