from functools import cache

import numpy as np
import pandas as pd
import pytest

from data.domain import Agent, Channel, Contract, OpeningSpan, Queue, Target
from data.errors import InputError, UnknownNameError
from data.schema import FORECAST, conform
from scheduling.curves import answer_curves
from scheduling.deferred import plan_deferred
from scheduling.hourly_cost import hourly_costs
from scheduling.requirement import requirement
from scheduling.scenario import Change, Scenario
from scheduling.what_if import MEASURES, WhatIf, what_if
from tests.scheduling.small_forecasts import flat_forecast

HOURS = (OpeningSpan(open_min=540, close_min=720),)
CARDS = Queue(id="cards", interval_min=30, patience_s=120.0, shrinkage=0.2, hours=HOURS)
VIP = Queue(id="vip", interval_min=60, patience_s=240.0, hours=HOURS, target=Target(answer_rate=0.98))
QUEUES = (CARDS, VIP)
FORECAST_FRAME = conform(
    pd.concat(
        [
            flat_forecast(CARDS, [40.0, 90.0, 70.0], over=0.1, days=2),
            flat_forecast(VIP, [20.0, 30.0], aht_s=400.0, over=0.2, days=2),
        ],
        ignore_index=True,
    ),
    FORECAST,
)


@cache
def planned() -> dict[str, pd.DataFrame]:
    curves = pd.concat([answer_curves(queue, FORECAST_FRAME) for queue in QUEUES], ignore_index=True)
    parts = [requirement(queue, FORECAST_FRAME, curves) for queue in QUEUES]
    return {"curves": curves, "required": pd.concat(parts, ignore_index=True)}


def one(change: Change, **queues: Change) -> WhatIf:
    return what_if(QUEUES, FORECAST_FRAME, [Scenario(name="s", every=change, queues=queues)], **planned())


def row(found: WhatIf, queue: str) -> pd.Series:
    return found.queues.set_index("queue").loc[queue]


def test_a_scenario_that_changes_nothing_differs_in_nothing() -> None:
    found = one(Change())
    differences = [f"{measure}_difference" for measure in MEASURES]
    assert (found.queues[differences].to_numpy() == 0).all()
    assert (found.totals[differences].to_numpy() == 0).all()


def test_before_is_the_requirement_of_the_plan() -> None:
    found = row(one(Change(volume_factor=2.0)), "cards")
    needed = requirement(CARDS, FORECAST_FRAME)
    assert found["agent_h_before"] == needed["agents"].sum() / 2
    assert found["staff_h_before"] == pytest.approx(needed["agents"].sum() / 2 / 0.8)


def test_after_is_the_requirement_of_the_changed_queue_and_forecast() -> None:
    found = row(one(Change(answer_rate=0.9, shrinkage=0.35, aht_factor=1.5)), "vip")
    queue = Queue(
        id="vip",
        interval_min=60,
        patience_s=240.0,
        hours=HOURS,
        shrinkage=0.35,
        target=Target(answer_rate=0.9),
    )
    longer = FORECAST_FRAME.assign(aht_s=1.5 * FORECAST_FRAME["aht_s"])
    needed = requirement(queue, longer)
    assert found["agent_h_after"] == needed["agents"].sum()
    assert found["staff_h_after"] == pytest.approx(needed["agents"].sum() / 0.65)
    assert found["aht_s_after"] == pytest.approx(600.0)
    assert found["agent_h_difference"] == found["agent_h_after"] - found["agent_h_before"]


def test_more_contacts_need_more_hours() -> None:
    found = one(Change(volume_factor=1.25))
    assert row(found, "cards")["offered_after"] == pytest.approx(1.25 * row(found, "cards")["offered_before"])
    assert row(found, "cards")["agent_h_after"] > row(found, "cards")["agent_h_before"]
    assert found.totals["offered_after"].iloc[0] == pytest.approx(1.25 * FORECAST_FRAME["mean"].sum())


def test_half_the_contacts_save_less_than_half_the_hours() -> None:
    found = row(one(Change(containment=0.5)), "cards")
    assert 0.5 < found["agent_h_after"] / found["agent_h_before"] < 0.7
    longer = row(one(Change(containment=0.5, remainder_aht_factor=1.3)), "cards")
    assert longer["agent_h_after"] > found["agent_h_after"]
    assert longer["aht_s_after"] == pytest.approx(1.3 * longer["aht_s_before"])


def test_nobody_is_needed_where_a_chatbot_resolves_everything() -> None:
    found = row(one(Change(), vip=Change(containment=1.0)), "vip")
    assert found["agent_h_after"] == found["offered_after"] == 0
    assert found["answer_rate_after"] == 1.0
    assert np.isnan(found["aht_s_after"])


def test_a_change_of_one_queue_leaves_the_other_as_it_is() -> None:
    found = one(Change(), vip=Change(volume_factor=3.0))
    assert row(found, "cards")["agent_h_difference"] == 0
    assert row(found, "vip")["agent_h_difference"] > 0
    assert found.totals["agent_h_difference"].iloc[0] == row(found, "vip")["agent_h_difference"]


def test_impatience_and_targets_change_what_is_needed() -> None:
    assert row(one(Change(patience_s=30.0)), "cards")["agent_h_difference"] > 0
    assert row(one(Change(answer_rate=0.85)), "cards")["agent_h_difference"] < 0
    strict = one(Change(service_level=0.95, threshold_s=10.0))
    assert row(strict, "cards")["agent_h_difference"] > 0


def test_a_rate_beyond_the_ends_of_the_planned_curves_draws_new_ones() -> None:
    assert row(one(Change(answer_rate=0.9999)), "cards")["answer_rate_after"] >= 0.9999 - 1e-6


def test_scenarios_stand_under_one_another_by_name() -> None:
    scenarios = [
        Scenario(name="less", every=Change(volume_factor=0.8)),
        Scenario(name="more", every=Change(volume_factor=1.2)),
    ]
    found = what_if(QUEUES, FORECAST_FRAME, scenarios, **planned())
    assert found.queues["scenario"].tolist() == ["less", "less", "more", "more"]
    assert found.totals["scenario"].tolist() == ["less", "more"]
    assert found.totals["agent_h_difference"].iloc[0] < 0 < found.totals["agent_h_difference"].iloc[1]
    assert len(found.intervals) == 2 * len(FORECAST_FRAME)
    agents = found.intervals.groupby(["scenario", "queue"])["agents_after"].sum()
    assert agents["less", "vip"] == found.queues["agent_h_after"].iloc[1]


def test_curves_and_requirement_there_are_lead_to_the_same() -> None:
    scenario = Scenario(name="s", every=Change(shrinkage=0.3), queues={"vip": Change(volume_factor=1.1)})
    found = what_if(QUEUES, FORECAST_FRAME, [scenario], **planned())
    pd.testing.assert_frame_equal(found.queues, what_if(QUEUES, FORECAST_FRAME, [scenario]).queues)


def test_money_is_staff_hours_times_what_an_hour_costs_the_queue() -> None:
    scenario = Scenario(name="s", every=Change(volume_factor=1.1))
    costs = {"cards": 30.0, "vip": 50.0}
    found = what_if(QUEUES, FORECAST_FRAME, [scenario], cost_per_h=costs, **planned())
    per_h = np.array([30.0, 50.0])
    assert found.queues["cost_after"].to_numpy() == pytest.approx(found.queues["staff_h_after"] * per_h)
    assert found.totals["cost_before"].iloc[0] == pytest.approx(found.queues["cost_before"].sum())


def test_an_hour_costs_what_the_people_who_have_the_skill_cost_on_average() -> None:
    contracts = [Contract(id="a", cost_per_h=20.0), Contract(id="b", cost_per_h=50.0)]
    people = [
        Agent(id="1", skills=frozenset({"cards"}), contract="a"),
        Agent(id="2", skills=frozenset({"cards", "vip"}), contract="a"),
        Agent(id="3", skills=frozenset({"vip"}), contract="b"),
    ]
    funds = Queue(id="funds")
    assert hourly_costs([CARDS, VIP, funds], people, contracts) == {"cards": 20.0, "vip": 35.0, "funds": 30.0}
    assert hourly_costs([CARDS], [], contracts) == {"cards": 1.0}
    with pytest.raises(UnknownNameError, match="unknown contract 'b'"):
        hourly_costs([CARDS], people, contracts[:1])


def test_a_queue_without_a_forecast_is_named() -> None:
    only_vip = FORECAST_FRAME.loc[FORECAST_FRAME["queue"] == "vip"]
    with pytest.raises(InputError, match="queue 'cards': the forecast has no interval"):
        what_if(QUEUES, only_vip, [Scenario(name="s")])


def test_contacts_that_can_wait_are_placed_anew_among_what_a_scenario_leaves() -> None:
    mail = Queue(
        id="mail", channel=Channel.DEFERRED, skill="cards", deadline_h=2.0, interval_min=30, hours=HOURS
    )
    forecast = pd.concat(
        [flat_forecast(CARDS, [90.0, 20.0, 60.0], over=0.1), flat_forecast(mail, 8.0, aht_s=300.0)],
        ignore_index=True,
    )
    queues = (CARDS, mail)
    scenarios = [
        Scenario(name="fewer calls", queues={"cards": Change(volume_factor=0.05)}),
        Scenario(name="fewer letters", queues={"mail": Change(containment=0.5)}),
        Scenario(name="other target", queues={"mail": Change(answer_rate=0.99)}),
    ]
    found = what_if(queues, forecast, scenarios)
    letters = found.queues.loc[found.queues["queue"] == "mail"].set_index("scenario")
    assert letters["offered_before"].to_numpy() == pytest.approx(48.0)
    assert letters["offered_after"].tolist() == pytest.approx([48.0, 24.0, 48.0])
    where = found.intervals.loc[(found.intervals["scenario"] == "fewer calls")].set_index("queue").loc["mail"]
    assert np.abs(where["offered_after"] - where["offered_before"]).max() > 1.0
    planned = requirement(mail, plan_deferred(queues, forecast))
    assert letters["agent_h_before"].iloc[0] == pytest.approx(planned["agents"].sum() / 2)
    assert letters.loc["fewer letters", "agent_h_difference"] < 0
    assert letters.loc["other target", "agent_h_difference"] >= 0
