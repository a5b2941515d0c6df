"""The roster against sampled days, contact by contact: distributions of what is reached, not means alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from data.domain import Agent, Period, Queue, Roster
from data.errors import CancelledError
from data.schema import FORECAST, conform
from scheduling.absence import Absence
from scheduling.arguments import Floats
from scheduling.contact_laws import Laws, Service, queue_laws
from scheduling.routing import Routing, turns
from scheduling.simulated_path import run_path
from scheduling.simulation_measures import Measure, bound, measure
from scheduling.simulation_setting import Setting, setting, whole_counts
from scheduling.simulation_summary import INTERVAL_COLUMNS, distribution, summarise
from scheduling.simulation_tally import TALLIED

MOST_KEPT = 2**25
"""Values of single intervals held in memory, 4 bytes each: 128 MB."""

LEAST_PATHS = 50
"""Paths whose single intervals are kept however many intervals there are."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """A roster against many sampled horizons.

    Parameters
    ----------
    days
        One row a path, queue and date (local day the contacts arrived on). Contacts: offered = answered +
        abandoned + waiting (still waiting when everything had ended, of which pending: before their deadline);
        in_threshold (answered within the threshold, or begun before the deadline), abandoned_in_threshold;
        backlog (waiting at the end of the day, whenever they came). Seconds: answered_wait_s (waits of answered
        contacts), wait_s (of all), and within the queue's intervals staffed_s (people who serve it are on duty or
        finishing a contact) and busy_s (they are on contacts of any queue).
    measures
        Distribution of every measure over days, weeks, months and the horizon, and the chance of reaching the
        target, see `simulation_summary.summarise`.
    intervals
        The same of every interval: columns queue, measure, start, mean, q05, q50, q95, target (the answer rate's
        is its floor unless the target is counted per interval), p_met, p_met_low, p_met_high.
    interval_paths
        On how many paths, the first ones, `intervals` rests: all unless there are too many to be held in memory.
    """

    days: pd.DataFrame
    measures: pd.DataFrame
    intervals: pd.DataFrame
    interval_paths: int

    @property
    def summary(self) -> pd.DataFrame:
        """The answer rate's rows of `measures`, without that column."""
        rows = self.measures.loc[self.measures["measure"] == Measure.ANSWER_RATE.value]
        return rows.drop(columns="measure").reset_index(drop=True)


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
    handle_times: Mapping[str, ArrayLike] | None = None,
    patience: Mapping[str, ArrayLike] | None = None,
    planned: pd.DataFrame | None = None,
    routing: Routing = Routing.LONGEST_IDLE,
    absence: Absence = Absence.INDEPENDENT,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Simulation:
    """Simulate a roster against sampled arrivals.

    Contacts arrive at random instants within their interval, wait in their queue, and hang up when their patience
    ends. An arriving contact goes to a free agent with its skill, by the routing; an agent who gets free takes the
    longest waiting contact of the highest priority among the queues it serves. A chat agent handles up to
    `concurrency` contacts at once; one who also takes calls takes a call only with no chat in hand. Call-backs and
    deferred contacts do not hang up, are begun only when none of the other channels waits for the agent, and are in
    time when begun before their deadline; what is left over waits for the next day. Agents finish the contacts in
    hand before a break, an absence or the end of the shift; a break or absence that so begins late ends late by as
    much. A path runs from the first interval to the end of the last shift without a reset at midnight, and begins
    with empty queues. Shrinkage is drawn per agent and half-hour, an agent with several queues having the average
    of their shrinkage, weighted by traffic.

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
    service, cv
        Law of handle times and their coefficient of variation, see `Laws`; their mean is the forecast's for the
        interval of arrival.
    handle_times, patience
        Measured ones by queue, see `Laws`.
    planned
        FORECAST frame of the same rows with contacts that can wait where they are to be handled
        (`deferred.plan_deferred`): nobody begins one before the plan has come to it, for whoever takes up a letter in
        a lull is missing in the peak that follows. None begins them as soon as somebody is free.
    routing
        Which free agent a contact goes to.
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
        The roster has a person, or the forecast or a measured value a queue, that nobody defined.
    CancelledError
        `stop` said so.
    """
    laws = Laws(service, cv, handle_times or {}, patience or {})
    counts = whole_counts(arrivals, forecast)
    frame = conform(forecast, FORECAST)
    shared = setting(roster, agents, queues, frame, counts, planned)
    drawn_by = queue_laws(laws, queues)
    turn = turns(routing, shared.serves)
    paths, rows, size = len(counts), counts.shape[1], len(shared.keys)
    kept = min(paths, max(LEAST_PATHS, MOST_KEPT // (len(Measure) * max(1, rows))))
    by_day = np.zeros((paths, len(TALLIED) + 1, size))
    by_interval = np.zeros((len(Measure), kept, rows), dtype=np.float32)
    for path in range(paths):
        if stop is not None and stop():
            raise CancelledError("the simulation was stopped; nothing was saved.")
        found = run_path(shared, counts[path], drawn_by, turn=turn, absence=absence, seed=(seed, path))
        for column, sums in enumerate(found.sums):
            by_day[path, column] = np.bincount(shared.row_key, sums, size)
        by_day[path, -1] = found.backlog
        if path < kept:
            for queue, own in _own_rows(shared, queues):
                measured = measure(queue, dict(zip(TALLIED, found.sums[:, own], strict=True)))
                for number, of in enumerate(Measure):
                    by_interval[number, path, own] = measured[of]
        if progress is not None:
            progress((path + 1) / paths)
    days = _days(shared, by_day)
    return Simulation(days, summarise(days, queues), _intervals(shared, queues, frame, by_interval), kept)


def _own_rows(shared: Setting, queues: Sequence[Queue]) -> Iterator[tuple[Queue, np.ndarray]]:
    """Each queue of the forecast and the places of its rows."""
    for number, queue in enumerate(queues):
        own = np.flatnonzero(shared.row_queue == number)
        if own.size:
            yield queue, own


def _days(shared: Setting, sums: Floats) -> pd.DataFrame:
    paths, _, size = sums.shape
    columns = {
        "path": np.repeat(np.arange(paths), size),
        "queue": np.tile(shared.keys["queue"].to_numpy(dtype=object), paths),
        "date": np.tile(shared.keys["date"].to_numpy(), paths),
    }
    for number, name in enumerate((*TALLIED, "backlog")):
        values = sums[:, number].ravel()
        columns[name] = values if name.endswith("_s") else np.rint(values).astype(np.int64)
    return pd.DataFrame(columns).astype({"queue": "str"})


def _intervals(
    shared: Setting, queues: Sequence[Queue], forecast: pd.DataFrame, values: Floats
) -> pd.DataFrame:
    """Distribution over the paths of each measure in each interval; `values` has shape (measures, paths, rows)."""
    frames = []
    for queue, own in _own_rows(shared, queues):
        for number, of in enumerate(Measure):
            found = distribution(values[number][:, own], bound(queue, of, Period.INTERVAL))
            frames.append(
                found.assign(queue=queue.id, measure=of.value, start=forecast["start"].iloc[own].array)
            )
    return pd.concat(frames, ignore_index=True)[INTERVAL_COLUMNS].astype({"queue": "str", "measure": "str"})
