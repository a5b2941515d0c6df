"""Contracts: one row a contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from data.domain import Contract
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.tables import Table

OWN: Mapping[str, Callable[[str], Any]] = {
    "min_h_per_week": fields.number,
    "max_h_per_week": fields.number,
    "max_days_per_week": fields.whole,
    "max_consecutive_days": fields.whole,
    "min_rest_h": fields.number,
    "max_consecutive_nights": fields.whole,
    "min_weekends_off": fields.whole,
    "max_start_spread_min": fields.whole,
    "forward_rotation": fields.yes_no,
    "min_consecutive_days_off": fields.whole,
    "patterns": fields.names,
    "cost_per_h": fields.not_negative,
    "regular_h_per_day": fields.number,
    "regular_h_per_week": fields.number,
    "overtime_pay": fields.number,
    "rest_day_pay": fields.number,
    "holiday_pay": fields.number,
    "night_pay": fields.number,
    "rule_set": fields.text,
}
REQUIRED = ("contract",)
OPTIONAL = tuple(OWN)


def read_contracts(
    table: Table,
    *,
    patterns: Sequence[str],
    rule_sets: Sequence[str] = ("none",),
    renamed: Mapping[str, str] | None = None,
    held: Mapping[str, Contract] | None = None,
) -> tuple[Sheet, list[tuple[Row, Contract]]]:
    """Read contracts.

    Parameters
    ----------
    table
        As read from the file.
    patterns
        Names of the patterns there are.
    rule_sets
        Names of the rule sets there are.
    renamed
        Names in the file of our columns that are called otherwise there.
    held
        Contracts there are, by name; what the file has no column for stays.

    Returns
    -------
    tuple
        The sheet with the faults found, and the contracts of sound rows with their rows.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    found = [(row, _contract(row, patterns, rule_sets, held or {})) for row in sheet.rows()]
    return sheet, [(row, contract) for row, contract in found if contract is not None]


def _contract(
    row: Row, patterns: Sequence[str], rule_sets: Sequence[str], held: Mapping[str, Contract]
) -> Contract | None:
    name = row.need("contract")
    blank = Contract(id="-")
    before = held.get(name, blank)
    contract = {
        column: row.keep(column, parse, getattr(blank, column), getattr(before, column))
        for column, parse in OWN.items()
    }
    for pattern in sorted(contract["patterns"]):
        row.known("patterns", "pattern", pattern, patterns)
    if contract["rule_set"] not in rule_sets:
        repair = f"Correct it, or describe it in the workspace's folder rule_sets. Known: {', '.join(sorted(rule_sets))}."
        row.fault("rule_set", f"unknown rule set {contract['rule_set']!r}", repair)
    return row.make(lambda: Contract(id=name, **contract), {"id": "contract"})
