"""Forecast → answer curve of each interval: expected contacts answered as a function of agents.

M/M/n+M with the load that is carried from interval to interval (`carry_over`), averaged over the levels of the
forecast (`demand`): increasing and concave in n
(Armony, Plambeck & Seshadri 2009, Operations Research 57:1295, and an average of concave curves is concave), so
that it goes into a linear programme as linear pieces without a binary. Work that waits has straight lines instead
(`deferred_curves`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import InputError
from data.schema import CURVES, conform
from scheduling.arguments import Floats, Integers
from scheduling.curve_kernels import fill_curves
from scheduling.deferred_curves import deferred_pieces
from scheduling.demand import Demand, demand
from scheduling.least_agents import least_agents_besides_rate
from scheduling.minimal_agents import reachable

ERROR = 0.0005
"""Most a curve may lie below the exact one, as a share of the contacts offered."""


def answer_curves(
    queue: Queue, forecast: pd.DataFrame, *, step_min: int | None = None, error: float = ERROR
) -> pd.DataFrame:
    """Answer curves of a queue's intervals.

    Parameters
    ----------
    queue
        Its rows of the forecast are used; its interval, patience, concurrency and target.
    forecast
        FORECAST frame, of any queues.
    step_min
        Step of the curves; one that divides the queue's interval spreads its contacts evenly. None for the
        interval itself.
    error
        Most a curve may lie below the exact one, as a share of the contacts offered.

    Returns
    -------
    DataFrame
        CURVES, sorted by start and agents. Breakpoints are whole agents, from 0 agents and 0 answered; between
        them the curve is linear, after the last one flat. An interval without contacts has the first point
        only. Breakpoints lie on the exact curve, chords below it. What the target asks for besides its answer rate
        is a least number of agents, see `least_agents`.

    Raises
    ------
    InputError
        The forecast has no row of the queue, a value is out of bounds, the target cannot be reached by any
        number of agents, or the step does not divide the interval.
    """
    target = queue.target
    if not queue.can_wait:
        reachable(
            target.answer_rate, target.service_level, target.max_asa_s, target.max_occupancy, queue=queue.id
        )
    parts = _parts(queue, step_min)
    asked = demand(queue, forecast)
    agents, share, sizes = deferred_pieces(queue, asked) if queue.can_wait else _pieces(queue, asked, error)
    rows = np.repeat(np.arange(asked.offered.size), parts)
    counts = sizes[rows]
    # Every part of an interval has the interval's whole curve, in its share of the contacts.
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))[rows]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    piece = np.repeat(first, counts) + within
    offered = asked.offered[rows] / parts
    step = pd.to_timedelta(np.tile(np.arange(parts), asked.offered.size) * asked.interval_s / parts, unit="s")
    starts = (asked.start[rows] + step).as_unit("us")
    # Not told where nothing is asked, for it would be `min_agents` and no more.
    least = least_agents_besides_rate(queue, asked) if target.measured_besides_rate else np.nan
    least = np.broadcast_to(least, asked.offered.shape)[rows]
    return conform(
        pd.DataFrame(
            {
                "queue": queue.id,
                "start": starts.repeat(counts),
                "offered": np.repeat(offered, counts),
                "agents": agents[piece],
                "answered": np.repeat(offered, counts) * share[piece],
                "least_agents": np.repeat(least, counts),
            }
        ),
        CURVES,
    )


def _parts(queue: Queue, step_min: int | None) -> int:
    """How many steps an interval is cut into."""
    if step_min is None:
        return 1
    if step_min < 1 or queue.interval_min % step_min:
        raise InputError(
            f"queue {queue.id!r}: a step of {step_min} min does not divide its interval of "
            f"{queue.interval_min} min. Give one that does."
        )
    return queue.interval_min // step_min


def _pieces(queue: Queue, asked: Demand, error: float) -> tuple[Floats, Floats, Integers]:
    """Breakpoints of all intervals end to end, answer rate at each, and how many each interval has.

    Intervals with the same levels and handle time have the same curve, which is drawn once.
    """
    some = asked.offered > 0
    traits = np.column_stack((asked.load, asked.shares, asked.aht_s))[some]
    distinct, inverse = np.unique(traits, axis=0, return_inverse=True)
    tail = min(0.4 * error, (1.0 - queue.target.answer_rate) / 4)
    k = asked.levels.shape[1]
    if len(distinct):
        agents, share, ends = fill_curves(
            np.ascontiguousarray(distinct[:, :k]),
            np.ascontiguousarray(distinct[:, k : 2 * k]),
            distinct[:, -1] / queue.patience_s,
            queue.concurrency,
            tail,
            error,
        )
    else:
        agents, share, ends = np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)
    # One curve more, of the intervals without contacts: no agents, nobody answered.
    agents, share = np.append(agents, 0.0), np.append(share, 0.0)
    ends = np.append(ends, agents.size)
    starts = np.concatenate(([0], ends[:-1]))
    which = np.full(asked.offered.size, ends.size - 1)
    which[some] = inverse.ravel()
    sizes = (ends - starts)[which]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    piece = np.repeat(starts[which], sizes) + within
    return agents[piece], share[piece], sizes
