"""The closed form behind the past answer rates, against balance equations and calls one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.synthetic.erlang_a import Steady, agents_for, steady_state
from tests.oracles.impatient_calls import birth_death, simulate_calls


def solve(load: float, aht_s: float, agents: float, patience_s: float, threshold_s: float = 20.0) -> Steady:
    return steady_state(
        np.array([load / aht_s]), np.array([aht_s]), np.array([agents]), patience_s, threshold_s
    )


@given(
    load=st.floats(0.05, 60),
    aht_s=st.floats(60, 600),
    staffing=st.floats(0.5, 1.6),
    patience_s=st.floats(30, 400),
)
@settings(max_examples=60, deadline=None)
def test_waits_and_abandons_are_those_of_the_balance_equations(
    load: float, aht_s: float, staffing: float, patience_s: float
) -> None:
    agents = max(1, round(load * staffing))
    waits, abandons = birth_death(load / aht_s, aht_s, agents, patience_s)
    steady = solve(load, aht_s, agents, patience_s)
    assert steady.waits[0] == pytest.approx(waits, rel=1e-6, abs=1e-12)
    assert steady.abandons[0] == pytest.approx(abandons, rel=1e-6, abs=1e-9)
    assert steady.mean_wait_s[0] == pytest.approx(abandons * patience_s, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("load", "agents", "patience_s"), [(12.0, 12, 100.0), (4.0, 5, 60.0), (30.0, 27, 150.0)]
)
def test_answers_within_the_threshold_are_those_of_calls_one_by_one(
    load: float, agents: int, patience_s: float
) -> None:
    waits = simulate_calls(load / 200, 200.0, agents, patience_s, calls=150_000, seed=3)
    in_threshold = float(np.mean(np.nan_to_num(waits, nan=np.inf) <= 20))
    assert solve(load, 200.0, agents, patience_s).in_threshold[0] == pytest.approx(in_threshold, abs=0.012)


def test_a_threshold_of_minutes_counts_every_answer() -> None:
    steady = solve(10.0, 200.0, 10, 60.0, threshold_s=900.0)
    assert steady.in_threshold[0] == pytest.approx(1 - steady.abandons[0], abs=1e-6)


@pytest.mark.parametrize(("patience_s", "agents"), [(60.0, 82), (120.0, 81), (240.0, 80)])
def test_eighty_erlangs_need_the_agents_on_record_for_95_percent_answered(
    patience_s: float, agents: int
) -> None:
    assert np.ceil(agents_for(0.95, np.array([80.0]), 240.0, patience_s))[0] == agents


def test_a_thousand_agents_do_not_overflow() -> None:
    steady = solve(1500.0, 240.0, 1480, 120.0)
    waits, abandons = birth_death(1500 / 240, 240.0, 1480, 120.0)
    assert steady.waits[0] == pytest.approx(waits, rel=1e-6)
    assert steady.abandons[0] == pytest.approx(abandons, rel=1e-6)
