"""What is strange in a history, and what a planner decides about it.

A finding is one strange thing with its span and what was done about it; a decision keeps or drops a span, and so
reverses a finding. Neither changes the history: both only say what a forecast may learn from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.errors import InputError
from data.schema import QUEUE, Column, Schema


class FindingKind(StrEnum):
    """What is strange."""

    MISSING_DAY = "missing_day"
    LOST_DAY = "lost_day"
    PARTLY_KNOWN = "partly_known"
    GAP = "gap"
    LOW_DAY = "low_day"
    HIGH_DAY = "high_day"
    DOUBLED_DAY = "doubled_day"
    COPIED_DAY = "copied_day"
    KNOWN_OUTAGE = "known_outage"
    OUTAGE = "outage"
    SPIKE = "spike"
    CLOSED_THEN = "closed_then"
    CLOSED_SINCE = "closed_since"
    OUTSIDE_HOURS = "outside_hours"
    CLOCK_CHANGE = "clock_change"
    LEVEL_SHIFT = "level_shift"
    DROPPED = "dropped"


class Treatment(StrEnum):
    """What was done about a finding."""

    LEFT_OUT = "left out"
    FILLED = "filled"
    KEPT = "kept"


class Verdict(StrEnum):
    """What a planner decides about a span."""

    KEEP = "keep"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A planner's word on a span of a queue's history; of two on one interval the later in order holds.

    Parameters
    ----------
    queue
        Queue it is for.
    start, end
        Instants, [start, end).
    verdict
        "keep": fit it as it is, whatever seems strange. "drop": fit none of it.
    name
        Who decided.
    reason
        Why.
    """

    queue: str
    start: datetime
    end: datetime
    verdict: Verdict
    name: str
    reason: str

    def __post_init__(self) -> None:
        place = f"decision on queue {self.queue!r}"
        if not self.queue:
            raise InputError("a decision needs the queue it is for.")
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise InputError(f"{place}: start and end need a time zone. Give such as {self.start}+00:00.")
        if not self.start < self.end:
            raise InputError(f"{place}: it starts at {self.start}, not before its end {self.end}. Swap them.")
        if self.verdict not in list(Verdict):
            raise InputError(f"{place}: the verdict is keep or drop, not {self.verdict!r}.")
        object.__setattr__(self, "verdict", Verdict(self.verdict))
        if not self.name.strip() or not self.reason.strip():
            raise InputError(f"{place}: give the name of who decides, and the reason.")


FINDINGS = Schema(
    "findings",
    (
        QUEUE,
        Column("kind", "text", "", "What is strange, one of the kinds of finding"),
        Column("start", "timestamp", "instant", "Start of the span"),
        Column("end", "timestamp", "instant", "End of the span, not included"),
        Column("found", "number", "contacts", "Contacts found in the span", nullable=True, lower=0),
        Column("usual", "number", "contacts", "Contacts usual in such a span", nullable=True, lower=0),
        Column("done", "text", "", "left out, filled or kept"),
        Column("reason", "text", "", "One sentence"),
        Column(
            "confidence",
            "number",
            "fraction",
            "0.5 where it is just beyond its limit, 1 where it is plain",
            lower=0,
            upper=1,
        ),
        Column("decided_by", "text", "", "Who reversed or ordered it; empty where nobody did", nullable=True),
    ),
    ("queue", "kind", "start"),
)


def decisions_on(queue: str, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions on one queue, in their order."""
    return tuple(decision for decision in decisions if decision.queue == queue)
