"""Which hours of a roster's first day it can answer for: a shift of the evening before is in no roster yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from data.domain import Agent, Assignment, Contract, Period, Queue, Roster, ShiftPattern
from data.errors import UnknownNameError
from scheduling.evaluate import evaluate
from scheduling.shifts import Horizon, all_shifts, shifts_on

KEY = ["queue", "start"]


@dataclass(frozen=True, slots=True)
class Counted:
    """Demand of a roster, parted into what it answers for and what it cannot.

    Parameters
    ----------
    forecast
        Rows of the forecast that count for targets and floors.
    not_counted
        Columns queue, start, end (instants, half-open), offered: the first hours of a queue that are left out.
    """

    forecast: pd.DataFrame
    not_counted: pd.DataFrame


def counted(
    forecast: pd.DataFrame,
    queues: Sequence[Queue],
    *,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
    horizon: Horizon,
    before: Sequence[Assignment] = (),
) -> Counted:
    """Leave out the intervals of each queue that begin before `first_reached`.

    Those that shifts begun before the horizon keep above their floor count all the same: what they answer is part of
    the day. Where they do not, no shift of the horizon could help.

    Parameters
    ----------
    forecast
        FORECAST frame of the queues over the horizon.
    before
        What was worked before it, as far as that is known.

    Raises
    ------
    UnknownNameError
        An agent has a contract that is not among those given.
    """
    from_ = {
        queue.id: pd.Timestamp(first_reached(queue, agents, contracts, patterns, horizon)) for queue in queues
    }
    kept = (forecast["start"] >= forecast["queue"].map(from_)).to_numpy()
    if before and not kept.all():
        staffed = _staffed_before(forecast.loc[~kept], queues, agents, horizon, before)
        kept = kept | pd.MultiIndex.from_frame(forecast[KEY]).isin(staffed)
    left = forecast.loc[~kept]
    rows = [
        {
            "queue": queue.id,
            "start": own["start"].min(),
            "end": own["start"].max() + pd.Timedelta(minutes=queue.interval_min),
            "offered": float(own["mean"].sum()),
        }
        for queue in queues
        if len(own := left.loc[left["queue"] == queue.id])
    ]
    instant = forecast["start"].dtype
    types = {"queue": "str", "start": instant, "end": instant, "offered": "float64"}
    not_counted = pd.DataFrame(rows, columns=list(types)).astype(types)
    return Counted(forecast.loc[kept].reset_index(drop=True), not_counted)


def _staffed_before(
    forecast: pd.DataFrame,
    queues: Sequence[Queue],
    agents: Sequence[Agent],
    horizon: Horizon,
    before: Sequence[Assignment],
) -> pd.MultiIndex:
    """Queue and start of the intervals that earlier shifts alone keep above their floor."""
    nobody = Roster(name="before", first=horizon.first, days=horizon.days, timezone=horizon.timezone)
    early = [queue for queue in queues if (forecast["queue"] == queue.id).any()]
    found = evaluate(nobody, agents, early, forecast.reset_index(drop=True), before=before)
    staffed = pd.MultiIndex.from_frame(found.coverage.loc[found.coverage["rostered"] > 0, KEY])
    missed = found.missed.loc[found.missed["period"] == Period.INTERVAL.value, KEY]
    return staffed.difference(pd.MultiIndex.from_frame(found.floors[KEY])).difference(
        pd.MultiIndex.from_frame(missed)
    )


def first_reached(
    queue: Queue,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
    horizon: Horizon,
) -> datetime:
    """First instant of a horizon from which its own shifts can serve a queue.

    It is the horizon's start, unless people with the queue's skill could have worked into it in shifts begun the
    day before, which no roster of this horizon holds: then it is the start of their first shift within the
    horizon, or the end of the last such night where that comes first. Hours that no shift at all covers count.

    Raises
    ------
    UnknownNameError
        An agent has a contract that is not among those given.
    """
    usable = usable_patterns(queue, agents, contracts, patterns)
    eve = Horizon(horizon.first - timedelta(days=1), horizon.days + 1, horizon.timezone)
    start_min = eve.midnight_min(1)
    nights = [shift.end_min for pattern in usable for shift in shifts_on(pattern, eve, 0)]
    until_min = max([start_min, *nights])
    for day in range(1, eve.days):
        begun = [shift.start_min for pattern in usable for shift in shifts_on(pattern, eve, day)]
        until_min = min([until_min, *begun])
    return eve.instant(until_min)


def workable(
    queue: Queue,
    starts: pd.DatetimeIndex,
    *,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
    horizon: Horizon,
) -> np.ndarray:
    """Whether shifts of a horizon can keep somebody with the queue's skill at work through each interval.

    Breaks are not looked at. Where nobody has the skill yet it is true everywhere.

    Parameters
    ----------
    starts
        Instants the queue's intervals begin, shape (n,).

    Returns
    -------
    ndarray
        Booleans, shape (n,).

    Raises
    ------
    UnknownNameError
        An agent has a contract that is not among those given.
    """
    usable = usable_patterns(queue, agents, contracts, patterns)
    if not usable:
        return np.ones(len(starts), dtype=bool)
    shifts = all_shifts(usable, horizon)
    first = (
        ((starts - pd.Timestamp(horizon.instant(0))) // pd.Timedelta(minutes=1)).to_numpy().astype(np.int64)
    )
    end = first + queue.interval_min
    origin = int(first.min(initial=0))
    covered = np.zeros(int(end.max(initial=0)) - origin, dtype=bool)
    for shift in shifts:
        for begin_min, end_min in shift.spans_min:
            covered[max(begin_min - origin, 0) : max(end_min - origin, 0)] = True
    minutes = np.concatenate(([0], np.cumsum(covered)))
    return np.asarray(minutes[end - origin] - minutes[first - origin] == queue.interval_min)


def shift_spans(
    queue: Queue,
    *,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
    horizon: Horizon,
) -> np.ndarray:
    """Start and end of each shift of a horizon that somebody with the queue's skill may work.

    Returns
    -------
    ndarray
        Unix time in whole seconds, shape (m, 2).

    Raises
    ------
    UnknownNameError
        An agent has a contract that is not among those given.
    """
    origin = int(horizon.instant(0).timestamp())
    shifts = all_shifts(usable_patterns(queue, agents, contracts, patterns), horizon)
    spans = sorted({span for shift in shifts for span in shift.spans_min})
    return origin + 60 * np.array(spans, dtype=np.int64).reshape(-1, 2)


def usable_patterns(
    queue: Queue, agents: Sequence[Agent], contracts: Sequence[Contract], patterns: Sequence[ShiftPattern]
) -> list[ShiftPattern]:
    """Patterns that somebody with the queue's skill may work.

    Raises
    ------
    UnknownNameError
        An agent has a contract that is not among those given.
    """
    known = {contract.id: contract for contract in contracts}
    names = {agent.contract for agent in agents if queue.skill in agent.skills}
    for name in sorted(names - set(known)):
        raise UnknownNameError("contract", name, tuple(known))
    allowed = [known[name].patterns for name in names]
    return [pattern for pattern in patterns if any(not own or pattern.id in own for own in allowed)]
