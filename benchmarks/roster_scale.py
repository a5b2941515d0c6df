"""A named, rule-clean roster of the synthetic centre: time, proven gap, memory, planned and simulated answer rate.

`python -m benchmarks.roster_scale [--people N] [--days N] [--interval-min N] [--queues N] [--time-limit S] [--gap G]
[--seed K] [--threads N] [--paths N] [--interval-target] [--correct N]`. The centre has four queues, five groups of skills, three
contracts, time off for 15 % of its people, and wishes.
"""

from __future__ import annotations

import argparse
import math
import resource
import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm

from benchmarks._runner import emit, progress
from data.domain import Outcome, Period, Queue, Roster
from data.schema import FORECAST, QUANTILE_COLUMNS, QUANTILES, conform
from data.synthetic.centre import Centre, make_centre, true_means
from data.synthetic.traits import TRAITS
from scheduling.corrected import solve_corrected
from scheduling.correction import corrected_curves
from scheduling.correction_round import Round
from scheduling.curves import answer_curves
from scheduling.evaluate import Evaluation, evaluate
from scheduling.highs import end_processes
from scheduling.problem import RosterProblem
from scheduling.resolve.resolve import resolve
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.limits import Progress
from scheduling.rosters.solve import Limits, solve
from scheduling.rules import violations
from scheduling.simulate import Simulation, simulate

SPREAD = 0.08
"""Standard deviation of the log of the forecast's error."""
CORRECTION_PATHS = 50
"""Sampled horizons a round is corrected by."""


@dataclass(frozen=True)
class Case:
    """A roster to be found and the demand it is for."""

    problem: RosterProblem
    forecast: pd.DataFrame


def main() -> None:
    """Solve one case, count and simulate it, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=160)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--interval-min", type=int, default=15, choices=(15, 30, 60))
    parser.add_argument("--queues", type=int, default=4, choices=(1, 2, 3, 4), help="the centre's first ones")
    parser.add_argument("--time-limit", type=float, default=60.0, help="wall seconds")
    parser.add_argument("--gap", type=float, default=0.005, help="gap that is good enough")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2, choices=(1, 2), help="weeks solved at once")
    parser.add_argument("--paths", type=int, default=20, help="days sampled by the simulation, 0 for none")
    parser.add_argument(
        "--interval-target", action="store_true", help="also solve and simulate a target in every interval"
    )
    parser.add_argument(
        "--correct",
        type=int,
        default=1,
        metavar="N",
        help="rounds of solving and simulating, each with the limit",
    )
    options = parser.parse_args()
    centre = staffed(options.people, options.queues, options.seed)
    case = make_case(centre, options.days, options.interval_min)
    limits = Limits(
        time_s=options.time_limit,
        gap=options.gap,
        seed=options.seed,
        threads=options.threads,
        allow_shortfall=True,
    )
    begin, begin_cpu = time.monotonic(), _cpu_s()
    if options.correct > 1:
        case, found = corrected(case, limits, options.correct)
    else:
        found = solve(case.problem, limits=limits, progress=_show)
    seconds = time.monotonic() - begin
    # What a process used is known once it has ended.
    end_processes()
    cpu_seconds = _cpu_s() - begin_cpu
    emit(
        {
            "people": options.people,
            "days": options.days,
            "interval_min": options.interval_min,
            "seconds": seconds,
            "cpu_seconds": cpu_seconds,
            "status": str(found.status),
            "objective": found.objective,
            "bound": found.bound,
            "gap": found.gap,
            "peak_rss_mib": _peak_rss_mib(options.threads),
            "paid_hours_interval_target": None,
            **judge(case, found, options.paths, options.seed),
            **(by_interval(case, limits, options.paths) if options.interval_target else {}),
        }
    )


def staffed(people: int, queues: int, seed: int) -> Centre:
    """The first queues of a centre in which their contacts are work for so many people, and so many who serve them."""
    names = list(TRAITS)[:queues]
    share = sum(TRAITS[name].load_share for name in names)
    centre = make_centre(seed=seed, days=7, people=math.ceil(people / share))
    kept = tuple(queue for queue in centre.queues if queue.id in names)
    agents = [agent for agent in centre.agents if agent.skills & {queue.skill for queue in kept}]
    return replace(centre, queues=kept, agents=tuple(agents[:people]))


def by_interval(case: Case, limits: Limits, paths: int) -> dict[str, object]:
    """The same people and rates, but each interval has to reach its queue's target by itself."""
    progress("every interval by itself")
    queues = tuple(
        replace(queue, target=replace(queue.target, period=Period.INTERVAL)) for queue in case.problem.queues
    )
    other = replace(case, problem=replace(case.problem, queues=queues))
    found = solve(other.problem, limits=limits, progress=_show)
    judged = judge(other, found, paths, limits.seed)
    return {
        "status_interval_target": str(found.status),
        **{f"{name}_interval_target": value for name, value in judged.items()},
    }


def _cpu_s() -> float:
    """CPU seconds of this process and of those with HiGHS that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_rss_mib(threads: int) -> float:
    """Most memory of this process, and of the largest with HiGHS as often as there may be some at once."""
    own, solver = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own + threads * solver


def make_case(centre: Centre, days: int, interval_min: int) -> Case:
    """The days after the centre's history with its true means as the forecast."""
    queues = tuple(replace(queue, interval_min=interval_min) for queue in centre.queues)
    forecast = _forecast(centre, queues, days)
    problem = RosterProblem(
        name="scale",
        first=centre.end,
        days=days,
        timezone=queues[0].timezone,
        queues=queues,
        agents=centre.agents,
        contracts=centre.contracts,
        patterns=centre.patterns,
        curves=pd.concat([answer_curves(queue, forecast) for queue in queues], ignore_index=True),
        step_min=interval_min,
    )
    return Case(problem, forecast)


def judge(case: Case, found: Outcome[Roster], paths: int, seed: int) -> dict[str, object]:
    """Count rules, hours and answer rates of the roster found; all null where there is none."""
    names = ("violations", "paid_hours", "answer_rate_planned", "answer_rate_simulated", "p_met")
    if found.value is None:
        return dict.fromkeys(names)
    problem, roster = case.problem, found.value
    broken = violations(roster, problem.agents, problem.contracts, problem.patterns)
    counted = evaluate(
        roster,
        problem.agents,
        problem.queues,
        case.forecast,
        problem.curves,
        contracts=problem.contracts,
        patterns=problem.patterns,
    )
    planned = counted.days["answered"].sum() / counted.days["offered"].sum()
    simulated, met = (None, None) if paths == 0 else _simulated(case, roster, paths, seed)
    values = (len(broken), counted.paid_h, float(planned), simulated, met)
    return dict(zip(names, values, strict=True))


def _forecast(centre: Centre, queues: tuple[Queue, ...], days: int) -> pd.DataFrame:
    """True means by interval with a lognormal spread."""
    means = true_means(centre, centre.end, days)
    means = means.loc[means["queue"].isin({queue.id for queue in queues})].copy()
    means["handle_s"] = means["mean"] * means["aht_s"]
    starts = means["start"].dt.floor(f"{queues[0].interval_min}min")
    frame = means.groupby(["queue", starts], sort=False)[["mean", "handle_s"]].sum().reset_index()
    frame["aht_s"] = frame["handle_s"] / frame["mean"].where(frame["mean"] > 0, 1.0)
    for column, quantile in zip(QUANTILE_COLUMNS, QUANTILES, strict=True):
        frame[column] = frame["mean"] * np.exp(SPREAD * norm.ppf(quantile))
    return conform(frame, FORECAST)


def corrected(case: Case, limits: Limits, rounds: int) -> tuple[Case, RosterOutcome]:
    """The best roster of so many rounds, each corrected by the last one's simulation, and the curves it was planned on.

    The paths are others than those it is judged on afterwards.
    """
    problem = case.problem
    arrivals = _arrivals(case, CORRECTION_PATHS, limits.seed + 1)

    def judged(roster: Roster, curves: pd.DataFrame) -> Evaluation:
        return evaluate(
            roster,
            problem.agents,
            problem.queues,
            case.forecast,
            curves,
            contracts=problem.contracts,
            patterns=problem.patterns,
        )

    def played(roster: Roster) -> Simulation:
        return simulate(roster, problem.agents, problem.queues, case.forecast, arrivals, seed=limits.seed + 1)

    found = solve_corrected(
        problem.queues,
        problem.agents,
        problem.curves,
        solve=lambda curves: solve(replace(problem, curves=curves), limits=limits, progress=_show),
        again=lambda curves, last: resolve(
            replace(problem, curves=curves), last, limits=limits, progress=_show
        ),
        judge=judged,
        simulate=played,
        rounds=rounds,
        progress=_told,
    )
    planned_with = corrected_curves(problem.curves, problem.queues, found.correction)
    return replace(case, problem=replace(problem, curves=planned_with)), found.outcome


def _told(number: int, found: Round) -> None:
    met, p_met = found.rates["met"].sum(), found.rates["p_met"].mean()
    progress(
        f"round {number}: {found.paid_h:,.1f} h, {met} of {len(found.rates)} targets met, P(met) {p_met:.3f}"
    )


def _arrivals(case: Case, paths: int, seed: int) -> np.ndarray:
    """Contacts of each path and interval; a day's error is shared by its intervals."""
    random = np.random.default_rng(seed)
    days = case.forecast["start"].dt.floor("D").to_numpy()
    _, day = np.unique(days, return_inverse=True)
    level = np.exp(SPREAD * random.standard_normal((paths, day.max() + 1)) - SPREAD**2 / 2)
    return random.poisson(case.forecast["mean"].to_numpy() * level[:, day])


def _simulated(case: Case, roster: Roster, paths: int, seed: int) -> tuple[float, float]:
    """Answer rate over all sampled days, and the share of queues' days that reach their target."""
    progress(f"simulating {paths} sampled horizons")
    arrivals = _arrivals(case, paths, seed)
    result = simulate(roster, case.problem.agents, case.problem.queues, case.forecast, arrivals, seed=seed)
    frame = result.days
    targets = {queue.id: queue.target.answer_rate for queue in case.problem.queues}
    reached = frame["answered"] >= frame["queue"].map(targets) * frame["offered"]
    return float(frame["answered"].sum() / frame["offered"].sum()), float(reached.mean())


def _show(step: Progress) -> None:
    gap = "" if step.gap is None else f", gap {100 * step.gap:.2f} %"
    progress(f"{step.elapsed_s:7.1f} s  {step.phase}{gap}")


if __name__ == "__main__":
    main()
