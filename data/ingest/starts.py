"""The start of each row as an instant, with a fault for every time that is not one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.ingest.limits import DAYS_REASON, DAYS_REPAIR, beyond_days
from data.ingest.rows import Rows
from data.ingest.times import NEVER, Moments, localise, read_days
from data.mapping import TimeRules
from data.tables.cells import text

DATE_REPAIR = "Give it such as 2026-11-23, or name its form in a mapping."
FORM_REPAIR = "Give it such as 2026-11-23 09:00, or name its form in a mapping."
OFFSET_REPAIR = "Give the UTC offset."


def to_days(rows: Rows, rules: TimeRules) -> np.ndarray:
    """Read the column date; NaT and marked where a row has none that anything is said of."""
    dates = text(rows.raw("date"))
    days = read_days(rows.raw("date"), rules.date_format)
    rows.mark(np.isnat(days), rows.name("date"), "this is not a date", DATE_REPAIR, dates)
    return _within(rows, days, rows.name("date"), dates)


def to_instants(
    rows: Rows,
    moments: Moments,
    shown: pd.Series,
    *,
    judged: np.ndarray,
    column: str,
    queues: pd.Series,
    zones: Mapping[str, str],
    timezone: str,
    rules: TimeRules,
) -> np.ndarray:
    """Turn what was read into UTC instants; the rows that have none are marked.

    Parameters
    ----------
    rows
        Where faults are noted.
    moments
        As read from the text.
    shown
        The text, for messages.
    judged
        Rows that are to be marked; the others have a date that is none, and were told already.
    column
        Column of the source, for messages.
    queues, zones
        Queue of each row, and each queue's zone.
    timezone
        Zone of queues that have none.
    rules
        How times are written.
    """
    empty = (shown == "").to_numpy() & judged
    rows.mark(empty, column, "the value is missing", "Fill it in.", shown)
    rows.mark(moments.unread & ~empty & judged, column, "this is not a date and time", FORM_REPAIR, shown)
    instants = _within(rows, moments.instants, column, shown)
    told = _within(rows, moments.walls, column, shown)
    walls = ~np.isnat(told)
    if not walls.any():
        return instants
    codes, names = pd.factorize(queues)
    zone_of = np.array([rules.timezone or zones.get(name, timezone) for name in names], dtype=object)
    by_row = zone_of[codes]
    for zone in dict.fromkeys(zone_of):
        here = walls & (by_row == zone)
        found, skipped, twice = localise(told[here], zone, rules)
        instants[here] = found
        places = np.flatnonzero(here)
        rows.mark(
            _mask(rows, places[skipped]),
            column,
            f"there is no such time in {zone}: the clock goes forward over it",
            OFFSET_REPAIR,
            shown,
        )
        rows.mark(
            _mask(rows, places[twice]),
            column,
            f"this time comes twice in {zone} as the clock goes back",
            OFFSET_REPAIR,
            shown,
        )
    return instants


def _within(rows: Rows, moments: np.ndarray, column: str, shown: pd.Series) -> np.ndarray:
    """Moments on days anything is said of; NaT and marked where they are not."""
    beyond = beyond_days(moments)
    rows.mark(beyond, column, DAYS_REASON, DAYS_REPAIR, shown)
    return np.where(beyond, NEVER, moments)


def _mask(rows: Rows, places: np.ndarray) -> np.ndarray:
    where = np.zeros(rows.length, dtype=bool)
    where[places] = True
    return where
