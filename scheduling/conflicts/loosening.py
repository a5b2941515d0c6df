"""Rules and requests a roster's problem holds, and the problem without some of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from data.domain import Agent, Contract, Queue, ShiftPattern
from data.week import ALL_WEEKDAYS, DAY_MIN
from scheduling.conflicts.contract_limits import LIMITS, loosened
from scheduling.conflicts.report import Kind, Rule
from scheduling.problem import RosterProblem

MANY = 4.0
"""So many times the people it takes to do all the work at once are as good as any number."""
WIDEST_STEP_MIN = 60
"""Where starts are free, shifts may begin on this grid."""


def rules_of(problem: RosterProblem, queues: Iterable[Queue]) -> tuple[Rule, ...]:
    """Rules and requests of the people who can serve some queues, those first that are rather to be named."""
    wanted = sorted({queue.skill for queue in queues})
    people = [agent for agent in problem.agents if agent.skills & set(wanted)]
    used = {agent.contract for agent in people}
    contracts = [contract for contract in problem.contracts if contract.id in used]
    patterns = [pattern for pattern in problem.patterns if _usable(pattern, contracts)]
    return (
        *(_people(skill, people) for skill in wanted),
        *_time_off(people, problem),
        *(rule for contract in contracts for rule in _contract_rules(contract, problem)),
        *(_starts(pattern) for pattern in patterns),
        *(Rule(kind=Kind.BREAKS, name=pattern.id) for pattern in patterns if pattern.breaks),
    )


def without(problem: RosterProblem, rules: Collection[Rule]) -> RosterProblem:
    """The problem without some of its rules and requests."""
    named = {kind: {rule.name for rule in rules if rule.kind is kind} for kind in Kind}
    agents = [
        replace(agent, time_off=frozenset()) if agent.id in named[Kind.TIME_OFF] else agent
        for agent in problem.agents
    ]
    for skill in sorted(named[Kind.PEOPLE]):
        for contract in sorted({agent.contract for agent in problem.agents if skill in agent.skills}):
            agents += more_people(skill, contract, _as_many_as_needed(problem, skill))
    return replace(
        problem,
        agents=tuple(agents),
        contracts=tuple(
            loosened(
                contract, [rule.kind for rule in rules if rule.kind in LIMITS and rule.name == contract.id]
            )
            for contract in problem.contracts
        ),
        patterns=tuple(
            _free(pattern, starts=pattern.id in named[Kind.STARTS], breaks=pattern.id in named[Kind.BREAKS])
            for pattern in problem.patterns
        ),
    )


def more_people(skill: str, contract: str, count: int) -> list[Agent]:
    """People who are not there yet; their ids are told by nobody."""
    return [
        Agent(id=f"+{skill}+{contract}+{number}", skills=frozenset({skill}), contract=contract)
        for number in range(count)
    ]


def _as_many_as_needed(problem: RosterProblem, skill: str) -> int:
    index = {number for number, queue in enumerate(problem.queues) if queue.skill == skill}
    most = max(
        (
            float(demand.agents[-1]) / max(float(problem.yields[pool, slot]), 1e-6)
            for (pool, slot), demand in problem.demand.items()
            if index & set(demand.queues)
        ),
        default=0.0,
    )
    return int(MANY * len(index) * most) + 10


def _people(skill: str, people: Iterable[Agent]) -> Rule:
    return Rule(kind=Kind.PEOPLE, name=skill, value=float(sum(skill in agent.skills for agent in people)))


def _time_off(people: Iterable[Agent], problem: RosterProblem) -> Iterator[Rule]:
    days = [problem.horizon.day(day) for day in range(problem.days)]
    for agent in people:
        off = tuple(day for day in days if day in agent.time_off)
        if off:
            label = "" if agent.name == agent.id else agent.name
            yield Rule(kind=Kind.TIME_OFF, name=agent.id, days=off, label=label)


def _contract_rules(contract: Contract, problem: RosterProblem) -> Iterator[Rule]:
    for kind, limit in LIMITS.items():
        value = getattr(contract, limit.field)
        if value == limit.none or (kind is Kind.CONSECUTIVE_DAYS and value >= problem.days):
            continue
        if kind is Kind.ALLOWED_PATTERNS and value >= {pattern.id for pattern in problem.patterns}:
            continue
        figure = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        yield Rule(kind=kind, name=contract.id, value=figure)


def _starts(pattern: ShiftPattern) -> Rule:
    return Rule(kind=Kind.STARTS, name=pattern.id)


def _usable(pattern: ShiftPattern, contracts: Iterable[Contract]) -> bool:
    return any(not contract.patterns or pattern.id in contract.patterns for contract in contracts)


def _free(pattern: ShiftPattern, *, starts: bool, breaks: bool) -> ShiftPattern:
    """The pattern with starts at any hour of any day, with breaks at any time of the shift."""
    found = pattern
    if starts:
        step_min = min(pattern.start_step_min, WIDEST_STEP_MIN)
        first_min = pattern.start_earliest_min % step_min
        found = replace(
            found,
            weekdays=ALL_WEEKDAYS,
            start_earliest_min=first_min,
            start_latest_min=DAY_MIN - step_min + first_min,
            start_step_min=step_min,
        )
    if breaks:
        anywhere = (
            replace(rule, earliest_min=0, latest_min=pattern.length_min - rule.length_min)
            for rule in pattern.breaks
        )
        found = replace(found, breaks=tuple(anywhere))
    return found
