"""The field's nouns as frozen dataclasses, with their invariants.

Durations carry their unit (_s, _min, _h), fractions are 0–1, spans are half-open, times know their zone.
A weekday is 0 for Monday to 6 for Sunday.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.errors import FieldError, InputError
from data.notices import HolidayNotice
from data.shrinkage import Availability, Shrinkage, overlapping
from data.week import ALL_WEEKDAYS, DAY_MIN, WeekSpan

__all__ = [
    "ALL_WEEKDAYS",
    "DAY_MIN",
    "FIRST_DAY",
    "INTERVALS_MIN",
    "LARGEST_SIZE",
    "LARGEST_UPLIFT",
    "LAST_DAY",
    "LONGEST_OFFSET_DAYS",
    "MOST_AGENTS",
    "MOST_AT_ONCE",
    "WIDEST_WINDOW_DAYS",
    "Agent",
    "Assignment",
    "Break",
    "BreakRule",
    "Channel",
    "Contract",
    "OpeningSpan",
    "Outcome",
    "Peak",
    "PeakKind",
    "Period",
    "Queue",
    "Recurrence",
    "Roster",
    "Severity",
    "ShiftPattern",
    "Status",
    "Target",
    "Violation",
    "Wish",
    "zone",
]

INTERVALS_MIN = (15, 30, 60)
"""Interval lengths a queue may have."""

FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2099, 12, 31)
"""Days anything is said of; calendars thin out long before their ends."""

LONGEST_OFFSET_DAYS = 366
"""A date follows its anchor, or comes before it, by a year at most."""

WIDEST_WINDOW_DAYS = 60
"""Days a peak touches before its date, and after it: each is an effect of its own to be learnt."""

MOST_AGENTS = 10_000
"""Positions on contacts one queue can have at one time."""

MOST_AT_ONCE = 100
"""Contacts one agent can handle at once."""

USUAL_DEADLINE_H = 24.0
"""Within how many opening hours contacts that can wait are to be handled where the queue does not say."""

LONGEST_DEADLINE_H = 8760.0
"""A year of opening hours."""

LARGEST_UPLIFT = 100.0
"""A peak that brings more than a hundred times what there is."""

LARGEST_SIZE = 1e15
"""Sizes of occurrences that meet are added up."""


class Channel(StrEnum):
    """How contacts of a queue arrive and wait."""

    VOICE = "voice"
    CHAT = "chat"
    CALLBACK = "callback"
    DEFERRED = "deferred"


class Period(StrEnum):
    """The span over which a target is counted."""

    INTERVAL = "interval"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class ServiceLevelFormula(StrEnum):
    """What is counted as within the threshold Y, and of what."""

    F1 = "f1"
    """(Answered within Y + abandoned within Y) / offered."""

    F2 = "f2"
    """Answered within Y / answered."""

    F3 = "f3"
    """Answered within Y / offered."""

    F4 = "f4"
    """Answered within Y / (offered − abandoned within Y)."""

    @property
    def label(self) -> str:
        """Name and formula, as a column is headed."""
        return f"{self.name} ({_FORMULAS[self]})"


_FORMULAS = {
    ServiceLevelFormula.F1: "(answered + abandoned in threshold) / offered",
    ServiceLevelFormula.F2: "answered in threshold / answered",
    ServiceLevelFormula.F3: "answered in threshold / offered",
    ServiceLevelFormula.F4: "answered in threshold / (offered − abandoned in threshold)",
}


class PeakKind(StrEnum):
    """What lifts or cuts demand on known dates."""

    BILLING = "billing"
    REPAYMENT = "repayment"
    DIVIDEND = "dividend"
    SESSION = "session"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    PAYDAY = "payday"
    CAMPAIGN = "campaign"
    OUTAGE = "outage"
    EVENT = "event"


def _require(holds: bool, at: str, message: str) -> None:  # noqa: FBT001 - reads as "require that …"
    if not holds:
        raise FieldError(message, at)


def _require_day(day: date, at: str, name: str) -> None:
    _require(
        FIRST_DAY.year <= day.year <= LAST_DAY.year,
        at,
        f"{name}: days lie between {FIRST_DAY} and {LAST_DAY}, not on {day}. Correct the year.",
    )


def _require_cost(name: str, cost_per_h: float) -> None:
    _require(
        0 <= cost_per_h < math.inf,
        "cost_per_h",
        f"{name}: cost_per_h must not be negative or endless, not {cost_per_h}.",
    )


def zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name such as "Asia/Shanghai".

    Raises
    ------
    InputError
        There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:  # "Asia" is a folder of zones
        raise InputError(f"unknown time zone {name!r}. Give an IANA name such as Asia/Shanghai.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What share of contacts is to be answered, and over which span.

    Parameters
    ----------
    answer_rate
        Answered / offered over `period`, 0–1.
    period
        Span the rate is counted over.
    interval_floor
        Least answer rate of any single interval, 0–1.
    service_level, threshold_s
        Share answered within the threshold; both or neither.
    service_level_formula
        What the service level counts, and of what.
    max_asa_s
        Highest mean wait of answered contacts.
    max_occupancy
        Highest busy share of available time, 0–1.
    min_agents
        Least positions in any open interval.
    confidence
        Least probability of reaching `answer_rate`, 0–1.
    """

    answer_rate: float = 0.95
    period: Period = Period.DAY
    interval_floor: float = 0.80
    service_level: float | None = None
    threshold_s: float | None = None
    service_level_formula: ServiceLevelFormula = ServiceLevelFormula.F3
    max_asa_s: float | None = None
    max_occupancy: float | None = None
    min_agents: int = 0
    confidence: float | None = None

    def __post_init__(self) -> None:
        shares = ("answer_rate", "interval_floor", "service_level", "max_occupancy", "confidence")
        for name in shares:
            value = getattr(self, name)
            _require(
                value is None or 0 <= value <= 1,
                name,
                f"{name} must lie between 0 and 1, not {value}. Give 0.95 for 95 %.",
            )
        for name in ("threshold_s", "max_asa_s"):
            value = getattr(self, name)
            _require(
                value is None or 0 <= value < math.inf,
                name,
                f"{name} must not be negative or endless, not {value}.",
            )
        _require(
            (self.service_level is None) == (self.threshold_s is None),
            "service_level" if self.threshold_s is None else "threshold_s",
            "service_level needs threshold_s and the other way round. Give both or neither.",
        )
        _require(
            0 <= self.min_agents <= MOST_AGENTS,
            "min_agents",
            f"min_agents must not be negative and at most {MOST_AGENTS:,}, not {self.min_agents}.",
        )


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
        _require(bool(self.id), "id", "a queue needs a name.")
        if not self.skill:
            object.__setattr__(self, "skill", self.id)
        zone(self.timezone)
        name = f"queue {self.id!r}"
        _require(
            self.interval_min in INTERVALS_MIN,
            "interval_min",
            f"{name}: interval_min is 15, 30 or 60, not {self.interval_min}.",
        )
        _require(
            0 < self.patience_s < math.inf,
            "patience_s",
            f"{name}: patience_s must be finite and above 0, not {self.patience_s}. "
            "Give the mean time a contact waits before it gives up; if none ever does, a day (86400).",
        )
        _require(
            1 <= self.concurrency <= MOST_AT_ONCE,
            "concurrency",
            f"{name}: concurrency must be at least 1 and at most {MOST_AT_ONCE}, not {self.concurrency}.",
        )
        _require(
            self.deadline_h is None or self.can_wait,
            "deadline_h",
            f"{name}: deadline_h is for callback and deferred queues, this one is {self.channel}. Leave it empty.",
        )
        _require(
            self.deadline_h is None or 0 < self.deadline_h <= LONGEST_DEADLINE_H,
            "deadline_h",
            f"{name}: deadline_h must be above 0 and at most {LONGEST_DEADLINE_H:g} opening hours, "
            f"not {self.deadline_h}.",
        )
        _require(
            0 <= self.shrinkage < 1,
            "shrinkage",
            f"{name}: shrinkage lies in 0 ≤ x < 1, not {self.shrinkage}. Give 0.3 for 30 %.",
        )
        _require(
            0 < self.adherence <= 1,
            "adherence",
            f"{name}: adherence lies in 0 < x ≤ 1, not {self.adherence}. Give 0.95 for 95 %.",
        )
        for cause in sorted({part.cause for part in self.shrinkages}):
            _require(
                not overlapping(part for part in self.shrinkages if part.cause == cause),
                "shrinkages",
                f"{name}: two shares of shrinkage {cause!r} hold at the same time. Give one for each time.",
            )
        _require(
            not overlapping(self.availability),
            "availability",
            f"{name}: two availability factors hold at the same time. Give one for each time.",
        )
        _require(bool(self.hours), "hours", f"{name}: it needs at least one opening span.")
        for span in self.hours:
            for at in ("open_min", "close_min"):
                whole = getattr(span, at) % self.interval_min == 0
                _require(whole, at, f"{name}: opening hours must fall on its {self.interval_min} min grid.")

    @property
    def can_wait(self) -> bool:
        """Whether its contacts wait until their deadline, instead of abandoning: call-backs and deferred work."""
        return self.channel in {Channel.CALLBACK, Channel.DEFERRED}

    @property
    def due_within_h(self) -> float:
        """Opening hours within which a contact that can wait is to be begun, `deadline_h` or its default."""
        return USUAL_DEADLINE_H if self.deadline_h is None else self.deadline_h


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """Dates that follow a rule.

    Parameters
    ----------
    days_of_month
        Anchor days; 31 means the last day in shorter months.
    offset_days
        Added to the anchor, such as 20 for a repayment 20 days after the statement.
    roll
        "next" or "previous" working day when the date is not one; "none" leaves it.
    calendar
        Region of the working days ("CN"), or exchange of the trading days ("XSHG").
    sessions
        Every trading session of `calendar` instead of days of the month.
    holidays
        Every public holiday of `calendar` instead of days of the month.
    makeup_days
        Every make-up working day (调休) of `calendar` instead of days of the month.
    first, last
        The rule holds from and until these days, both included; None for always.
    notices
        Official holiday notices that were imported, instead of provisional years of `calendar`; the workspace gives
        them to its peaks (`data.peaks.with_notices`), they are no part of the rule.
    """

    days_of_month: tuple[int, ...] = ()
    offset_days: int = 0
    roll: str = "none"
    calendar: str | None = None
    sessions: bool = False
    holidays: bool = False
    makeup_days: bool = False
    first: date | None = None
    last: date | None = None
    notices: tuple[HolidayNotice, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        kinds = sum((bool(self.days_of_month), self.sessions, self.holidays, self.makeup_days))
        _require(
            kinds == 1,
            "days_of_month",
            "a recurrence is days of the month, sessions, holidays or make-up days: give exactly one.",
        )
        _require(
            all(1 <= day <= 31 for day in self.days_of_month),
            "days_of_month",
            f"days of the month are 1–31, not {self.days_of_month}.",
        )
        _require(
            -LONGEST_OFFSET_DAYS <= self.offset_days <= LONGEST_OFFSET_DAYS,
            "offset_days",
            f"offset_days is at most {LONGEST_OFFSET_DAYS} days either way, not {self.offset_days}. "
            "Give the days from the anchor to the date, such as 20.",
        )
        _require(
            self.roll in ("none", "next", "previous"),
            "roll",
            f"roll is none, next or previous, not {self.roll!r}.",
        )
        needs = self.roll != "none" or not self.days_of_month
        _require(
            not needs or bool(self.calendar),
            "calendar",
            "this recurrence needs a calendar. Give a region such as CN, or an exchange such as XSHG.",
        )
        for at, day in (("first", self.first), ("last", self.last)):
            if day is not None:
                _require_day(day, at, f"a recurrence's {at} day")
        ordered = self.first is None or self.last is None or self.first <= self.last
        _require(
            ordered,
            "last",
            f"a recurrence's first day {self.first} lies after its last, {self.last}. Swap them.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Anything that lifts or cuts demand on known dates.

    Parameters
    ----------
    id
        Name, unique in the workspace.
    kind
        Kind of peak; peaks of one kind share a prior.
    dates
        Given dates with their size, None where the size is not known.
    recurrence
        Rule that gives more dates; None for dated peaks only.
    queues
        Queues it touches; empty for all.
    lower_days, upper_days
        Window around each date: from `date + lower_days` to `date + upper_days`, both included.
    size
        Size of every recurring date (accounts of a billing cohort); None where not known.
    expected_uplift, expected_sd
        A planner's guess of the uplift on the date itself, as a fraction (0.3 lifts by 30 %), and its standard
        deviation; corrected by data as occurrences come. None leaves it to the kind.
    """

    id: str
    kind: PeakKind
    dates: Mapping[date, float | None] = field(default_factory=dict)
    recurrence: Recurrence | None = None
    queues: frozenset[str] = frozenset()
    lower_days: int = 0
    upper_days: int = 0
    size: float | None = None
    expected_uplift: float | None = None
    expected_sd: float | None = None

    def __post_init__(self) -> None:
        _require(bool(self.id), "id", "a peak needs a name.")
        _require(
            self.expected_uplift is None or -1 < self.expected_uplift <= LARGEST_UPLIFT,
            "expected_uplift",
            f"peak {self.id!r}: expected_uplift is a fraction above -1, at most {LARGEST_UPLIFT:g}, not "
            f"{self.expected_uplift}. "
            "Give 0.3 for 30 % more.",
        )
        _require(
            self.expected_sd is None
            or (self.expected_uplift is not None and 0 < self.expected_sd <= LARGEST_UPLIFT),
            "expected_sd",
            f"peak {self.id!r}: expected_sd goes with expected_uplift and is above 0, at most {LARGEST_UPLIFT:g}, "
            f"not {self.expected_sd}. "
            "Give both, or leave it out.",
        )
        _require(
            bool(self.dates) or self.recurrence is not None,
            "dates",
            f"peak {self.id!r}: give dates or a recurrence.",
        )
        _require(
            self.lower_days <= 0 <= self.upper_days,
            "lower_days" if self.upper_days >= 0 else "upper_days",
            f"peak {self.id!r}: lower_days ≤ 0 ≤ upper_days, not {self.lower_days} and {self.upper_days}.",
        )
        for at in ("lower_days", "upper_days"):
            _require(
                abs(getattr(self, at)) <= WIDEST_WINDOW_DAYS,
                at,
                f"peak {self.id!r}: a window reaches at most {WIDEST_WINDOW_DAYS} days before and after its date, "
                f"not {getattr(self, at)}. Give the days demand changes on.",
            )
        for size in (self.size, *self.dates.values()):
            _require(
                size is None or 0 <= size <= LARGEST_SIZE,
                "size",
                f"peak {self.id!r}: a size is a number from 0 to {LARGEST_SIZE:g}, not {size}. "
                "Leave it out when it is not known.",
            )
        for day in self.dates:
            _require_day(day, "dates", f"peak {self.id!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRule:
    """One break inside a shift; its start lies in [earliest_min, latest_min] from the shift's start."""

    kind: str
    length_min: int
    earliest_min: int
    latest_min: int
    paid: bool = False

    def __post_init__(self) -> None:
        _require(self.length_min > 0, "length_min", f"break {self.kind!r}: its length must be above 0.")
        _require(
            0 <= self.earliest_min <= self.latest_min,
            "earliest_min",
            f"break {self.kind!r}: earliest_min ≤ latest_min.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPattern:
    """A shift template: which days, when it may start, how long, which breaks.

    Parameters
    ----------
    id
        Name, unique in the workspace.
    weekdays
        Days it may start on.
    start_earliest_min, start_latest_min, start_step_min
        Possible starts in minutes from local midnight, both ends included.
    length_min
        From start to end, breaks included; may run past midnight.
    breaks
        In the order they are taken.
    cost_per_h
        Relative cost of a paid hour.
    """

    id: str
    weekdays: frozenset[int] = ALL_WEEKDAYS
    start_earliest_min: int = 8 * 60
    start_latest_min: int = 10 * 60
    start_step_min: int = 30
    length_min: int = 540
    breaks: tuple[BreakRule, ...] = ()
    cost_per_h: float = 1.0

    def __post_init__(self) -> None:
        name = f"pattern {self.id!r}"
        _require(bool(self.id), "id", "a pattern needs a name.")
        _require(
            self.weekdays <= ALL_WEEKDAYS and bool(self.weekdays),
            "weekdays",
            f"{name}: weekdays are 0 (Monday) to 6.",
        )
        _require(
            0 <= self.start_earliest_min <= self.start_latest_min < DAY_MIN,
            "start_latest_min" if 0 <= self.start_earliest_min < DAY_MIN else "start_earliest_min",
            f"{name}: starts lie within one day, in order. Give the earliest, then the latest start, up to 23:59.",
        )
        _require(self.start_step_min > 0, "start_step_min", f"{name}: start_step_min must be above 0.")
        _require(
            0 < self.length_min <= DAY_MIN,
            "length_min",
            f"{name}: length_min lies in 1–1440, not {self.length_min}.",
        )
        _require_cost(name, self.cost_per_h)
        _require(
            sum(rule.length_min for rule in self.breaks) < self.length_min,
            "breaks",
            f"{name}: its breaks are as long as the shift. Shorten them.",
        )
        for rule in self.breaks:
            _require(
                rule.latest_min + rule.length_min <= self.length_min,
                "breaks",
                f"{name}: break {rule.kind!r} may end after the shift. Lower its latest_min.",
            )

    @property
    def paid_min(self) -> int:
        """Paid minutes: the length without unpaid breaks."""
        return self.length_min - sum(rule.length_min for rule in self.breaks if not rule.paid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How much and how a person may work.

    Parameters
    ----------
    id
        Name, unique in the workspace.
    min_h_per_week, max_h_per_week
        Paid hours from Monday to Sunday.
    max_days_per_week, max_consecutive_days
        Working days.
    min_rest_h
        Rest between two shifts.
    patterns
        Patterns the contract may work; empty for all.
    cost_per_h
        Cost of a paid hour.
    """

    id: str
    min_h_per_week: float = 0.0
    max_h_per_week: float = 40.0
    max_days_per_week: int = 5
    max_consecutive_days: int = 6
    min_rest_h: float = 11.0
    patterns: frozenset[str] = frozenset()
    cost_per_h: float = 1.0

    def __post_init__(self) -> None:
        name = f"contract {self.id!r}"
        _require(bool(self.id), "id", "a contract needs a name.")
        _require(
            0 <= self.min_h_per_week <= self.max_h_per_week <= 168,
            "max_h_per_week" if not 0 <= self.max_h_per_week <= 168 else "min_h_per_week",
            f"{name}: 0 ≤ min_h_per_week ≤ max_h_per_week ≤ 168, not {self.min_h_per_week} and {self.max_h_per_week}.",
        )
        _require(
            0 <= self.max_days_per_week <= 7, "max_days_per_week", f"{name}: max_days_per_week lies in 0–7."
        )
        _require(
            self.max_consecutive_days >= 1,
            "max_consecutive_days",
            f"{name}: max_consecutive_days must be at least 1.",
        )
        _require(0 <= self.min_rest_h <= 24, "min_rest_h", f"{name}: min_rest_h lies in 0–24.")
        _require_cost(name, self.cost_per_h)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A person would like a day off (`pattern` None) or a pattern on a day; weight 1 is an ordinary wish."""

    day: date
    pattern: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A person who can be rostered.

    Parameters
    ----------
    id
        Unique in the workspace.
    name, team
        For screens and exports.
    skills
        At least one.
    contract
        Name of the contract.
    time_off
        Local days on which the person does not work.
    wishes
        What the person would like.
    """

    id: str
    name: str = ""
    team: str = ""
    skills: frozenset[str] = frozenset()
    contract: str = "standard"
    time_off: frozenset[date] = frozenset()
    wishes: tuple[Wish, ...] = ()

    def __post_init__(self) -> None:
        _require(bool(self.id), "id", "an agent needs an agent_id.")
        if not self.name:
            object.__setattr__(self, "name", self.id)
        _require(bool(self.skills), "skills", f"agent {self.id!r}: give at least one skill.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A break as it was placed."""

    kind: str
    start: datetime
    end: datetime
    paid: bool


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """Time that passes; Python subtracts two instants of one zone by their wall clocks, wrong across a DST change."""
    return end.astimezone(UTC) - start.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One person's shift on one day, with its breaks.

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
    """

    agent_id: str
    day: date
    pattern: str
    start: datetime
    end: datetime
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        aware = self.start.tzinfo is not None and self.end.tzinfo is not None
        _require(aware, "start", f"{self.agent_id} on {self.day}: shift times need a time zone.")
        forward = _elapsed(self.start, self.end) > timedelta()
        _require(forward, "end", f"{self.agent_id} on {self.day}: the shift ends before it starts.")

    @property
    def paid(self) -> timedelta:
        """Paid time: the shift without its unpaid breaks."""
        unpaid = sum((_elapsed(rest.start, rest.end) for rest in self.breaks if not rest.paid), timedelta())
        return _elapsed(self.start, self.end) - unpaid


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
        _require(
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


class Status(StrEnum):
    """How an optimisation ended; gap and time are told apart from it."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NO_SOLUTION = "no solution found"
    CANCELLED = "cancelled"


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Value]):
    """Result of an optimisation, honest about what was proven.

    Parameters
    ----------
    status
        As read from the solver, never assumed.
    objective
        Of `value`, recounted; None without a value.
    bound
        No solution can be better than this; None where none was proven.
    runtime_s
        Wall time.
    value
        The solution; None where there is none.
    """

    status: Status
    objective: float | None
    bound: float | None
    runtime_s: float
    value: Value | None

    @property
    def gap(self) -> float | None:
        """(objective − bound) / objective for a minimisation, 0–1; None where either is unknown."""
        if self.objective is None or self.bound is None:
            return None
        if self.objective == self.bound:
            return 0.0
        return (self.objective - self.bound) / max(abs(self.objective), 1e-9)
