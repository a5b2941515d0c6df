"""Availability fitted on some months of a centre's calls; the days of later months predicted from it.

Predicted are the local days of the whole centre, all of its queues together, from the contacts offered, the handle
times of the day and the servers seen. `usual_handle_times` is the same without the day's own handle times.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._runner import progress
from data.errors import InputError
from data.ingest import ingest_calls
from data.presence import pool_queues
from data.store import Workspace
from scheduling.calibration import predict_days
from scheduling.calibration_days import accuracy
from scheduling.calibration_fit import fit
from scheduling.calibration_observed import Observed, observe

CALLS = Path(__file__).parents[2].parent / "shared" / "data" / "anonymous_bank_1999"
FIT, TEST = "1999-01-01:1999-03-31", "1999-04-01:1999-07-31"


def calibration_error(
    calls: Sequence[Path] | None = None,
    *,
    fitted_on: str = FIT,
    tested_on: str = TEST,
    mapping: str = "anonymous_bank",
) -> dict[str, object] | str:
    """Mean absolute error and bias of daily answer rates, in points.

    Parameters
    ----------
    calls
        Files with a row per call that name the server; the Anonymous Bank's beside the checkout when None.
    fitted_on, tested_on
        Local days "FIRST:LAST", both included.
    mapping
        How the files are read.

    Returns
    -------
    dict or str
        daily_mae_points, bias_points, days and more; "not found, skipped" without files.

    Raises
    ------
    InputError
        The dates cannot be read, or the files tell of no servers.
    """
    files = sorted(CALLS.glob("calls_*.tsv.gz")) if calls is None else list(calls)
    if not files or not all(file.is_file() for file in files):
        progress("calibration: calls not found, skipped")
        return "not found, skipped"
    spans = [_span(fitted_on), _span(tested_on)]
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "centre")
        ingest_calls(workspace, files, mapping=mapping)
        presence = workspace.presence()
        pools = {name: pool_queues(name) for name in presence["queues"].unique()}
        if not pools:
            raise InputError("calibration: the files name no servers. Map the column server.")
        predictions = [
            _predicted(workspace, names, presence[presence["queues"] == name], *spans)
            for name, names in pools.items()
        ]
    own, usual = (_summed([pair[place] for pair in predictions]) for place in (0, 1))
    found, strict, none = accuracy(own), accuracy(usual), accuracy(own, "without")
    progress(
        f"daily answer rate, {found.days} days: off by {100 * found.mae:.2f} points, bias {100 * found.bias:+.2f}; "
        f"with usual handle times {100 * strict.mae:.2f}, {100 * strict.bias:+.2f}; "
        f"uncalibrated {100 * none.mae:.2f}, {100 * none.bias:+.2f}"
    )
    return {
        "daily_mae_points": 100 * found.mae,
        "bias_points": 100 * found.bias,
        "days": found.days,
        "correlation": found.correlation,
        "usual_handle_times": {"daily_mae_points": 100 * strict.mae, "bias_points": 100 * strict.bias},
        "uncalibrated": {"daily_mae_points": 100 * none.mae, "bias_points": 100 * none.bias},
    }


def _predicted(
    workspace: Workspace,
    names: Sequence[str],
    presence: pd.DataFrame,
    fitted_on: tuple[date, date],
    tested_on: tuple[date, date],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Days of the test as predicted with their own handle times, and with usual ones."""
    observed = observe([workspace.queue(name) for name in names], workspace.history(list(names)), presence)
    learnt, asked = _between(observed, *fitted_on), _between(observed, *tested_on)
    frame = learnt.frame
    lost = history_sums(workspace, names, *fitted_on)
    fitted = fit(frame, observed.queues, patience_s=float(lost["wait_s"] / lost["abandoned"]))
    for part in fitted.parts:
        block = part.block
        progress(
            f"  {sorted(block.weekdays)} {block.open_min // 60:02d}–{block.close_min / 60:g}: "
            f"{part.factor:.3f} ({part.low:.3f}–{part.high:.3f})"
        )
    return predict_days(fitted, asked), predict_days(fitted, asked, own_handle_times=False)


def history_sums(workspace: Workspace, names: Sequence[str], first: date, last: date) -> pd.Series:
    """Sums of waits and abandonments over the days that are fitted on, for the patience."""
    history = workspace.history(list(names))
    zone = workspace.queue(names[0]).timezone
    day = history["start"].dt.tz_convert(zone).dt.date
    sums: pd.Series = history.loc[(day >= first) & (day <= last), ["wait_s", "abandoned"]].sum()
    return sums


def _between(observed: Observed, first: date, last: date) -> Observed:
    day = observed.frame["date"]
    inside = (day >= pd.Timestamp(first)) & (day <= pd.Timestamp(last))
    return replace(observed, frame=observed.frame[inside].reset_index(drop=True))


def _summed(pools: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Days of the whole centre: pools weigh by what they were offered."""
    whole = pd.concat(pools)
    weights = whole["offered"].to_numpy(dtype=float)
    columns = ["answer_rate", "predicted", "without"]
    parts = whole.assign(**{name: whole[name] * weights for name in columns})
    days = parts.groupby("date")[["offered", "answered", *columns]].sum().reset_index()
    days[columns] = days[columns].to_numpy() / np.asarray(days[["offered"]])
    return days


def _span(text: str) -> tuple[date, date]:
    try:
        first, last = (date.fromisoformat(part) for part in text.split(":"))
    except ValueError as error:
        raise InputError(f"{text!r} is no span of days. Give it as 1999-01-01:1999-03-31.") from error
    if last < first:
        raise InputError(f"{text!r} ends before it begins. Swap the days.")
    return first, last
