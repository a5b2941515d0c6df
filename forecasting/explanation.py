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
from forecasting.models.day_effects import DayEffects, fit_day_effects
from forecasting.models.peak_shapes import fit_peak_shapes
from forecasting.one_thread import one_thread
from forecasting.prepare import Series, require_a_week
from forecasting.profile import weekly_profile
from forecasting.settings import Settings
from forecasting.study import Study, study
from forecasting.terms import DayTerms

LONGEST_DAYS = 730
YEAR_DAYS = 365.25
BASE_DAYS = 364
"""The base is the mean level of the last year known: a whole number of weeks and one of every season."""
PROFILE_WEEKS = 8
MONTH_LEAST_DAYS, GROWTH_LEAST_DAYS, YEAR_LEAST_DAYS = 60, 180, 548
DEFAULTS = Settings()
YEAR_ORDERS = np.arange(1, 4)
WEEKDAY_SD, MONTH_SD, YEAR_SD, GROWTH_SD = 0.5, 0.02, 0.06, 0.15
"""Priors of log effects: of a weekday around its median day, of a bump in the month, of a yearly wave, a year."""


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
    terms
        What was known in advance.
    days, observed
        Days fitted and the logarithms of their contacts, shape (fitted days,).
    last
        Last day known, fitted or not.
    usual
        Log contacts of an ordinary day by weekday, which the effects are counted from, shape (7,).
    effects
        Level and coefficients: peak terms first, then weekdays, month, year, growth.
    with_month, with_year, with_growth
        Whether history was long enough for these.
    profile
        Share of an ordinary day's contacts by weekday and slot, shape (7, slots).
    shapes
        What each peak term does to the root counts of the day, shape (peak terms, slots).
    """

    queue: Queue
    terms: DayTerms
    days: pd.DatetimeIndex
    observed: np.ndarray
    last: pd.Timestamp
    usual: np.ndarray
    effects: DayEffects
    with_month: bool
    with_year: bool
    with_growth: bool
    profile: np.ndarray
    shapes: np.ndarray

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
        season = np.zeros(len(days))
        for name, values in _season(self.terms, days, month=self.with_month, year=self.with_year):
            season += values @ self._coefficients(name)
        weekday = np.where(opened, by_weekday - middle, 0.0)[weekdays_of(days)]
        return LogParts(base + middle, weekday, season, self._level(days) - base)

    def residuals(self) -> np.ndarray:
        """Log contacts of the fitted days less what is made of them, shape (fitted days,)."""
        values = _design(self.terms, self.days, self._flags, self.last)
        time = (self.days - self.days[0]).days.to_numpy().astype(float)
        expected = self.usual[weekdays_of(self.days)] + self.effects.mean(time, values)
        left: np.ndarray = self.observed - expected
        return left

    @property
    def _flags(self) -> tuple[bool, bool, bool]:
        return self.with_month, self.with_year, self.with_growth

    def _level(self, days: pd.DatetimeIndex) -> np.ndarray:
        """Level of days with its trend, in logs around the usual day."""
        time = (days - self.days[0]).days.to_numpy().astype(float)
        level: np.ndarray = self.effects.prior.covariance(time, self.effects.time) @ self.effects.weights
        if self.with_growth:
            level = level + _years(days, self.last) * self._coefficients("growth")
        return level

    def _coefficients(self, part: str) -> np.ndarray:
        return self.effects.coefficients[_places(self.terms, self._flags)[part]]


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
    known_days = (days[-1] - days[0]).days
    flags = (
        len(days) >= MONTH_LEAST_DAYS,
        known_days >= YEAR_LEAST_DAYS,
        known_days >= GROWTH_LEAST_DAYS,
    )
    last = series.days[-1]
    values = _design(terms, days, flags, last)
    means = np.zeros(values.shape[1])
    means[: len(terms.peak_terms)] = terms.peak_means
    effects = fit_day_effects(
        (days - days[0]).days.to_numpy().astype(float),
        observed - usual[weekdays],
        1 / np.exp(usual[weekdays]),
        values,
        np.concatenate([terms.peak_sds, *_prior_sds(terms, flags)]),
        prior_mean=means,
    )
    profile = weekly_profile(series, PROFILE_WEEKS)
    roots = np.sqrt(series.filled[kept] + 0.25)
    shape = np.where(profile > 0, np.sqrt(profile), 0.0)[weekdays]
    expected = shape * np.sqrt(totals + 0.25)[:, None]
    deviation = np.where(shape > 0, roots - expected, 0.0)
    spread = float((deviation**2).sum() / max(int((shape > 0).sum()) - len(days), 1))
    shapes = fit_peak_shapes(deviation, expected, spread, terms.peak_values[terms.rows(days)])
    return Explanation(
        series.marks.matrix.queue, terms, days, observed, last, usual, effects, *flags, profile, shapes
    )


def _usual(observed: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Median log contacts by weekday; of a weekday never seen that of all days."""
    middle = float(np.median(observed))
    return np.array(
        [np.median(observed[weekdays == day]) if (weekdays == day).any() else middle for day in range(7)]
    )


def _design(
    terms: DayTerms, days: pd.DatetimeIndex, flags: tuple[bool, bool, bool], last: pd.Timestamp
) -> np.ndarray:
    month, year, growth = flags
    weekday = np.eye(7)[weekdays_of(days)]
    parts = [terms.peak_values[terms.rows(days)], weekday]
    parts += [values for _, values in _season(terms, days, month=month, year=year)]
    if growth:
        parts.append(_years(days, last)[:, None])
    return np.concatenate(parts, axis=1)


def _season(
    terms: DayTerms, days: pd.DatetimeIndex, *, month: bool, year: bool
) -> list[tuple[str, np.ndarray]]:
    parts = []
    if month:
        parts.append(("month", terms.month_values[terms.rows(days)]))
    if year:
        phase = 2 * np.pi * (days.day_of_year.to_numpy() / YEAR_DAYS)[:, None] * YEAR_ORDERS
        parts.append(("year", np.concatenate([np.sin(phase), np.cos(phase)], axis=1)))
    return parts


def _years(days: pd.DatetimeIndex, last: pd.Timestamp) -> np.ndarray:
    """Years after the last day known, shape (days,)."""
    years: np.ndarray = (days - last).days.to_numpy() / YEAR_DAYS
    return years


def _sizes(terms: DayTerms, flags: tuple[bool, bool, bool]) -> dict[str, tuple[int, float]]:
    """Number of terms and prior of each part but the peaks, in order."""
    month, year, growth = flags
    return {
        "weekday": (7, WEEKDAY_SD),
        "month": (month * terms.month_values.shape[1], MONTH_SD),
        "year": (year * 2 * len(YEAR_ORDERS), YEAR_SD),
        "growth": (int(growth), GROWTH_SD),
    }


def _prior_sds(terms: DayTerms, flags: tuple[bool, bool, bool]) -> list[np.ndarray]:
    return [np.full(count, sd) for count, sd in _sizes(terms, flags).values()]


def _places(terms: DayTerms, flags: tuple[bool, bool, bool]) -> dict[str, slice]:
    begin, places = len(terms.peak_terms), {}
    for name, (count, _) in _sizes(terms, flags).items():
        places[name] = slice(begin, begin + count)
        begin += count
    return places
