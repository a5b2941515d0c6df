"""What a process with HiGHS is told, and what it tells: plain data that crosses a pipe."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A programme to be solved.

    Parameters
    ----------
    cost, lower, upper
        One entry per column.
    integer
        Boolean per column; None for the relaxation.
    starts, entries, factors
        The matrix, compressed by row.
    row_lower, row_upper
        One entry per row.
    offset
        Constant of the objective.
    options
        Of HiGHS, by name.
    start
        A solution to begin with, NaN where HiGHS shall complete it.
    number
        Of the task for its process, so that a late wish to stop does not reach the next one.
    rounded
        Boolean per column: those to be made whole by rounding; None where they are not.
    slack
        How far above the relaxation rounding may end at once.
    """

    cost: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    integer: np.ndarray | None
    starts: np.ndarray
    entries: np.ndarray
    factors: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    offset: float
    options: dict[str, Any]
    start: np.ndarray | None = None
    number: int = 0
    rounded: np.ndarray | None = None
    slack: float = 0.0


@dataclass(frozen=True, slots=True)
class Halt:
    """The task of that number is to end."""

    number: int


@dataclass(frozen=True, slots=True)
class Better:
    """A better solution was found."""

    objective: float
    bound: float
    values: np.ndarray


@dataclass(frozen=True, slots=True)
class Bound:
    """More was proven."""

    bound: float


class Ended(Enum):
    """How HiGHS ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    EARLY = "early"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The end of a task.

    Parameters
    ----------
    ended
        How.
    values, objective
        The solution, where there is one.
    bound
        Proven on the objective; infinite or NaN where nothing is.
    row_duals
        Multipliers of the rows, of an optimal relaxation.
    """

    ended: Ended
    values: np.ndarray | None = None
    objective: float | None = None
    bound: float = float("-inf")
    row_duals: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """HiGHS does not take the task."""

    reason: str


FromHighs = Better | Bound | Found | Refused
