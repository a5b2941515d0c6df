"""Random effects of days: a level that wanders, and terms known in advance, told apart by their variances.

The best linear unbiased prediction of a Gaussian mixed model (Henderson 1975; for call centres Aldor-Noiman,
Feigin & Mandelbaum 2009): a day's effect is a random walk, plus deviations that fade within days or weeks, plus
terms whose coefficients are shrunk to their prior, plus noise of its own. Variances of the level are averaged over a
small grid by their likelihood; a day that lies far off all the rest, for no known reason, is trusted less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from scipy.linalg import cho_factor, cho_solve, lapack

MEAN_VARIANCE = 1.0
FADINGS = (0.7, 0.9, 0.97)
"""What is left of a passing deviation a day later: gone within days, weeks, or two months."""
JUDGED_DAYS = 120
"""Days the likelihood looks at: enough for a few figures, and the cost grows with their cube."""
CLEAR_OUTLIER = 2.5
"""A day that its neighbours miss by more than this many standard deviations counts as if it were noisier."""


@dataclass(frozen=True, slots=True)
class LevelGrid:
    """Variances of the level that are tried.

    Parameters
    ----------
    walks, deviations
        Daily variance of the walk and variance of a passing deviation, both over the noise.
    fadings
        Of the passing deviation, some of `FADINGS`.
    noises
        Over the squared median step from day to day.
    """

    walks: tuple[float, ...] = (0.0005, 0.002, 0.008, 0.03, 0.1)
    deviations: tuple[float, ...] = (0.3, 1.0, 3.0)
    fadings: tuple[float, ...] = FADINGS
    noises: tuple[float, ...] = (0.15, 0.5, 1.2)


FULL_GRID = LevelGrid()
COARSE_GRID = LevelGrid(
    walks=(0.0005, 0.004, 0.03), deviations=(0.3, 1.0), fadings=(0.9,), noises=(0.15, 0.5)
)
"""Enough where less hangs on the level."""


@dataclass(frozen=True, slots=True)
class LevelPrior:
    """Variances of the level and the noise of days, and the day the walk begins.

    Parameters
    ----------
    walk
        Daily variance of the walk.
    deviations
        Variance of the passing deviation of each of `FADINGS`.
    noise
        Variance of a day's own noise.
    start
        Day the walk begins.
    """

    walk: float
    deviations: tuple[float, ...]
    noise: float
    start: float

    def covariance(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Covariance of the level between days, shape (one, other)."""
        # Days are whole, so a table of lags saves a power for every pair.
        lag = np.abs(one[:, None] - other[None, :]).astype(np.int64)
        lags = np.arange(lag.max(initial=0) + 1)
        passing = np.full(len(lags), MEAN_VARIANCE)
        for fading, variance in zip(FADINGS, self.deviations, strict=True):
            passing += variance * fading**lags
        walked = np.minimum(one[:, None], other[None, :]) - self.start
        covariance: np.ndarray = passing[lag] + self.walk * walked
        return covariance


@dataclass(frozen=True, slots=True)
class DayEffects:
    """Day effects after the days were seen.

    Parameters
    ----------
    prior
        As weighed by the likelihood.
    time
        Days seen, counted from any day, shape (days,).
    terms
        Their terms, shape (days, terms).
    prior_sd
        Standard deviation of each term's coefficient, shape (terms,).
    factor, weights
        Cholesky factor of the effects' covariance, and its solution for the effects seen, less what the prior
        means make of them.
    coefficients
        Of the terms, shape (terms,).
    distrust
        Variance added to the noise of days far off all others, shape (days,).
    fitted
        Expected effect of the days seen, shape (days,): what `mean` says of them.
    """

    prior: LevelPrior
    time: np.ndarray
    terms: np.ndarray
    prior_sd: np.ndarray
    factor: np.ndarray
    weights: np.ndarray
    coefficients: np.ndarray
    distrust: np.ndarray
    fitted: np.ndarray

    def mean(self, time: np.ndarray, terms: np.ndarray) -> np.ndarray:
        """Expected effect of days, seen or not, shape (days,)."""
        effect: np.ndarray = self.prior.covariance(time, self.time) @ self.weights + terms @ self.coefficients
        return effect

    def variance(self, time: np.ndarray, terms: np.ndarray) -> np.ndarray:
        """Variance of the effect of days not seen, their own noise included, shape (days,)."""
        shared = self.prior.covariance(time, self.time) + (terms * self.prior_sd**2) @ self.terms.T
        before = np.diag(self.prior.covariance(time, time)) + ((terms * self.prior_sd) ** 2).sum(axis=1)
        told = (shared * cho_solve((self.factor, True), shared.T).T).sum(axis=1)
        variance: np.ndarray = np.maximum(before - told, 0.0) + self.prior.noise
        return variance

    def coefficient_covariance(self) -> np.ndarray:
        """Covariance of the coefficients after the days were seen, shape (terms, terms)."""
        spread = self.terms * self.prior_sd**2
        covariance: np.ndarray = np.diag(self.prior_sd**2) - spread.T @ cho_solve((self.factor, True), spread)
        return covariance


def fit_day_effects(
    time: np.ndarray,
    effect: np.ndarray,
    noise: np.ndarray,
    terms: np.ndarray,
    prior_sd: np.ndarray,
    *,
    prior_mean: np.ndarray | None = None,
    prior: LevelPrior | None = None,
    grid: LevelGrid = FULL_GRID,
) -> DayEffects:
    """Tell level and terms apart.

    Parameters
    ----------
    time
        Days, increasing, shape (days,).
    effect
        Effect measured on each, shape (days,).
    noise
        Variance of each measurement, shape (days,).
    terms
        Known in advance, shape (days, terms).
    prior_sd
        Standard deviation of each coefficient before anything was seen, shape (terms,).
    prior_mean
        Its mean, shape (terms,); 0 when None.
    prior
        Variances of the level; weighed by their likelihood, and outlying days found, when None.
    grid
        Variances that are tried.
    """
    expected = np.zeros(len(prior_sd)) if prior_mean is None else prior_mean
    effect = effect - terms @ expected
    spread = terms * prior_sd**2
    known = spread @ terms.T
    judged = prior is None
    if prior is None:
        last = slice(-JUDGED_DAYS, None)
        found = _weighed(time[last], effect[last], noise[last], known[last, last], grid)
        prior = replace(found, start=float(time[0]))
    covariance = prior.covariance(time, time) + known
    every = noise + prior.noise
    factor = _factor(covariance, every)
    distrust = np.zeros(len(effect))
    if judged:
        distrust = _outlying(factor, effect)
        every = every + distrust
        factor = _factor(covariance, every)
    weights = cho_solve((factor, True), effect, check_finite=False)
    coefficients = expected + spread.T @ weights
    # Covariance times weights is all but the noise's part of the effect, and costs nothing.
    fitted = effect - every * weights + terms @ expected
    return DayEffects(prior, time, terms, prior_sd, factor, weights, coefficients, distrust, fitted)


def _factor(covariance: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Cholesky factor of a covariance with noise on its diagonal, lower triangle."""
    noisy = covariance.copy()
    noisy.flat[:: len(noisy) + 1] += noise
    factor: np.ndarray = cho_factor(noisy, lower=True, overwrite_a=True, check_finite=False)[0]
    return factor


def _outlying(factor: np.ndarray, effect: np.ndarray) -> np.ndarray:
    """Variance to add to the noise of each day that all the others together miss by far, as Huber (1964) weighs.

    Two days running on the same side are no outliers: the level has moved.

    The error at a day left out, and its variance, stand in the inverse of the covariance (Rasmussen & Williams
    2006, 5.12).
    """
    root = np.tril(lapack.dtrtri(factor, lower=1)[0])
    precision = np.einsum("ij,ij->j", root, root)
    missed = (root.T @ (root @ effect)) / np.sqrt(precision)
    side = np.sign(missed) * (np.abs(missed) > CLEAR_OUTLIER)
    beside = np.concatenate([[0.0], side, [0.0]])
    alone = (side != beside[:-2]) & (side != beside[2:])
    added = (np.maximum(np.abs(missed) / CLEAR_OUTLIER, 1.0) ** 2 - 1) / precision
    distrust: np.ndarray = np.where(alone, added, 0.0)
    return distrust


def _weighed(
    time: np.ndarray, effect: np.ndarray, noise: np.ndarray, known: np.ndarray, grid: LevelGrid
) -> LevelPrior:
    """Mean of the variances tried, each by its likelihood, the coefficients of the terms integrated out."""
    step = np.median(np.abs(np.diff(effect))) if len(effect) > 1 else 0.0
    typical = float(step**2) + 1e-6
    start = float(time[0])
    distance = np.abs(time[:, None] - time[None, :])
    walked = np.minimum(time[:, None], time[None, :]) - start
    faded = {fading: fading**distance for fading in grid.fadings}
    settled = known + np.diag(noise) + MEAN_VARIANCE
    tried, surprises, odds = [], [], []
    for scale, walk in product(grid.noises, grid.walks):
        own = scale * typical
        level = settled + (walk * own) * walked
        tried.append(LevelPrior(walk * own, (0.0,) * len(FADINGS), own, start))
        surprises.append(_surprise(effect, level, own))
        # Without a deviation its fading does not matter: one trial stands for all.
        odds.append(len(grid.fadings))
        for fading, share in product(grid.fadings, grid.deviations):
            deviations = tuple(share * own if each == fading else 0.0 for each in FADINGS)
            tried.append(LevelPrior(walk * own, deviations, own, start))
            surprises.append(_surprise(effect, level + (share * own) * faded[fading], own))
            odds.append(1)
    surprise = np.array(surprises)
    weight = np.array(odds) * np.exp(-0.5 * (surprise - surprise.min()))
    weight /= weight.sum()
    figures = weight @ np.array([[prior.walk, prior.noise, *prior.deviations] for prior in tried])
    return LevelPrior(float(figures[0]), tuple(float(each) for each in figures[2:]), float(figures[1]), start)


def _surprise(effect: np.ndarray, covariance: np.ndarray, noise: float) -> float:
    """Minus twice the logarithm of the likelihood, up to a constant."""
    noisy = covariance.copy()
    noisy.flat[:: len(noisy) + 1] += noise
    # A hundred of these make a fit, and the bare routines take half the time of their wrappers.
    factor, failed = lapack.dpotrf(noisy.T, lower=1, overwrite_a=1, clean=0)
    if failed:
        raise np.linalg.LinAlgError("a covariance of day effects is not positive definite")
    white, _ = lapack.dtrtrs(factor, effect, lower=1)
    return float(white @ white + 2 * np.log(np.diag(factor)).sum())
