"""What is wrong with the law a roster is asked to keep, before any solver starts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data.domain import Agent, Contract, ShiftPattern
from data.errors import Fault
from data.rule_sets import NormalHours, OvertimePerDay
from scheduling.rules.facts import TOLERANCE_H
from scheduling.rules.law import Law
from scheduling.shifts import Horizon


def law_faults(law: Law, agents: Iterable[Agent], contracts: Iterable[Contract]) -> list[Fault]:
    """Contracts somebody works by whose rule set is not known; none where there are no rule sets."""
    used = {agent.contract for agent in agents}
    return [
        Fault(
            "contracts",
            None,
            "rule_set",
            contract.rule_set,
            f"contract {contract.id!r} names a rule set that is not known",
            f"Give one of: {', '.join(sorted(law.sets))}, or describe it in the workspace's folder rule_sets.",
        )
        for contract in contracts
        if law.sets and contract.id in used and contract.rule_set not in law.sets
    ]


def pattern_law_faults(
    law: Law,
    agents: Iterable[Agent],
    contracts: Iterable[Contract],
    patterns: Sequence[ShiftPattern],
    horizon: Horizon,
) -> list[Fault]:
    """Patterns that a contract names and that are longer than its rule set lets anybody work on any day of a horizon."""
    used = {agent.contract for agent in agents}
    faults = []
    for contract in contracts:
        rules = law.sets.get(contract.rule_set)
        if contract.id not in used or rules is None:
            continue
        most_h = max(
            float("inf") if normal is None or over is None else normal.day_h + over.most_h
            for day in map(horizon.day, range(horizon.days))
            for normal, over in [(rules.rule(NormalHours, day), rules.rule(OvertimePerDay, day))]
        )
        faults += [
            Fault(
                "contracts",
                None,
                "patterns",
                contract.id,
                f"its pattern {pattern.id!r} of {pattern.paid_min / 60:g} h is longer than the {most_h:g} h a day that "
                f"{rules.id} allows with overtime",
                "Shorten the pattern, take it off the contract, or give the contract another rule_set.",
            )
            for pattern in patterns
            if pattern.id in contract.patterns and pattern.paid_min / 60 > most_h + TOLERANCE_H
        ]
    return faults
