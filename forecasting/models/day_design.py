"""Terms of days that every model of day effects shares: peaks, closures, the month and the year, with their priors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.day_matrix import weekdays_of
from forecasting.models.open_days import after_closure, month_edges, open_days
from forecasting.prepare import Series
from forecasting.terms import DayTerms

CLOSURE_SD = 0.1
MONTH_SD = 0.03
EDGE_SD = 0.03
YEAR_SD = 0.03
"""Priors of the effects on root counts: half the relative effect on the contacts."""
MONTH_LEAST_DAYS = 60
YEAR_LEAST_DAYS = 548
YEAR_ORDERS = np.arange(1, 4)


@dataclass(frozen=True, slots=True)
class DayDesign:
    """Terms of days over all days known in advance.

    Parameters
    ----------
    terms
        As laid out before the fit.
    values
        Shape (days of the terms, terms): peaks first, seen or not, then the groups in their order.
    prior_mean, prior_sd
        Of each coefficient, on the log of root counts, shape (terms,).
    groups
        Which columns belong to "peaks", "closures", "month", "year" and "weekday".
    """

    terms: DayTerms
    values: np.ndarray
    prior_mean: np.ndarray
    prior_sd: np.ndarray
    groups: dict[str, slice]

    @property
    def peaks(self) -> int:
        """How many terms speak of peaks."""
        return len(self.terms.peak_terms)

    def at(self, days: pd.DatetimeIndex) -> np.ndarray:
        """Values on days, shape (days, terms)."""
        found: np.ndarray = self.values[self.terms.rows(days)]
        return found


def day_design(series: Series, terms: DayTerms, days: pd.DatetimeIndex, weekday_sd: float) -> DayDesign:
    """Lay out the terms for a fit: what needs a long history waits for one.

    Parameters
    ----------
    series, terms
        As given to the model.
    days
        Usable days of the series that are fitted.
    weekday_sd
        Prior of a weekday's effect.
    """
    opened, closed = open_days(series, terms)
    # A root count moves by half of what its square moves.
    parts = {"peaks": (terms.peak_values, terms.peak_sds / 2)}
    after = after_closure(opened, closed)
    parts["closures"] = (after, np.full(after.shape[1], CLOSURE_SD))
    if len(days) >= MONTH_LEAST_DAYS:
        edges = month_edges(terms.days, opened, np.any(series.opened, axis=1))
        month = terms.month_values
        parts["month"] = (
            np.column_stack([month, edges]),
            np.repeat([MONTH_SD, EDGE_SD], [month.shape[1], edges.shape[1]]),
        )
    if (days[-1] - days[0]).days >= YEAR_LEAST_DAYS:
        phase = 2 * np.pi * (terms.days.day_of_year.to_numpy() / 365.25)[:, None] * YEAR_ORDERS
        year = np.column_stack([np.sin(phase), np.cos(phase)])
        parts["year"] = (year, np.full(year.shape[1], YEAR_SD))
    parts["weekday"] = (np.eye(7)[weekdays_of(terms.days)], np.full(7, weekday_sd))
    prior_sd = np.concatenate([sd for _, sd in parts.values()])
    prior_mean = np.zeros(len(prior_sd))
    prior_mean[: len(terms.peak_terms)] = terms.peak_means / 2
    groups, first = {}, 0
    for name, (_, sd) in parts.items():
        groups[name] = slice(first, first + len(sd))
        first += len(sd)
    values = np.concatenate([values for values, _ in parts.values()], axis=1)
    return DayDesign(terms, values, prior_mean, prior_sd, groups)
