"""What planners change about a forecast: a total set, a share more or less, contacts more or less, over a span."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.errors import InputError

LARGEST_FACTOR = 100.0
"""A share beyond this is a slip of the keyboard."""
LARGEST_CONTACTS = 1e7


class OverrideKind(StrEnum):
    """How an override changes the contacts of its span."""

    SET = "set"
    SCALE = "scale"
    ADD = "add"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One planner's change to the forecast of one queue.

    Parameters
    ----------
    id
        Unique in the workspace; "" lets the workspace number it.
    queue
        Queue it is for.
    start, end
        Instants with a zone, [start, end); intervals that start in it are changed.
    kind, value
        SET: contacts of the whole span; SCALE: share more or less, 0.1 for ten per cent more; ADD: contacts more or
        less over the whole span. Within the span they follow the forecast's own shape.
    by, reason
        Whose change it is, and why.
    expires_at
        From this instant on it no longer counts in new plans; None: it does not expire.
    created_at
        Set from the workspace's clock when it is saved.
    withdrawn_at, withdrawn_by
        When and by whom it was taken back; None and "" while it holds.

    Raises
    ------
    InputError
        The span is empty or has no zone, the value makes no sense, or name or reason is missing.
    """

    id: str = ""
    queue: str
    start: datetime
    end: datetime
    kind: OverrideKind
    value: float
    by: str
    reason: str
    expires_at: datetime | None = None
    created_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""

    def __post_init__(self) -> None:
        name = f"override of queue {self.queue!r}"
        for moment in (self.start, self.end, self.expires_at):
            if moment is not None and moment.tzinfo is None:
                raise InputError(f"{name}: {moment} has no time zone. Give one.")
        if self.start >= self.end:
            raise InputError(
                f"{name}: it ends at {self.end}, not after its start {self.start}. Give a later end."
            )
        if not self.by.strip() or not self.reason.strip():
            raise InputError(f"{name}: it needs a name and a reason. Say who changes the forecast, and why.")
        if not math.isfinite(self.value):
            raise InputError(f"{name}: {self.value} is not a number of contacts or a share. Give one.")
        if self.kind is OverrideKind.SCALE and not -1 <= self.value <= LARGEST_FACTOR:
            raise InputError(
                f"{name}: a share of {self.value:+.0%} cannot be. Give one from -100 % to +{LARGEST_FACTOR:.0%}."
            )
        if self.kind is OverrideKind.SET and self.value < 0:
            raise InputError(f"{name}: {self.value:g} contacts cannot be. Give 0 or more.")
        if abs(self.value) > LARGEST_CONTACTS:
            raise InputError(f"{name}: {self.value:g} contacts cannot be. Give at most {LARGEST_CONTACTS:g}.")

    def holds_at(self, moment: datetime) -> bool:
        """Whether it counts in what is planned at an instant."""
        made = self.created_at is not None and self.created_at <= moment
        expired = self.expires_at is not None and self.expires_at <= moment
        withdrawn = self.withdrawn_at is not None and self.withdrawn_at <= moment
        return made and not expired and not withdrawn
