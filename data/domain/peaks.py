"""Peaks: what lifts or cuts demand on known dates, and the rules that give the dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from data.domain.invariants import require, require_day
from data.notices import HolidayNotice

LONGEST_OFFSET_DAYS = 366
"""A date follows its anchor, or comes before it, by a year at most."""

WIDEST_WINDOW_DAYS = 60
"""Days a peak touches before its date, and after it: each is an effect of its own to be learnt."""

LARGEST_UPLIFT = 100.0
"""A peak that brings more than a hundred times what there is."""

LARGEST_SIZE = 1e15
"""Sizes of occurrences that meet are added up."""


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
        require(
            kinds == 1,
            "days_of_month",
            "a recurrence is days of the month, sessions, holidays or make-up days: give exactly one.",
        )
        require(
            all(1 <= day <= 31 for day in self.days_of_month),
            "days_of_month",
            f"days of the month are 1–31, not {self.days_of_month}.",
        )
        require(
            -LONGEST_OFFSET_DAYS <= self.offset_days <= LONGEST_OFFSET_DAYS,
            "offset_days",
            f"offset_days is at most {LONGEST_OFFSET_DAYS} days either way, not {self.offset_days}. "
            "Give the days from the anchor to the date, such as 20.",
        )
        require(
            self.roll in ("none", "next", "previous"),
            "roll",
            f"roll is none, next or previous, not {self.roll!r}.",
        )
        needs = self.roll != "none" or not self.days_of_month
        require(
            not needs or bool(self.calendar),
            "calendar",
            "this recurrence needs a calendar. Give a region such as CN, or an exchange such as XSHG.",
        )
        for at, day in (("first", self.first), ("last", self.last)):
            if day is not None:
                require_day(day, at, f"a recurrence's {at} day")
        ordered = self.first is None or self.last is None or self.first <= self.last
        require(
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
        require(bool(self.id), "id", "a peak needs a name.")
        require(
            self.expected_uplift is None or -1 < self.expected_uplift <= LARGEST_UPLIFT,
            "expected_uplift",
            f"peak {self.id!r}: expected_uplift is a fraction above -1, at most {LARGEST_UPLIFT:g}, not "
            f"{self.expected_uplift}. "
            "Give 0.3 for 30 % more.",
        )
        require(
            self.expected_sd is None
            or (self.expected_uplift is not None and 0 < self.expected_sd <= LARGEST_UPLIFT),
            "expected_sd",
            f"peak {self.id!r}: expected_sd goes with expected_uplift and is above 0, at most {LARGEST_UPLIFT:g}, "
            f"not {self.expected_sd}. "
            "Give both, or leave it out.",
        )
        require(
            bool(self.dates) or self.recurrence is not None,
            "dates",
            f"peak {self.id!r}: give dates or a recurrence.",
        )
        require(
            self.lower_days <= 0 <= self.upper_days,
            "lower_days" if self.upper_days >= 0 else "upper_days",
            f"peak {self.id!r}: lower_days ≤ 0 ≤ upper_days, not {self.lower_days} and {self.upper_days}.",
        )
        for at in ("lower_days", "upper_days"):
            require(
                abs(getattr(self, at)) <= WIDEST_WINDOW_DAYS,
                at,
                f"peak {self.id!r}: a window reaches at most {WIDEST_WINDOW_DAYS} days before and after its date, "
                f"not {getattr(self, at)}. Give the days demand changes on.",
            )
        for size in (self.size, *self.dates.values()):
            require(
                size is None or 0 <= size <= LARGEST_SIZE,
                "size",
                f"peak {self.id!r}: a size is a number from 0 to {LARGEST_SIZE:g}, not {size}. "
                "Leave it out when it is not known.",
            )
        for day in self.dates:
            require_day(day, "dates", f"peak {self.id!r}")
