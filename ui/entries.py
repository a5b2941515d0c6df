"""What a person types into the form of a peak: read into a `Peak`, or answered field by field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from data.calendars import is_exchange, require_calendar
from data.domain import Peak, PeakKind, Recurrence
from data.errors import PeakshiftError

NO_RULE, MONTH_DAYS, SESSIONS, HOLIDAYS, MAKEUP_DAYS = "none", "days", "sessions", "holidays", "makeup"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakEntry:
    """The form of a peak as it was filled in; texts are as typed."""

    name: str = ""
    kind: str = PeakKind.EVENT.value
    dates: str = ""
    rule: str = NO_RULE
    days_of_month: str = ""
    offset_days: int = 0
    roll: str = "none"
    calendar: str = ""
    first: date | None = None
    last: date | None = None
    queues: tuple[str, ...] = ()
    lower_days: int = 0
    upper_days: int = 0
    size: str = ""
    expected_uplift: float | None = None
    expected_sd: float | None = None


def entry_of(peak: Peak) -> PeakEntry:
    """Fill the form from a peak."""
    rule = peak.recurrence
    dates = "\n".join(
        f"{day}" + ("" if size is None else f", {size:g}") for day, size in sorted(peak.dates.items())
    )
    filled = PeakEntry(
        name=peak.id,
        kind=peak.kind.value,
        dates=dates,
        queues=tuple(sorted(peak.queues)),
        lower_days=peak.lower_days,
        upper_days=peak.upper_days,
        size="" if peak.size is None else f"{peak.size:g}",
        expected_uplift=peak.expected_uplift,
        expected_sd=peak.expected_sd,
    )
    if rule is None:
        return filled
    kinds = (
        (rule.sessions, SESSIONS),
        (rule.holidays, HOLIDAYS),
        (rule.makeup_days, MAKEUP_DAYS),
        (True, MONTH_DAYS),
    )
    return replace(
        filled,
        rule=next(name for holds, name in kinds if holds),
        days_of_month=", ".join(str(day) for day in rule.days_of_month),
        offset_days=rule.offset_days,
        roll=rule.roll,
        calendar=rule.calendar or "",
        first=rule.first,
        last=rule.last,
    )


def read(entry: PeakEntry, taken: frozenset[str] = frozenset()) -> tuple[Peak | None, dict[str, str]]:
    """Read the form.

    Parameters
    ----------
    entry
        As it was filled in.
    taken
        Names a new peak may not bear.

    Returns
    -------
    tuple
        The peak and no messages, or None and what is wrong, by field ("form" for the whole).
    """
    wrong: dict[str, str] = {}
    name = entry.name.strip()
    if not name:
        wrong["name"] = "Give the peak a name."
    elif name in taken:
        wrong["name"] = f"There is a peak {name!r} already. Choose another name, or edit that one."
    dates = _dates(entry.dates, wrong)
    size = _number(entry.size, "size", wrong)
    rule = None if entry.rule == NO_RULE else _rule(entry, wrong)
    if entry.rule == NO_RULE and not entry.dates.strip():
        wrong["dates"] = "Give at least one date, or choose a rule below."
    if wrong:
        return None, wrong
    try:
        peak = Peak(
            id=name,
            kind=PeakKind(entry.kind),
            dates=dates,
            recurrence=rule,
            queues=frozenset(entry.queues),
            lower_days=entry.lower_days,
            upper_days=entry.upper_days,
            size=size,
            expected_uplift=entry.expected_uplift,
            expected_sd=entry.expected_sd,
        )
    except PeakshiftError as error:
        return None, {"form": str(error)}
    return peak, {}


def _dates(text: str, wrong: dict[str, str]) -> dict[date, float | None]:
    found: dict[date, float | None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        day_text, _, size_text = line.partition(",")
        try:
            day = date.fromisoformat(day_text.strip())
        except ValueError:
            wrong["dates"] = (
                f"Line {number}: {day_text.strip()!r} is not a date. Write 2026-12-11, or 2026-12-11, 120000 with its size."
            )
            return {}
        if day in found:
            wrong["dates"] = f"Line {number}: {day} is there twice. Keep one."
            return {}
        problems: dict[str, str] = {}
        found[day] = _number(size_text, "dates", problems)
        if problems:
            wrong["dates"] = f"Line {number}: {problems['dates']}"
            return {}
    return found


def _number(text: str, field: str, wrong: dict[str, str]) -> float | None:
    plain = text.strip().replace(",", "").replace("_", "").replace(" ", "")
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        wrong[field] = f"{text.strip()!r} is not a number. Write it as 120000, or leave it empty."
        return None
    if not 0 <= value < float("inf"):
        wrong[field] = f"A size is 0 or more, not {text.strip()}."
        return None
    return value


def _rule(entry: PeakEntry, wrong: dict[str, str]) -> Recurrence | None:
    days = _days(entry.days_of_month, wrong) if entry.rule == MONTH_DAYS else ()
    calendar = entry.calendar.strip() or None
    if entry.rule != MONTH_DAYS or entry.roll != "none" or calendar:
        _check_calendar(entry.rule, calendar, wrong)
    if entry.first and entry.last and entry.last < entry.first:
        wrong["last"] = f"The rule ends before it begins on {entry.first}. Give a later day."
    if wrong:
        return None
    try:
        return Recurrence(
            days_of_month=days,
            offset_days=entry.offset_days,
            roll=entry.roll,
            calendar=calendar,
            sessions=entry.rule == SESSIONS,
            holidays=entry.rule == HOLIDAYS,
            makeup_days=entry.rule == MAKEUP_DAYS,
            first=entry.first,
            last=entry.last,
        )
    except PeakshiftError as error:
        wrong["rule"] = str(error)
        return None


def _days(text: str, wrong: dict[str, str]) -> tuple[int, ...]:
    parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
    if not parts:
        wrong["days_of_month"] = (
            "Give days of the month, such as 5, 12, 20. 31 is the last day of every month."
        )
        return ()
    for part in parts:
        if not part.strip().isdecimal() or not 1 <= int(part) <= 31:
            wrong["days_of_month"] = (
                f"{part.strip()!r} is not a day of the month. Write days from 1 to 31, such as 5, 12, 20."
            )
            return ()
    return tuple(sorted({int(part) for part in parts}))


def _check_calendar(rule: str, name: str | None, wrong: dict[str, str]) -> None:
    if name is None:
        wrong["calendar"] = "This rule needs a calendar: a country such as CN, or an exchange such as XSHG."
        return
    try:
        exchange = is_exchange(require_calendar(name))
    except PeakshiftError as error:
        wrong["calendar"] = str(error)
        return
    if rule == SESSIONS and not exchange:
        wrong["calendar"] = f"Trading sessions need an exchange such as XSHG, not the country {name}."
    if rule in (HOLIDAYS, MAKEUP_DAYS) and exchange:
        wrong["calendar"] = f"Holidays and make-up days need a country such as CN, not the exchange {name}."
