"""Why a day has the contacts it has: level, growth, weekday, season and peaks told apart on day totals.

A Gaussian mixed model of log day totals, solved in one go: weekdays, days of the month, the year and the peaks are
terms with priors, the level is a slow walk with passing deviations (`forecasting.models.day_effects`). Unlike the
forecasting models it takes the weekday's level and the peaks together, for what always falls on a weekday, such as
trading sessions, is otherwise the weekday's already. Peaks also bend the day (`forecasting.models.peak_shapes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.corrections import Decision
from data.domain import Peak, Queue
from forecasting.day_matrix import weekdays_of
from forecasting.explained_terms import ExplainedTerms
from forecasting.models.day_effects import DayEffects, fit_day_effects
from forecasting.models.peak_shapes import fit_peak_shapes
from forecasting.one_thread import one_thread
from forecasting.prepare import Series, require_a_week
from forecasting.profile import weekly_profile
from forecasting.settings import Settings
from forecasting.study import Study, study
from forecasting.terms import DayTerms

LONGEST_DAYS = 730
BASE_DAYS = 364
"""The base is the mean level of the last year known: a whole number of weeks and one of every season."""
PROFILE_WEEKS = 8
DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class LogParts:
    """Logarithms of the factors that make a day, each of shape (days,); the base is one number.

    Parameters
    ----------
    base
        Level of an average day of the last year known, in log contacts.
    weekday, season, growth
        Of the weekday; of the day in its month and year; of the level's way from the base to the day.
    """

    base: float
    weekday: np.ndarray
    season: np.ndarray
    growth: np.ndarray


@dataclass(frozen=True, slots=True)
class Explanation:
    """A queue's days after its history was seen.

    Parameters
    ----------
    queue
        Queue it is of.
    columns
        What was known in advance, laid out.
    days, observed
        Days fitted and the logarithms of their contacts, shape (fitted days,).
    usual
        Log contacts of an ordinary day by weekday, which the effects are counted from, shape (7,).
    effects
        Level, and the coefficients of the columns.
    profile
        Share of an ordinary day's contacts by weekday and slot, shape (7, slots).
    shapes
        What each peak term does to the root counts of the day, shape (peak terms, slots).
    """

    queue: Queue
    columns: ExplainedTerms
    days: pd.DatetimeIndex
    observed: np.ndarray
    usual: np.ndarray
    effects: DayEffects
    profile: np.ndarray
    shapes: np.ndarray

    @property
    def terms(self) -> DayTerms:
        """What was known in advance."""
        return self.columns.terms

    @property
    def last(self) -> pd.Timestamp:
        """Last day known, fitted or not."""
        return self.columns.last

    @property
    def peak_coefficients(self) -> np.ndarray:
        """Log effect of each peak term at value 1, shape (peak terms,)."""
        return self.effects.coefficients[: len(self.terms.peak_terms)]

    def peak_covariance(self) -> np.ndarray:
        """Covariance of the same after the history was seen, shape (peak terms, peak terms)."""
        peaks = len(self.terms.peak_terms)
        return self.effects.coefficient_covariance()[:peaks, :peaks]

    def log_parts(self, days: pd.DatetimeIndex) -> LogParts:
        """Tell what makes days, known or coming, peaks left out."""
        year = self.last - (np.arange(BASE_DAYS) * pd.Timedelta(days=1))
        span = pd.DatetimeIndex(year[year >= self.days[0]])
        base = float(self._level(span).mean())
        opened = self.profile.sum(axis=1) > 0
        by_weekday = self.usual + self._coefficients("weekday")
        middle = float(by_weekday[opened].mean())
        season = self._effect("month", days) + self._effect("year", days)
        weekday = np.where(opened, by_weekday - middle, 0.0)[weekdays_of(days)]
        return LogParts(base + middle, weekday, season, self._level(days) - base)

    def residuals(self) -> np.ndarray:
        """Log contacts of the fitted days less what is made of them, shape (fitted days,)."""
        values = self.columns.at(self.days)
        time = (self.days - self.days[0]).days.to_numpy().astype(float)
        expected = self.usual[weekdays_of(self.days)] + self.effects.mean(time, values)
        left: np.ndarray = self.observed - expected
        return left

    def _level(self, days: pd.DatetimeIndex) -> np.ndarray:
        """Level of days with its trend, in logs around the usual day."""
        time = (days - self.days[0]).days.to_numpy().astype(float)
        wandering = self.effects.prior.covariance(time, self.effects.time) @ self.effects.weights
        level: np.ndarray = wandering + self._effect("growth", days)
        return level

    def _effect(self, part: str, days: pd.DatetimeIndex) -> np.ndarray:
        effect: np.ndarray = self.columns.part(part, days) @ self._coefficients(part)
        return effect

    def _coefficients(self, part: str) -> np.ndarray:
        return np.asarray(self.effects.coefficients[self.columns.place(part)])


@one_thread
def explain_queue(
    queue: Queue,
    history: pd.DataFrame,
    peaks: Sequence[Peak],
    *,
    cutoff: pd.Timestamp,
    last: date,
    settings: Settings = DEFAULTS,
    decisions: Sequence[Decision] = (),
) -> Explanation:
    """Explain a queue as a forecast with the same arguments sees it.

    Parameters
    ----------
    queue, history, peaks, cutoff, settings, decisions
        As for `forecasting.forecast.forecast`.
    last
        Last local day to be explained, and up to which the next days of peaks are looked for.

    Raises
    ------
    InputError
        Less than a week of history can be used, or it is faulty. The message names the queue.
    """
    known = study(
        queue, history, peaks, cutoff=cutoff, last=last, seed=0, settings=settings, decisions=decisions
    )
    return explain_study(known)


def explain_study(known: Study) -> Explanation:
    """Explain a queue that is laid out already, from everything known at its cutoff.

    Raises
    ------
    InputError
        Less than a week of history can be used.
    """
    series = known.rolling.series(len(known.matrix.days))
    require_a_week(known.matrix, series.usable)
    return explain(series, known.rolling.terms)


def explain(series: Series, terms: DayTerms) -> Explanation:
    """Fit a queue's days.

    Parameters
    ----------
    series
        At least a week of usable days.
    terms
        Over the series and everything that is to be explained.
    """
    kept = np.flatnonzero(series.usable)
    kept = kept[kept >= len(series.days) - LONGEST_DAYS]
    days, totals, weekdays = series.days[kept], series.totals[kept], series.weekdays[kept]
    # log(n + ¼) is nearly unbiased also for small counts, as √(n + ¼) is.
    observed = np.log(totals + 0.25)
    usual = _usual(observed, weekdays)
    columns = ExplainedTerms.of(terms, days, series.days[-1])
    effects = fit_day_effects(
        (days - days[0]).days.to_numpy().astype(float),
        observed - usual[weekdays],
        1 / np.exp(usual[weekdays]),
        columns.at(days),
        columns.prior_sd,
        prior_mean=columns.prior_mean,
    )
    profile = weekly_profile(series, PROFILE_WEEKS)
    roots = np.sqrt(series.filled[kept] + 0.25)
    shape = np.where(profile > 0, np.sqrt(profile), 0.0)[weekdays]
    expected = shape * np.sqrt(totals + 0.25)[:, None]
    deviation = np.where(shape > 0, roots - expected, 0.0)
    spread = float((deviation**2).sum() / max(int((shape > 0).sum()) - len(days), 1))
    shapes = fit_peak_shapes(deviation, expected, spread, terms.peak_values[terms.rows(days)])
    queue = series.marks.matrix.queue
    return Explanation(queue, columns, days, observed, usual, effects, profile, shapes)


def _usual(observed: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Median log contacts by weekday; of a weekday never seen that of all days."""
    middle = float(np.median(observed))
    return np.array(
        [np.median(observed[weekdays == day]) if (weekdays == day).any() else middle for day in range(7)]
    )
