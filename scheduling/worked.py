"""What each person's shifts come to: hours, cost, and how many fall on times that should be shared fairly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from data.domain import Agent, Assignment, Contract, ShiftPattern, zone
from data.errors import UnknownNameError
from scheduling.compare import SATURDAY, is_night

EARLY_BEFORE_H = 7
"""A shift that begins before this local hour, and is no night, is an early one."""
LATE_AFTER_H = 20
"""A shift that ends after this local hour, and is no night, is a late one."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Tariff:
    """Costs of a paid hour.

    Parameters
    ----------
    contract_of
        Contract of each person, by id.
    per_contract, per_pattern
        Cost of an hour; one that is not given at all (empty) costs 1.
    """

    contract_of: Mapping[str, str]
    per_contract: Mapping[str, float]
    per_pattern: Mapping[str, float]

    def per_h(self, shift: Assignment) -> float:
        """Cost of a paid hour of a shift.

        Raises
        ------
        UnknownNameError
            Its person, contract or pattern is not among those given.
        """
        contract = _of("agent", shift.agent_id, self.contract_of)
        per_contract = _of("contract", contract, self.per_contract) if self.per_contract else 1.0
        per_pattern = _of("pattern", shift.pattern, self.per_pattern) if self.per_pattern else 1.0
        return per_contract * per_pattern


@dataclass(frozen=True, slots=True)
class Worked:
    """Shifts of one person, counted.

    Parameters
    ----------
    shifts, paid_h, cost
        How many, their paid hours, and those times the cost of an hour.
    nights
        Shifts that touch 22:00–6:00, see `compare.is_night`.
    weekends
        Shifts that begin on a Saturday or Sunday.
    early, late
        Shifts, no nights, that begin before 7:00 or end after 20:00; one that does both is both.
    """

    shifts: int
    paid_h: float
    cost: float
    nights: int
    weekends: int
    early: int
    late: int


def tariff(
    agents: Iterable[Agent], contracts: Sequence[Contract], patterns: Sequence[ShiftPattern]
) -> Tariff:
    """Costs of an hour of these people."""
    return Tariff(
        {agent.id: agent.contract for agent in agents},
        {contract.id: contract.cost_per_h for contract in contracts},
        {pattern.id: pattern.cost_per_h for pattern in patterns},
    )


def worked(shifts: Sequence[Assignment], tariff: Tariff, timezone: str) -> Worked:
    """Count one person's shifts; local hours are those of the roster's zone."""
    paid = [shift.paid / timedelta(hours=1) for shift in shifts]
    place = zone(timezone)
    nights = early = late = 0
    for shift in shifts:
        if is_night(shift, timezone):
            nights += 1
            continue
        start, end = shift.start.astimezone(place), shift.end.astimezone(place)
        early += start.hour < EARLY_BEFORE_H
        late += (end.hour, end.minute) > (LATE_AFTER_H, 0)
    return Worked(
        shifts=len(shifts),
        paid_h=sum(paid),
        cost=sum(hours * tariff.per_h(shift) for hours, shift in zip(paid, shifts, strict=True)),
        nights=nights,
        weekends=sum(shift.day.weekday() >= SATURDAY for shift in shifts),
        early=early,
        late=late,
    )


def _of(kind: str, name: str, known: Mapping[str, Found]) -> Found:
    if name not in known:
        raise UnknownNameError(kind, name, tuple(known))
    return known[name]
