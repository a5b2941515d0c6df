"""When people could be in an activity: their shifts without breaks, other activities and edges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from data.activities import Activity
from data.domain import Assignment
from scheduling.arguments import Integers
from scheduling.shifts import Horizon


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time on contacts between two breaks or activities, elapsed minutes of a horizon, half-open.

    Parameters
    ----------
    begin_min, end_min
        The stretch.
    shift_begin_min, shift_end_min
        The shift it lies in.
    """

    begin_min: int
    end_min: int
    shift_begin_min: int
    shift_end_min: int


def stretches(assignments: Iterable[Assignment], horizon: Horizon) -> Mapping[str, list[Stretch]]:
    """Stretches of each person's shifts, in order."""
    found: dict[str, list[Stretch]] = defaultdict(list)
    for shift in assignments:
        begin, end = horizon.elapsed_min(shift.start), horizon.elapsed_min(shift.end)
        at = begin
        for part in shift.away:
            away = horizon.elapsed_min(part.start)
            if away > at:
                found[shift.agent_id].append(Stretch(at, away, begin, end))
            at = max(at, horizon.elapsed_min(part.end))
        if at < end:
            found[shift.agent_id].append(Stretch(at, end, begin, end))
    return found


def fitting(free: Iterable[Stretch], activity: Activity, starts_min: Integers) -> Integers:
    """Those of some ascending starts at which a session fits into one of the stretches."""
    kept = []
    for stretch in free:
        first = max(stretch.begin_min, stretch.shift_begin_min + activity.edge_min)
        last = min(stretch.end_min, stretch.shift_end_min - activity.edge_min) - activity.length_min
        kept.append(
            starts_min[np.searchsorted(starts_min, first) : np.searchsorted(starts_min, last, "right")]
        )
    return np.unique(np.concatenate(kept)) if kept else starts_min[:0]
