import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain import ServiceLevelFormula
from data.errors import InputError
from scheduling.erlang import answer_rate, erlang_a, erlang_b, erlang_c
from scheduling.erlang_c import ErlangC, minimal_agents_patient, patient
from scheduling.minimal_agents import minimal_agents
from tests.oracles.birth_death import steady_state

MEASURES = (
    "answer_rate",
    "wait_probability",
    "abandonment",
    "mean_wait_s",
    "asa_s",
    "occupancy",
    "answered_in_time",
    "abandoned_in_time",
    "still_waiting",
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


@given(
    traffic=st.floats(math.log(0.001), math.log(600)).map(math.exp),
    load=st.floats(0.3, 3.0),
    aht_s=st.floats(10, 2000),
    relative_patience=st.floats(math.log(0.02), math.log(30)).map(math.exp),
    relative_threshold=st.sampled_from([0.0, 0.02, 0.1, 1.0, 5.0]),
)
@settings(max_examples=60, deadline=None)
def test_erlang_a_agrees_with_the_birth_death_chain_wherever_it_is_asked(
    traffic: float, load: float, aht_s: float, relative_patience: float, relative_threshold: float
) -> None:
    servers, patience_s, threshold_s = (
        max(1, round(traffic / load)),
        aht_s * relative_patience,
        aht_s * relative_threshold,
    )
    expected = steady_state(traffic, servers, aht_s, patience_s, threshold_s)
    found = erlang_a(traffic, servers, aht_s, patience_s, threshold_s=threshold_s)
    for name in MEASURES:
        assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-9, abs=1e-13), name


def test_every_contact_is_answered_gone_or_waiting_at_the_threshold() -> None:
    traffic = np.array([0.01, 3.0, 60.0, 900.0])[:, None, None]
    load, threshold_s = np.array([0.7, 1.0, 1.4])[:, None], np.array([0.0, 20.0, 900.0])
    found = erlang_a(traffic, np.ceil(traffic / load), 240.0, 180.0, threshold_s=threshold_s)
    parts = found.answered_in_time + found.abandoned_in_time + found.still_waiting
    assert parts == pytest.approx(np.ones(parts.shape), rel=1e-12)


@pytest.mark.parametrize(("traffic", "agents"), [(10_000.0, 9_998), (10_000.0, 4_000), (10_000.0, 10_400)])
def test_patience_of_years_is_soon_reckoned_and_near_its_limit(traffic: float, agents: int) -> None:
    found = erlang_a(traffic, agents, 240.0, 1e9)
    assert found.answer_rate == pytest.approx(min(1.0, agents / traffic), rel=1e-3)
    assert found.mean_wait_s == pytest.approx((1 - float(found.answer_rate)) * 1e9, abs=1e3)


def test_the_four_service_levels_are_those_of_their_definitions() -> None:
    found = erlang_a(50.0, 52, 240.0, 120.0, threshold_s=30.0)
    in_time, gone, answered = (
        float(value) for value in (found.answered_in_time, found.abandoned_in_time, found.answer_rate)
    )
    levels = {formula.name: float(found.service_level(formula)) for formula in ServiceLevelFormula}
    assert levels == pytest.approx(
        {"F1": in_time + gone, "F2": in_time / answered, "F3": in_time, "F4": in_time / (1 - gone)}
    )
    assert len({round(level, 4) for level in levels.values()}) == 4


@pytest.mark.parametrize("formula", ServiceLevelFormula)
def test_a_service_level_is_0_where_there_is_nothing_to_count_and_1_without_contacts(
    formula: ServiceLevelFormula,
) -> None:
    found = erlang_a([0.0, 5.0], 0, 240.0, 1e-3, threshold_s=20.0).service_level(formula)
    assert found.tolist() == ([1.0, 1.0] if formula is ServiceLevelFormula.F1 else [1.0, 0.0])


@given(traffic=st.floats(0.05, 200), agents=st.integers(1, 240), threshold_s=st.floats(1, 300))
@settings(max_examples=60, deadline=None)
def test_every_service_level_rises_with_agents(traffic: float, agents: int, threshold_s: float) -> None:
    found = erlang_a(traffic, [agents, agents + 1], 240.0, 150.0, threshold_s=threshold_s)
    for formula in ServiceLevelFormula:
        assert np.diff(found.service_level(formula))[0] >= -1e-12, formula


# Blocking of 1 %, 2 % and 0.1 % in the printed Erlang B tables, to their figures; 15 lines and 8.108 erlangs are the
# example in the manual of erlang.com's calculator.
@pytest.mark.parametrize(
    ("servers", "traffic", "blocked"),
    [
        (10, 4.4612, 0.01),
        (15, 8.108, 0.01),
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
    # Also in Mandelbaum & Zeltyn 2007, Advances in Services Innovations, "Service engineering in action".
    # 48 calls a minute of one minute, 50 agents, patience two minutes: 3.1 % abandon, mean wait 3.7 s, a tenth
    # waits 12.5 s, 3 are in queue, 93 % occupied; without abandonment 20.8 s, 58.1 s, 17 and 96 %.
    found = erlang_a(48.0, 50, 60.0, 120.0, threshold_s=12.5)
    assert found.abandonment == pytest.approx(0.031, abs=0.0005)
    assert found.mean_wait_s == pytest.approx(3.7, abs=0.05)
    assert found.still_waiting == pytest.approx(0.1, abs=0.002)
    assert 48.0 * found.mean_wait_s / 60.0 == pytest.approx(3, abs=0.5)
    assert found.occupancy == pytest.approx(0.93, abs=0.005)
    endless = patient(48.0, 50, 60.0, threshold_s=58.1)
    assert endless.asa_s == pytest.approx(20.8, abs=0.05)
    assert 1 - endless.service_level == pytest.approx(0.1, abs=0.0005)
    assert 48.0 * endless.asa_s / 60.0 == pytest.approx(17, abs=0.5)
    assert endless.occupancy == pytest.approx(0.96, abs=0.001)


def test_erlang_a_becomes_erlang_c_with_endless_patience() -> None:
    found = erlang_a(8.0, 10, 240.0, 1e9, threshold_s=20.0)
    waiting = erlang_c(8.0, 10)
    assert found.wait_probability == pytest.approx(waiting, rel=1e-5)
    assert found.answered_in_time == pytest.approx(1 - waiting * math.exp(-2 * 20 / 240), rel=1e-5)


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
    assert found.answer_rate.tolist() == found.answered_in_time.tolist() == [1.0, 1.0]
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
        ({"service_level": 0.8, "threshold_s": 20.0}, "answered_in_time", lambda value: value >= 0.8),
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


@pytest.mark.parametrize("formula", ServiceLevelFormula)
def test_minimal_agents_for_a_service_level_are_of_its_formula(formula: ServiceLevelFormula) -> None:
    asked = {"answer_rate": 0.0, "service_level": 0.8, "threshold_s": 20.0, "formula": formula}
    traffic = np.array([0.4, 5.0, 60.0])
    least = minimal_agents(traffic, 240.0, 180.0, **asked)
    levels = [erlang_a(traffic, least - fewer, 240.0, 180.0).service_level(formula) for fewer in (0, 1)]
    assert (levels[0] >= 0.8).all()
    assert (levels[1] < 0.8).all()


@pytest.mark.parametrize(
    ("target", "holds"),
    [
        ({}, lambda found: np.isfinite(found.asa_s)),
        ({"service_level": 0.8}, lambda found: found.service_level >= 0.8),
        ({"max_asa_s": 8.0}, lambda found: found.asa_s <= 8.0),
        ({"max_occupancy": 0.7}, lambda found: found.occupancy <= 0.7 + 1e-12),
    ],
)
def test_agents_for_patient_contacts_are_the_least(
    target: dict[str, float], holds: Callable[[ErlangC], np.ndarray]
) -> None:
    traffic = np.concatenate(([0.001, 9_000.0], np.linspace(0.5, 400, 50)))
    least = minimal_agents_patient(traffic, 240.0, **target)
    assert holds(patient(traffic, least, 240.0)).all()
    fewer = patient(traffic, least - 1, 240.0)
    assert not (holds(fewer) & np.isfinite(fewer.asa_s)).any()


def test_patient_contacts_without_enough_agents_wait_for_ever() -> None:
    found = patient([5.0, 0.0], [5, 0], 240.0)
    assert found.asa_s.tolist() == [math.inf, 0.0]
    assert found.service_level.tolist() == [0.0, 1.0]
    assert minimal_agents_patient(0.0, 240.0, service_level=0.8) == 0


def test_80_in_20_at_80_erlangs_takes_the_87_agents_of_the_trial() -> None:
    assert minimal_agents_patient(80.0, 240.0, service_level=0.8, threshold_s=20.0) == 87


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


@pytest.mark.parametrize(
    "target",
    [
        {"answer_rate": 1.5},
        {"answer_rate": -0.1},
        {"answer_rate": math.nan},
        {"service_level": 80.0},
        {"max_asa_s": -1.0},
        {"max_occupancy": 1.5},
        {"max_occupancy": -0.2},
    ],
)
def test_a_target_that_is_no_share_is_refused_with_queue_and_value(target: dict[str, float]) -> None:
    (name, value) = next(iter(target.items()))
    with pytest.raises(InputError, match=rf"queue 'cards': {name} {value} "):
        minimal_agents(1.0, 240.0, 180.0, queue="cards", **target)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"aht_s": 0.0}, "aht_s must be finite and above 0, not 0"),
        ({"patience_s": math.inf}, "patience_s must be finite and above 0.* not inf"),
        ({"concurrency": 0}, "concurrency must be a whole number, at least 1, not 0"),
        ({"concurrency": 1.5}, "concurrency must be a whole number, at least 1, not 1.5"),
    ],
)
def test_minimal_agents_name_the_queue_and_a_value_out_of_bounds(
    values: dict[str, float], message: str
) -> None:
    with pytest.raises(InputError, match=f"queue 'cards': {message}"):
        minimal_agents(**{"traffic": 1.0, "aht_s": 240.0, "patience_s": 180.0} | values, queue="cards")


def test_an_occupancy_is_not_held_by_having_nobody() -> None:
    assert minimal_agents(0.3, 240.0, 180.0, answer_rate=0.0, max_occupancy=0.5) == 1


def test_a_target_that_takes_absurdly_many_agents_is_refused() -> None:
    with pytest.raises(InputError, match="the target needs more than"):
        minimal_agents(1.0, 240.0, 180.0, max_occupancy=1e-6)
