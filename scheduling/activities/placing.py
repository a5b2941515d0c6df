"""Activities → sessions on the people of a roster, where they cost the fewest contacts."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

import numpy as np

from data.activities import Activity
from data.domain import Assignment, PlacedActivity, Roster
from scheduling.activities.first_placing import first_placing
from scheduling.activities.free_time import stretches
from scheduling.activities.market import Away, Market, highest_worth, market_of, prices_of
from scheduling.activities.sessions import Choice, Seat, add_sessions, held_in
from scheduling.activities.turns import Turn, had, turns, weeks
from scheduling.problem import RosterProblem
from scheduling.rosters.at_work import pools_of
from scheduling.rosters.programme import Programme
from scheduling.rosters.recount import present
from scheduling.shifts import Horizon, cover
from scheduling.solver import Arrays, minimise, relax

GAP = 5e-4
"""Share of everything that is weighed within which a placement is the best there is."""
Where = tuple[frozenset[int], int]
"""Pools people can serve, and a slot."""
SHORTEST_S = 1.0
"""Even where time is up a week is looked at for so long."""


@dataclass(frozen=True, slots=True)
class Search:
    """How long and from which seed to search, and whether to stop."""

    time_s: float
    seed: int
    stop: Callable[[], bool] | None


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
    market = market_of(problem, prices_of(problem), present(roster, problem))
    every_week = weeks(horizon)
    for number, week in enumerate(every_week):
        placed = had(activities, roster.assignments, problem.timezone)
        due = turns(
            activities, problem.agents, horizon, week, before=before, placed=placed, step_min=problem.step_min
        )
        if due:
            left_s = (until_s - clock()) / (len(every_week) - number)
            search = Search(max(left_s, SHORTEST_S), seed, stop)
            seats, market = _week(roster, market, due, search)
            roster = replace(roster, assignments=_with(roster.assignments, seats, problem))
    return roster


def _week(roster: Roster, market: Market, due: Sequence[Turn], search: Search) -> tuple[list[Seat], Market]:
    """Seats that are taken in a week, and who is left on contacts."""
    programme, problem = Programme("activities"), market.problem
    free = stretches(roster.assignments, problem.horizon)
    worth = highest_worth(problem, market.prices)
    choices = add_sessions(programme, problem, due, free, held_in(roster.assignments, problem), worth)
    seats = [seat for choice in choices for seat in choice.all_seats]
    if not seats:
        return [], market
    pools = pools_of(problem)
    away: dict[Where, list[tuple[int, float]]] = defaultdict(list)
    people: dict[Where, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for seat in seats:
        for slot, share in cover(seat.start_min, seat.end_min, problem.step_min):
            where = pools[seat.agent_id], slot
            away[where].append((seat.column, share))
            # Two sessions may share a slot, yet nobody is away for more than all of it.
            people[where][seat.agent_id] = min(1.0, people[where][seat.agent_id] + share)
    rows = market.add(programme, away, {where: sum(own.values()) for where, own in people.items()})
    lines = {
        where: [(rows[pool, where[1]], part) for pool, part in market.parts.get(where, {}).items()]
        for where in away
    }
    values = _values(programme.arrays, choices, away, lines, search)
    if values is None:
        return [], market
    taken = [seat for seat in seats if values[seat.column] > 0.5]
    gone = {
        where: sum(share for column, share in entries if values[column] > 0.5)
        for where, entries in away.items()
    }
    return taken, market.without(gone)


def _values(
    arrays: Arrays,
    choices: Sequence[Choice],
    away: Away,
    lines: Mapping[Where, Sequence[tuple[int, float]]],
    search: Search,
) -> np.ndarray | None:
    """The best values of all columns that are found in time; `lines` are the rows somebody away is felt in."""
    relaxed = relax(arrays, time_s=search.time_s, stop=search.stop)
    start = None
    if relaxed.row_duals is not None:
        duals = np.maximum(0.0, -relaxed.row_duals)
        prices: dict[int, float] = defaultdict(float)
        for where, entries in away.items():
            price = sum(part * float(duals[row]) for row, part in lines[where])
            for column, share in entries:
                prices[column] += share * price
        start = np.full(arrays.cost.size, np.nan)
        start[arrays.integer] = 0.0
        start[list(first_placing(choices, prices))] = 1.0
    found = minimise(arrays, time_s=search.time_s, gap=GAP, seed=search.seed, start=start, stop=search.stop)
    return found.values


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
