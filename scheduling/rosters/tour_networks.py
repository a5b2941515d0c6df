"""Networks of days built from a contract: what its rules remember of a tour becomes the state before each day.

A state holds days and minutes worked this week, the length of the run of working days, and until when somebody is
tired. Weekly days and hours, consecutive days and time off then hold by the network's shape, and rest between days
as far as the duties tell it. What else a contract or the law asks for (`day_rules`) remembers what it needs beside. Who may begin early may begin late: within a day people wait from instant to instant,
so that no state needs an arc of its own to every duty. States with the same future are merged (Myhill–Nerode on an
acyclic automaton), which drops every memory that cannot matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import NamedTuple

from data.domain import Contract
from scheduling.rosters.day_rules import DayRule, Memory, Seen
from scheduling.rosters.duties import ALWAYS, Duty
from scheduling.rosters.tails import FRESH, Tail
from scheduling.rosters.tours import Arc, TourNetwork
from scheduling.rules import least_h
from scheduling.shifts import Horizon, Shift

NEVER = 10**9
SUNDAY = 6


def network(
    contract: Contract,
    duties: Mapping[Shift, Duty],
    days_off: frozenset[int],
    horizon: Horizon,
    *,
    rules: Sequence[DayRule] = (),
    tail: Tail = FRESH,
    tracks_work: bool = False,
) -> TourNetwork | None:
    """Build the network of a contract for people with these days off; None where no tour keeps the rules.

    Parameters
    ----------
    contract
        Its weekly days and hours and consecutive days are kept, and its rest as far as the duties tell it.
    duties
        What the contract may work.
    days_off
        Days that are not worked, nor reached by a shift past midnight; `horizon.days` is the day after.
    horizon
        The days; a week's least hours count where the whole week lies inside, or its first days are in the tail.
    rules
        What else is kept day by day; duties tell in the same order what each sees.
    tail
        How people come into the first day; its instant is one the duties know.
    tracks_work
        Whether arcs shall know if the day before was worked.
    """
    due_min = tail.minutes + tail.due_min if tail.due_min else 0
    kept = _Rules(
        contract, duties, days_off, horizon, tuple(rules), tracks_work=tracks_work, torn_least_min=due_min
    )
    steps: _Steps = {}
    worked = tracks_work and tail.run > 0
    memories = tail.memories or tuple(rule.begin({}) for rule in rules)
    layer = [_Node(0, _State(tail.days, tail.minutes, tail.run, worked, tail.tired_min, memories))]
    for day in range(horizon.days):
        reached: dict[_Node, None] = {}
        waiting: dict[_Node, None] = {}
        for node in layer:
            steps[node] = tuple(kept.moves(node))
            for label, head in steps[node]:
                (waiting if label.waits else reached)[head] = None
        for instant in kept.instants[day]:
            for node in [node for node in waiting if node.ready_min == instant]:
                steps[node] = tuple(kept.moves(node))
                for label, head in steps[node]:
                    (waiting if label.waits else reached)[head] = None
        layer = list(reached)
    return _merged(steps, horizon.days)


class _State(NamedTuple):
    days: int = 0
    minutes: int = 0
    run: int = 0
    worked: bool = False
    tired_min: int = ALWAYS
    memories: tuple[Memory, ...] = ()


class _Node(NamedTuple):
    """Before a day is spent: in a state, or waiting in it until rested enough for duties of an instant."""

    day: int
    state: _State
    ready_min: int | None = None


class _Label(NamedTuple):
    duty: Duty | None
    waits: bool
    after_work: bool


_Steps = dict[_Node, tuple[tuple[_Label, _Node], ...]]


@dataclass(frozen=True)
class _Rules:
    contract: Contract
    duties: Mapping[Shift, Duty]
    days_off: frozenset[int]
    horizon: Horizon
    rules: tuple[DayRule, ...]
    tracks_work: bool
    torn_least_min: int = 0
    _after: dict[tuple[tuple[Memory, ...], int, tuple[Seen, ...] | None], tuple[tuple[Memory, ...], ...]] = (
        field(default_factory=dict)
    )

    @cached_property
    def _by_day(self) -> dict[int, dict[int, list[Duty]]]:
        """Duties by day and by the instant somebody must be rested at."""
        found: dict[int, dict[int, set[Duty]]] = defaultdict(lambda: defaultdict(set))
        for shift, duty in self.duties.items():
            if shift.day not in self.days_off and not (duty.overnight and shift.day + 1 in self.days_off):
                found[shift.day][duty.ready_min].add(duty)
        return {
            day: {instant: sorted(own) for instant, own in sorted(of_day.items())}
            for day, of_day in found.items()
        }

    @cached_property
    def instants(self) -> list[list[int]]:
        """Per day the instants of its duties, ascending."""
        return [list(self._by_day.get(day, {})) for day in range(self.horizon.days)]

    @cached_property
    def _first_start(self) -> list[int]:
        """First start on each day or later."""
        first = [NEVER] * (self.horizon.days + 1)
        for shift in self.duties:
            first[shift.day] = min(first[shift.day], shift.start_min)
        for day in reversed(range(self.horizon.days)):
            first[day] = min(first[day], first[day + 1])
        return first

    def moves(self, node: _Node) -> Iterator[tuple[_Label, _Node]]:
        """Ways on from a node, and the node after each."""
        state, day = node.state, node.day
        monday = self.horizon.day(day).weekday() == 0
        days, minutes = (0, 0) if monday else (state.days, state.minutes)
        if node.ready_min is None:
            tired_min = self._remembered(state.tired_min, day)
            for memories in self._remembering(state.memories, day, None):
                rested = _State(days, minutes, 0, worked=False, tired_min=tired_min, memories=memories)
                if self._closes(rested, day):
                    yield _Label(None, waits=False, after_work=state.worked), _Node(day + 1, rested)
        if days >= self.contract.max_days_per_week or state.run >= self.contract.max_consecutive_days:
            return
        instants = self.instants[day]
        if node.ready_min is None and len(instants) > 1:
            later = [instant for instant in instants if instant >= state.tired_min]
        else:
            at = instants[0] if instants and node.ready_min is None else node.ready_min
            later = [instant for instant in instants if at is not None and instant > at]
            if at is not None and at >= state.tired_min:
                yield from self._works(node, at, days, minutes)
        if later:
            waiting = state._replace(tired_min=ALWAYS)
            yield _Label(None, waits=True, after_work=False), _Node(day, waiting, later[0])

    def _works(self, node: _Node, instant: int, days: int, minutes: int) -> Iterator[tuple[_Label, _Node]]:
        state, day = node.state, node.day
        for duty in self._by_day[day][instant]:
            remembering = self._remembering(state.memories, day, duty.seen)
            if not remembering:
                continue
            worked = _State(
                days + 1,
                minutes + duty.paid_min,
                state.run + 1,
                self.tracks_work,
                self._remembered(duty.rested_min, day),
            )
            fits = worked.minutes <= 60 * self.contract.max_h_per_week + 1e-6
            if fits and self._closes(worked, day):
                for memories in remembering:
                    head = worked._replace(memories=memories) if memories else worked
                    yield _Label(duty, waits=False, after_work=state.worked), _Node(day + 1, head)

    def _remembering(
        self, memories: tuple[Memory, ...], day: int, seen: tuple[Seen, ...] | None
    ) -> Sequence[tuple[Memory, ...]]:
        """What rules may remember after the day; nothing where it breaks one of them."""
        if not memories:
            return ((),)
        # Many states remember the same.
        key = memories, day, seen
        if key not in self._after:
            ways = (
                rule.after(memory, day, None if seen is None else seen[number])
                for number, (rule, memory) in enumerate(zip(self.rules, memories, strict=True))
            )
            self._after[key] = tuple(product(*ways))
        return self._after[key]

    def _remembered(self, tired_min: int, day: int) -> int:
        """Until when somebody is tired, as far as it matters after the day."""
        return tired_min if tired_min > self._first_start[day + 1] else ALWAYS

    def _closes(self, state: _State, day: int) -> bool:
        """Whether a week that ends with this day may end in this state."""
        last = self.horizon.day(day)
        if last.weekday() < SUNDAY:
            return True
        if day < SUNDAY:
            return state.minutes >= self.torn_least_min
        days_off = sum(0 <= day - number < 7 for number in self.days_off)
        return state.minutes >= 60 * least_h(self.contract, days_off) - 1e-6


def _merged(steps: _Steps, days: int) -> TourNetwork | None:
    """Drop nodes without a future, then merge those whose futures are the same, from the last day back."""
    end = 0
    merged: dict[_Node, int] = {}
    futures: dict[tuple[int, tuple[tuple[_Label, int], ...]], int] = {}
    for node in reversed(steps):
        heads = ((label, end if head.day == days else merged.get(head)) for label, head in steps[node])
        # Rules may leave several ways to go on: those with the same future are one.
        future = tuple(dict.fromkeys((label, head) for label, head in heads if head is not None))
        if not future:
            continue
        if len(future) == 1 and future[0][0].waits:
            # Nothing else is left to do: both nodes are one.
            merged[node] = future[0][1]
        else:
            merged[node] = futures.setdefault((node.day, future), len(futures) + 1)
    if not merged or next(iter(steps)) not in merged:
        return None
    last = len(futures)
    # Counted from the end; the first node, seen last, becomes the source.
    arcs = [
        Arc(day, last - tail, last - head, label.duty, label.waits, label.after_work)
        for (day, future), tail in reversed(futures.items())
        for label, head in future
    ]
    return TourNetwork(tuple(arcs), days)
