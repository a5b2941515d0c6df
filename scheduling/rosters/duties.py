"""What the rules see of a shift: its hours, and where rest is kept to the minute also when it must and may be worked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.domain import Contract
from scheduling.shifts import Shift

ALWAYS = 0
"""Instant before which everybody is rested."""


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """Shifts of one day that the rules cannot tell apart.

    Parameters
    ----------
    paid_min
        Paid minutes.
    overnight
        Whether it reaches into the next day.
    ready_min
        Instant by which whoever works it must be rested, `ALWAYS` where nobody can be too tired for it.
    rested_min
        Instant from which whoever worked it is rested, `ALWAYS` where no later shift begins before.
    seen
        What each of the contract's `day_rules` sees of it.
    """

    paid_min: int
    overnight: bool
    ready_min: int = ALWAYS
    rested_min: int = ALWAYS
    seen: tuple[tuple[int, ...], ...] = ()


def coarse_duties(shifts: Iterable[Shift]) -> dict[Shift, Duty]:
    """Duties that do not see rest between days."""
    return {shift: Duty(shift.pattern.paid_min, shift.overnight) for shift in shifts}


def exact_duties(
    contract: Contract, shifts: Iterable[Shift], tired_min: Iterable[int] = ()
) -> dict[Shift, Duty]:
    """Duties by which rest between days is kept exactly.

    Of two neighbouring days only the starts matter before which somebody of the day before may still be tired:
    shifts that begin between the same two of them are one duty, and so are shifts that end between them.

    Parameters
    ----------
    contract, shifts
        The rest, and what the contract may work.
    tired_min
        Starts until which somebody may be tired from before the first day.
    """
    available = sorted(shifts, key=lambda shift: shift.start_min)
    starts = [shift.start_min for shift in available]
    last_day_of: dict[int, int] = {}
    for shift in available:
        last_day_of[shift.day] = max(last_day_of.get(shift.day, 0), shift.start_min)
    rested = {shift: _rested_min(contract, shift, starts, last_day_of) for shift in available}
    tired: dict[int, list[int]] = {day: list(tired_min) for day in (0, 1)}
    for shift, instant in rested.items():
        if instant != ALWAYS:
            for day in (shift.day + 1, shift.day + 2):
                tired.setdefault(day, []).append(instant)
    instants = {day: sorted(set(own)) for day, own in tired.items()}
    return {
        shift: Duty(
            shift.pattern.paid_min,
            shift.overnight,
            _ready_min(shift.start_min, instants.get(shift.day, [])),
            rested[shift],
        )
        for shift in available
    }


def _rested_min(
    contract: Contract, shift: Shift, starts: Sequence[int], last_day_of: Mapping[int, int]
) -> int:
    """First start of a later day that may follow the shift; `ALWAYS` where all may."""
    free_min = free_from_min(contract, shift)
    first_later = bisect_left(starts, shift.next_midnight_min)
    allowed = bisect_left(starts, free_min - 1e-6)
    if allowed <= first_later:
        return ALWAYS
    return starts[allowed] if allowed < len(starts) else max(last_day_of.values()) + 1


def _ready_min(start_min: int, instants: Sequence[int]) -> int:
    at = bisect_right(instants, start_min)
    return instants[at - 1] if at else ALWAYS


def free_from_min(contract: Contract, shift: Shift) -> float:
    """Instant from which another shift may begin: rested, and where starts only move forward at the same time of day."""
    rested_min = shift.end_min + 60 * contract.min_rest_h
    return max(rested_min, shift.start_tomorrow_min) if contract.forward_rotation else rested_min


def rest_binds(contract: Contract, shifts: Iterable[Shift]) -> bool:
    """Whether some shift of one day must not be followed by some shift of the next, for rest or rotation."""
    latest: dict[int, float] = {}
    earliest: dict[int, int] = {}
    for shift in shifts:
        latest[shift.day] = max(latest.get(shift.day, 0), free_from_min(contract, shift))
        earliest[shift.day] = min(earliest.get(shift.day, shift.start_min), shift.start_min)
    return any(day + 1 in earliest and free_min > earliest[day + 1] for day, free_min in latest.items())
