"""Locks as the days they hold: each person's day with the shift it is held to, or with none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from data.domain import Agent, Assignment, Break, Contract, Roster, ShiftPattern
from data.errors import Fault
from data.locks import Lock, LockKind
from scheduling.rules import RULES, Rule, violations
from scheduling.rules.by_contract import weekly_hours_least
from scheduling.shifts import Horizon, Shift, shifts_on

Held = Mapping[str, Mapping[date, Assignment | None]]
"""By person and day: the shift of it, None for a day off."""

ONLY_MORE_BREAKS: tuple[Rule, ...] = tuple(rule for rule in RULES if rule is not weekly_hours_least)
"""Rules that further shifts can only break and never mend: what some shifts break, all rosters with them break."""
REPAIR = "Withdraw one of the locks, or lock other days or shifts."


def lock_faults(
    locks: Sequence[Lock],
    *,
    agents: Iterable[Agent],
    contracts: Iterable[Contract],
    patterns: Iterable[ShiftPattern],
    horizon: Horizon,
    before: Sequence[Assignment] = (),
    standing: Roster | None = None,
) -> list[Fault]:
    """What is wrong with locks, all at once.

    Parameters
    ----------
    locks
        Those that hold.
    agents, contracts, patterns, horizon, before
        What the roster is made of.
    standing
        The roster that days are held as in; where it is None, such locks are looked at no further.
    """
    people = {agent.id: agent for agent in agents}
    known = {pattern.id: pattern for pattern in patterns}
    faults = [fault for lock in locks for fault in _alone(lock, people, known, horizon)]
    faults += _twice(locks)
    if faults:
        return faults
    held = held_days(locks, known.values(), horizon, standing)
    touched = [people[agent_id] for agent_id in sorted(held)]
    shifts = [shift for own in held.values() for shift in own.values() if shift is not None]
    roster = Roster(
        name="locks",
        first=horizon.first,
        days=horizon.days,
        timezone=horizon.timezone,
        assignments=tuple(shifts),
    )
    broken = violations(roster, touched, contracts, known.values(), ONLY_MORE_BREAKS, before=before)
    return [
        Fault("locks", None, None, violation.agent_id, f"{violation.rule}: {violation.message}", REPAIR)
        for violation in broken
    ]


def held_days(
    locks: Iterable[Lock],
    patterns: Iterable[ShiftPattern],
    horizon: Horizon,
    standing: Roster | None,
) -> dict[str, dict[date, Assignment | None]]:
    """The days that locks without faults hold; shifts that are not in the roster have their breaks as early as can be.

    Days held as they stand are left out where there is no roster to stand in.
    """
    known = {pattern.id: pattern for pattern in patterns}
    stands: dict[tuple[str, date], Assignment] = {}
    if standing is not None:
        stands = {(shift.agent_id, shift.day): shift for shift in standing.assignments}
    held: dict[str, dict[date, Assignment | None]] = defaultdict(dict)
    for lock in locks:
        for day in lock.days:
            if lock.kind is LockKind.OFF:
                held[lock.agent_id][day] = None
            elif lock.kind is LockKind.HELD:
                if standing is not None:
                    held[lock.agent_id][day] = stands.get((lock.agent_id, day))
            else:
                shift = locked_shift(lock, day, known, horizon)
                if shift is not None:
                    made = assignment(lock.agent_id, shift, first_offsets(shift.pattern), horizon)
                    stood = stands.get((lock.agent_id, day))
                    same = stood is not None and (stood.pattern, stood.start) == (made.pattern, made.start)
                    held[lock.agent_id][day] = stood if same else made
    return dict(held)


def locked_shift(
    lock: Lock, day: date, patterns: Mapping[str, ShiftPattern], horizon: Horizon
) -> Shift | None:
    """The shift a lock holds a day to; None where its pattern has none such."""
    pattern = patterns.get(lock.pattern)
    if pattern is None or lock.start_min is None:
        return None
    index = (day - horizon.first).days
    clock = f"{lock.start_min // 60:02d}:{lock.start_min % 60:02d}"
    found = (
        shift
        for shift in shifts_on(pattern, horizon, index)
        if f"{horizon.instant(shift.start_min):%H:%M}" == clock
    )
    return next(found, None)


def assignment(agent_id: str, shift: Shift, offsets: Sequence[int], horizon: Horizon) -> Assignment:
    """A shift as somebody works it, its breaks so many minutes after its start."""
    breaks = []
    for rule, offset in zip(shift.pattern.breaks, offsets, strict=True):
        start_min = shift.start_min + offset
        start, end = horizon.instant(start_min), horizon.instant(start_min + rule.length_min)
        breaks.append(Break(kind=rule.kind, start=start, end=end, paid=rule.paid))
    return Assignment(
        agent_id=agent_id,
        day=horizon.day(shift.day),
        pattern=shift.pattern.id,
        start=horizon.instant(shift.start_min),
        end=horizon.instant(shift.end_min),
        breaks=tuple(breaks),
    )


def first_offsets(pattern: ShiftPattern) -> tuple[int, ...]:
    """Minutes from a shift's start to each break, each as early as it may be."""
    offsets: list[int] = []
    free_min = 0
    for rule in pattern.breaks:
        offsets.append(max(free_min, rule.earliest_min))
        free_min = offsets[-1] + rule.length_min
    return tuple(offsets)


def _alone(
    lock: Lock, people: Mapping[str, Agent], patterns: Mapping[str, ShiftPattern], horizon: Horizon
) -> Iterator[Fault]:
    """Faults of one lock that need no other to be seen."""
    if lock.agent_id not in people:
        yield _fault(lock, f"there is nobody of the id {lock.agent_id!r}", "Correct the id.")
    end = horizon.first + timedelta(days=horizon.days)
    outside = [day for day in lock.days if not horizon.first <= day < end]
    if outside:
        reason = f"{outside[0]} is none of the {horizon.days} days of the roster from {horizon.first} on"
        yield _fault(lock, reason, "Give days of the roster.")
        return
    if lock.kind is LockKind.SHIFT:
        if lock.pattern not in patterns:
            yield _fault(
                lock, f"there is no pattern {lock.pattern!r}", f"Known: {', '.join(sorted(patterns))}."
            )
            return
        for day in lock.days:
            if locked_shift(lock, day, patterns, horizon) is None:
                reason = f"pattern {lock.pattern!r} has no such start on {day:%A}, {day}"
                yield _fault(lock, reason, "Give one of its starts on one of its days.")


def _twice(locks: Sequence[Lock]) -> Iterator[Fault]:
    """Days of a person that two locks hold to different things."""
    first: dict[tuple[str, date], Lock] = {}
    for lock in locks:
        for day in lock.days:
            other = first.setdefault((lock.agent_id, day), lock)
            if other.held_to != lock.held_to:
                yield _fault(lock, f"{day} is locked already: {other}", "Withdraw one of the two.")
                break


def _fault(lock: Lock, reason: str, repair: str) -> Fault:
    return Fault("locks", None, None, str(lock), reason, repair)
