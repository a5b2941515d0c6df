"""One tour for everybody from those found: an integer programme with breaks counted per skill set, shift and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import sparse

from scheduling.resolve.columns import Column, Columns
from scheduling.resolve.demand import NOWHERE
from scheduling.resolve.people import Offsets, Tour
from scheduling.rosters.limits import Watch
from scheduling.shifts import break_offsets
from scheduling.solver import INFINITY, Arrays, minimise

Key = tuple[int, int]
"""Skill set and number of a shift."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """Tours that were chosen.

    Parameters
    ----------
    columns
        One of each person whose tour changes.
    bound
        No choice among the tours looked at has less; None where nothing was proven.
    """

    columns: tuple[Column, ...]
    bound: float | None


def choose(
    columns: Columns, taken: Iterable[int], watch: Watch, until_s: float, start: Sequence[Column]
) -> Chosen | None:
    """Choose among the tours found so far, with the breaks they came with; None where nothing was found in time.

    Parameters
    ----------
    columns
        Tours found.
    taken
        Numbers of those to choose from, besides the ones to begin with.
    watch, until_s
        Wall time since the start when to end.
    start
        Tours to begin with, of those found.
    """
    begun = {id(column) for column in start}
    offered = {id(columns.found[number]) for number in taken if columns.usable(columns.found[number])} | begun
    few = replace(columns, found=[column for column in columns.found if id(column) in offered])
    arrays = few.programme(integer=True)
    values = np.full(arrays.cost.size, np.nan)
    values[columns.first_tour :] = [float(id(column) in begun) for column in few.found]
    solved = minimise(
        arrays,
        time_s=max(until_s - watch.elapsed_s, 0.05),
        gap=watch.limits.gap,
        seed=watch.limits.seed,
        start=values,
        stop=watch.stopped,
    )
    if solved.values is None:
        return None
    chosen = np.flatnonzero(solved.values[columns.first_tour :] > 0.5)
    return Chosen(tuple(few.found[place] for place in chosen), solved.bound)


def choose_exactly(
    columns: Columns, tours: Sequence[tuple[int, Tour]], watch: Watch, until_s: float, *, held: bool = False
) -> Chosen | None:
    """Choose among some tours whatever their breaks; None where nothing was found in time.

    Parameters
    ----------
    columns
        What tours are worth.
    tours
        Numbers of people with a tour each that they could have; that they change nothing goes without saying.
    watch, until_s
        Wall time since the start when to end.
    held
        Whether all of these are to be chosen, so that only their breaks are left to place.
    """
    programme = _Programme(columns, tours)
    arrays = programme.arrays
    if held:
        lower = arrays.lower.copy()
        lower[programme.first_tour : programme.first_break] = 1.0
        arrays = replace(arrays, lower=lower)
    solved = minimise(
        arrays,
        time_s=max(until_s - watch.elapsed_s, 0.05),
        gap=0.0 if held else watch.limits.gap,
        seed=watch.limits.seed,
        stop=watch.stopped,
    )
    if solved.values is None:
        return None
    return Chosen(programme.chosen(solved.values), solved.bound)


class _Programme:
    """The programme of some tours: their shifts without breaks, and breaks to be taken out of them."""

    def __init__(self, columns: Columns, tours: Sequence[tuple[int, Tour]]) -> None:
        self._all = columns
        self._tours = [
            columns.made(person, tour, dict.fromkeys(columns.changed_days(person, tour), ()))
            for person, tour in tours
        ]
        self._users: dict[Key, list[int]] = defaultdict(list)
        for place, column in enumerate(self._tours):
            skills = columns.people[column.person].skills
            for day in columns.changed_days(column.person, column.tour):
                self._users[skills, column.tour[day]].append(place)
        self.first_tour = columns.first_tour
        self.first_break = self.first_tour + len(self._tours)
        self._places: dict[Key, list[range]] = {}
        self._build()

    def _build(self) -> None:
        columns, work = self._all, self._all.work
        whole = replace(columns, found=self._tours)
        base = whole.programme(integer=True)
        uppers: list[float] = []
        rows: list[tuple[list[tuple[int, float]], float, float]] = []
        missing: list[tuple[int, int, float]] = []
        first_row = columns.presence_rows.start
        for key, users in self._users.items():
            skills, number = key
            shift = work.problem.shifts[number]
            places: list[range] = []
            for rule in shift.pattern.breaks:
                offsets = break_offsets(rule, work.problem.step_min)
                own = range(self.first_break + len(uppers), self.first_break + len(uppers) + len(offsets))
                uppers += [float(len(users))] * len(offsets)
                taken = [(column, 1.0) for column in own] + [(self.first_tour + user, -1.0) for user in users]
                rows.append((taken, 0.0, 0.0))
                for column, offset in zip(own, offsets, strict=True):
                    slots, shares = work.break_presence(number, offset, rule.length_min)
                    for slot, share in zip(slots.tolist(), shares.tolist(), strict=True):
                        place = columns.place(skills, slot)
                        if place != NOWHERE:
                            missing.append((first_row + place, column, share))
                places.append(own)
            self._places[key] = places
            rows += [(entries, -INFINITY, 0.0) for entries in self._order(number, places)]
        self.arrays = _extended(base, uppers, rows, missing)

    def _order(self, number: int, places: list[range]) -> list[list[tuple[int, float]]]:
        """As many second breaks begin at or after any instant as first ones end at or after it, see `rosters.breaks`."""
        problem = self._all.work.problem
        pattern, found = problem.shifts[number].pattern, []
        for (first, earlier), (second, later) in pairwise(zip(places, pattern.breaks, strict=True)):
            ends = [offset + earlier.length_min for offset in break_offsets(earlier, problem.step_min)]
            starts = break_offsets(later, problem.step_min)
            for instant in ends:
                if instant > starts[0]:
                    due = [(column, 1.0) for column, end in zip(first, ends, strict=True) if end >= instant]
                    room = [(c, -1.0) for c, start in zip(second, starts, strict=True) if start >= instant]
                    found.append(due + room)
        return found

    def chosen(self, values: np.ndarray) -> tuple[Column, ...]:
        """The tours of a solution with their breaks: the earliest first break goes with the earliest second one."""
        columns, work = self._all, self._all.work
        picked = [place for place in range(len(self._tours)) if values[self.first_tour + place] > 0.5]
        offsets: dict[int, dict[int, Offsets]] = {place: {} for place in picked}
        for key, users in self._users.items():
            own = [place for place in picked if place in set(users)]
            taken = []
            pattern = work.problem.shifts[key[1]].pattern
            for rule, places in zip(pattern.breaks, self._places[key], strict=True):
                starts = break_offsets(rule, work.problem.step_min)
                taken.append(
                    [
                        o
                        for o, column in zip(starts, places, strict=True)
                        for _ in range(round(values[column]))
                    ]
                )
            day = work.problem.shifts[key[1]].day
            for turn, place in enumerate(own):
                offsets[place][day] = tuple(breaks[turn] for breaks in taken)
        made = [(self._tours[place].person, self._tours[place].tour, offsets[place]) for place in picked]
        for tour in made:
            columns.add(*tour)
        found = [columns.known(*tour) for tour in made]
        return tuple(column for column in found if column is not None and columns.usable(column))


def _extended(
    base: Arrays,
    uppers: list[float],
    rows: list[tuple[list[tuple[int, float]], float, float]],
    missing: list[tuple[int, int, float]],
) -> Arrays:
    """A programme with further whole columns at no cost, further rows, and entries of the columns in rows it has."""
    first, count = base.cost.size, len(uppers)
    lines = [line for line, _, _ in missing]
    added = sparse.csr_array(
        ([share for _, _, share in missing], (lines, [column - first for _, column, _ in missing])),
        shape=(base.row_lower.size, count),
    )
    entries = [(row, column, factor) for row, (own, _, _) in enumerate(rows) for column, factor in own]
    below = sparse.csr_array(
        (
            [factor for _, _, factor in entries],
            ([row for row, _, _ in entries], [column for _, column, _ in entries]),
        ),
        shape=(len(rows), first + count),
    )
    matrix = sparse.vstack([sparse.hstack([base.matrix, added]), below], format="csr")
    return Arrays(
        cost=np.r_[base.cost, np.zeros(count)],
        lower=np.r_[base.lower, np.zeros(count)],
        upper=np.r_[base.upper, uppers],
        integer=np.r_[base.integer, np.ones(count, dtype=bool)],
        matrix=sparse.csr_array(matrix),
        row_lower=np.r_[base.row_lower, [lower for _, lower, _ in rows]],
        row_upper=np.r_[base.row_upper, [upper for _, _, upper in rows]],
        offset=base.offset,
    )
