"""A roster of the synthetic centre struck by sickness and solved again with few changes: time, gap, what is missed.

`python -m benchmarks.resolve [--people N] [--days N] [--interval-min N] [--queues N] [--absent N] [--max-changes N]
[--time-limit S] [--gap G] [--seed K]`. The people fall ill on the second day for two days; the roster that stands is the
optimiser's own.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from benchmarks._runner import emit, progress
from benchmarks.roster_scale import Case, make_case, staffed
from data.domain import Roster
from scheduling.evaluate import Evaluation, evaluate
from scheduling.highs import end_processes
from scheduling.resolve.outcome import Absence, ResolveOutcome
from scheduling.resolve.resolve import resolve
from scheduling.rosters.limits import Limits, Progress
from scheduling.rosters.solve import solve
from scheduling.rules import violations


@dataclass(frozen=True)
class Taken:
    """What solving again took."""

    found: ResolveOutcome
    seconds: float
    cpu_s: float


def main() -> None:
    """Solve a roster, let people fall ill, solve again, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--interval-min", type=int, default=30, choices=(15, 30, 60))
    parser.add_argument("--queues", type=int, default=1, choices=(1, 2, 3, 4), help="the centre's first ones")
    parser.add_argument("--absent", type=int, default=10, help="people who fall ill")
    parser.add_argument("--max-changes", type=int, default=20)
    parser.add_argument("--time-limit", type=float, default=20.0, help="wall seconds for solving again")
    parser.add_argument(
        "--solve-limit", type=float, default=60.0, help="wall seconds for the roster that stands"
    )
    parser.add_argument("--gap", type=float, default=0.01, help="gap that is good enough")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    case = make_case(
        staffed(options.people, options.queues, options.seed), options.days, options.interval_min
    )
    limits = Limits(time_s=options.solve_limit, gap=options.gap, seed=options.seed, allow_shortfall=True)
    stands = solve(case.problem, limits=limits, progress=_show).value
    if stands is None:
        raise SystemExit("No roster was found in time that could be solved again.")
    absent = _absent(stands, options.absent, options.seed)
    again = replace(limits, time_s=options.time_limit)
    taken = _taken(case, stands, absent, options.max_changes, again)
    found = taken.found
    off = {one.agent_id: one.days for one in absent}
    agents = [
        replace(agent, time_off=agent.time_off | off.get(agent.id, frozenset()))
        for agent in case.problem.agents
    ]
    roster = stands if found.value is None else found.value
    gone = replace(
        stands, assignments=tuple(shift for shift in stands.assignments if shift not in found.taken_away)
    )
    before, after = _judged(case, gone), _judged(case, roster)
    emit(
        {
            "people": options.people,
            "days": options.days,
            "interval_min": options.interval_min,
            "absent": options.absent,
            "max_changes": options.max_changes,
            "seconds": taken.seconds,
            "cpu_s": taken.cpu_s,
            "status": str(found.status),
            "objective_before": found.before,
            "objective": found.objective,
            "bound": found.bound,
            "gap": found.gap,
            "answer_rate_before": float(before.days["answer_rate"].min()),
            "answer_rate": float(after.days["answer_rate"].min()),
            "changed": len(found.people),
            "missed_before": len(found.missed_before),
            "missed": len(found.missed),
            "violations": len(violations(roster, agents, case.problem.contracts, case.problem.patterns)),
        }
    )


def _absent(roster: Roster, count: int, seed: int) -> list[Absence]:
    """People who work on the second day or the third, and fall ill for both."""
    days = {roster.first + timedelta(days=min(n, roster.days - 1)) for n in (1, 2)}
    people = sorted({shift.agent_id for shift in roster.assignments if shift.day in days})
    chosen = np.random.default_rng(seed).choice(people, size=min(count, len(people)), replace=False)
    return [Absence(str(agent_id), min(days), max(days)) for agent_id in sorted(chosen)]


def _taken(case: Case, roster: Roster, absent: list[Absence], most: int, limits: Limits) -> Taken:
    # What a process used is known once it has ended.
    end_processes()
    begin, begin_cpu = time.monotonic(), _cpu_s()
    found = resolve(case.problem, roster, absent=absent, max_changes=most, limits=limits, progress=_show)
    seconds = time.monotonic() - begin
    end_processes()
    return Taken(found, seconds, _cpu_s() - begin_cpu)


def _judged(case: Case, roster: Roster) -> Evaluation:
    problem = case.problem
    return evaluate(
        roster,
        problem.agents,
        problem.queues,
        case.forecast,
        problem.curves,
        contracts=problem.contracts,
        patterns=problem.patterns,
    )


def _cpu_s() -> float:
    """CPU seconds of this process and of those with HiGHS that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _show(step: Progress) -> None:
    gap = "" if step.gap is None else f", gap {100 * step.gap:.2f} %"
    progress(f"{step.elapsed_s:7.1f} s  {step.phase}{gap}")


if __name__ == "__main__":
    main()
