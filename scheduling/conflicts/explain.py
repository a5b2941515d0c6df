"""Why a roster misses targets, and what to give way in: the report a planner gets instead of "infeasible"."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from scheduling.conflicts.aims import Aim, aims_of, connected, missed_aims
from scheduling.conflicts.finding import Found, find
from scheduling.conflicts.relaxing import Setting, relaxations
from scheduling.conflicts.report import Conflict, Report, Rule
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Limits, Stop, Watch
from scheduling.rosters.limits import Report as Listener
from scheduling.rosters.recount import Shortfall
from scheduling.rosters.weeks import weeks_of

FINDING_SHARE = 0.5
"""Share of a week's time that goes into conflicts; the rest goes into ways out."""


def explain(
    problem: RosterProblem,
    missed: Sequence[Shortfall],
    *,
    time_s: float = 60.0,
    seed: int = 0,
    progress: Listener | None = None,
    stop: Stop | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Find which rules and requests stand against what is missed, and the cheapest ways out.

    Each conflict is proven by multipliers of the linear relaxation, so that no roster whatever resolves it, and reduced
    until nothing can be left out; where only whole people are in the way it is proven by the whole programme of the
    days concerned. A horizon that is solved week by week is explained week by week. What there is when time is up is
    told: a conflict that was not reduced to the end says so.

    Parameters
    ----------
    problem
        As it was solved.
    missed
        What the best roster misses, see `scheduling.rosters.recount.shortfalls`.
    time_s
        Wall time.
    seed
        Of the rosters that prove ways out.
    progress, stop, clock
        As of `scheduling.rosters.solve.solve`.
    """
    watch = Watch(limits=Limits(time_s=time_s, seed=seed), report=progress, asked=stop, clock=clock)
    conflicts: list[Conflict] = []
    unexplained: list[Rule] = []
    not_looked_at: list[Rule] = []
    parts = [(part, own) for part in weeks_of(problem) if (own := _of_part(part, missed))]
    for number, (part, own) in enumerate(parts):
        within = Watch(
            limits=replace(watch.limits, time_s=max(watch.left_s / (len(parts) - number), 1e-3)),
            report=progress,
            asked=watch.stopped,
            clock=clock,
        )
        found, short = _explained(part, own, within)
        conflicts += found
        told = {rule for conflict in found for rule in (*conflict.aims, *conflict.also)}
        silent = [aim.rule for aim in short if aim.rule not in told]
        (not_looked_at if within.left_s <= 0 or within.stopped() else unexplained).extend(silent)
    return Report(
        conflicts=tuple(conflicts),
        unexplained=tuple(unexplained),
        not_looked_at=tuple(not_looked_at),
        elapsed_s=watch.elapsed_s,
    )


def _explained(
    part: RosterProblem, missed: tuple[Shortfall, ...], watch: Watch
) -> tuple[list[Conflict], tuple[Aim, ...]]:
    """Conflicts of a part with their ways out, and all that is missed there."""
    index = {queue.id: number for number, queue in enumerate(part.queues)}
    aims = aims_of(part, connected(part, {index[short.queue] for short in missed}))
    short = missed_aims(part, aims, missed)
    limits = replace(watch.limits, time_s=max(FINDING_SHARE * watch.left_s, 1e-3))
    finding = Watch(limits=limits, report=watch.report, asked=watch.stopped, clock=watch.clock)
    found = find(part, aims, short, finding)
    setting = Setting(part, aims, missed, watch)
    return [_with_ways_out(setting, one, short) for one in found], short


def _with_ways_out(setting: Setting, one: Found, short: Sequence[Aim]) -> Conflict:
    return replace(one.conflict, relaxations=relaxations(setting, one, short))


def _of_part(part: RosterProblem, missed: Sequence[Shortfall]) -> tuple[Shortfall, ...]:
    """What is missed within a part's days."""
    end_min = part.horizon.midnight_min(part.days)
    return tuple(short for short in missed if 0 <= part.horizon.elapsed_min(short.start) < end_min)
