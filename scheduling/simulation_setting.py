"""Roster, queues and forecast as the arrays every simulated path shares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from data.domain import Agent, Queue, Roster
from data.errors import InputError, UnknownNameError
from data.intervals import clock, local_midnight
from scheduling.absence import SPELL_S, Duty, duty, shrinkage_of
from scheduling.arguments import Floats, Integers
from scheduling.centre import unix_s
from scheduling.deadlines import Deadline, deadline
from scheduling.performance import DEFAULT_THRESHOLD_S
from scheduling.presence import WorkSpans, skill_sets, work_spans
from scheduling.release import Release, release


@dataclass(frozen=True, slots=True)
class Setting:
    """What all paths share; instants in seconds from the first interval.

    Parameters
    ----------
    row_queue, row_start_s, row_length_s, row_aht_s
        Of each row of the forecast.
    row_key, keys
        Queue and local day each row belongs to: position in `keys`, with columns queue and date.
    key_queue, key_end_s
        Number of the queue of each of `keys`, and when the day ends.
    step_s, slots
        Grid on which people's time is counted; every row is some of its slots.
    row_first, row_last
        First slot of each row and the first one after it.
    patience_s, threshold_s, units, rank
        Of each queue; patience infinite where contacts wait for a deadline, units of an agent's capacity a contact
        takes, higher ranks served first: contacts that can wait after all others.
    can_wait
        Whether contacts of each queue wait for a deadline.
    deadlines, releases
        Their deadlines, and from when on they may be begun where they are planned, by number of the queue.
    capacity
        Units an agent has.
    serves, member
        Which queues a skill set serves; skill set of each agent.
    share
        Share of its half-hour each cell of `shifts` is away for planned causes, and for others if not (`shrinkage_of`).
    shifts
        When agents may take contacts.
    end_s
        When the last interval and the last shift have ended.
    """

    row_queue: Integers
    row_start_s: Floats
    row_length_s: Floats
    row_aht_s: Floats
    row_key: Integers
    keys: pd.DataFrame
    key_queue: Integers
    key_end_s: Floats
    step_s: float
    slots: int
    row_first: Integers
    row_last: Integers
    patience_s: Floats
    threshold_s: Floats
    units: Integers
    capacity: int
    rank: Integers
    can_wait: np.ndarray
    deadlines: Mapping[int, Deadline]
    releases: Mapping[int, Release]
    serves: np.ndarray
    member: Integers
    share: Floats
    shifts: Duty
    end_s: float


def whole_counts(arrivals: np.ndarray, forecast: pd.DataFrame) -> Integers:
    """Arrivals as integers.

    Raises
    ------
    InputError
        They do not fit the forecast, or are not whole numbers.
    """
    counts = np.asarray(arrivals)
    if counts.ndim != 2 or counts.shape[1] != len(forecast) or counts.shape[0] < 1:
        raise InputError(
            f"arrivals have shape {counts.shape}; give one row per path and one column for each of the "
            f"forecast's {len(forecast)} intervals."
        )
    if not np.issubdtype(counts.dtype, np.integer) or counts.min(initial=0) < 0:
        raise InputError("arrivals must be whole numbers, at least 0. Give integers.")
    return counts.astype(np.int64)


def setting(  # noqa: PLR0917 - what all paths share
    roster: Roster,
    agents: Sequence[Agent],
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    counts: Integers,
    planned: pd.DataFrame | None = None,
) -> Setting:
    """Bring roster, agents, queues and forecast into arrays.

    Raises
    ------
    InputError
        A handle time is missing where contacts arrive, or the plan is not of the forecast's intervals.
    UnknownNameError
        The roster has a person, or the forecast a queue, that nobody defined.
    """
    number = {queue.id: q for q, queue in enumerate(queues)}
    unknown = sorted(set(forecast["queue"]) - set(number))
    if unknown:
        raise UnknownNameError("queue", unknown[0], tuple(number))
    row_queue: Integers = forecast["queue"].map(number).to_numpy().astype(np.int64)
    aht_s = forecast["aht_s"].to_numpy(dtype=float)
    faulty = (counts.sum(axis=0) > 0) & ~(np.isfinite(aht_s) & (aht_s > 0))
    if faulty.any():
        row = int(np.argmax(faulty))
        raise InputError(
            f"queue {queues[row_queue[row]].id!r}: aht_s at {forecast['start'].iloc[row]} must be above 0 "
            f"where contacts arrive, not {aht_s[row]:g}. Correct the forecast's handle time."
        )
    starts: Floats = unix_s(pd.DatetimeIndex(forecast["start"])).astype(float)
    length = np.array([60.0 * queue.interval_min for queue in queues])[row_queue]
    origin = float(starts.min())
    keys, row_key = _day_keys(queues, row_queue, pd.DatetimeIndex(forecast["start"]))
    sets = skill_sets(agents, queues)
    spans = work_spans(roster, agents)
    useful = sets.member[spans.agent] >= 0
    spans = WorkSpans(
        spans.agent[useful], spans.shift[useful], spans.start_s[useful] - origin, spans.end_s[useful] - origin
    )
    load = forecast["mean"].to_numpy() * np.nan_to_num(aht_s)
    traffic: Floats = np.bincount(row_queue, load, len(queues)).astype(float)
    shifts = duty(spans)
    spells, spell = np.unique(shifts.cell_spell, return_inverse=True)
    spell_starts = pd.to_datetime(origin + SPELL_S * spells, unit="s", utc=True)
    away = shrinkage_of(sets, queues, traffic, spell_starts)
    capacity = math.lcm(*(queue.concurrency for queue in queues))
    end_s = max(float((starts - origin + length).max()), float(spans.end_s.max(initial=0.0)))
    first = (starts - origin).astype(np.int64)
    step = int(np.gcd.reduce(np.concatenate((first, length.astype(np.int64)))))
    last = first // step + length.astype(np.int64) // step
    return Setting(
        row_queue=row_queue,
        row_start_s=starts - origin,
        row_length_s=length,
        row_aht_s=aht_s,
        row_key=row_key,
        keys=keys,
        key_queue=keys["queue"].map(number).to_numpy().astype(np.int64),
        key_end_s=_ends_s(queues, keys) - origin,
        step_s=float(step),
        slots=int(last.max()),
        row_first=first // step,
        row_last=last,
        patience_s=np.array([math.inf if queue.can_wait else queue.patience_s for queue in queues]),
        threshold_s=np.array([_threshold_s(queue) for queue in queues]),
        units=np.array([capacity // queue.concurrency for queue in queues]),
        capacity=capacity,
        rank=_ranks(queues),
        can_wait=np.array([queue.can_wait for queue in queues]),
        deadlines={q: _deadline(queue, origin, end_s) for q, queue in enumerate(queues) if queue.can_wait},
        releases={} if planned is None else _releases(queues, forecast, planned, origin),
        serves=sets.serves,
        member=sets.member,
        share=away[sets.member[shifts.cell_agent], spell],
        shifts=shifts,
        end_s=end_s,
    )


def _day_keys(
    queues: Sequence[Queue], row_queue: Integers, starts: pd.DatetimeIndex
) -> tuple[pd.DataFrame, Integers]:
    """Every queue and local day there is, and which of them each row of the forecast belongs to."""
    dates = np.empty(len(starts), dtype="datetime64[us]")
    for q, queue in enumerate(queues):
        held = row_queue == q
        dates[held] = clock(starts[held], queue.timezone)["date"].to_numpy()
    pairs = pd.DataFrame({"number": row_queue, "date": dates})
    keys = pairs.drop_duplicates().sort_values(["number", "date"], ignore_index=True)
    keys["key"] = np.arange(len(keys))
    row_key = pairs.merge(keys, how="left", on=["number", "date"])["key"].to_numpy().astype(np.int64)
    keys.insert(0, "queue", [queues[q].id for q in keys["number"]])
    return keys[["queue", "date"]], row_key


def _ends_s(queues: Sequence[Queue], keys: pd.DataFrame) -> Floats:
    """Unix time at which each local day ends."""
    zones = {queue.id: queue.timezone for queue in queues}
    ends = [
        local_midnight(day.date() + timedelta(days=1), zones[name])
        for name, day in zip(keys["queue"], keys["date"], strict=True)
    ]
    return unix_s(pd.DatetimeIndex(ends)).astype(float)


def _deadline(queue: Queue, origin_s: float, end_s: float) -> Deadline:
    begin, end = (pd.Timestamp(at, unit="s", tz=queue.timezone).date() for at in (origin_s, origin_s + end_s))
    # Hours that run past midnight belong to the day before.
    return deadline(queue, begin - timedelta(days=1), end, origin_s)


def _releases(
    queues: Sequence[Queue], forecast: pd.DataFrame, planned: pd.DataFrame, origin_s: float
) -> dict[int, Release]:
    found = {}
    for q, queue in enumerate(queues):
        come, handled = (
            frame.loc[frame["queue"] == queue.id, ["start", "mean"]].sort_values("start", ignore_index=True)
            for frame in (forecast, planned)
        )
        if not queue.can_wait or come.empty:
            continue
        if not come["start"].equals(handled["start"]):
            raise InputError(
                f"queue {queue.id!r}: the plan is not of the forecast's intervals. Plan the same forecast."
            )
        starts: Floats = unix_s(pd.DatetimeIndex(come["start"])).astype(float) - origin_s
        means = come["mean"].to_numpy(dtype=float), handled["mean"].to_numpy(dtype=float)
        found[q] = release(starts, 60.0 * queue.interval_min, *means)
    return found


def _threshold_s(queue: Queue) -> float:
    return DEFAULT_THRESHOLD_S if queue.target.threshold_s is None else queue.target.threshold_s


def _ranks(queues: Sequence[Queue]) -> Integers:
    """Priorities such that every queue whose contacts can wait comes after all others."""
    priority = np.array([queue.priority for queue in queues])
    after = np.array([queue.can_wait for queue in queues]) * (1 + np.ptp(priority))
    return np.asarray(priority - after, dtype=np.int64)
