"""Locks of stored rosters: made only where they can be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from data.domain import zone
from data.errors import FaultyFileError
from data.locks import Lock, LockKind
from data.store import Workspace
from scheduling.locks import lock_faults, locked_shift
from scheduling.shifts import Horizon
from ui.plan.before import kept_before


def locks_that_hold(workspace: Workspace, name: str) -> tuple[Lock, ...]:
    """Locks of a roster that were not withdrawn; UnknownNameError where there is no such roster."""
    workspace.roster_record(name)
    return tuple(lock for lock in workspace.locks(name) if lock.withdrawn_at is None)


def lock_days(workspace: Workspace, lock: Lock) -> Lock:
    """Keep a lock of a roster.

    Raises
    ------
    InputError
        It cannot be kept: an unknown person or pattern, a day outside the roster, time off, or a rule that it breaks
        alone or with other locks; every fault is listed. Or name or reason is missing.
    UnknownNameError
        There is no such roster or person.
    """
    roster = workspace.roster(lock.roster)
    faults = lock_faults(
        [*locks_that_hold(workspace, lock.roster), lock],
        agents=workspace.agents(),
        contracts=workspace.contracts(),
        patterns=workspace.patterns(),
        horizon=Horizon(roster.first, roster.days, roster.timezone),
        before=kept_before(workspace, lock.roster).shifts,
        standing=roster,
    )
    if faults:
        raise FaultyFileError(faults)
    return workspace.save_lock(lock)


def standing_locks(workspace: Workspace, name: str, first: date, days: int) -> tuple[Lock, ...]:
    """Locks of a roster for one of the days [first, first + days) that is to take its place, a day each.

    Days held as they stand are held to their shifts; those with a shift that no pattern allows are left out, for nothing
    new can be held to them.
    """
    roster = workspace.roster(name)
    end = first + timedelta(days=days)
    horizon = Horizon(roster.first, roster.days, roster.timezone)
    stands = {(shift.agent_id, shift.day): shift for shift in roster.assignments}
    patterns = {pattern.id: pattern for pattern in workspace.patterns()}
    found: list[Lock] = []
    for lock in locks_that_hold(workspace, name):
        for day in lock.days:
            if not first <= day < end:
                continue
            own = replace(lock, first=day, last=day)
            shift = stands.get((lock.agent_id, day))
            if lock.kind is LockKind.HELD and shift is None:
                own = replace(own, kind=LockKind.OFF)
            elif lock.kind is LockKind.HELD and shift is not None:
                start = shift.start.astimezone(zone(roster.timezone))
                start_min = 60 * start.hour + start.minute
                own = replace(own, kind=LockKind.SHIFT, pattern=shift.pattern, start_min=start_min)
                if locked_shift(own, day, patterns, horizon) is None:
                    continue
            found.append(own)
    return tuple(found)


def copy_locks(workspace: Workspace, source: str, name: str) -> None:
    """Let what holds one roster hold another of the same days too, days that are locked there already left out."""
    locked = {(lock.agent_id, day) for lock in locks_that_hold(workspace, name) for day in lock.days}
    for lock in locks_that_hold(workspace, source):
        if not any((lock.agent_id, day) in locked for day in lock.days):
            workspace.save_lock(replace(lock, roster=name))
