"""What is planned for chats and for queues of different priority, against simulation."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from data.domain import Agent, Channel, Queue, Target
from scheduling.contact_laws import Service
from scheduling.coverage import coverage
from scheduling.requirement import requirement
from scheduling.simulate import simulate
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, roster, shift

DAYS = 8


def planned_and_played(
    queues: Sequence[Queue], traffic: Sequence[float], people: list[Agent]
) -> pd.DataFrame:
    """Answer rate by queue, all people round the clock: columns planned and played."""
    forecast = pd.concat(
        [flat_forecast(queue, 15.0 * load, days=DAYS) for queue, load in zip(queues, traffic, strict=True)],
        ignore_index=True,
    )
    plan = roster(
        *(shift(one.id, "00:00-00:00", day=day) for one in people for day in range(DAYS)), days=DAYS
    )
    covered = coverage(plan, people, queues, forecast).groupby("queue")[["offered", "answered"]].sum()
    arrivals = np.random.default_rng(1).poisson(forecast["mean"], (6, len(forecast)))
    found = simulate(plan, people, queues, forecast, arrivals, seed=2, service=Service.EXPONENTIAL)
    played = found.days.groupby("queue")[["offered", "answered"]].sum()
    return pd.DataFrame(
        {
            "planned": covered["answered"] / covered["offered"],
            "played": played["answered"] / played["offered"],
        }
    )


@pytest.mark.parametrize(("traffic", "concurrency"), [(6.0, 2), (30.0, 3)])
def test_the_agents_required_for_chats_answer_as_many_when_they_are_played(
    traffic: float, concurrency: int
) -> None:
    chat = Queue(
        id="chat",
        channel=Channel.CHAT,
        concurrency=concurrency,
        interval_min=60,
        patience_s=120.0,
        target=Target(answer_rate=0.9, interval_floor=0.9),
    )
    needed = requirement(chat, flat_forecast(chat, 15.0 * traffic, days=1))["agents"].max()
    # Each agent handles that many chats at once, each of them in the handle time of one.
    assert needed == pytest.approx(traffic / concurrency, rel=0.4)
    crew = agents(**{f"p{number}": ["chat"] for number in range(int(needed))})
    found = planned_and_played([chat], [traffic], crew).loc["chat"]
    assert found["planned"] >= 0.9
    assert found["played"] == pytest.approx(found["planned"], abs=0.008)


@pytest.mark.parametrize(("count", "traffic"), [(14, (2.0, 10.0)), (60, (10.0, 45.0))])
def test_a_queue_with_a_priority_and_one_without_get_no_less_than_planned_from_the_same_people(
    count: int, traffic: tuple[float, float]
) -> None:
    # The plan parts people, who in truth help out: it promises too little, by the less the more people there are.
    vip = Queue(id="vip", priority=1, interval_min=60, patience_s=120.0)
    regular = Queue(id="regular", interval_min=60, patience_s=120.0)
    crew = agents(**{f"p{number}": ["vip", "regular"] for number in range(count)})
    found = planned_and_played([vip, regular], traffic, crew)
    more = found["played"] - found["planned"]
    assert (more > -0.005).all()
    assert (more < (0.06 if count < 20 else 0.05)).all()
    assert found.loc["vip", "played"] > found.loc["regular", "played"]
