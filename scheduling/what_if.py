"""Scenarios beside the plan: requirement, hours and money with other contacts, handle times, shrinkage or targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data.domain import Queue
from scheduling.curves import answer_curves
from scheduling.requirement import requirement
from scheduling.scenario import Change, Scenario, changed, changed_forecast, check_names

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
    curves: pd.DataFrame | None = None,
    required: pd.DataFrame | None = None,
) -> WhatIf:
    """Requirement, hours and money of each scenario beside those of the plan.

    What a scenario leaves as it is, is not computed again: a queue it does not touch not at all, and with another
    target or shrinkage only on the curves there are.

    Parameters
    ----------
    queues
        As they are planned.
    forecast
        FORECAST frame with every one of them.
    scenarios
        At least one, each of a name of its own.
    cost_per_h
        Cost of a staff hour by queue, see `scheduling.hourly_cost`; 1 for each when None.
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
    plans = {queue.id: _plan(queue, forecast, Change(), curves, required) for queue in queues}
    by_queue, by_interval, overall = [], [], []
    for scenario in scenarios:
        parts = []
        for queue in queues:
            before = plans[queue.id]
            change = scenario.change_of(queue.id)
            same = before.curves if change.keeps_curves else None
            after = before if change == Change() else _plan(queue, forecast, change, same)
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
    """Curves of one queue, and per interval start, offered, aht_s, agents, staff, answer_rate."""

    curves: pd.DataFrame
    intervals: pd.DataFrame


def _plan(
    queue: Queue,
    forecast: pd.DataFrame,
    change: Change,
    curves: pd.DataFrame | None = None,
    required: pd.DataFrame | None = None,
) -> _Plan:
    own = _of(forecast, queue)
    asked, planned = changed_forecast(own, change), changed(queue, change)
    drawn = answer_curves(planned, asked) if curves is None else _of(curves, queue)
    needed = requirement(planned, asked, drawn) if required is None else _of(required, queue)
    columns = ["queue", "start", "agents", "staff", "answer_rate"]
    offered = {"offered": asked["mean"].to_numpy(), "aht_s": asked["aht_s"].to_numpy()}
    return _Plan(drawn, needed[columns].assign(**offered))


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
