"""Queues: streams of contacts, with their channel, opening hours and target."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from data.domain.invariants import require, zone
from data.domain.targets import Target
from data.shrinkage import Availability, Shrinkage, overlapping
from data.week import WeekSpan

INTERVALS_MIN = (15, 30, 60)
"""Interval lengths a queue may have."""

MOST_AT_ONCE = 100
"""Contacts one agent can handle at once."""

USUAL_DEADLINE_H = 24.0
"""Within how many opening hours contacts that can wait are to be handled where the queue does not say."""

LONGEST_DEADLINE_H = 8760.0
"""A year of opening hours."""


class Channel(StrEnum):
    """How contacts of a queue arrive and wait."""

    VOICE = "voice"
    CHAT = "chat"
    CALLBACK = "callback"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningSpan(WeekSpan):
    """Opening hours on some weekdays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One stream of contacts with one target.

    Parameters
    ----------
    id
        Name, unique in the workspace.
    channel
        Voice, chat, callback or deferred.
    skill
        Skill an agent needs for it.
    target
        What is to be reached.
    hours
        Opening spans; together they are the opening hours.
    timezone
        IANA name of the zone the hours are in.
    interval_min
        Planning step: 15, 30 or 60.
    patience_s
        Mean time a contact waits before it abandons; call-backs and deferred contacts do not, and have none.
    concurrency
        Contacts one agent handles at once.
    deadline_h
        Opening hours of the queue within which a call-back or deferred contact is to be begun, from its arrival on;
        hours the queue is closed do not count. None means `USUAL_DEADLINE_H`. Other channels have none.
    priority
        Higher is served first by agents who have several queues.
    shrinkage
        Share of paid time not available for contacts at any time, 0 ≤ x < 1.
    shrinkages
        What causes take besides, each at its time of the week; spans of one cause do not overlap.
    adherence
        Share of time people spend in the activity planned for it, 0 < x ≤ 1.
    availability
        Factors on what is left, fitted from history; they do not overlap, and where there is none it is 1.
    """

    id: str
    channel: Channel = Channel.VOICE
    skill: str = ""
    target: Target = field(default_factory=Target)
    hours: tuple[OpeningSpan, ...] = (OpeningSpan(),)
    timezone: str = "UTC"
    interval_min: int = 30
    patience_s: float = 180.0
    concurrency: int = 1
    deadline_h: float | None = None
    priority: int = 0
    shrinkage: float = 0.0
    shrinkages: tuple[Shrinkage, ...] = ()
    adherence: float = 1.0
    availability: tuple[Availability, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.id), "id", "a queue needs a name.")
        if not self.skill:
            object.__setattr__(self, "skill", self.id)
        zone(self.timezone)
        name = f"queue {self.id!r}"
        require(
            self.interval_min in INTERVALS_MIN,
            "interval_min",
            f"{name}: interval_min is 15, 30 or 60, not {self.interval_min}.",
        )
        require(
            0 < self.patience_s < math.inf,
            "patience_s",
            f"{name}: patience_s must be finite and above 0, not {self.patience_s}. "
            "Give the mean time a contact waits before it gives up; if none ever does, a day (86400).",
        )
        require(
            1 <= self.concurrency <= MOST_AT_ONCE,
            "concurrency",
            f"{name}: concurrency must be at least 1 and at most {MOST_AT_ONCE}, not {self.concurrency}.",
        )
        require(
            self.deadline_h is None or self.can_wait,
            "deadline_h",
            f"{name}: deadline_h is for callback and deferred queues, this one is {self.channel}. Leave it empty.",
        )
        require(
            self.deadline_h is None or 0 < self.deadline_h <= LONGEST_DEADLINE_H,
            "deadline_h",
            f"{name}: deadline_h must be above 0 and at most {LONGEST_DEADLINE_H:g} opening hours, "
            f"not {self.deadline_h}.",
        )
        require(
            0 <= self.shrinkage < 1,
            "shrinkage",
            f"{name}: shrinkage lies in 0 ≤ x < 1, not {self.shrinkage}. Give 0.3 for 30 %.",
        )
        require(
            0 < self.adherence <= 1,
            "adherence",
            f"{name}: adherence lies in 0 < x ≤ 1, not {self.adherence}. Give 0.95 for 95 %.",
        )
        for cause in sorted({part.cause for part in self.shrinkages}):
            require(
                not overlapping(part for part in self.shrinkages if part.cause == cause),
                "shrinkages",
                f"{name}: two shares of shrinkage {cause!r} hold at the same time. Give one for each time.",
            )
        require(
            not overlapping(self.availability),
            "availability",
            f"{name}: two availability factors hold at the same time. Give one for each time.",
        )
        require(bool(self.hours), "hours", f"{name}: it needs at least one opening span.")
        for span in self.hours:
            for at in ("open_min", "close_min"):
                whole = getattr(span, at) % self.interval_min == 0
                require(whole, at, f"{name}: opening hours must fall on its {self.interval_min} min grid.")

    @property
    def out_of_reach(self) -> tuple[str, ...]:
        """Shares of its target that no number of agents reaches: all of contacts that may hang up at once."""
        if self.can_wait:
            return ()
        return tuple(
            name
            for name in ("answer_rate", "interval_floor", "service_level")
            if getattr(self.target, name) == 1
        )

    @property
    def can_wait(self) -> bool:
        """Whether its contacts wait until their deadline, instead of abandoning: call-backs and deferred work."""
        return self.channel in {Channel.CALLBACK, Channel.DEFERRED}

    @property
    def due_within_h(self) -> float:
        """Opening hours within which a contact that can wait is to be begun, `deadline_h` or its default."""
        return USUAL_DEADLINE_H if self.deadline_h is None else self.deadline_h
