"""An integer programme under construction: PuLP's variables and constraints, addressed by number."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import starmap

import numpy as np
import pulp

from scheduling.solver import Arrays, arrays

EVERY_DAY = -1
"""Day of a column that belongs to no single one."""
NO_SLOT = -1
"""Slot of a column that belongs to none."""

LESS, EQUAL, GREATER = pulp.LpConstraintLE, pulp.LpConstraintEQ, pulp.LpConstraintGE


class Programme:
    """A minimisation whose columns know the day they belong to.

    Parameters
    ----------
    name
        For the solver's files.
    """

    def __init__(self, name: str) -> None:
        self._problem = pulp.LpProblem(name, pulp.LpMinimize)
        self._columns: list[pulp.LpVariable] = []
        self._costs: list[float] = []
        self._days: list[int] = []
        self._slots: list[int] = []
        self._rows = 0

    def add_columns(
        self,
        uppers: Iterable[float],
        *,
        costs: Iterable[float] | None = None,
        day: int = EVERY_DAY,
        slot: int = NO_SLOT,
        integer: bool = False,
    ) -> range:
        """Add one column per upper bound, each at least 0, and return their numbers."""
        first = len(self._columns)
        kind = pulp.LpInteger if integer else pulp.LpContinuous
        bounds = [(f"c{first + number}", 0, upper, kind) for number, upper in enumerate(uppers)]
        self._columns.extend(starmap(self._problem.add_variable, bounds))
        self._costs.extend([0.0] * len(bounds) if costs is None else costs)
        self._days.extend([day] * len(bounds))
        self._slots.extend([slot] * len(bounds))
        return range(first, len(self._columns))

    def upper(self, column: int) -> float:
        """Upper bound of a column."""
        return float(self._columns[column].upBound)

    def add_row(self, entries: Iterable[tuple[int, float]], sense: int, right: float) -> int:
        """Add Σ factor · column (≤, =, ≥) right, each column at most once, and return the row's number."""
        columns = self._columns
        expression = pulp.LpAffineExpression([(columns[column], factor) for column, factor in entries])
        self._problem.addConstraint(pulp.LpConstraint(expression, sense, rhs=right), f"r{self._rows}")
        self._rows += 1
        return self._rows - 1

    @property
    def day_of_column(self) -> np.ndarray:
        """Day index of each column, `EVERY_DAY` where it has none."""
        return np.array(self._days, dtype=np.int64)

    @property
    def slot_of_column(self) -> np.ndarray:
        """Slot of each column, `NO_SLOT` where it has none."""
        return np.array(self._slots, dtype=np.int64)

    @cached_property
    def arrays(self) -> Arrays:
        """The finished programme, for the solver."""
        pairs = [(column, cost) for column, cost in zip(self._columns, self._costs, strict=True) if cost]
        self._problem.setObjective(pulp.LpAffineExpression(pairs))
        return arrays(self._problem, self._columns)
