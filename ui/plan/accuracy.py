"""Published forecasts scored against what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from data.errors import InputError
from data.intervals import local_midnight
from data.records import ForecastRecord
from data.store import Workspace
from forecasting.scoring import hand_help, pairs, score
from forecasting.settings import Settings
from ui.plan import Report, silent
from ui.plan.forecasts import chosen_queues
from ui.plan.overrides import effective_forecast


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How good published forecasts were.

    Parameters
    ----------
    scores
        See `forecasting.scoring.score`.
    hand
        See `forecasting.scoring.hand_help`.
    forecasts
        Those that were judged on at least one interval.
    pairs
        Interval by interval, see `forecasting.scoring.pairs`, with the forecast's id.
    """

    scores: pd.DataFrame
    hand: pd.DataFrame
    forecasts: tuple[ForecastRecord, ...]
    pairs: pd.DataFrame


def publish(workspace: Workspace, names: Sequence[str], *, by: str) -> tuple[ForecastRecord, ...]:
    """Freeze forecasts, all or none: they are planned on as they are now, and scored later."""
    for name in names:
        workspace.forecast_record(name)
    return tuple(workspace.publish_forecast(name, by=by) for name in names)


def published_accuracy(
    workspace: Workspace,
    *,
    at: datetime,
    queues: Sequence[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    report: Report = silent,
) -> Accuracy:
    """Score every published forecast against the actuals there are.

    Parameters
    ----------
    at
        Now.
    queues
        Only these; all when None.
    first, last
        Only local days from `first` to `last`, both included.

    Raises
    ------
    InputError
        No forecast was published, or none has met an actual yet.
    """
    wanted = {queue.id: queue for queue in chosen_queues(workspace, queues)}
    records = [
        record
        for record in workspace.forecasts()
        if record.queue in wanted and record.published_at is not None
    ]
    if not records:
        raise InputError(
            "no forecast was published yet, so none can be scored. Publish one, or run the nightly batch."
        )
    judged: list[tuple[ForecastRecord, pd.DataFrame]] = []
    for index, record in enumerate(records):
        report(f"Scoring: {record.queue}", index / len(records))
        queue = wanted[record.queue]
        held = effective_forecast(workspace, record, at=at)
        found = pairs(
            held.forecast.frame,
            held.model_mean,
            workspace.history([queue.id]),
            cutoff=pd.Timestamp(record.cutoff),
            timezone=queue.timezone,
        )
        day = found["start"]
        if first is not None:
            found = found.loc[day >= local_midnight(first, queue.timezone)]
        if last is not None:
            found = found.loc[found["date"] <= pd.Timestamp(last)]
        if not found.empty:
            judged.append((record, found))
    if not judged:
        raise InputError(
            f"none of the {len(records)} published forecasts has met an actual yet. Import newer history, or "
            "choose other days."
        )
    frames = [frame for _, frame in judged]
    return Accuracy(
        scores=score(frames, tolerance=Settings().hit_tolerance),
        hand=hand_help(frames),
        forecasts=tuple(record for record, _ in judged),
        pairs=pd.concat([frame.assign(forecast=record.id) for record, frame in judged], ignore_index=True),
    )
