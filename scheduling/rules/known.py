"""Rules that a roster is about what there is: people, contracts, patterns, days."""

from __future__ import annotations

from collections.abc import Iterator

from data.domain import Violation
from scheduling.rules.facts import Facts, of_shift


def known_person(facts: Facts) -> Iterator[Violation]:
    """Every shift belongs to somebody who can be rostered."""
    for shift in facts.roster.assignments:
        if shift.agent_id not in facts.agents:
            yield of_shift("known person", shift, "nobody of that name can be rostered")


def known_contract(facts: Facts) -> Iterator[Violation]:
    """Everybody who works has a contract that is known."""
    for agent_id, shifts in facts.shifts.items():
        agent = facts.agents.get(agent_id)
        if agent is not None and agent.contract not in facts.contracts:
            yield of_shift("known contract", shifts[0], f"contract {agent.contract!r} is not known")


def known_pattern(facts: Facts) -> Iterator[Violation]:
    """Every shift was made from a pattern that is known."""
    for shift in facts.roster.assignments:
        if shift.pattern not in facts.patterns:
            yield of_shift("known pattern", shift, f"pattern {shift.pattern!r} is not known")


def inside_horizon(facts: Facts) -> Iterator[Violation]:
    """Every shift begins on a day of the roster's horizon."""
    for shift in facts.roster.assignments:
        if not facts.roster.first <= shift.day <= facts.roster.last:
            message = f"the roster runs from {facts.roster.first} to {facts.roster.last}"
            yield of_shift("inside horizon", shift, message)
