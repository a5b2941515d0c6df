import numpy as np
import pandas as pd
import pytest

from data.domain import OpeningSpan, Queue, Target
from data.errors import InputError
from data.schema import CURVES, QUANTILE_COLUMNS, check
from scheduling.curves import ERROR, answer_curves
from scheduling.demand import LEVEL_WEIGHTS, demand
from scheduling.erlang import answer_rate
from scheduling.requirement import requirement
from tests.scheduling.small_forecasts import day_shape, flat_forecast

CARDS = Queue(id="cards", interval_min=30, patience_s=150.0)


def exact(queue: Queue, forecast: pd.DataFrame, agents: np.ndarray) -> np.ndarray:
    """Answered per interval (rows) and number of agents (columns), level by level."""
    asked = demand(queue, forecast)
    answered = np.zeros((len(forecast), agents.size))
    for level, weight in enumerate(LEVEL_WEIGHTS):
        share = answer_rate(
            asked.load[:, level][:, None],
            agents,
            asked.aht_s[:, None],
            queue.patience_s,
            concurrency=queue.concurrency,
        )
        answered += weight * asked.levels[:, level][:, None] * share
    return answered


@pytest.mark.parametrize("peak", [0.3, 6.0, 60.0, 500.0, 2500.0])
@pytest.mark.parametrize("over", [0.0, 0.15])
@pytest.mark.parametrize("concurrency", [1, 3])
def test_curves_are_concave_and_within_the_error_of_the_exact_ones_everywhere(
    peak: float, over: float, concurrency: int
) -> None:
    queue = Queue(id="cards", interval_min=60, patience_s=150.0, concurrency=concurrency)
    forecast = flat_forecast(queue, day_shape(peak, 24), over=over)
    curves = answer_curves(queue, forecast)
    assert check(curves, CURVES) == []
    agents = np.arange(0, 1.2 * curves["agents"].max() + 3, 0.25 if peak < 100 else 1.0)
    whole = exact(queue, forecast, agents)
    for row, (_, curve) in enumerate(curves.groupby("start")):
        drawn = np.interp(agents, curve["agents"], curve["answered"])
        below = whole[row] - drawn
        assert below.min() >= -1e-7 * curve["offered"].iloc[0]
        assert below.max() <= ERROR * curve["offered"].iloc[0]
        slopes = np.diff(curve["answered"]) / np.diff(curve["agents"])
        assert (np.diff(slopes) <= 1e-12 * slopes[0]).all()
        assert (slopes > 0).all()
        assert curve["agents"].iloc[0] == curve["answered"].iloc[0] == 0


def test_few_pieces_are_enough() -> None:
    curves = answer_curves(CARDS, flat_forecast(CARDS, 800.0, over=0.1))
    assert curves.groupby("start").size().max() <= 16


@pytest.mark.parametrize(("mean", "over"), [(6.0, 0.0), (60.0, 0.15)])
def test_hardly_fewer_pieces_are_within_the_error(mean: float, over: float) -> None:
    queue = Queue(id="cards", interval_min=60, patience_s=150.0)
    forecast = flat_forecast(queue, mean, over=over).head(1)
    curve = answer_curves(queue, forecast)
    share = exact(queue, forecast, np.arange(curve["agents"].max() + 20))[0] / mean
    fewest = [0]
    for last in range(1, share.size):
        firsts = []
        for first in range(last):
            chord = np.linspace(share[first], share[last], last - first + 1)
            if (share[first : last + 1] - chord).max() <= ERROR:
                firsts.append(fewest[first] + 1)
        fewest.append(min(firsts))
    best = min(count for count, answered in zip(fewest, share, strict=True) if 1 - answered <= ERROR)
    assert len(curve) - 1 <= best + 1


def test_a_larger_error_takes_fewer_pieces() -> None:
    forecast = flat_forecast(CARDS, 800.0)
    assert len(answer_curves(CARDS, forecast, error=0.005)) < len(answer_curves(CARDS, forecast)) / 2


def test_levels_keep_the_mean_of_the_forecast() -> None:
    forecast = flat_forecast(CARDS, day_shape(90.0, 48), over=0.2)
    forecast["q95"] *= 1.3
    asked = demand(CARDS, forecast)
    assert asked.levels @ LEVEL_WEIGHTS == pytest.approx(forecast["mean"].to_numpy())


def test_poisson_scatter_is_not_counted_twice() -> None:
    # Quantiles of plain Poisson counts say nothing beyond what Erlang A already holds.
    asked = demand(CARDS, flat_forecast(CARDS, 40.0))
    assert asked.levels == pytest.approx(40.0)
    wide = demand(CARDS, flat_forecast(CARDS, 400.0, over=0.1)).levels
    spread = np.sqrt(((wide - 400.0) ** 2) @ LEVEL_WEIGHTS)
    assert spread == pytest.approx(0.1 * 400.0, rel=0.05)


def test_uncertainty_costs_answered_contacts() -> None:
    sure, unsure = (answer_curves(CARDS, flat_forecast(CARDS, 400.0, over=over)) for over in (0.0, 0.2))
    agents = 54.0
    at = [
        np.interp(agents, curve["agents"], curve["answered"])
        for curves in (sure, unsure)
        for _, curve in list(curves.groupby("start"))[:1]
    ]
    assert at[1] < 0.98 * at[0]


def test_a_finer_step_splits_each_interval_evenly() -> None:
    forecast = flat_forecast(CARDS, [30.0, 90.0])
    whole = answer_curves(CARDS, forecast)
    fine = answer_curves(CARDS, forecast, step_min=10)
    assert check(fine, CURVES) == []
    assert fine["start"].nunique() == 3 * whole["start"].nunique()
    parts = fine.assign(interval=fine["start"].dt.floor("30min")).groupby(["interval", "agents"])
    summed = parts[["offered", "answered"]].sum()
    expected = whole.set_index(["start", "agents"])[["offered", "answered"]]
    assert summed.to_numpy() == pytest.approx(expected.to_numpy())


def test_an_interval_without_contacts_needs_nobody() -> None:
    curves = answer_curves(CARDS, flat_forecast(CARDS, [0.0, 20.0]))
    empty = curves.loc[curves["offered"] == 0]
    assert len(empty) == 24
    assert empty["agents"].max() == empty["answered"].max() == 0


def test_only_the_queues_own_rows_are_used() -> None:
    other = Queue(id="funds", interval_min=30)
    both = pd.concat([flat_forecast(other, 70.0), flat_forecast(CARDS, 30.0)], ignore_index=True)
    pd.testing.assert_frame_equal(
        answer_curves(CARDS, both), answer_curves(CARDS, flat_forecast(CARDS, 30.0))
    )


def test_closed_hours_have_no_curve() -> None:
    queue = Queue(id="cards", hours=(OpeningSpan(open_min=540, close_min=600),))
    assert answer_curves(queue, flat_forecast(queue, 10.0))["start"].nunique() == 2


def test_quantiles_of_zero_fall_back_on_the_mean() -> None:
    forecast = flat_forecast(CARDS, 0.2)
    forecast[list(QUANTILE_COLUMNS)] = 0.0
    assert demand(CARDS, forecast).levels == pytest.approx(0.2)


def test_a_forecast_without_the_queue_is_refused() -> None:
    with pytest.raises(InputError, match="queue 'cards': the forecast has no interval of it"):
        answer_curves(CARDS, flat_forecast(Queue(id="funds"), 3.0))


@pytest.mark.parametrize("aht_s", [0.0, -240.0, np.nan, np.inf])
def test_contacts_without_a_handle_time_are_refused(aht_s: float) -> None:
    forecast = flat_forecast(CARDS, 3.0)
    forecast.loc[5, "aht_s"] = aht_s
    with pytest.raises(
        InputError,
        match=rf"queue 'cards': aht_s at 2026-03-02 02:30:00\+00:00 must be above 0.* not {aht_s:g}",
    ):
        answer_curves(CARDS, forecast)


@pytest.mark.parametrize("mean", [-1.0, np.nan, np.inf])
def test_contacts_that_cannot_be_counted_are_refused(mean: float) -> None:
    forecast = flat_forecast(CARDS, 3.0)
    forecast.loc[5, "mean"] = mean
    with pytest.raises(
        InputError, match=rf"queue 'cards': contacts offered at 2026-03-02 02:30:00\+00:00 .* not {mean:g}"
    ):
        answer_curves(CARDS, forecast)


def test_the_handle_time_of_no_contacts_does_not_matter() -> None:
    forecast = flat_forecast(CARDS, 3.0)
    forecast.loc[5, ["mean", "aht_s"]] = 0.0
    assert (answer_curves(CARDS, forecast)["offered"] == 0).sum() == 1


def test_a_target_of_everybody_is_refused() -> None:
    queue = Queue(id="cards", target=Target(answer_rate=1.0))
    with pytest.raises(InputError, match=r"queue 'cards': answer_rate 1\.0 cannot be reached"):
        answer_curves(queue, flat_forecast(queue, 3.0))


def test_a_step_that_does_not_divide_the_interval_is_refused() -> None:
    with pytest.raises(
        InputError, match="queue 'cards': a step of 20 min does not divide its interval of 30"
    ):
        answer_curves(CARDS, flat_forecast(CARDS, 3.0), step_min=20)


@pytest.mark.parametrize(
    "besides",
    [
        {"service_level": 0.8, "threshold_s": 20.0},
        {"max_asa_s": 10.0},
        {"max_occupancy": 0.6},
        {"min_agents": 4},
    ],
    ids=["service level", "mean wait", "occupancy", "staff"],
)
def test_least_agents_of_a_curve_are_what_the_requirement_has_besides_the_rate(
    besides: dict[str, float],
) -> None:
    one = Queue(
        id="cards",
        interval_min=60,
        target=Target(answer_rate=0.0, interval_floor=0.0, **besides),  # type: ignore[arg-type] # a test's shorthand
    )
    forecast = flat_forecast(one, [0.0, 5.0, 60.0, 20.0])
    curves = answer_curves(one, forecast, step_min=30)
    least = curves.groupby("start")["least_agents"].first().to_numpy()
    needed = requirement(one, forecast)["agents"].to_numpy().repeat(2)
    if "min_agents" in besides:
        assert np.isnan(least).all()
        assert (needed == 4).all()
    else:
        assert least.tolist() == needed.tolist()
        assert least.max() > 1
