"""Waterfall of a forecast: base + weekday + season + growth + each peak + override = forecast, to the last contact.

Factors are turned into contacts by the logarithmic mean Divisia index (Ang 2004, Energy Policy 32:1131-1139): a
part's contacts are its logarithm × L(E, B), the logarithmic mean of what the explanation expects and the base. That
leaves no rest and does not hang on the order of the parts. The parts are then scaled from the explanation's figure to
the forecast's, whatever mix of models that came from.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.intervals import clock
from forecasting.day_matrix import slots_of, weekdays_of
from forecasting.explanation import Explanation
from forecasting.models.peak_shapes import BOUNDS

BASE, WEEKDAY, SEASON, GROWTH, PEAK, OVERRIDE = "base", "weekday", "season", "growth", "peak", "override"
PARTS = (BASE, WEEKDAY, SEASON, GROWTH, PEAK, OVERRIDE)
COLUMNS = {
    "queue": "str",
    "start": "datetime64[us, UTC]",
    "part": "str",
    "name": "str",
    "contacts": "float64",
}
NEARLY_ONE = 1e-6


def waterfall(
    explanation: Explanation, frame: pd.DataFrame, changes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Split each interval of a forecast into what makes it.

    Parameters
    ----------
    explanation
        Of the same queue, at the forecast's cutoff, over its horizon at least.
    frame
        FORECAST rows of the model, before any override.
    changes
        What each override adds, as `forecasting.overrides.override_changes` gives it; None without any.

    Returns
    -------
    DataFrame
        queue, start, part (one of `PARTS`), name (of the peak or override, "" otherwise), contacts. Every interval
        has base, weekday, season and growth, and a row a peak or override that touches it; they sum to the
        forecast's mean, overrides included. By start, then in the order of `PARTS`, then by name.
    """
    local = clock(pd.DatetimeIndex(frame["start"]), explanation.queue.timezone)
    days, day = np.unique(pd.DatetimeIndex(local["date"]), return_inverse=True)
    horizon = pd.DatetimeIndex(days)
    slot = slots_of(local, explanation.queue)
    parts = explanation.log_parts(horizon)
    usual = explanation.profile[weekdays_of(horizon)][day, slot] > 0
    rows = len(frame)
    named: list[tuple[str, str, np.ndarray, np.ndarray]] = [
        (part, "", np.arange(rows), logs[day])
        for part, logs in ((WEEKDAY, parts.weekday), (SEASON, parts.season), (GROWTH, parts.growth))
    ]
    named += [(PEAK, name, touched, logs) for name, touched, logs in _peaks(explanation, horizon, day, slot)]
    total = np.zeros(rows)
    for _, _, touched, logs in named:
        total[touched] += logs
    mean = frame["mean"].to_numpy(dtype=float)
    # Factors on nothing explain nothing: where no contacts were ever seen, all is base.
    per_log = np.where(usual, _per_log(mean, total), 0.0)
    columns = [(BASE, "", np.arange(rows), mean - per_log * total)]
    columns += [(part, name, touched, logs * per_log[touched]) for part, name, touched, logs in named]
    if changes is not None:
        place = pd.Index(frame["start"]).get_indexer(pd.Index(changes["start"]))
        for override, mine in changes.groupby("override", sort=False).indices.items():
            change = changes["change"].to_numpy(dtype=float)[mine]
            columns.append((OVERRIDE, str(override), place[mine], change))
    return _long(frame, columns)


def waterfall_by_day(parts: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Sum a waterfall over local days.

    Parameters
    ----------
    parts
        As `waterfall` gives it.
    timezone
        IANA name of the queue's zone.

    Returns
    -------
    DataFrame
        queue, date (datetime64[us], local), part, name, contacts; by date, then as in `waterfall`.
    """
    local = parts["start"].dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize().dt.as_unit("us")
    keyed = parts.drop(columns="start").assign(date=local, order=parts["part"].map(PARTS.index))
    summed = keyed.groupby(["date", "order", "queue", "part", "name"])[["contacts"]].sum().reset_index()
    return summed[["queue", "date", "part", "name", "contacts"]]


def _peaks(
    explanation: Explanation, horizon: pd.DatetimeIndex, day: np.ndarray, slot: np.ndarray
) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Logarithm of each peak's factor on the intervals it touches, its bend of the day included."""
    terms = explanation.terms
    place = pd.Index(terms.rows(horizon)).get_indexer(terms.windows["place"].to_numpy(dtype=int))
    inside = np.flatnonzero(place >= 0)
    loadings, place = terms.loadings[inside], place[inside]
    names = terms.windows["peak"].to_numpy()[inside]
    level = loadings @ explanation.peak_coefficients
    bend = loadings @ explanation.shapes
    bent = np.zeros((len(horizon), bend.shape[1]))
    np.add.at(bent, place, bend)
    # The logarithm of all bends of a day, per unit of bend: 2 where they are small, for counts are squared roots.
    small = np.abs(bent) < NEARLY_ONE
    per_bend = np.where(small, 2.0, 2 * np.log(np.clip(1 + bent, *BOUNDS)) / np.where(small, 1.0, bent))
    found = []
    for name in sorted(set(names.tolist())):
        mine = names == name
        logs = np.zeros(bent.shape)
        np.add.at(logs, place[mine], level[mine][:, None] + bend[mine] * per_bend[place[mine]])
        touched = np.flatnonzero(np.isin(day, place[mine]))
        found.append((str(name), touched, logs[day[touched], slot[touched]]))
    return found


def _per_log(mean: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Logarithmic mean of the forecast and its base, which is mean × e^-total, shape (intervals,)."""
    flat = np.abs(total) < NEARLY_ONE
    per_log: np.ndarray = mean * np.where(flat, 1 - total / 2, -np.expm1(-total) / np.where(flat, 1.0, total))
    return per_log


def _long(frame: pd.DataFrame, columns: list[tuple[str, str, np.ndarray, np.ndarray]]) -> pd.DataFrame:
    row = np.concatenate([touched for _, _, touched, _ in columns])
    lengths = [len(touched) for _, _, touched, _ in columns]
    long = pd.DataFrame(
        {
            "queue": frame["queue"].to_numpy()[row],
            "start": pd.DatetimeIndex(frame["start"])[row],
            "part": np.repeat([part for part, _, _, _ in columns], lengths),
            "name": np.repeat([name for _, name, _, _ in columns], lengths),
            "contacts": np.concatenate([contacts for _, _, _, contacts in columns]),
        }
    )
    return long.iloc[np.argsort(row, kind="stable")].reset_index(drop=True).astype(COLUMNS)
