"""Every rule a class of people keeps day by day: of its contract and of the law it stands under."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scheduling.problem import RosterProblem
from scheduling.rosters.classes import AgentClass, protected_of
from scheduling.rosters.day_rules import DayRule, contract_rules
from scheduling.rosters.law_rules import Asked, law_rules
from scheduling.rosters.rest_rules import Protection
from scheduling.rosters.tails import Before


def kept_rules(problem: RosterProblem, before: Before, agent_class: AgentClass) -> tuple[DayRule, ...]:
    """Rules of all people with a class's contract; none where nothing beyond weeks, runs and rest is asked.

    Parameters
    ----------
    problem
        What is asked.
    before
        What was worked before its first day.
    agent_class
        The class.
    """
    contract, horizon = agent_class.contract, problem.horizon
    shifts = [problem.shifts[number] for number in agent_class.shifts]
    people = [agent for agent in problem.agents if agent.contract == contract.id]
    worked = [before[agent.id] for agent in people if agent.id in before]
    goes_on = problem.days_after > 0 and bool(before)
    found = contract_rules(contract, shifts, worked, horizon, goes_on=goes_on)
    rules = problem.rule_set(contract)
    if rules is not None:
        asked = Asked(
            contract=contract,
            law=problem.law,
            rules=rules,
            shifts=shifts,
            worked=worked,
            known_weeks=_known_weeks(before, horizon.first.weekday()),
            protected=any(protected_of(agent, contract, problem) for agent in people),
            horizon=horizon,
        )
        found += law_rules(asked)
    return tuple(found)


def of_protected(rules: Iterable[DayRule], protected: frozenset[int]) -> tuple[DayRule, ...]:
    """The rules as they hold for people who are protected on these days."""
    return tuple(
        replace(rule, protected=protected) if protected and isinstance(rule, Protection) else rule
        for rule in rules
    )


def _known_weeks(before: Before, torn: int) -> int | None:
    """Whole weeks before that of the first day, which lies so many days after its Monday; None where none is known."""
    first = min((day for own in before.values() for day in own), default=None)
    return None if first is None else max(0, -(-(-first - torn) // 7))
