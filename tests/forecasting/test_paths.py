from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.schema import QUANTILE_COLUMNS, QUANTILES
from forecasting.calibration import Calibration
from forecasting.forecast import Forecast
from forecasting.paths import sample_paths
from forecasting.spread import Spread, quantiles
from tests.forecasting.hotline import QUEUE

PATHS = 4000
UNCALIBRATED = Calibration()
PER_DAY = 12


def known_forecast(
    *,
    day_sd: float,
    interval_sd: float,
    correlation: float = 0.3,
    level: float = 30.0,
    calibration: Calibration = UNCALIBRATED,
) -> Forecast:
    mean = np.tile(level * (1 + 0.6 * np.sin(np.arange(PER_DAY))), 3)
    day = np.repeat(np.arange(3), PER_DAY)
    spread = Spread(
        day, np.full(len(mean), day_sd), np.full(len(mean), interval_sd), correlation, calibration
    )
    columns = dict(zip(QUANTILE_COLUMNS, quantiles(mean, spread, QUANTILES).T, strict=True))
    return Forecast(
        queue=QUEUE,
        cutoff=pd.Timestamp("2025-01-06", tz="UTC"),
        first=date(2025, 1, 6),
        days=3,
        frame=pd.DataFrame({"mean": mean, **columns}),
        model="known",
        scores=pd.DataFrame(),
        seed=0,
        data_hash="",
        spread=spread,
    )


@pytest.mark.parametrize("calibration", [UNCALIBRATED, Calibration((0.5, 1.2, 2.6))], ids=["none", "tails"])
@pytest.mark.parametrize(("day_sd", "interval_sd"), [(0.2, 0.1), (0.05, 0.3), (0.0, 0.0)])
@pytest.mark.parametrize("level", [3000.0, 30.0, 0.8], ids=["big", "busy", "small"])
def test_each_interval_is_distributed_as_its_quantiles_say(
    day_sd: float, interval_sd: float, level: float, calibration: Calibration
) -> None:
    known = known_forecast(day_sd=day_sd, interval_sd=interval_sd, level=level, calibration=calibration)
    drawn = sample_paths(known, paths=PATHS, seed=1)
    for column, probability in zip(QUANTILE_COLUMNS, QUANTILES, strict=True):
        # The count whose unit, ± 0.5 around it, the quantile lies in.
        count = np.floor(known.frame[column].to_numpy() + 0.5)
        assert ((drawn <= count).mean(axis=0) > probability - 0.03).all()
        assert ((drawn < count).mean(axis=0) < probability + 0.03).all()


def test_paths_keep_the_mean_of_the_forecast_without_a_calibration() -> None:
    known = known_forecast(day_sd=0.2, interval_sd=0.1)
    drawn = sample_paths(known, paths=PATHS, seed=1)
    np.testing.assert_allclose(drawn.mean(axis=0), known.frame["mean"], rtol=0.03)


def test_the_total_of_a_day_spreads_by_the_day_and_not_only_by_its_intervals() -> None:
    known = known_forecast(day_sd=0.2, interval_sd=0.1)
    drawn = sample_paths(known, paths=PATHS, seed=2)
    mean = known.frame["mean"].to_numpy()[:PER_DAY]
    variance = mean.sum() + 0.2**2 * mean.sum() ** 2 + 0.1**2 * (1 + 0.2**2) * (mean**2).sum()
    assert drawn[:, :PER_DAY].sum(axis=1).std() == pytest.approx(np.sqrt(variance), rel=0.06)


def test_without_a_day_level_intervals_are_independent() -> None:
    drawn = sample_paths(known_forecast(day_sd=0.0, interval_sd=0.3), paths=PATHS, seed=3)
    between = np.corrcoef(drawn[:, :PER_DAY].T)[np.triu_indices(PER_DAY, 1)]
    assert abs(between.mean()) < 0.02


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_days_err_together_as_much_as_their_correlation_says(correlation: float) -> None:
    known = known_forecast(day_sd=0.3, interval_sd=0.01, correlation=correlation, level=3000.0)
    totals = sample_paths(known, paths=PATHS, seed=4).reshape(PATHS, 3, PER_DAY).sum(axis=2)
    assert np.corrcoef(totals.T)[0, 1] == pytest.approx(correlation, abs=0.05)


def test_paths_are_whole_numbers_one_row_a_path_and_repeat_by_their_seed() -> None:
    known = known_forecast(day_sd=0.2, interval_sd=0.1)
    drawn = sample_paths(known, paths=5, seed=7)
    assert drawn.dtype == np.int64
    assert drawn.shape == (5, 36)
    assert (drawn >= 0).all()
    np.testing.assert_array_equal(drawn, sample_paths(known, paths=5, seed=7))
    assert (drawn != sample_paths(known, paths=5, seed=8)).any()


def test_an_interval_with_nothing_expected_gets_nothing() -> None:
    known = known_forecast(day_sd=0.2, interval_sd=0.1)
    empty = replace(
        known, frame=known.frame.assign(mean=known.frame["mean"].where(known.frame.index != 4, 0.0))
    )
    assert (sample_paths(empty, paths=50, seed=1)[:, 4] == 0).all()
