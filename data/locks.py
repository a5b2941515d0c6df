"""Locks: days of a person that stay as they are, or as somebody says, whatever a solver would like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from data.errors import InputError
from data.week import DAY_MIN


class LockKind(StrEnum):
    """What a lock holds a person's day to."""

    HELD = "held"
    """As it stands in the roster, breaks included."""
    SHIFT = "shift"
    """A pattern at a start; its breaks are placed anew."""
    OFF = "off"
    """No shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Days of one person that a solver may not change.

    Parameters
    ----------
    id
        Unique in the workspace; "" lets the workspace number it.
    roster
        Roster it is for; it stays with the name when the roster is replaced.
    agent_id
        Person.
    first, last
        Local days, both included.
    kind
        What the days are held to.
    pattern, start_min
        With `LockKind.SHIFT`: the pattern, and what the clock shows at its start, in minutes from local midnight.
    by, reason
        Who locks the days, and why; the workspace asks for both.
    created_at
        Set from the workspace's clock when it is saved.
    withdrawn_at, withdrawn_by
        When and by whom it was taken back; None and "" while it holds.

    Raises
    ------
    InputError
        The days run backwards, or pattern and start do not go with the kind.
    """

    id: str = ""
    roster: str = ""
    agent_id: str
    first: date
    last: date
    kind: LockKind = LockKind.HELD
    pattern: str = ""
    start_min: int | None = None
    by: str = ""
    reason: str = ""
    created_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(
                f"lock of {self.agent_id}: {self.last} comes before {self.first}. Swap the days."
            )
        fixed = self.kind is LockKind.SHIFT
        if fixed != bool(self.pattern) or fixed != (self.start_min is not None):
            raise InputError(
                f"lock of {self.agent_id} from {self.first}: a pattern and a start belong to a lock to a shift, and to "
                "no other. Give both or neither."
            )
        if self.start_min is not None and not 0 <= self.start_min < DAY_MIN:
            raise InputError(
                f"lock of {self.agent_id} from {self.first}: a shift starts between 00:00 and 23:59 of its day."
            )

    @property
    def days(self) -> tuple[date, ...]:
        """Every day it holds."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def held_to(self) -> str:
        """What it holds the days to, in a few words, such as "day_9h at 08:30"."""
        if self.kind is LockKind.SHIFT and self.start_min is not None:
            return f"{self.pattern} at {self.start_min // 60:02d}:{self.start_min % 60:02d}"
        return "off" if self.kind is LockKind.OFF else "as it stands"

    def __str__(self) -> str:
        span = f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"
        name = f" ({self.id})" if self.id else ""
        return f"{self.agent_id} on {span}, {self.held_to}{name}"
