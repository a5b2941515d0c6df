from __future__ import annotations

import json
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from data.schema import QUANTILES
from forecasting.calibration import Calibration
from forecasting.counts import quantile
from forecasting.dispersion import Dispersion
from forecasting.spread import Spread, quantiles, spread_over

limits = st.lists(st.floats(0, 6), min_size=3, max_size=3).map(
    lambda found: Calibration(tuple(sorted(found)))
)


@given(mean=st.floats(0, 1e5), day_sd=st.floats(0, 1), interval_sd=st.floats(0, 1), calibration=limits)
def test_quantiles_are_finite_increasing_and_not_negative(
    mean: float, day_sd: float, interval_sd: float, calibration: Calibration
) -> None:
    spread = Spread(np.array([0]), np.array([day_sd]), np.array([interval_sd]), 0.5, calibration)
    (row,) = quantiles(np.array([mean]), spread, QUANTILES)
    assert np.isfinite(row).all()
    assert (row >= 0).all()
    assert (np.diff(row) >= 0).all()


def test_nothing_expected_has_no_spread() -> None:
    spread = Spread(np.zeros(1, int), np.array([0.3]), np.array([0.2]), 0.5)
    assert quantiles(np.array([0.0]), spread, QUANTILES).tolist() == [[0.0] * len(QUANTILES)]


def test_a_calibration_widens_every_band_by_what_it_says() -> None:
    wide = Calibration(tuple(float(1.5 * limit) for limit in Calibration().limits))
    spread = Spread(np.zeros(1, int), np.array([0.3]), np.array([0.2]), 0.5, wide)
    assumed = Spread(np.zeros(1, int), np.array([0.3]), np.array([0.2]), 0.5)
    mean = np.array([50.0])
    (row,) = quantiles(mean, spread, (0.1, 0.5, 0.9))
    further = 0.5 * math.erfc(1.5 * ndtri(0.9) / math.sqrt(2))
    expected = quantile(np.array([further, 0.5, 1 - further]), 50.0, spread.variance)
    np.testing.assert_allclose(row, expected)
    assert row[0] < quantiles(mean, assumed, (0.1,))[0, 0]


def test_the_spread_widens_with_the_lead_up_to_half_a_year() -> None:
    dispersion = Dispersion(0.01, 0.0001, np.array([0.0]), 0.5)
    lead = np.array([1, 100, 182, 700])
    sd = spread_over(dispersion, np.arange(4), lead, np.zeros(4, int)).day_sd
    assert math.isclose(sd[0], math.sqrt(0.0101))
    assert sd[0] < sd[1] < sd[2] == sd[3]


def test_a_spread_survives_the_way_through_json() -> None:
    calibration = Calibration((0.5, 1.2, 2.5))
    spread = Spread(
        np.array([0, 0, 1]), np.array([0.1, 0.1, 0.2]), np.array([0.3, 0.1, 0.2]), 0.25, calibration
    )
    again = Spread.from_document(json.loads(json.dumps(spread.document())))
    np.testing.assert_array_equal(again.day, spread.day)
    np.testing.assert_array_equal(again.variance, spread.variance)
    assert again.day_correlation == spread.day_correlation
    assert again.calibration == calibration


def test_a_spread_of_the_first_versions_reads_as_one_without_calibration() -> None:
    stored = {"day": [0, 0], "day_sd": [0.1, 0.1], "interval_sd": [0.2, 0.3], "day_correlation": 0.25}
    assert Spread.from_document(stored).calibration == Calibration()
