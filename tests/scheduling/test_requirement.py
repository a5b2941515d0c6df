from datetime import date
from itertools import product

import numpy as np
import pandas as pd
import pytest

from data.domain import OpeningSpan, Period, Queue, ServiceLevelFormula, Target
from data.errors import InputError
from data.schema import REQUIREMENT, check
from scheduling.curves import answer_curves
from scheduling.erlang import erlang_a
from scheduling.pieces import pieces
from scheduling.requirement import requirement
from tests.scheduling.small_forecasts import day_shape, flat_forecast

HOURS = (OpeningSpan(open_min=540, close_min=720),)


def queue_with(**target: object) -> Queue:
    return Queue(id="cards", interval_min=60, patience_s=120.0, hours=HOURS, target=Target(**target))


def test_with_a_target_per_interval_each_one_reaches_it_and_one_agent_fewer_does_not() -> None:
    queue = Queue(id="cards", target=Target(period=Period.INTERVAL), patience_s=120.0)
    forecast = flat_forecast(queue, day_shape(80.0, 48))
    needed = requirement(queue, forecast)
    assert check(needed, REQUIREMENT) == []
    traffic = forecast["mean"].to_numpy() * 240.0 / 1800.0
    assert (needed["answer_rate"] >= 0.95).all()
    fewer = erlang_a(traffic, needed["agents"].to_numpy() - 1, 240.0, 120.0).answer_rate
    # The curve may lie 0.05 % of the offered below the exact one.
    assert (fewer < 0.95 + 0.0005).all()


@pytest.mark.parametrize("rate", [0.85, 0.95, 0.98])
def test_over_a_day_no_smaller_number_of_agents_reaches_the_rate(rate: float) -> None:
    queue = queue_with(answer_rate=rate, interval_floor=0.6)
    forecast = flat_forecast(queue, [9.0, 40.0, 18.0])
    curves = answer_curves(queue, forecast)
    drawn = pieces(curves, "cards")
    least = None
    for agents in product(range(12), repeat=3):
        answered = drawn.at(np.array(agents, dtype=float))
        held = (answered >= 0.6 * drawn.offered).all() and answered.sum() >= rate * drawn.offered.sum()
        if held and (least is None or sum(agents) < least):
            least = sum(agents)
    assert requirement(queue, forecast, curves)["agents"].sum() == least


@pytest.mark.parametrize(
    ("period", "local_span"),
    [(Period.DAY, "D"), (Period.WEEK, "W-SUN"), (Period.MONTH, "M")],
)
def test_every_local_span_reaches_the_rate_with_none_to_spare(period: Period, local_span: str) -> None:
    queue = Queue(
        id="cards",
        timezone="Asia/Shanghai",
        interval_min=60,
        target=Target(period=period, interval_floor=0.5),
    )
    forecast = flat_forecast(queue, day_shape(70.0, 24), first=date(2026, 3, 27), days=9, over=0.1)
    forecast["mean"] *= np.linspace(0.6, 1.4, len(forecast))
    needed = requirement(queue, forecast)
    local = forecast["start"].dt.tz_convert("Asia/Shanghai").dt.tz_localize(None).dt.to_period(local_span)
    sums = pd.DataFrame(
        {
            "offered": forecast["mean"],
            "answered": needed["answer_rate"] * forecast["mean"],
            "largest": forecast["mean"] / needed["agents"],
        }
    ).groupby(local)
    rates = sums["answered"].sum() / sums["offered"].sum()
    assert len(rates) == {"D": 9, "W-SUN": 2, "M": 2}[local_span]
    assert (rates >= 0.95).all()
    # One agent for one interval answers at most AHT-many contacts: no span may exceed its rate by more.
    assert ((rates - 0.95) * sums["offered"].sum() <= 3600.0 / 240.0 + 1.0).all()


def test_a_longer_span_never_needs_more_agents() -> None:
    totals = []
    for period in (Period.INTERVAL, Period.DAY, Period.WEEK):
        queue = Queue(id="cards", interval_min=60, target=Target(period=period))
        forecast = flat_forecast(queue, day_shape(70.0, 24), days=7)
        totals.append(requirement(queue, forecast)["agents"].sum())
    assert totals[0] > totals[1] >= totals[2]


def test_no_interval_falls_below_the_floor_or_the_minimum() -> None:
    queue = Queue(
        id="cards", interval_min=60, target=Target(answer_rate=0.9, interval_floor=0.85, min_agents=3)
    )
    needed = requirement(queue, flat_forecast(queue, day_shape(70.0, 24)))
    assert needed["answer_rate"].min() >= 0.85
    assert needed["agents"].min() == 3


@pytest.mark.parametrize(
    ("target", "column", "worst", "bound"),
    [
        ({"service_level": 0.9, "threshold_s": 15.0}, "service_level", "min", 0.9),
        ({"max_asa_s": 4.0}, "asa_s", "max", 4.0),
        ({"max_occupancy": 0.7}, "occupancy", "max", 0.7),
    ],
)
def test_further_targets_hold_in_every_interval(
    target: dict[str, float], column: str, worst: str, bound: float
) -> None:
    loose, tight = queue_with(answer_rate=0.8), queue_with(answer_rate=0.8, **target)
    forecast = flat_forecast(loose, [30.0, 90.0, 50.0], over=0.1)
    before = getattr(requirement(loose, forecast)[column], worst)()
    after = getattr(requirement(tight, forecast)[column], worst)()
    assert after >= bound if worst == "min" else after <= bound
    assert before < bound if worst == "min" else before > bound


def test_measures_are_those_of_erlang_a() -> None:
    queue = queue_with()
    needed = requirement(queue, flat_forecast(queue, 30.0))
    expected = erlang_a(30.0 * 240.0 / 3600.0, needed["agents"], 240.0, 120.0, threshold_s=20.0)
    for column in ("answer_rate", "asa_s", "occupancy"):
        assert needed[column].to_numpy() == pytest.approx(getattr(expected, column)), column
    assert needed["service_level"].to_numpy() == pytest.approx(expected.answered_in_time)


@pytest.mark.parametrize("formula", ServiceLevelFormula)
def test_a_service_level_is_required_by_the_formula_of_the_target(formula: ServiceLevelFormula) -> None:
    asked = {"service_level": 0.85, "threshold_s": 15.0, "service_level_formula": formula}
    queue = queue_with(answer_rate=0.5, period=Period.INTERVAL, interval_floor=0.0, **asked)
    needed = requirement(queue, flat_forecast(queue, 30.0))
    levels = [
        erlang_a(30.0 * 240.0 / 3600.0, needed["agents"] - fewer, 240.0, 120.0, threshold_s=15.0)
        for fewer in (0, 1)
    ]
    assert needed["service_level"].to_numpy() == pytest.approx(levels[0].service_level(formula))
    assert needed["service_level"].min() >= 0.85
    assert levels[1].service_level(formula).max() < 0.85


def test_staff_are_agents_over_one_minus_shrinkage() -> None:
    queue = Queue(id="cards", shrinkage=0.25)
    needed = requirement(queue, flat_forecast(queue, 30.0))
    assert needed["staff"].to_numpy() == pytest.approx(needed["agents"].to_numpy() / 0.75)


def test_nothing_offered_needs_nobody_and_counts_as_all_answered() -> None:
    queue = Queue(id="cards")
    needed = requirement(queue, flat_forecast(queue, 0.0))
    assert needed["agents"].max() == 0
    assert needed["answer_rate"].min() == needed["service_level"].min() == 1.0


def test_curves_of_another_step_are_refused() -> None:
    queue = Queue(id="cards")
    forecast = flat_forecast(queue, 30.0)
    with pytest.raises(
        InputError, match="queue 'cards': the answer curves are not of the forecast's intervals"
    ):
        requirement(queue, forecast, answer_curves(queue, forecast, step_min=15))


@pytest.mark.parametrize(
    "target",
    [
        {"answer_rate": 1.0},
        {"interval_floor": 1.0},
        {"service_level": 1.0, "threshold_s": 20.0},
        {"max_occupancy": 0.0},
        {"max_asa_s": 0.0},
    ],
)
def test_a_target_no_number_of_agents_reaches_is_refused(target: dict[str, float]) -> None:
    queue = queue_with(**target)
    with pytest.raises(InputError, match=r"queue 'cards': .* cannot be reached by any number of agents"):
        requirement(queue, flat_forecast(queue, 5.0))
