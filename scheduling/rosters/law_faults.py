"""What is wrong with the law a roster is asked to keep, before any solver starts."""

from __future__ import annotations

from collections.abc import Iterable

from data.domain import Agent, Contract
from data.errors import Fault
from scheduling.rules.law import Law


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
