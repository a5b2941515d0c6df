"""Guaranteed hours that nobody could work: told before any solver starts, with what stands against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from data.domain import Agent, Contract, ShiftPattern
from data.errors import Fault
from scheduling.conflicts.contract_limits import LIMITS, loosened
from scheduling.conflicts.report import Kind
from scheduling.conflicts.smallest import smallest
from scheduling.rosters.day_rules import contract_rules
from scheduling.rosters.duties import coarse_duties, exact_duties, rest_binds
from scheduling.rosters.tour_networks import network
from scheduling.rules import least_h
from scheduling.shifts import Horizon, all_shifts

DAYS_OF_WEEK = 7
SHOWN = 5
ASKED = (
    Kind.DAYS,
    Kind.HOURS,
    Kind.CONSECUTIVE_DAYS,
    Kind.REST,
    Kind.NIGHTS,
    Kind.START_SPREAD,
    Kind.ROTATION,
    Kind.DAYS_OFF_TOGETHER,
    Kind.WEEKENDS_OFF,
    Kind.ALLOWED_PATTERNS,
)
"""Limits of a contract that may stand against its guaranteed hours."""


def guarantee_faults(
    contracts: Iterable[Contract], agents: Iterable[Agent], patterns: Sequence[ShiftPattern], horizon: Horizon
) -> Iterator[Fault]:
    """Contracts of which no whole week holds the guaranteed hours, and time off beside which none does."""
    mondays = [
        day for day in range(max(0, horizon.days - DAYS_OF_WEEK + 1)) if horizon.day(day).weekday() == 0
    ]
    if not mondays:
        return
    people: dict[str, list[Agent]] = defaultdict(list)
    for agent in agents:
        people[agent.contract].append(agent)
    for contract in contracts:
        if contract.min_h_per_week <= 0 or contract.id not in people:
            continue
        weeks = _Weeks(
            contract, tuple(patterns), Horizon(horizon.day(mondays[0]), DAYS_OF_WEEK, horizon.timezone)
        )
        if not weeks.possible():
            yield _of_contract(contract, weeks)
            continue
        for monday in (horizon.day(day) for day in mondays):
            yield from _of_time_off(contract, people[contract.id], weeks, monday)


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Whether there is a week of a contract, by the days off."""

    contract: Contract
    patterns: tuple[ShiftPattern, ...]
    week: Horizon

    def possible(self, days_off: frozenset[int] = frozenset()) -> bool:
        """Whether somebody off on these days, counted from Monday, can work the guaranteed hours."""
        return _tour(self.contract, self.patterns, days_off, self.week)

    def possible_without(self, kinds: Collection[Kind]) -> bool:
        """Whether the contract without some of its limits leaves a week."""
        return _tour(loosened(self.contract, kinds), self.patterns, frozenset(), self.week)


@lru_cache(maxsize=4096)
def _tour(
    contract: Contract, patterns: tuple[ShiftPattern, ...], days_off: frozenset[int], week: Horizon
) -> bool:
    """Whether any tour of a week keeps the contract, its guaranteed hours included."""
    allowed = [
        pattern
        for pattern in patterns
        if (not contract.patterns or pattern.id in contract.patterns)
        and pattern.paid_min <= 60 * contract.max_h_per_week + 1e-6
    ]
    shifts = all_shifts(allowed, week)
    duties = exact_duties(contract, shifts) if rest_binds(contract, shifts) else coarse_duties(shifts)
    rules = contract_rules(contract, shifts, (), week)
    if rules:
        duties = {
            shift: replace(duty, seen=tuple(rule.sees(shift) for rule in rules))
            for shift, duty in duties.items()
        }
    return network(contract, duties, days_off, week, rules=rules) is not None


def _of_contract(contract: Contract, weeks: _Weeks) -> Fault:
    limits = [kind for kind in ASKED if getattr(contract, LIMITS[kind].field) != LIMITS[kind].none]

    def conflict(held: Sequence[Kind]) -> bool:
        return not weeks.possible_without([kind for kind in limits if kind not in held])

    against = ", ".join(_said(contract, kind) for kind in smallest(limits, conflict).things)
    reason = f"{contract.min_h_per_week:g} guaranteed hours a week cannot be worked"
    reason += f" with {against} and the patterns there are" if against else " with the patterns there are"
    return Fault(
        "contracts",
        None,
        "min_h_per_week",
        contract.id,
        reason,
        "Lower min_h_per_week, loosen one of these, or allow longer patterns or patterns on more days.",
    )


def _of_time_off(contract: Contract, people: Sequence[Agent], weeks: _Weeks, monday: date) -> Iterator[Fault]:
    days = [monday + timedelta(day) for day in range(DAYS_OF_WEEK + 1)]
    hindered: dict[float, list[str]] = defaultdict(list)
    for agent in people:
        days_off = frozenset(number for number, day in enumerate(days) if day in agent.time_off)
        if days_off and not weeks.possible(days_off):
            hindered[least_h(contract, len(days_off - {DAYS_OF_WEEK}))].append(agent.id)
    for least, names in sorted(hindered.items()):
        some = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
        reason = (
            f"beside their time off {some} cannot work the {least:g} h that contract {contract.id!r} guarantees them "
            f"in the week of {monday}"
        )
        yield Fault(
            "agents",
            None,
            "time_off",
            names[0],
            reason,
            "Move the time off, lower min_h_per_week, or allow longer patterns or patterns on more days.",
        )


def _said(contract: Contract, kind: Kind) -> str:
    value = getattr(contract, LIMITS[kind].field)
    text = ";".join(sorted(value)) if isinstance(value, frozenset) else f"{value:g}"
    return f"{LIMITS[kind].field} {text}"
