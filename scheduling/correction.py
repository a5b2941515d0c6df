"""What a position is worth where people help each other out: factors on answer curves, fitted to a simulation.

A plan parts people over their queues; in truth whoever is free takes the next contact, so that the same people
answer more. And a plan promises a mean, while a target with a confidence asks for what most days reach. Both are
one correction: with a factor f, n positions answer in the plan what the curve says of f · n. It lies on the curves,
so that optimiser, coverage, targets and floors take it without a rule of their own, and positions stay people.
After Cezik & L'Ecuyer 2008, Management Science 54:310, who correct a staffing programme by simulation too, with cuts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.domain import Agent, Period, Queue
from data.intervals import clock
from data.schema import CURVES, conform
from scheduling.arguments import Floats
from scheduling.pieces import pieces
from scheduling.requirement import local_spans
from scheduling.shared_people import shared
from scheduling.simulation_measures import Measure, measure
from scheduling.simulation_tally import TALLIED

COLUMNS = ["queue", "date", "factor"]
LEAST, MOST = 0.5, 2.0
"""A factor outside says that the roster and its plan have little to do with each other."""
HALVINGS = 30


def no_correction() -> pd.DataFrame:
    """Columns queue, date (local day of the queue), factor, without rows: every factor is 1."""
    types = {"queue": "str", "date": "datetime64[us]", "factor": "float64"}
    return pd.DataFrame(columns=COLUMNS).astype(types)


def correctable(queues: Sequence[Queue], agents: Sequence[Agent]) -> tuple[Queue, ...]:
    """Queues whose people serve another one too, or whose target has a confidence; none whose target is soft.

    Targets per interval are left as they are, for a simulation tells too little of a single interval, and so is
    work that waits, which is planned before.
    """
    together = shared(queues, agents)
    np.fill_diagonal(together, 0.0)
    helped: list[bool] = [bool(row.any()) for row in together]
    return tuple(
        queue
        for queue, help_ in zip(queues, helped, strict=True)
        if (help_ or queue.target.confidence is not None)
        and not queue.can_wait
        and not queue.target.soft
        and queue.target.period is not Period.INTERVAL
    )


def corrected_curves(curves: pd.DataFrame, queues: Sequence[Queue], correction: pd.DataFrame) -> pd.DataFrame:
    """CURVES whose breakpoints lie at agents / factor of their queue and day."""
    if correction.empty:
        return curves
    zones = {queue.id: queue.timezone for queue in queues}
    frame = conform(curves, CURVES)
    factors = correction.set_index(["queue", "date"])["factor"]
    worth = np.ones(len(frame))
    for name in pd.unique(correction["queue"]):
        own = np.flatnonzero((frame["queue"] == name).to_numpy())
        if own.size:
            days = clock(pd.DatetimeIndex(frame["start"].iloc[own]), zones[name])["date"]
            worth[own] = days.map(factors[name]).fillna(1.0).to_numpy()
    return frame.assign(agents=frame["agents"] / worth)


def promised(days: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    """What simulated days say of each span of a queue's target.

    Parameters
    ----------
    days
        As `simulate.Simulation` has them.
    queue
        Its rows are used.

    Returns
    -------
    DataFrame
        By first local day of the span: simulated (mean of the answer rates of the paths), promised (what is held
        against the target: the mean, or with a confidence p the highest rate that at least a share p of the paths
        reaches) and p_met.
    """
    own = days.loc[days["queue"] == queue.id]
    span = local_spans(own["date"], queue.target.period)
    first = own["date"].groupby(span).transform("min")
    sums = own[[*TALLIED]].groupby([own["path"], first]).sum()
    found = measure(queue, {name: sums[name].to_numpy(dtype=float) for name in TALLIED})[Measure.ANSWER_RATE]
    # Groups come by path, then by span, and every path has every span.
    firsts = np.unique(first.to_numpy())
    rates = np.sort(found.reshape(-1, firsts.size).T, axis=1)
    mean = rates.mean(axis=1)
    confidence = queue.target.confidence
    held = mean
    if confidence is not None:
        held = rates[:, min(int((1.0 - confidence) * rates.shape[1] + 1e-9), rates.shape[1] - 1)]
    return pd.DataFrame(
        {
            "simulated": mean,
            "promised": held,
            "p_met": (rates >= queue.target.answer_rate - 1e-12).mean(axis=1),
        },
        index=pd.DatetimeIndex(firsts, name="first"),
    )


def fitted(curves: pd.DataFrame, coverage: pd.DataFrame, queue: Queue, promises: pd.Series) -> pd.DataFrame:
    """Factors with which the positions a queue has answer what is promised, one for all days of a span.

    Parameters
    ----------
    curves
        CURVES without a correction.
    coverage
        COVERAGE of the roster on curves of the same intervals; its positions are taken.
    queue
        Its rows are used.
    promises
        Answer rate of each span by its first local day.

    Returns
    -------
    DataFrame
        Columns queue, date, factor; within `LEAST` and `MOST`.
    """
    drawn = pieces(curves, queue.id)
    held = coverage.loc[coverage["queue"] == queue.id].sort_values("start")
    positions = held["rostered"].to_numpy()
    dates = clock(drawn.start, queue.timezone)["date"]
    span = local_spans(dates, queue.target.period)
    size = int(span.max()) + 1
    firsts = dates.groupby(span).min()
    wanted = promises.reindex(firsts).to_numpy() * np.bincount(span, drawn.offered, size)
    low, high = np.full(size, LEAST), np.full(size, MOST)
    for _ in range(HALVINGS):
        middle: Floats = np.sqrt(low * high)
        reached = np.bincount(span, drawn.at(positions * middle[span]), size)
        low, high = np.where(reached < wanted, middle, low), np.where(reached < wanted, high, middle)
    rows = pd.DataFrame({"queue": queue.id, "date": dates.to_numpy(), "factor": np.sqrt(low * high)[span]})
    return rows.drop_duplicates("date", ignore_index=True).astype({"queue": "str"})
