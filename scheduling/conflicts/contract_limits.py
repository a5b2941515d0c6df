"""What of a contract can give way, and what it is where it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from data.domain import Contract
from scheduling.conflicts.report import Kind


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of contracts.

    Parameters
    ----------
    field
        Of `Contract`.
    none
        Its value where there is no limit.
    """

    field: str
    none: Any


LIMITS: Mapping[Kind, Limit] = {
    Kind.HOURS: Limit("max_h_per_week", 168.0),
    Kind.DAYS: Limit("max_days_per_week", 7),
    Kind.CONSECUTIVE_DAYS: Limit("max_consecutive_days", 999),
    Kind.REST: Limit("min_rest_h", 0.0),
    Kind.NIGHTS: Limit("max_consecutive_nights", None),
    Kind.WEEKENDS_OFF: Limit("min_weekends_off", 0),
    Kind.START_SPREAD: Limit("max_start_spread_min", None),
    Kind.ROTATION: Limit("forward_rotation", none=False),
    Kind.DAYS_OFF_TOGETHER: Limit("min_consecutive_days_off", 1),
    Kind.GUARANTEED_HOURS: Limit("min_h_per_week", 0.0),
    Kind.LAW: Limit("rule_set", "none"),
    Kind.ALLOWED_PATTERNS: Limit("patterns", frozenset()),
}
"""In the order in which they are rather to be named."""


def loosened(contract: Contract, kinds: Collection[Kind]) -> Contract:
    """The contract without some of its limits."""
    changed: dict[str, Any] = {LIMITS[kind].field: LIMITS[kind].none for kind in kinds}
    return replace(contract, **changed)
