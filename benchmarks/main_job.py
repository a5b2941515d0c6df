"""The main job by its parts: history → forecast → answer curves → roster → check → simulation, on the synthetic centre.

`python -m benchmarks.main_job [--people N] [--days N] [--seed K] [--time-limit S] [--gap G] [--sampled-days K]`
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks._runner import emit, progress
from data.store import Workspace
from data.synthetic import make_centre
from scheduling.rosters.limits import Limits
from ui.plan.forecasts import forecast_queues
from ui.plan.judging import check_roster
from ui.plan.rosters import solve_roster
from ui.plan.simulation import simulate_roster

Value = TypeVar("Value")


def main() -> None:
    """Run the job once and print each part's seconds and what came out."""
    options = _options()
    seconds: dict[str, float] = {}

    def timed(part: str, work: Callable[[], Value]) -> Value:
        progress(f"{part} …")
        began = time.perf_counter()
        value = work()
        seconds[part] = round(time.perf_counter() - began, 2)
        progress(f"{part}: {seconds[part]} s")
        return value

    centre = timed("synthetic_centre", lambda: make_centre(seed=options.seed, people=options.people))
    first = centre.end
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "workspace", timezone=centre.queues[0].timezone)

        def fill() -> None:
            workspace.save_contracts(centre.contracts)
            workspace.save_patterns(centre.patterns)
            workspace.append_history(
                centre.history, source="synthetic", digest="", define={"demo": centre.queues}
            )
            workspace.save_agents(centre.agents)
            workspace.save_peaks(centre.peaks)

        timed("workspace", fill)
        made = timed("forecast", lambda: forecast_queues(workspace, first=first, days=options.days))
        limits = Limits(time_s=options.time_limit, gap=options.gap, seed=options.seed)
        solved = timed(
            "roster",
            lambda: solve_roster(workspace, name="r", first=first, days=options.days, limits=limits),
        )
        broken = timed("check", lambda: check_roster(workspace, "r"))
        played = timed("simulation", lambda: simulate_roster(workspace, "r", paths=options.sampled_days))
    whole = played.summary.loc[played.summary["date"].isna()]
    emit(
        {
            "people": options.people,
            "days": options.days,
            "seed": options.seed,
            "seconds": seconds,
            "seconds_total": round(sum(seconds.values()), 2),
            "wape": {
                record.queue: {score["method"]: score["wape"] for score in record.scores}
                for record in made.records
            },
            "status": solved.outcome.status.value,
            "gap": solved.outcome.gap,
            "paid_h": solved.judged.evaluation.paid_h,
            "violations": len(broken),
            "least_answer_rate_planned": float(solved.judged.evaluation.days["answer_rate"].min()),
            "answer_rate_simulated": dict(zip(whole["queue"], whole["mean"].astype(float), strict=True)),
        },
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.main_job", description=__doc__)
    parser.add_argument("--people", type=int, default=160)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--time-limit", type=float, default=40.0, metavar="S")
    parser.add_argument("--gap", type=float, default=0.02, metavar="G")
    parser.add_argument("--sampled-days", type=int, default=100, metavar="K")
    return parser.parse_args()


if __name__ == "__main__":
    main()
