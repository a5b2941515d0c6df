"""Locks in a roster that is solved from nothing: solved without them, then changed as little as they ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from data.domain import Status
from data.errors import InputError
from data.locks import LockKind
from scheduling.problem import RosterProblem
from scheduling.resolve.resolve import resolve
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.limits import Limits, Report, Stop
from scheduling.rosters.recount import cost_of

SOLVE_SHARE = 0.6
"""Share of the time for the roster without locks."""
MANY = 1000
"""Beyond so many people only those change whom a lock asks to."""

Solve = Callable[[RosterProblem, Limits], RosterOutcome]


def solve_locked(
    problem: RosterProblem,
    solve: Solve,
    *,
    limits: Limits,
    progress: Report | None = None,
    stop: Stop | None = None,
    clock: Callable[[], float],
) -> RosterOutcome:
    """Solve a problem and keep its locks.

    Parameters
    ----------
    problem
        With locks.
    solve
        Solves it without, within some limits.
    limits, progress, stop, clock
        Of both steps together.

    Returns
    -------
    RosterOutcome
        No lock of its roster is broken; what locks make a target miss is told as missed. The bound is that of rosters
        without locks, which those with locks are among.

    Raises
    ------
    InputError
        A lock holds days as they stand, and nothing stands.
    """
    standing = [lock for lock in problem.locks if lock.kind is LockKind.HELD]
    if standing:
        raise InputError(
            f"lock of {standing[0]}: no roster stands that the days could be held as. Lock them to a shift or off, or "
            "solve again from a roster."
        )
    begun_s = clock()
    free = solve(replace(problem, locks=()), replace(limits, time_s=SOLVE_SHARE * limits.time_s))
    if free.value is None:
        return free
    left_s = max(limits.time_s - (clock() - begun_s), 1.0)
    people = None
    if len(problem.agents) > MANY:
        people = frozenset(lock.agent_id for lock in problem.locks)
    found = resolve(
        problem,
        free.value,
        people=people,
        limits=replace(limits, time_s=left_s),
        progress=progress,
        stop=stop,
        clock=clock,
    )
    if found.value is None:
        return free
    cost = cost_of(found.value, problem)
    status = Status.FEASIBLE
    bound = None if free.bound is None else min(free.bound, cost)
    if found.missed:
        status, bound = (
            (Status.INFEASIBLE if free.status is Status.INFEASIBLE else Status.NO_SOLUTION),
            free.bound,
        )
    elif bound is not None and cost - bound <= 1e-6 * max(1.0, cost):
        status = Status.OPTIMAL
    cancelled = Status.CANCELLED in {free.status, found.status}
    return RosterOutcome(
        status=Status.CANCELLED if cancelled else status,
        objective=cost,
        bound=bound,
        runtime_s=clock() - begun_s,
        value=found.value,
        missed=found.missed,
    )
