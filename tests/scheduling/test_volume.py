import numpy as np
import pandas as pd
import pytest

from data.domain import Queue
from data.schema import FORECAST, QUANTILE_COLUMNS, QUANTILES, check
from scheduling.demand import demand
from scheduling.volume import at_volume
from tests.scheduling.small_forecasts import day_shape, flat_forecast

CARDS = Queue(id="cards", interval_min=60)
SAMPLES = 200_000


@pytest.mark.parametrize(
    ("mean", "over", "kept"),
    [(12.0, 0.0, 0.9), (12.0, 0.0, 0.25), (40.0, 0.1, 0.6), (300.0, 0.15, 0.25)],
)
def test_quantiles_after_containment_are_those_of_counts_whose_contacts_a_coin_keeps(
    mean: float, over: float, kept: float
) -> None:
    draw = np.random.default_rng(7)
    rates = mean if over == 0 else draw.gamma(1 / over**2, mean * over**2, SAMPLES)
    counts = draw.poisson(rates, SAMPLES)
    # A count is taken as spread over ± 0.5, as in every forecast.
    smear = draw.uniform(-0.5, 0.5, SAMPLES)
    frame = flat_forecast(CARDS, mean).head(1)
    frame[list(QUANTILE_COLUMNS)] = np.quantile(counts + smear, QUANTILES)
    remaining = np.quantile(draw.binomial(counts, kept) + smear, QUANTILES)
    found = at_volume(frame, kept)[list(QUANTILE_COLUMNS)].to_numpy()[0]
    spread = np.ptp(remaining)
    assert found == pytest.approx(remaining, abs=0.04 * spread + 0.15)
    # Scaling alone would be too narrow, by more than the tolerance where thinning matters.
    if over == 0 and kept < 0.5:
        plain = kept * np.ptp(frame[list(QUANTILE_COLUMNS)].to_numpy()[0])
        assert plain < 0.75 * spread


@pytest.mark.parametrize("factor", [0.2, 0.95, 3.0])
@pytest.mark.parametrize("over", [0.0, 0.25])
def test_the_levels_the_curves_are_averaged_over_scale_with_the_volume(factor: float, over: float) -> None:
    forecast = flat_forecast(CARDS, np.geomspace(60.0, 2000.0, 24).tolist(), over=over)
    scaled = at_volume(forecast, factor)
    assert check(scaled, FORECAST) == []
    # What lies below 0 contacts is cut off, which only very small counts notice.
    assert demand(CARDS, scaled).levels == pytest.approx(
        factor * demand(CARDS, forecast).levels, rel=2e-3, abs=0.02
    )


def test_one_change_after_another_is_their_product() -> None:
    forecast = flat_forecast(CARDS, day_shape(500.0, 24), over=0.12)
    busy = forecast.loc[forecast["mean"] > 40].reset_index(drop=True)
    pd.testing.assert_frame_equal(at_volume(at_volume(busy, 0.7), 1.5), at_volume(busy, 0.7 * 1.5))


def test_a_factor_of_one_changes_nothing() -> None:
    forecast = flat_forecast(CARDS, day_shape(80.0, 24), over=0.1)
    pd.testing.assert_frame_equal(at_volume(forecast, 1.0), forecast)


def test_nothing_is_left_where_everything_is_contained() -> None:
    gone = at_volume(flat_forecast(CARDS, 40.0, over=0.1), 0.0)
    assert gone[["mean", *QUANTILE_COLUMNS]].to_numpy().max() == 0.0


def test_an_absent_outer_band_stays_absent() -> None:
    forecast = flat_forecast(CARDS, 40.0).assign(q025=np.nan, q975=np.nan)
    assert at_volume(forecast, 0.5)[["q025", "q975"]].isna().all(axis=None)


def test_quantiles_narrower_than_poisson_stay_sound_when_the_volume_grows() -> None:
    forecast = flat_forecast(CARDS, 40.0)
    for name in QUANTILE_COLUMNS:
        forecast[name] = 40.0 + 0.2 * (forecast[name] - 40.0)
    grown = at_volume(forecast, 3.0)
    assert check(grown, FORECAST) == []
    assert (np.diff(grown[list(QUANTILE_COLUMNS)].to_numpy(), axis=1) > 0).all()
