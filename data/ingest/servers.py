"""Agents present as rows per call show them: who was seen serving, and for which queues together.

A call says that its server was there while it lasted. Around it the server was most likely there as well: somebody who
is present without a break is idle between two contacts as long as the others are, which is long where little comes
in. Each contact therefore stands for its own time and, before and after it, for the mean idle time per contact of
that interval, five minutes at least. Agents who served nobody for longer are taken as away.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.domain import Queue
from data.intervals import clock, grid
from data.presence import PRESENCE, pool_name
from data.schema import conform, empty

LEAST_WINDOW_S = 300.0
SHARED = 0.5
"""Queues share their agents when those who serve both handle this share of the contacts of one of them."""
STRAY = 0.1
"""A server whose part of a queue is less than this of what chance would bring does not serve it."""
NAMED = 0.8
"""Days on which fewer of the answered contacts name their server are left out: nothing is known of the others."""


def presence_of_calls(calls: pd.DataFrame, queues: Sequence[Queue]) -> pd.DataFrame:
    """Count the agents seen in each open interval.

    Parameters
    ----------
    calls
        Answered contacts: queue, server ("" where not known), start (when it asked for a person), wait_s,
        handle_time_s.
    queues
        Queues of the contacts; those that share agents and differ in interval or zone are left out.

    Returns
    -------
    DataFrame
        PRESENCE schema: every open interval of the days on which servers are named.
    """
    by_name = {queue.id: queue for queue in queues}
    named = calls[(calls["server"] != "") & calls["wait_s"].notna() & calls["handle_time_s"].notna()]
    if named.empty:
        return empty(PRESENCE)
    frames = []
    for names in shared_queues(named):
        pool = [by_name[name] for name in names]
        if len({(queue.interval_min, queue.timezone) for queue in pool}) > 1:
            continue
        slots = _open_slots(pool, calls[calls["queue"].isin(names)])
        if slots.empty:
            continue
        agents = agents_seen(named[named["queue"].isin(names)], slots, pool[0].interval_min)
        frames.append(pd.DataFrame({"queues": pool_name(names), "start": slots, "agents": agents}))
    return conform(pd.concat(frames, ignore_index=True), PRESENCE) if frames else empty(PRESENCE)


def shared_queues(calls: pd.DataFrame) -> list[tuple[str, ...]]:
    """Queues that the same agents serve, as sets that have no queue in common.

    Parameters
    ----------
    calls
        Contacts with queue and server.
    """
    counts = pd.crosstab(calls["queue"], calls["server"])
    names, table = [str(name) for name in counts.index], counts.to_numpy()
    serves = table * table.sum() >= STRAY * table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    part = (table * serves) @ serves.T / table.sum(axis=1, keepdims=True)
    together = np.maximum(part, part.T) >= SHARED
    group = list(range(len(names)))
    for one, other in zip(*np.nonzero(together), strict=True):
        low, high = sorted((group[one], group[other]))
        group = [low if number == high else number for number in group]
    return [
        tuple(name for name, mine in zip(names, group, strict=True) if mine == number)
        for number in sorted(set(group))
    ]


def agents_seen(calls: pd.DataFrame, starts: pd.DatetimeIndex, step_min: int) -> np.ndarray:
    """Mean number of agents present in each interval.

    Parameters
    ----------
    calls
        Answered contacts with server, start, wait_s, handle_time_s.
    starts
        Of the intervals, UTC.
    step_min
        Their length.

    Returns
    -------
    ndarray
        Shape (intervals,).
    """
    step_s = 60.0 * step_min
    begin_s = _seconds(pd.DatetimeIndex(calls["start"])) + calls["wait_s"].to_numpy(dtype=float)
    end_s = begin_s + np.maximum(calls["handle_time_s"].to_numpy(dtype=float), 1.0)
    server = pd.factorize(calls["server"])[0]
    bins, idle_s = _idle_per_contact_s(begin_s, end_s, server, step_s)
    before_s = idle_s[np.searchsorted(bins, begin_s // step_s)]
    after_s = idle_s[np.searchsorted(bins, (end_s - 1e-6) // step_s)]
    first_s, last_s = _stretches(begin_s - before_s, end_s + after_s, server)
    edges_s = _seconds(starts)
    there_s = _passed(first_s, last_s, edges_s + step_s) - _passed(first_s, last_s, edges_s)
    # Differences of large sums: below a millionth of an agent all is rounding.
    return np.maximum(0.0, np.round(np.asarray(there_s) / step_s, 6))


def _open_slots(queues: Sequence[Queue], calls: pd.DataFrame) -> pd.DatetimeIndex:
    """Open intervals of any of the queues on days on which most answered contacts name their server."""
    day = clock(pd.DatetimeIndex(calls["start"]), queues[0].timezone)["date"]
    share = (calls["server"] != "").groupby(day.to_numpy()).mean()
    days = share.index[share >= NAMED]
    if len(days) == 0:
        return pd.DatetimeIndex([], tz="UTC").as_unit("us")
    first, last = days[0], days[-1]
    slots = pd.concat([grid(queue, first.date(), (last - first).days + 1) for queue in queues])
    slots = slots[slots["date"].isin(days)].drop_duplicates("start").sort_values("start")
    return pd.DatetimeIndex(slots["start"])


def _idle_per_contact_s(
    begin_s: np.ndarray, end_s: np.ndarray, server: np.ndarray, step_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """Intervals by number since 1970, and how long the servers seen in each were idle for each contact in it."""
    first, last = begin_s // step_s, (end_s - 1e-6) // step_s
    touched = (last - first).astype(np.int64) + 1
    contact = np.repeat(np.arange(len(begin_s)), touched)
    number = first[contact] + np.arange(len(contact)) - np.repeat(np.cumsum(touched) - touched, touched)
    busy_s = np.minimum(end_s[contact], (number + 1) * step_s) - np.maximum(begin_s[contact], number * step_s)
    bins, place = np.unique(number, return_inverse=True)
    seen = np.unique(np.stack([place, server[contact]]), axis=1)
    there = np.bincount(seen[0], minlength=len(bins)) * step_s
    idle_s = (there - np.bincount(place, busy_s)) / np.bincount(place)
    return bins, np.clip(idle_s, LEAST_WINDOW_S, step_s)


def _stretches(begin_s: np.ndarray, end_s: np.ndarray, server: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Join what overlaps of one server; begins and ends of the stretches."""
    order = np.lexsort((begin_s, server))
    begin_s, end_s, server = begin_s[order], end_s[order], server[order]
    until_s = pd.Series(end_s).groupby(server).cummax().to_numpy()
    fresh = np.r_[True, (server[1:] != server[:-1]) | (begin_s[1:] > until_s[:-1])]
    last = np.r_[np.flatnonzero(fresh)[1:] - 1, len(begin_s) - 1]
    return begin_s[fresh], until_s[last]


def _passed(first_s: np.ndarray, last_s: np.ndarray, at_s: np.ndarray) -> np.ndarray:
    """Agent seconds of all stretches before each instant."""
    total = np.zeros(len(at_s))
    for edges_s, sign in ((np.sort(first_s), 1.0), (np.sort(last_s), -1.0)):
        count = np.searchsorted(edges_s, at_s)
        # From the first edge on, so that sums of seconds since 1970 lose no digits.
        sums_s = np.r_[0.0, np.cumsum(edges_s - at_s[0])]
        total += sign * (count * (at_s - at_s[0]) - sums_s[count])
    return total


def _seconds(instants: pd.DatetimeIndex) -> np.ndarray:
    micros = instants.tz_localize(None).to_numpy(dtype="datetime64[us]").astype(np.int64)
    return np.asarray(micros / 1e6)
