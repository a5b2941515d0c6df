"""Speed and accuracy of staffing: minimal agents, answer curves, simulation, and its steady state.

`python -m benchmarks.staffing [--cases N] [--days N]`. Seconds are of one core and without compilation.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from benchmarks._runner import emit, progress
from data.domain import Agent, Assignment, Break, OpeningSpan, Queue, Roster
from data.intervals import grid
from data.schema import FORECAST, QUANTILE_COLUMNS, QUANTILES, conform
from scheduling.curves import answer_curves
from scheduling.erlang import erlang_a
from scheduling.minimal_agents import minimal_agents
from scheduling.simulate import Service, simulate

MONDAY = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def main() -> None:
    """Measure every part and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--intervals", type=int, default=100_000, help="intervals for minimal agents")
    parser.add_argument("--cases", type=int, default=200, help="steady states compared with Erlang A")
    parser.add_argument("--days", type=int, default=20, help="sampled days of 20,000 contacts")
    options = parser.parse_args()
    emit(
        {
            "minimal_agents": time_minimal_agents(options.intervals),
            "curves": time_curves(),
            "simulator": time_simulator(options.days),
            "steady_state": count_steady_states(options.cases),
        }
    )


def time_minimal_agents(intervals: int) -> dict[str, float]:
    """Least agents for 95 % answered, traffic up to 500 erlangs."""
    random = np.random.default_rng(1)
    traffic, patience_s = random.uniform(0.01, 500, intervals), random.uniform(60, 300, intervals)
    minimal_agents(traffic[:10], 240.0, patience_s[:10])
    begin = time.process_time()
    minimal_agents(traffic, 240.0, patience_s)
    seconds = time.process_time() - begin
    progress(f"minimal agents of {intervals} intervals: {seconds:.2f} s")
    return {"intervals": intervals, "seconds": seconds}


def time_curves() -> dict[str, float]:
    """Answer curves of 10 queues × 28 days × 96 intervals, 5 to 150 erlangs at the peak."""
    queues = [Queue(id=f"queue {i}", interval_min=15) for i in range(10)]
    forecasts = [
        shaped_forecast(queue, float(peak), days=28)
        for queue, peak in zip(queues, np.geomspace(20, 560, 10), strict=True)
    ]
    answer_curves(queues[0], forecasts[0].head(10))
    begin = time.process_time()
    pieces = [len(answer_curves(queue, frame)) for queue, frame in zip(queues, forecasts, strict=True)]
    seconds = time.process_time() - begin
    progress(f"answer curves of {sum(map(len, forecasts))} intervals, {sum(pieces)} points: {seconds:.2f} s")
    return {"seconds": seconds}


def time_simulator(days: int) -> dict[str, float]:
    """Sampled days of 20,000 contacts, 3 queues, 250 agents with mixed skills, breaks and shrinkage."""
    hours = (OpeningSpan(open_min=420, close_min=1320),)
    names = ("cards", "securities", "funds")
    queues = [
        Queue(id=name, interval_min=15, hours=hours, shrinkage=0.2, priority=i)
        for i, name in enumerate(names)
    ]
    forecast = pd.concat([shaped_forecast(queue, 1.0, days=1) for queue in queues], ignore_index=True)
    forecast["mean"] *= 20_000 / forecast["mean"].sum()
    skills = [("cards",), ("securities",), ("cards", "securities"), ("funds", "cards"), names]
    agents = [Agent(id=f"agent {i}", skills=frozenset(skills[i % len(skills)])) for i in range(250)]
    shifts = tuple(shift(agent.id, 420 + 30 * (i % 13)) for i, agent in enumerate(agents))
    roster = Roster(name="benchmark", first=MONDAY, days=1, timezone="UTC", assignments=shifts)
    arrivals = np.random.default_rng(1).poisson(forecast["mean"], (days, len(forecast)))
    simulate(roster, agents, queues, forecast, arrivals[:1], seed=1)
    begin = time.process_time()
    simulate(roster, agents, queues, forecast, arrivals, seed=1)
    seconds = (time.process_time() - begin) / days
    progress(f"one day of 20,000 contacts: {seconds:.3f} s")
    return {"seconds_per_day": seconds}


def count_steady_states(cases: int) -> dict[str, int]:
    """Simulated answer rates that lie in their 99 % interval around Erlang A's."""
    random = np.random.default_rng(1)
    inside = 0
    for case in range(cases):
        traffic = float(np.exp(random.uniform(np.log(0.5), np.log(120))))
        servers = max(1, round(traffic / random.uniform(0.7, 1.3)))
        patience_s = float(random.uniform(30, 600))
        inside += steady_state_agrees(traffic, servers, patience_s, seed=case)
        if (case + 1) % 20 == 0:
            progress(f"steady states: {inside} of {case + 1} inside 99 %")
    return {"cases": cases, "inside_99": inside}


def steady_state_agrees(
    traffic: float, servers: int, patience_s: float, *, seed: int, days: int = 30
) -> bool:
    """Whether days of constant demand and staffing, after a first one left out, agree with Erlang A."""
    queue = Queue(id="queue", interval_min=60, patience_s=patience_s)
    forecast = shaped_forecast(queue, 1.0, days=days)
    forecast["mean"] = traffic * 3600.0 / 240.0
    agents = [Agent(id=f"agent {i}", skills=frozenset({"queue"})) for i in range(servers)]
    shifts = tuple(
        Assignment(
            agent_id=agent.id,
            day=MONDAY,
            pattern="always",
            start=MIDNIGHT,
            end=MIDNIGHT + timedelta(days=days),
        )
        for agent in agents
    )
    roster = Roster(name="always", first=MONDAY, days=days, timezone="UTC", assignments=shifts)
    arrivals = np.random.default_rng(seed).poisson(forecast["mean"], (1, len(forecast)))
    found = simulate(roster, agents, [queue], forecast, arrivals, seed=seed, service=Service.EXPONENTIAL)
    kept = found.days.iloc[1:]
    rate = kept["answered"].sum() / kept["offered"].sum()
    spread = (kept["answered"] - rate * kept["offered"]).std() / kept["offered"].mean() / np.sqrt(len(kept))
    expected = float(erlang_a(traffic, servers, 240.0, patience_s).answer_rate)
    return bool(abs(rate - expected) <= t.ppf(0.995, len(kept) - 1) * spread)


def shaped_forecast(queue: Queue, peak: float, *, days: int) -> pd.DataFrame:
    """A forecast with a morning and an afternoon peak, no two days alike, and 10 % uncertainty."""
    starts = grid(queue, MONDAY, days)
    hour = starts["minute"].to_numpy() / 60.0
    of_day = np.random.default_rng(1).uniform(0.8, 1.2, days)
    level = of_day[pd.factorize(starts["date"])[0]]
    mean = (
        peak
        * level
        * (np.exp(-(((hour - 10.5) / 2.2) ** 2)) + 0.8 * np.exp(-(((hour - 15.5) / 2.5) ** 2)) + 0.03)
    )
    spread = np.sqrt(mean + (0.1 * mean) ** 2)
    frame = pd.DataFrame({"queue": queue.id, "start": starts["start"], "mean": mean, "aht_s": 240.0})
    for column, quantile in zip(QUANTILE_COLUMNS, QUANTILES, strict=True):
        frame[column] = np.maximum(0.0, mean + norm.ppf(quantile) * spread)
    return conform(frame, FORECAST)


def shift(agent_id: str, start_min: int) -> Assignment:
    """Nine hours with an hour's lunch and a quarter-hour of coffee."""
    start = MIDNIGHT + timedelta(minutes=start_min)
    lunch, coffee = start + timedelta(hours=4), start + timedelta(hours=7)
    return Assignment(
        agent_id=agent_id,
        day=MONDAY,
        pattern="day",
        start=start,
        end=start + timedelta(hours=9),
        breaks=(
            Break(kind="lunch", start=lunch, end=lunch + timedelta(hours=1), paid=False),
            Break(kind="coffee", start=coffee, end=coffee + timedelta(minutes=15), paid=True),
        ),
    )


if __name__ == "__main__":
    main()
