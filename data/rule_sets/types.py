"""Rule sets: what the law, or a house, says of working time, in versions that each hold over a span of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from data.domain.invariants import require
from data.week import DAY_MIN

WEEK_H = 168
LONGEST_AVERAGE_WEEKS = 53


class Cycle(StrEnum):
    """A span of the calendar over which hours are balanced."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MOST_CYCLE_H = {Cycle.WEEK: 168, Cycle.MONTH: 744, Cycle.QUARTER: 2208, Cycle.YEAR: 8784}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRule:
    """One rule of a set.

    Parameters
    ----------
    source
        Where it comes from: law, article, what it says in a sentence.
    """

    source: str

    def __post_init__(self) -> None:
        require(bool(self.source.strip()), "source", "a rule needs its source. Say which law or agreement.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalHours(WorkRule):
    """Hours that are no overtime: so many a day, and so many a week."""

    day_h: float
    week_h: float

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        _hours("day_h", self.day_h, 24)
        _hours("week_h", self.week_h, WEEK_H)


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimePerDay(WorkRule):
    """Hours of one day above the normal ones, at most."""

    most_h: float

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        _hours("most_h", self.most_h, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimePerMonth(WorkRule):
    """Hours of a calendar month above the normal ones, at most."""

    most_h: float

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        _hours("most_h", self.most_h, MOST_CYCLE_H[Cycle.MONTH])


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleHours(WorkRule):
    """Hours balanced over a cycle: so many are normal, and at most so many more are overtime."""

    cycle: Cycle
    normal_h: float
    overtime_h: float

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        _hours("normal_h", self.normal_h, MOST_CYCLE_H[self.cycle])
        _hours("overtime_h", self.overtime_h, MOST_CYCLE_H[self.cycle])


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRest(WorkRule):
    """Hours between two shifts, at least."""

    least_h: float

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        _hours("least_h", self.least_h, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyRest(WorkRule):
    """Hours without work in one stretch, in every week from Monday to Sunday, at least."""

    least_h: float

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        _hours("least_h", self.least_h, WEEK_H)


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageHours(WorkRule):
    """Hours a week on average over any so many weeks in a row, at most."""

    most_h: float
    weeks: int

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        _hours("most_h", self.most_h, WEEK_H)
        _weeks(self.weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakAfter(WorkRule):
    """A shift of more than so many paid hours has breaks of so many minutes in all, at least."""

    after_h: float
    least_min: int

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        _hours("after_h", self.after_h, 24)
        require(
            0 < self.least_min <= DAY_MIN,
            "least_min",
            f"least_min lies in 1–{DAY_MIN}, not {self.least_min}.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Night(WorkRule):
    """A rule that speaks of the night: from one minute after local midnight to another, past midnight as a rule."""

    night_from_min: int
    night_until_min: int

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        for name in ("night_from_min", "night_until_min"):
            minute = getattr(self, name)
            require(0 <= minute <= DAY_MIN, name, f"{name} lies in 0–{DAY_MIN}, not {minute}. 22:00 is 1320.")
        require(self.night_from_min != self.night_until_min, "night_until_min", "the night is empty.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NightHours(Night):
    """Hours a day of whoever works nights, on average over weeks with a night shift, a rest day a week left out.

    A night shift has `night_shift_h` hours or more in the night.
    """

    night_shift_h: float
    most_h: float

    def __post_init__(self) -> None:
        Night.__post_init__(self)
        _hours("night_shift_h", self.night_shift_h, 24)
        _hours("most_h", self.most_h, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedNights(Night):
    """Protected people do not work at night."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedHours(WorkRule):
    """Protected people work no overtime: at most so many hours a day, and so many a week."""

    day_h: float
    week_h: float

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        _hours("day_h", self.day_h, 24)
        _hours("week_h", self.week_h, WEEK_H)


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimePay(WorkRule):
    """What an hour is paid, as a multiple: overtime of a working day, work on a rest day and on a statutory holiday."""

    working_day: float
    rest_day: float
    statutory_holiday: float

    def __post_init__(self) -> None:
        WorkRule.__post_init__(self)
        for name in ("working_day", "rest_day", "statutory_holiday"):
            factor = getattr(self, name)
            require(1 <= factor <= 10, name, f"{name} lies in 1–10, not {factor}. 150 % is 1.5.")


KINDS: Mapping[str, type[WorkRule]] = {
    "normal_hours": NormalHours,
    "overtime_per_day": OvertimePerDay,
    "overtime_per_month": OvertimePerMonth,
    "cycle_hours": CycleHours,
    "daily_rest": DailyRest,
    "weekly_rest": WeeklyRest,
    "average_hours": AverageHours,
    "break_after": BreakAfter,
    "night_hours": NightHours,
    "protected_nights": ProtectedNights,
    "protected_hours": ProtectedHours,
    "overtime_pay": OvertimePay,
}
"""Rules a set can have, by the word that names them in its file."""

Kind = TypeVar("Kind", bound=WorkRule)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVersion:
    """Rules as they hold over a span of days.

    Parameters
    ----------
    valid_from
        First day they hold.
    valid_until
        First day they hold no longer; None while no end is known.
    rules
        One of a kind.
    """

    valid_from: date
    valid_until: date | None
    rules: tuple[WorkRule, ...]

    def __post_init__(self) -> None:
        require(
            self.valid_until is None or self.valid_from < self.valid_until,
            "valid_until",
            f"valid_until {self.valid_until} is not after valid_from {self.valid_from}. "
            "Give the first day on which the rules hold no longer.",
        )
        require(
            len({type(rule) for rule in self.rules}) == len(self.rules),
            "rule",
            "two rules are of one kind. Keep one of them, or part them into versions.",
        )

    def rule(self, kind: type[Kind]) -> Kind | None:
        """The rule of a kind; None where there is none."""
        return next((rule for rule in self.rules if type(rule) is kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """Rules of working time under a name.

    Parameters
    ----------
    id
        Name contracts call it by.
    about
        What it is, in a sentence.
    region
        Calendar of working days and statutory holidays, such as "CN"; None where no rule asks for one.
    versions
        In order, without overlap; on days of none of them nothing is asked.
    """

    id: str
    about: str = ""
    region: str | None = None
    versions: tuple[RuleVersion, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.id), "id", "a rule set needs a name.")
        for earlier, later in zip(self.versions, self.versions[1:], strict=False):
            until = earlier.valid_until
            require(
                until is not None and until <= later.valid_from,
                "version",
                f"the version from {earlier.valid_from} still holds on {later.valid_from}, when the next begins. "
                f"Give it valid_until = {later.valid_from}, and list versions in order.",
            )

    def on(self, day: date) -> RuleVersion | None:
        """The version that holds on a day."""
        return next(
            (
                version
                for version in self.versions
                if version.valid_from <= day and (version.valid_until is None or day < version.valid_until)
            ),
            None,
        )

    def rule(self, kind: type[Kind], day: date) -> Kind | None:
        """The rule of a kind that holds on a day; None where there is none."""
        version = self.on(day)
        return None if version is None else version.rule(kind)


def _hours(name: str, hours: float, most_h: float) -> None:
    require(0 <= hours <= most_h, name, f"{name} lies in 0–{most_h:g} h, not {hours:g}.")


def _weeks(weeks: int) -> None:
    require(
        1 <= weeks <= LONGEST_AVERAGE_WEEKS,
        "weeks",
        f"weeks lies in 1–{LONGEST_AVERAGE_WEEKS}, not {weeks}.",
    )
