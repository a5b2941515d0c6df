from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.domain import Peak, PeakKind
from forecasting.models.day_effects import FADINGS, MEAN_VARIANCE, LevelPrior, fit_day_effects
from forecasting.priors import KIND_PRIORS, kind_prior, peak_prior
from tests.oracles.bayes_regression import posterior
from tests.oracles.gaussian_effects import level_covariance

DAY = date(2025, 3, 3)


def test_every_kind_has_a_prior() -> None:
    assert set(KIND_PRIORS) == set(PeakKind)


@pytest.mark.parametrize("kind", PeakKind)
def test_a_prior_fades_with_the_distance_from_the_date(kind: PeakKind) -> None:
    for side in (-1, 1):
        near, far = kind_prior(kind, side), kind_prior(kind, 3 * side)
        assert abs(far.mean) <= abs(near.mean)
        assert 0 < far.sd < near.sd <= kind_prior(kind, 0).sd


def test_without_a_guess_a_peak_has_the_prior_of_its_kind() -> None:
    peak = Peak(id="p", kind=PeakKind.PAYDAY, dates={DAY: None})
    assert peak_prior(peak, 1) == kind_prior(PeakKind.PAYDAY, 1)


def test_a_guess_is_the_mean_of_the_date_and_scales_the_days_around_it() -> None:
    peak = Peak(id="p", kind=PeakKind.CAMPAIGN, dates={DAY: None}, expected_uplift=0.5)
    kind = KIND_PRIORS[PeakKind.CAMPAIGN]
    assert np.expm1(peak_prior(peak, 0).mean) == pytest.approx(0.5)
    after = peak_prior(peak, 1).mean
    assert after / peak_prior(peak, 0).mean == pytest.approx(kind.after.mean / kind.on.mean)


def test_a_guess_may_say_how_unsure_it_is() -> None:
    sure = Peak(id="p", kind=PeakKind.EVENT, dates={DAY: None}, expected_uplift=0.25, expected_sd=0.1)
    assert peak_prior(sure, 0).sd == pytest.approx(0.1 / 1.25)


def test_coefficients_are_those_of_bayesian_regression() -> None:
    generator = np.random.default_rng(3)
    time, terms = np.arange(9.0), generator.random((9, 3))
    effect, noise = generator.standard_normal(9), generator.random(9)
    mean, sd = np.array([0.4, -0.3, 0.0]), np.array([0.2, 0.5, 0.1])
    deviations = (0.05, 0.0, 0.02)
    # So noisy that no day counts as an outlier.
    prior = LevelPrior(walk=0.02, deviations=deviations, noise=2.0, start=0.0)
    level = {
        "walk": 0.02,
        "deviations": dict(zip(FADINGS, deviations, strict=True)),
        "start": 0.0,
        "mean_variance": MEAN_VARIANCE,
    }
    rest = np.array([[level_covariance(a, b, **level) for b in time] for a in time])
    rest += np.diag(noise + prior.noise)
    found = fit_day_effects(time, effect, noise, terms, sd, prior_mean=mean, prior=prior)
    expected, covariance = posterior(terms, effect, rest, mean, sd)
    np.testing.assert_allclose(found.coefficients, expected)
    np.testing.assert_allclose(found.coefficient_covariance(), covariance)
