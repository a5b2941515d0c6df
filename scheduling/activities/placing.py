"""Activities → sessions on the people of a roster, where they cost the fewest contacts."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC
from functools import partial

from data.activities import Activity
from data.domain import Assignment, PlacedActivity, Roster
from scheduling.activities.free_time import stretches
from scheduling.activities.market import Market, Prices, highest_worth, prices_of
from scheduling.activities.sessions import Seat, add_sessions, held_in
from scheduling.activities.turns import Turn, had, turns, weeks
from scheduling.problem import RosterProblem
from scheduling.rosters.at_work import pools_of
from scheduling.rosters.programme import Programme
from scheduling.rosters.recount import present
from scheduling.shifts import Horizon, cover
from scheduling.solver import Solved, minimise

GAP = 1e-4
"""Share of everything that is weighed within which a placement is the best there is."""
SHORTEST_S = 1.0
"""Even where time is up a week is looked at for so long."""


def place(
    roster: Roster,
    problem: RosterProblem,
    activities: Sequence[Activity],
    *,
    time_s: float = 60.0,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Roster:
    """Put what is due into the shifts of a roster.

    Week by week one integer programme chooses sessions and people so that the contacts lost, priced as the optimiser
    prices them, and the people left out cost the least together. Every rule of `rules.by_activity` is kept. Breaks
    and sessions the roster has already stay where they are.

    Parameters
    ----------
    roster
        Of the problem's people.
    problem
        With the answer curves as they are, nothing taken off for activities.
    activities
        All there are.
    time_s
        Most wall time; what is not placed by then is left out.
    seed, stop
        As `solver.minimise` takes them.
    clock
        Seconds that only grow.

    Returns
    -------
    Roster
        The same shifts with activities.
    """
    if not activities:
        return roster
    horizon, until_s = problem.horizon, clock() + time_s
    before = had(activities, problem.before, problem.timezone)
    prices = prices_of(problem)
    every_week = weeks(horizon)
    for number, week in enumerate(every_week):
        placed = had(activities, roster.assignments, problem.timezone)
        due = turns(
            activities, problem.agents, horizon, week, before=before, placed=placed, step_min=problem.step_min
        )
        if due:
            left_s = (until_s - clock()) / (len(every_week) - number)
            search = partial(_search, time_s=max(left_s, SHORTEST_S), seed=seed, stop=stop)
            seats = _week(roster, problem, prices, week, due, search)
            roster = replace(roster, assignments=_with(roster.assignments, seats, problem))
    return roster


def _search(programme: Programme, *, time_s: float, seed: int, stop: Callable[[], bool] | None) -> Solved:
    return minimise(programme.arrays, time_s=time_s, gap=GAP, seed=seed, stop=stop)


def _week(  # noqa: PLR0917 - one step of place
    roster: Roster,
    problem: RosterProblem,
    prices: Prices,
    week: range,
    due: Sequence[Turn],
    found: Callable[[Programme], Solved],
) -> list[Seat]:
    programme = Programme("activities")
    free = stretches(roster.assignments, problem.horizon)
    worth = highest_worth(problem, prices)
    seats = add_sessions(programme, problem, due, free, held_in(roster.assignments, problem), worth)
    if not seats:
        return []
    pools = pools_of(problem)
    away: dict[tuple[frozenset[int], int], list[tuple[int, float]]] = defaultdict(list)
    for seat in seats:
        for slot, share in cover(seat.start_min, seat.end_min, problem.step_min):
            away[pools[seat.agent_id], slot].append((seat.column, share))
    touched = {slot for _, slot in away}
    if any(len(own) > 1 for own in pools.values()):
        # People with several queues can make up for each other at other times of the same target.
        first, last = (problem.horizon.midnight_min(day) for day in (week[0], week[-1] + 1))
        spans = [target.slots for target in prices.targets if not touched.isdisjoint(target.slots)]
        near = range(first // problem.step_min, -(-last // problem.step_min))
        touched.update(slot for slots in spans for slot in slots if slot in near)
    Market(problem, prices, present(roster, problem)).add(programme, away, touched)
    solved = found(programme)
    if solved.values is None:
        return []
    return [seat for seat in seats if solved.values[seat.column] > 0.5]


def _with(
    assignments: Iterable[Assignment], seats: Iterable[Seat], problem: RosterProblem
) -> tuple[Assignment, ...]:
    """Shifts with the seats of their people."""
    horizon = problem.horizon
    by_person: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.agent_id].append(seat)
    made = []
    for shift in assignments:
        span = range(horizon.elapsed_min(shift.start), horizon.elapsed_min(shift.end))
        new = [_placed(seat, horizon) for seat in by_person.get(shift.agent_id, ()) if seat.start_min in span]
        parts = sorted((*shift.activities, *new), key=lambda part: part.start.astimezone(UTC))
        made.append(replace(shift, activities=tuple(parts)) if new else shift)
    return tuple(made)


def _placed(seat: Seat, horizon: Horizon) -> PlacedActivity:
    return PlacedActivity(
        activity=seat.activity.id,
        kind=seat.activity.kind,
        start=horizon.instant(seat.start_min),
        end=horizon.instant(seat.end_min),
    )
