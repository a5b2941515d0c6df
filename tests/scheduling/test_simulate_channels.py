"""Contacts that can wait, measured laws, routing, and what is told beside the answer rate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.domain import Channel, OpeningSpan, Period, Queue, ServiceLevelFormula, Target
from data.errors import InputError
from scheduling import simulate as module
from scheduling.erlang import erlang_a
from scheduling.routing import Routing, turns
from scheduling.simulate import Service, Simulation, simulate
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, roster, shift

HOURS = (OpeningSpan(open_min=480, close_min=960),)
CARDS = Queue(id="cards", hours=HOURS, patience_s=120.0)


def mail(deadline_h: float = 8.0, **more: object) -> Queue:
    return Queue(id="mail", channel=Channel.DEFERRED, hours=HOURS, deadline_h=deadline_h, **more)


def played(
    queues: list[Queue],
    rows: dict[str, dict[int, int]],
    *shifts: object,
    people: dict[str, list[str]],
    days: int = 1,
    aht_s: float = 60.0,
    **options: object,
) -> Simulation:
    """Given contacts in given rows of each queue's half-hours, with handle times that do not scatter."""
    forecast = pd.concat(
        [flat_forecast(queue, 1.0, days=days, aht_s=aht_s) for queue in queues], ignore_index=True
    )
    arrivals = np.zeros((1, len(forecast)), dtype=np.int64)
    for queue in queues:
        own = np.flatnonzero(forecast["queue"] == queue.id)
        arrivals[0, own[list(rows[queue.id])]] = list(rows[queue.id].values())
    plan = roster(*shifts, days=days)
    return simulate(plan, agents(**people), queues, forecast, arrivals, seed=1, **({"cv": 0.0} | options))


def test_mail_waits_for_the_next_day_and_is_in_time_within_its_opening_hours() -> None:
    # They come in the first day's last half-hour; the second day's shift begins at 08:00.
    shifts = (shift("p", "08:00-15:00"), shift("p", "08:00-15:00", day=1))
    for deadline_h, in_time in ((1.0, 10), (0.001, 0)):
        found = played(
            [mail(deadline_h)], {"mail": {15: 10}}, *shifts, people={"p": ["mail"]}, days=2, aht_s=1.0
        )
        first, second = found.days.to_dict("records")
        assert first["backlog"] == 10
        assert second["backlog"] == 0
        assert (first["answered"], first["abandoned"], first["in_threshold"]) == (10, 0, in_time)
        assert found.summary["mean"].tolist() == [in_time / 10, 1.0, in_time / 10]


def test_mail_whose_deadline_has_not_passed_counts_neither_way() -> None:
    # One person handles two an hour; of twelve that come at once ten are left over, due tomorrow.
    found = played(
        [mail(8.0)],
        {"mail": {12: 12}},
        shift("p", "14:00-15:30"),
        people={"p": ["mail"]},
        aht_s=1800.0,
    )
    (day,) = found.days.to_dict("records")
    assert day["answered"] == day["in_threshold"] == 3
    assert day["waiting"] == day["pending"] == day["backlog"] == 9
    assert found.summary["mean"].tolist() == [1.0, 1.0]
    late = played(
        [mail(1.0)], {"mail": {12: 12}}, shift("p", "14:00-15:30"), people={"p": ["mail"]}, aht_s=1800.0
    )
    assert late.days["pending"].tolist() == [0]
    assert late.summary["mean"].iloc[0] < 0.3


@pytest.mark.parametrize("channel", [Channel.CALLBACK, Channel.DEFERRED])
def test_live_contacts_go_first_whatever_the_priority(channel: Channel) -> None:
    waits = Queue(id="later", channel=channel, hours=HOURS, priority=9)
    live = Queue(id="cards", hours=HOURS, patience_s=1e9)
    # Nobody is there before 09:00: then all the calls are taken before any of what can wait, which came first.
    found = played(
        [waits, live],
        {"later": {0: 5}, "cards": {1: 20}},
        shift("p", "09:00-10:00"),
        people={"p": ["later", "cards"]},
        aht_s=150.0,
    )
    answered = found.days.set_index("queue")["answered"]
    assert answered.to_dict() == {"later": 4, "cards": 20}


def test_fewest_skills_first_keeps_those_who_can_do_more() -> None:
    # The generalist has been free for longer; a card call comes first, then one only the generalist can take.
    queues = [CARDS, Queue(id="vip", hours=HOURS, patience_s=0.01)]
    setting = (
        queues,
        {"cards": {4: 1}, "vip": {5: 1}},
        shift("all", "08:00-15:00"),
        shift("one", "09:00-15:00"),
    )
    people = {"all": ["cards", "vip"], "one": ["cards"]}
    for routing, answered in ((Routing.LONGEST_IDLE, 0), (Routing.FEWEST_SKILLS, 1)):
        found = played(*setting, people=people, aht_s=4000.0, routing=routing)
        assert found.days.set_index("queue")["answered"].to_dict() == {"cards": 1, "vip": answered}


def test_turns_count_the_queues_of_a_skill_set() -> None:
    serves = np.array([[True, True, False], [False, False, True]])
    assert turns(Routing.FEWEST_SKILLS, serves).tolist() == [2, 1]
    assert turns(Routing.LONGEST_IDLE, serves).tolist() == [0, 0]


def test_who_balks_is_answered_at_once_or_not_at_all() -> None:
    setting = ([CARDS], {"cards": {2: 40}}, shift("p", "08:00-15:00"))
    found = played(*setting, people={"p": ["cards"]}, patience={"cards": [0.0]})
    (day,) = found.days.to_dict("records")
    assert 0 < day["answered"] < 40
    assert day["answered"] + day["abandoned"] == 40
    assert day["wait_s"] == 0
    assert played(*setting, people={"p": ["cards"]}, patience={"cards": [np.inf]}).days[
        "answered"
    ].tolist() == [40]


def test_measured_handle_times_keep_people_as_long_as_the_forecast_says() -> None:
    found = played(
        [CARDS],
        {"cards": dict.fromkeys(range(12), 4)},
        *(shift(name, "08:00-16:00") for name in "abcdefgh"),
        people={name: ["cards"] for name in "abcdefgh"},
        aht_s=200.0,
        handle_times={"cards": [10.0, 20.0, 120.0]},
    )
    (day,) = found.days.to_dict("records")
    assert day["answered"] == 48
    assert day["busy_s"] == pytest.approx(48 * 200.0, rel=0.3)
    unit = 200.0 / 50.0
    assert (day["busy_s"] / (10.0 * unit)) % 1 == pytest.approx(0, abs=1e-6)


def steady(target: Target | None = None, days: int = 40) -> Simulation:
    """Days around the clock with ten people and nine erlangs."""
    queue = Queue(id="cards", interval_min=60, patience_s=150.0, target=target or Target())
    forecast = flat_forecast(queue, 135.0, days=days)
    names = [f"p{i}" for i in range(10)]
    plan = roster(*(shift(one, "00:00-00:00", day=day) for one in names for day in range(days)), days=days)
    arrivals = np.random.default_rng(5).poisson(135.0, (1, len(forecast)))
    people = agents(**{name: ["cards"] for name in names})
    return simulate(plan, people, [queue], forecast, arrivals, seed=5, service=Service.EXPONENTIAL)


def test_asa_and_occupancy_are_erlang_as() -> None:
    horizon = steady().measures.query("period == 'horizon'").set_index("measure")["mean"]
    expected = erlang_a(9.0, 10, 240.0, 150.0)
    assert horizon["occupancy"] == pytest.approx(float(expected.occupancy), abs=0.01)
    assert horizon["asa_s"] == pytest.approx(float(expected.asa_s), rel=0.08)


def test_the_service_level_follows_the_targets_formula() -> None:
    expected = erlang_a(9.0, 10, 240.0, 150.0, threshold_s=10.0)
    for formula in ServiceLevelFormula:
        target = Target(service_level=0.8, threshold_s=10.0, service_level_formula=formula)
        measures = steady(target).measures
        level = measures.loc[(measures["measure"] == "service_level") & (measures["period"] == "horizon")]
        assert level["mean"].iloc[0] == pytest.approx(float(expected.service_level(formula)), abs=0.015)


def test_every_target_has_its_chance_over_its_period_and_in_every_interval() -> None:
    target = Target(
        answer_rate=0.85,
        interval_floor=0.5,
        service_level=0.6,
        threshold_s=20.0,
        max_asa_s=60.0,
        max_occupancy=0.99,
    )
    found = steady(target, days=2)
    asked = {"answer_rate": 0.85, "service_level": 0.6, "asa_s": 60.0, "occupancy": 0.99}
    for rows, floor in ((found.measures, 0.85), (found.intervals, 0.5)):
        for measure, value in (asked | {"answer_rate": floor}).items():
            own = rows.loc[rows["measure"] == measure]
            assert own["target"].eq(value).all()
            at_least = measure in {"answer_rate", "service_level"}
            met = own["mean"] >= value if at_least else own["mean"] <= value
            # One path: the chance is whether it reached the target.
            assert own["p_met"].tolist() == met.astype(float).tolist()
            assert (own["p_met_low"] <= own["p_met"]).all()
    weekly = steady(Target(period=Period.WEEK), days=2).measures
    assert weekly.loc[weekly["period"] == "day", "target"].isna().all()
    assert weekly.loc[weekly["measure"] != "answer_rate", "p_met"].isna().all()


def test_intervals_are_those_of_the_forecast_and_make_up_the_day() -> None:
    queues = [CARDS, mail()]
    found = played(
        queues,
        {"cards": {0: 3, 5: 1}, "mail": {2: 4}},
        shift("p", "08:00-12:00"),
        people={"p": ["cards", "mail"]},
        aht_s=900.0,
    )
    rows = found.intervals.loc[found.intervals["measure"] == "occupancy"]
    for queue in queues:
        own = rows.loc[rows["queue"] == queue.id]
        assert own["start"].tolist() == flat_forecast(queue, 1.0)["start"].tolist()
        day = found.days.loc[found.days["queue"] == queue.id].iloc[0]
        # Four of eight hours are staffed, half-hour by half-hour.
        staffed = own["mean"].to_numpy()[:8].mean()
        assert staffed == pytest.approx(day["busy_s"] / day["staffed_s"], abs=1e-6)
        assert day["staffed_s"] == 4 * 3600


def test_more_intervals_than_fit_in_memory_rest_on_the_first_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    forecast = flat_forecast(CARDS, 4.0)
    arrivals = np.random.default_rng(1).poisson(4.0, (6, len(forecast)))
    setting = (roster(shift("p", "08:00-16:00")), agents(p=["cards"]), [CARDS], forecast)
    assert simulate(*setting, arrivals, seed=1).interval_paths == 6
    monkeypatch.setattr(module, "LEAST_PATHS", 2)
    monkeypatch.setattr(module, "MOST_KEPT", 4 * 3 * len(forecast))
    bound = simulate(*setting, arrivals, seed=1)
    assert bound.interval_paths == 3
    pd.testing.assert_frame_equal(bound.intervals, simulate(*setting, arrivals[:3], seed=1).intervals)
    pd.testing.assert_frame_equal(bound.measures, simulate(*setting, arrivals, seed=1).measures)


def test_mail_planned_for_the_afternoon_leaves_people_to_the_calls_of_the_morning() -> None:
    # One person, a letter of an hour at 08:00, calls of a minute all morning; the letter is planned for 14:00.
    queues = [CARDS, mail()]
    rows = {"cards": dict.fromkeys(range(8), 5), "mail": {0: 4}}
    came = pd.concat([flat_forecast(queue, 1.0) for queue in queues], ignore_index=True)
    own = np.flatnonzero(came["queue"] == "mail")
    planned = came.copy()
    planned.loc[own, "mean"] = [0.0] * 12 + [4.0] * 4

    def answered(**options: object) -> tuple[int, int]:
        days = played(
            queues, rows, shift("p", "08:00-16:00"), people={"p": ["cards", "mail"]}, aht_s=900.0, **options
        )
        told = days.days.set_index("queue")["answered"]
        return int(told["cards"]), int(told["mail"])

    calls, letters = answered(planned=planned)
    calls_then, letters_then = answered()
    assert letters == letters_then == 4
    assert calls > calls_then


def test_a_plan_of_other_intervals_is_refused() -> None:
    short = flat_forecast(mail(), 1.0).iloc[1:]
    with pytest.raises(InputError, match="queue 'mail': the plan is not of the forecast's intervals"):
        played([mail()], {"mail": {0: 1}}, shift("p", "08:00-16:00"), people={"p": ["mail"]}, planned=short)
