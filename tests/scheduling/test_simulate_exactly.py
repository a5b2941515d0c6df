"""Small centres simulated exactly as plain Python does it, and the laws no simulation may break."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain import Agent, Channel, OpeningSpan, Queue, Roster
from scheduling.contact_laws import Service
from scheduling.routing import Routing
from scheduling.simulate import Simulation, simulate
from scheduling.simulation_tally import TALLIED
from tests.oracles.plain_simulation import plain_path
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, roster, shift

HOURS = (OpeningSpan(open_min=480, close_min=600),)
PATHS = 2


@dataclass(frozen=True)
class SmallCentre:
    queues: list[Queue]
    people: list[Agent]
    plan: Roster
    forecast: pd.DataFrame
    arrivals: np.ndarray
    routing: Routing
    seed: int


@cache
def demand(name: str, interval_min: int) -> pd.DataFrame:
    """Made once: most of a small simulation's time is pandas'."""
    return flat_forecast(Queue(id=name, hours=HOURS, interval_min=interval_min), 5.0, days=2)


@st.composite
def small_centres(draw: st.DrawFn) -> SmallCentre:
    """Two days of two hours, up to three queues and four people with a break or none."""
    channels = draw(st.lists(st.sampled_from(list(Channel)), min_size=1, max_size=3))
    queues = [
        Queue(
            id=name,
            channel=channel,
            hours=HOURS,
            interval_min=draw(st.sampled_from([15, 30, 60])),
            patience_s=draw(st.sampled_from([20.0, 300.0])),
            concurrency=draw(st.integers(2, 3)) if channel is Channel.CHAT else 1,
            deadline_h=draw(st.sampled_from([None, 0.1, 1.7]))
            if channel in {"callback", "deferred"}
            else None,
            priority=draw(st.integers(0, 1)),
        )
        for name, channel in zip("abc", channels, strict=False)
    ]
    names = [queue.id for queue in queues]
    skills = draw(st.lists(st.sets(st.sampled_from(names), min_size=1), min_size=0, max_size=4))
    people = agents(**{f"p{i}": sorted(able) for i, able in enumerate(skills)})
    spans = st.sampled_from(
        [("08:00-09:30",), ("08:30-10:15", "09:00-09:15"), ("08:00-09:58", "08:40-08:50")]
    )
    plan = roster(*(shift(one.id, *draw(spans), day=day) for one in people for day in range(2)), days=2)
    forecast = pd.concat([demand(queue.id, queue.interval_min) for queue in queues], ignore_index=True)
    seed = draw(st.integers(0, 10**6))
    busy = draw(st.sampled_from([1.0, 4.0]))
    arrivals = np.random.default_rng(seed).poisson(busy, (PATHS, len(forecast)))
    return SmallCentre(queues, people, plan, forecast, arrivals, draw(st.sampled_from(list(Routing))), seed)


def simulated(centre: SmallCentre) -> Simulation:
    return simulate(
        centre.plan,
        centre.people,
        centre.queues,
        centre.forecast,
        centre.arrivals,
        seed=centre.seed,
        service=Service.EXPONENTIAL,
        routing=centre.routing,
    )


@given(centre=small_centres())
@settings(max_examples=15, deadline=None)
def test_any_small_centre_is_simulated_as_in_plain_python(centre: SmallCentre) -> None:
    turn = range(4) if centre.routing is Routing.FEWEST_SKILLS else [0] * 4
    found = simulated(centre)
    days = found.days.set_index(["path", "queue", "date"])
    rates = []
    for path in range(PATHS):
        rows = plain_path(
            centre.plan,
            centre.people,
            centre.queues,
            centre.forecast,
            centre.arrivals[path],
            (centre.seed, path),
            turn,
        )
        plain = pd.DataFrame(rows, columns=list(TALLIED)).fillna(0.0)
        plain = plain.assign(
            queue=centre.forecast["queue"], date=centre.forecast["start"].dt.tz_localize(None).dt.normalize()
        )
        for (queue, date), sums in plain.groupby(["queue", "date"])[list(TALLIED)].sum().iterrows():
            assert days.loc[(path, queue, date), list(TALLIED)].to_dict() == pytest.approx(sums.to_dict())
        rates.append(plain)
    for queue in centre.queues:
        own = [plain.loc[plain["queue"] == queue.id] for plain in rates]
        offered = np.array([plain["offered"] - plain["pending"] for plain in own])
        reached = np.array([plain["in_threshold" if queue.can_wait else "answered"] for plain in own])
        staffed = np.array([plain["staffed_s"] for plain in own])
        busy = np.array([plain["busy_s"] for plain in own])
        for measure, plain in {
            "answer_rate": np.where(offered > 0, reached / np.maximum(offered, 1), 1.0),
            "occupancy": np.where(staffed > 0, busy / np.maximum(staffed, 1e-9), 0.0),
        }.items():
            mask = (found.intervals["queue"] == queue.id) & (found.intervals["measure"] == measure)
            assert found.intervals.loc[mask, "mean"].to_numpy() == pytest.approx(plain.mean(axis=0), abs=1e-6)


@given(centre=small_centres())
@settings(max_examples=10, deadline=None)
def test_no_contact_is_lost_or_made(centre: SmallCentre) -> None:
    days = simulated(centre).days
    assert (days["offered"] == days["answered"] + days["abandoned"] + days["waiting"]).all()
    of_row = centre.forecast["start"].dt.tz_localize(None).dt.normalize()
    for row in days.itertuples():
        came = (centre.forecast["queue"] == row.queue) & (of_row == row.date)
        assert row.offered == centre.arrivals[row.path][came.to_numpy()].sum()
    assert (days["in_threshold"] <= days["answered"]).all()
    assert (days["pending"] <= days["waiting"]).all()
    assert (days["busy_s"] <= days["staffed_s"] + 1e-6).all()
    waits = days["queue"].map({queue.id: queue.can_wait for queue in centre.queues})
    assert (days.loc[waits, "abandoned"] == 0).all()
    assert (days.loc[~waits, "pending"] == 0).all()
    # What waits in the end is what still waits, whenever it came.
    ends = days.groupby(["path", "queue"])
    assert (ends["backlog"].last() == ends["waiting"].sum()).all()
