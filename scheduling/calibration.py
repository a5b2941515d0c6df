"""Availability from history: how many of the agents present are there in effect, and how well that predicts days.

`calibrate` fits factors to contacts and agents of the past, and tells how far off such factors were on days they had
not seen: blocks of days at the end are predicted in turn, each from what came before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import InputError
from scheduling.arguments import Floats
from scheduling.calibration_days import DAYS, Accuracy, accuracy, reconcile
from scheduling.calibration_fit import Fit, fit, rates_of, rates_on_grid
from scheduling.calibration_handle_time import usual_handle_time
from scheduling.calibration_likelihood import at_factor
from scheduling.calibration_observed import Observed, observe
from scheduling.calibration_warnings import about_error, doubts, unsupported

HOLD_OUT_DAYS = 28
MOST_BLOCKS = 3
LEAST_LEARNT = 14
"""Days with contacts that come before a block that is predicted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Availability of the agents who serve some queues.

    Parameters
    ----------
    queues
        Queues it holds for.
    first, last
        Local days it was fitted on.
    fitted
        The factors.
    held_out, held_out_without
        Error on days that were held out, with factors fitted to what came before them, and with factor 1; None
        where history is too short.
    days
        Days side by side, see `reconcile`: held-out days as predicted from what came before, the others as fitted.
        One more column, held_out, is True for the former.
    lacks
        Why the history supports no factor; empty where it does.
    warnings
        What else makes it unsure.
    """

    queues: tuple[Queue, ...]
    first: date
    last: date
    fitted: Fit
    held_out: Accuracy | None
    held_out_without: Accuracy | None
    days: pd.DataFrame
    lacks: tuple[str, ...]
    warnings: tuple[str, ...]


def calibrate(
    queues: Sequence[Queue],
    history: pd.DataFrame,
    presence: pd.DataFrame,
    *,
    patience_s: float,
    patience_trusted: bool = True,
    hold_out_days: int = HOLD_OUT_DAYS,
) -> Calibration:
    """Fit the availability of the agents who serve some queues.

    Parameters
    ----------
    queues
        Every queue the same agents serve, of one interval, zone and concurrency.
    history
        HISTORY rows of these queues.
    presence
        PRESENCE rows of these agents.
    patience_s
        Mean patience over all of these contacts.
    patience_trusted
        Whether it was measured.
    hold_out_days
        Days of a block that is predicted from what came before it; up to three blocks end with the last day.

    Raises
    ------
    InputError
        See `observe`.
    """
    if hold_out_days < 1:
        raise InputError(f"calibration: at least 1 day is held out, not {hold_out_days}.")
    observed = observe(queues, history, presence)
    frame, mine = observed.frame, observed.queues
    usual = usual_handle_time(frame)
    rates = rates_on_grid(frame, mine, patience_s, usual)
    without = at_factor(rates, np.zeros(len(frame)))
    fitted = fit(frame, mine, patience_s=patience_s, usual=usual, rates=rates)
    days = reconcile(frame, at_factor(rates, np.log(fitted.factors(frame))), without)
    held = _held_out(observed, patience_s, rates, without, hold_out_days)
    days["held_out"] = days["date"].isin(held["date"])
    days = days.set_index("date")
    days.loc[held["date"], "predicted"] = held["predicted"].to_numpy()
    days = days.reset_index()
    seen, seen_without = (
        accuracy(held, column) if len(held) else None for column in ("predicted", "without")
    )
    warnings = doubts(observed, fitted, patience_trusted=patience_trusted)
    if seen is not None and seen_without is not None:
        warnings += about_error(seen, seen_without)
    return Calibration(
        queues=tuple(queues),
        first=frame["date"].iloc[0].date(),
        last=frame["date"].iloc[-1].date(),
        fitted=fitted,
        held_out=seen,
        held_out_without=seen_without,
        days=days,
        lacks=tuple(unsupported(observed)),
        warnings=tuple(warnings),
    )


def predict_days(fitted: Fit, observed: Observed, *, own_handle_times: bool = True) -> pd.DataFrame:
    """Answer rates of days from the contacts offered and the agents present, beside those that were; see `reconcile`.

    Parameters
    ----------
    fitted
        Factors, from any days.
    observed
        The days.
    own_handle_times
        Whether the days' own handle times are known; otherwise contacts take as long as usual when it was fitted.
    """
    frame = observed.frame
    rates = (
        rates_on_grid(frame, observed.queues, fitted.patience_s, fitted.usual)
        if own_handle_times
        else rates_of(frame, observed.queues, fitted.patience_s, fitted.usual.at(frame))
    )
    return reconcile(
        frame, at_factor(rates, np.log(fitted.factors(frame))), at_factor(rates, np.zeros(len(frame)))
    )


def _held_out(
    observed: Observed, patience_s: float, rates: Floats, without: Floats, hold_out_days: int
) -> pd.DataFrame:
    """Days at the end, block by block as predicted from what came before; empty where too little does."""
    frame = observed.frame
    busy = np.unique(frame.loc[frame["offered"] > 0, "date"].to_numpy())
    found = []
    for block in range(MOST_BLOCKS):
        end = len(busy) - block * hold_out_days
        begin = end - hold_out_days
        if begin < LEAST_LEARNT:
            break
        before = (frame["date"] < busy[begin]).to_numpy()
        inside = frame["date"].isin(busy[begin:end]).to_numpy()
        if not (frame.loc[before, "agents"] > 0).any():
            break
        learnt = frame[before]
        fitted = fit(learnt, observed.queues, patience_s=patience_s, rates=rates[before])
        predicted = at_factor(rates[inside], np.log(fitted.factors(frame[inside])))
        found.append(reconcile(frame[inside], predicted, without[inside]))
    return pd.concat(found[::-1], ignore_index=True) if found else pd.DataFrame(columns=DAYS)
