"""Small rosters written the way one would say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from data.domain import Agent, Assignment, Break, Roster
from tests.scheduling.small_forecasts import MONDAY


def at(clock: str, day: int = 0) -> datetime:
    """The instant of "09:30" UTC on the given day of the horizon."""
    hour, minute = map(int, clock.split(":"))
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC) + timedelta(
        days=day, hours=hour, minutes=minute
    )


def shift(
    agent_id: str, span: str, *breaks: str, day: int = 0, paid_breaks: bool = False, pattern: str = "early"
) -> Assignment:
    """A shift such as shift("a", "08:00-16:00", "12:00-12:30"); an end before its start is on the next day."""
    start, end = _instants(span, day)
    return Assignment(
        agent_id=agent_id,
        day=start.date(),
        pattern=pattern,
        start=start,
        end=end,
        breaks=tuple(
            Break(kind="break", start=begin, end=stop, paid=paid_breaks)
            for begin, stop in (_instants(rest, day) for rest in breaks)
        ),
    )


def _instants(span: str, day: int) -> tuple[datetime, datetime]:
    first, last = span.split("-")
    start, end = at(first, day), at(last, day)
    return start, end if end > start else end + timedelta(days=1)


def roster(*assignments: Assignment, days: int = 1) -> Roster:
    return Roster(name="small", first=MONDAY, days=days, timezone="UTC", assignments=assignments)


def agents(**skills: Sequence[str]) -> list[Agent]:
    """Agents by name and skills: agents(a=["cards"], b=["cards", "funds"])."""
    return [Agent(id=name, skills=frozenset(known)) for name, known in skills.items()]
