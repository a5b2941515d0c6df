"""What the days before a roster leave behind: a run of working days, and rest that is still due."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.domain import Assignment, Contract, ShiftPattern
from scheduling.rosters.duties import ALWAYS
from scheduling.shifts import Horizon, Shift

Before = Mapping[str, Mapping[int, Shift]]
"""Shifts worked before the horizon, by person and by day; the day before its first is -1."""


@dataclass(frozen=True, slots=True, order=True)
class Tail:
    """How somebody comes into the first day.

    Parameters
    ----------
    run
        Days worked up to then without a day of rest.
    tired_min
        Instant from which the person is rested, `ALWAYS` where that is so from the beginning.
    """

    run: int = 0
    tired_min: int = ALWAYS

    def at_start(self, starts: Sequence[int]) -> Tail:
        """The same with the first of some ascending starts that somebody rested then may work."""
        at = bisect_left(starts, self.tired_min)
        tired_min = starts[at] if 0 < at < len(starts) else ALWAYS if at == 0 else self.tired_min
        return Tail(self.run, tired_min)


FRESH = Tail()


def tail_of(worked: Mapping[int, Shift], contract: Contract) -> Tail:
    """What shifts before the first day leave behind."""
    run = 0
    while -run - 1 in worked:
        run += 1
    rest_min = round(60 * contract.min_rest_h)
    free_min = max((shift.end_min + rest_min for shift in worked.values()), default=ALWAYS)
    return Tail(run, max(free_min, ALWAYS))


def worked_before(
    assignments: Iterable[Assignment], patterns: Iterable[ShiftPattern], horizon: Horizon
) -> Before:
    """Read the assignments that begin before a horizon as shifts told by its clock."""
    by_id = {pattern.id: pattern for pattern in patterns}
    found: dict[str, dict[int, Shift]] = defaultdict(dict)
    for assignment in assignments:
        day = (assignment.day - horizon.first).days
        if day < 0:
            found[assignment.agent_id][day] = Shift(
                by_id[assignment.pattern],
                day,
                horizon.elapsed_min(assignment.start),
                horizon.elapsed_min(assignment.end),
                horizon.midnight_min(day + 1),
            )
    return found
