"""Ways to give way in limits of a contract, for one person, for two, … for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from data.domain import Contract
from scheduling.conflicts import prices
from scheduling.conflicts.contract_limits import LIMITS
from scheduling.conflicts.ladders import Ladder, Step, contract_of, shift_h
from scheduling.conflicts.report import Kind, Rule
from scheduling.problem import RosterProblem

LIMIT_STEPS = (1, 2, 3)
"""By so many shifts, days or hours a limit is bent."""


def longer_weeks(problem: RosterProblem, rule: Rule, skills: Iterable[str]) -> Iterator[Ladder]:
    """Let people work a shift more a week, by the hours or also by the days their contract allows."""
    contract = contract_of(problem, rule.name)
    each_h = shift_h(problem, contract)
    for more in LIMIT_STEPS:
        days = min(7, contract.max_days_per_week + more)
        longer = {"max_h_per_week": min(168.0, contract.max_h_per_week + more * each_h)}
        oftener = {
            "max_days_per_week": days,
            "max_consecutive_days": max(days, contract.max_consecutive_days),
        }
        alone = longer if rule.kind is Kind.HOURS else {"max_days_per_week": days}
        for limits in (alone, longer | oftener):
            factor = prices.REST_DAY if "max_days_per_week" in limits else prices.OVERTIME
            yield _bent(problem, rule, skills, _Bend(_with(contract, limits), factor, more * each_h))


def limit_bent(problem: RosterProblem, rule: Rule, skills: Iterable[str]) -> Iterator[Ladder]:
    """Bend another limit, at last as if there were none."""
    contract, limit = contract_of(problem, rule.name), LIMITS[rule.kind]
    each_h = shift_h(problem, contract)
    value = getattr(contract, limit.field)
    steps = (_bent_by(rule.kind, value, more) for more in LIMIT_STEPS)
    for after in (*(step for step in steps if step is not None), limit.none):
        bent = _with(contract, {limit.field: after})
        yield _bent(problem, rule, skills, _Bend(bent, prices.RULE_BENT, each_h))


def _bent_by(kind: Kind, value: float, more: int) -> float | None:
    """A limit bent by a few days or hours; None where it has no such steps."""
    if kind in (Kind.CONSECUTIVE_DAYS, Kind.NIGHTS):
        return int(value) + more
    if kind is Kind.REST and value > more:
        return value - more
    if kind is Kind.START_SPREAD:
        return int(value) + 60 * more
    return None


def _with(contract: Contract, limits: Mapping[str, Any]) -> Contract:
    return replace(contract, **limits)


@dataclass(frozen=True, slots=True)
class _Bend:
    """A contract with limits bent, and the price of each of the hours a person works by it."""

    contract: Contract
    factor: float
    each_h: float


def _bent(problem: RosterProblem, rule: Rule, skills: Iterable[str], bend: _Bend) -> Ladder:
    """One person, two, … work by a contract with limits bent."""
    bent, each_h = bend.contract, bend.each_h
    contract = contract_of(problem, rule.name)
    other = replace(bent, id=f"{contract.id}+")
    wanted = set(skills)
    able = [a for a in problem.agents if a.contract == contract.id and a.skills & wanted]
    able.sort(key=lambda agent: (len(agent.time_off), agent.id))
    also = [kind for kind in (Kind.HOURS, Kind.DAYS, Kind.CONSECUTIVE_DAYS) if kind is not rule.kind]
    changed = tuple(
        (Rule(kind=kind, name=rule.name, value=_figure(contract, kind)), _figure(bent, kind))
        for kind in also
        if _figure(contract, kind) != _figure(bent, kind)
    )
    weekly = rule.kind in (Kind.HOURS, Kind.DAYS)

    def step(count: int) -> Step:
        chosen = {agent.id for agent in able[:count]}
        return Step(
            lambda asked: replace(
                asked,
                contracts=(*asked.contracts, other),
                agents=tuple(replace(a, contract=other.id) if a.id in chosen else a for a in asked.agents),
            ),
            _figure(bent, rule.kind),
            bend.factor * count * each_h * contract.cost_per_h,
            people=tuple(agent.id for agent in able[:count]),
            hours=count * each_h if weekly else None,
            and_also=changed,
        )

    return Ladder(rule, tuple(step(count) for count in range(1, len(able) + 1)))


def _figure(contract: Contract, kind: Kind) -> float | None:
    """A limit as a figure; None where it has none."""
    value = getattr(contract, LIMITS[kind].field)
    unlimited = value == LIMITS[kind].none and kind not in (Kind.HOURS, Kind.DAYS)
    return None if unlimited or isinstance(value, frozenset | bool) else float(value)
