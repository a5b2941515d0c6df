"""Rules of a contract about how a person's shifts follow each other: nights, weekends, starts, days off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby, pairwise

from data.domain import Violation, zone
from scheduling.rules.facts import Facts, monday, of_person
from scheduling.shifts import week_of
from scheduling.unsocial import SATURDAY, is_night

WEEKENDS = 4
"""Weekends in a row of which some are off: four weeks are the usual length of a roster."""


def consecutive_nights(facts: Facts) -> Iterator[Violation]:
    """Nobody works more nights in a row than the contract allows, see `compare.is_night`."""
    roster = facts.roster
    for agent, contract, shifts in facts.people():
        most = contract.max_consecutive_nights
        if most is None:
            continue
        nights = (shift for shift in facts.worked(agent.id) if is_night(shift, roster.timezone))
        for run in runs({shift.day for shift in nights}):
            if len(run) > most and run[-1] >= roster.first:
                first = next(shift for shift in shifts if shift.day >= run[0])
                message = f"{len(run)} nights in a row from {run[0]}, contract {contract.id!r} allows {most}"
                yield of_person("consecutive nights", agent, first.start, message)


def weekends_off(facts: Facts) -> Iterator[Violation]:
    """Of any four weekends in a row as many are off as the contract asks for; unknown ones count as off.

    A weekend is worked by whoever begins a shift on its Saturday or Sunday.
    """
    for agent, contract, shifts in facts.people():
        least = contract.min_weekends_off
        worked = {week_of(shift.day) for shift in facts.worked(agent.id) if shift.day.weekday() >= SATURDAY}
        own = [shift for shift in shifts if shift.day.weekday() >= SATURDAY]
        # Four weekends with too few off still have them when they end with one that is worked.
        for week, members in groupby(own, key=lambda shift: week_of(shift.day)) if least else ():
            off = WEEKENDS - sum(each in worked for each in range(week - WEEKENDS + 1, week + 1))
            if off < least:
                message = f"{off} of 4 weekends off up to the week of {monday(week)}, contract {contract.id!r} asks for {least}"
                yield of_person("weekends off", agent, next(members).start, message)


def start_spread(facts: Facts) -> Iterator[Violation]:
    """From Monday to Sunday a person's shifts begin within so many minutes of each other, by the local clock."""
    for agent, contract, week, members in facts.weeks():
        most = contract.max_start_spread_min
        starts = [clock_min(shift.start, facts.roster.timezone) for shift in members]
        if most is not None and max(starts) - min(starts) > most:
            message = (
                f"starts {max(starts) - min(starts)} min apart in the week of {monday(week)}, "
                f"contract {contract.id!r} allows {most} min"
            )
            yield of_person("start spread", agent, facts.own(members).start, message)


def forward_rotation(facts: Facts) -> Iterator[Violation]:
    """The day after a shift nobody begins earlier than on it, by the local clock; a day off lets starts go back."""
    timezone = facts.roster.timezone
    for agent, contract, _ in facts.people():
        for earlier, later in pairwise(facts.worked(agent.id)) if contract.forward_rotation else ():
            back_min = clock_min(earlier.start, timezone) - clock_min(later.start, timezone)
            if (later.day - earlier.day).days == 1 and back_min > 0 and later.day >= facts.roster.first:
                message = f"{later.day} begins {back_min} min earlier than the day before, contract {contract.id!r} rotates forward"
                yield of_person("forward rotation", agent, later.start, message)


def days_off_together(facts: Facts) -> Iterator[Violation]:
    """Between two working days lie no days off, or as many as the contract asks for."""
    for agent, contract, shifts in facts.people():
        least = contract.min_consecutive_days_off
        days = sorted({shift.day for shift in facts.worked(agent.id)}) if least > 1 else []
        for earlier, later in pairwise(days):
            off = (later - earlier).days - 1
            if 0 < off < least and later >= facts.roster.first:
                back = next(shift for shift in shifts if shift.day == later)
                message = f"{off} days off before {later}, contract {contract.id!r} asks for {least} together"
                yield of_person("days off together", agent, back.start, message)


def runs(days: Iterable[date]) -> Iterator[list[date]]:
    """Days in a row."""
    for _, members in groupby(enumerate(sorted(days)), key=lambda item: item[1].toordinal() - item[0]):
        yield [day for _, day in members]


def clock_min(instant: datetime, timezone: str) -> int:
    """Minutes the local clock shows after midnight."""
    local = instant.astimezone(zone(timezone))
    return 60 * local.hour + local.minute
