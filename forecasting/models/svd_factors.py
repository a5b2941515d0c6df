"""Singular vectors of the day × slot matrix of root counts, each with day effects of its own.

Shen & Huang (2008), Annals of Applied Statistics 2:601–623. The first factor is the level of a day, the next ones
move its contacts between morning and evening. Each day's score on a factor has a weekday's mean, the terms known in
advance and a level that wanders, so the shape of a day too depends on its weekday, on peaks and on the days before.
The vectors of small queues are smoothed over the day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.day_matrix import weekdays_of
from forecasting.models.base import Fitted
from forecasting.models.day_design import DayDesign, day_design
from forecasting.models.day_effects import COARSE_GRID, FULL_GRID, DayEffects, LevelGrid, fit_day_effects
from forecasting.models.mixed_effects import LONGEST_DAYS
from forecasting.models.smooth_curves import open_runs, smooth_curve
from forecasting.prepare import Series
from forecasting.terms import DayTerms

FACTORS = 4
"""As many as Shen & Huang found to matter; beyond, factors hold noise."""
FACTOR_DAYS = 364
"""Latest days the factors after the first are read from: shapes change, and the cost grows with the cube."""
WEEKDAY_SD = 0.3
"""Prior of a weekday's mean score on the first factor, relative to the level."""
SHAPE_WEEKDAY_SD = 1.0
"""The same on the other factors, relative to the spread of their scores."""
SHAPE_TERMS = 5.0
"""Prior of a term's effect on them, over its prior on the level: what lifts a day by 20 % may well bend it by half
of that spread."""
LEAST_SCALE = 1e-9
LARGEST_VARIANCE = 0.05
"""Of a relative score: beyond it the mean of a far day would be all correction."""
REACH = 1.0
"""A coming day's relative score stays within this of the least and the largest ever seen."""


@dataclass(frozen=True, slots=True)
class SvdFactors:
    """Factors of root counts, forecast one by one."""

    name: str = "svd_factors"
    least_days: int = 28

    def fit(self, series: Series, terms: DayTerms) -> Fitted:
        """Find the factors, then the day effects of their scores."""
        kept = slice(max(0, len(series.days) - LONGEST_DAYS), None)
        days, usable, weekdays = series.days[kept], series.usable[kept], series.weekdays[kept]
        opened = series.opened[weekdays[usable]]
        roots = np.where(opened, np.sqrt(series.filled[kept][usable] + 0.25), 0.0)
        time = np.arange(len(days), dtype=float)[usable]
        design = day_design(series, terms, days[usable], WEEKDAY_SD)
        vectors = _smooth(_vectors(roots), roots, opened, open_runs(series.opened))
        scores = roots @ vectors.T
        spread = _spread(roots - scores @ vectors, opened, len(vectors))
        level = _ScorePrior.of_level(scores[:, 0], design)
        values = design.at(days[usable])
        factors = [_fit_factor(vectors[0], scores[:, 0], time, values, spread=spread, prior=level)]
        late = slice(-FACTOR_DAYS, None)
        for vector, found in zip(vectors[1:], scores[late, 1:].T, strict=True):
            shape = _ScorePrior.of_shape(found, design)
            factors.append(_fit_factor(vector, found, time[late], values[late], spread=spread, prior=shape))
        return FittedSvdFactors(days[0], series.opened, design, tuple(factors), spread)


@dataclass(frozen=True, slots=True)
class Factor:
    """One singular vector and the day effects of its scores.

    Parameters
    ----------
    vector
        Unit vector over the slots, smoothed over the day, shape (slots,).
    centre, scale
        A score is centre + scale × its day effect.
    effects
        Level, weekdays and terms.
    bounds
        Least and largest effect that is believed.
    """

    vector: np.ndarray
    centre: float
    scale: float
    effects: DayEffects
    bounds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class FittedSvdFactors:
    """Factors after the series was seen.

    Parameters
    ----------
    origin
        Day 0 of the effects' time.
    opened
        Whether a slot is open on a weekday, shape (7, slots).
    design
        Terms of days.
    factors
        The level first.
    spread
        Variance of a root count that no factor explains.
    """

    origin: pd.Timestamp
    opened: np.ndarray
    design: DayDesign
    factors: tuple[Factor, ...]
    spread: float

    def predict(self, ahead: pd.DatetimeIndex) -> np.ndarray:
        """Contacts per interval, shape (days, slots): the mean of a squared root count less ¼."""
        time = (ahead - self.origin).days.to_numpy().astype(float)
        values = self.design.at(ahead)
        opened = self.opened[weekdays_of(ahead)]
        roots, variance = np.zeros(opened.shape), np.full(opened.shape, self.spread)
        for factor in self.factors:
            effect = np.clip(factor.effects.mean(time, values), *factor.bounds)
            spread = np.minimum(factor.effects.variance(time, values), LARGEST_VARIANCE)
            roots += np.outer(factor.centre + factor.scale * effect, factor.vector)
            variance += np.outer(spread * factor.scale**2, factor.vector**2)
        counts = np.maximum(roots, 0.0) ** 2 + variance - 0.25
        return np.where(opened, np.maximum(counts, 0.0), 0.0)


def _vectors(roots: np.ndarray) -> np.ndarray:
    """Leading right singular vectors, shape (factors, slots), the first turned upwards."""
    _, sizes, vectors = np.linalg.svd(roots, full_matrices=False)
    chosen = vectors[: min(FACTORS, int((sizes > 1e-9 * max(sizes[0], 1e-300)).sum()))]
    signs = np.where(chosen.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    turned: np.ndarray = chosen * signs
    return turned


def _smooth(vectors: np.ndarray, roots: np.ndarray, opened: np.ndarray, runs: list[slice]) -> np.ndarray:
    """Smooth the vectors over the day as their noise asks for, orthonormal again, shape (factors, slots)."""
    scores = roots @ vectors.T
    noise = _spread(roots - scores @ vectors, opened, len(vectors)) / (scores**2).sum(axis=0)
    smooth = np.array([smooth_curve(*curve, runs) for curve in zip(vectors, noise.tolist(), strict=True)])
    upright = np.linalg.qr(smooth.T)[0].T
    turned: np.ndarray = upright * np.where((upright * smooth).sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    return turned


def _spread(left: np.ndarray, opened: np.ndarray, factors: int) -> float:
    """Variance of what the factors leave, for the figures they took."""
    cells = int(opened.sum())
    free = max(cells - factors * sum(left.shape), cells // 4, 1)
    return float((left[opened] ** 2).sum() / free)


def _fit_factor(
    vector: np.ndarray,
    scores: np.ndarray,
    time: np.ndarray,
    values: np.ndarray,
    *,
    spread: float,
    prior: _ScorePrior,
) -> Factor:
    effect = (scores - prior.centre) / prior.scale
    noise = np.full(len(effect), spread / prior.scale**2)
    effects = fit_day_effects(time, effect, noise, values, prior.sd, prior_mean=prior.mean, grid=prior.grid)
    bounds = (float(effect.min()) - REACH, float(effect.max()) + REACH)
    return Factor(vector, prior.centre, prior.scale, effects, bounds)


@dataclass(frozen=True, slots=True)
class _ScorePrior:
    """What is expected of a factor's scores before they are seen."""

    centre: float
    scale: float
    mean: np.ndarray
    sd: np.ndarray
    grid: LevelGrid

    @classmethod
    def of_level(cls, scores: np.ndarray, design: DayDesign) -> _ScorePrior:
        level = float(scores.mean())
        return cls(level, level, design.prior_mean, design.prior_sd, FULL_GRID)

    @classmethod
    def of_shape(cls, scores: np.ndarray, design: DayDesign) -> _ScorePrior:
        sd = SHAPE_TERMS * design.prior_sd
        sd[design.groups["weekday"]] = SHAPE_WEEKDAY_SD
        return cls(0.0, float(scores.std()) + LEAST_SCALE, np.zeros(len(sd)), sd, COARSE_GRID)
