"""What the optimiser hands back, and the best named roster it holds while it works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.domain import Outcome, Roster, Severity, Violation
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Watch
from scheduling.rosters.recount import Shortfall, cost_of, judged
from scheduling.rules import violations
from scheduling.rules.by_law import rules_under

SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterOutcome(Outcome[Roster]):
    """Result of the optimiser.

    Parameters
    ----------
    missed
        Targets and floors that `value` misses, counted anew from its people; empty where it reaches all, and where
        there is no roster.
    """

    missed: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A named roster, counted anew.

    Parameters
    ----------
    roster
        Clean by the rules.
    cost
        Of its people's hours, and of what is missing to soft targets.
    missed
        Targets and floors it misses; no soft ones.
    """

    roster: Roster
    cost: float
    missed: tuple[Shortfall, ...]

    @property
    def rank(self) -> tuple[float, float]:
        """Lower is better: what is missed first, then the cost; what differs by rounding is equal."""
        missing = sum((short.wanted - short.rate for short in self.missed), start=0.0)
        return round(missing, 9), round(self.cost, 6)


class Best:
    """The best named roster so far.

    Parameters
    ----------
    problem
        What is asked.
    watch
        Told of the cost of a roster that reaches every target.
    """

    def __init__(self, problem: RosterProblem, watch: Watch) -> None:
        self._problem = problem
        self._watch = watch
        self.named: Named | None = None

    def offer(self, roster: Roster, missed: Sequence[Shortfall] | None = None) -> Named:
        """Count a roster anew and keep it where none before was better; of equals the later one has settled wishes.

        Parameters
        ----------
        roster
            Of people with names.
        missed
            What it misses, where that was counted already and no target is soft.

        Raises
        ------
        RuntimeError
            It breaks a rule: the optimiser is at fault.
        """
        problem = self._problem
        broken = [
            violation
            for violation in violations(
                roster,
                problem.agents,
                problem.contracts,
                problem.patterns,
                rules_under(problem.law),
                before=problem.before,
            )
            if violation.severity is Severity.HARD
        ]
        if broken:
            raise RuntimeError(
                f"roster {roster.name!r}: the optimiser broke its own rules: {_listed(broken)}"
            )
        price = 0.0
        if missed is None:
            missed, price = judged(roster, problem)
        named = Named(roster, cost_of(roster, problem) + price, tuple(missed))
        if self.named is None or named.rank <= self.named.rank:
            self.named = named
            self._watch.incumbent = None if named.missed else named.cost
        return named


def _listed(broken: list[Violation]) -> str:
    return "; ".join(violation.message for violation in broken[:SHOWN])


def told(missed: tuple[Shortfall, ...]) -> str:
    """The first of what is missed, and how much more there is."""
    more = f"; and {len(missed) - SHOWN} more" if len(missed) > SHOWN else ""
    return "; ".join(map(str, missed[:SHOWN])) + more
