"""Roster → coverage: agents per queue and interval against the requirement, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.domain import Agent, Queue, Roster
from data.errors import InputError
from data.schema import COVERAGE, REQUIREMENT, conform
from scheduling.allocation import allocate
from scheduling.arguments import Floats, Integers
from scheduling.centre import centre, unix_s
from scheduling.curves import answer_curves
from scheduling.demand import Demand, demand
from scheduling.performance import performance
from scheduling.pieces import Pieces, pieces
from scheduling.requirement import requirement as requirement_of
from scheduling.transient import answered_as_rostered


def coverage(  # noqa: PLR0917 - what goes in, in the order it is made
    roster: Roster,
    agents: Sequence[Agent],
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    curves: pd.DataFrame | None = None,
    requirement: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Agents rostered against the requirement, and the answer rate that follows.

    People on contacts are those in a shift and not in a break, paid or not. A person given to a queue is worth
    that queue's yield of the slot (`yields`). People with several queues are split over them anew in every slot of the
    finest step the curves have, see `allocation.allocate`. Answered contacts are those of the curves; service
    level and occupancy are of Erlang A with the agents given, on average over the slots of an interval. What agents
    leave waiting for the next interval is in no curve, for each holds for its own agents alone: `answered_carried`
    counts it too (`transient`).

    Parameters
    ----------
    roster, agents
        Every person of the roster must be among the agents.
    queues
        Queues to cover; people may have skills for others too.
    forecast
        FORECAST frame of these queues.
    curves
        CURVES frame of these queues, in one step or several that divide each other; computed in each queue's
        interval when None.
    requirement
        REQUIREMENT frame of these queues in their own intervals; computed when None.

    Returns
    -------
    DataFrame
        COVERAGE, in the order of the queues and of time.

    Raises
    ------
    InputError
        A frame lacks a queue, or the curves' steps do not fit together.
    UnknownNameError
        The roster has a person who is not among the agents.
    """
    if curves is None:
        curves = pd.concat([answer_curves(queue, forecast) for queue in queues], ignore_index=True)
    drawn = [pieces(curves, queue.id) for queue in queues]
    grid = centre(roster, agents, queues, drawn)
    given = allocate(grid)
    answered = grid.answered(given)
    frames = []
    for q, queue in enumerate(queues):
        needed = requirement_of(queue, forecast) if requirement is None else requirement
        held = grid.row[q] >= 0
        row = grid.row[q, held]
        count = drawn[q].offered.size
        staffed = np.bincount(row, given[q, held] * grid.yields[q, held] / grid.parts[q], count).astype(float)
        reached = np.bincount(row, answered[q, held], count).astype(float)
        frames.append(_queue_coverage(queue, drawn[q], forecast, needed, staffed, reached))
    return conform(pd.concat(frames, ignore_index=True), COVERAGE)


def _queue_coverage(  # noqa: PLR0917 - one step of coverage, split off for reading
    queue: Queue,
    drawn: Pieces,
    forecast: pd.DataFrame,
    needed: pd.DataFrame,
    staffed: Floats,
    reached: Floats,
) -> pd.DataFrame:
    asked = demand(queue, forecast)
    rows = _containing(drawn.start, asked.start, queue, "forecast")
    found = performance(queue, asked, staffed, rows)
    own = conform(needed.loc[needed["queue"] == queue.id], REQUIREMENT).sort_values("start")
    required = own["agents"].to_numpy()[
        _containing(drawn.start, pd.DatetimeIndex(own["start"]), queue, "requirement")
    ]
    some = drawn.offered > 0
    rate = np.where(some, reached / np.where(some, drawn.offered, 1.0), 1.0)
    return pd.DataFrame(
        {
            "queue": queue.id,
            "start": drawn.start,
            "required": required,
            "rostered": staffed,
            "answer_rate": np.clip(rate, 0.0, 1.0),
            "service_level": found.service_level,
            "service_level_formula": queue.target.service_level_formula.value,
            "occupancy": found.occupancy,
            "offered": drawn.offered,
            "answered": reached,
            "answered_carried": _carried(queue, drawn, asked, staffed, rows, reached),
        }
    )


def _carried(  # noqa: PLR0917 - one column of coverage, split off for reading
    queue: Queue, drawn: Pieces, asked: Demand, staffed: Floats, rows: Integers, reached: Floats
) -> Floats:
    """Answered with what each interval leaves to the next; work that waits is carried in its curves already."""
    if queue.can_wait:
        return reached
    gaps_s = np.diff(unix_s(drawn.start))
    step_s = min(asked.interval_s, float(gaps_s.min(initial=asked.interval_s)))
    follows = np.concatenate(([False], gaps_s == step_s))
    return drawn.offered * answered_as_rostered(
        queue, asked, staffed, rows=rows, follows=follows, length_s=step_s
    )


def _containing(starts: pd.DatetimeIndex, intervals: pd.DatetimeIndex, queue: Queue, frame: str) -> Integers:
    """Position of the interval each start lies in."""
    wanted, known = unix_s(starts), unix_s(intervals)
    at = np.searchsorted(known, wanted, side="right") - 1
    inside = (
        (at >= 0) & (wanted < known[np.maximum(at, 0)] + 60 * queue.interval_min) if known.size else at >= 0
    )
    if not inside.all():
        missing = starts[~inside][0]
        raise InputError(
            f"queue {queue.id!r}: the {frame} has no interval at {missing}, which has an answer curve. "
            "Compute curves and requirement from the same forecast."
        )
    return at
