"""What the days before a roster leave behind: a run of working days, and rest that is still due."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from data.domain import Assignment, BreakRule, Contract, ShiftPattern
from data.errors import Fault
from data.week import DAY_MIN
from scheduling.rosters.day_rules import DayRule
from scheduling.rosters.duties import ALWAYS, free_from_min
from scheduling.shifts import Horizon, Shift, a_day_later

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
    days, minutes
        Days and paid minutes worked in the week that the first day tears.
    due_min
        Paid minutes that week still asks for.
    memories
        What each of the contract's `day_rules` remembers; empty where nothing was worked.
    """

    run: int = 0
    tired_min: int = ALWAYS
    days: int = 0
    minutes: int = 0
    due_min: int = 0
    memories: tuple[tuple[int, ...], ...] = ()

    @property
    def of_week(self) -> Tail:
        """What the torn week's hours tell, without runs and rest."""
        return Tail(days=self.days, minutes=self.minutes, due_min=self.due_min)

    def at_start(self, starts: Sequence[int]) -> Tail:
        """The same with the first of some ascending starts that somebody rested then may work."""
        at = bisect_left(starts, self.tired_min)
        tired_min = starts[at] if 0 < at < len(starts) else ALWAYS if at == 0 else self.tired_min
        return replace(self, tired_min=tired_min)


FRESH = Tail()


def tail_of(
    worked: Mapping[int, Shift],
    contract: Contract,
    rules: Iterable[DayRule] = (),
    *,
    weekday: int = 0,
    least_h: float = 0.0,
) -> Tail:
    """What shifts before the first day leave behind.

    Parameters
    ----------
    worked
        Shifts by day, below 0.
    contract
        Its rest.
    rules
        What else is kept day by day.
    weekday
        Of the first day, 0 for Monday: so many days of its week lie before it.
    least_h
        Hours that week should hold.
    """
    run = 0
    while -run - 1 in worked:
        run += 1
    free_min = max((round(free_from_min(contract, shift)) for shift in worked.values()), default=ALWAYS)
    torn = [shift for day, shift in worked.items() if day >= -weekday]
    minutes = sum(shift.pattern.paid_min for shift in torn)
    due_min = max(0, round(60 * least_h) - minutes)
    memories = tuple(rule.begin(worked) for rule in rules)
    return Tail(run, max(free_min, ALWAYS), len(torn), minutes, due_min, memories)


def worked_before(
    assignments: Iterable[Assignment], patterns: Iterable[ShiftPattern], horizon: Horizon
) -> Before:
    """Read the assignments that begin before a horizon as shifts told by its clock, one a day.

    What counts is what was worked: where a pattern is another by now, or a day had two shifts, a pattern as long and as
    well paid stands for it.
    """
    by_id = {pattern.id: pattern for pattern in patterns}
    days: dict[tuple[str, int], list[Assignment]] = defaultdict(list)
    for assignment in assignments:
        day = (assignment.day - horizon.first).days
        if day < 0:
            days[assignment.agent_id, day].append(assignment)
    found: dict[str, dict[int, Shift]] = defaultdict(dict)
    for (agent_id, day), worked in days.items():
        start_min = min(horizon.elapsed_min(shift.start) for shift in worked)
        end_min = max(horizon.elapsed_min(shift.end) for shift in worked)
        paid_min = round(sum((shift.paid for shift in worked), timedelta()) / timedelta(minutes=1))
        known = by_id.get(worked[0].pattern)
        if known is None or (known.length_min, known.paid_min) != (end_min - start_min, paid_min):
            known = _stand_in(worked[0].pattern, end_min - start_min, paid_min)
        tomorrow_min = horizon.elapsed_min(a_day_later(horizon.instant(start_min), horizon.timezone))
        found[agent_id][day] = Shift(
            known, day, start_min, end_min, horizon.midnight_min(day + 1), tomorrow_min
        )
    return found


def _stand_in(name: str, length_min: int, paid_min: int) -> ShiftPattern:
    """A pattern of that name with so many minutes, and so many of them paid."""
    # At most a day long and never without pay, or it were no pattern; hand edits may be either.
    length_min = min(length_min, DAY_MIN)
    unpaid_min = min(length_min - paid_min, length_min - 1)
    if unpaid_min <= 0:
        return ShiftPattern(id=name, length_min=length_min)
    rest = BreakRule(kind="break", length_min=unpaid_min, earliest_min=0, latest_min=0, paid=False)
    return ShiftPattern(id=name, length_min=length_min, breaks=(rest,))


def before_faults(before: Iterable[Assignment], horizon: Horizon) -> list[Fault]:
    """Faults of what is said to have been worked before a horizon."""
    late = [shift for shift in before if shift.day >= horizon.first]
    if not late:
        return []
    reason = f"{len(late)} shifts worked before the roster begin on its first day or later, {horizon.first}"
    shift = late[0]
    return [Fault("before", None, "day", f"{shift.agent_id} on {shift.day}", reason, "Leave them out.")]
