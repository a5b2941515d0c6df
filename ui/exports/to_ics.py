"""iCalendar (RFC 5545): a calendar a person, in a folder or a zip, or one calendar with all of them."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from pathlib import Path
from uuid import UUID, uuid5

from icalendar import Calendar, Event, Timezone

from data.domain import Agent, Assignment, PlacedActivity, zone
from data.errors import InputError
from ui.exports.content import Content
from ui.exports.text import printable
from ui.exports.times import activities_text, breaks_text, local, span_text

NAMESPACE = UUID("6d0a4a9e-5f0e-5a0b-9f5c-2f3f6f0f9a51")
"""Fixed for ever: a calendar program replaces a shift it knows by its UID."""

LONGEST_NAME = 60
"""Letters of a file name; file systems end at 255 bytes, and a Chinese letter has three."""


def write_one(content: Content, out: Path) -> None:
    """Write one calendar with everybody's shifts; the summary begins with the person's name."""
    _require_shifts(content)
    calendar = _calendar(content, content.roster.name, _zone_component(content))
    for agent, shifts in _tours(content):
        for event in _events(content, agent, shifts, prefix=f"{agent.name} · "):
            calendar.add_component(event)
    out.write_bytes(calendar.to_ical())


def write_folder(content: Content, out: Path) -> None:
    """Write one calendar a person with shifts into a new folder."""
    _require_shifts(content)
    out.mkdir()
    for name, text in _files(content):
        (out / name).write_bytes(text)


def write_zip(content: Content, out: Path) -> None:
    """Write one calendar a person with shifts into a zip file."""
    _require_shifts(content)
    stamp = local(content.stamp, content.roster.timezone).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _files(content):
            entry = zipfile.ZipInfo(name, date_time=stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)


def _require_shifts(content: Content) -> None:
    """RFC 5545 knows no calendar without an entry."""
    if not content.roster.assignments:
        raise InputError(
            f"roster {content.roster.name!r} has no shifts, so there is no calendar to write. "
            "Roster somebody first, or choose another format."
        )


def _tours(content: Content) -> Iterator[tuple[Agent, list[Assignment]]]:
    shifts: dict[str, list[Assignment]] = {agent.id: [] for agent in content.agents}
    for assignment in sorted(content.roster.assignments, key=lambda shift: shift.start):
        shifts[assignment.agent_id].append(assignment)
    return ((agent, shifts[agent.id]) for agent in content.agents if shifts[agent.id])


def _files(content: Content) -> Iterator[tuple[str, bytes]]:
    tours = list(_tours(content))
    names = file_names([agent for agent, _ in tours])
    zone_component = _zone_component(content)
    for agent, shifts in tours:
        calendar = _calendar(content, f"{content.roster.name} · {agent.name}", zone_component)
        for event in _events(content, agent, shifts):
            calendar.add_component(event)
        yield names[agent.id], calendar.to_ical()


def file_names(agents: Iterable[Agent]) -> dict[str, str]:
    """Return a file name by agent id: letters, digits and dashes of name and id, told apart where they meet."""
    stems = {agent.id: _stem(agent) for agent in agents}
    taken = Counter(stem.casefold() for stem in stems.values())
    return {
        agent_id: f"{stem}.ics" if taken[stem.casefold()] == 1 else f"{stem}_{_digest(agent_id)}.ics"
        for agent_id, stem in stems.items()
    }


def _stem(agent: Agent) -> str:
    text = agent.id if agent.name == agent.id else f"{agent.name} {agent.id}"
    kept = "".join(letter if letter.isalnum() or letter == "-" else "_" for letter in text)
    return kept[:LONGEST_NAME].strip("_-") or "person"


def _digest(agent_id: str) -> str:
    return blake2s(agent_id.encode(), digest_size=4).hexdigest()


def _calendar(content: Content, name: str, zone_component: Timezone | None) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Peakshift//Roster//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", printable(name))
    calendar.add("x-wr-timezone", content.roster.timezone)
    if zone_component is not None:
        calendar.add_component(zone_component)
    return calendar


def _zone_component(content: Content) -> Timezone | None:
    """VTIMEZONE with the clock changes around the roster's days; None for UTC, which needs none."""
    roster = content.roster
    if _is_utc(roster.timezone):
        return None
    first, last = roster.first - timedelta(days=2), roster.last + timedelta(days=3)
    return Timezone.from_tzinfo(zone(roster.timezone), roster.timezone, first, last)


def _events(content: Content, agent: Agent, shifts: list[Assignment], *, prefix: str = "") -> Iterator[Event]:
    roster = content.roster
    of_day: Counter[str] = Counter()
    for shift in shifts:
        day = shift.day.isoformat()
        event = Event()
        event.add("uid", _uid(roster.name, agent.id, day, of_day[day]))
        of_day[day] += 1
        event.add("dtstamp", content.stamp.astimezone(UTC).replace(microsecond=0))
        start, end = _local_pair(shift.start, shift.end, roster.timezone)
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("summary", printable(f"{prefix}{shift.pattern} {span_text(shift, roster.timezone)}"))
        event.add("description", _description(shift, content))
        event.add("categories", [printable(shift.pattern)])
        event.add("transp", "OPAQUE")
        yield event
        for part in shift.activities:
            key = f"{part.activity} {local(part.start, roster.timezone).date().isoformat()}"
            yield _activity(content, part, _uid(roster.name, agent.id, key, of_day[key]), prefix)
            of_day[key] += 1


def _activity(content: Content, part: PlacedActivity, uid: str, prefix: str) -> Event:
    """A session as an entry of its own, on top of its shift's."""
    roster = content.roster
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", content.stamp.astimezone(UTC).replace(microsecond=0))
    start, end = _local_pair(part.start, part.end, roster.timezone)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", printable(f"{prefix}{part.activity}"))
    event.add("description", printable(f"{part.kind}, roster {roster.name}"))
    event.add("categories", [printable(part.kind)])
    event.add("transp", "OPAQUE")
    return event


def _uid(roster: str, agent_id: str, day: str, place: int) -> str:
    """Same roster, person and day, same UID; a second shift on the day counts on."""
    # Lengths in front keep ("a", "b c") and ("a b", "c") apart whatever the names hold.
    key = "".join(f"{len(part)}:{part}" for part in (roster, agent_id, day, str(place)))
    return f"{uuid5(NAMESPACE, key)}@peakshift"


def _local_pair(start: datetime, end: datetime, timezone: str) -> tuple[datetime, datetime]:
    """Local times with the zone's name; UTC where one lies in the hour a clock runs through a second time.

    RFC 5545 3.3.5: a local time that occurs twice means the first one, so the second needs UTC.
    """
    pair = local(start, timezone), local(end, timezone)
    if _is_utc(timezone) or any(moment.fold for moment in pair):
        return start.astimezone(UTC), end.astimezone(UTC)
    return pair


def _is_utc(timezone: str) -> bool:
    return timezone in ("UTC", "Etc/UTC")


def _description(shift: Assignment, content: Content) -> str:
    timezone = content.roster.timezone
    lines = [
        f"Roster {content.roster.name}",
        f"Pattern {shift.pattern}",
        f"Paid {shift.paid.total_seconds() / 3600:.2f} h",
        f"Breaks: {breaks_text(shift, timezone) or 'none'}",
    ]
    if shift.activities:
        lines.append(f"Activities: {activities_text(shift, timezone)}")
    return "\n".join(printable(line) for line in lines)
