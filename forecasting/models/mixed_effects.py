"""Mixed-effects model of the variance-stabilised day × slot matrix.

Weinberg, Brown & Stroud (2007), JASA 102:1185–1198; Aldor-Noiman, Feigin & Mandelbaum (2009), Annals of Applied
Statistics 3:1403–1447. √(count + ¼) has nearly constant variance, so quiet and busy slots weigh alike. It is a
weekday's shape × exp(effect of the day); the effect is a wandering level plus peaks and day-of-month terms, which
therefore compose by multiplication; peaks also bend the day by a shape of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.day_matrix import weekdays_of
from forecasting.models.base import Fitted
from forecasting.models.day_design import DayDesign, day_design
from forecasting.models.day_effects import DayEffects, LevelPrior, fit_day_effects
from forecasting.models.peak_shapes import fit_peak_shapes, shape_factors
from forecasting.models.smooth_curves import open_runs, smooth_curve
from forecasting.prepare import Series
from forecasting.terms import DayTerms
from forecasting.weekly import same_hours, weekly_means

LONGEST_DAYS = 730
"""Older days say little about the level, and the cost grows with the cube of the days."""
HALF_LIFE_DAYS = 60.0
LEAST_BORROWED, MOST_BORROWED = 0.5, 50.0
"""Bounds of the weight, in days, of the shape of all weekdays with the same hours against a weekday's own."""
LEAST_WEIGHT = 1e-12
UNSEEN_SPREAD = 0.25
"""Variance of a root count before any was compared with its expectation: that of a Poisson count."""
WEEKDAY_SD = 0.1
"""Prior of what is left of a weekday's level beside its recent mean, which one odd day can move."""
PASSES = 2
LEAST_LEVEL = 0.05
LARGEST_NOISE = 1.0
LARGEST_VARIANCE = 0.05
"""Beyond it the lognormal mean of a far day would be all correction."""
REACH = float(np.log(2))
"""A coming day's effect stays within this of the largest and the least ever seen: 4 times the contacts."""


@dataclass(frozen=True, slots=True)
class MixedEffects:
    """Weekday shapes × a wandering level × peaks, on root counts."""

    name: str = "mixed_effects"
    least_days: int = 28

    def fit(self, series: Series, terms: DayTerms) -> Fitted:
        """Alternate between the weekdays' shapes and the effects of days."""
        kept = slice(max(0, len(series.days) - LONGEST_DAYS), None)
        days, usable, weekdays = series.days[kept], series.usable[kept], series.weekdays[kept]
        roots = np.sqrt(series.filled[kept] + 0.25)
        opened = series.opened[weekdays]
        roots = np.where(opened, roots, 0.0)[usable]
        time = np.arange(len(days), dtype=float)[usable]
        recency = 0.5 ** ((len(days) - 1 - time) / HALF_LIFE_DAYS)
        design = day_design(series, terms, days[usable], WEEKDAY_SD)
        values = design.at(days[usable])

        effect, distrust = np.zeros(len(time)), np.zeros(len(time))
        prior: LevelPrior | None = None
        spread = UNSEEN_SPREAD
        for _ in range(PASSES):
            weight = recency * np.exp(2 * effect)
            week = _week(roots / np.exp(effect)[:, None], weekdays[usable], series.opened, weight, spread)
            shape = week[weekdays[usable]]
            measured, noise, spread = _measure(roots, shape)
            effects = fit_day_effects(
                time,
                measured,
                noise + distrust,
                values,
                design.prior_sd,
                prior_mean=design.prior_mean,
                prior=prior,
            )
            prior, distrust = effects.prior, distrust + effects.distrust
            effect = effects.fitted
        expected = shape * np.exp(effect)[:, None]
        deviation = roots - shape * np.exp(measured)[:, None]
        peaks = values[:, : design.peaks]
        shapes = fit_peak_shapes(deviation, expected, spread, peaks)
        bounds = (float(effect.min()) - REACH, float(effect.max()) + REACH)
        return FittedMixedEffects(days[0], week, design, effects, shapes, spread, bounds)


@dataclass(frozen=True, slots=True)
class FittedMixedEffects:
    """Shapes of the weekdays, effects of days and shapes of peaks after the series was seen.

    Parameters
    ----------
    origin
        Day 0 of the effects' time.
    week
        Root counts by weekday and slot at effect 0, shape (7, slots).
    design
        Terms of days.
    effects
        Level and coefficients.
    shapes
        What each peak term does to the day, shape (peak terms, slots).
    spread
        Variance of a root count around its expectation.
    bounds
        Least and largest effect that is believed.
    """

    origin: pd.Timestamp
    week: np.ndarray
    design: DayDesign
    effects: DayEffects
    shapes: np.ndarray
    spread: float
    bounds: tuple[float, float]

    def predict(self, ahead: pd.DatetimeIndex) -> np.ndarray:
        """Contacts per interval, shape (days, slots): the mean of a squared root count less ¼."""
        time = (ahead - self.origin).days.to_numpy().astype(float)
        values = self.design.at(ahead)
        effect = np.clip(self.effects.mean(time, values), *self.bounds)
        variance = np.minimum(self.effects.variance(time, values), LARGEST_VARIANCE)
        shape = self.week[weekdays_of(ahead)]
        roots = shape * np.exp(effect)[:, None] * shape_factors(self.shapes, values[:, : self.design.peaks])
        # E exp(2 e) ≈ 1 + 2 var e for the day; the root's own variance adds to the square.
        counts = roots**2 * (1 + 2 * variance[:, None]) + self.spread - 0.25
        return np.where(shape > 0, np.maximum(counts, 0.0), 0.0)


def _week(
    roots: np.ndarray, weekdays: np.ndarray, opened: np.ndarray, weight: np.ndarray, spread: float
) -> np.ndarray:
    """Root counts by weekday and slot at effect 0, a weekday's shape shrunk to the smooth one of its kin.

    Parameters
    ----------
    roots
        Root counts over the effect of their day, shape (days, slots).
    weekdays, weight
        Shape (days,).
    opened
        Shape (7, slots).
    spread
        Variance of a root count around its expectation.
    """
    own = weekly_means(roots, weekdays, opened, weight)
    level = np.sqrt((own**2).sum(axis=1, keepdims=True))
    shape = np.divide(own, level, out=np.zeros_like(own), where=level > 0)
    days = np.bincount(weekdays, weight, minlength=7)[:, None]
    kin = same_hours(opened) @ (days * shape)
    length = np.sqrt((kin**2).sum(axis=1, keepdims=True))
    pooled = np.divide(kin, length, out=shape.copy(), where=length > 0)
    own_days = days[:, 0] ** 2 / np.maximum(np.bincount(weekdays, weight**2, minlength=7), LEAST_WEIGHT)
    borrowed = _borrowed_days(shape - pooled, level[:, 0], own_days, spread, opened)
    share = (own_days / (own_days + borrowed))[:, None]
    smooth = _smooth(pooled, same_hours(opened) @ (own_days * level[:, 0] ** 2), opened, spread)
    return np.where(opened, np.maximum(level * (smooth + share * (shape - pooled)), 0.0), 0.0)


def _smooth(pooled: np.ndarray, seen: np.ndarray, opened: np.ndarray, spread: float) -> np.ndarray:
    """Shapes of kin smoothed over the day, shape (7, slots); `seen` is their squared root counts in all, (7,)."""
    smooth = pooled.copy()
    for weekday in np.flatnonzero(seen > 0):
        runs = open_runs(opened[[weekday]])
        smooth[weekday] = smooth_curve(pooled[weekday], spread / float(seen[weekday]), runs)
    return smooth


def _borrowed_days(
    deviation: np.ndarray, level: np.ndarray, days: np.ndarray, spread: float, opened: np.ndarray
) -> float:
    """How many days of its own a weekday's shape must have to count as much as that of its kin.

    The variance of one day's shape over the variance between weekdays, by moments.
    """
    judged = (level > 0) & (days > 1) & (np.abs(deviation).max(axis=1) > 0)
    if not judged.any():
        return MOST_BORROWED
    slots = opened[judged].sum(axis=1)
    one_day = spread / level[judged] ** 2
    kin = judged.sum()
    found = (deviation[judged] ** 2).sum(axis=1) / slots * kin / max(kin - 1, 1)
    between = float(np.average(found - one_day / days[judged], weights=slots))
    return float(
        np.clip(np.average(one_day, weights=slots) / max(between, 1e-12), LEAST_BORROWED, MOST_BORROWED)
    )


def _measure(roots: np.ndarray, shape: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Effect of each day by projection on its weekday's shape, its variance, and that of a root count."""
    square = (shape**2).sum(axis=1)
    level = np.maximum((shape * roots).sum(axis=1) / square, LEAST_LEVEL)
    deviation = roots - shape * level[:, None]
    cells = int((shape > 0).sum())
    spread = float((deviation**2).sum() / max(cells - len(roots), 1))
    noise = np.minimum(spread / square / level**2, LARGEST_NOISE)
    return np.log(level), noise, spread
