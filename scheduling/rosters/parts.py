"""Pieces of a programme: some columns free, the others held where they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from scheduling.solver import Arrays


@dataclass(frozen=True)
class Part:
    """A programme over the free columns of a larger one.

    Parameters
    ----------
    programme
        Rows without a free column are left out.
    columns, rows
        Numbers in the larger programme.
    """

    programme: Arrays
    columns: np.ndarray
    rows: np.ndarray


@dataclass(frozen=True)
class Whole:
    """A programme that pieces are cut from.

    Parameters
    ----------
    programme
        All of it.
    """

    programme: Arrays

    @cached_property
    def _by_column(self) -> sparse.csc_array:
        return self.programme.matrix.tocsc()

    def part(self, free: np.ndarray, values: np.ndarray) -> Part:
        """Free some columns and hold the others.

        Parameters
        ----------
        free
            Boolean per column.
        values
            Where the others are held; entries of free columns do not matter.
        """
        programme = self.programme
        columns = np.flatnonzero(free)
        taken = self._by_column[:, columns]
        rows = np.unique(taken.indices)
        held = programme.matrix[rows] @ np.where(free, 0.0, values)
        return Part(
            Arrays(
                cost=programme.cost[columns],
                lower=programme.lower[columns],
                upper=programme.upper[columns],
                integer=programme.integer[columns],
                matrix=taken.tocsr()[rows],
                row_lower=programme.row_lower[rows] - held,
                row_upper=programme.row_upper[rows] - held,
            ),
            columns,
            rows,
        )


def with_slack(programme: Arrays, rows: np.ndarray, prices: np.ndarray) -> Arrays:
    """Let some rows be missed either way at a price per unit.

    Parameters
    ----------
    programme
        The programme.
    rows, prices
        Numbers of the rows and what a unit costs in each.
    """
    count = rows.size
    slack = sparse.csr_array(
        (np.r_[np.ones(count), -np.ones(count)], (np.r_[rows, rows], np.arange(2 * count))),
        shape=(programme.matrix.shape[0], 2 * count),
    )
    # Finite, so that every column has bounds; nothing counted here comes near it.
    most = np.full(2 * count, 1e6)
    return replace(
        programme,
        cost=np.r_[programme.cost, prices, prices],
        lower=np.r_[programme.lower, np.zeros(2 * count)],
        upper=np.r_[programme.upper, most],
        integer=np.r_[programme.integer, np.zeros(2 * count, dtype=bool)],
        matrix=sparse.csr_array(sparse.hstack([programme.matrix, slack])),
    )
