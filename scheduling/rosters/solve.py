"""From a problem to a named roster: relaxation, whole numbers, breaks, names, and everything counted anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.domain import Outcome, Roster, Severity, Status, Violation
from data.errors import InfeasibleError
from scheduling.problem import RosterProblem
from scheduling.rosters.break_times import assignments
from scheduling.rosters.build import build
from scheduling.rosters.conflicts import recount, rename
from scheduling.rosters.limits import Limits, Progress, Report, Stop, Watch
from scheduling.rosters.model import Model
from scheduling.rosters.names import Person, conflicts, name_class
from scheduling.rosters.recount import Shortfall, cost_of, shortfalls
from scheduling.rosters.relaxation import MISSING, Relaxed, missing_share, relaxation
from scheduling.rosters.search import Search, first_roster, mend, place_breaks
from scheduling.rules import violations

__all__ = ["Limits", "Progress", "solve"]

NAMING_SHARE = 0.15
"""Share of the time that is kept for names when a roster is mended."""
PROVEN_GAP = 1e-6
SHOWN = 12


def solve(
    problem: RosterProblem,
    *,
    limits: Limits | None = None,
    progress: Report | None = None,
    stop: Stop | None = None,
) -> Outcome[Roster]:
    """Find a named roster that keeps every rule and reaches every target at the least cost.

    Parameters
    ----------
    problem
        Checked when it was made.
    limits
        Time, gap, seed; one minute and half a percent where not given.
    progress
        Told of each step, with incumbent, bound and gap.
    stop
        Asked often; true ends the search within seconds, with the best roster found.

    Returns
    -------
    Outcome[Roster]
        Status OPTIMAL (the bound is met) or FEASIBLE with a roster that `scheduling.rules.violations` finds
        clean and that reaches every target, its cost recounted from the names, and a bound on the cost of any.
        CANCELLED after `stop`, with such a roster where one was there. NO_SOLUTION where none was found in time:
        this does not say there is none. With `limits.allow_shortfall`, NO_SOLUTION and INFEASIBLE (the targets
        are proven out of reach) carry the best rule-clean roster instead; `rosters.recount.shortfalls` tells what
        it misses.

    Raises
    ------
    InfeasibleError
        It is proven that no roster reaches every target; the message lists queues and days. Not raised with
        `limits.allow_shortfall`. Also where somebody's contract and time off leave no tour.
    """
    watch = Watch(limits=limits or Limits(), report=progress, asked=stop)
    watch.tell("building the programme")
    model = build(problem)
    watch.tell("relaxation")
    relaxed = relaxation(model, watch)
    if isinstance(relaxed, Status):
        return _ended(watch, relaxed)
    watch.bound = relaxed.bound
    if relaxed.out_of_reach and not watch.limits.allow_shortfall:
        raise InfeasibleError(_out_of_reach(model, relaxed))
    search = Search(model, relaxed, watch)
    found = _whole_numbers(search)
    if isinstance(found, Status):
        return _ended(watch, found)
    named = _named(search, found)
    if named is None:
        return _ended(watch, Status.NO_SOLUTION)
    return _judged(watch, relaxed, named, problem)


@dataclass(frozen=True)
class _Named:
    roster: Roster
    cost: float
    missed: Sequence[Shortfall]
    broken: Sequence[Violation]


def _whole_numbers(search: Search) -> np.ndarray | Status:
    """The best counts of shifts, tours and breaks that time allows."""
    watch, model = search.watch, search.model
    rough = first_roster(search)
    if isinstance(rough, Status):
        return rough
    best = place_breaks(search, rough)
    if isinstance(best, Status):
        return best
    _note(search, best)
    until_s = (1 - NAMING_SHARE) * watch.limits.time_s
    for better in mend(search, best, until_s):
        best = better
        _note(search, best)
    watch.tell(f"{round(best[model.all_shift_columns].sum())} shifts found")
    return best


def _note(search: Search, values: np.ndarray) -> None:
    """Remember the cost of a roster that reaches every target."""
    model = search.model
    rested = not np.any(values[model.rest_slack] > 1e-6)
    if rested and missing_share(model, values) <= MISSING:
        shifts = model.all_shift_columns
        search.watch.incumbent = float(model.arrays.cost[shifts] @ values[shifts])


def _named(search: Search, values: np.ndarray) -> _Named | None:
    """People on shifts, breaks at their times, counted anew; None where somebody's rules cannot be kept."""
    model, watch, problem = search.model, search.watch, search.model.problem
    named: list[list[Person]] = []
    changed = values
    for number in range(len(model.classes)):
        watch.tell(f"names, class {number + 1} of {len(model.classes)}")
        people = name_class(model, number, values)
        if conflicts(people):
            if not rename(model, number, people, watch):
                return None
            changed = recount(model, number, people, changed)
        named.append(people)
    if changed is not values:
        placed = place_breaks(search, changed)
        if isinstance(placed, Status):
            return None
        changed = placed
    roster = Roster(
        name=problem.name,
        first=problem.first,
        days=problem.days,
        timezone=problem.timezone,
        assignments=assignments(model, changed, named),
    )
    watch.tell("checking")
    broken = [
        violation
        for violation in violations(roster, problem.agents, problem.contracts, problem.patterns)
        if violation.severity is Severity.HARD
    ]
    return _Named(roster, cost_of(roster, problem), shortfalls(roster, problem), broken)


def _judged(watch: Watch, relaxed: Relaxed, named: _Named, problem: RosterProblem) -> Outcome[Roster]:
    """Say what was found and proven, and nothing more."""
    if named.broken:
        listed = "; ".join(violation.message for violation in named.broken[:SHOWN])
        raise RuntimeError(f"roster {problem.name!r}: the optimiser broke its own rules: {listed}")
    if named.missed:
        status = Status.INFEASIBLE if relaxed.out_of_reach else Status.NO_SOLUTION
        if watch.cancelled:
            status = Status.CANCELLED
        kept = watch.limits.allow_shortfall
        return Outcome(
            status=status,
            objective=named.cost if kept else None,
            bound=watch.bound,
            runtime_s=watch.elapsed_s,
            value=named.roster if kept else None,
        )
    watch.incumbent = named.cost
    watch.tell("done")
    bound = None if watch.bound is None else min(watch.bound, named.cost)
    proven = bound is not None and named.cost - bound <= PROVEN_GAP * max(1.0, named.cost)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    if watch.cancelled:
        status = Status.CANCELLED
    return Outcome(
        status=status,
        objective=named.cost,
        bound=bound,
        runtime_s=watch.elapsed_s,
        value=named.roster,
    )


def _ended(watch: Watch, status: Status) -> Outcome[Roster]:
    if watch.cancelled:
        status = Status.CANCELLED
    return Outcome(status=status, objective=None, bound=watch.bound, runtime_s=watch.elapsed_s, value=None)


def _out_of_reach(model: Model, relaxed: Relaxed) -> str:
    """Message that lists what the best split of fractional people still misses."""
    problem = model.problem
    lines = []
    for target in model.targets:
        answered = sum(
            problem.demand[target.queue, slot].answered_with(
                float(relaxed.values[model.piece_columns[target.queue, slot]].sum())
            )
            for slot in target.slots
        )
        rate = answered / max(target.offered, 1e-9)
        if rate < target.rate - MISSING:
            queue = problem.queues[target.queue].id
            lines.append(
                f"queue {queue!r}, {target.first}: about {100 * rate:.2f} % of "
                f"{100 * target.rate:g} % can be answered"
            )
    for (number, slot), column in model.floor_slack.items():
        short = relaxed.values[column]
        if short > MISSING * max(model.arrays.upper[column], 1.0):
            start = problem.horizon.instant(slot * problem.step_min)
            queue = problem.queues[number].id
            lines.append(f"queue {queue!r}, {start:%Y-%m-%d %H:%M}: {short:.2f} agents short of its floor")
    shown = "; ".join(lines[:SHOWN]) + (f"; and {len(lines) - SHOWN} more" if len(lines) > SHOWN else "")
    return (
        f"roster {problem.name!r}: no roster of these people reaches every target, proven by the relaxation. "
        f"{shown}. Add people, hours, skills or patterns, or lower the target or the interval floor."
    )
