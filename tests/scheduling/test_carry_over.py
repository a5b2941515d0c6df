import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.domain import OpeningSpan, Queue
from scheduling.carry_over import carried
from scheduling.demand import LEVEL_WEIGHTS, demand
from tests.scheduling.small_forecasts import flat_forecast

LEVELS = LEVEL_WEIGHTS.size
CLOCK = {"aht_s": 240.0, "interval_s": 900.0}


def loads(traffic: list[float], aht_s: float = 240.0, interval_s: float = 900.0) -> np.ndarray:
    """Load of intervals that follow each other, of a demand known for sure, at each level."""
    rows = np.repeat(np.array(traffic)[:, None], LEVELS, axis=1)
    follows = np.arange(len(traffic)) > 0
    return carried(rows, np.full(len(traffic), aht_s), interval_s, follows, LEVEL_WEIGHTS)


def in_progress(traffic: list[float], aht_s: float, interval_s: float) -> tuple[list[float], float]:
    """Mean load of each interval and the load at the end, second by second."""
    load, means = traffic[0], []
    for offered in traffic:
        seconds = []
        for _ in range(int(interval_s)):
            load += (offered - load) / aht_s
            seconds.append(load)
        means.append(float(np.mean(seconds)))
    return means, load


def test_steady_demand_meets_its_own_traffic() -> None:
    assert loads([30.0] * 4) == pytest.approx(30.0)


@given(traffic=st.lists(st.floats(0.1, 200), min_size=1, max_size=8), aht_s=st.floats(60, 3000))
def test_the_load_follows_demand_as_contacts_end(traffic: list[float], aht_s: float) -> None:
    means, _ = in_progress(traffic, aht_s, 900.0)
    assert loads(traffic, aht_s) @ LEVEL_WEIGHTS == pytest.approx(means, rel=0.02)


def test_no_work_is_lost_or_made() -> None:
    traffic = [5.0, 20.0, 18.0, 2.0]
    _, left = in_progress(traffic, **CLOCK)
    done_s = (loads(traffic) @ LEVEL_WEIGHTS).sum() * 900.0
    # What is in progress when it begins and ends is worked on outside these intervals.
    assert done_s == pytest.approx(sum(traffic) * 900.0 + (traffic[0] - left) * 240.0, rel=0.01)


def test_each_level_meets_the_load_of_its_own_part_of_the_interval() -> None:
    rising = loads([10.0, 40.0])[1]
    assert rising.min() < 20.0
    assert rising.max() > 38.5
    assert rising @ LEVEL_WEIGHTS == pytest.approx(in_progress([10.0, 40.0], **CLOCK)[0][1], rel=0.01)


def test_levels_keep_their_mean() -> None:
    levels = np.array([[7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0]]) * np.array([[1.0], [4.0], [2.0]])
    aht_s, follows = np.full(3, 240.0), np.array([False, True, True])
    found = carried(levels, aht_s, 900.0, follows, LEVEL_WEIGHTS)
    assert found @ LEVEL_WEIGHTS == pytest.approx(loads([10.0, 40.0, 20.0]) @ LEVEL_WEIGHTS)


def test_an_interval_that_follows_nothing_begins_as_if_it_had_gone_on_for_long() -> None:
    hours = (OpeningSpan(open_min=480, close_min=540), OpeningSpan(open_min=600, close_min=660))
    queue = Queue(id="cards", hours=hours, interval_min=30)
    asked = demand(queue, flat_forecast(queue, [10.0, 40.0, 20.0, 20.0]))
    assert asked.follows.tolist() == [False, True, False, True]
    assert asked.load[[0, 2, 3]] == pytest.approx(asked.traffic[[0, 2, 3]])
    assert asked.load[1] @ LEVEL_WEIGHTS < 0.95 * asked.traffic[1] @ LEVEL_WEIGHTS


def test_nothing_is_carried_into_an_interval_without_contacts() -> None:
    assert loads([30.0, 0.0, 30.0])[1].tolist() == [0.0] * LEVELS
