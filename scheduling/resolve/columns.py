"""Changed tours as columns of the programme: what each adds to the people present, and what it costs more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from scheduling.locks import first_offsets
from scheduling.resolve.demand import NOWHERE, Demanded
from scheduling.resolve.people import NO_SKILLS, UNLISTED, Offsets, Person, Presence, Tour, Work
from scheduling.solver import INFINITY, Arrays


@dataclass(frozen=True, eq=False)
class Column:
    """A tour that somebody could have instead of the one that stands.

    Parameters
    ----------
    person
        Number of the person.
    tour
        The tour.
    offsets
        Breaks of the shifts that do not stand, by day.
    cost
        What it costs more than the tour that stands.
    places, shares
        What it adds to the people present.
    """

    person: int
    tour: Tour
    offsets: Mapping[int, Offsets]
    cost: float
    places: np.ndarray
    shares: np.ndarray


@dataclass(frozen=True, eq=False)
class Budget:
    """How much may change.

    Parameters
    ----------
    most
        Tours; None for as many as there are.
    price
        Of each changed tour.
    """

    most: int | None
    price: float


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns found so far, and the programme they belong to.

    Parameters
    ----------
    people, work, demanded, budget
        Whose tours, made of which shifts, for what, and how many.
    there
        People present at each place while nothing changes.
    standing_cost
        Cost of all hours while nothing changes.
    sound
        Whether a tour keeps every rule, the days that are not free included.
    overtime
        What a tour costs beyond its shifts.
    """

    people: Sequence[Person]
    work: Work
    demanded: Demanded
    budget: Budget
    there: np.ndarray
    standing_cost: float
    sound: Callable[[int, Tour, Mapping[int, Offsets]], bool]
    overtime: Callable[[int, Tour], float]
    found: list[Column] = field(default_factory=list)
    _known: dict[tuple[object, ...], int] = field(default_factory=dict)
    _sound: dict[Column, bool] = field(default_factory=dict)

    def add(self, person: int, tour: Tour, offsets: Mapping[int, Offsets]) -> bool:
        """Add a tour unless it is there already or the one that stands; whether it was added."""
        key = _key(person, tour, offsets)
        if key in self._known or self._stands(person, tour):
            return False
        self._known[key] = len(self.found)
        self.found.append(self.made(person, tour, offsets))
        return True

    def may(self, person: int, tour: Tour) -> bool:
        """Whether a tour is another than the one that stands and keeps every rule."""
        days = self.changed_days(person, tour)
        patterns = [self.work.problem.shifts[tour[day]].pattern for day in days]
        offsets = {day: first_offsets(pattern) for day, pattern in zip(days, patterns, strict=True)}
        return not self._stands(person, tour) and self.sound(person, tour, offsets)

    def _stands(self, person: int, tour: Tour) -> bool:
        who = self.people[person]
        return not who.must and tour == dict(who.numbers)

    def usable(self, column: Column) -> bool:
        """Whether a tour that was found keeps every rule; asked only of those that are to be used, for it takes time."""
        if column not in self._sound:
            self._sound[column] = self.sound(column.person, column.tour, column.offsets)
        return self._sound[column]

    def known(self, person: int, tour: Tour, offsets: Mapping[int, Offsets]) -> Column | None:
        """The column of a tour; None where it was never added."""
        number = self._known.get(_key(person, tour, offsets))
        return None if number is None else self.found[number]

    def place(self, skills: int, slot: int) -> int:
        """Place of a skill set and slot, `NOWHERE` where nobody of it is wanted."""
        places = self.demanded.places
        known = skills != NO_SKILLS and slot < places.shape[1]
        return int(places[skills, slot]) if known else NOWHERE

    def changed_days(self, person: int, tour: Tour) -> list[int]:
        """Days on which a tour has another shift than the one that stands."""
        numbers = self.people[person].numbers
        return [day for day, number in sorted(tour.items()) if numbers.get(day) != number]

    def made(self, person: int, tour: Tour, offsets: Mapping[int, Offsets]) -> Column:
        """A tour of somebody as a column."""
        who = self.people[person]
        shares: dict[int, float] = {}
        cost = self.overtime(person, tour) - who.overtime
        for day, shift in who.standing.items():
            if tour.get(day, UNLISTED) != who.numbers[day] or who.numbers[day] == UNLISTED:
                cost -= self.work.standing_cost(who.agent, shift)
                self._count(shares, who, self.work.standing_presence(shift), -1.0)
        for day in self.changed_days(person, tour):
            cost += float(self.work.costs(who.agent)[tour[day]])
            self._count(shares, who, self.work.presence(tour[day], offsets[day]), 1.0)
        entries = {place: share for place, share in shares.items() if abs(share) > 1e-12}
        return Column(
            person,
            tour,
            dict(offsets),
            cost,
            np.array(list(entries), dtype=np.int64),
            np.array(list(entries.values())),
        )

    def _count(self, shares: dict[int, float], who: Person, presence: Presence, sign: float) -> None:
        for slot, share in zip(*presence, strict=True):
            place = self.place(who.skills, int(slot))
            if place != NOWHERE:
                shares[place] = shares.get(place, 0.0) + sign * float(share)

    @cached_property
    def _base(self) -> Arrays:
        return self.demanded.arrays

    @property
    def presence_rows(self) -> slice:
        """Rows that tie the people present to tours."""
        first = self._base.row_lower.size
        return slice(first, first + self.there.size)

    @property
    def person_rows(self) -> slice:
        """Rows that give each person one tour."""
        first = self.presence_rows.stop
        return slice(first, first + len(self.people))

    @property
    def first_tour(self) -> int:
        """Number of the first column of a tour."""
        return self._base.cost.size

    @cached_property
    def without_tours(self) -> Arrays:
        """The programme of what is missed, its people present tied to those that stand, without any tour."""
        base, places = self._base, self.there.size
        tied = sparse.csr_array(
            (np.ones(places), (np.arange(places), self.demanded.columns)), shape=(places, base.cost.size)
        )
        return Arrays(
            cost=base.cost,
            lower=base.lower,
            upper=base.upper,
            integer=np.zeros(base.cost.size, dtype=bool),
            matrix=sparse.csr_array(sparse.vstack([base.matrix, tied], format="csr")),
            row_lower=np.r_[base.row_lower, np.full(places, -INFINITY)],
            row_upper=np.r_[base.row_upper, self.there],
            offset=base.offset + self.standing_cost,
        )

    def programme(self, *, integer: bool = False) -> Arrays:
        """The programme over the tours found so far; its last row counts changes."""
        base, found = self.without_tours, self.found
        people, tours = len(self.people), len(found)
        must = np.array([person.must for person in self.people], dtype=bool)
        most = INFINITY if self.budget.most is None else float(self.budget.most)
        lengths = [column.places.size for column in found]
        entries = np.concatenate([column.places for column in found] or [np.zeros(0, dtype=np.int64)])
        shares = np.concatenate([column.shares for column in found] or [np.zeros(0)])
        added = sparse.csr_array(
            (-shares, (entries + self.presence_rows.start, np.repeat(np.arange(tours), lengths))),
            shape=(base.row_lower.size, tours),
        )
        owners = np.array([column.person for column in found], dtype=np.int64)
        choice = sparse.csr_array((np.ones(tours), (owners, np.arange(tours))), shape=(people, tours))
        matrix = sparse.block_array(
            [[base.matrix, added], [None, choice], [None, sparse.csr_array(np.ones((1, tours)))]],
            format="csr",
        )
        return Arrays(
            cost=np.r_[base.cost, [column.cost + self.budget.price for column in found]],
            lower=np.r_[base.lower, np.zeros(tours)],
            upper=np.r_[base.upper, np.ones(tours)],
            integer=np.r_[np.zeros(base.cost.size, dtype=bool), np.full(tours, integer)],
            matrix=matrix,
            row_lower=np.r_[base.row_lower, np.where(must, 1.0, -INFINITY), -INFINITY],
            row_upper=np.r_[base.row_upper, np.ones(people), most],
            offset=base.offset,
        )


def _key(person: int, tour: Tour, offsets: Mapping[int, Offsets]) -> tuple[object, ...]:
    return person, tuple(sorted(tour.items())), tuple(sorted(offsets.items()))
