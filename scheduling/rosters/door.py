"""What is wrong with a roster's parts before any solver starts: every fault at once, each with its repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from data.domain import Agent, Contract, Queue, ShiftPattern
from data.errors import Fault
from scheduling.rosters.guaranteed import guarantee_faults
from scheduling.shifts import Horizon

CONCAVE_TOLERANCE = 1e-6
"""Slopes of a curve may rise by this much: averages of concave curves carry rounding."""


def demand_faults(
    queues: Sequence[Queue], curves: pd.DataFrame, horizon: Horizon, step_min: int
) -> list[Fault]:
    """Faults of the queues and their answer curves."""
    faults = list(_doubled("queues", queues))
    if not queues:
        faults.append(Fault("queues", None, None, None, "there is none", "Import at least one queue."))
    known = {queue.id for queue in queues}
    faults += [
        _curve(name, "queue", "no such queue in the roster", "Leave its curves out or add the queue.")
        for name in sorted(set(curves["queue"]) - known)
    ]
    faults += _grid_faults(curves, horizon, step_min)
    faults += _shape_faults(curves)
    return faults


def _grid_faults(curves: pd.DataFrame, horizon: Horizon, step_min: int) -> Iterator[Fault]:
    first, last = (pd.Timestamp(horizon.instant(horizon.midnight_min(day))) for day in (0, horizon.days))
    starts = curves["start"]
    outside = starts[(starts < first) | (starts >= last)]
    if len(outside):
        reason = f"{len(outside)} rows lie outside the roster's days ({horizon.first}, {horizon.days} days)"
        repair = f"Give curves for these days of {horizon.timezone} only."
        yield _curve(str(outside.iloc[0]), None, reason, repair)
    minutes = (starts - first.tz_convert("UTC")) / pd.Timedelta(minutes=1)
    off = starts[(minutes % step_min).to_numpy() != 0]
    if len(off):
        reason = f"{len(off)} rows do not start on the {step_min} min grid"
        yield _curve(str(off.iloc[0]), None, reason, f"Build the curves with step_min={step_min}.")
    slots = curves[["queue", "start"]].drop_duplicates().sort_values(["queue", "start"])
    lengths = slots.groupby("queue")["start"].diff().min()
    if not pd.isna(lengths) and lengths > pd.Timedelta(minutes=step_min):
        reason = f"slots are {lengths / pd.Timedelta(minutes=1):g} min apart, not {step_min}"
        yield _curve(None, None, reason, f"Build the curves with step_min={step_min}.")


def _shape_faults(curves: pd.DataFrame) -> Iterator[Fault]:
    ordered = curves.sort_values(["queue", "start", "agents"], kind="stable")
    queue, start = ordered["queue"].to_numpy(), ordered["start"].to_numpy()
    agents, answered, offered = (ordered[name].to_numpy() for name in ("agents", "answered", "offered"))
    opens = np.r_[True, (queue[1:] != queue[:-1]) | (start[1:] != start[:-1])]
    run, rise = np.diff(agents, prepend=0.0), np.diff(answered, prepend=0.0)
    slope = np.divide(rise, run, out=np.zeros_like(rise), where=run > 0)
    joins = ~opens
    bends = joins & ~np.roll(opens, 1)
    bends[:1] = False
    checks = (
        (opens & (agents > 0), "a curve does not begin at 0 agents", "Add the breakpoint at 0 agents."),
        (joins & (rise < -CONCAVE_TOLERANCE), "answered falls with more agents", "Curves must not decrease."),
        (
            bends & (slope > np.roll(slope, 1) * (1 + CONCAVE_TOLERANCE) + CONCAVE_TOLERANCE),
            "the curve is not concave",
            "Take the upper hull of its points.",
        ),
        (
            answered > offered * (1 + CONCAVE_TOLERANCE) + CONCAVE_TOLERANCE,
            "more answered than offered",
            "Cut the curve at offered.",
        ),
        (
            joins & (offered != np.roll(offered, 1)),
            "offered differs between breakpoints of one slot",
            "Give one figure.",
        ),
    )
    for wrong, reason, repair in checks:
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            yield _curve(f"{queue[row]} at {pd.Timestamp(start[row])}", None, reason, repair)


def people_faults(
    *,
    queues: Sequence[Queue],
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
    curves: pd.DataFrame,
    horizon: Horizon,
) -> list[Fault]:
    """Faults of people, contracts and patterns, and of people against the demand."""
    faults = [
        fault
        for source, things in (("agents", agents), ("contracts", contracts), ("patterns", patterns))
        for fault in _doubled(source, things)
    ]
    for source, things in (("agents", agents), ("patterns", patterns)):
        if not things:
            faults.append(
                Fault(source, None, None, None, "there is none", f"Import at least one of the {source}.")
            )
    faults += [fault for pattern in patterns for fault in _pattern_faults(pattern)]
    known = {contract.id for contract in contracts}
    for name, members in _by_contract(agents).items():
        if name not in known:
            reason = f"unknown contract of {_some(members)}"
            faults.append(Fault("agents", None, "contract", name, reason, "Import it or correct the name."))
    used = {agent.contract for agent in agents}
    for contract in contracts:
        if contract.id in used:
            faults += _contract_faults(contract, patterns, horizon)
    if not faults:
        # Only of sound parts can it be said what somebody could work.
        faults += guarantee_faults(contracts, agents, patterns, horizon)
    return faults + list(_skill_faults(queues, agents, curves, horizon))


def _pattern_faults(pattern: ShiftPattern) -> Iterator[Fault]:
    for earlier, later in pairwise(pattern.breaks):
        if later.latest_min < earlier.earliest_min + earlier.length_min:
            reason = f"{later.kind} cannot follow {earlier.kind}: its latest start comes too early"
            repair = "List the breaks in the order they are taken and widen the windows."
            yield Fault("patterns", None, "breaks", pattern.id, reason, repair)
    earliest = 0
    for rule in pattern.breaks:
        begin = max(earliest, rule.earliest_min)
        if begin > rule.latest_min:
            reason = f"{rule.kind} cannot be placed after the breaks before it"
            yield Fault("patterns", None, "breaks", pattern.id, reason, "Widen its window.")
            return
        earliest = begin + rule.length_min


def _contract_faults(
    contract: Contract, patterns: Sequence[ShiftPattern], horizon: Horizon
) -> Iterator[Fault]:
    unknown = contract.patterns - {pattern.id for pattern in patterns}
    for name in sorted(unknown):
        reason = f"unknown pattern {name!r}"
        yield Fault("contracts", None, "patterns", contract.id, reason, "Import it or correct the name.")
    allowed = [pattern for pattern in patterns if not contract.patterns or pattern.id in contract.patterns]
    if not allowed or contract.max_days_per_week == 0:
        return
    for pattern in allowed if contract.patterns else ():
        if pattern.paid_min > 60 * contract.max_h_per_week + 1e-6:
            reason = (
                f"its pattern {pattern.id!r} of {pattern.paid_min / 60:g} h is longer than its "
                f"{contract.max_h_per_week:g} h a week"
            )
            repair = "Raise max_h_per_week or take the pattern off its patterns."
            yield Fault("contracts", None, "patterns", contract.id, reason, repair)
    shortest = min(pattern.paid_min for pattern in allowed) / 60
    if shortest > contract.max_h_per_week:
        reason = f"every pattern is longer than its {contract.max_h_per_week:g} h a week, the shortest {shortest:g} h"
        repair = "Raise max_h_per_week or allow a shorter pattern."
        yield Fault("contracts", None, "patterns", contract.id, reason, repair)
    longest = max(pattern.paid_min for pattern in allowed) / 60
    reach = min(contract.max_days_per_week, 7) * longest
    if contract.min_h_per_week > reach:
        reason = (
            f"{contract.min_h_per_week:g} h a week cannot be reached with {contract.max_days_per_week} days "
            f"of at most {longest:g} h"
        )
        repair = "Lower min_h_per_week, or allow more days or longer patterns."
        yield Fault("contracts", None, "min_h_per_week", contract.id, reason, repair)
    weekdays = {horizon.day(day).weekday() for day in range(min(horizon.days, 7))}
    if not any(pattern.weekdays & weekdays for pattern in allowed):
        reason = "none of its patterns starts on a day of the roster"
        yield Fault(
            "contracts", None, "patterns", contract.id, reason, "Allow one that does, or move the horizon."
        )


def _skill_faults(
    queues: Sequence[Queue], agents: Sequence[Agent], curves: pd.DataFrame, horizon: Horizon
) -> Iterator[Fault]:
    wanted = set(curves.loc[curves["offered"] > 0, "queue"])
    days = {horizon.day(day) for day in range(horizon.days)}
    for queue in queues:
        if queue.id not in wanted:
            continue
        skilled = [agent for agent in agents if queue.skill in agent.skills]
        if not skilled:
            reason = f"nobody has skill {queue.skill!r}, which it needs"
            repair = "Give the skill to somebody or take the queue out."
            yield Fault("agents", None, "skills", queue.id, reason, repair)
        elif all(days <= agent.time_off for agent in skilled):
            reason = f"everybody with skill {queue.skill!r} is off over the whole horizon: {_some(skilled)}"
            yield Fault(
                "agents", None, "time_off", queue.id, reason, "Move some time off or take the queue out."
            )


def _by_contract(agents: Iterable[Agent]) -> dict[str, list[Agent]]:
    groups: dict[str, list[Agent]] = {}
    for agent in agents:
        groups.setdefault(agent.contract, []).append(agent)
    return groups


def _some(agents: Sequence[Agent], shown: int = 5) -> str:
    names = ", ".join(agent.id for agent in agents[:shown])
    return names if len(agents) <= shown else f"{names} and {len(agents) - shown} more"


def _doubled(source: str, things: Sequence[Queue | Agent | Contract | ShiftPattern]) -> Iterator[Fault]:
    for name, times in Counter(thing.id for thing in things).items():
        if times > 1:
            yield Fault(source, None, "id", name, f"it is there {times} times", "Keep one of each.")


def _curve(value: str | None, column: str | None, reason: str, repair: str) -> Fault:
    return Fault("curves", None, column, value, reason, repair)
