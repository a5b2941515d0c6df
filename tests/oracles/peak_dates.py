"""Occurrences of a peak by walking the calendar one day at a time."""

from __future__ import annotations

from datetime import date, timedelta

from data.calendars import open_days, trading_sessions, work_days
from data.domain import Peak, Recurrence

DAY = timedelta(days=1)
AROUND = timedelta(days=130)


def occurrences(peak: Peak, first: date, last: date) -> dict[date, tuple[float | None, bool]]:
    """Size and provisional flag of each date whose window touches [first, last]."""
    found: dict[date, tuple[float | None, bool]] = {}
    if peak.recurrence is not None:
        for day, provisional in _recurring(peak.recurrence, first - AROUND, last + AROUND):
            size, flag = found.get(day, (None, False))
            found[day] = (
                peak.size if size is None or peak.size is None else size + peak.size,
                flag or provisional,
            )
    found.update({day: (size, False) for day, size in peak.dates.items()})
    return {day: found[day] for day in sorted(found) if _touches(peak, day, first, last)}


def _touches(peak: Peak, day: date, first: date, last: date) -> bool:
    window = [day + n * DAY for n in range(peak.lower_days, peak.upper_days + 1)]
    return any(first <= touched <= last for touched in window)


def _recurring(rule: Recurrence, first: date, last: date) -> list[tuple[date, bool]]:
    calendar = rule.calendar or "CN"
    days = open_days(calendar, first - AROUND, last + AROUND)
    opened = {row.date.date(): row.open for row in days.itertuples()}
    unsure = {row.date.date(): row.provisional for row in days.itertuples()}
    marked = _marked(rule, calendar, first, last)
    dates = []
    anchor = first
    while anchor <= last:
        inside = (rule.first or anchor) <= anchor <= (rule.last or anchor)
        times = _falls(rule, marked, anchor) if inside else 0
        day = anchor + rule.offset_days * DAY
        passed = [anchor] if not rule.days_of_month else []
        if rule.roll != "none":
            passed.append(day)
            while not opened[day]:
                day += DAY if rule.roll == "next" else -DAY
                passed.append(day)
        dates.extend([(day, any(unsure[each] for each in passed))] * times)
        anchor += DAY
    return dates


def _marked(rule: Recurrence, calendar: str, first: date, last: date) -> set[date]:
    """Sessions, holidays or make-up days, whichever the rule follows."""
    if rule.sessions:
        rows = trading_sessions(calendar, first, last)
    else:
        rows = work_days(calendar if rule.holidays or rule.makeup_days else "CN", first, last)
        rows = rows.loc[rows["makeup"] if rule.makeup_days else rows["holiday"].notna()]
    return {day.date() for day in rows["date"]}


def _falls(rule: Recurrence, marked: set[date], day: date) -> int:
    """How many anchors of the rule fall on the day."""
    if not rule.days_of_month:
        return int(day in marked)
    ends_month = (day + DAY).day == 1
    return sum(day.day == wanted or (ends_month and wanted > day.day) for wanted in set(rule.days_of_month))
