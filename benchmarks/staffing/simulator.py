"""How long a sampled day takes, and whether the simulation agrees with Erlang A in steady state."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
from scipy.stats import chi2, t

from benchmarks._runner import progress
from benchmarks.staffing.forecasts import MONDAY, shaped_forecast
from data.domain import Agent, Assignment, Break, OpeningSpan, Queue, Roster
from scheduling.contact_laws import Service
from scheduling.erlang import erlang_a
from scheduling.simulate import simulate

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
ENOUGH = 50
"""Independent contacts not answered from which on their share is as good as normal."""


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


def count_steady_states(cases: int) -> dict[str, float]:
    """Simulated answer rates that lie in their 99 % interval around Erlang A's, and how they scatter around them.

    `mean_z` and `sd_z` are of the differences in standard errors, over the cases with `ENOUGH` contacts that were not
    answered: 0 ± 0.07 and about 1.04 (Student's t) where the simulation is right and nothing leans.
    """
    random = np.random.default_rng(1)
    inside, scores = 0, []
    for case in range(cases):
        traffic = float(np.exp(random.uniform(np.log(0.5), np.log(120))))
        servers = max(1, round(traffic / random.uniform(0.7, 1.3)))
        patience_s = float(random.uniform(30, 600))
        days = steady_days(traffic, servers, patience_s, seed=case)
        expected = float(erlang_a(traffic, servers, 240.0, patience_s).answer_rate)
        low, high = missed_99(days)
        inside += bool(low <= 1 - expected <= high)
        missed, error, independent = _missed(days)
        if independent >= ENOUGH:
            scores.append((1 - expected - missed) / error)
        if (case + 1) % 20 == 0:
            progress(f"steady states: {inside} of {case + 1} inside 99 %")
    return {
        "cases": cases,
        "inside_99": inside,
        "mean_z": float(np.mean(scores)),
        "sd_z": float(np.std(scores, ddof=1)),
    }


def steady_days(
    traffic: float, servers: int, patience_s: float, *, seed: int, days: int = 30
) -> pd.DataFrame:
    """Days of constant demand and staffing; the first, which begins empty, and the last, which ends, are left out."""
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
    return found.days.iloc[1:-1]


def missed_99(days: pd.DataFrame) -> tuple[float, float]:
    """99 % interval of the share not answered: Student's over the days or, where wider, the exact Poisson one.

    Student's fails where next to nobody is left unanswered, for then the days' counts are far from normal (none at
    all would make it a point). Poisson's (Garwood 1936, Biometrika 28:437) is of as many independent events as the
    days' scatter says there were.
    """
    missed, error, independent = _missed(days)
    half = t.ppf(0.995, len(days) - 1) * error
    each = missed / independent if independent > 0 else 1 / days["offered"].sum()
    low = chi2.ppf(0.005, 2 * independent) / 2 * each if independent > 0 else 0.0
    high = chi2.ppf(0.995, 2 * independent + 2) / 2 * each
    return min(missed - half, low), max(missed + half, high)


def _missed(days: pd.DataFrame) -> tuple[float, float, float]:
    """Share not answered, its standard error, and as many independent events as would scatter like it."""
    lost = (days["offered"] - days["answered"]).to_numpy(dtype=float)
    offered = days["offered"].to_numpy(dtype=float)
    share = lost.sum() / offered.sum()
    variance = float((lost - share * offered).var(ddof=1))
    clustered = max(1.0, variance / lost.mean()) if lost.any() else 1.0
    return share, np.sqrt(variance / len(days)) / offered.mean(), lost.sum() / clustered


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
