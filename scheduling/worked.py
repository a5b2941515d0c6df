"""What each person's shifts come to: hours, cost, and how many fall on times that should be shared fairly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from data.domain import Agent, Assignment, Contract, ShiftPattern
from data.errors import UnknownNameError
from scheduling.fair_shares import total
from scheduling.pay import NOTHING, Pay, Premium, payroll
from scheduling.rules.law import Law
from scheduling.unsocial import UNSOCIAL, Load

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
    pay
        Premiums by contract, see `scheduling.pay.payroll`.
    """

    contract_of: Mapping[str, str]
    per_contract: Mapping[str, float]
    per_pattern: Mapping[str, float]
    pay: Mapping[str, Pay] = field(default_factory=dict)

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

    def premium(self, shifts: Sequence[Assignment], before: Iterable[Assignment]) -> tuple[Premium, float]:
        """What one person's shifts are paid beyond the cost of an hour, and the cost of an hour of it."""
        contract = self.contract_of.get(shifts[0].agent_id, "") if shifts and self.pay else ""
        if contract not in self.pay:
            return NOTHING, 0.0
        return self.pay[contract].of_person(shifts, before), self.per_contract.get(contract, 1.0)


@dataclass(frozen=True, slots=True)
class Worked:
    """Shifts of one person, counted.

    Parameters
    ----------
    shifts, paid_h, cost
        How many, their paid hours, and those times the cost of an hour, premiums included.
    premium, premium_per_h
        Hours paid beyond their rate, and what an hour of that costs.
    load
        Shifts nobody likes, see `scheduling.unsocial`.
    """

    shifts: int
    paid_h: float
    cost: float
    premium: Premium
    premium_per_h: float
    load: Load


def tariff(
    agents: Iterable[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
    law: Law | None = None,
    timezone: str = "UTC",
) -> Tariff:
    """Costs of an hour of these people; rule sets of the law and local days of the zone say what is paid beyond it."""
    return Tariff(
        {agent.id: agent.contract for agent in agents},
        {contract.id: contract.cost_per_h for contract in contracts},
        {pattern.id: pattern.cost_per_h for pattern in patterns},
        payroll(contracts, law or Law(), timezone),
    )


def worked(
    shifts: Sequence[Assignment], tariff: Tariff, timezone: str, before: Iterable[Assignment] = ()
) -> Worked:
    """Count one person's shifts; local hours are those of the roster's zone.

    Hours of shifts before them count towards overtime of a week or a cycle.
    """
    premium, premium_per_h = tariff.premium(shifts, before)
    paid = [shift.paid / timedelta(hours=1) for shift in shifts]
    return Worked(
        shifts=len(shifts),
        paid_h=sum(paid),
        cost=sum(hours * tariff.per_h(shift) for hours, shift in zip(paid, shifts, strict=True))
        + premium.extra_h * premium_per_h,
        premium=premium,
        premium_per_h=premium_per_h,
        load=total(UNSOCIAL.load(shift, timezone) for shift in shifts),
    )


def _of(kind: str, name: str, known: Mapping[str, Found]) -> Found:
    if name not in known:
        raise UnknownNameError(kind, name, tuple(known))
    return known[name]
