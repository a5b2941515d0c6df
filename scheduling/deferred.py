"""Contacts that wait → the intervals in which they are handled: deadlines kept, quiet hours of the same people first.

The expected work is planned. How unsure the work of a day is goes along with it, and tells the answer curves
(`deferred_curves`) how many agents more the target takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Agent, Queue
from data.intervals import clock
from data.schema import FORECAST, OUTER_QUANTILES, conform
from scheduling.arguments import Floats
from scheduling.demand import (
    LEVEL_COLUMNS,
    LEVEL_WEIGHTS,
    NORMAL_SCORES,
    VARIANCE_HELD,
    Demand,
    demand,
    drawn_in,
)
from scheduling.requirement import requirement
from scheduling.shared_people import Cells, cells, shared, there_anyway
from scheduling.waiting_line import WaitingLine, refuse_unmeetable, waiting_line
from scheduling.water_filling import fill
from scheduling.yields import yields

SCARCE = 1e-3
"""Least share of the most people at once that a plan reckons with at any time."""

ROUNDS = 30
"""Most times queues whose contacts wait make room for each other."""

STILL = 0.01
"""A plan in which people move by no more than this share of the most at once, at any time, has settled."""


def plan_deferred(
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    *,
    agents: Sequence[Agent] = (),
    workable: Mapping[str, np.ndarray] | None = None,
    shifts: Mapping[str, np.ndarray] | None = None,
) -> pd.DataFrame:
    """Put contacts that can wait into the intervals in which they are to be handled.

    Of all ways to keep the deadlines, first in first out and nothing before it comes, each queue takes the one with
    the most even load over time (`water_filling`) on the people who serve it: its own work, and what the other
    queues need of these people, by the share of their people who serve both. The load is a share of the people
    who are at work anyway (`there_anyway`): a lull between two peaks has idle people, a night has few. Without
    shifts these are as many at any time, and hours in which none of those other queues is open come last. Queues
    whose contacts wait make room for each other
    in turn until nothing moves, the tightest deadline first; where they are served by the same people the plan is
    the best there is for all of them together (block coordinate descent on a convex function, Tseng 2001, Journal
    of Optimization Theory and Applications 109:475).

    All that comes is handled within the horizon, but for what comes after the last interval in which somebody can
    work: as much is taken to wait when the horizon begins.

    Parameters
    ----------
    queues
        Queues of the forecast.
    forecast
        FORECAST frame, contacts by the interval in which they come.
    agents
        People, whose skills tell who serves what; without any, queues of one skill are served by the same people.
    workable
        By queue, whether somebody can be at work in each of its intervals, in order of time; in all when it is
        not named.
    shifts
        By queue, start and end of each shift somebody with its skill can work, Unix time in s, shape (m, 2).

    Returns
    -------
    DataFrame
        FORECAST frame of the same rows. Those of queues whose contacts can wait have the contacts to be handled in
        the interval, their handle time, and as quantiles these contacts times the work of the day they came on as
        it may turn out / as it is expected.

    Raises
    ------
    InputError
        Contacts are due before anybody can handle them, or the forecast has a fault.
    """
    told = set(forecast["queue"])
    present = [queue for queue in queues if queue.id in told]
    waiting = sorted((queue for queue in present if queue.can_wait), key=lambda queue: queue.due_within_h)
    if not waiting:
        return forecast
    asked = {queue.id: demand(queue, forecast) for queue in waiting}
    everywhere = {name: np.ones(own.offered.size, dtype=bool) for name, own in asked.items()} | dict(
        workable or {}
    )
    lines = {queue.id: waiting_line(queue, asked[queue.id], everywhere[queue.id]) for queue in waiting}
    for queue in waiting:
        refuse_unmeetable(queue, asked[queue.id], lines[queue.id])
    around = _Around.of(present, waiting, forecast, agents, shifts or {})
    work = _most_even(waiting, asked, lines, around)
    planned = [
        _planned(queue, asked[queue.id], lines[queue.id], work[queue.id], forecast) for queue in waiting
    ]
    live = forecast.loc[~forecast["queue"].isin([queue.id for queue in waiting])]
    order = forecast[["queue", "start"]]
    whole = order.merge(pd.concat([live, *planned]), on=["queue", "start"], how="left")
    return conform(whole, FORECAST).set_axis(forecast.index)


@dataclass(frozen=True, slots=True)
class _Around:
    """What people have to do besides the contacts that wait.

    Parameters
    ----------
    grid
        Cells of all arrays.
    part
        Share of each waiting queue's people who serve another one too, by both.
    needed, there
        By waiting queue, people that queues whose contacts do not wait need of its own, and that are there anyway.
    """

    grid: Cells
    part: Mapping[tuple[str, str], float]
    needed: Mapping[str, Floats]
    there: Mapping[str, Floats]

    @classmethod
    def of(
        cls,
        present: Sequence[Queue],
        waiting: Sequence[Queue],
        forecast: pd.DataFrame,
        agents: Sequence[Agent],
        shifts: Mapping[str, np.ndarray],
    ) -> _Around:
        grid = cells(forecast["start"])
        part = shared(present, agents)
        number = {queue.id: q for q, queue in enumerate(present)}
        staff, opened = _live(present, forecast, grid)
        needed, there = {}, {}
        for queue in waiting:
            to = part[:, number[queue.id]]
            own = to @ staff
            if queue.id in shifts:
                people = there_anyway(own, grid.spans(shifts[queue.id]))
            else:
                people = np.full(grid.size, own.max())
                own = np.where((opened & (to > 0)[:, None]).any(axis=0), own, people)
            most = float(people.max())
            needed[queue.id] = own
            there[queue.id] = np.maximum(people, SCARCE * most) if most > 0 else np.ones(grid.size)
        both = {
            (one.id, two.id): float(part[number[one.id], number[two.id]])
            for one in waiting
            for two in waiting
        }
        return cls(grid, both, needed, there)


def _most_even(
    waiting: Sequence[Queue],
    asked: Mapping[str, Demand],
    lines: Mapping[str, WaitingLine],
    around: _Around,
) -> dict[str, Floats]:
    """Agents in each place of each line."""
    grid = around.grid
    staff = {queue.id: np.zeros(grid.size) for queue in waiting}
    work: dict[str, Floats] = {}
    for _ in range(ROUNDS):
        before = np.sum(list(staff.values()), axis=0)
        for queue in waiting:
            own, line = asked[queue.id], lines[queue.id]
            others = [
                around.part[name, queue.id] * people for name, people in staff.items() if name != queue.id
            ]
            load = around.needed[queue.id] + np.sum([np.zeros(grid.size), *others], axis=0)
            at = grid.of(own.start, queue.interval_min)
            people, there = (cell[at].mean(axis=1) for cell in (load, around.there[queue.id]))
            worth = yields(queue, own.start)
            share = np.where(line.workable, (people / there)[line.row], np.inf)
            work[queue.id] = fill(line.come, line.due, share, (worth * there)[line.row])
            staff[queue.id] = grid.laid(own.start, queue.interval_min, work[queue.id][line.found :] / worth)
        after = np.sum(list(staff.values()), axis=0)
        # Queues may go on changing places at no loss: what counts is their sum.
        if len(waiting) == 1 or np.abs(after - before).max() <= STILL * after.max():
            break
    return work


def _live(present: Sequence[Queue], forecast: pd.DataFrame, grid: Cells) -> tuple[Floats, np.ndarray]:
    """Staff queues whose contacts do not wait need, and whether they are open, shape (queues, cells)."""
    needed = np.zeros((len(present), grid.size))
    opened = np.zeros(needed.shape, dtype=bool)
    for q, queue in enumerate(present):
        if not queue.can_wait:
            rows = requirement(queue, forecast)
            starts = pd.DatetimeIndex(rows["start"])
            needed[q] = grid.laid(starts, queue.interval_min, rows["staff"].to_numpy(dtype=float))
            opened[q, grid.of(starts, queue.interval_min)] = True
    return needed, opened


def _planned(
    queue: Queue, asked: Demand, line: WaitingLine, work: Floats, forecast: pd.DataFrame
) -> pd.DataFrame:
    rows = forecast.loc[forecast["queue"] == queue.id].sort_values("start").reset_index(drop=True)
    if line.come[-1] <= 0:
        return rows
    mean = line.moved(work, asked.offered)
    agents = line.moved(work, asked.offered * asked.aht_s)
    some = mean > 1e-9 * asked.offered.sum()
    mean = np.where(some, mean, 0.0)
    levels = line.moved(work, asked.offered[:, None] * _day_ratios(queue, asked)) * some[:, None]
    rows["mean"] = mean
    rows["aht_s"] = np.where(some, agents / np.where(some, mean, 1.0), rows["aht_s"])
    rows[list(LEVEL_COLUMNS)] = levels
    rows[list(OUTER_QUANTILES)] = np.nan
    return rows


def _day_ratios(queue: Queue, asked: Demand) -> Floats:
    """Contacts of each interval's local day at each level / expected, shape (n, levels).

    The expected numbers of a day's intervals are taken to be too high or too low together. That arrivals are random
    around them matters for the day's sum alone, in which most of it evens out.
    """
    day = clock(asked.start, queue.timezone)["date"].factorize()[0]
    offered = np.bincount(day, asked.offered)
    expected = drawn_in(asked.offered, asked.levels)
    levels = np.stack([np.bincount(day, level) for level in expected.T], axis=1)
    positive = np.where(offered > 0, offered, np.inf)
    deviation = (levels - offered[:, None]) / positive[:, None]
    spread = np.sqrt(deviation**2 @ LEVEL_WEIGHTS / VARIANCE_HELD + 1.0 / positive)
    ratios: Floats = np.maximum(0.0, 1.0 + NORMAL_SCORES * spread[:, None])[day]
    return ratios
