"""The tours a crew may work, as paths through a small network of days.

A state before a day holds what the rules remember: days and minutes worked this week, the length of the run of
working days, whether yesterday was worked. Weekly days and hours, consecutive days and time off then hold by the
network's shape, and its size does not depend on how many people walk it. States with the same future are merged
(Myhill–Nerode on a layered automaton), which drops every memory that cannot matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from data.domain import Contract
from scheduling.rules import least_h
from scheduling.shifts import Horizon, Shift


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """What the rules see of a shift: its paid minutes, and whether it reaches into the next day."""

    paid_min: int
    overnight: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """One way to spend a day.

    Parameters
    ----------
    day
        Index of the day.
    tail, head
        Nodes before and after it, numbered within their day.
    duty
        What is worked; None for a day of rest.
    after_work
        Whether the day before was worked; always false where rest between days cannot bind.
    """

    day: int
    tail: int
    head: int
    duty: Duty | None
    after_work: bool


@dataclass(frozen=True)
class TourNetwork:
    """Every tour of a crew is a path from node 0 of the first day to a node after the last.

    Parameters
    ----------
    arcs
        By day.
    days
        Number of days.
    """

    arcs: tuple[Arc, ...]
    days: int

    @cached_property
    def leaving(self) -> Mapping[tuple[int, int], tuple[int, ...]]:
        """Numbers of the arcs that leave each (day, node)."""
        ends: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, arc in enumerate(self.arcs):
            ends[arc.day, arc.tail].append(number)
        return {node: tuple(numbers) for node, numbers in ends.items()}

    @cached_property
    def entering(self) -> Mapping[tuple[int, int], tuple[int, ...]]:
        """Numbers of the arcs that enter each (day, node), the day being the one after the arc's."""
        ends: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, arc in enumerate(self.arcs):
            ends[arc.day + 1, arc.head].append(number)
        return {node: tuple(numbers) for node, numbers in ends.items()}


@dataclass(frozen=True, slots=True, order=True)
class _State:
    days: int = 0
    minutes: int = 0
    run: int = 0
    worked: bool = False


def duty_of(shift: Shift) -> Duty:
    """What the rules see of a shift."""
    return Duty(shift.pattern.paid_min, shift.overnight)


def rest_binds(contract: Contract, shifts: Iterable[Shift]) -> bool:
    """Whether some shift of one day leaves too little rest before some shift of the next."""
    latest: dict[int, int] = {}
    earliest: dict[int, int] = {}
    for shift in shifts:
        latest[shift.day] = max(latest.get(shift.day, 0), shift.end_min)
        earliest[shift.day] = min(earliest.get(shift.day, shift.start_min), shift.start_min)
    rest_min = 60 * contract.min_rest_h
    return any(
        day + 1 in earliest and end_min + rest_min > earliest[day + 1] for day, end_min in latest.items()
    )


def network(
    contract: Contract, shifts: Iterable[Shift], days_off: frozenset[int], horizon: Horizon
) -> TourNetwork | None:
    """Build the network of a contract for people with these days off; None where no tour keeps the rules.

    Parameters
    ----------
    contract
        Its weekly days and hours and consecutive days are kept; rest between shifts is not seen here.
    shifts
        What the contract may work.
    days_off
        Days that are not worked, nor reached by a shift past midnight; `horizon.days` is the day after.
    horizon
        The days; a week's least hours count only where the whole week lies inside.
    """
    available = tuple(shifts)
    rules = _Rules(contract, days_off, horizon, tracks_rest=rest_binds(contract, available))
    duties: dict[int, set[Duty]] = defaultdict(set)
    for shift in available:
        duty = duty_of(shift)
        if shift.day not in days_off and not (duty.overnight and shift.day + 1 in days_off):
            duties[shift.day].add(duty)
    layers = [{_State()}]
    moves: list[dict[_State, dict[Duty | None, _State]]] = []
    for day in range(horizon.days):
        steps = {state: dict(rules.moves(state, day, sorted(duties[day]))) for state in layers[-1]}
        moves.append(steps)
        layers.append({head for options in steps.values() for head in options.values()})
    return _merged(moves, layers[-1])


@dataclass(frozen=True)
class _Rules:
    contract: Contract
    days_off: frozenset[int]
    horizon: Horizon
    tracks_rest: bool

    def moves(self, state: _State, day: int, duties: list[Duty]) -> Iterator[tuple[Duty | None, _State]]:
        """Ways to spend a day from a state, and the state after each."""
        monday = self.horizon.day(day).weekday() == 0
        days, minutes = (0, 0) if monday else (state.days, state.minutes)
        rested = _State(days, minutes)
        if self._closes(rested, day):
            yield None, rested
        if days == self.contract.max_days_per_week or state.run == self.contract.max_consecutive_days:
            return
        for duty in duties:
            worked = _State(days + 1, minutes + duty.paid_min, state.run + 1, self.tracks_rest)
            fits = worked.minutes <= 60 * self.contract.max_h_per_week + 1e-6
            if fits and self._closes(worked, day):
                yield duty, worked

    def _closes(self, state: _State, day: int) -> bool:
        """Whether a week that ends with this day may end in this state."""
        last = self.horizon.day(day)
        whole = last.weekday() == 6 and day >= 6
        if not whole:
            return True
        days_off = sum(0 <= day - number < 7 for number in self.days_off)
        return state.minutes >= 60 * least_h(self.contract, days_off) - 1e-6


def _merged(moves: list[dict[_State, dict[Duty | None, _State]]], last: set[_State]) -> TourNetwork | None:
    """Drop states without a future, then merge those whose futures are the same, from the last day back."""
    names = dict.fromkeys(last, 0)
    days: list[list[Arc]] = []
    for day in reversed(range(len(moves))):
        futures: dict[tuple[tuple[Duty | None, int, bool], ...], int] = {}
        before: dict[_State, int] = {}
        arcs: list[Arc] = []
        for state in sorted(moves[day]):
            options = moves[day][state]
            future = tuple(
                (duty, names[head], state.worked) for duty, head in options.items() if head in names
            )
            if not future:
                continue
            if future not in futures:
                futures[future] = len(futures)
                arcs += [Arc(day, futures[future], head, duty, worked) for duty, head, worked in future]
            before[state] = futures[future]
        names = before
        days.append(arcs)
    if not names:
        return None
    return TourNetwork(tuple(arc for arcs in reversed(days) for arc in arcs), len(moves))
