"""What the cells of reference files say: one parser a form, each with its repair.

Every parser takes trimmed text that is not empty and raises CellError when it does not fit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from data.domain import ALL_WEEKDAYS, DAY_MIN, FIRST_DAY, LARGEST_SIZE, LAST_DAY, BreakRule, Wish, zone
from data.errors import InputError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHINESE_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
YES, NO = ("yes", "y", "true", "1", "是"), ("no", "n", "false", "0", "否")
LONGEST_SPAN_DAYS = 400
"""A span of dates longer than this is a slip of the pen."""

Name = TypeVar("Name", bound=StrEnum)


class CellError(InputError):
    """A cell that does not say what its column is for.

    Parameters
    ----------
    reason
        What is wrong with it.
    repair
        What to do about it.
    """

    def __init__(self, reason: str, repair: str) -> None:
        self.reason, self.repair = reason, repair
        super().__init__(f"{reason}. {repair}")


def text(cell: str) -> str:
    """Text as it stands."""
    return cell


def number(cell: str) -> float:
    """A finite number."""
    try:
        value = float(cell) if "_" not in cell else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CellError("this is not a number", "Give digits, with a point for decimals, such as 180 or 0.5.")
    if abs(value) > LARGEST_SIZE:
        raise CellError("the number is too large", f"Give at most {LARGEST_SIZE:g}.")
    return value


def not_negative(cell: str) -> float:
    """A finite number from 0 on."""
    value = number(cell)
    if value < 0:
        raise CellError("the number is negative", "Give 0 or more.")
    return value


def whole(cell: str) -> int:
    """A whole number."""
    value = number(cell)
    if not value.is_integer():
        raise CellError("this is not a whole number", "Give a whole number, such as 30.")
    return int(value)


def days_within(most: int) -> Callable[[str], int]:
    """Parser of a whole number of days, at most so many either way."""

    def parse(cell: str) -> int:
        value = whole(cell)
        if abs(value) > most:
            raise CellError(f"this is at most {most} days", f"Give a number from -{most} to {most}.")
        return value

    return parse


def fraction(cell: str) -> float:
    """A share: 0.95 or 95%."""
    digits = cell.removesuffix("%").removesuffix("％").strip()
    value = number(digits) / (100 if digits != cell else 1)
    if value > 1 and digits == cell and value <= 100:
        raise CellError("a share lies between 0 and 1", f"Give {value / 100:g} or {value:g}%.")
    if not 0 <= value <= 1:
        raise CellError("a share lies between 0 and 1", "Give a share such as 0.95 or 95%.")
    return value


def yes_no(cell: str) -> bool:
    """Yes or no, in English or Chinese."""
    if cell.casefold() in YES:
        return True
    if cell.casefold() in NO:
        return False
    raise CellError("this is neither yes nor no", "Give yes or no.")


def clock_min(cell: str) -> int:
    """Time of day such as 07:00 or 24:00, in minutes from midnight."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", cell)
    minutes = 60 * int(found[1]) + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or not 0 <= minutes <= DAY_MIN:
        raise CellError("this is not a time of day", "Give hours and minutes, such as 07:00 or 24:00.")
    return minutes


def day(cell: str) -> date:
    """Date such as 2026-11-23 or 2026/11/23, between 1980 and 2099."""
    found = re.fullmatch(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?: 00:00:00)?", cell)
    try:
        told = date(int(found[1]), int(found[2]), int(found[3])) if found else date.fromisoformat(cell)
    except ValueError as error:
        raise CellError("this is not a date", "Give year, month and day, such as 2026-11-23.") from error
    if not FIRST_DAY <= told <= LAST_DAY:
        raise CellError(f"days lie between {FIRST_DAY} and {LAST_DAY}", "Correct the year.")
    return told


def names(cell: str) -> frozenset[str]:
    """Names parted by semicolons."""
    return frozenset(parts(cell))


def parts(cell: str) -> tuple[str, ...]:
    """Non-empty parts between semicolons, in order."""
    return tuple(part for part in (part.strip() for part in re.split("[;；]", cell)) if part)


def days(cell: str) -> frozenset[date]:
    """Dates and spans of dates, both ends included: 2026-11-23;2026-11-25..2026-11-27."""
    found: set[date] = set()
    for part in parts(cell):
        first, spans, last = part.partition("..")
        if spans and not last.strip():
            raise CellError(f"the span {part} has no end", "Give first..last.")
        begin = day(first.strip())
        end = day(last.strip()) if last else begin
        if not timedelta() <= end - begin <= timedelta(days=LONGEST_SPAN_DAYS):
            raise CellError(f"the span {part} does not run forward, or is too long", "Give first..last.")
        found.update(begin + timedelta(days=more) for more in range((end - begin).days + 1))
    return frozenset(found)


def days_of_month(cell: str) -> tuple[int, ...]:
    """Days 1–31 parted by semicolons; 31 is the last day of shorter months."""
    found = tuple(whole(part) for part in parts(cell))
    if not all(1 <= value <= 31 for value in found):
        raise CellError("days of the month are 1 to 31", "Give days such as 5;12;20.")
    return found


def weekdays(cell: str) -> frozenset[int]:
    """Weekdays: all, mon-fri, sun-thu, mon;wed, 周一-周五, 周六;周日."""
    if cell.casefold() in ("all", "每天"):
        return ALL_WEEKDAYS
    found: set[int] = set()
    for part in parts(cell.replace(",", ";").replace("，", ";").replace("、", ";")):
        first, parted, last = re.sub("[–至到~]", "-", part).partition("-")
        begin = _weekday(first.strip())
        end = _weekday(last.strip()) if parted else begin
        found.update((begin + more) % 7 for more in range((end - begin) % 7 + 1))
    return frozenset(found)


def timezone(cell: str) -> str:
    """IANA name of a time zone."""
    try:
        zone(cell)
    except InputError as error:
        raise CellError("unknown time zone", "Give an IANA name such as Asia/Shanghai.") from error
    return cell


def choice(kind: type[Name]) -> Callable[[str], Name]:
    """Parser of one of some words."""

    def parse(cell: str) -> Name:
        try:
            return kind(cell.casefold())
        except ValueError as error:
            words = ", ".join(member.value for member in kind)
            raise CellError("unknown word", f"Give one of: {words}.") from error

    return parse


def breaks(cell: str) -> tuple[BreakRule, ...]:
    """Breaks as kind:length:earliest-latest[:paid], parted by semicolons, in minutes from the shift's start."""
    return tuple(_break(part) for part in parts(cell))


def wishes(cell: str) -> tuple[Wish, ...]:
    """Wishes as date:off[:weight] or date:pattern[:weight], parted by semicolons."""
    return tuple(_wish(part) for part in parts(cell))


def _weekday(word: str) -> int:
    short = word.casefold()
    english = next((place for place, name in enumerate(WEEKDAYS) if _is_weekday(short, name)), None)
    chinese = CHINESE_WEEKDAYS.get(re.sub("^(周|星期|礼拜)", "", word))
    found = chinese if english is None else english
    if found is None:
        raise CellError(f"{word!r} is no weekday", "Give all, mon-fri, sat;sun, or 周一-周五.")
    return found


def _is_weekday(word: str, name: str) -> bool:
    full = {"tue": "tuesday", "wed": "wednesday", "thu": "thursday", "sat": "saturday"}.get(
        name, f"{name}day"
    )
    return len(word) >= 3 and full.startswith(word)


def _break(part: str) -> BreakRule:
    found = re.fullmatch(r"([^:]+):(\d+):(\d+)-(\d+)(:paid|:unpaid)?", part)
    if found is None:
        raise CellError(
            f"{part!r} is no break", "Give kind:length:earliest-latest[:paid], such as meal:60:180-330."
        )
    if found[1].strip() == "work":
        raise CellError("a break cannot be called work", "Give its kind, such as meal or rest.")
    return BreakRule(
        kind=found[1].strip(),
        length_min=int(found[2]),
        earliest_min=int(found[3]),
        latest_min=int(found[4]),
        paid=found[5] == ":paid",
    )


def _wish(part: str) -> Wish:
    found = re.fullmatch(r"([0-9/-]+):([^:]+)(?::([^:]+))?", part)
    if found is None:
        raise CellError(
            f"{part!r} is no wish", "Give date:off:weight or date:pattern:weight, such as 2026-11-24:off:2."
        )
    wished = found[2].strip()
    return Wish(
        day=day(found[1]),
        pattern=None if wished.casefold() == "off" else wished,
        weight=1.0 if found[3] is None else not_negative(found[3].strip()),
    )
