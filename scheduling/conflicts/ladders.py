"""Ways to give way, step by step, each a changed problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from data.domain import Contract
from scheduling.conflicts.report import Rule
from scheduling.problem import RosterProblem


@dataclass(frozen=True, slots=True)
class Step:
    """A way to give way.

    Parameters
    ----------
    change
        Makes the problem with it.
    after
        Figure of the rule then.
    people
        Ids of those who give way.
    hours
        Paid hours it takes more, where they follow from it.
    price
        See `scheduling.conflicts.prices`.
    and_also
        Further rules with their figures that give way as well.
    """

    change: Callable[[RosterProblem], RosterProblem]
    after: float | None
    price: float
    people: tuple[str, ...] = ()
    hours: float | None = None
    and_also: tuple[tuple[Rule, float | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Ways to give way in one rule, the least one first.

    Parameters
    ----------
    rule
        What gives way.
    steps
        In the order of their prices.
    nested
        Whether each gives way in all that the one before it does.
    """

    rule: Rule
    steps: tuple[Step, ...]
    nested: bool = True


def contract_of(problem: RosterProblem, name: str) -> Contract:
    """The contract of that name."""
    return next(contract for contract in problem.contracts if contract.id == name)


def shift_h(problem: RosterProblem, contract: Contract) -> float:
    """Paid hours of the shortest shift a contract may work."""
    allowed = [
        own.paid_min for own in problem.patterns if not contract.patterns or own.id in contract.patterns
    ]
    return min(allowed, default=0) / 60


def usual_h(problem: RosterProblem, agent_id: str) -> float:
    """Paid hours of a person's day."""
    agent = next(own for own in problem.agents if own.id == agent_id)
    return shift_h(problem, contract_of(problem, agent.contract))


def all_h(problem: RosterProblem, pattern: str) -> float:
    """Paid hours when everybody who may works the pattern once."""
    own = next(one for one in problem.patterns if one.id == pattern)
    may = {
        contract.id for contract in problem.contracts if not contract.patterns or pattern in contract.patterns
    }
    return sum(agent.contract in may for agent in problem.agents) * own.paid_min / 60 * own.cost_per_h


def dearest(problem: RosterProblem, people: Iterable[str]) -> float:
    """Cost of an hour of the dearest of some people."""
    rates = {contract.id: contract.cost_per_h for contract in problem.contracts}
    wanted = set(people)
    return max((rates[agent.contract] for agent in problem.agents if agent.id in wanted), default=1.0)
