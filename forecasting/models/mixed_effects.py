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
from forecasting.models.day_effects import DayEffects, fit_day_effects
from forecasting.models.peak_shapes import fit_peak_shapes, shape_factors
from forecasting.prepare import Series
from forecasting.terms import DayTerms
from forecasting.weekly import same_hours, weekly_means

LONGEST_DAYS = 730
"""Older days say little about the level, and the cost grows with the cube of the days."""
HALF_LIFE_DAYS = 60.0
POOLED_DAYS = 1.0
"""Weight, in days, of the shape of all weekdays with the same hours, against a weekday's own."""
PASSES = 3
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
        design = day_design(series, terms, days[usable])
        values = design.at(days[usable])

        effect, prior = np.zeros(len(time)), None
        for _ in range(PASSES):
            week = _week(roots, weekdays[usable], series.opened, effect, recency)
            shape = week[weekdays[usable]]
            measured, noise, spread = _measure(roots, shape)
            effects = fit_day_effects(
                time, measured, noise, values, design.prior_sd, prior_mean=design.prior_mean, prior=prior
            )
            prior = effects.prior
            effect = effects.mean(time, values)
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
    roots: np.ndarray, weekdays: np.ndarray, opened: np.ndarray, effect: np.ndarray, recency: np.ndarray
) -> np.ndarray:
    """Root counts by weekday and slot at effect 0, a weekday's shape shrunk to that of its kin."""
    weight = recency * np.exp(2 * effect)
    own = weekly_means(roots / np.exp(effect)[:, None], weekdays, opened, weight)
    level = np.sqrt((own**2).sum(axis=1, keepdims=True))
    shape = np.divide(own, level, out=np.zeros_like(own), where=level > 0)
    days = np.bincount(weekdays, weight, minlength=7)[:, None]
    kin = same_hours(opened) @ (days * shape)
    length = np.sqrt((kin**2).sum(axis=1, keepdims=True))
    pooled = np.divide(kin, length, out=shape.copy(), where=length > 0)
    return np.where(opened, level * (days * shape + POOLED_DAYS * pooled) / (days + POOLED_DAYS), 0.0)


def _measure(roots: np.ndarray, shape: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Effect of each day by projection on its weekday's shape, its variance, and that of a root count."""
    square = (shape**2).sum(axis=1)
    level = np.maximum((shape * roots).sum(axis=1) / square, LEAST_LEVEL)
    deviation = roots - shape * level[:, None]
    cells = int((shape > 0).sum())
    spread = float((deviation**2).sum() / max(cells - len(roots), 1))
    noise = np.minimum(spread / square / level**2, LARGEST_NOISE)
    return np.log(level), noise, spread
