"""Intervals in which the people present cannot give every queue its least, however they are split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from data.domain import Agent, Queue, Roster
from scheduling.arguments import Floats, Integers
from scheduling.centre import Centre, centre
from scheduling.pieces import Pieces, pieces
from scheduling.problem import Demand
from scheduling.rosters.targets import least_positions, least_rate

FLOORS = ["queue", "start", "rostered", "offered", "answered", "answer_rate", "floor", "min_agents"]
PER_PERSON = 10_000
"""Parts of a person that are told apart; flows are whole numbers."""


def floors_missed(
    roster: Roster,
    agents: Sequence[Agent],
    queues: Sequence[Queue],
    covered: pd.DataFrame,
    curves: pd.DataFrame,
    *,
    within: float,
) -> pd.DataFrame:
    """Intervals that miss the least answer rate of any single one, or the least agents for any other target.

    The split of `coverage` looks at targets over days and longer, not at single intervals. Where it leaves a queue
    short of its least, the interval is missed only if no other split of the people present gives every queue its
    least: a flow from people to queues (Ford & Fulkerson 1956) tells.

    Parameters
    ----------
    roster, agents, queues, curves
        As `coverage` takes them.
    covered
        COVERAGE frame made of them.
    within
        A rate this little below the least one is none too few, 0–1.

    Returns
    -------
    DataFrame
        Columns queue, start, rostered, offered, answered, answer_rate (all as `covered` has them), floor (least
        answer rate), min_agents (least agents, for whatever reason); one row per interval of the curves that is missed.
    """
    drawn = [pieces(curves, queue.id) for queue in queues]
    grid = centre(roster, agents, queues, drawn)
    reach = Reach(grid, within, np.full(grid.row.shape[1], UNKNOWN, dtype=np.int8))
    rows, found = [], []
    for q, queue in enumerate(queues):
        own = np.flatnonzero(covered["queue"] == queue.id)
        rostered, rates = covered["rostered"].to_numpy()[own], covered["answer_rate"].to_numpy()[own]
        found.append(missed_rows(reach, q, rostered, rates))
        rows.append(own[found[-1]])
    bounds = [reach.grid.pieces[q].least[missed] for q, missed in enumerate(found)]
    return listed(queues, covered, rows, bounds)


UNKNOWN = -1
"""Nobody asked yet whether a slot's least can be reached."""


@dataclass(frozen=True, slots=True)
class Reach:
    """In which slots the people present can give every queue its least; found out where it is asked.

    Parameters
    ----------
    grid
        Queues, curves and people.
    within
        A rate this little below the least one is none too few, 0–1.
    found
        Per slot 1 where they can, 0 where not, `UNKNOWN` where nobody asked; filled in place.
    """

    grid: Centre
    within: float
    found: np.ndarray

    def at(self, slot: int) -> bool:
        """Whether the people of a slot can be split so that every queue has its least."""
        if self.found[slot] == UNKNOWN:
            self.found[slot] = _reachable(self.grid, slot, self.within)
        return bool(self.found[slot])


def missed_rows(reach: Reach, q: int, rostered: Floats, answer_rate: Floats) -> Integers:
    """Intervals of the q-th queue's curves that miss its least, with those agents and rates in them."""
    queue = reach.grid.queues[q]
    drawn = reach.grid.pieces[q]
    wanted = least_positions(queue, drawn.least)
    few = rostered < wanted - 1 / PER_PERSON
    low = answer_rate < least_rate(queue) - reach.within
    short = np.flatnonzero(few | ((drawn.offered > 0) & low))
    row = reach.grid.row[q]
    slots = np.flatnonzero(np.isin(row, short))
    out = [slot for slot in slots.tolist() if not reach.at(slot)]
    return np.unique(row[out])


def listed(
    queues: Sequence[Queue], covered: pd.DataFrame, rows: Sequence[Integers], least: Sequence[Floats]
) -> pd.DataFrame:
    """Rows of a COVERAGE frame, those of each queue in turn, as `floors_missed` has them; `least` are theirs."""
    counts = [own.size for own in rows]
    found: pd.DataFrame = covered.take(np.concatenate(rows)).assign(
        floor=np.repeat([least_rate(queue) for queue in queues], counts),
        min_agents=np.concatenate([least_positions(*pair) for pair in zip(queues, least, strict=True)]),
    )
    return found[FLOORS].reset_index(drop=True)


def _reachable(grid: Centre, slot: int, within: float) -> bool:
    need = np.zeros(len(grid.queues))
    for q, (queue, curve) in enumerate(zip(grid.queues, grid.pieces, strict=True)):
        row = grid.row[q, slot]
        if row >= 0:
            need[q] = _positions(queue, curve, row, within) / grid.yields[q, slot]
    return _flows(grid.people[:, slot], grid.serves, need)


def _positions(queue: Queue, curve: Pieces, row: int, within: float) -> float:
    span = slice(curve.first[row], curve.first[row + 1])
    demand = Demand(float(curve.offered[row]), curve.agents[span], curve.answered[span])
    wanted = float(least_positions(queue, curve.least[row]))
    return max(demand.agents_for((least_rate(queue) - within) * demand.offered), wanted)


def _flows(people: Floats, serves: np.ndarray, need: Floats) -> bool:
    if not np.isfinite(need).all():
        return False
    sets, queues = serves.shape
    wanted = np.floor(need * PER_PERSON).astype(np.int32)
    present = np.ceil(people * PER_PERSON).astype(np.int32)
    size = sets + queues + 2
    source, sink = size - 2, size - 1
    links = np.zeros((size, size), dtype=np.int32)
    links[source, :sets] = present
    links[:sets, sets : sets + queues] = serves * present[:, None]
    links[sets : sets + queues, sink] = wanted
    return int(maximum_flow(csr_array(links), source, sink).flow_value) >= int(wanted.sum())
