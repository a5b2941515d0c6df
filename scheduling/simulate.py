"""The roster against sampled days, contact by contact: the distribution of the answer rate, not its mean alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from data.domain import Agent, Queue, Roster
from data.errors import CancelledError, InputError
from data.schema import FORECAST, conform
from scheduling.absence import Absence, changes
from scheduling.arguments import Floats, Integers
from scheduling.event_loop import run
from scheduling.simulation_setting import Setting, setting, whole_counts
from scheduling.simulation_summary import summarise


class Service(StrEnum):
    """Law of handle times around the forecast's mean: lognormal is what centres see, exponential is for checks."""

    LOGNORMAL = "lognormal"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, slots=True)
class Simulation:
    """A roster against many sampled horizons.

    Parameters
    ----------
    days
        Columns path, queue, date (local day the contacts arrived on), offered, answered, abandoned,
        in_threshold (answered within the threshold), wait_s (of all contacts, answered or not). Contacts still
        waiting when everything has ended count as abandoned: offered = answered + abandoned.
    summary
        Distribution of the answer rate and chance of reaching the target, see `simulation_summary.summarise`.
    """

    days: pd.DataFrame
    summary: pd.DataFrame


def simulate(
    roster: Roster,
    agents: Sequence[Agent],
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    arrivals: np.ndarray,
    *,
    seed: int,
    service: Service = Service.LOGNORMAL,
    cv: float = 1.0,
    absence: Absence = Absence.INDEPENDENT,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Simulation:
    """Simulate a roster against sampled arrivals.

    Contacts arrive at random instants within their interval, wait in their queue, and hang up after an
    exponential patience. An arriving contact goes to the free agent of its skill who has been free longest; an
    agent who gets free takes the longest waiting contact of the highest priority among the queues it serves. A
    chat agent handles up to `concurrency` contacts at once, the least loaded agent gets the next one; one who
    also takes calls takes a call only with no chat in hand. Agents finish the
    contacts in hand before a break, an absence or the end of the shift; a break or absence that so begins late
    ends late by as much. A path runs from the first interval to the end
    of the last shift without a reset at midnight, and begins with empty queues. Shrinkage is drawn per agent
    and half-hour, an agent with several queues having the average of their shrinkage, weighted by traffic.

    Parameters
    ----------
    roster, agents
        Every person of the roster must be among the agents.
    queues
        Queues of the forecast; people may have skills for others too.
    forecast
        FORECAST frame; its intervals and handle times are used.
    arrivals
        Contacts of each path and row of the forecast, whole numbers, shape (paths, rows).
    seed
        Of everything random here. Contact by contact the draws do not depend on the roster, so that two rosters
        simulated with one seed meet the same contacts.
    service
        Law of handle times; their mean is the forecast's for the interval of arrival.
    cv
        Coefficient of variation of lognormal handle times; 0 for constant ones. 1.0 unless measured: centres
        report 1.0 to 1.3.
    absence
        How shrinkage falls on people, see `Absence`.
    progress
        Called after each path with the share done, 0–1.
    stop
        Asked before each path; true ends the work.

    Raises
    ------
    InputError
        Arrivals do not fit the forecast, a handle time is missing, or a value is out of bounds.
    UnknownNameError
        The roster has a person, or the forecast a queue, that nobody defined.
    CancelledError
        `stop` said so.
    """
    if not (math.isfinite(cv) and cv >= 0):
        raise InputError(f"cv must be finite and at least 0, not {cv}.")
    counts = whole_counts(arrivals, forecast)
    shared = setting(roster, agents, queues, conform(forecast, FORECAST), counts)
    paths, size = len(counts), len(shared.keys)
    sums = np.zeros((paths, 4, size))

    def factors(random: np.random.Generator, size: int) -> Floats:
        return _handle_factors(random, size, service, cv)

    for path in range(paths):
        if stop is not None and stop():
            raise CancelledError("the simulation was stopped; nothing was saved.")
        random = [np.random.default_rng((seed, path, purpose)) for purpose in range(4)]
        sums[path] = _run_path(shared, counts[path], random, factors, absence)
        if progress is not None:
            progress((path + 1) / paths)
    days = _days(shared, sums)
    return Simulation(days, summarise(days, queues))


def _run_path(
    shared: Setting,
    counts: Integers,
    random: Sequence[np.random.Generator],
    factors: Callable[[np.random.Generator, int], Floats],
    absence: Absence,
) -> Floats:
    """Answered, in threshold, wait and offered of one path by queue and day, shape (4, keys)."""
    rows = np.repeat(np.arange(counts.size), counts)
    arrival = shared.row_start_s[rows] + random[0].random(rows.size) * shared.row_length_s[rows]
    # Patience and handle time are drawn in the order of rows: they belong to the contact, whenever it comes.
    deadline = arrival + random[1].exponential(1.0, rows.size) * shared.patience_s[shared.row_queue[rows]]
    handle = shared.row_aht_s[rows] * factors(random[2], rows.size)
    order = np.argsort(arrival, kind="stable")
    rows, arrival, deadline, handle = rows[order], arrival[order], deadline[order], handle[order]
    queue = shared.row_queue[rows]
    time, who, kind = changes(shared.shifts, shared.share, shared.member, absence, random[3])
    answered_s = run(
        arrival,
        queue,
        deadline,
        handle,
        time,
        who,
        kind,
        shared.member,
        shared.serves,
        shared.units,
        shared.capacity,
        shared.priority,
    )
    answered = ~np.isnan(answered_s)
    wait = np.where(answered, answered_s, np.minimum(deadline, shared.end_s)) - arrival
    in_time = answered & (wait <= shared.threshold_s[queue])
    key, size = shared.row_key[rows], len(shared.keys)
    return np.stack(
        [np.bincount(key, weight, size) for weight in (answered, in_time, wait, np.ones(rows.size))]
    )


def _handle_factors(random: np.random.Generator, size: int, service: Service, cv: float) -> Floats:
    """Handle times in units of their mean."""
    if service is Service.EXPONENTIAL:
        return random.exponential(1.0, size)
    spread = math.sqrt(math.log1p(cv * cv))
    return np.exp(spread * random.standard_normal(size) - spread * spread / 2)


def _days(shared: Setting, sums: Floats) -> pd.DataFrame:
    paths, _, size = sums.shape
    answered, in_time, wait, offered = (sums[:, i].ravel() for i in range(4))
    return pd.DataFrame(
        {
            "path": np.repeat(np.arange(paths), size),
            "queue": np.tile(shared.keys["queue"].to_numpy(dtype=object), paths),
            "date": np.tile(shared.keys["date"].to_numpy(), paths),
            "offered": offered.astype(np.int64),
            "answered": answered.astype(np.int64),
            "abandoned": (offered - answered).astype(np.int64),
            "in_threshold": in_time.astype(np.int64),
            "wait_s": wait,
        }
    ).astype({"queue": "str"})
