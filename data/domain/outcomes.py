"""How an optimisation ended, honest about what was proven."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar


class Status(StrEnum):
    """How an optimisation ended; gap and time are told apart from it."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NO_SOLUTION = "no solution found"
    CANCELLED = "cancelled"


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Value]):
    """Result of an optimisation, honest about what was proven.

    Parameters
    ----------
    status
        As read from the solver, never assumed.
    objective
        Of `value`, recounted; None without a value.
    bound
        No solution can be better than this; None where none was proven.
    runtime_s
        Wall time.
    value
        The solution; None where there is none.
    """

    status: Status
    objective: float | None
    bound: float | None
    runtime_s: float
    value: Value | None

    @property
    def gap(self) -> float | None:
        """(objective − bound) / objective for a minimisation, 0–1; None where either is unknown."""
        if self.objective is None or self.bound is None:
            return None
        if self.objective == self.bound:
            return 0.0
        return (self.objective - self.bound) / max(abs(self.objective), 1e-9)
