"""Expected handle time (AHT) by weekday and time of day, at the level of the latest weeks.

AHT = level of the day × weekday × time of day, each weighted by answered contacts. The level wanders, as fast as the
history shows; weekday and time of day are shrunk, as linear empirical Bayes does (Bühlmann & Straub 1970), by how
much one contact's handle time varies.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.domain import DAY_MIN, Queue
from data.intervals import clock
from forecasting.wandering_level import latest_level
from forecasting.weekly import same_hours

SLOT_SD, WEEKDAY_SD, OWN_SLOT_SD = 0.20, 0.04, 0.04
"""How far slots, weekdays and the slots of one weekday are expected to lie from the whole, as a share of it."""
LEAST_VARIATION = 0.25
"""Least squared coefficient of variation of a contact's handle time."""
KERNEL_MIN = 25.0
"""Width of the bell that neighbouring slots are averaged with."""
SHAPE_HALF_LIFE_DAYS = 91.0
ABSURD_TIMES = 5.0
ABSURD_WIDTHS = 8.0
LONGEST_S = 4 * 3600.0
"""A mean handle time beyond these limits, around the median of its weeks, is a fault of the record."""
NEAR_DAYS = 29


def handle_time_by_slot(
    queue: Queue, rows: pd.DataFrame, opened: np.ndarray, weeks: int
) -> np.ndarray | None:
    """Handle time of an answered contact by weekday and slot, as expected after the last row.

    Parameters
    ----------
    queue
        For its time zone and interval.
    rows
        Known history rows of the queue; handle times that are missing, 0 or absurd are passed over.
    opened
        Shape (7, slots).
    weeks
        Weeks to read, counted back from the latest handle time.

    Returns
    -------
    ndarray or None
        Seconds, shape (7, slots); None where the history has no handle times.
    """
    kept = told_rows(rows)
    if kept.empty:
        return None
    kept = kept.loc[kept["start"] > kept["start"].iloc[-1] - pd.Timedelta(weeks=weeks)]
    local = clock(pd.DatetimeIndex(kept["start"]), queue.timezone)
    first, slots = local["date"].iloc[0], opened.shape[1]
    day = (local["date"] - first).dt.days.to_numpy()
    cell = (day, local["minute"].to_numpy() * slots // DAY_MIN)
    contacts, seconds = np.zeros((day[-1] + 1, slots)), np.zeros((day[-1] + 1, slots))
    np.add.at(contacts, cell, kept["answered"].to_numpy(dtype=float))
    np.add.at(seconds, cell, kept["handle_time_s"].to_numpy(dtype=float))
    weekdays = (first.day_of_week + np.arange(len(contacts))) % 7
    absurd = _absurd(contacts, seconds)
    contacts, seconds = np.where(absurd, 0.0, contacts), np.where(absurd, 0.0, seconds)
    shape = np.ones(opened.shape)
    for _ in range(2):
        levels = _levels(contacts, seconds, shape[weekdays])
        shape = _shape(contacts, seconds / levels[:, None], weekdays, opened)
    expected = contacts * shape[weekdays]
    variation = _variation(expected, seconds / levels[:, None])
    level = latest_level(seconds.sum(axis=1), expected.sum(axis=1), variation)
    by_slot: np.ndarray = level * shape
    return by_slot


def told_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with answered contacts and a handle time that can be one."""
    if "answered" not in rows or "handle_time_s" not in rows:
        return rows.iloc[:0]
    answered, handle_time = rows["answered"], rows["handle_time_s"]
    sound = answered.gt(0) & handle_time.gt(0) & np.isfinite(answered) & np.isfinite(handle_time)
    told: pd.DataFrame = rows.loc[sound & handle_time.le(LONGEST_S * answered)]
    return told


def _absurd(contacts: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Cells far from the median of the days around, given their number of contacts."""
    totals = contacts.sum(axis=1)
    by_day = pd.Series(
        np.divide(seconds.sum(axis=1), totals, out=np.full(len(totals), np.nan), where=totals > 0)
    )
    usual = by_day.rolling(NEAR_DAYS, center=True, min_periods=1).median().to_numpy()[:, None]
    mean = np.divide(seconds, contacts, out=np.full(contacts.shape, np.nan), where=contacts > 0)
    limit = np.maximum(ABSURD_TIMES, 1 + ABSURD_WIDTHS / np.sqrt(np.maximum(contacts, 1.0)))
    # One short contact is nothing strange: 20 of them are.
    with np.errstate(invalid="ignore"):
        absurd: np.ndarray = (mean > limit * usual) | ((mean < usual / limit) & (contacts >= 20))
    return absurd


def _levels(contacts: np.ndarray, seconds: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Level of each day from the weeks around it, shape (days,)."""
    expected = pd.Series((contacts * shape).sum(axis=1))
    found = pd.Series(seconds.sum(axis=1))
    around = [each.rolling(NEAR_DAYS, center=True, min_periods=1).sum() for each in (found, expected)]
    levels: np.ndarray = (around[0] / around[1].where(around[1] > 0)).ffill().bfill().to_numpy()
    return levels


def _shape(
    contacts: np.ndarray, relative: np.ndarray, weekdays: np.ndarray, opened: np.ndarray
) -> np.ndarray:
    """Handle time over the level by weekday and slot, shape (7, slots)."""
    age = np.arange(len(contacts))[::-1]
    recency = (0.5 ** (age / SHAPE_HALF_LIFE_DAYS))[:, None]
    number, work = np.zeros(opened.shape), np.zeros(opened.shape)
    np.add.at(number, weekdays, recency * contacts)
    np.add.at(work, weekdays, recency * relative)
    kernel = _kernel(opened.shape[1])
    kin = same_hours(opened)
    pooled = _shrunk(
        (kin @ work) @ kernel, (kin @ number) @ kernel, 1.0, _variation(contacts, relative) / SLOT_SD**2
    )
    variation = _variation(contacts, relative)
    whole, expected = work.sum(axis=1, keepdims=True), (number * pooled).sum(axis=1, keepdims=True)
    weekday = _shrunk(whole, expected, 1.0, variation / WEEKDAY_SD**2)
    typical = pooled * weekday
    own: np.ndarray = _shrunk(work @ kernel, number @ kernel, typical, variation / OWN_SLOT_SD**2)
    return own


def _shrunk(
    work: np.ndarray, number: np.ndarray, typical: np.ndarray | float, prior_contacts: float
) -> np.ndarray:
    shrunk: np.ndarray = (work + prior_contacts * typical) / (number + prior_contacts)
    return shrunk


def _variation(contacts: np.ndarray, relative: np.ndarray) -> float:
    """Squared coefficient of variation of one contact, from the scatter of the cells."""
    told = contacts > 0
    off = (relative[told] - contacts[told]) ** 2 / contacts[told]
    return max(float(np.mean(off)), LEAST_VARIATION)


def _kernel(slots: int) -> np.ndarray:
    minutes = np.arange(slots) * (DAY_MIN // slots)
    kernel: np.ndarray = np.exp(-0.5 * ((minutes[:, None] - minutes[None, :]) / KERNEL_MIN) ** 2)
    return kernel
