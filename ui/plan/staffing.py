"""Forecasts → answer curves and requirement."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import InputError, PartlyFailedError
from data.intervals import clock, day_span, grid
from data.records import ForecastRecord
from data.schema import FORECAST, REQUIREMENT, empty
from data.store import Workspace
from forecasting.forecast import Forecast
from scheduling.curves import answer_curves
from scheduling.requirement import requirement
from scheduling.shifts import Horizon
from ui.plan import Report, silent
from ui.plan.deferred import planned_forecast
from ui.plan.failures import named
from ui.plan.forecasts import chosen_queues, forecast_queues
from ui.plan.overrides import effective_forecast

REQUIRED_DAYS = ["queue", "date", "offered", "agent_h", "staff_h", "peak_agents", "answer_rate"]


@dataclass(frozen=True, slots=True)
class Demand:
    """What is expected of some queues over some days.

    Parameters
    ----------
    queues
        The queues, in order.
    records
        The stored forecasts this comes from, one a queue.
    forecasts
        The same with the planners' overrides, whole.
    forecast
        FORECAST frame of all queues, overrides included, cut to the days: contacts by when they come.
    planned
        The same with contacts that can wait in the intervals in which they are to be handled
        (`scheduling.deferred`): what curves, requirement and rosters are made of.
    failures
        Message by queue for those left out because they have no forecast and cannot be forecast.
    """

    queues: tuple[Queue, ...]
    records: tuple[ForecastRecord, ...]
    forecasts: tuple[Forecast, ...]
    forecast: pd.DataFrame
    planned: pd.DataFrame
    failures: Mapping[str, str] = field(default_factory=dict)


def demand(
    workspace: Workspace,
    *,
    first: date,
    days: int,
    queues: Sequence[str] | None = None,
    at: datetime | None = None,
    seed: int = 0,
    keep_going: bool = False,
    report: Report = silent,
) -> Demand:
    """Return the newest forecasts that cover the days; a queue without one is forecast now.

    Parameters
    ----------
    first, days
        Local days [first, first + days).
    queues
        Only these; when None all that are open on any of the days.
    at
        Instant whose overrides count; the workspace's now when None.
    keep_going
        Leave out queues that cannot be forecast, even all of them, and list them in `failures`.

    Raises
    ------
    InputError
        Without `keep_going`: no queue can be forecast.
    PartlyFailedError
        Without `keep_going`: some can, and some have no forecast and cannot be forecast.
    """
    wanted = chosen_queues(workspace, queues)
    if queues is None:
        wanted = open_queues(wanted, first, days)
    records = {queue.id: _covering(workspace, queue.id, first, days) for queue in wanted}
    absent = [name for name, record in records.items() if record is None]
    failures: Mapping[str, str] = {}
    if absent:
        made = forecast_queues(workspace, first=first, days=days, queues=absent, seed=seed, report=report)
        failures = made.failures
        records.update({record.queue: record for record in made.records})
    if failures and not keep_going:
        if len(failures) == len(wanted):
            raise InputError("\n".join(named(failures)))
        raise PartlyFailedError(dict(failures))
    kept = {name: record for name, record in records.items() if record is not None}
    staffed = tuple(queue for queue in wanted if queue.id in kept)
    moment = at or workspace.now()
    return replace(
        _demand(workspace, staffed, tuple(kept.values()), first, days, at=moment), failures=failures
    )


def open_queues(queues: Sequence[Queue], first: date, days: int) -> tuple[Queue, ...]:
    """Queues that are open on any of the days; all of them where none is, for the error to name them."""
    return tuple(queue for queue in queues if not grid(queue, first, days).empty) or tuple(queues)


def kept_demand(
    workspace: Workspace, forecast_ids: Sequence[str], *, first: date, days: int, at: datetime
) -> Demand:
    """Demand of stored forecasts over some of their days, with the overrides that held at an instant.

    Of several forecasts of a queue the later ones count for the intervals they hold.
    """
    kept = tuple(workspace.forecast_record(name) for name in forecast_ids)
    queues = tuple(workspace.queue(name) for name in dict.fromkeys(record.queue for record in kept))
    return _demand(workspace, queues, kept, first, days, at=at)


def curves(wanted: Demand, *, step_min: int) -> pd.DataFrame:
    """Answer curves of every queue on one common step."""
    frames = [
        answer_curves(queue, of_queue(wanted.planned, queue.id), step_min=step_min) for queue in wanted.queues
    ]
    return pd.concat(frames, ignore_index=True)


def requirements(wanted: Demand) -> pd.DataFrame:
    """REQUIREMENT frame of every queue, each on its own interval."""
    frames = [requirement(queue, of_queue(wanted.planned, queue.id)) for queue in wanted.queues]
    return pd.concat(frames, ignore_index=True) if frames else empty(REQUIREMENT)


def required_days(wanted: Demand, required: pd.DataFrame) -> pd.DataFrame:
    """Hours and answer rate per queue and local day, columns `REQUIRED_DAYS`.

    Contacts that can wait count on the day on which they are to be handled.
    """
    parts = []
    for queue in wanted.queues:
        rows = of_queue(required, queue.id)
        expected = of_queue(wanted.planned, queue.id)
        hours = queue.interval_min / 60
        offered = expected["mean"].to_numpy()
        frame = pd.DataFrame(
            {
                "date": clock(pd.DatetimeIndex(rows["start"]), queue.timezone)["date"],
                "offered": offered,
                "answered": offered * rows["answer_rate"].to_numpy(),
                "agent_h": rows["agents"].to_numpy() * hours,
                "staff_h": rows["staff"].to_numpy() * hours,
                "peak_agents": rows["agents"].to_numpy(),
            },
        )
        days = frame.groupby("date", as_index=False).agg(
            {"offered": "sum", "answered": "sum", "agent_h": "sum", "staff_h": "sum", "peak_agents": "max"},
        )
        days["answer_rate"] = (days["answered"] / days["offered"]).where(days["offered"] > 0, 1.0)
        parts.append(days.assign(queue=queue.id)[REQUIRED_DAYS])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=REQUIRED_DAYS)


def common_step_min(queues: Sequence[Queue]) -> int:
    """Finest interval among the queues; 15, 30 and 60 divide each other, so that it fits them all."""
    if not queues:
        raise InputError("there is no queue to plan. Import queues or history first.")
    return min(queue.interval_min for queue in queues)


def common_timezone(workspace: Workspace, queues: Sequence[Queue]) -> str:
    """Zone of a roster's local days: the queues' own when they share one, else the workspace's."""
    zones = {queue.timezone for queue in queues}
    return zones.pop() if len(zones) == 1 else workspace.timezone


def of_queue(frame: pd.DataFrame, queue: str) -> pd.DataFrame:
    """Rows of one queue, in order."""
    return frame.loc[frame["queue"] == queue].reset_index(drop=True)


def _covering(workspace: Workspace, queue: str, first: date, days: int) -> ForecastRecord | None:
    end = first + timedelta(days=days)
    covering = [
        record
        for record in workspace.forecasts()
        if record.queue == queue
        and record.first <= first
        and end <= record.first + timedelta(days=record.days)
    ]
    return covering[-1] if covering else None  # the workspace lists them oldest first


def within(frame: pd.DataFrame, queue: Queue, first: date, days: int) -> np.ndarray:
    """Whether each row starts in the local days [first, first + days) of its queue; booleans (rows,)."""
    start, end = day_span(first, days, queue.timezone)
    return ((frame["start"] >= start) & (frame["start"] < end)).to_numpy()


def digest(frame: pd.DataFrame) -> str:
    """SHA-256 of a frame's values, the same wherever it is computed."""
    return hashlib.sha256(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes()).hexdigest()


def _demand(
    workspace: Workspace,
    queues: tuple[Queue, ...],
    records: tuple[ForecastRecord, ...],
    first: date,
    days: int,
    *,
    at: datetime,
) -> Demand:
    forecasts = tuple(
        _merged([effective_forecast(workspace, record, at=at).forecast for record in own])
        for own in ([record for record in records if record.queue == queue.id] for queue in queues)
    )
    frames = [
        made.frame.loc[within(made.frame, queue, first, days)]
        for queue, made in zip(queues, forecasts, strict=True)
    ]
    whole = pd.concat(frames, ignore_index=True) if frames else empty(FORECAST)
    horizon = Horizon(first, days, common_timezone(workspace, queues))
    planned = planned_forecast(workspace, queues, whole, horizon)
    return Demand(queues, records, forecasts, whole, planned)


def _merged(forecasts: Sequence[Forecast]) -> Forecast:
    """The last forecast of a queue; intervals that it does not hold are those of the ones before."""
    newest = forecasts[-1]
    if len(forecasts) == 1:
        return newest
    whole = pd.concat([made.frame for made in forecasts], ignore_index=True)
    rows = whole.drop_duplicates(["queue", "start"], keep="last").sort_values("start").index
    first = min(made.first for made in forecasts)
    end = max(made.first + timedelta(days=made.days) for made in forecasts)
    spreads = [made.spread for made in forecasts]
    days = [made.spread.day + (made.first - first).days for made in forecasts]
    spread = replace(
        newest.spread,
        day=np.concatenate(days)[rows],
        day_sd=np.concatenate([one.day_sd for one in spreads])[rows],
        interval_sd=np.concatenate([one.interval_sd for one in spreads])[rows],
    )
    frame = whole.loc[rows].reset_index(drop=True)
    return replace(newest, frame=frame, first=first, days=(end - first).days, spread=spread)
