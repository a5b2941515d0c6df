"""Locks of stored rosters: made only where they can be kept."""

from __future__ import annotations

from data.errors import FaultyFileError
from data.locks import Lock
from data.store import Workspace
from scheduling.locks import lock_faults
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


def copy_locks(workspace: Workspace, source: str, name: str) -> None:
    """Let what holds one roster hold another of the same days too, days that are locked there already left out."""
    locked = {(lock.agent_id, day) for lock in locks_that_hold(workspace, name) for day in lock.days}
    for lock in locks_that_hold(workspace, source):
        if not any((lock.agent_id, day) in locked for day in lock.days):
            workspace.save_lock(_for(lock, name))


def _for(lock: Lock, name: str) -> Lock:
    return Lock(
        roster=name,
        agent_id=lock.agent_id,
        first=lock.first,
        last=lock.last,
        kind=lock.kind,
        pattern=lock.pattern,
        start_min=lock.start_min,
        by=lock.by,
        reason=lock.reason,
    )
