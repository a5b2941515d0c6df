"""Instants as the local times a person reads."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from data.domain import Assignment, zone


def local(moment: datetime, timezone: str) -> datetime:
    """Return the instant as wall-clock time of the zone, still aware."""
    return moment.astimezone(zone(timezone))


def span_text(assignment: Assignment, timezone: str) -> str:
    """Return "08:30–17:30"; an end on a later day carries its distance, "22:00–07:00 +1"."""
    start, end = local(assignment.start, timezone), local(assignment.end, timezone)
    later = (end.date() - start.date()).days
    return f"{start:%H:%M}–{end:%H:%M}" + (f" +{later}" if later else "")


def breaks_text(assignment: Assignment, timezone: str) -> str:
    """Return "lunch 12:00–12:45, rest 15:00–15:15 (paid)", empty without breaks."""
    return ", ".join(
        f"{rest.kind} {local(rest.start, timezone):%H:%M}–{local(rest.end, timezone):%H:%M}"
        + (" (paid)" if rest.paid else "")
        for rest in assignment.breaks
    )


def activities_text(assignment: Assignment, timezone: str) -> str:
    """Return "team meeting 13:00–13:30, fraud update 15:00–16:00", empty without activities."""
    return ", ".join(
        f"{part.activity} {local(part.start, timezone):%H:%M}–{local(part.end, timezone):%H:%M}"
        for part in assignment.activities
    )


def horizon(first: date, days: int) -> list[date]:
    """Return the local days of a horizon."""
    return [first + timedelta(days=offset) for offset in range(days)]
