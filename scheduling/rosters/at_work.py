"""Who is at work in which slot: people by the pools they can serve, counted from assignments alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from data.domain import Assignment
from scheduling.problem import RosterProblem
from scheduling.shifts import cover

Present = dict[tuple[frozenset[int], int], float]
"""People by (pools they can serve, slot); parts of a slot count as parts."""


def at_work(assignments: Iterable[Assignment], problem: RosterProblem) -> Present:
    """People on contacts in the horizon's slots; whoever the problem does not know is left out."""
    skills = pools_of(problem)
    horizon, step_min = problem.horizon, problem.step_min
    people: Present = defaultdict(float)
    for shift in assignments:
        if shift.agent_id not in skills:
            continue
        spans = [(shift.start, shift.end, 1.0), *((rest.start, rest.end, -1.0) for rest in shift.away)]
        for start, end, sign in spans:
            begin_min, end_min = max(horizon.elapsed_min(start), 0), horizon.elapsed_min(end)
            for slot, share in cover(begin_min, end_min, step_min) if end_min > begin_min else ():
                people[skills[shift.agent_id], slot] += sign * share
    return people


def pools_of(problem: RosterProblem) -> dict[str, frozenset[int]]:
    """Pools each person can serve, by id.

    Pools in which no contact is expected do not count: people who differ by nothing else are the same.
    """
    wanted = {queue for demand in problem.demand.values() for queue in demand.queues}
    return {
        agent.id: frozenset(
            problem.pool_of[number]
            for number, queue in enumerate(problem.queues)
            if number in wanted and queue.skill in agent.skills
        )
        for agent in problem.agents
    }


def reaching_in(problem: RosterProblem) -> Present:
    """People who work into the horizon in shifts begun before it."""
    first_min = problem.horizon.midnight_min(0)
    late = [shift for shift in problem.before if problem.horizon.elapsed_min(shift.end) > first_min]
    return at_work(late, problem)
