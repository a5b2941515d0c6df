"""Hours and money for each further point of answer rate.

Agents are added where the next one answers most (`scheduling.additions`). The order does not depend on the rate, so
that one pass over the curves tells every point. What k agents more answer is concave in k, hence the agents a rate
takes are convex in the rate: every point costs at least as much as the one before it. That holds to the last
digit when the last agent of a span counts for the part the rate needs; whole agents (as `requirement` gives
them) lie above it by less than one agent for one interval in each span of the target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import InputError
from scheduling.additions import additions
from scheduling.curves import answer_curves
from scheduling.pieces import pieces
from scheduling.requirement import requirement, spans
from scheduling.yields import yields

RATES = tuple(point / 100 for point in range(85, 100))
"""Answer rates told, 85 % to 99 %."""

PRICE = [
    "queue",
    "answer_rate",
    "agent_h",
    "staff_h",
    "cost",
    "extra_agent_h",
    "extra_staff_h",
    "extra_cost",
    "whole_agent_h",
    "whole_staff_h",
]
_SUMS = ["agent_h", "staff_h", "cost", "whole_agent_h", "whole_staff_h"]
_EXTRA = ["agent_h", "staff_h", "cost"]


def price_of_a_point(
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    *,
    rates: Sequence[float] = RATES,
    cost_per_h: Mapping[str, float] | None = None,
    curves: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Hours and money each queue takes for answer rates over its own period; its other targets hold at every rate.

    Parameters
    ----------
    queues
        Their period, floor, shrinkage; their own answer rate does not matter.
    forecast
        FORECAST frame with every one of them; contacts that can wait where they are to be handled
        (`scheduling.deferred`), which does not change with the rate.
    rates
        Ascending, 0–1.
    cost_per_h
        Cost of a staff hour by queue, see `scheduling.hourly_cost`; 1 for each when None.
    curves
        CURVES of the queues, each on its own interval; computed when None.

    Returns
    -------
    DataFrame
        A row for each queue and rate, columns `PRICE`: hours and cost of the rate with the last agent of each span
        in part; extra_…, what it takes more than the rate before, missing at the first; whole_…, hours with whole
        agents, what `requirement` gives for that target. Agent hours never fall and are convex in the rate; staff
        hours and cost never fall, and are convex where shrinkage is the same at all times.

    Raises
    ------
    InputError
        Rates out of order or bounds, a queue the forecast lacks, a rate that no number of agents reaches.
    """
    asked = np.asarray(rates, dtype=float)
    if not (asked.size and (asked >= 0).all() and (asked < 1).all() and (np.diff(asked) > 0).all()):
        raise InputError(
            f"answer rates ascend from 0 to below 1, not {list(rates)}. Give such as 0.85, 0.90, 0.95."
        )
    priced = [_price(queue, forecast, asked, curves) for queue in queues]
    per_h = [1.0 if cost_per_h is None else cost_per_h[queue.id] for queue in queues]
    frame = pd.concat(
        [rows.assign(cost=rows["staff_h"] * cost) for rows, cost in zip(priced, per_h, strict=True)],
        ignore_index=True,
    )
    return _with_extra(frame)


def price_in_total(prices: pd.DataFrame) -> pd.DataFrame:
    """The same of all queues together, each at that rate: columns `PRICE` without queue."""
    sums = prices.groupby("answer_rate", as_index=False)[_SUMS].sum().assign(queue="")
    return _with_extra(sums).drop(columns="queue")


def _price(
    queue: Queue, forecast: pd.DataFrame, rates: np.ndarray, curves: pd.DataFrame | None
) -> pd.DataFrame:
    """Hours of one queue at each rate."""
    if queue.can_wait:
        return _price_of_waiting(queue, forecast, rates)
    highest = replace(queue, target=replace(queue.target, answer_rate=float(rates[-1])))
    own = answer_curves(highest, forecast) if curves is None else curves
    drawn = pieces(own, queue.id)
    # What every rate needs: the floor and the other targets.
    base = requirement(replace(queue, target=replace(queue.target, answer_rate=0.0)), forecast, own)
    agents = base["agents"].to_numpy().astype(np.int64)
    span = spans(drawn.start, queue, queue.target.period)
    further = additions(drawn, agents, span)
    per_agent = 1.0 / yields(queue, drawn.start)
    hours = queue.interval_min / 60
    offered, there = np.bincount(span, drawn.offered), np.bincount(span, drawn.at(agents.astype(float)))
    reached = np.bincount(span, drawn.at(drawn.last_agents))
    rows = []
    for rate in rates:
        if (reached < rate * offered - 1e-6 * offered).any():
            raise InputError(
                f"queue {queue.id!r}: an answer rate of {rate:g} lies beyond its answer curves. "
                "Compute them for a target as high, or give a lower one."
            )
        missing = rate * offered - there
        part, whole = further.parts(missing), further.whole(missing)
        rows.append(
            {
                "queue": queue.id,
                "answer_rate": float(rate),
                "agent_h": hours * (agents.sum() + part.sum()),
                "staff_h": hours * (agents @ per_agent + part @ per_agent[further.rows]),
                "whole_agent_h": hours * (agents.sum() + whole.sum()),
                "whole_staff_h": hours * (agents @ per_agent + per_agent[further.rows[whole]].sum()),
            }
        )
    return pd.DataFrame(rows)


def _price_of_waiting(queue: Queue, forecast: pd.DataFrame, rates: np.ndarray) -> pd.DataFrame:
    """The same of contacts that can wait, whose agents are shares of time and whose curves follow the target."""
    hours = queue.interval_min / 60
    rows = []
    for rate in rates:
        asked = replace(queue, target=replace(queue.target, answer_rate=float(rate)))
        needed = requirement(asked, forecast)
        agent_h, staff_h = hours * needed["agents"].sum(), hours * needed["staff"].sum()
        sums = {"agent_h": agent_h, "staff_h": staff_h, "whole_agent_h": agent_h, "whole_staff_h": staff_h}
        rows.append({"queue": queue.id, "answer_rate": float(rate), **sums})
    return pd.DataFrame(rows)


def _with_extra(frame: pd.DataFrame) -> pd.DataFrame:
    extra = frame.groupby("queue", sort=False)[_EXTRA].diff().add_prefix("extra_")
    return frame.join(extra)[PRICE]
