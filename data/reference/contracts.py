"""Contracts: one row a contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.domain import Contract
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.tables import Table

REQUIRED = ("contract",)
OPTIONAL = (
    "min_h_per_week",
    "max_h_per_week",
    "max_days_per_week",
    "max_consecutive_days",
    "min_rest_h",
    "patterns",
    "cost_per_h",
)


def read_contracts(
    table: Table, *, patterns: Sequence[str], renamed: Mapping[str, str] | None = None
) -> tuple[Sheet, list[tuple[Row, Contract]]]:
    """Read contracts.

    Parameters
    ----------
    table
        As read from the file.
    patterns
        Names of the patterns there are.
    renamed
        Names in the file of our columns that are called otherwise there.

    Returns
    -------
    tuple
        The sheet with the faults found, and the contracts of sound rows with their rows.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    found = [(row, _contract(row, patterns)) for row in sheet.rows()]
    return sheet, [(row, contract) for row, contract in found if contract is not None]


def _contract(row: Row, patterns: Sequence[str]) -> Contract | None:
    blank = Contract(id="-")
    name = row.need("contract")
    allowed = row.get("patterns", fields.names, frozenset[str]())
    for pattern in sorted(allowed):
        row.known("patterns", "pattern", pattern, patterns)
    contract: dict[str, Any] = {
        "min_h_per_week": row.get("min_h_per_week", fields.number, blank.min_h_per_week),
        "max_h_per_week": row.get("max_h_per_week", fields.number, blank.max_h_per_week),
        "max_days_per_week": row.get("max_days_per_week", fields.whole, blank.max_days_per_week),
        "max_consecutive_days": row.get("max_consecutive_days", fields.whole, blank.max_consecutive_days),
        "min_rest_h": row.get("min_rest_h", fields.number, blank.min_rest_h),
        "cost_per_h": row.get("cost_per_h", fields.not_negative, blank.cost_per_h),
    }
    return row.make(lambda: Contract(id=name, patterns=allowed, **contract))
