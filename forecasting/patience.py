"""How long contacts would wait: the mean patience behind waits and abandonments, most of which end in an answer.

An answered contact only tells that its patience was longer than its wait: its patience is censored. For exponential
patience the likelihood gives total wait / abandonments (Brown et al. 2005, JASA 100:36–50, section 6). Where each
contact's wait is known, those who leave at once (balking) are told apart, and the product-limit curve (Kaplan &
Meier 1958) shows how far the exponential is from the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from data.domain import Queue
from data.errors import InputError
from data.intervals import clock
from forecasting.day_matrix import known_rows

LEAST_ABANDONED = 30
"""Fewer abandonments leave more than a third of the estimate to chance."""
SHARE_TWO_SIDED = 0.90


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Mean patience and how sure it is.

    Parameters
    ----------
    queue
        Queue it is for.
    mean_s
        Total wait / abandonments.
    standard_error_s
        From the scatter of days, at least that of exponential patience.
    low_s, high_s
        Band that holds the mean with a probability of 90 %, on the scale of its logarithm.
    abandoned, wait_s, days
        What it rests on: abandonments, total wait of all contacts, local days with either.
    """

    queue: str
    mean_s: float
    standard_error_s: float
    low_s: float
    high_s: float
    abandoned: float
    wait_s: float
    days: int

    @property
    def trusted(self) -> bool:
        """Whether it rests on enough abandonments to stand in for a planner's figure."""
        return self.abandoned >= LEAST_ABANDONED


def estimate_patience(queue: Queue, history: pd.DataFrame, *, cutoff: pd.Timestamp | None = None) -> Patience:
    """Estimate the mean patience of a queue from its waits and abandonments by interval.

    Parameters
    ----------
    queue
        A voice or chat queue: contacts that can wait do not abandon.
    history
        HISTORY rows with abandoned and wait_s, the wait of all contacts, answered or not; intervals that lack
        either are passed over.
    cutoff
        Nothing after it is looked at; the end of the history when None.

    Raises
    ------
    InputError
        The queue's contacts can wait, nobody abandoned, or the history lacks abandonments or waits.
    """
    name = f"queue {queue.id!r}"
    if queue.can_wait:
        raise InputError(
            f"{name}: {queue.channel} contacts do not abandon, so they have no patience. Leave it."
        )
    until = history["start"].max() + pd.Timedelta(minutes=queue.interval_min) if cutoff is None else cutoff
    rows = known_rows(queue, history, until)
    if "abandoned" not in rows or "wait_s" not in rows:
        raise InputError(f"{name}: patience needs the columns abandoned and wait_s. Import them.")
    abandoned, wait_s = (rows[column].to_numpy(dtype=float) for column in ("abandoned", "wait_s"))
    told = np.isfinite(abandoned) & np.isfinite(wait_s) & (abandoned >= 0) & (wait_s >= 0)
    day = clock(pd.DatetimeIndex(rows.loc[told, "start"]), queue.timezone)["date"]
    sums = pd.DataFrame({"abandoned": abandoned[told], "wait_s": wait_s[told]}).groupby(day.to_numpy()).sum()
    lost, waited = float(sums["abandoned"].sum()), float(sums["wait_s"].sum())
    if lost <= 0 or waited <= 0:
        raise InputError(
            f"{name}: nobody who waited abandoned, so its patience cannot be told. Keep the figure it has, "
            "or import more history."
        )
    mean_s = waited / lost
    # A ratio of sums over days, linearised: days differ by more than chance.
    scatter = np.sqrt(((sums["wait_s"] - mean_s * sums["abandoned"]) ** 2).sum()) / lost
    standard_error_s = max(float(scatter), mean_s / float(np.sqrt(lost)))
    width = norm.ppf((1 + SHARE_TWO_SIDED) / 2) * standard_error_s / mean_s
    return Patience(
        queue=queue.id,
        mean_s=mean_s,
        standard_error_s=standard_error_s,
        low_s=mean_s * float(np.exp(-width)),
        high_s=mean_s * float(np.exp(width)),
        abandoned=lost,
        wait_s=waited,
        days=len(sums),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPatience:
    """Patience read from single contacts.

    Parameters
    ----------
    mean_s, standard_error_s
        Of exponential patience, over all contacts that had to wait.
    balking
        Share of the contacts that had to wait which left within `balk_s`.
    staying_mean_s, staying_standard_error_s
        Mean further patience of those who did not leave at once.
    median_s
        Wait after which half would have left, by the product-limit curve; None where fewer did.
    curve
        Product-limit curve: wait_s, staying (share of contacts whose patience is longer), at_risk.
    abandoned
        Abandonments it rests on.
    """

    mean_s: float
    standard_error_s: float
    balking: float
    staying_mean_s: float
    staying_standard_error_s: float
    median_s: float | None
    curve: pd.DataFrame
    abandoned: int


def patience_of_calls(wait_s: np.ndarray, abandoned: np.ndarray, balk_s: float = 5.0) -> CallPatience:
    """Estimate patience from each contact's wait.

    Parameters
    ----------
    wait_s
        Wait of each contact, shape (contacts,); those who did not wait, 0, say nothing and are passed over.
    abandoned
        Whether it ended in an abandonment, shape (contacts,).
    balk_s
        Who leaves within this wait never meant to stay.

    Raises
    ------
    InputError
        A wait is missing or negative, or nobody who waited longer than `balk_s` abandoned.
    """
    wait, left = np.asarray(wait_s, dtype=float), np.asarray(abandoned, dtype=bool)
    if wait.shape != left.shape or not (np.isfinite(wait) & (wait >= 0)).all():
        raise InputError("patience of calls: give each contact a wait from 0 on, and whether it abandoned.")
    wait, left = wait[wait > 0], left[wait > 0]
    stayed = wait > balk_s
    lost, late = int(left.sum()), int((left & stayed).sum())
    if late == 0:
        raise InputError(f"patience of calls: nobody abandoned after {balk_s:g} s. Give more contacts.")
    mean_s = float(wait.sum()) / lost
    further_s = float((wait[stayed] - balk_s).sum()) / late
    curve = _product_limit(wait, left)
    gone = curve.loc[curve["staying"] <= 0.5, "wait_s"]
    return CallPatience(
        mean_s=mean_s,
        standard_error_s=mean_s / float(np.sqrt(lost)),
        balking=1 - float(np.interp(balk_s, curve["wait_s"], curve["staying"], left=1.0)),
        staying_mean_s=further_s,
        staying_standard_error_s=further_s / float(np.sqrt(late)),
        median_s=None if gone.empty else float(gone.iloc[0]),
        curve=curve,
        abandoned=lost,
    )


def _product_limit(wait: np.ndarray, left: np.ndarray) -> pd.DataFrame:
    times, leavers = np.unique(wait[left], return_counts=True)
    at_risk = len(wait) - np.searchsorted(np.sort(wait), times, side="left")
    return pd.DataFrame({"wait_s": times, "staying": np.cumprod(1 - leavers / at_risk), "at_risk": at_risk})
