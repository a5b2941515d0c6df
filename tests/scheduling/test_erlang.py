import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from scheduling.erlang import answer_rate, erlang_a, erlang_b, erlang_c
from scheduling.minimal_agents import minimal_agents
from tests.oracles.birth_death import steady_state

MEASURES = (
    "answer_rate",
    "wait_probability",
    "mean_wait_s",
    "asa_s",
    "occupancy",
    "service_level",
)


@pytest.mark.parametrize("traffic", [0.001, 0.1, 2.0, 30.0, 480.0, 3000.0, 10_000.0])
@pytest.mark.parametrize("load", [0.6, 0.95, 1.0, 1.05, 1.5])
@pytest.mark.parametrize("patience_s", [12.0, 180.0, 4800.0])
def test_erlang_a_agrees_with_the_birth_death_chain_to_a_billionth(
    traffic: float, load: float, patience_s: float
) -> None:
    servers = max(1, round(traffic / load))
    expected = steady_state(traffic, servers, 240.0, patience_s, 20.0)
    found = erlang_a(traffic, servers, 240.0, patience_s, threshold_s=20.0)
    for name in MEASURES:
        assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-9, abs=1e-14), name
    quick = answer_rate(traffic, servers, 240.0, patience_s)
    assert quick == pytest.approx(expected.answer_rate, rel=1e-12)


# Blocking of 1 %, 2 % and 0.1 % in the printed Erlang B tables, to their figures.
@pytest.mark.parametrize(
    ("servers", "traffic", "blocked"),
    [
        (10, 4.4612, 0.01),
        (20, 12.031, 0.01),
        (50, 37.901, 0.01),
        (100, 84.064, 0.01),
        (10, 5.0840, 0.02),
        (50, 40.255, 0.02),
        (10, 3.0920, 0.001),
        (100, 75.242, 0.001),
    ],
)
def test_erlang_b_is_the_printed_table(servers: int, traffic: float, blocked: float) -> None:
    assert erlang_b(traffic, servers) == pytest.approx(blocked, rel=4e-4)


@pytest.mark.parametrize(
    ("servers", "traffic", "waiting"), [(2, 1, 1 / 3), (3, 2, 4 / 9), (6, 5, 0.5875), (10, 8, 0.4092)]
)
def test_erlang_c_is_the_textbooks_value(servers: int, traffic: float, waiting: float) -> None:
    assert erlang_c(traffic, servers) == pytest.approx(waiting, abs=5e-5)


def test_erlang_a_is_the_example_of_garnett_mandelbaum_and_reiman() -> None:
    # 48 calls a minute of one minute, 50 agents, patience two minutes: 3.1 % abandon, mean wait 3.7 s;
    # without abandonment the mean wait is 20.8 s.
    found = erlang_a(48.0, 50, 60.0, 120.0)
    assert 1 - found.answer_rate == pytest.approx(0.031, abs=0.0005)
    assert found.mean_wait_s == pytest.approx(3.7, abs=0.05)
    assert erlang_c(48.0, 50) * 60.0 / (50 - 48) == pytest.approx(20.8, abs=0.05)


def test_erlang_a_becomes_erlang_c_with_endless_patience() -> None:
    found = erlang_a(8.0, 10, 240.0, 1e9, threshold_s=20.0)
    waiting = erlang_c(8.0, 10)
    assert found.wait_probability == pytest.approx(waiting, rel=1e-5)
    assert found.service_level == pytest.approx(1 - waiting * math.exp(-2 * 20 / 240), rel=1e-5)


def test_erlang_a_becomes_erlang_b_without_patience() -> None:
    assert 1 - answer_rate(8.0, 10, 240.0, 1e-6) == pytest.approx(float(erlang_b(8.0, 10)), rel=1e-6)


def test_fractional_agents_share_the_time_between_whole_ones() -> None:
    below, above = (erlang_a(4.0, n, 240.0, 120.0) for n in (4, 5))
    between = erlang_a(4.0, 4.25, 240.0, 120.0)
    mixed = 0.75 * below.answer_rate + 0.25 * above.answer_rate
    assert between.answer_rate == pytest.approx(float(mixed))
    assert between.occupancy == pytest.approx(4.0 * float(mixed) / 4.25)
    waits = 0.75 * below.answer_rate * below.asa_s + 0.25 * above.answer_rate * above.asa_s
    assert between.asa_s == pytest.approx(float(waits / mixed))
    assert erlang_b(4.0, 4.25) == pytest.approx(float(0.75 * erlang_b(4.0, 4) + 0.25 * erlang_b(4.0, 5)))


def test_a_chat_agent_with_three_chats_is_three_servers() -> None:
    assert answer_rate(9.0, 4, 300.0, 60.0, concurrency=3) == answer_rate(9.0, 12, 300.0, 60.0)
    assert erlang_a(9.0, 4, 300.0, 60.0, concurrency=3).occupancy == pytest.approx(
        float(erlang_a(9.0, 12, 300.0, 60.0).occupancy)
    )
    assert minimal_agents(9.0, 300.0, 60.0, concurrency=3) == math.ceil(minimal_agents(9.0, 300.0, 60.0) / 3)


def test_nothing_offered_is_all_answered_by_nobody() -> None:
    found = erlang_a([0.0, 0.0], [0, 3], 240.0, 180.0)
    assert found.answer_rate.tolist() == found.service_level.tolist() == [1.0, 1.0]
    assert found.asa_s.tolist() == found.occupancy.tolist() == [0.0, 0.0]
    assert minimal_agents(0.0, 240.0, 180.0) == 0
    assert erlang_b(0.0, [0, 1]).tolist() == [1.0, 0.0]


def test_without_agents_nobody_is_answered_and_everybody_waits_out_its_patience() -> None:
    found = erlang_a(5.0, 0, 240.0, 180.0)
    assert (found.answer_rate, found.wait_probability, found.mean_wait_s) == (0.0, 1.0, pytest.approx(180.0))
    assert math.isnan(found.asa_s)


@pytest.mark.parametrize("patience_s", [30.0, 180.0, 900.0])
def test_minimal_agents_reach_the_rate_and_one_fewer_does_not(patience_s: float) -> None:
    traffic = np.concatenate(([0.001, 0.05, 9_000.0], np.linspace(0.3, 500, 60)))
    least = minimal_agents(traffic, 240.0, patience_s, answer_rate=0.95)
    assert (answer_rate(traffic, least, 240.0, patience_s) >= 0.95).all()
    assert (answer_rate(traffic, least - 1, 240.0, patience_s) < 0.95).all()


def test_minimal_agents_are_at_least_the_given_minimum() -> None:
    assert minimal_agents([0.0, 1.0, 80.0], 240.0, 120.0, min_agents=7).tolist() == [7, 7, 81]


def test_minimal_agents_at_80_erlangs_are_those_of_the_trial() -> None:
    assert minimal_agents(80.0, 240.0, [60.0, 120.0, 240.0]).tolist() == [82, 81, 80]


@pytest.mark.parametrize(
    ("target", "measure", "holds"),
    [
        ({"service_level": 0.8, "threshold_s": 20.0}, "service_level", lambda value: value >= 0.8),
        ({"max_asa_s": 5.0}, "asa_s", lambda value: value <= 5.0),
        ({"max_occupancy": 0.8}, "occupancy", lambda value: value <= 0.8),
    ],
)
def test_minimal_agents_for_a_further_target_are_the_least(
    target: dict[str, float], measure: str, holds: Callable[[np.ndarray], np.ndarray]
) -> None:
    traffic = np.array([0.01, 0.9, 5.0, 60.0])
    least = minimal_agents(traffic, 240.0, 180.0, answer_rate=0.9, **target)
    plain = minimal_agents(traffic, 240.0, 180.0, answer_rate=0.9)
    assert holds(getattr(erlang_a(traffic, least, 240.0, 180.0), measure)).all()
    more = least > plain
    assert more.any()
    fewer = getattr(erlang_a(traffic, least - 1, 240.0, 180.0), measure)
    assert not holds(fewer[more]).any()


@given(
    traffic=st.floats(0.001, 300),
    agents=st.integers(1, 330),
    aht_s=st.floats(10, 2000),
    patience_s=st.floats(5, 5000),
)
@settings(max_examples=100, deadline=None)
def test_the_answer_rate_rises_with_agents_and_ever_less(
    traffic: float, agents: int, aht_s: float, patience_s: float
) -> None:
    rates = answer_rate(traffic, np.arange(agents - 1, agents + 2), aht_s, patience_s)
    gains = np.diff(rates)
    assert (gains >= -1e-13).all()
    assert gains[1] <= gains[0] + 1e-13


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"aht_s": 0.0}, "aht_s must be finite and above 0, not 0"),
        ({"aht_s": -5.0}, "not -5"),
        ({"patience_s": 0.0}, "patience_s must be finite and above 0"),
        ({"patience_s": math.inf}, "not inf"),
        ({"traffic": -1.0}, "traffic must be finite and at least 0, not -1"),
        ({"traffic": math.nan}, "not nan"),
        ({"agents": -1}, "agents must be finite and at least 0, not -1"),
        ({"concurrency": 0}, "concurrency must be a whole number, at least 1, not 0"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_queue_and_value(
    change: dict[str, float], message: str
) -> None:
    values = {"traffic": 1.0, "agents": 2, "aht_s": 240.0, "patience_s": 180.0, "concurrency": 1} | change
    with pytest.raises(InputError, match="queue 'cards': ") as error:
        erlang_a(**values, queue="cards")
    assert message in str(error.value)


@pytest.mark.parametrize(
    "target", [{"answer_rate": 1.0}, {"service_level": 1.0}, {"max_asa_s": 0.0}, {"max_occupancy": 0.0}]
)
def test_a_target_no_number_of_agents_reaches_is_refused_with_queue_and_value(
    target: dict[str, float],
) -> None:
    (name, value) = next(iter(target.items()))
    with pytest.raises(InputError, match=rf"queue 'cards': {name} {value} cannot be reached"):
        minimal_agents(1.0, 240.0, 180.0, queue="cards", **target)


def test_an_occupancy_is_not_held_by_having_nobody() -> None:
    assert minimal_agents(0.3, 240.0, 180.0, answer_rate=0.0, max_occupancy=0.5) == 1


def test_a_target_that_takes_absurdly_many_agents_is_refused() -> None:
    with pytest.raises(InputError, match="the target needs more than"):
        minimal_agents(1.0, 240.0, 180.0, max_occupancy=1e-6)
