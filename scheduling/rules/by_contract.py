"""Rules of a person's contract and time off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from data.domain import Contract, Severity, Violation
from scheduling.rules.by_sequence import runs
from scheduling.rules.facts import TOLERANCE_H, Facts, by_week, elapsed, monday, of_person, of_shift, paid_h
from scheduling.shifts import wall_clock, week_of


def least_h(contract: Contract, days_off: int) -> float:
    """Hours a full week must hold; each day of time off counts as an average working day."""
    if contract.max_days_per_week == 0:
        return 0.0
    return max(0.0, contract.min_h_per_week * (1 - days_off / contract.max_days_per_week))


def one_shift_a_day(facts: Facts) -> Iterator[Violation]:
    """A person begins at most one shift on a local day."""
    for shifts in facts.shifts.values():
        for earlier, later in pairwise(shifts):
            if earlier.day == later.day:
                yield of_shift("one shift a day", later, "a second shift begins on the same day")


def weekly_days(facts: Facts) -> Iterator[Violation]:
    """Working days from Monday to Sunday stay within the contract."""
    for agent, contract, week, members in facts.weeks():
        days = len({shift.day for shift in members})
        if days > contract.max_days_per_week:
            message = f"{days} days in the week of {monday(week)}, contract {contract.id!r} allows {contract.max_days_per_week}"
            yield of_person("weekly days", agent, facts.own(members).start, message)


def weekly_hours_most(facts: Facts) -> Iterator[Violation]:
    """Paid hours from Monday to Sunday stay within the contract."""
    for agent, contract, week, members in facts.weeks():
        hours = paid_h(members)
        if hours > contract.max_h_per_week + TOLERANCE_H:
            message = f"{hours:g} h in the week of {monday(week)}, contract {contract.id!r} allows {contract.max_h_per_week:g} h"
            yield of_person("weekly hours at most", agent, facts.own(members).start, message)


def weekly_hours_least(facts: Facts) -> Iterator[Violation]:
    """Paid hours of a week reach the contract's least; a week that goes on past the horizon is not judged.

    Each day of time off counts as an average working day, see `least_h`. A week that began before the horizon is judged
    where its first days are known, and softly: what they leave open may be out of reach by then.
    """
    roster = facts.roster
    weeks = range(week_of(roster.first), week_of(roster.last) + 1)
    known_from = facts.known_from or roster.first
    whole = [w for w in weeks if known_from <= monday(w) and monday(w + 1) <= roster.last + timedelta(1)]
    for agent, contract, _ in facts.people():
        worked = {week: paid_h(members) for week, members in by_week(facts.worked(agent.id))}
        for week in whole:
            days_off = sum(week_of(day) == week for day in agent.time_off)
            least, hours = least_h(contract, days_off), worked.get(week, 0.0)
            if hours < least - TOLERANCE_H:
                message = f"{hours:g} h in the week of {monday(week)}, contract {contract.id!r} asks for {least:g} h"
                start = wall_clock(max(monday(week), roster.first), 0, roster.timezone)
                found = of_person("weekly hours at least", agent, start, message)
                yield replace(found, severity=Severity.SOFT) if monday(week) < roster.first else found


def consecutive_days(facts: Facts) -> Iterator[Violation]:
    """Nobody works more days in a row than the contract allows."""
    for agent, contract, shifts in facts.people():
        days = sorted({shift.day for shift in facts.worked(agent.id)})
        for run in runs(days):
            if len(run) > contract.max_consecutive_days and run[-1] >= facts.roster.first:
                first = next(shift for shift in shifts if shift.day >= run[0])
                message = f"{len(run)} days in a row from {run[0]}, contract {contract.id!r} allows {contract.max_consecutive_days}"
                yield of_person("consecutive days", agent, first.start, message)


def rest(facts: Facts) -> Iterator[Violation]:
    """Between the end of a shift and the start of the next lies the contract's rest; shifts never overlap."""
    for agent, contract, _ in facts.people():
        for earlier, later in pairwise(facts.worked(agent.id)):
            if later.day < facts.roster.first:
                continue
            hours = elapsed(earlier.end, later.start) / timedelta(hours=1)
            if hours < contract.min_rest_h - TOLERANCE_H:
                message = f"{hours:g} h of rest before {later.day}, contract {contract.id!r} asks for {contract.min_rest_h:g} h"
                yield of_person("rest", agent, later.start, message)


def time_off(facts: Facts) -> Iterator[Violation]:
    """Nobody works on a day of time off, nor past midnight into one."""
    for agent, _, shifts in facts.people():
        for shift in shifts:
            last = (shift.end.astimezone(shift.start.tzinfo) - timedelta(microseconds=1)).date()
            for day in sorted({shift.day, last} & agent.time_off):
                yield of_shift("time off", shift, f"{day} is a day off")
