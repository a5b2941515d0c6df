"""What the optimiser says in the end: what was found and proven, and what cannot be reached."""

from __future__ import annotations

from data.domain import Status
from scheduling.problem import RosterProblem
from scheduling.rosters.found import Best, RosterOutcome, told
from scheduling.rosters.limits import Watch
from scheduling.rosters.model import Model
from scheduling.rosters.relaxation import MISSING, Relaxed

PROVEN_GAP = 1e-6
SHOWN = 12
REPAIR = "Add people, hours, skills or patterns, or lower the target or the interval floor."


def verdict(best: Best, watch: Watch, *, impossible: bool) -> RosterOutcome:
    """Say what was found and proven, and nothing more."""
    named, status = best.named, Status.NO_SOLUTION
    objective = bound = None
    if named is not None:
        objective = watch.incumbent = named.cost
        if named.missed:
            # The bound is on what reaches every target: beside this it would mislead.
            watch.incumbent = None
            status = Status.INFEASIBLE if impossible else Status.NO_SOLUTION
        else:
            bound = None if watch.bound is None else min(watch.bound, named.cost)
            proven = bound is not None and named.cost - bound <= PROVEN_GAP * max(1.0, named.cost)
            status = Status.OPTIMAL if proven else Status.FEASIBLE
    watch.tell("done")
    return RosterOutcome(
        status=Status.CANCELLED if watch.cancelled else status,
        objective=objective,
        bound=bound,
        runtime_s=watch.elapsed_s,
        value=None if named is None else named.roster,
        missed=() if named is None else named.missed,
    )


def out_of_reach(model: Model, relaxed: Relaxed) -> str:
    """Message that lists what the best split of fractional people still misses."""
    problem = model.problem
    lines = []
    for target in model.targets:
        pool = problem.pool_of[target.queue]
        answered = 0.0
        for slot in target.slots:
            demand = problem.demand[pool, slot]
            agents = float(relaxed.values[model.piece_columns[pool, slot]].sum())
            answered += float(demand.answered_with(agents)[demand.queues.index(target.queue)])
        rate = answered / max(target.offered, 1e-9)
        if rate < target.rate - MISSING:
            queue = problem.queues[target.queue].id
            lines.append(
                f"queue {queue!r}, {target.first}: about {100 * rate:.2f} % of "
                f"{100 * target.rate:g} % can be answered"
            )
    for (pool, slot), column in model.floor_slack.items():
        short = relaxed.values[column]
        if short > MISSING * max(model.arrays.upper[column], 1.0):
            start = problem.horizon.instant(slot * problem.step_min)
            queues = " and ".join(
                repr(problem.queues[queue].id) for queue in problem.demand[pool, slot].queues
            )
            lines.append(f"queue {queues}, {start:%Y-%m-%d %H:%M}: {short:.2f} agents short of its floor")
    shown = "; ".join(lines[:SHOWN]) + (f"; and {len(lines) - SHOWN} more" if len(lines) > SHOWN else "")
    return (
        f"roster {problem.name!r}: no roster of these people reaches every target, proven on the answer curves, even "
        f"with fractions of people. {shown}. {REPAIR}"
    )


def out_of_whole_reach(problem: RosterProblem, best: Best) -> str:
    """Message that lists what the best roster misses."""
    missed = () if best.named is None else best.named.missed
    return (
        f"roster {problem.name!r}: no roster of these people reaches every target, proven on the answer curves for "
        f"whole people. The best one found misses: {told(missed)}. {REPAIR}"
    )
