"""How far answer rates at market open are from simulated ones, with and without what intervals leave to the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from benchmarks._runner import progress
from benchmarks.staffing.forecasts import MONDAY
from data.domain import Agent, Assignment, OpeningSpan, Queue, Roster
from data.intervals import grid
from data.schema import FORECAST, QUANTILE_COLUMNS, conform
from scheduling.absence import Absence
from scheduling.arguments import Floats, Integers
from scheduling.contact_laws import Laws, Service, queue_laws
from scheduling.coverage import coverage
from scheduling.erlang import answer_rate
from scheduling.minimal_agents import minimal_agents
from scheduling.routing import Routing, turns
from scheduling.simulated_path import run_path
from scheduling.simulation_setting import setting
from scheduling.simulation_tally import TALLIED

OPEN_MIN, CLOSE_MIN = 8 * 60, 16 * 60
AHT_S = 240.0
SHAPE = np.concatenate(
    (np.full(6, 0.25), [1.0, 0.95, 0.85, 0.76, 0.68, 0.62, 0.56, 0.5, 0.46, 0.42], np.full(4, 0.4))
)
AFTERNOON = np.concatenate((np.full(3, 0.4), [0.8, 0.74, 0.66, 0.6, 0.54, 0.5], np.full(3, 0.45)))
"""Traffic over the day: four times as much from 09:30 on, at market open, and twice as much from 13:45 on."""

CASES = ((20.0, 90.0), (20.0, 360.0), (120.0, 90.0), (120.0, 360.0))
"""Erlangs at the peak and patience in s."""

BLOCKS = (1, 4, 8)
"""Quarter hours for which the number of agents stays."""

PATHS = 160
METHODS = ("steady", "curves", "roster")


def error_of_carry_over(paths: int = PATHS) -> dict[str, object]:
    """Points by which expected answer rates of quarter hours miss simulated ones, service lognormal.

    `steady` takes each interval as if it had gone on for long; `curves` is what is planned on, with the load carried
    over; `roster` is what coverage tells besides, which knows who is left waiting. Agents are those each quarter hour
    needs when taken as steady, or the mean of these over one hour or two. The opening interval is left out: curves take it as if it
    had gone on for long, while a simulated day begins with an empty centre.
    """
    errors: dict[str, list[Floats]] = {name: [] for name in METHODS}
    days: dict[str, list[float]] = {name: [] for name in METHODS}
    for peak, patience_s in CASES:
        for block in BLOCKS:
            found, simulated, weights = _case(peak, patience_s, paths, block=block)
            for name, rates in found.items():
                errors[name].append(100 * np.abs(rates - simulated)[1:])
                days[name].append(100 * abs(float((rates - simulated)[1:] @ weights[1:])) / weights[1:].sum())
    result: dict[str, object] = {"paths": paths}
    for name in METHODS:
        every = np.concatenate(errors[name])
        result[name] = {
            "mean_points": float(every.mean()),
            "max_points": float(every.max()),
            "largest_of_a_day_points": max(days[name]),
        }
        progress(
            f"answer rate at market open, {name}: {every.mean():.2f} points off on average, "
            f"{every.max():.1f} at most, {max(days[name]):.2f} over a day"
        )
    return result


def _case(
    peak: float, patience_s: float, paths: int, *, block: int
) -> tuple[dict[str, Floats], Floats, Floats]:
    """Expected answer rates by method, simulated ones, and contacts offered, of each interval."""
    hours = (OpeningSpan(open_min=OPEN_MIN, close_min=CLOSE_MIN),)
    queue = Queue(id="securities", interval_min=15, hours=hours, patience_s=patience_s)
    traffic = peak * np.concatenate((SHAPE, AFTERNOON))
    forecast = _forecast(queue, traffic * 900.0 / AHT_S)
    needed = minimal_agents(traffic, AHT_S, patience_s)
    needed = np.repeat(np.ceil(needed.reshape(-1, block).mean(axis=1)), block).astype(np.int64)
    agents, roster = _roster(needed)
    covered = coverage(roster, agents, [queue], forecast)
    offered = covered["offered"].to_numpy()
    found = {
        "steady": answer_rate(traffic, needed, AHT_S, patience_s),
        "curves": covered["answer_rate"].to_numpy(),
        "roster": covered["answered_carried"].to_numpy() / offered,
    }
    return found, _simulated(queue, forecast, agents, roster, paths), offered


def _forecast(queue: Queue, mean: Floats) -> pd.DataFrame:
    """Demand known but for chance: all quantiles at the mean."""
    frame = pd.DataFrame({"queue": queue.id, "start": grid(queue, MONDAY, 1)["start"], "mean": mean})
    return conform(frame.assign(aht_s=AHT_S, **dict.fromkeys(QUANTILE_COLUMNS, mean)), FORECAST)


def _roster(needed: Integers) -> tuple[list[Agent], Roster]:
    """As many people in each interval, each for one stretch of intervals."""
    midnight = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC)
    agents: list[Agent] = []
    shifts: list[Assignment] = []
    for level in range(int(needed.max())):
        on = np.flatnonzero(np.diff(np.concatenate(([0], needed > level, [0])).astype(int)))
        for first, last in on.reshape(-1, 2):
            agent = Agent(id=f"agent {len(agents)}", skills=frozenset({"securities"}))
            start, end = (midnight + timedelta(minutes=OPEN_MIN + 15 * int(at)) for at in (first, last))
            agents.append(agent)
            shifts.append(Assignment(agent_id=agent.id, day=MONDAY, pattern="part", start=start, end=end))
    return agents, Roster(name="market open", first=MONDAY, days=1, timezone="UTC", assignments=tuple(shifts))


def _simulated(
    queue: Queue, forecast: pd.DataFrame, agents: list[Agent], roster: Roster, paths: int
) -> Floats:
    """Answered / offered of each interval over all paths: the mean of each path's rate would be another figure."""
    counts = np.random.default_rng(1).poisson(forecast["mean"], (paths, len(forecast)))
    shared = setting(roster, agents, [queue], forecast, counts, None)
    drawn_by = queue_laws(Laws(Service.LOGNORMAL, 1.3, {}, {}), [queue])
    turn = turns(Routing.LONGEST_IDLE, shared.serves)
    answered = np.zeros(len(forecast))
    for path in range(paths):
        found = run_path(shared, counts[path], drawn_by, turn=turn, absence=Absence.EVEN, seed=(1, path))
        answered += found.sums[TALLIED.index("answered")]
    rates: Floats = answered / counts.sum(axis=0)
    return rates
