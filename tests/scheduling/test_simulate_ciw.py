"""The same centres simulated by Ciw, an independent library (Palmer et al. 2019, Journal of Simulation 13:68)."""

from __future__ import annotations

import ciw
import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

from data.domain import Queue, Roster
from scheduling.contact_laws import Service
from scheduling.simulate import simulate
from tests.scheduling.small_forecasts import MONDAY, flat_forecast
from tests.scheduling.small_rosters import agents, at, roster, shift

PATHS = 30
FROM_H, UNTIL_H, TO_H = 18, 24, 27
"""Both run from empty queues to TO_H; contacts that come until UNTIL_H are compared, those in hand have time to end."""
AHT_S = 240.0
ALIKE = 0.001
"""Least p of two equal means that passes for equal; seeds are fixed."""
Figures = dict[str, np.ndarray]


def ours(
    queues: list[Queue], per_hour: dict[str, float], plan: Roster, crew: list[str], **laws: object
) -> dict[str, Figures]:
    frames = [flat_forecast(queue, per_hour[queue.id] / 2, days=2, aht_s=AHT_S) for queue in queues]
    forecast = pd.concat(frames, ignore_index=True)
    hour = (forecast["start"] - pd.Timestamp(at("00:00"))) / pd.Timedelta(hours=1)
    forecast = forecast.loc[(hour >= FROM_H) & (hour < TO_H)].reset_index(drop=True)
    arrivals = np.random.default_rng(1).poisson(forecast["mean"], (PATHS, len(forecast)))
    people = agents(**{name: [queue.id for queue in queues] for name in crew})
    days = simulate(plan, people, queues, forecast, arrivals, seed=1, **laws).days
    first = days.loc[days["date"] == pd.Timestamp(MONDAY)]
    return {
        str(queue): {
            "answered": (own["answered"] / own["offered"]).to_numpy(),
            "in time": (own["in_threshold"] / own["offered"]).to_numpy(),
            "wait": (own["wait_s"] / own["offered"]).to_numpy(),
        }
        for queue, own in first.groupby("queue")
    }


def ciws(network: object, classes: list[str]) -> dict[str, Figures]:
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in classes}
    for path in range(PATHS):
        ciw.seed(path)
        run = ciw.Simulation(network)
        run.simulate_until_max_time(3600.0 * (TO_H - FROM_H))
        records = [
            (one.customer_class, one.record_type == "service", one.waiting_time)
            for one in run.get_all_records(only=["service", "renege"])
            if one.arrival_date < 3600.0 * (UNTIL_H - FROM_H)
        ]
        for name in classes:
            own = [(answered, wait) for of, answered, wait in records if of == name]
            found[name].append(
                (
                    np.mean([answered for answered, _ in own]),
                    np.mean([answered and wait <= 20.0 for answered, wait in own]),
                    np.mean([wait for _, wait in own]),
                )
            )
    return {
        name: dict(zip(("answered", "in time", "wait"), np.array(rows).T, strict=True))
        for name, rows in found.items()
    }


def alike(one: Figures, other: Figures) -> dict[str, float]:
    """p of equal means over independent paths, of each figure."""
    return {name: float(ttest_ind(one[name], other[name], equal_var=False).pvalue) for name in one}


def around_the_clock(count: int) -> tuple[Roster, list[str]]:
    crew = [f"p{i}" for i in range(count)]
    return roster(*(shift(one, "18:00-03:00") for one in crew)), crew


def impatient(count: int | object) -> object:
    return ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(75 / 3600)],
        service_distributions=[ciw.dists.Exponential(1 / AHT_S)],
        reneging_time_distributions=[ciw.dists.Exponential(1 / 90.0)],
        number_of_servers=[count],
    )


CARDS = Queue(id="Customer", patience_s=90.0)


def test_impatient_callers_fare_alike() -> None:
    plan, crew = around_the_clock(5)
    mine = ours([CARDS], {"Customer": 75.0}, plan, crew, service=Service.EXPONENTIAL)["Customer"]
    theirs = ciws(impatient(5), ["Customer"])["Customer"]
    assert 0.7 < theirs["answered"].mean() < 0.9
    assert min(alike(mine, theirs).values()) > ALIKE
    # One more server would have been noticed.
    assert min(alike(mine, ciws(impatient(6), ["Customer"])["Customer"]).values()) < ALIKE


def test_two_priorities_with_lognormal_handle_times_fare_alike() -> None:
    plan, crew = around_the_clock(6)
    queues = [
        Queue(id="vip", patience_s=60.0, priority=1),
        Queue(id="mass", patience_s=200.0),
    ]
    mine = ours(queues, {"vip": 30.0, "mass": 70.0}, plan, crew, cv=1.3)
    spread = np.log1p(1.3**2)
    service = ciw.dists.Lognormal(np.log(AHT_S) - spread / 2, np.sqrt(spread))
    network = ciw.create_network(
        arrival_distributions={
            "vip": [ciw.dists.Exponential(30 / 3600)],
            "mass": [ciw.dists.Exponential(70 / 3600)],
        },
        service_distributions={"vip": [service], "mass": [service]},
        reneging_time_distributions={
            "vip": [ciw.dists.Exponential(1 / 60)],
            "mass": [ciw.dists.Exponential(1 / 200)],
        },
        priority_classes={"vip": 0, "mass": 1},
        number_of_servers=[6],
    )
    theirs = ciws(network, ["vip", "mass"])
    assert theirs["vip"]["wait"].mean() < 0.5 * theirs["mass"]["wait"].mean()
    for name in ("vip", "mass"):
        assert min(alike(mine[name], theirs[name]).values()) > ALIKE, name


def test_shifts_that_relieve_each_other_fare_alike() -> None:
    # In Ciw every server is relieved at a change, and finishes what it has in hand.
    shifts = [(3, "18:00-20:00"), (8, "20:00-23:00"), (5, "23:00-03:00")]
    crews = [[f"{span} {i}" for i in range(count)] for count, span in shifts]
    plan = roster(*(shift(one, span) for crew, (_, span) in zip(crews, shifts, strict=True) for one in crew))
    mine = ours(
        [CARDS],
        {"Customer": 75.0},
        plan,
        [one for crew in crews for one in crew],
        service=Service.EXPONENTIAL,
    )["Customer"]
    ends = [3600.0 * (hour - FROM_H) for hour in (20, 23, 27)]
    schedule = ciw.Schedule(numbers_of_servers=[3, 8, 5], shift_end_dates=ends, preemption=False)
    theirs = ciws(impatient(schedule), ["Customer"])["Customer"]
    assert min(alike(mine, theirs).values()) > ALIKE


def test_who_waits_behind_whom_without_giving_up_is_cobhams_formula() -> None:
    # W_k = C / (n μ) / ((1 − σ_{k−1}) (1 − σ_k)): Cobham (1954), Operations Research 2:70; C is Erlang's (1917).
    agents_there, hourly = 4, {"vip": 12.0, "mass": 36.0}
    load = {name: rate * AHT_S / 3600.0 / agents_there for name, rate in hourly.items()}
    traffic = agents_there * sum(load.values())
    terms = [traffic**k / float(np.prod(range(1, k + 1))) for k in range(agents_there)]
    last = traffic**agents_there / float(np.prod(range(1, agents_there + 1))) / (1 - sum(load.values()))
    base = last / (sum(terms) + last) * AHT_S / agents_there
    expected = {
        "vip": base / (1 - load["vip"]),
        "mass": base / (1 - load["vip"]) / (1 - sum(load.values())),
    }
    queues = [Queue(id=name, patience_s=1e12, priority=int(name == "vip")) for name in hourly]
    forecast = pd.concat(
        [flat_forecast(queue, hourly[queue.id] / 2, days=60, aht_s=AHT_S) for queue in queues],
        ignore_index=True,
    )
    crew = [f"p{i}" for i in range(agents_there)]
    plan = roster(*(shift(one, "00:00-00:00", day=day) for one in crew for day in range(60)), days=60)
    people = agents(**{one: list(hourly) for one in crew})
    arrivals = np.random.default_rng(4).poisson(forecast["mean"], (1, len(forecast)))
    days = simulate(
        plan, people, queues, forecast, arrivals, seed=4, service=Service.EXPONENTIAL
    ).days.sort_values(["queue", "date"])
    for name, wait_s in expected.items():
        own = days.loc[days["queue"] == name].iloc[1:-1]
        mean = own["wait_s"].sum() / own["offered"].sum()
        spread = (own["wait_s"] - mean * own["offered"]).std() / own["offered"].mean() / np.sqrt(len(own))
        assert abs(mean - wait_s) < 2.7 * spread, name
        assert spread < 0.1 * wait_s
