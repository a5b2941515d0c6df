from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.domain import Channel, OpeningSpan, Period, Queue, Target
from data.errors import InputError
from data.shrinkage import Shrinkage
from scheduling.curves import answer_curves
from scheduling.deferred import plan_deferred
from scheduling.price_of_a_point import PRICE, RATES, price_in_total, price_of_a_point
from scheduling.requirement import requirement
from tests.scheduling.small_forecasts import day_shape, flat_forecast

HOURS = (OpeningSpan(open_min=480, close_min=1080),)
FEW = (0.85, 0.93, 0.99)


def queue_over(period: Period, **target: object) -> Queue:
    return Queue(
        id="cards",
        interval_min=60,
        patience_s=150.0,
        timezone="Asia/Shanghai",
        hours=HOURS,
        target=Target(period=period, **{"interval_floor": 0.7, **target}),  # type: ignore[arg-type] - fields of a target
    )


def forecast_of(queue: Queue, days: int = 3) -> pd.DataFrame:
    return flat_forecast(queue, day_shape(90.0, 10), first=date(2026, 3, 28), days=days, over=0.1)


@pytest.mark.parametrize("period", list(Period))
def test_whole_hours_at_every_rate_are_those_of_the_requirement_for_that_target(period: Period) -> None:
    queue = replace(queue_over(period), shrinkages=(Shrinkage(cause="training", share=0.3, open_min=600),))
    forecast = forecast_of(queue)
    prices = price_of_a_point([queue], forecast, rates=FEW).set_index("answer_rate")
    for rate in FEW:
        asked = replace(queue, target=replace(queue.target, answer_rate=rate))
        needed = requirement(asked, forecast)
        assert prices.loc[rate, "whole_agent_h"] == needed["agents"].sum(), rate
        assert prices.loc[rate, "whole_staff_h"] == pytest.approx(needed["staff"].sum()), rate


@pytest.mark.parametrize("period", list(Period))
def test_every_point_costs_at_least_as_much_as_the_one_before(period: Period) -> None:
    queue = replace(queue_over(period), shrinkage=0.25)
    prices = price_of_a_point([queue], forecast_of(queue))
    assert prices["answer_rate"].tolist() == list(RATES)
    for measure in ("agent_h", "staff_h", "cost"):
        extra = prices[f"extra_{measure}"].to_numpy()[1:]
        assert (extra > 0).all(), measure
        assert (np.diff(extra) > -1e-9).all(), measure


@pytest.mark.parametrize("period", [Period.DAY, Period.WEEK, Period.MONTH])
def test_whole_agents_take_less_than_one_agent_an_interval_more_in_each_span(period: Period) -> None:
    queue = queue_over(period)
    prices = price_of_a_point([queue], forecast_of(queue, days=6))
    spans = {"day": 6, "week": 2, "month": 2}[period.value]
    more = (prices["whole_agent_h"] - prices["agent_h"]).to_numpy()
    assert (more > -1e-9).all()
    assert (more < spans).all()
    assert more.max() > 0.1


def test_no_division_of_fewer_agents_answers_as_much() -> None:
    queue = queue_over(Period.DAY, interval_floor=0.0)
    forecast = forecast_of(queue, days=1)
    curves = answer_curves(queue, forecast)
    found = price_of_a_point([queue], forecast, rates=[0.9], curves=curves)["agent_h"].iloc[0]
    assert found == pytest.approx(least_by_linear_programme(curves, 0.9), rel=1e-7)


def least_by_linear_programme(curves: pd.DataFrame, rate: float) -> float:
    """Least agents whose curves reach the rate: agents and answered per interval, a row for each piece."""
    from scipy.optimize import linprog

    groups = [rows for _, rows in curves.groupby("start")]
    n = len(groups)
    above, bound = [], []
    for place, rows in enumerate(groups):
        agents, answered = rows["agents"].to_numpy(), rows["answered"].to_numpy()
        slope = np.append(np.diff(answered) / np.diff(agents), 0.0)
        for at, value, rise in zip(agents, answered, slope, strict=True):
            line = np.zeros(2 * n)
            line[place], line[n + place] = -rise, 1.0
            above.append(line)
            bound.append(value - rise * at)
    offered = sum(rows["offered"].iloc[0] for rows in groups)
    above.append(np.concatenate((np.zeros(n), -np.ones(n))))
    bound.append(-rate * offered)
    solved = linprog(np.concatenate((np.ones(n), np.zeros(n))), A_ub=np.array(above), b_ub=np.array(bound))
    return float(solved.fun)


def test_a_floor_that_asks_for_more_makes_the_first_points_free() -> None:
    queue = queue_over(Period.DAY, interval_floor=0.9)
    prices = price_of_a_point([queue], forecast_of(queue))
    assert (prices["extra_agent_h"].to_numpy()[1:5] == 0).all()
    assert prices["extra_agent_h"].iloc[-1] > 0


def test_other_targets_hold_at_every_rate() -> None:
    plain, strict = queue_over(Period.DAY), queue_over(Period.DAY, max_occupancy=0.6)
    forecast = forecast_of(plain)
    hours = [price_of_a_point([queue], forecast)["agent_h"].iloc[0] for queue in (plain, strict)]
    assert hours[1] > hours[0]


def test_totals_are_the_sums_of_the_queues_with_their_own_costs() -> None:
    cards = queue_over(Period.DAY)
    vip = replace(cards, id="vip", skill="vip", interval_min=30)
    forecast = pd.concat([forecast_of(cards), forecast_of(vip)], ignore_index=True)
    prices = price_of_a_point([cards, vip], forecast, rates=FEW, cost_per_h={"cards": 2.0, "vip": 3.0})
    assert list(prices.columns) == PRICE
    by_queue = {name: rows.reset_index(drop=True) for name, rows in prices.groupby("queue")}
    total = price_in_total(prices)
    assert total["agent_h"].to_numpy() == pytest.approx(
        by_queue["cards"]["agent_h"] + by_queue["vip"]["agent_h"]
    )
    assert total["cost"].to_numpy() == pytest.approx(
        2.0 * by_queue["cards"]["staff_h"] + 3.0 * by_queue["vip"]["staff_h"]
    )
    assert total["extra_cost"].to_numpy()[1:] == pytest.approx(np.diff(total["cost"]))
    assert total["extra_cost"].isna().tolist() == [True, False, False]


def test_nothing_offered_costs_nothing_at_any_rate() -> None:
    queue = queue_over(Period.DAY)
    prices = price_of_a_point([queue], flat_forecast(queue, 0.0))
    assert prices[["agent_h", "staff_h", "cost", "whole_agent_h"]].to_numpy().max() == 0


@pytest.mark.parametrize("rates", [(), (0.9, 0.9), (0.95, 0.9), (0.9, 1.0), (-0.1, 0.5), (float("nan"),)])
def test_rates_out_of_order_or_bounds_are_refused(rates: tuple[float, ...]) -> None:
    queue = queue_over(Period.DAY)
    with pytest.raises(InputError, match="answer rates ascend from 0 to below 1"):
        price_of_a_point([queue], forecast_of(queue, days=1), rates=rates)


def test_a_rate_beyond_given_curves_is_refused_with_its_queue() -> None:
    queue = queue_over(Period.DAY)
    forecast = forecast_of(queue, days=1)
    curves = answer_curves(queue, forecast)
    with pytest.raises(InputError, match=r"queue 'cards': an answer rate of 0\.9999 lies beyond"):
        price_of_a_point([queue], forecast, rates=[0.9, 0.9999], curves=curves)
    assert price_of_a_point([queue], forecast, rates=[0.9, 0.9999])["agent_h"].is_monotonic_increasing


def test_contacts_that_can_wait_are_priced_by_their_requirement() -> None:
    queue = Queue(id="mail", channel=Channel.DEFERRED, interval_min=60, hours=HOURS, shrinkage=0.2)
    forecast = plan_deferred([queue], flat_forecast(queue, 12.0, days=2, over=0.3))
    prices = price_of_a_point([queue], forecast, rates=(0.85, 0.9, 0.95, 0.99999))
    for rate, hours in zip(prices["answer_rate"], prices["staff_h"], strict=True):
        asked = replace(queue, target=replace(queue.target, answer_rate=rate))
        assert hours == pytest.approx(requirement(asked, forecast)["staff"].sum())
    assert (np.diff(prices["extra_agent_h"].to_numpy()[1:]) > -1e-9).all()
    assert prices["agent_h"].iloc[-1] > prices["agent_h"].iloc[0]
