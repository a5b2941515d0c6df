"""Forecast queues of a workspace and keep what was forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from data.domain import Queue
from data.errors import InputError, PeakshiftError
from data.intervals import local_midnight
from data.records import ForecastRecord
from data.store import Workspace
from forecasting.backtest import Backtest, backtest
from forecasting.day_quantiles import day_quantiles
from forecasting.dispersion import Dispersion
from forecasting.forecast import Forecast, forecast
from forecasting.handle_time_backtest import HandleTimeBacktest, backtest_handle_time
from forecasting.intraday_close import projected_close
from forecasting.spread import Spread
from ui.plan import Report, silent
from ui.plan.choices import choice_to_keep


@dataclass(frozen=True, slots=True)
class ForecastRun:
    """What a forecast of several queues came to.

    Parameters
    ----------
    records
        Stored forecasts, one a queue.
    failures
        Message by queue for those that could not be forecast.
    """

    records: tuple[ForecastRecord, ...]
    failures: dict[str, str]


def chosen_queues(workspace: Workspace, names: Sequence[str] | None) -> tuple[Queue, ...]:
    """Return the named queues, or all of them.

    Raises
    ------
    InputError
        A name is not known, or the workspace has no queue yet.
    """
    if names:
        return tuple(workspace.queue(name) for name in dict.fromkeys(names))
    queues = workspace.queues()
    if not queues:
        raise InputError("the workspace has no queue yet. Import queues or history first.")
    return queues


def forecast_one(
    workspace: Workspace,
    queue: Queue,
    *,
    first: date,
    days: int,
    as_of: pd.Timestamp | None = None,
    seed: int = 0,
    keep: ForecastRecord | None = None,
) -> Forecast:
    """Forecast one queue without saving it.

    Parameters
    ----------
    workspace
        Where history and peaks are.
    queue
        Queue to forecast.
    first, days
        Local days [first, first + days) of the queue.
    as_of
        Last instant the forecast may know; the beginning of `first` when None.
    seed
        Same seed, same forecast.
    keep
        Earlier forecast of the queue whose choice of models is kept; None chooses anew.
    """
    cutoff = as_of if as_of is not None else local_midnight(first, queue.timezone)
    history = workspace.history([queue.id], cutoff=cutoff)
    return forecast(
        queue,
        history,
        workspace.peaks(),
        first=first,
        days=days,
        cutoff=cutoff,
        seed=seed,
        decisions=workspace.decisions([queue.id]),
        weights=None if keep is None else keep.weights,
        dispersion=None if keep is None else Dispersion.from_document(keep.dispersion),
    )


def forecast_queues(
    workspace: Workspace,
    *,
    first: date,
    days: int,
    queues: Sequence[str] | None = None,
    as_of: pd.Timestamp | None = None,
    seed: int = 0,
    report: Report = silent,
) -> ForecastRun:
    """Forecast queues and store each forecast; a queue that cannot be forecast stops no other.

    A forecast made during its first day keeps the choice of models made before it, where there is a fresh one.

    Parameters
    ----------
    See `forecast_one` for the others.
    """
    wanted = chosen_queues(workspace, queues)
    records, failures = [], {}
    for index, queue in enumerate(wanted):
        report(f"Forecast: {queue.id}", index / len(wanted))
        try:
            keep = None
            if as_of is not None and as_of > local_midnight(first, queue.timezone):
                keep = choice_to_keep(workspace, queue, as_of, days)
            made = forecast_one(workspace, queue, first=first, days=days, as_of=as_of, seed=seed, keep=keep)
        except PeakshiftError as error:
            failures[queue.id] = str(error)
        else:
            records.append(workspace.save_forecast(made.frame, record_of(made, keep)))
    return ForecastRun(tuple(records), failures)


def record_of(made: Forecast, keep: ForecastRecord | None = None) -> ForecastRecord:
    """Where a forecast comes from, as the workspace keeps it; `keep` is the one whose choice it kept."""
    return ForecastRecord(
        queue=made.queue.id,
        cutoff=made.cutoff,
        first=made.first,
        days=made.days,
        model=made.model,
        scores=[{str(name): value for name, value in row.items()} for row in made.scores.to_dict("records")],
        seed=made.seed,
        data_hash=made.data_hash,
        product_version=made.product_version,
        spread=made.spread.document(),
        weights=made.weights,
        dispersion={} if made.dispersion is None else made.dispersion.document(),
        notes=made.notes,
        chosen_at=made.cutoff if keep is None else keep.chosen_at,
    )


def day_totals(workspace: Workspace, records: Sequence[ForecastRecord]) -> pd.DataFrame:
    """Quantiles of the day totals of stored forecasts, see `forecasting.day_quantiles`."""
    return pd.concat(
        [day_quantiles(stored_forecast(workspace, record)) for record in records], ignore_index=True
    )


def close_of_today(workspace: Workspace, record: ForecastRecord) -> pd.DataFrame | None:
    """Where the first day of a forecast made during it will close; None for one made before.

    See `forecasting.intraday_close.projected_close`.
    """
    if pd.Timestamp(record.cutoff) <= workspace.forecast_frame(record.id)["start"].iloc[0]:
        return None
    history = workspace.history([record.queue], cutoff=pd.Timestamp(record.cutoff))
    return projected_close(stored_forecast(workspace, record), history)


def stored_forecast(workspace: Workspace, record: ForecastRecord) -> Forecast:
    """Read a forecast back as it was made."""
    return Forecast(
        queue=workspace.queue(record.queue),
        cutoff=pd.Timestamp(record.cutoff),
        first=record.first,
        days=record.days,
        frame=workspace.forecast_frame(record.id),
        model=record.model,
        scores=pd.DataFrame(list(record.scores)),
        seed=record.seed,
        data_hash=record.data_hash,
        spread=Spread.from_document(record.spread),
        weights=record.weights,
        dispersion=Dispersion.from_document(record.dispersion) if record.dispersion else None,
        notes=tuple(record.notes),
        product_version=record.product_version,
    )


def backtest_queue(
    workspace: Workspace,
    queue: str,
    *,
    horizon_days: int,
    origins: int,
    step_days: int,
    report: Report = silent,
) -> Backtest:
    """Forecast a queue from several past origins and score every method against what happened."""
    found = workspace.queue(queue)
    return backtest(
        found,
        workspace.history([found.id]),
        workspace.peaks(),
        horizon_days=horizon_days,
        origins=origins,
        step_days=step_days,
        decisions=workspace.decisions([found.id]),
        progress=report,
    )


def backtest_handle_times(
    workspace: Workspace, queue: str, *, horizon_days: int, origins: int, step_days: int
) -> HandleTimeBacktest:
    """Expect a queue's handle times from the same past origins and score them.

    Raises
    ------
    InputError
        No origin has handle times before and after it.
    """
    found = workspace.queue(queue)
    history = workspace.history([found.id])
    return backtest_handle_time(
        found, history, horizon_days=horizon_days, origins=origins, step_days=step_days
    )
