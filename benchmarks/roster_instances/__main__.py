"""An employee shift scheduling instance: objective, proven bound and the roster, counted independently.

`python -m benchmarks.roster_instances --instance FILE [--time-limit S] [--seed K]`.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

from benchmarks._runner import emit, progress
from benchmarks.roster_instances.adapter import problem_of, roster_of
from benchmarks.roster_instances.count import objective, violations
from benchmarks.roster_instances.file_format import read_instance
from scheduling.named_rosters.found import Found
from scheduling.named_rosters.solve import solve

LEFT_S = 2.0
"""Part of the time limit that is kept for ending and counting."""


def main() -> None:
    """Solve one instance and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instance", type=Path, required=True, help="a file of the data sets")
    parser.add_argument("--time-limit", type=float, default=300.0, help="wall seconds")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    begin = time.monotonic()
    told: list[tuple[float, float]] = []

    def show(phase: str, found: Found) -> None:
        if not told or told[-1] != (found.price, found.bound):
            told.append((found.price, found.bound))
            progress(f"{time.monotonic() - begin:7.1f} s  {found.price:g} (bound {found.bound:g})  {phase}")

    instance = read_instance(options.instance)
    problem = problem_of(instance)
    found = solve(problem, time_s=options.time_limit - LEFT_S, seed=options.seed, tell=show)
    seconds = time.monotonic() - begin
    roster = roster_of(problem, found.tours)
    emit(
        {
            "instance": options.instance.stem,
            "objective": objective(instance, roster),
            "bound": found.bound if math.isfinite(found.bound) else None,
            "seconds": seconds,
            "violations": len(violations(instance, roster)),
            "roster": roster,
        }
    )


if __name__ == "__main__":
    main()
