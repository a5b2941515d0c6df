"""Bayesian linear regression by its textbook formula (Gelman et al. 2013, section 14.8), for tests only."""

from __future__ import annotations

import numpy as np


def posterior(
    design: np.ndarray,
    target: np.ndarray,
    noise: np.ndarray,
    prior_mean: np.ndarray,
    prior_sd: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the coefficients, given the covariance of the noise."""
    told = design.T @ np.linalg.inv(noise)
    before = np.diag(1 / prior_sd**2)
    covariance = np.linalg.inv(before + told @ design)
    mean = covariance @ (before @ prior_mean + told @ target)
    return mean, covariance
