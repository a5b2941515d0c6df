"""Small roster problems whose answer curves are straight lines up to a knee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Agent, Contract, OpeningSpan, Queue, ShiftPattern, Target
from data.intervals import grid
from data.schema import CURVES, conform
from scheduling.problem import RosterProblem

MONDAY = date(2025, 6, 2)


def queue(
    name: str = "calls",
    *,
    rate: float = 0.95,
    floor: float = 0.8,
    open_min: int = 480,
    close_min: int = 960,
    shrinkage: float = 0.0,
    timezone: str = "UTC",
    **target: object,
) -> Queue:
    return Queue(
        id=name,
        target=Target(answer_rate=rate, interval_floor=floor, **target),  # type: ignore[arg-type] # a test's shorthand
        hours=(OpeningSpan(open_min=open_min, close_min=close_min),),
        interval_min=60,
        shrinkage=shrinkage,
        timezone=timezone,
    )


def curves(
    queues: Sequence[Queue],
    full: Mapping[str, Sequence[float] | float],
    *,
    first: date = MONDAY,
    days: int = 1,
    step_min: int = 60,
    offered: float = 10.0,
) -> pd.DataFrame:
    """Curves that answer 70 % with half, 90 % with 0.8 and all with the whole of each slot's full agents.

    `full` gives the full agents by queue: one figure, or one per slot of the horizon, repeated as needed.
    """
    parts = []
    for kind in queues:
        starts = grid(kind, first, days, step_min)["start"]
        agents = np.resize(np.asarray(full[kind.id], dtype=float), len(starts))
        for start, whole in zip(starts, agents, strict=True):
            shares, answered = ((0.0,), (0.0,)) if whole == 0 else ((0, 0.5, 0.8, 1), (0, 0.7, 0.9, 1))
            part = {
                "queue": kind.id,
                "start": start,
                "offered": 0.0 if whole == 0 else offered,
                "agents": whole * np.array(shares, dtype=float),
                "answered": offered * np.array(answered, dtype=float),
            }
            parts.append(pd.DataFrame(part))
    return conform(pd.concat(parts, ignore_index=True), CURVES)


def people(count: int, *skills: str, contract: str = "standard", prefix: str = "P") -> tuple[Agent, ...]:
    return tuple(
        Agent(id=f"{prefix}{number}", skills=frozenset(skills or ("calls",)), contract=contract)
        for number in range(count)
    )


def pattern(
    name: str = "day",
    start_min: int = 480,
    length_min: int = 480,
    *,
    latest_min: int | None = None,
    **rest: object,
) -> ShiftPattern:
    return ShiftPattern(
        id=name,
        start_earliest_min=start_min,
        start_latest_min=start_min if latest_min is None else latest_min,
        start_step_min=60,
        length_min=length_min,
        **rest,  # type: ignore[arg-type] # a test's shorthand
    )


def problem(
    *,
    queues: Sequence[Queue] | None = None,
    agents: Sequence[Agent] | None = None,
    contracts: Sequence[Contract] | None = None,
    patterns: Sequence[ShiftPattern] | None = None,
    full: Mapping[str, Sequence[float] | float] | float = 2.0,
    first: date = MONDAY,
    days: int = 1,
    timezone: str = "UTC",
    step_min: int = 60,
) -> RosterProblem:
    """One queue from 8 to 16 h, four people, one pattern of eight hours, where not said otherwise."""
    kinds = tuple(queues) if queues is not None else (queue(timezone=timezone),)
    needs = full if isinstance(full, Mapping) else {kind.id: full for kind in kinds}
    return RosterProblem(
        name="test",
        first=first,
        days=days,
        timezone=timezone,
        queues=kinds,
        agents=tuple(agents) if agents is not None else people(4),
        contracts=tuple(contracts) if contracts is not None else (Contract(id="standard"),),
        patterns=tuple(patterns) if patterns is not None else (pattern(),),
        curves=curves(kinds, needs, first=first, days=days, step_min=step_min),
        step_min=step_min,
    )
