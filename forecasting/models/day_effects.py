"""Random effects of days: a level that wanders, and terms known in advance, told apart by their variances.

The best linear unbiased prediction of a Gaussian mixed model (Henderson 1975; for call centres Aldor-Noiman,
Feigin & Mandelbaum 2009): a day's effect is a random walk, plus a deviation that fades within weeks, plus terms
whose coefficients are shrunk to zero by their prior, plus noise of its own. Variances of the level come from the
likelihood over a small grid; a year of days is a dense system solved in milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular

MEAN_VARIANCE = 1.0
FADING = 0.9
"""What is left of a passing deviation a day later."""
WALKS = (0.0005, 0.002, 0.008, 0.03, 0.1)
DEVIATIONS = (0.0, 0.3, 1.0, 3.0)
"""Daily variance of the walk and variance of the passing deviation, both over the noise, that are tried."""
NOISES = (0.15, 0.5, 1.2)
"""Noise that is tried, over the squared median step from day to day."""
JUDGED_DAYS = 250
"""Days the likelihood looks at: enough for three figures, and the cost grows with their cube."""


@dataclass(frozen=True, slots=True)
class LevelPrior:
    """Variances of the level and the noise of days, and the day the walk begins."""

    walk: float
    deviation: float
    noise: float
    start: float

    def covariance(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Covariance of the level between days, shape (one, other)."""
        return self.weigh(*_kernels(one, other, self.start))

    def weigh(self, walked: np.ndarray, faded: np.ndarray) -> np.ndarray:
        """The same from kernels made before."""
        covariance: np.ndarray = MEAN_VARIANCE + self.walk * walked + self.deviation * faded
        return covariance


@dataclass(frozen=True, slots=True)
class DayEffects:
    """Day effects after the days were seen.

    Parameters
    ----------
    prior
        As chosen by the likelihood.
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
    """

    prior: LevelPrior
    time: np.ndarray
    terms: np.ndarray
    prior_sd: np.ndarray
    factor: np.ndarray
    weights: np.ndarray
    coefficients: np.ndarray

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
        told: np.ndarray = spread.T @ cho_solve((self.factor, True), spread)
        return np.diag(self.prior_sd**2) - told


def fit_day_effects(
    time: np.ndarray,
    effect: np.ndarray,
    noise: np.ndarray,
    terms: np.ndarray,
    prior_sd: np.ndarray,
    *,
    prior_mean: np.ndarray | None = None,
    prior: LevelPrior | None = None,
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
        Variances of the level; the likeliest when None.
    """
    expected = np.zeros(len(prior_sd)) if prior_mean is None else prior_mean
    effect = effect - terms @ expected
    if prior is None:
        last = slice(-JUDGED_DAYS, None)
        found = _likeliest(time[last], effect[last], noise[last], terms[last], prior_sd)
        prior = replace(found, start=float(time[0]))
    spread = terms * prior_sd**2
    covariance = prior.covariance(time, time) + spread @ terms.T + np.diag(noise + prior.noise)
    factor, _ = cho_factor(covariance, lower=True)
    weights = cho_solve((factor, True), effect)
    return DayEffects(prior, time, terms, prior_sd, factor, weights, expected + spread.T @ weights)


def _likeliest(
    time: np.ndarray, effect: np.ndarray, noise: np.ndarray, terms: np.ndarray, prior_sd: np.ndarray
) -> LevelPrior:
    """The variances under which the effects are likeliest, the coefficients integrated out."""
    step = np.median(np.abs(np.diff(effect))) if len(effect) > 1 else 0.0
    typical = float(step**2) + 1e-6
    start = float(time[0])
    kernels = _kernels(time, time, start)
    known = (terms * prior_sd**2) @ terms.T + np.diag(noise)
    tried = (
        LevelPrior(walk * scale * typical, deviation * scale * typical, scale * typical, start)
        for scale in NOISES
        for walk in WALKS
        for deviation in DEVIATIONS
    )
    return min(tried, key=lambda prior: _surprise(effect, prior.weigh(*kernels) + known, prior.noise))


def _surprise(effect: np.ndarray, covariance: np.ndarray, noise: float) -> float:
    """Minus twice the logarithm of the likelihood, up to a constant."""
    covariance[np.diag_indices_from(covariance)] += noise
    factor = np.linalg.cholesky(covariance)
    white = solve_triangular(factor, effect, lower=True, check_finite=False)
    return float(white @ white + 2 * np.log(np.diag(factor)).sum())


def _kernels(one: np.ndarray, other: np.ndarray, start: float) -> tuple[np.ndarray, np.ndarray]:
    """Covariances of a unit walk and of a unit deviation between days."""
    distance = np.abs(one[:, None] - other[None, :])
    return np.minimum(one[:, None], other[None, :]) - start, FADING**distance
