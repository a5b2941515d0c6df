"""Why a forecast says what it says, and what is known of each peak."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pandas as pd

from data.errors import InputError
from data.intervals import day_span
from data.store import Workspace
from forecasting.evidence import evidence
from forecasting.explanation import explain_queue
from forecasting.overrides import override_changes
from forecasting.waterfall import waterfall, waterfall_by_day
from ui.plan import Report, silent
from ui.plan.forecasts import chosen_queues
from ui.plan.overrides import effective_forecast

AHEAD_DAYS = 370
"""The next day of each peak is looked for this far ahead: every yearly one is found."""


def forecast_parts(
    workspace: Workspace, name: str, *, at: datetime, first: date | None = None, last: date | None = None
) -> pd.DataFrame:
    """Split a stored forecast into base, weekday, season, growth, peaks and overrides, interval by interval.

    Parameters
    ----------
    name
        Id of the forecast.
    at
        Instant whose overrides count; for a published forecast that of its publication counts instead.
    first, last
        Only local days from `first` to `last`, both included; the whole horizon when None.

    Raises
    ------
    UnknownNameError
        There is no such forecast.
    InputError
        The days are none of its horizon.
    """
    record = workspace.forecast_record(name)
    queue = workspace.queue(record.queue)
    final = record.first + timedelta(days=record.days - 1)
    first, last = first or record.first, last or final
    if not record.first <= first <= last <= final:
        raise InputError(
            f"forecast {name!r} is for {record.first} to {final}, not {first} to {last}. Choose days among them."
        )
    held = effective_forecast(workspace, record, at=at)
    frame = workspace.forecast_frame(name)
    changes = override_changes(frame, held.overrides, at=record.published_at or at)
    start, end = day_span(first, (last - first).days + 1, queue.timezone)
    cutoff = pd.Timestamp(record.cutoff)
    explanation = explain_queue(
        queue,
        workspace.history([queue.id], cutoff=cutoff),
        workspace.peaks(),
        cutoff=cutoff,
        last=final,
        decisions=workspace.decisions([queue.id]),
    )
    mine = frame.loc[(frame["start"] >= start) & (frame["start"] < end)].reset_index(drop=True)
    changes = changes.loc[(changes["start"] >= start) & (changes["start"] < end)]
    return waterfall(explanation, mine, changes)


def parts_by_day(workspace: Workspace, parts: pd.DataFrame) -> pd.DataFrame:
    """The same summed over local days."""
    zones = {queue.id: queue.timezone for queue in workspace.queues()}
    (queue,) = set(parts["queue"])
    return waterfall_by_day(parts, zones[queue])


def peak_evidence(
    workspace: Workspace, queues: Sequence[str] | None, *, at: pd.Timestamp, report: Report = silent
) -> pd.DataFrame:
    """What each peak does to each queue and on what that rests, see `forecasting.evidence`.

    Queues without history are passed over unless they are named.
    """
    wanted = chosen_queues(workspace, queues)
    peaks = workspace.peaks()
    if not peaks:
        raise InputError("the workspace has no peaks yet. Import peaks first.")
    parts = []
    for index, queue in enumerate(wanted):
        report(f"Evidence: {queue.id}", index / len(wanted))
        history = workspace.history([queue.id], cutoff=at)
        if history.empty and not queues:
            continue
        last = at.tz_convert(queue.timezone).date() + timedelta(days=AHEAD_DAYS)
        decisions = workspace.decisions([queue.id])
        explanation = explain_queue(queue, history, peaks, cutoff=at, last=last, decisions=decisions)
        parts.append(evidence(explanation))
    if not parts:
        raise InputError("no queue has history yet. Import history first.")
    return pd.concat(parts, ignore_index=True)
