"""Rules that a tour keeps day by day, from what each remembers: networks hold them as states, names ask them.

A rule tells what it sees of a shift, what the days before a roster leave to remember, and what there is to remember
after one more day; where there is nothing, the day breaks it. Each is the twin of one in `scheduling.rules`, which
judges whole tours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from data.domain import Contract
from scheduling.rules.by_sequence import WEEKENDS, clock_min
from scheduling.shifts import Horizon, Shift
from scheduling.unsocial import SATURDAY, at_night

Seen = tuple[int, ...]
"""What a rule sees of a shift; shifts of which it sees the same are the same to it."""
Memory = tuple[int, ...]
"""What a rule remembers of a tour up to a day."""
Worked = Mapping[int, Shift]
"""Shifts before the first day, by day below 0."""
NIGHT = (1,)


class DayRule(Protocol):
    """A rule a tour keeps day by day."""

    @property
    def coarse(self) -> bool:
        """Whether networks that do not look at rest hold it too."""

    def sees(self, shift: Shift) -> Seen:
        """What it sees of a shift."""

    def begin(self, worked: Worked) -> Memory:
        """What it remembers of the days before the first; of none where nothing is known."""

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """What there may be to remember after a day, None for one of rest; nothing where the day breaks the rule.

        Several are several ways to go on: whichever is taken, the rule holds.
        """


@dataclass(frozen=True)
class ConsecutiveNights:
    """So many nights in a row at most; remembered is how many there are, see `by_sequence.consecutive_nights`."""

    most: int
    horizon: Horizon
    coarse: bool = True

    def sees(self, shift: Shift) -> Seen:
        """Whether it is a night."""
        start, end = (self.horizon.instant(minute) for minute in (shift.start_min, shift.end_min))
        return (int(at_night(start, end, self.horizon.timezone)),)

    def begin(self, worked: Worked) -> Memory:
        """Nights in a row up to the first day."""
        run = 0
        while -run - 1 in worked and self.sees(worked[-run - 1]) == NIGHT:
            run += 1
        return (run,)

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:  # noqa: ARG002 - a protocol's
        """One night more, or none."""
        (run,) = memory
        if seen != NIGHT:
            return ((0,),)
        return ((run + 1,),) if run < self.most else ()


@dataclass(frozen=True)
class WeekendsOff:
    """So many of any four weekends off at least, see `by_sequence.weekends_off`.

    Remembered are the weeks before, newest last, and this one: 1 where its weekend is worked.

    Parameters
    ----------
    least
        Weekends off.
    horizon
        The days.
    alternates
        Whether no two weekends running are worked, more than the rule asks for. Where two of four are off and weeks are
        solved one after another, people who work the first two would leave the next two to half as many.
    """

    least: int
    horizon: Horizon
    alternates: bool = False
    coarse: bool = True

    def sees(self, shift: Shift) -> Seen:  # noqa: ARG002 - a protocol's
        """Nothing but that there is one."""
        return ()

    def begin(self, worked: Worked) -> Memory:
        """Weekends before, and in a week torn by the first day its own, so far."""
        memory: Memory = (0,) * WEEKENDS
        for day in range(-7 * WEEKENDS - self.horizon.first.weekday(), 0):
            memory = self._remembered(memory, day, works=day in worked)
        return memory

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """Its weekend among the others."""
        found = self._remembered(memory, day, works=seen is not None)
        works = seen is not None and self.horizon.day(day).weekday() >= SATURDAY
        barred = WEEKENDS - sum(found) < self.least or (self.alternates and found[-2])
        return () if works and barred else (found,)

    def _remembered(self, memory: Memory, day: int, *, works: bool) -> Memory:
        weekday = self.horizon.day(day).weekday()
        if weekday == 0:
            memory = (*memory[1:], 0)
        return (*memory[:-1], 1) if works and weekday >= SATURDAY else memory


@dataclass(frozen=True)
class StartSpread:
    """A week's starts within so many minutes, see `by_sequence.start_spread`.

    The first shift of a week chooses among windows of starts, `most_min` long, and the others keep to it. Remembered are
    the first and the last window there are to choose from.

    Parameters
    ----------
    most_min
        Length of a window.
    anchors
        First start of each window, ascending; no window's starts are all among another's.
    horizon
        The days.
    """

    most_min: int
    anchors: tuple[int, ...]
    horizon: Horizon
    coarse: bool = True

    @classmethod
    def over(cls, most_min: int, shifts: Iterable[Shift], horizon: Horizon) -> StartSpread:
        """The rule over all windows that these shifts tell apart."""
        starts = sorted({clock_min(horizon.instant(shift.start_min), horizon.timezone) for shift in shifts})
        anchors: list[int] = []
        reached = -1
        for start in starts:
            last = max(other for other in starts if other <= start + most_min)
            if last > reached:
                anchors.append(start)
                reached = last
        return cls(most_min, tuple(anchors), horizon)

    def sees(self, shift: Shift) -> Seen:
        """When it begins by the clock."""
        return (clock_min(self.horizon.instant(shift.start_min), self.horizon.timezone),)

    def begin(self, worked: Worked) -> Memory:
        """Windows that hold the starts of a week torn by the first day."""
        torn = self.horizon.first.weekday()
        held = [self._windows(self.sees(shift)) for day, shift in worked.items() if day >= -torn]
        return max((begin for begin, _ in held), default=0), min(
            (end for _, end in held), default=len(self.anchors) - 1
        )

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """The windows that hold the start, each for itself."""
        first, last = memory
        if self.horizon.day(day).weekday() == 0:
            first, last = 0, len(self.anchors) - 1
        if seen is None:
            return ((first, last),)
        begin, end = self._windows(seen)
        return tuple((n, n) for n in range(max(first, begin), min(last, end) + 1))

    def _windows(self, seen: Seen) -> tuple[int, int]:
        """The first and the last window that hold a start."""
        (start,) = seen
        return bisect_left(self.anchors, start - self.most_min), bisect_right(self.anchors, start) - 1


@dataclass(frozen=True)
class DaysOffTogether:
    """So many days off together at least, see `by_sequence.days_off_together`; remembered is how many there are."""

    least: int
    horizon: Horizon
    coarse: bool = True

    def sees(self, shift: Shift) -> Seen:  # noqa: ARG002 - a protocol's
        """Nothing but that there is one."""
        return ()

    def begin(self, worked: Worked) -> Memory:
        """Days since the last shift; enough where there was none."""
        return (min(-1 - max(worked, default=-1 - self.least), self.least),)

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:  # noqa: ARG002 - a protocol's
        """One day off more, or none."""
        (off,) = memory
        if seen is None:
            return ((min(off + 1, self.least),),)
        return () if 0 < off < self.least else ((0,),)


def contract_rules(
    contract: Contract,
    shifts: Sequence[Shift],
    worked: Iterable[Worked],
    horizon: Horizon,
    *,
    goes_on: bool = False,
) -> list[DayRule]:
    """Rules of a contract that are kept day by day; none where it asks for none.

    Parameters
    ----------
    contract, shifts
        What it asks for, and what it may work.
    worked
        What its people worked before the first day.
    horizon
        The days.
    goes_on
        Whether weeks of the same roster follow, for which something is to be left.
    """
    found: list[DayRule] = []
    if contract.max_consecutive_nights is not None:
        found.append(ConsecutiveNights(contract.max_consecutive_nights, horizon))
    if contract.min_weekends_off:
        alternates = goes_on and 2 * contract.min_weekends_off == WEEKENDS
        found.append(WeekendsOff(contract.min_weekends_off, horizon, alternates))
    if contract.max_start_spread_min is not None:
        known = [*shifts, *(shift for own in worked for shift in own.values())]
        found.append(StartSpread.over(contract.max_start_spread_min, known, horizon))
    if contract.min_consecutive_days_off > 1:
        found.append(DaysOffTogether(contract.min_consecutive_days_off, horizon))
    return found
