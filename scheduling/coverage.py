"""Roster → coverage: agents per queue and interval against the requirement, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Agent, Queue, Roster
from data.errors import InputError
from data.schema import COVERAGE, REQUIREMENT, conform
from scheduling.allocation import allocate
from scheduling.arguments import Floats, Integers
from scheduling.centre import Centre, centre, unix_s
from scheduling.curves import answer_curves
from scheduling.demand import Demand, demand
from scheduling.performance import performance
from scheduling.pieces import Pieces, pieces
from scheduling.requirement import requirement as requirement_of
from scheduling.transient import Followed, follow

COUNTED = ("rostered", "answer_rate", "service_level", "occupancy", "answered", "answered_carried")
"""Columns of COVERAGE that depend on who is at work."""


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
    bases = [
        basis_of(queue, curve, forecast, requirement) for queue, curve in zip(queues, drawn, strict=True)
    ]
    covered = [cover(basis, *staffed_and_answered(grid, q, given)) for q, basis in enumerate(bases)]
    return coverage_frame(outline(bases), bases, covered)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a queue's coverage is counted from, whoever is at work.

    Parameters
    ----------
    queue, drawn, asked
        The queue, its curves and its traffic.
    rows
        Interval of the traffic each curve lies in, shape (n,).
    required
        Agents required in each, shape (n,).
    follows, step_s
        Whether each curve's step begins where the one before it ends, shape (n,); its length.
    """

    queue: Queue
    drawn: Pieces
    asked: Demand
    rows: Integers
    required: Floats
    follows: np.ndarray
    step_s: float


@dataclass(frozen=True, slots=True)
class Covered:
    """A queue's coverage, per curve; arrays of shape (n,).

    Parameters
    ----------
    rostered, answered
        Agents on contacts; contacts answered by the curves.
    service_level, occupancy
        Of Erlang A with those agents.
    carried
        Contacts answered with what each interval leaves to the next.
    followed
        What `carried` comes from; None where contacts can wait.
    """

    rostered: Floats
    answered: Floats
    service_level: Floats
    occupancy: Floats
    carried: Floats
    followed: Followed | None

    def answer_rate(self, offered: Floats) -> Floats:
        """Answered / offered, 1 without contacts."""
        some = offered > 0
        rate = np.where(some, self.answered / np.where(some, offered, 1.0), 1.0)
        return np.clip(rate, 0.0, 1.0)


def basis_of(queue: Queue, drawn: Pieces, forecast: pd.DataFrame, requirement: pd.DataFrame | None) -> Basis:
    """What a queue's coverage is counted from; arguments as `coverage` takes them.

    Raises
    ------
    InputError
        Forecast or requirement lack an interval that has a curve.
    """
    needed = requirement_of(queue, forecast) if requirement is None else requirement
    asked = demand(queue, forecast)
    rows = _containing(drawn.start, asked.start, queue, "forecast")
    own = conform(needed.loc[needed["queue"] == queue.id], REQUIREMENT).sort_values("start")
    held = _containing(drawn.start, pd.DatetimeIndex(own["start"]), queue, "requirement")
    gaps_s = np.diff(unix_s(drawn.start))
    step_s = min(asked.interval_s, float(gaps_s.min(initial=asked.interval_s)))
    follows = np.concatenate(([False], gaps_s == step_s))
    return Basis(queue, drawn, asked, rows, own["agents"].to_numpy()[held], follows, step_s)


def staffed_and_answered(grid: Centre, q: int, given: Floats) -> tuple[Floats, Floats]:
    """Agents and answered contacts of the q-th queue's curves with people given to it, shape (queues, slots)."""
    held = grid.row[q] >= 0
    row = grid.row[q, held]
    count = grid.pieces[q].offered.size
    staffed = np.bincount(row, given[q, held] * grid.yields[q, held] / grid.parts[q], count).astype(float)
    return staffed, np.bincount(row, grid.answered(given)[q, held], count).astype(float)


def cover(basis: Basis, staffed: Floats, answered: Floats, before: Covered | None = None) -> Covered:
    """Coverage of a queue with those agents; from that of before only what changes is counted, just the same."""
    queue, asked = basis.queue, basis.asked
    if before is None:
        at = np.arange(staffed.size)
        level, occupancy = np.empty(staffed.size), np.empty(staffed.size)
    else:
        at = np.flatnonzero(staffed != before.rostered)
        level, occupancy = before.service_level.copy(), before.occupancy.copy()
    found = performance(queue, asked, staffed[at], basis.rows[at])
    level[at], occupancy[at] = found.service_level, found.occupancy
    if queue.can_wait:  # Its curves carry what waits already.
        return Covered(staffed, answered, level, occupancy, answered, None)
    followed = follow(
        queue,
        asked,
        staffed,
        rows=basis.rows,
        follows=basis.follows,
        length_s=basis.step_s,
        before=None if before is None else before.followed,
    )
    carried = basis.drawn.offered * followed.share(asked, basis.rows)
    return Covered(staffed, answered, level, occupancy, carried, followed)


def outline(bases: Sequence[Basis]) -> pd.DataFrame:
    """COVERAGE of queues, in their order, with nobody at work and nothing counted."""
    frames = [
        pd.DataFrame(
            {
                "queue": basis.queue.id,
                "start": basis.drawn.start,
                "required": basis.required,
                "service_level_formula": basis.queue.target.service_level_formula.value,
                "offered": basis.drawn.offered,
                **dict.fromkeys(COUNTED, 0.0),
            }
        )
        for basis in bases
    ]
    return conform(pd.concat(frames, ignore_index=True), COVERAGE)


def coverage_frame(outline: pd.DataFrame, bases: Sequence[Basis], covered: Sequence[Covered]) -> pd.DataFrame:
    """The outline of the bases filled with what was counted."""
    rates = [found.answer_rate(basis.drawn.offered) for basis, found in zip(bases, covered, strict=True)]
    columns = [
        [found.rostered for found in covered],
        rates,
        [found.service_level for found in covered],
        [found.occupancy for found in covered],
        [found.answered for found in covered],
        [found.carried for found in covered],
    ]
    return outline.assign(**dict(zip(COUNTED, map(np.concatenate, columns), strict=True)))


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
