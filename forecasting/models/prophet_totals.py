"""Prophet on day totals × the profile of the day. The only module that knows Prophet.

Taylor & Letham, Forecasting at Scale, The American Statistician 72:37–45, 2018. Day totals in plain
multiplicative form: logarithms and square roots were tried on three banks' queues, neither was better
throughout, and both would need a correction for the bias of the way back.

Prophet's own sampled intervals are not used: they know nothing of the profile's error, and they draw from
numpy's global generator. Uncertainty comes from the back-test.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecasting.day_matrix import weekdays_of
from forecasting.models.base import Fitted, ModelFailedError
from forecasting.prepare import Series
from forecasting.profile import weekly_profile
from forecasting.terms import DayTerms

if TYPE_CHECKING:
    from prophet import Prophet

MONTH_PRIOR = 0.03
"""Standard deviation of the relative uplift of the smooth day-of-month terms, which are always there and must
stay quiet without cause."""
YEAR_PRIOR = 0.1
YEAR_ORDER = 6
YEAR_LEAST_DAYS = 548
MONTH_LEAST_DAYS = 60
LEVEL_DAYS = 56
GROWTH_BOUND = 4.0
"""The trend may carry the level at most this many times up or down from where it last was."""
LEAST_FACTOR, LARGEST_FACTOR = 0.02, 10.0
"""Of a day over the trend, whatever its cuts and lifts add up to."""


@dataclass(frozen=True, slots=True)
class ProphetTotals:
    """Prophet with peaks as regressors on day totals, laid over the day by the weekday's recent profile.

    Parameters
    ----------
    seed
        For Stan's optimiser.
    profile_weeks
        Weeks the profile is read from.
    """

    seed: int = 0
    profile_weeks: int = 8
    name: str = "prophet"
    least_days: int = 40

    def fit(self, series: Series, terms: DayTerms) -> Fitted:
        """Fit trend, weekly and yearly seasonality, peaks and day-of-month terms to the usable days."""
        days = series.days[series.usable]
        # Prophet's priors have mean 0: what is expected of a peak is taken out before and put back after.
        totals = series.totals[series.usable] / terms.expected_factor(days)
        regressors = _regressors(terms, days)
        prophet = prophet_class()(
            yearly_seasonality=False,
            weekly_seasonality=True,
            daily_seasonality=False,
            seasonality_mode="multiplicative",
            uncertainty_samples=0,
        )
        if (days[-1] - days[0]).days >= YEAR_LEAST_DAYS:
            prophet.add_seasonality("yearly", period=365.25, fourier_order=YEAR_ORDER, prior_scale=YEAR_PRIOR)
        for name, (prior, _) in regressors.items():
            prophet.add_regressor(name, prior_scale=prior, standardize=False, mode="multiplicative")
        frame = _frame(days, regressors, terms).assign(y=totals)
        with third_party_warnings():
            try:
                # Newton, Prophet's way with short histories, takes five times as long for the same fit.
                prophet.fit(frame, seed=self.seed, algorithm="LBFGS")
            except RuntimeError as error:
                raise ModelFailedError(f"prophet found no fit: {error}") from error
            trend = prophet.predict_trend(prophet.setup_dataframe(frame.tail(LEVEL_DAYS).copy()))
        level = float(np.median(trend))
        profile = weekly_profile(series, self.profile_weeks)
        return FittedProphetTotals(prophet, regressors, terms, profile, max(level, 0.0))


@dataclass(frozen=True, slots=True)
class FittedProphetTotals:
    """A fitted Prophet and the profile that lays its totals over the day."""

    prophet: Prophet
    regressors: dict[str, tuple[float, np.ndarray]]
    terms: DayTerms
    profile: np.ndarray
    level: float

    def predict(self, ahead: pd.DatetimeIndex) -> np.ndarray:
        """Contacts per interval, shape (days, slots)."""
        with third_party_warnings():
            found = self.prophet.predict(_frame(ahead, self.regressors, self.terms))
        trend = found["trend"].to_numpy(dtype=float)
        factor = 1 + found["multiplicative_terms"].to_numpy(dtype=float)
        totals = np.clip(trend, self.level / GROWTH_BOUND, self.level * GROWTH_BOUND)
        totals = totals * np.clip(factor * self.terms.expected_factor(ahead), LEAST_FACTOR, LARGEST_FACTOR)
        if not np.isfinite(totals).all():
            raise ModelFailedError("prophet predicts totals that are not finite")
        shares: np.ndarray = self.profile[weekdays_of(ahead)]
        counts: np.ndarray = totals[:, None] * shares
        return counts


def _regressors(terms: DayTerms, days: pd.DatetimeIndex) -> dict[str, tuple[float, np.ndarray]]:
    """Prior and values over all days, by name; only terms that occur in training can be learnt."""
    place = terms.rows(days)
    chosen = {}
    for column, term in enumerate(terms.peak_terms):
        values = terms.peak_values[:, column]
        # Deviations of a weekday cost Prophet more time than they are worth.
        if term.weekday is None and np.any(values[place]):
            chosen[f"peak {term.name}"] = (term.prior.sd, values)
    if len(days) >= MONTH_LEAST_DAYS:
        for column in range(terms.month_values.shape[1]):
            chosen[f"day of month {column}"] = (MONTH_PRIOR, terms.month_values[:, column])
    return chosen


def _frame(
    days: pd.DatetimeIndex, regressors: dict[str, tuple[float, np.ndarray]], terms: DayTerms
) -> pd.DataFrame:
    place = terms.rows(days)
    return pd.DataFrame({"ds": days, **{name: values[place] for name, (_, values) in regressors.items()}})


def prophet_class() -> type[Prophet]:
    """Import Prophet when it is first needed: it takes about a second.

    It logs that plotly is absent, cmdstanpy logs every fit; neither is of use to anyone here.
    """
    logging.getLogger("prophet").setLevel(logging.CRITICAL)
    import cmdstanpy  # noqa: PLC0415 - sets its own logger up when imported, and must be hushed after that
    from prophet import Prophet  # noqa: PLC0415 - see above

    cmdstanpy.utils.get_logger().setLevel(logging.CRITICAL)
    logging.getLogger("prophet").setLevel(logging.CRITICAL)
    return Prophet


@contextmanager
def third_party_warnings() -> Iterator[None]:
    """Prophet 1.5 calls pandas by arguments pandas 3.1 deprecates; nothing else is hushed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=pd.errors.Pandas4Warning)
        yield
