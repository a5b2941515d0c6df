"""People who all differ, the shifts they may work and the cover that is wanted, without clock times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from data.errors import InputError

REST = 0
"""The duty of a day without a shift; shift type number j is duty j + 1."""


@dataclass(frozen=True, slots=True)
class ShiftType:
    """A shift that can be worked on any day.

    Parameters
    ----------
    name
        As it is called.
    length_min
        Working time.
    never_before
        Names of the shift types that may not be worked on the day after it.
    """

    name: str
    length_min: int
    never_before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLimits:
    """What a contract allows within the horizon.

    A run of days worked or a rest that begins on the first day or ends on the last one may go on outside the
    horizon, so that its least length is not asked of it; its greatest length is counted within the horizon.

    Parameters
    ----------
    least_min, most_min
        Working time.
    longest_run, shortest_run
        Days worked in a row.
    shortest_rest
        Days off in a row.
    most_weekends
        Weekends on at least one day of which a shift is worked.
    """

    least_min: int
    most_min: int
    longest_run: int
    shortest_run: int
    shortest_rest: int
    most_weekends: int


@dataclass(frozen=True, slots=True)
class Person:
    """Who is rostered.

    Parameters
    ----------
    name
        As the person is called.
    limits
        Of the contract.
    most
        Greatest number of shifts by type's name; types that are not named are not worked.
    days_off
        Days without work, counted from 0.
    before, after
        Duties of all days before the horizon and after it, where the horizon is a part of a longer one: they and
        what is within must fit together in follow-ups, runs and rests. `limits` and `most` are for what is within.
    """

    name: str
    limits: WorkLimits
    most: Mapping[str, int]
    days_off: frozenset[int] = frozenset()
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """How many people are wanted, arrays of days × duties whose column for rest is 0.

    Parameters
    ----------
    wanted
        People.
    under, over
        Price of each person missing, and of each too many.
    """

    wanted: np.ndarray
    under: np.ndarray
    over: np.ndarray

    def price(self, there: np.ndarray) -> float:
        """Price of that many people, days × duties."""
        missing = self.wanted - there
        return float((self.under * np.maximum(missing, 0) + self.over * np.maximum(-missing, 0)).sum())

    def price_of_one_more(self, there: np.ndarray) -> np.ndarray:
        """What one person more changes the price by, days × duties."""
        return np.where(there < self.wanted, -self.under, self.over)


@dataclass(frozen=True)
class NamedProblem:
    """A tour for everybody at the least price of wishes and cover.

    Parameters
    ----------
    shifts, people
        Who may work what.
    weekends
        Per day the number of its weekend, −1 on other days; a weekend is one day or two in a row.
    wishes
        Price of each duty: people × days × duties.
    cover
        What is wanted.
    """

    shifts: tuple[ShiftType, ...]
    people: tuple[Person, ...]
    weekends: np.ndarray
    wishes: np.ndarray = field(repr=False)
    cover: Cover = field(repr=False)

    def __post_init__(self) -> None:
        shape = (len(self.people), self.days, len(self.shifts) + 1)
        wanted = (self.cover.wanted, self.cover.under, self.cover.over)
        if self.wishes.shape != shape or any(array.shape != shape[1:] for array in wanted):
            raise InputError(
                f"Wishes must be {shape} and cover {shape[1:]}: people × days × (rest and shifts)."
            )
        numbers, sizes = np.unique(self.weekends[self.weekends >= 0], return_counts=True)
        for number, size in zip(numbers, sizes, strict=True):
            if np.ptp(np.flatnonzero(self.weekends == number)) != size - 1 or size > 2:
                raise InputError(f"Weekend {number} must be one day or two days in a row.")

    @property
    def days(self) -> int:
        """Length of the horizon."""
        return self.weekends.size

    @cached_property
    def integral(self) -> bool:
        """Whether every price is whole, so that a bound can be rounded up."""
        prices = (self.wishes, self.cover.under, self.cover.over)
        return all(bool((array == np.round(array)).all()) for array in prices)

    def there(self, tours: np.ndarray) -> np.ndarray:
        """Number of people by day and duty, 0 for rest; `tours` is people × days of duties."""
        counts = np.zeros(self.wishes.shape[1:], dtype=np.int64)
        np.add.at(counts, (np.broadcast_to(np.arange(self.days), tours.shape), tours), 1)
        counts[:, REST] = 0
        return counts

    def price(self, tours: np.ndarray) -> float:
        """Price of a roster, people × days of duties."""
        wishes = np.take_along_axis(self.wishes, tours[:, :, None], axis=2)
        return float(wishes.sum()) + self.cover.price(self.there(tours))
