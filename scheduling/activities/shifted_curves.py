"""Answer curves of agents some of whom are elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.schema import CURVES, conform
from scheduling.arguments import Floats
from scheduling.problem import RosterProblem, slots_of


def shifted(problem: RosterProblem, taken: Mapping[tuple[int, int], float]) -> pd.DataFrame:
    """The problem's CURVES where some positions of each (pool, slot) answer nobody.

    A curve a + b·n becomes a + b·(n − k). Curves begin at nobody and are concave, so that below the line from there
    that touches the shifted one it is that line: a little too good for fewer agents than any roster has.
    """
    number = {queue.id: place for place, queue in enumerate(problem.queues)}
    frame = problem.curves.sort_values(["queue", "start", "agents"], kind="stable").reset_index(drop=True)
    pools = frame["queue"].map({name: problem.pool_of[place] for name, place in number.items()})
    slots = slots_of(frame["start"], problem.horizon, problem.step_min)
    moved = [taken.get(key, 0.0) for key in zip(pools.tolist(), slots.tolist(), strict=True)]
    parts = []
    for (_, _), own in frame.assign(moved=moved).groupby(["queue", "start"], sort=False):
        by = float(own["moved"].iloc[0])
        if by <= 0:
            parts.append(own)
            continue
        agents, answered = moved_curve(own["agents"].to_numpy(), own["answered"].to_numpy(), by)
        row = own.iloc[[0] * agents.size].assign(agents=agents, answered=answered)
        parts.append(row)
    return conform(pd.concat(parts, ignore_index=True).drop(columns="moved"), CURVES)


def moved_curve(agents: Floats, answered: Floats, by: float) -> tuple[Floats, Floats]:
    """Breakpoints of a concave curve from 0 agents on where the first `by` agents answer nobody."""
    away, kept = agents + by, answered
    # From nobody at all the steepest line to a breakpoint touches the curve.
    touch = int(np.argmax(kept / away))
    return np.r_[0.0, away[touch:]], np.r_[0.0, kept[touch:]]
