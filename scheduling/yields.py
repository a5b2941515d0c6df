"""From rostered people to agents on contacts: what shrinkage, adherence and availability leave of their time."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
import pandas as pd

from data.domain import Queue
from data.intervals import clock
from data.week import DAY_MIN, WEEK_MIN
from scheduling.arguments import Floats, Integers

PARTS = ["start", "kind", "cause", "lost"]


class Loss(StrEnum):
    """What takes time from contacts."""

    BASE = "shrinkage at any time"
    PLANNED = "planned shrinkage"
    UNPLANNED = "unplanned shrinkage"
    ADHERENCE = "adherence"
    AVAILABILITY = "availability"


def yields(queue: Queue, starts: pd.DatetimeIndex, step_min: int | None = None) -> Floats:
    """Share of a rostered person's time that is spent on contacts, in each interval; above 0.

    The product of availability, adherence, 1 − shrinkage and 1 − share of each cause, on average over the
    interval's minutes: agents on contacts = people at work × yield.

    Parameters
    ----------
    queue
        Whose shrinkage it is; times of the week are on its clock.
    starts
        Instants the intervals begin, in UTC, shape (n,).
    step_min
        Length of an interval, the queue's own when None.

    Returns
    -------
    ndarray
        Shape (n,).
    """
    always = (1.0 - queue.shrinkage) * queue.adherence
    varying = _varying(queue)
    if not varying:
        return np.full(len(starts), always)
    minutes, place = _minutes(queue, starts, step_min)
    product = np.prod([factor for _, _, factor in varying], axis=0)
    return np.asarray((always * product)[minutes].mean(axis=1)[place])


def planned_share(queue: Queue, starts: pd.DatetimeIndex, step_min: int | None = None) -> Floats:
    """Share of a rostered person's time that planned causes take before all others, in each interval.

    Arguments as `yields` takes them; shape (n,).
    """
    planned = [factor for kind, _, factor in _varying(queue) if kind is Loss.PLANNED]
    if not planned:
        return np.zeros(len(starts))
    minutes, place = _minutes(queue, starts, step_min)
    return np.asarray(1.0 - np.prod(planned, axis=0)[minutes].mean(axis=1)[place])


def yield_parts(queue: Queue, starts: pd.DatetimeIndex, step_min: int | None = None) -> pd.DataFrame:
    """What each cause takes of a rostered person's time; in each interval the parts and the yield sum to 1.

    Causes multiply, so that what one of them takes depends on the others. What they take together is told apart
    in proportion to the logarithms of their factors, minute by minute, which leaves nothing over and favours no
    order (Ang 2004, Energy Policy 32:1131).

    Parameters
    ----------
    queue, starts, step_min
        As `yields` takes them.

    Returns
    -------
    DataFrame
        Columns start, kind (a `Loss`), cause (its name; empty but for planned and unplanned shrinkage), lost
        (share of the time; below 0 where availability adds to it). Rows of each interval in the order of the
        queue's causes; what takes nothing at any time is left out.
    """
    factors = [(kind, cause, np.full(WEEK_MIN, value)) for kind, cause, value in _always(queue)]
    factors += _varying(queue)
    minutes, place = _minutes(queue, starts, step_min)
    logs = [np.log(factor) for _, _, factor in factors]
    whole = np.sum(logs, axis=0)
    # Share lost per unit of −log, (1 − y) / −log y; its limit where nothing is lost is 1.
    nothing = np.abs(whole) < 1e-12
    per_log = np.where(nothing, 1.0, np.expm1(whole) / np.where(nothing, 1.0, whole))
    frames = [
        pd.DataFrame(
            {
                "start": starts,
                "kind": kind.value,
                "cause": cause,
                "lost": (-log * per_log)[minutes].mean(axis=1)[place],
            }
        )
        for (kind, cause, _), log in zip(factors, logs, strict=True)
        if log.any()
    ]
    if not frames:
        return pd.DataFrame(
            {"start": starts[:0], "kind": pd.Series(dtype="str"), "cause": pd.Series(dtype="str"), "lost": []}
        )
    return pd.concat(frames).sort_values("start", kind="stable", ignore_index=True)[PARTS]


def _always(queue: Queue) -> Iterator[tuple[Loss, str, float]]:
    yield Loss.BASE, "", 1.0 - queue.shrinkage
    yield Loss.ADHERENCE, "", queue.adherence


def _varying(queue: Queue) -> list[tuple[Loss, str, Floats]]:
    held: dict[tuple[Loss, str], Floats] = {}
    for part in queue.shrinkages:
        kind = Loss.PLANNED if part.planned else Loss.UNPLANNED
        factor = held.setdefault((kind, part.cause), np.ones(WEEK_MIN))
        factor[part.minutes()] = 1.0 - part.share
    for fitted in queue.availability:
        factor = held.setdefault((Loss.AVAILABILITY, ""), np.ones(WEEK_MIN))
        factor[fitted.minutes()] = fitted.factor
    return [(kind, cause, factor) for (kind, cause), factor in held.items()]


def _minutes(queue: Queue, starts: pd.DatetimeIndex, step_min: int | None) -> tuple[Integers, Integers]:
    """Minutes of the week of each different interval, shape (different, step), and which of them each one is."""
    told = clock(starts, queue.timezone)
    first = told["weekday"].to_numpy() * DAY_MIN + told["minute"].to_numpy()
    different, place = np.unique(first, return_inverse=True)
    step = queue.interval_min if step_min is None else step_min
    return (different[:, None] + np.arange(step)) % WEEK_MIN, place
