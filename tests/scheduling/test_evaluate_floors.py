"""An interval misses its floor only if no split of the people present gives every queue its least."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from data.domain import OpeningSpan, Period, Queue, Target
from scheduling.curves import answer_curves
from scheduling.evaluate import Evaluation, evaluate
from scheduling.rosters.limits import Limits
from scheduling.rosters.solve import solve
from tests.scheduling.roster_cases import people, problem, queue
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, roster, shift

HOURS = (OpeningSpan(open_min=480, close_min=600),)


def kind(name: str, rate: float = 0.5, floor: float = 0.5, **target: object) -> Queue:
    return Queue(
        id=name,
        hours=HOURS,
        interval_min=60,
        target=Target(answer_rate=rate, interval_floor=floor, **target),  # type: ignore[arg-type] # a test's shorthand
    )


def evaluated(queues: list[Queue], load: dict[str, float], plan: dict[str, list[str]]) -> Evaluation:
    """Everybody works from 8 to 9; the queues are open from 8 to 10."""
    forecast = pd.concat([flat_forecast(one, [load[one.id], 0.0]) for one in queues], ignore_index=True)
    return evaluate(roster(*(shift(name, "08:00-09:00") for name in plan)), agents(**plan), queues, forecast)


def test_an_interval_below_its_floor_is_listed() -> None:
    found = evaluated([kind("cards")], {"cards": 20.0}, {"a": ["funds"]})
    (row,) = found.floors.to_dict("records")
    assert (row["queue"], row["floor"], row["rostered"]) == ("cards", 0.5, 0.0)
    assert row["answer_rate"] == 0
    assert row["start"].hour == 8


def test_an_interval_that_just_reaches_its_floor_is_not_listed() -> None:
    one = kind("cards")
    forecast = flat_forecast(one, [20.0, 0.0])
    rate = float(answer_curves(one, forecast).query("agents == 1")["answered"].iloc[0]) / 20.0
    for floor, missed in ((rate - 1e-6, 0), (rate + 0.001, 1)):
        exact = replace(one, target=replace(one.target, interval_floor=floor))
        assert len(evaluated([exact], {"cards": 20.0}, {"a": ["cards"]}).floors) == missed


def test_an_interval_without_contacts_has_no_floor() -> None:
    assert evaluated([kind("cards")], {"cards": 0.0}, {"a": ["funds"]}).floors.empty


def test_an_interval_without_contacts_needs_its_least_agents_all_the_same() -> None:
    found = evaluated([kind("cards", min_agents=1)], {"cards": 0.0}, {"a": ["cards"]})
    assert found.floors[["min_agents", "rostered"]].to_numpy().tolist() == [[1.0, 0.0]]
    assert found.floors["start"].dt.hour.tolist() == [9]


def test_what_another_split_gives_every_queue_is_not_missed() -> None:
    """The split that answers most leaves the small queue alone; giving it one person would reach both floors."""
    queues = [kind("cards", rate=0.99, floor=0.1), kind("vip", rate=0.0, floor=0.4)]
    found = evaluated(queues, {"cards": 60.0, "vip": 2.0}, {"a": ["cards", "vip"], "b": ["cards", "vip"]})
    rates = found.coverage.set_index("queue")["answer_rate"]
    assert rates.loc["vip"].iloc[0] < 0.4
    assert found.floors.empty
    alone = evaluated(queues, {"cards": 60.0, "vip": 2.0}, {"a": ["cards"], "b": ["cards"]})
    assert alone.floors["queue"].tolist() == ["vip"]


def test_least_agents_are_asked_for_as_well() -> None:
    one = replace(kind("cards", min_agents=2), hours=(OpeningSpan(open_min=480, close_min=540),))
    forecast = flat_forecast(one, [1.0])
    for names, missed in ((["a"], [[2.0, 1.0]]), (["a", "b"], [])):
        plan = roster(*(shift(name, "08:00-09:00") for name in names))
        found = evaluate(plan, agents(**{name: ["cards"] for name in names}), [one], forecast)
        assert found.floors[["min_agents", "rostered"]].to_numpy().tolist() == missed


@pytest.mark.parametrize(
    ("besides", "measure"),
    [
        ({"service_level": 0.8, "threshold_s": 20.0}, "service_level"),
        ({"max_occupancy": 0.6}, "occupancy"),
    ],
)
def test_service_level_and_occupancy_are_missed_by_one_person_too_few(
    besides: dict[str, float], measure: str
) -> None:
    one = replace(kind("cards", floor=0.0, **besides), hours=(OpeningSpan(open_min=480, close_min=540),))
    forecast = flat_forecast(one, [60.0])
    held = []
    for count in range(1, 10):
        names = [f"p{number}" for number in range(count)]
        plan = roster(*(shift(name, "08:00-09:00") for name in names))
        found = evaluate(plan, agents(**{name: ["cards"] for name in names}), [one], forecast)
        reached = float(found.coverage[measure].iloc[0])
        held.append(reached >= 0.8 if measure == "service_level" else reached <= 0.6)
        assert found.floors.empty == held[-1]
    assert False in held
    assert True in held


def test_a_target_per_interval_is_told_as_a_target_and_not_twice() -> None:
    found = evaluated([kind("cards", rate=0.9, period=Period.INTERVAL)], {"cards": 20.0}, {"a": ["funds"]})
    assert found.missed["target"].tolist() == [0.9]
    assert found.floors.empty


def test_a_target_per_interval_that_another_split_reaches_is_met() -> None:
    queues = [kind("cards", rate=0.99, floor=0.1), kind("vip", rate=0.4, floor=0.0, period=Period.INTERVAL)]
    both = {"a": ["cards", "vip"], "b": ["cards", "vip"]}
    found = evaluated(queues, {"cards": 60.0, "vip": 2.0}, both).targets
    assert found.loc[found["queue"] == "vip", "met"].tolist() == [True, True]


@pytest.mark.parametrize("floor", [0.5, 0.85])
def test_a_roster_the_optimiser_calls_feasible_misses_no_floor(floor: float) -> None:
    """Two queues that share people, one of them small: the floors bind, and coverage does not look at them."""
    queues = (queue("calls", floor=floor), queue("vip", floor=floor))
    asked = problem(
        queues=queues, agents=people(6, "calls", "vip"), full={"calls": [3.0, 2.0], "vip": [1.0, 0.5]}
    )
    found = solve(asked, limits=Limits(time_s=20, gap=0.05)).value
    assert found is not None
    forecast = pd.concat([flat_forecast(one, 10.0, first=asked.first) for one in queues], ignore_index=True)
    judged = evaluate(found, asked.agents, queues, forecast, asked.curves)
    assert judged.floors.empty
    assert judged.missed.empty
