import numpy as np
import pytest

from data.domain import Queue
from scheduling.arguments import Floats
from scheduling.carry_over import carried
from scheduling.demand import LEVEL_WEIGHTS, demand
from scheduling.erlang import answer_rate
from scheduling.minimal_agents import minimal_agents
from scheduling.transient import follow
from tests.oracles.birth_death_in_time import answered_shares
from tests.scheduling.small_forecasts import flat_forecast

MARKET_OPEN = np.array([0.25, 0.25, 1.0, 0.9, 0.75, 0.6, 0.5, 0.35])
AHT_S = 240.0


def market_day(peak: float) -> Floats:
    """Erlangs a quarter of an hour, quiet but for the hours after market open."""
    return peak * np.concatenate((MARKET_OPEN, np.full(96 - MARKET_OPEN.size, 0.2)))


def of_roster(queue: Queue, traffic: Floats, agents: Floats) -> Floats:
    """Answer rate of each quarter of an hour of a day, demand known for sure."""
    asked = demand(queue, flat_forecast(queue, traffic * 900.0 / AHT_S))
    follows = np.arange(traffic.size) > 0
    rows = np.arange(traffic.size)
    return follow(queue, asked, agents, rows=rows, follows=follows, length_s=900.0).share(asked, rows)


@pytest.mark.parametrize("patience_s", [45.0, 600.0])
@pytest.mark.parametrize("staffing", ["each interval's", "the hour's mean", "an eighth too few"])
def test_a_steep_day_is_that_of_the_birth_death_chain(patience_s: float, staffing: str) -> None:
    queue = Queue(id="cards", interval_min=15, patience_s=patience_s)
    traffic = market_day(16.0)
    needed = minimal_agents(traffic, AHT_S, patience_s)
    hourly = np.repeat(np.ceil(needed.reshape(-1, 4).mean(axis=1)), 4)
    agents = {
        "each interval's": needed,
        "the hour's mean": hourly,
        "an eighth too few": np.floor(needed * 0.875),
    }
    kept = slice(0, MARKET_OPEN.size)
    exact = answered_shares(traffic[kept], agents[staffing][kept].astype(float), AHT_S, patience_s, 900.0)
    found = of_roster(queue, traffic, agents[staffing].astype(float))[kept]
    assert np.abs(found - exact).max() < 0.007
    assert abs((found - exact) @ traffic[kept] / traffic[kept].sum()) < 0.001


@pytest.mark.parametrize("patience_s", [45.0, 600.0])
def test_what_curves_carry_takes_most_of_the_error_out_of_steep_days_while_agents_stay(
    patience_s: float,
) -> None:
    traffic = market_day(16.0)[: MARKET_OPEN.size]
    agents = np.full(traffic.size, float(minimal_agents(0.8 * traffic.max(), AHT_S, patience_s)))
    exact = answered_shares(traffic, agents, AHT_S, patience_s, 900.0)
    levels = np.repeat(traffic[:, None], LEVEL_WEIGHTS.size, axis=1)
    follows = np.arange(traffic.size) > 0
    met = carried(levels, np.full(traffic.size, AHT_S), 900.0, follows, LEVEL_WEIGHTS)
    kept = answer_rate(met, agents[:, None], AHT_S, patience_s) @ LEVEL_WEIGHTS
    steady = answer_rate(traffic, agents, AHT_S, patience_s)
    assert np.abs(kept - exact).mean() < 0.4 * np.abs(steady - exact).mean()
    day = [abs((share - exact) @ traffic) / traffic.sum() for share in (kept, steady)]
    assert day[0] < 0.25 * day[1]


def test_a_steady_day_is_erlang_a() -> None:
    queue = Queue(id="cards", interval_min=15, patience_s=150.0)
    found = of_roster(queue, np.full(96, 12.0), np.full(96, 12.4))
    assert found == pytest.approx(float(answer_rate(12.0, 12.4, AHT_S, 150.0)))


def test_what_is_left_waiting_costs_the_next_interval() -> None:
    queue = Queue(id="cards", interval_min=15, patience_s=1800.0)
    agents = np.full(96, 22.0)
    agents[1] = 5.0
    found = of_roster(queue, np.full(96, 20.0), agents)
    assert found[1] < 0.9
    assert found[2] < found[0] - 0.02
    assert found[3] > found[2]


def test_without_agents_nobody_is_answered_and_without_contacts_everybody() -> None:
    queue = Queue(id="cards", interval_min=15)
    traffic, agents = np.full(96, 8.0), np.full(96, 10.0)
    traffic[2], agents[1] = 0.0, 0.0
    found = of_roster(queue, traffic, agents)
    assert found[1] == pytest.approx(0.0, abs=1e-9)
    assert found[2] == 1.0
    assert found[4] > 0.9


def test_chats_at_once_are_servers() -> None:
    chat = Queue(id="chat", interval_min=15, patience_s=150.0, concurrency=3)
    voice = Queue(id="chat", interval_min=15, patience_s=150.0)
    traffic = market_day(24.0)
    assert of_roster(chat, traffic, np.full(96, 8.0)) == pytest.approx(
        of_roster(voice, traffic, np.full(96, 24.0))
    )
