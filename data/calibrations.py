"""What a calibration found, as the ledger keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationRecord:
    """How well people and contacts of the past agree with the answer curves, for queues that share their agents.

    Parameters
    ----------
    id
        Unique in the workspace; "" lets the workspace number it.
    queues
        Queues the same agents serve.
    first, last
        Local days it was fitted on, both included.
    factor
        Agents there in effect / agents present, over all parts of the week.
    patience_s
        Mean patience it was fitted with.
    parts
        One mapping a part of the week: weekdays, open_min, close_min, factor, low, high, offered, abandoned.
    error
        Out of sample: days, mae, bias, correlation; the same of factor 1 with `_without` behind.
    warnings
        What a planner should know before it is applied.
    data_hash, product_version
        What it can be made again from.
    created_at
        Set from the workspace's clock when it is saved.
    applied_at
        When its factors were put on the queues; None while they were not.
    """

    id: str = ""
    queues: Sequence[str]
    first: date
    last: date
    factor: float
    patience_s: float
    parts: Sequence[Mapping[str, Any]]
    error: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    data_hash: str = ""
    product_version: str = ""
    created_at: datetime | None = None
    applied_at: datetime | None = None
