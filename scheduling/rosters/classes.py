"""Interchangeable people: classes of one contract and one set of skills, crews with the same time off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from data.domain import Agent, Contract
from scheduling.pay import ShiftPay
from scheduling.problem import RosterProblem
from scheduling.rosters.law_rules import lawful, lawful_contract, protects
from scheduling.rosters.premiums import shift_pays
from scheduling.rosters.tails import FRESH, Tail
from scheduling.shifts import Shift


@dataclass(frozen=True, slots=True)
class Crew:
    """People of one class who have the same days off.

    Parameters
    ----------
    agents
        In order of their ids.
    days_off
        Indices of the horizon's days; `days` itself is the day after the last.
    tail
        How they come into the first day, where their tours are to see it.
    protected
        Indices of days, below 0 in a week torn by the first, on which their rule set protects them from nights and
        overtime.
    """

    agents: tuple[Agent, ...]
    days_off: frozenset[int]
    tail: Tail = FRESH
    protected: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class AgentClass:
    """People the programme cannot tell apart but for their time off.

    Parameters
    ----------
    contract
        The contract they share.
    pools
        Indices of the pools they can serve.
    crews
        By days off.
    shifts
        What the contract may work: numbers into the problem's shifts.
    pays
        What of its shifts is paid beyond their rate, by pattern and start; empty where nothing is.
    """

    contract: Contract
    pools: frozenset[int]
    crews: tuple[Crew, ...]
    shifts: tuple[int, ...]
    pays: Mapping[tuple[str, int], ShiftPay] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of people."""
        return sum(len(crew.agents) for crew in self.crews)

    def cost(self, shift: Shift) -> float:
        """Cost of one of its shifts: paid hours times the rates of contract and pattern, and premiums of the shift."""
        pattern = shift.pattern
        cost = pattern.paid_min / 60 * pattern.cost_per_h * self.contract.cost_per_h
        own = self.pays.get((pattern.id, shift.start_min))
        return cost if own is None else cost + own.extra_h * self.contract.cost_per_h


def classes_of(problem: RosterProblem) -> tuple[AgentClass, ...]:
    """Group a problem's people.

    People who can serve no queue with contacts of the problem are left out unless their contract guarantees hours.
    """
    contracts = {contract.id: contract for contract in problem.contracts}
    wanted = {queue for demand in problem.demand.values() for queue in demand.queues}
    groups: dict[tuple[str, frozenset[int]], list[Agent]] = defaultdict(list)
    for agent in problem.agents:
        skilled = {
            problem.pool_of[number]
            for number, queue in enumerate(problem.queues)
            if number in wanted and queue.skill in agent.skills
        }
        if skilled or contracts[agent.contract].min_h_per_week > 0:
            groups[agent.contract, frozenset(skilled)].append(agent)
    return tuple(
        AgentClass(
            contract=lawful_contract(contracts[name], problem.rule_set(contracts[name]), problem.horizon),
            pools=pools,
            crews=_crews(members, contracts[name], problem),
            shifts=shifts_of(contracts[name], problem),
            pays=shift_pays(contracts[name], problem),
        )
        for (name, pools), members in sorted(
            groups.items(), key=lambda item: (sorted(item[0][1]), item[0][0])
        )
    )


def by_tail(agent_class: AgentClass, tail_of: Callable[[Agent], Tail]) -> AgentClass:
    """The same class with its crews split by how their people come into the first day."""
    crews: list[Crew] = []
    for crew in agent_class.crews:
        groups: dict[Tail, list[Agent]] = defaultdict(list)
        for agent in crew.agents:
            groups[tail_of(agent)].append(agent)
        crews += [replace(crew, agents=tuple(agents), tail=tail) for tail, agents in sorted(groups.items())]
    return replace(agent_class, crews=tuple(crews))


def days_off_of(agent: Agent, problem: RosterProblem) -> frozenset[int]:
    """Indices of a person's days off; the number of days itself is the day after the last."""
    indices = ((day - problem.first).days for day in agent.time_off)
    return frozenset(index for index in indices if 0 <= index <= problem.days)


def protected_of(agent: Agent, contract: Contract, problem: RosterProblem) -> frozenset[int]:
    """Indices of the days on which a person is protected, see `Crew`; none where no day of the horizon is."""
    if agent.protected_from is None or not protects(problem.rule_set(contract), problem.horizon):
        return frozenset()
    first = -problem.first.weekday()
    days = {day for day in range(first, problem.days + 1) if agent.protected_on(problem.horizon.day(day))}
    return frozenset(days if max(days, default=-1) >= 0 else ())


def _crews(members: list[Agent], contract: Contract, problem: RosterProblem) -> tuple[Crew, ...]:
    groups: dict[tuple[frozenset[int], frozenset[int]], list[Agent]] = defaultdict(list)
    for agent in sorted(members, key=lambda agent: agent.id):
        groups[days_off_of(agent, problem), protected_of(agent, contract, problem)].append(agent)
    return tuple(
        Crew(tuple(agents), off, protected=protected)
        for (off, protected), agents in sorted(
            groups.items(), key=lambda item: tuple(sorted(days) for days in item[0])
        )
    )


def shifts_of(contract: Contract, problem: RosterProblem) -> tuple[int, ...]:
    """Numbers of the shifts that a contract, and the law it stands under, may work."""
    longest_min, rules = 60 * contract.max_h_per_week, problem.rule_set(contract)
    return tuple(
        number
        for number, shift in enumerate(problem.shifts)
        if (not contract.patterns or shift.pattern.id in contract.patterns)
        and shift.pattern.paid_min <= longest_min + 1e-6
        and lawful(shift, rules, problem.horizon)
    )
