"""A roster with its activities: planned for, solved, placed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from data.activities import Activity
from data.domain import Roster, Status
from scheduling.activities.laying import planned
from scheduling.activities.placing import place
from scheduling.problem import RosterProblem
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.limits import Limits
from scheduling.rosters.recount import shortfalls

PLACING_SHARE = 0.2
"""Share of the time that is kept for placing activities."""

IN_HASTE_S = 2.0
"""For placing activities once somebody wants to stop."""

Solve = Callable[[RosterProblem, Limits], RosterOutcome]
"""Solves a problem within limits."""


def solve_with_activities(
    problem: RosterProblem, activities: Sequence[Activity], solve: Solve, *, limits: Limits
) -> RosterOutcome:
    """Solve a problem with people left for activities, and place these on the roster's people.

    Parameters
    ----------
    problem
        With answer curves of all who are at work.
    activities
        All there are; without any the problem is solved as it is.
    solve
        Told of a problem and how long it may take.
    limits
        Of both together.

    Returns
    -------
    RosterOutcome
        `missed` is what the roster misses with its activities. The bound is that of rosters that leave the same people
        for activities in the same hours.
    """
    if not activities:
        return solve(problem, limits)
    share = replace(limits, time_s=(1 - PLACING_SHARE) * limits.time_s)
    outcome = solve(planned(problem, activities), share)
    if outcome.value is None:
        return outcome
    cancelled = outcome.status is Status.CANCELLED
    time_s = IN_HASTE_S if cancelled else PLACING_SHARE * limits.time_s
    roster = place(without_activities(outcome.value), problem, activities, time_s=time_s, seed=limits.seed)
    missed = tuple(shortfalls(roster, problem))
    status = outcome.status
    if status in {Status.OPTIMAL, Status.FEASIBLE} and missed:
        status = Status.NO_SOLUTION
    elif status in {Status.NO_SOLUTION, Status.INFEASIBLE} and not missed:
        status = Status.FEASIBLE
    return replace(outcome, value=roster, missed=missed, status=status)


def without_activities(roster: Roster) -> Roster:
    """The same shifts with nothing in them but breaks."""
    bare = tuple(replace(shift, activities=()) if shift.activities else shift for shift in roster.assignments)
    return replace(roster, assignments=bare)
