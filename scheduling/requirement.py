"""Answer curves → agents and staff each interval needs for the queue's target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.domain import Period, Queue
from data.errors import InputError
from data.intervals import clock
from data.schema import REQUIREMENT, conform
from scheduling.additions import additions
from scheduling.arguments import Floats, Integers
from scheduling.curves import answer_curves
from scheduling.deferred_curves import deferred_agents
from scheduling.demand import Demand, demand
from scheduling.least_agents import least_agents_besides_rate
from scheduling.minimal_agents import least_integers, reachable
from scheduling.performance import performance
from scheduling.pieces import Pieces, pieces
from scheduling.yields import yields


def requirement(queue: Queue, forecast: pd.DataFrame, curves: pd.DataFrame | None = None) -> pd.DataFrame:
    """Agents and staff per interval.

    A target per interval is met in each interval by itself. A target per local day, week (from Monday) or month
    is met over that span with the least agents in total: from the least that every interval needs (the
    interval floor, `min_agents`, service level, ASA and occupancy where the target has them), agents are added
    one by one where the next one answers most. The curves being concave, no other choice of as many agents
    answers more (Fox 1966, Management Science 13:210). A span that the forecast covers in part counts as far as
    it is covered. `confidence` is not looked at: a simulation tells it. The forecast of a queue whose contacts can
    wait is the work planned into its intervals (`deferred`); its agents are shares of time, no whole ones.

    Parameters
    ----------
    queue
        Its target, shrinkage and patience.
    forecast
        FORECAST frame, of any queues.
    curves
        CURVES frame with the queue's own intervals, computed when None.

    Returns
    -------
    DataFrame
        REQUIREMENT, one row per interval of the queue. Measures are of Erlang A with the whole agents given,
        averaged over the forecast's levels; the service level is within the target's threshold, or 20 s.

    Raises
    ------
    InputError
        The forecast lacks the queue, a value is out of bounds, or no number of agents reaches the target.
    """
    target = queue.target
    if not queue.can_wait:
        reachable(
            max(target.answer_rate, target.interval_floor),
            target.service_level,
            target.max_asa_s,
            target.max_occupancy,
            queue=queue.id,
        )
    asked = demand(queue, forecast)
    drawn = pieces(answer_curves(queue, forecast) if curves is None else curves, queue.id)
    if not drawn.start.equals(asked.start):
        raise InputError(
            f"queue {queue.id!r}: the answer curves are not of the forecast's intervals. "
            "Compute them from the same forecast, in the queue's own interval."
        )
    agents = deferred_agents(queue, asked) if queue.can_wait else _live_agents(queue, asked, drawn)
    found = performance(queue, asked, agents)
    return conform(
        pd.DataFrame(
            {
                "queue": queue.id,
                "start": asked.start,
                "agents": agents,
                "staff": agents / yields(queue, asked.start),
                "answer_rate": found.answer_rate,
                "service_level": found.service_level,
                "asa_s": found.asa_s,
                "occupancy": found.occupancy,
            }
        ),
        REQUIREMENT,
    )


def _live_agents(queue: Queue, asked: Demand, drawn: Pieces) -> Floats:
    """Least whole agents of queues whose contacts do not wait, shape (n,)."""
    target = queue.target
    every = target.answer_rate if target.period is Period.INTERVAL else target.interval_floor
    agents = np.maximum(_least(queue, drawn, every), least_agents_besides_rate(queue, asked))
    if target.period is not Period.INTERVAL:
        agents = _add_best(drawn, agents, spans(asked.start, queue, target.period), target.answer_rate)
    return agents.astype(float)


def spans(starts: pd.DatetimeIndex, queue: Queue, period: Period) -> Integers:
    """Number of the target's span each interval lies in, from 0 in order of time: local day, week or month."""
    if period is Period.INTERVAL:
        return np.arange(len(starts))
    return local_spans(clock(starts, queue.timezone)["date"], period)


def local_spans(days: pd.Series, period: Period) -> Integers:
    """Number of the day, week (from Monday) or month each local day lies in, from 0 in order of time."""
    if period is Period.WEEK:
        keys = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    elif period is Period.MONTH:
        keys = days.dt.to_period("M").dt.start_time
    else:
        keys = days
    return np.unique(keys.to_numpy(), return_inverse=True)[1].astype(np.int64)


def _least(queue: Queue, drawn: Pieces, share: float) -> Integers:
    """Least whole agents of each interval whose curve reaches that share of the offered."""
    wanted = share * drawn.offered - 1e-9

    def meets(index: Integers, agents: Integers) -> np.ndarray:
        return np.asarray(drawn.at(agents.astype(float), index) >= wanted[index])

    low = np.full(drawn.offered.size, queue.target.min_agents)
    high = np.maximum(low, drawn.last_agents.astype(np.int64))
    return least_integers(meets, low, high, queue=queue.id)


def _add_best(drawn: Pieces, agents: Integers, span: Integers, rate: float) -> Integers:
    """Agents added where the next one answers most, until every span reaches the rate."""
    further = additions(drawn, agents, span)
    there = np.bincount(span, drawn.at(agents.astype(float)))
    missing = np.asarray(rate * np.bincount(span, drawn.offered) - there, dtype=float)
    added = further.rows[further.whole(missing)]
    return np.asarray(agents + np.bincount(added, minlength=agents.size).astype(np.int64))
