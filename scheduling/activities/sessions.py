"""Sessions of a week's activities as columns of an integer programme: who is in which, one binary each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.activities import Activity, Gathering
from data.domain import Assignment
from scheduling.activities.free_time import Stretch, fitting
from scheduling.activities.turns import Turn
from scheduling.arguments import Integers
from scheduling.problem import RosterProblem
from scheduling.rosters.programme import EQUAL, GREATER, LESS, Programme
from scheduling.shifts import cover

COACHED = 2.0
"""A person in a session of their own may keep a coach away from contacts too."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a session: the column that says so, and when it is."""

    column: int
    start_min: int
    activity: Activity
    agent_id: str

    @property
    def end_min(self) -> int:
        """Elapsed minutes at which the session is over."""
        return self.start_min + self.activity.length_min


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen of a turn.

    Parameters
    ----------
    turn
        What is due.
    seats
        Of the people it is for.
    held
        By start: column that says whether a session is held; empty where people need no company.
    price
        Of leaving one of them out.
    """

    turn: Turn
    seats: tuple[Seat, ...]
    held: Mapping[int, int]
    price: float

    @property
    def all_seats(self) -> list[Seat]:
        """Seats of everybody, the coach among them."""
        activity = self.turn.activity
        if not activity.coach:
            return list(self.seats)
        return [
            *self.seats,
            *(Seat(column, start, activity, activity.coach) for start, column in self.held.items()),
        ]


def add_sessions(  # noqa: PLR0917 - what a week's sessions depend on
    programme: Programme,
    problem: RosterProblem,
    due: Sequence[Turn],
    free: Mapping[str, Sequence[Stretch]],
    held: Mapping[str, Sequence[int]],
    worth: Mapping[int, float],
) -> list[Choice]:
    """State who can be in which session, and what it costs to leave somebody out.

    Parameters
    ----------
    due
        What is due in the week.
    free
        Stretches each person is on contacts.
    held
        Starts of sessions that stand already, by activity.
    worth
        By slot: more than a person can be worth there.
    """
    choices = [_choice(programme, problem, turn, free, held.get(turn.activity.id, ()), worth) for turn in due]
    _add_one_place_at_a_time(programme, [seat for choice in choices for seat in choice.all_seats])
    return choices


def held_in(assignments: Iterable[Assignment], problem: RosterProblem) -> dict[str, list[int]]:
    """Starts of the sessions a roster has, elapsed minutes, by activity."""
    found: dict[str, set[int]] = defaultdict(set)
    for shift in assignments:
        for part in shift.activities:
            found[part.activity].add(problem.horizon.elapsed_min(part.start))
    return {name: sorted(starts) for name, starts in found.items()}


def _choice(  # noqa: PLR0917 - as add_sessions
    programme: Programme,
    problem: RosterProblem,
    turn: Turn,
    free: Mapping[str, Sequence[Stretch]],
    held: Sequence[int],
    worth: Mapping[int, float],
) -> Choice:
    activity = turn.activity
    starts = possible_starts(activity, turn.starts_min, free, held)
    able = {agent.id: fitting(free.get(agent.id, ()), activity, starts).tolist() for agent in turn.people}
    company = Counter(start for own in able.values() for start in own)
    seats = []
    for agent_id, own in able.items():
        kept = [start for start in own if company[start] >= activity.least]
        columns = programme.add_columns([1.0] * len(kept), integer=True)
        if len(kept) > 1:
            programme.add_row([(column, 1.0) for column in columns], LESS, 1.0)
        seats += [Seat(*pair, activity, agent_id) for pair in zip(columns, kept, strict=True)]
    dearest = max((_worth(problem, activity, seat.start_min, worth) for seat in seats), default=0.0)
    price = _price(activity, dearest)
    # Beyond what is due nobody has a reason to go, unless a session needs them.
    (left_out,) = programme.add_columns([float(turn.wanted)], costs=[price])
    (more,) = programme.add_columns([float(len(turn.people))])
    counted = [(seat.column, 1.0) for seat in seats]
    programme.add_row([*counted, (left_out, 1.0), (more, -1.0)], EQUAL, float(turn.wanted))
    gathered = _gatherings(programme, activity, seats) if activity.one_at_a_time else {}
    return Choice(turn, tuple(seats), gathered, price)


def _gatherings(programme: Programme, activity: Activity, seats: Sequence[Seat]) -> dict[int, int]:
    """Sessions that take place or not, with as many people as they need and have room for; columns by start."""
    by_start: dict[int, list[int]] = defaultdict(list)
    for seat in seats:
        by_start[seat.start_min].append(seat.column)
    starts = sorted(by_start)
    held = dict(zip(starts, programme.add_columns([1.0] * len(starts), integer=True), strict=True))
    for start, columns in by_start.items():
        most = min(float(len(columns)), activity.most_in_session)
        members = [(column, 1.0) for column in columns]
        if most == activity.least:
            programme.add_row([*members, (held[start], -most)], EQUAL, 0.0)
            continue
        programme.add_row([*members, (held[start], -most)], LESS, 0.0)
        programme.add_row([*members, (held[start], -float(activity.least))], GREATER, 0.0)
        # The rows above follow from these, whose relaxation is much tighter.
        for column in columns:
            programme.add_row([(column, 1.0), (held[start], -1.0)], LESS, 0.0)
    if activity.gathering is Gathering.ALL:
        programme.add_row([(column, 1.0) for column in held.values()], LESS, 1.0)
    else:
        _add_apart(programme, activity, held)
    return held


def _add_apart(programme: Programme, activity: Activity, held: Mapping[int, int]) -> None:
    """No session begins while another is on."""
    for start in held:
        meanwhile = [held[other] for other in held if other <= start < other + activity.length_min]
        if len(meanwhile) > 1:
            programme.add_row([(column, 1.0) for column in meanwhile], LESS, 1.0)


def _add_one_place_at_a_time(programme: Programme, seats: Sequence[Seat]) -> None:
    """Nobody is in two activities at once."""
    by_person: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.agent_id].append(seat)
    for own in by_person.values():
        if len({seat.activity.id for seat in own}) < 2:
            continue
        for start in sorted({seat.start_min for seat in own}):
            meanwhile = [seat for seat in own if seat.start_min <= start < seat.end_min]
            if len({seat.activity.id for seat in meanwhile}) > 1:
                programme.add_row([(seat.column, 1.0) for seat in meanwhile], LESS, 1.0)


def possible_starts(
    activity: Activity, starts_min: Integers, free: Mapping[str, Sequence[Stretch]], held: Sequence[int]
) -> Integers:
    """Those of an activity's starts at which the coach is free and no session that stands already is on."""
    starts = fitting(free.get(activity.coach, ()), activity, starts_min) if activity.coach else starts_min
    if not activity.one_at_a_time:
        return starts
    apart = [all(abs(start - other) >= activity.length_min for other in held) for start in starts.tolist()]
    kept: Integers = starts[np.array(apart, dtype=bool)]
    return kept


def _price(activity: Activity, dearest: float) -> float:
    """What leaving one person out costs: as said, or more than placing them can."""
    if activity.price is not None:
        return activity.price
    return (COACHED if activity.coach else 1.0) * dearest + 1.0


def _worth(problem: RosterProblem, activity: Activity, start_min: int, worth: Mapping[int, float]) -> float:
    shares = cover(start_min, start_min + activity.length_min, problem.step_min)
    return sum(share * worth.get(slot, 0.0) for slot, share in shares)
