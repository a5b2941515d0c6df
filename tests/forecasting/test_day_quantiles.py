from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.intervals import grid
from data.schema import QUANTILE_COLUMNS, QUANTILES
from forecasting.calibration import Calibration
from forecasting.day_quantiles import day_quantiles
from forecasting.forecast import Forecast
from forecasting.paths import sample_paths
from forecasting.spread import Spread, quantiles
from tests.forecasting.hotline import QUEUE

FIRST = date(2025, 1, 6)
PER_DAY = 20


def known_forecast(day_sd: float, *, level: float = 30.0, calibration: Calibration | None = None) -> Forecast:
    starts = grid(QUEUE, FIRST, 3)["start"]
    mean = np.tile(level * (1 + 0.6 * np.sin(np.arange(PER_DAY))), 3)
    spread = Spread(
        np.repeat(np.arange(3), PER_DAY),
        np.full(len(mean), day_sd),
        np.full(len(mean), 0.1),
        0.3,
        calibration or Calibration(),
    )
    columns = dict(zip(QUANTILE_COLUMNS, quantiles(mean, spread, QUANTILES).T, strict=True))
    return Forecast(
        queue=QUEUE,
        cutoff=starts.iloc[0],
        first=FIRST,
        days=3,
        frame=pd.DataFrame({"queue": QUEUE.id, "start": starts, "mean": mean, "aht_s": 200.0, **columns}),
        model="known",
        scores=pd.DataFrame(),
        seed=4,
        data_hash="",
        spread=spread,
    )


@pytest.mark.parametrize("calibration", [None, Calibration((0.5, 1.5, 2.6))], ids=["none", "wide"])
@pytest.mark.parametrize("level", [30.0, 0.1], ids=["busy", "small"])
def test_a_day_is_distributed_as_other_paths_of_the_same_forecast_say(
    level: float, calibration: Calibration | None
) -> None:
    known = known_forecast(0.2, level=level, calibration=calibration)
    found = day_quantiles(known, paths=4000)
    totals = sample_paths(known, paths=4000, seed=99).reshape(4000, 3, PER_DAY).sum(axis=2)
    spread_out = totals + np.random.default_rng(3).uniform(-0.5, 0.5, totals.shape)
    for column, level_reached in zip(QUANTILE_COLUMNS, QUANTILES, strict=True):
        quantile = found[column].to_numpy()
        below = (spread_out <= quantile).mean(axis=0)
        held = quantile > 0
        np.testing.assert_allclose(below[held], level_reached, atol=0.03)


def test_days_are_read_off_the_very_paths_of_the_forecast() -> None:
    known = known_forecast(0.2)
    totals = sample_paths(known, paths=999, seed=known.seed).reshape(999, 3, PER_DAY).sum(axis=2)
    found = day_quantiles(known, paths=999)
    for column, level in zip(QUANTILE_COLUMNS, QUANTILES, strict=True):
        np.testing.assert_allclose(found[column], np.quantile(totals, level, axis=0), atol=0.5)


def test_a_day_is_no_sum_of_interval_quantiles_and_not_of_independent_intervals() -> None:
    known = known_forecast(0.2)
    found = day_quantiles(known)
    width = (found["q90"] - found["q10"]).to_numpy()
    by_day = known.frame.groupby(known.spread.day)
    summed = (by_day["q90"].sum() - by_day["q10"].sum()).to_numpy()
    apart = np.sqrt(((known.frame["q90"] - known.frame["q10"]) ** 2).groupby(known.spread.day).sum())
    assert (width < 0.95 * summed).all()
    assert (width > 2.0 * apart.to_numpy()).all()


def test_each_open_local_day_has_one_row_with_the_sum_of_its_means() -> None:
    known = known_forecast(0.1)
    found = day_quantiles(known, paths=50)
    assert found.columns.to_list() == ["queue", "date", "mean", *QUANTILE_COLUMNS]
    assert found["date"].to_list() == list(pd.date_range("2025-01-06", periods=3))
    assert set(found["queue"]) == {QUEUE.id}
    np.testing.assert_allclose(found["mean"], known.frame["mean"].groupby(known.spread.day).sum())


def test_the_same_forecast_has_the_same_days_and_another_seed_others() -> None:
    known = known_forecast(0.1)
    pd.testing.assert_frame_equal(day_quantiles(known, paths=50), day_quantiles(known, paths=50))
    other = day_quantiles(replace(known, seed=5), paths=50)
    assert not other["q50"].equals(day_quantiles(known, paths=50)["q50"])


def test_a_day_with_nothing_expected_has_quantiles_of_nothing() -> None:
    known = known_forecast(0.1)
    frame = known.frame.assign(mean=known.frame["mean"].where(known.spread.day != 1, 0.0))
    found = day_quantiles(replace(known, frame=frame), paths=50)
    assert (found.loc[1, list(QUANTILE_COLUMNS)] == 0).all()
    values = found[list(QUANTILE_COLUMNS)].to_numpy()
    assert (values >= 0).all()
    assert (np.diff(values, axis=1) >= 0).all()
