"""Overrides of forecasts: made, taken back, and laid over the forecasts that plans stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from data.overrides import Override
from data.records import ForecastRecord
from data.store import Workspace
from forecasting.forecast import Forecast
from forecasting.overrides import overridden
from ui.plan.forecasts import stored_forecast


@dataclass(frozen=True, slots=True)
class Effective:
    """A stored forecast with the overrides that held at an instant.

    Parameters
    ----------
    record
        As stored.
    forecast
        What is planned on: its frame carries the overrides.
    model_mean
        Contacts the model alone expects, shape (rows of the forecast's frame,).
    overrides
        Those that changed something.
    """

    record: ForecastRecord
    forecast: Forecast
    model_mean: np.ndarray
    overrides: tuple[Override, ...]


def effective_forecast(workspace: Workspace, record: ForecastRecord, *, at: datetime) -> Effective:
    """Lay the overrides that hold at an instant over a stored forecast; a published one keeps those it had.

    Parameters
    ----------
    record
        Of the forecast.
    at
        Instant that is planned at; for a published forecast that of its publication counts instead.
    """
    moment = at if record.published_at is None else record.published_at
    model = stored_forecast(workspace, record)
    start, end = model.frame["start"].min(), model.frame["start"].max()
    holding = tuple(
        override
        for override in workspace.overrides([record.queue])
        if override.holds_at(moment) and override.start <= end and override.end > start
    )
    made = overridden(model, holding, at=moment)
    return Effective(record, made, model.frame["mean"].to_numpy(dtype=float), holding)


def add_override(workspace: Workspace, override: Override) -> Override:
    """Keep an override; see `Workspace.save_override`."""
    return workspace.save_override(override)


def listed(
    workspace: Workspace, queues: Sequence[str] | None, *, at: datetime, withdrawn: bool
) -> tuple[Override, ...]:
    """Overrides that hold at an instant, or all there ever were."""
    if queues is not None:
        queues = [workspace.queue(name).id for name in queues]
    return tuple(each for each in workspace.overrides(queues) if withdrawn or each.holds_at(at))
