"""The night: score yesterday's forecasts, forecast every queue again, each on its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pandas as pd

from data.domain import Queue
from data.intervals import day_span
from data.records import ForecastRecord
from data.store import Workspace
from forecasting.accuracy import bias, wape
from forecasting.forecast import Forecast
from forecasting.nightly import run_queues
from ui.plan import Report, silent
from ui.plan.choices import choice_to_keep
from ui.plan.forecasts import chosen_queues, forecast_one, record_of
from ui.plan.workers import processes

PUBLISHER = "nightly batch"


@dataclass(frozen=True, slots=True)
class Night:
    """What a night came to.

    Parameters
    ----------
    records
        Stored forecasts, one a queue.
    failures
        Message by queue.
    scores
        Yesterday by queue: offered, forecast, wape, bias, forecast id; only queues with both.
    """

    records: tuple[ForecastRecord, ...]
    failures: dict[str, str]
    scores: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Task:
    folder: Path
    queue: str
    as_of: pd.Timestamp
    days: int
    keep: ForecastRecord | None


def run_night(
    workspace: Workspace,
    *,
    as_of: pd.Timestamp,
    days: int,
    workers: int = 2,
    report: Report = silent,
) -> Night:
    """Score yesterday, forecast `days` local days from today for every queue, and publish the forecasts.

    Parameters
    ----------
    as_of
        Last instant the night may know; today is its local day in each queue's zone.
    days
        Days to forecast by interval.
    workers
        Processes; 1 stays in this one's children all the same, so that a crash of one costs nobody else anything.
    """
    queues = chosen_queues(workspace, None)
    report("Yesterday", None)
    scores = [row for queue in queues if (row := score_yesterday(workspace, queue, as_of)) is not None]
    kept = {queue.id: choice_to_keep(workspace, queue, as_of, days) for queue in queues}
    folder = workspace.path.resolve()
    tasks = {queue.id: _Task(folder, queue.id, as_of, days, kept[queue.id]) for queue in queues}
    report("Forecast", 0.0)
    with processes(workers) as executor:
        outcome = run_queues(
            tasks, work=_forecast, executor=executor, progress=lambda share: report("Forecast", share)
        )
    saved = (
        workspace.save_forecast(made.frame, record_of(made, kept[queue]))
        for queue, made in outcome.results.items()
    )
    records = tuple(workspace.publish_forecast(record.id, by=PUBLISHER) for record in saved)
    columns = ["queue", "date", "offered", "forecast", "wape", "bias", "forecast_id"]
    failures = {queue: failure.message for queue, failure in outcome.failures.items()}
    return Night(records, failures, pd.DataFrame(scores, columns=columns))


def score_yesterday(workspace: Workspace, queue: Queue, as_of: pd.Timestamp) -> dict[str, object] | None:
    """Score the newest forecast made before yesterday began; None without one or without actuals."""
    yesterday = as_of.tz_convert(queue.timezone).date() - timedelta(days=1)
    start, end = day_span(yesterday, 1, queue.timezone)
    made_before = [
        record
        for record in workspace.forecasts()
        if record.queue == queue.id
        and pd.Timestamp(record.cutoff) <= start
        and record.first <= yesterday < record.first + timedelta(days=record.days)
    ]
    history = workspace.history([queue.id], cutoff=as_of)
    actual = history.loc[(history["start"] >= start) & (history["start"] < end), ["start", "offered"]]
    if not made_before or actual.empty:
        return None
    record = made_before[-1]
    both = actual.merge(workspace.forecast_frame(record.id)[["start", "mean"]], on="start")
    offered, mean = both["offered"].to_numpy(), both["mean"].to_numpy()
    return {
        "queue": queue.id,
        "date": pd.Timestamp(yesterday),
        "offered": offered.sum(),
        "forecast": mean.sum(),
        "wape": wape(offered, mean),
        "bias": bias(offered, mean),
        "forecast_id": record.id,
    }


def _forecast(task: _Task) -> Forecast:
    workspace = Workspace.open(task.folder)
    queue = workspace.queue(task.queue)
    today = task.as_of.tz_convert(queue.timezone).date()
    return forecast_one(workspace, queue, first=today, days=task.days, as_of=task.as_of, keep=task.keep)
