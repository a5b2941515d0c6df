"""A hash over everything a forecast is made from, so that two forecasts can be told to rest on the same data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.corrections import Decision, decisions_on
from data.domain import Peak, Queue
from forecasting.settings import Settings


def data_hash(
    queue: Queue,
    rows: pd.DataFrame,
    peaks: Sequence[Peak],
    settings: Settings,
    decisions: Sequence[Decision] = (),
) -> str:
    """SHA-256 over the rows known, the queue, its peaks, the settings and its decisions; equal on every machine."""
    digest = hashlib.sha256()
    digest.update(rows["start"].dt.tz_convert(None).to_numpy(dtype="datetime64[us]").tobytes())
    for column in ("offered", "answered", "handle_time_s"):
        if column in rows:
            digest.update(rows[column].to_numpy(dtype=np.float64).tobytes())
    mine = [peak for peak in peaks if not peak.queues or queue.id in peak.queues]
    digest.update(json.dumps([canonical(queue), canonical(mine), canonical(settings)]).encode())
    if decided := decisions_on(queue.id, decisions):
        digest.update(json.dumps(canonical(decided)).encode())
    return digest.hexdigest()


def canonical(value: object) -> Any:
    """JSON value of a domain object that does not depend on the order of sets and mappings."""
    if is_dataclass(value):
        return [[each.name, canonical(getattr(value, each.name))] for each in fields(value)]
    if isinstance(value, Mapping):
        return sorted([str(key), canonical(item)] for key, item in value.items())
    if isinstance(value, AbstractSet):
        return sorted(str(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
