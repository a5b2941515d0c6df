"""Shifts that cover a week's requirements at the least hours, or come nearest to them, beside pyworkforce's.

`python -m benchmarks.roster_peer [--people N] [--days N] [--step-min 15|30] [--seed K] [--time-limit S]
[--goal hours|difference] [--peer-python PATH] [--named]`. Both get the same requirements, shifts and time, and both count
people by shift; with `--named` the whole optimiser also names them.
"""

from __future__ import annotations

import argparse
import math
import resource
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks._runner import emit, progress
from benchmarks.roster_peer.adapter import counts_of, counts_of_values, problems_of
from benchmarks.roster_peer.case import Case, Goal, make_case, shift_types
from benchmarks.roster_peer.count import count
from benchmarks.roster_peer.peer import peer_python, solve_with_peer
from data.domain import Status
from scheduling.highs import end_processes
from scheduling.problem import RosterProblem
from scheduling.rosters.build import build
from scheduling.rosters.model import Model
from scheduling.rosters.solve import Limits, solve
from scheduling.solver import Arrays, minimise, relax

THREADS = 2
PROVEN = 1e-6
"""Hours by which what is found may lie above its bound for rounding alone."""


def main() -> None:
    """Solve one case with both and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--step-min", type=int, default=15, choices=(15, 30))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--time-limit", type=float, default=240.0, help="wall seconds for each")
    parser.add_argument(
        "--peer-python", type=Path, help="an interpreter that has pyworkforce; see `make peers`"
    )
    parser.add_argument(
        "--goal", type=Goal, choices=list(Goal), default=Goal.HOURS, help="what is to be least"
    )
    parser.add_argument("--named", action="store_true", help="also give the shifts to named people")
    options = parser.parse_args()
    case = make_case(options.people, options.days, options.seed, options.step_min)
    progress(f"{len(shift_types(case))} shifts, {case.required.sum() * case.step_min / 60:g} agents' hours")
    ours = _ours(case, options.goal, options.time_limit)
    progress(f"here: {ours}")
    named = _named(case, options.goal, options.time_limit, options.seed) if options.named else None
    theirs = _theirs(case, options.goal, options.time_limit, options.peer_python)
    progress(f"pyworkforce: {theirs or 'not found, skipped (make peers, or --peer-python PATH)'}")
    emit(
        {
            "people": options.people,
            "days": options.days,
            "step_min": options.step_min,
            "goal": options.goal.value,
            "shifts": len(shift_types(case)),
            **ours,
            "named": named,
            "peer": theirs,
            **_compared(ours, theirs),
        }
    )


def _compared(ours: Mapping[str, Any], theirs: Mapping[str, Any] | None) -> dict[str, object]:
    """How many times the peer's time is ours; both null where there is no peer."""
    if theirs is None:
        return {"both_optimal": None, "ratio_to_pyworkforce": None, "cpu_ratio_to_pyworkforce": None}
    return {
        "both_optimal": bool(ours["optimal"] and theirs["optimal"]),
        "ratio_to_pyworkforce": theirs["seconds"] / ours["seconds"],
        "cpu_ratio_to_pyworkforce": theirs["cpu_seconds"] / ours["cpu_seconds"],
    }


def _ours(case: Case, goal: Goal, time_s: float) -> dict[str, object]:
    """Counts of shifts by the programme of each day, each with an equal share of the time left.

    Starting Python counts for neither of them.
    """
    problems, period_h = problems_of(case, goal), case.step_min / 60
    first = build(problems[-1]).arrays
    end_processes()
    started_cpu = _cpu_s()
    relax(first)
    end_processes()
    begin_cpu = _cpu_s()
    # What starting takes is taken off again, for this process starts as well.
    begin_cpu += begin_cpu - started_cpu
    relax(first)
    begin = time.monotonic()
    bound, proven = 0.0, True
    chosen: dict[tuple[int, str], int] = {}
    for day, problem in enumerate(problems):
        left_s = max(1.0, time_s - (time.monotonic() - begin))
        model = build(problem)
        solved = minimise(
            _in_whole_breaks(model),
            time_s=left_s / (len(problems) - day),
            # Every cost is a multiple of a period's: whatever is nearer to its bound than that is the least.
            options={"mip_abs_gap": 0.999 * period_h},
        )
        least = period_h * math.ceil((solved.bound or 0.0) / period_h - PROVEN)
        bound += least - _constant(problem, goal, period_h)
        if solved.values is None or solved.objective is None:
            proven = False
            continue
        proven &= solved.objective - least <= PROVEN
        chosen |= counts_of_values(model, solved.values, day)
    seconds = time.monotonic() - begin
    # What a process used is known once it has ended.
    end_processes()
    return {
        **_counted(case, chosen),
        "bound": bound,
        "optimal": proven,
        "seconds": seconds,
        "cpu_seconds": _cpu_s() - begin_cpu,
    }


def _counted(case: Case, chosen: Mapping[tuple[int, str], int]) -> dict[str, float]:
    found = count(case, chosen)
    return {**asdict(found), "difference_h": found.difference_h}


def _constant(problem: RosterProblem, goal: Goal, period_h: float) -> float:
    """What the difference is less than a problem's cost: the hours required."""
    if goal is Goal.HOURS:
        return 0.0
    return period_h * sum(float(demand.offered.sum()) for demand in problem.demand.values())


def _in_whole_breaks(model: Model) -> Arrays:
    integer = model.arrays.integer.copy()
    integer[model.all_break_columns] = True
    return replace(model.arrays, integer=integer)


def _named(case: Case, goal: Goal, time_s: float, seed: int) -> dict[str, object]:
    """Named rosters of all days, each with an equal share of the time left."""
    problems = problems_of(case, goal)
    begin = time.monotonic()
    found = []
    for day, problem in enumerate(problems):
        left_s = max(1.0, time_s - (time.monotonic() - begin))
        limits = Limits(
            time_s=left_s / (len(problems) - day),
            gap=0.0,
            seed=seed,
            threads=THREADS,
            allow_shortfall=True,
        )
        found.append(solve(problem, limits=limits))
    seconds = time.monotonic() - begin
    rosters = [outcome.value for outcome in found if outcome.value is not None]
    return {
        **_counted(case, counts_of(rosters)),
        "bound": sum(
            (outcome.bound or 0.0) - _constant(problem, goal, case.step_min / 60)
            for problem, outcome in zip(problems, found, strict=True)
        ),
        "optimal": all(outcome.status is Status.OPTIMAL for outcome in found),
        "seconds": seconds,
    }


def _cpu_s() -> float:
    """CPU seconds of this process and of those that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _theirs(case: Case, goal: Goal, time_s: float, named: Path | None) -> dict[str, object] | None:
    python = peer_python(named)
    if python is None:
        return None
    found = solve_with_peer(python, case, goal, time_s=time_s, threads=THREADS)
    counted = _counted(case, found.chosen) if found.found else {}
    return {
        **counted,
        "bound": found.bound_h,
        "status": found.status,
        "optimal": found.status == "OPTIMAL",
        "seconds": found.seconds,
        "cpu_seconds": found.cpu_seconds,
    }


if __name__ == "__main__":
    main()
