"""Rosters: shifts as they were placed, and the rules they break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from data.domain.invariants import require, zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A break as it was placed."""

    kind: str
    start: datetime
    end: datetime
    paid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedActivity:
    """A session of an activity (`data.activities`) as a person has it inside a shift; it is paid.

    Who has the same activity from the same instant on sits in the same session.

    Parameters
    ----------
    activity
        Name of the activity.
    kind
        What it is, such as training.
    start, end
        Aware instants, half-open.
    """

    activity: str
    kind: str
    start: datetime
    end: datetime

    @property
    def paid(self) -> bool:
        """True: what is asked of people in their shifts is work."""
        return True


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """Time that passes; Python subtracts two instants of one zone by their wall clocks, wrong across a DST change."""
    return end.astimezone(UTC) - start.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One person's shift on one day, with its breaks and activities.

    Parameters
    ----------
    agent_id
        Person.
    day
        Local day the shift begins on.
    pattern
        Pattern it was made from.
    start, end
        Aware instants, half-open.
    breaks
        In order, inside the shift.
    activities
        In order, inside the shift and outside its breaks.
    """

    agent_id: str
    day: date
    pattern: str
    start: datetime
    end: datetime
    breaks: tuple[Break, ...] = ()
    activities: tuple[PlacedActivity, ...] = ()

    def __post_init__(self) -> None:
        aware = self.start.tzinfo is not None and self.end.tzinfo is not None
        require(aware, "start", f"{self.agent_id} on {self.day}: shift times need a time zone.")
        forward = _elapsed(self.start, self.end) > timedelta()
        require(forward, "end", f"{self.agent_id} on {self.day}: the shift ends before it starts.")

    @property
    def paid(self) -> timedelta:
        """Paid time: the shift without its unpaid breaks."""
        unpaid = sum((_elapsed(rest.start, rest.end) for rest in self.breaks if not rest.paid), timedelta())
        return _elapsed(self.start, self.end) - unpaid

    @property
    def away(self) -> tuple[Break | PlacedActivity, ...]:
        """Breaks and activities by their start: when the person takes no contacts."""
        if not self.activities:
            return self.breaks
        return tuple(sorted((*self.breaks, *self.activities), key=lambda part: part.start.astimezone(UTC)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All tours over a horizon, under a name.

    Parameters
    ----------
    name
        Unique in the workspace.
    first, days
        Horizon in local days, [first, first + days).
    timezone
        Zone of the local days.
    assignments
        Sorted by person and start.
    """

    name: str
    first: date
    days: int
    timezone: str
    assignments: tuple[Assignment, ...] = ()

    def __post_init__(self) -> None:
        zone(self.timezone)
        require(
            self.days >= 1,
            "days",
            f"roster {self.name!r}: the horizon has at least one day, not {self.days}.",
        )

    @property
    def last(self) -> date:
        """Last day of the horizon, included."""
        return self.first + timedelta(days=self.days - 1)


class Severity(StrEnum):
    """Whether a rule must hold or is only wished for."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule broken at one place.

    Parameters
    ----------
    rule
        The rule's human name.
    agent_id
        Person, None where it touches no single one.
    start
        Instant it begins.
    message
        What is wrong, with names and figures.
    severity
        Hard or soft.
    """

    rule: str
    agent_id: str | None
    start: datetime
    message: str
    severity: Severity = Severity.HARD
