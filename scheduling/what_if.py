"""Scenarios beside the plan: requirement, hours and money with other contacts, handle times, shrinkage or targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data.domain import Queue
from scheduling.curves import answer_curves
from scheduling.deferred import plan_deferred
from scheduling.requirement import requirement
from scheduling.scenario import Change, Scenario, changed, changed_forecast, check_names

Place = Callable[[Sequence[Queue], pd.DataFrame], pd.DataFrame]
MEASURES = ("offered", "aht_s", "answer_rate", "agent_h", "staff_h", "cost")
INTERVAL_MEASURES = ("offered", "agents", "staff", "answer_rate")
_SIDES = ("before", "after", "difference")


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Scenarios and the plan side by side; each measure m has the columns m_before, m_after, m_difference.

    Parameters
    ----------
    queues
        scenario, queue, and each of `MEASURES`: offered (contacts), aht_s (of the contacts offered), answer_rate
        (answered / offered of all days, 1 without contacts), agent_h, staff_h, cost (staff hours × cost per hour).
    totals
        scenario and the same of all queues together.
    intervals
        scenario, queue, start, and each of `INTERVAL_MEASURES` before and after.
    """

    queues: pd.DataFrame
    totals: pd.DataFrame
    intervals: pd.DataFrame


def what_if(
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    scenarios: Sequence[Scenario],
    *,
    cost_per_h: Mapping[str, float] | None = None,
    place: Place = plan_deferred,
    planned: pd.DataFrame | None = None,
    curves: pd.DataFrame | None = None,
    required: pd.DataFrame | None = None,
) -> WhatIf:
    """Requirement, hours and money of each scenario beside those of the plan.

    What a scenario leaves as it is, is not computed again: a queue it does not touch not at all, and with another
    target or shrinkage only on the curves there are. Contacts that can wait are put into quiet hours anew, for
    those move with every queue.

    Parameters
    ----------
    queues
        As they are planned.
    forecast
        FORECAST frame with every one of them, contacts by the interval in which they come.
    scenarios
        At least one, each of a name of its own.
    cost_per_h
        Cost of a staff hour by queue, see `scheduling.hourly_cost`; 1 for each when None.
    place
        Puts contacts that can wait where they are to be handled, see `scheduling.deferred.plan_deferred`.
    planned
        Forecast of the plan with them there; computed when None.
    curves
        CURVES of the plan, each queue on its own interval; computed when None.
    required
        REQUIREMENT of the plan; computed when None.

    Raises
    ------
    InputError
        A value out of bounds, a queue the forecast lacks or a target that no number of agents reaches; the
        message names the queue.
    UnknownNameError
        A scenario is of a queue that is not among those given.
    """
    check_names(scenarios, [queue.id for queue in queues])
    base = place(queues, forecast) if planned is None else planned
    plans = {queue.id: _plan(queue, _of(base, queue), curves, required) for queue in queues}
    by_queue, by_interval, overall = [], [], []
    for scenario in scenarios:
        others = {queue.id: changed(queue, scenario.change_of(queue.id)) for queue in queues}
        expected = [changed_forecast(_of(forecast, queue), scenario.change_of(queue.id)) for queue in queues]
        placed = place(tuple(others.values()), pd.concat(expected, ignore_index=True))
        parts = []
        for queue in queues:
            before, other = plans[queue.id], others[queue.id]
            after = _after(before, queue, other, _of(placed, queue), scenario.change_of(queue.id))
            per_h = 1.0 if cost_per_h is None else cost_per_h[queue.id]
            parts.append(_sums(queue, before, after, per_h))
            by_interval.append(_intervals(scenario.name, before.intervals, after.intervals))
        sums = pd.concat(parts, ignore_index=True)
        total = sums.drop(columns="queue").groupby("side", sort=False).sum().reset_index()
        by_queue.append(_side_by_side(sums, ["queue"]).assign(scenario=scenario.name))
        overall.append(_side_by_side(total, []).assign(scenario=scenario.name))
    columns = [f"{measure}_{side}" for measure in MEASURES for side in _SIDES]
    return WhatIf(
        pd.concat(by_queue, ignore_index=True)[["scenario", "queue", *columns]],
        pd.concat(overall, ignore_index=True)[["scenario", *columns]],
        pd.concat(by_interval, ignore_index=True),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """Of one queue its forecast as planned, its curves, and its requirement with offered and aht_s."""

    asked: pd.DataFrame
    curves: pd.DataFrame
    intervals: pd.DataFrame


def _plan(
    queue: Queue, asked: pd.DataFrame, curves: pd.DataFrame | None, required: pd.DataFrame | None = None
) -> _Plan:
    drawn = answer_curves(queue, asked) if curves is None else _of(curves, queue)
    needed = requirement(queue, asked, drawn) if required is None else _of(required, queue)
    offered = {"offered": asked["mean"].to_numpy(), "aht_s": asked["aht_s"].to_numpy()}
    return _Plan(asked, drawn, needed[["queue", "start", "agents", "staff", "answer_rate"]].assign(**offered))


def _after(before: _Plan, queue: Queue, other: Queue, asked: pd.DataFrame, change: Change) -> _Plan:
    """The plan of the changed queue; what stays is taken from the one before."""
    same = asked.equals(before.asked)
    if same and other == queue:
        return before
    # Curves of work that waits are drawn for its target.
    keeps = same and change.keeps_curves and not queue.can_wait
    return _plan(other, asked, before.curves if keeps else None)


def _of(frame: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    """Rows of one queue, in order of time."""
    rows = frame.loc[frame["queue"] == queue.id]
    return rows.sort_values("start", kind="stable").reset_index(drop=True)


def _sums(queue: Queue, before: _Plan, after: _Plan, cost_per_h: float) -> pd.DataFrame:
    """Sums of one queue, a row for each side."""
    rows = []
    for side, plan in zip(_SIDES, (before, after), strict=False):
        offered = plan.intervals["offered"]
        staff_h = plan.intervals["staff"].sum() * queue.interval_min / 60
        rows.append(
            {
                "queue": queue.id,
                "side": side,
                "offered": offered.sum(),
                "handle_time_s": (offered * plan.intervals["aht_s"]).sum(),
                "answered": (offered * plan.intervals["answer_rate"]).sum(),
                "agent_h": plan.intervals["agents"].sum() * queue.interval_min / 60,
                "staff_h": staff_h,
                "cost": staff_h * cost_per_h,
            }
        )
    return pd.DataFrame(rows)


def _side_by_side(sums: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Measures of both sides in one row, with what differs; ratios from the sums."""
    some = sums["offered"] > 0
    told = sums.assign(
        aht_s=(sums["handle_time_s"] / sums["offered"]).where(some),
        answer_rate=(sums["answered"] / sums["offered"]).where(some, 1.0),
    )
    before, after = (told.loc[told["side"] == side].reset_index(drop=True) for side in _SIDES[:2])
    sides = {"before": before, "after": after}
    columns = {f"{measure}_{side}": frame[measure] for measure in MEASURES for side, frame in sides.items()}
    differences = {f"{measure}_difference": after[measure] - before[measure] for measure in MEASURES}
    return before[names].assign(**columns, **differences)


def _intervals(scenario: str, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    sides = {"before": before, "after": after}
    columns = {
        f"{measure}_{side}": frame[measure] for measure in INTERVAL_MEASURES for side, frame in sides.items()
    }
    return (
        before[["queue", "start"]]
        .assign(**columns)
        .assign(scenario=scenario)[["scenario", "queue", "start", *columns]]
    )
