"""Everybody's tour as it stands, what of it may change, and the best tour at some worth of a person in each slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np

from data.domain import Agent, Assignment
from scheduling.problem import RosterProblem
from scheduling.resolve.graphs import Graph, Graphs
from scheduling.rosters.classes import AgentClass
from scheduling.rosters.shift_worth import ShiftWorth
from scheduling.shifts import cover

Tour = dict[int, int]
"""Number of the shift of each day worked."""
Offsets = tuple[int, ...]
"""Minutes from a shift's start to each of its breaks."""
Presence = tuple[np.ndarray, np.ndarray]
"""Slots, and the share of each that somebody is present."""
NO_SKILLS = -1
"""Place of the skill set of people whom no contact needs."""
UNLISTED = -1
"""Number of a shift that stands and is none that any pattern allows."""


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody whose tour may change.

    Parameters
    ----------
    agent
        Who it is.
    skills
        Place of the skill set among all of them, or `NO_SKILLS`.
    graph
        The tours that keep every rule.
    standing
        Shifts as they stand, by day.
    numbers
        Number of each of those shifts, `UNLISTED` where no pattern allows it.
    allowed
        Whether each shift may be worked, locks and the clock permitting, by its number.
    due
        Whether a day must be worked, by day.
    must
        Whether the tour cannot stay as it is.
    overtime
        What the tour that stands costs beyond its shifts, for the hours of its weeks.
    """

    agent: Agent
    skills: int
    graph: Graph
    standing: Mapping[int, Assignment]
    numbers: Mapping[int, int]
    allowed: np.ndarray
    due: np.ndarray
    must: bool
    overtime: float = 0.0


@dataclass(frozen=True, eq=False)
class Stands:
    """Somebody's shifts that stand, end to end.

    Parameters
    ----------
    slots, shares, owner
        Slots of the free days and after them, the share of each on contacts, and which of the shifts it belongs to.
    costs
        Of each shift.
    """

    slots: np.ndarray
    shares: np.ndarray
    owner: np.ndarray
    costs: np.ndarray


@dataclass(frozen=True, eq=False)
class Work:
    """Shifts as work: when somebody is present, what it costs, and what it is worth.

    Parameters
    ----------
    problem
        The days that are free.
    graphs
        Its people's.
    first_slot
        Slot of the whole horizon that they begin with.
    """

    problem: RosterProblem
    graphs: Graphs
    first_slot: int
    _presence: dict[tuple[int, Offsets], Presence] = field(default_factory=dict)
    _stands: dict[tuple[str, datetime], Presence] = field(default_factory=dict)
    _of_person: dict[str, Stands] = field(default_factory=dict)
    _standing_costs: dict[tuple[str, datetime], float] = field(default_factory=dict)
    _costs: dict[str, np.ndarray] = field(default_factory=dict)
    _worths: dict[str, ShiftWorth] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> Mapping[tuple[str, int, int], int]:
        """Number of each shift by pattern, day and start."""
        return {
            (shift.pattern.id, shift.day, shift.start_min): number
            for number, shift in enumerate(self.problem.shifts)
        }

    def number(self, shift: Assignment) -> int:
        """Number of a shift that stands; `UNLISTED` where no pattern allows it."""
        horizon = self.problem.horizon
        day = (shift.day - horizon.first).days
        return self.numbers.get((shift.pattern, day, horizon.elapsed_min(shift.start)), UNLISTED)

    def presence(self, number: int, offsets: Offsets) -> Presence:
        """When whoever works a shift with breaks so many minutes after its start is present."""
        key = number, offsets
        if key not in self._presence:
            shift = self.problem.shifts[number]
            spans = [(shift.start_min, shift.end_min, 1.0)]
            # No offsets at all: the shift as if it had no breaks.
            for rule, offset in zip(shift.pattern.breaks if offsets else (), offsets, strict=True):
                begin = shift.start_min + offset
                spans.append((begin, begin + rule.length_min, -1.0))
            self._presence[key] = self._covered(spans)
        return self._presence[key]

    def break_presence(self, number: int, offset: int, length_min: int) -> Presence:
        """When whoever works a shift is on a break so many minutes after its start."""
        begin = self.problem.shifts[number].start_min + offset
        return self._covered([(begin, begin + length_min, 1.0)])

    def standing_presence(self, shift: Assignment) -> Presence:
        """When whoever works a shift that stands is on contacts."""
        key = shift.agent_id, shift.start
        if key not in self._stands:
            horizon = self.problem.horizon
            spans = [(shift.start, shift.end, 1.0), *((rest.start, rest.end, -1.0) for rest in shift.away)]
            self._stands[key] = self._covered(
                [(horizon.elapsed_min(start), horizon.elapsed_min(end), sign) for start, end, sign in spans]
            )
        return self._stands[key]

    def _covered(self, spans: Sequence[tuple[int, int, float]]) -> Presence:
        shares: dict[int, float] = {}
        for begin, end, sign in spans:
            for slot, share in cover(begin, end, self.problem.step_min):
                shares[slot] = shares.get(slot, 0.0) + sign * share
        slots = np.array(list(shares), dtype=np.int64) + self.first_slot
        return slots, np.array(list(shares.values()))

    def costs(self, agent: Agent) -> np.ndarray:
        """Cost of every shift to somebody, by its number."""
        own = self.graphs.contract(agent)
        if own.contract.id not in self._costs:
            self._costs[own.contract.id] = np.array([own.cost(shift) for shift in self.problem.shifts])
        return self._costs[own.contract.id]

    def standing_cost(self, agent: Agent, shift: Assignment) -> float:
        """Cost of a shift that stands."""
        key = agent.id, shift.start
        if key not in self._standing_costs:
            self._standing_costs[key] = self._cost(agent, shift)
        return self._standing_costs[key]

    def _cost(self, agent: Agent, shift: Assignment) -> float:
        number = self.number(shift)
        if number != UNLISTED:
            return float(self.costs(agent)[number])
        patterns = {pattern.id: pattern.cost_per_h for pattern in self.problem.patterns}
        rate = self.graphs.contract(agent).contract.cost_per_h * patterns.get(shift.pattern, 1.0)
        return shift.paid.total_seconds() / 3600 * rate

    def stands(self, person: Person) -> Stands:
        """The shifts of somebody that stand."""
        if person.agent.id not in self._of_person:
            presences = [self.standing_presence(shift) for shift in person.standing.values()]
            slots = [slots - self.first_slot for slots, _ in presences]
            self._of_person[person.agent.id] = Stands(
                np.concatenate([*slots, np.zeros(0, dtype=np.int64)]),
                np.concatenate([*(shares for _, shares in presences), np.zeros(0)]),
                np.repeat(np.arange(len(slots)), [own.size for own in slots]),
                np.array([self.standing_cost(person.agent, shift) for shift in person.standing.values()]),
            )
        return self._of_person[person.agent.id]

    def shift_worth(self, agent: Agent) -> ShiftWorth:
        """Worth of the shifts that somebody's contract may work."""
        own: AgentClass = self.graphs.contract(agent)
        if own.contract.id not in self._worths:
            self._worths[own.contract.id] = ShiftWorth(self.problem, own.shifts)
        return self._worths[own.contract.id]


@dataclass(frozen=True, eq=False)
class Prices:
    """What shifts are worth beyond their cost while a person is worth so much in each slot.

    Parameters
    ----------
    work
        The shifts.
    worth
        Of a person of each skill set in each slot of the whole horizon, shape (sets, slots).
    """

    work: Work
    worth: np.ndarray
    _nets: dict[tuple[int, str], np.ndarray] = field(default_factory=dict)
    _offsets: dict[tuple[int, str, int], Offsets] = field(default_factory=dict)

    def net(self, person: Person) -> np.ndarray:
        """Worth of each shift to the roster less its cost, by number; −∞ where the person may not work it.

        A shift that stands keeps its breaks.
        """
        key = person.skills, person.agent.contract
        if key not in self._nets:
            worth = self.work.shift_worth(person.agent).of(self._own(person))
            self._nets[key] = worth - self.work.costs(person.agent)
        net = np.where(person.allowed, self._nets[key], -np.inf)
        for number, stands in zip(person.numbers.values(), self._stand(person).tolist(), strict=True):
            if number != UNLISTED and person.allowed[number]:
                net[number] = stands
        return net

    def standing(self, person: Person) -> float:
        """The same of a tour that stays as it is, its overtime too: of other tours it is left out, so that none gains too little."""
        return float(self._stand(person).sum()) - person.overtime

    def offsets(self, person: Person, number: int) -> Offsets:
        """Breaks of a shift where they cost least."""
        key = person.skills, person.agent.contract, number
        if key not in self._offsets:
            self._offsets[key] = self.work.shift_worth(person.agent).offsets(self._own(person), number)
        return self._offsets[key]

    def _own(self, person: Person) -> np.ndarray:
        """Worth of the person in each slot of the free days and after them."""
        if person.skills == NO_SKILLS:
            return np.zeros(self.worth.shape[1])
        worth: np.ndarray = self.worth[person.skills, self.work.first_slot :]
        return worth

    def _stand(self, person: Person) -> np.ndarray:
        """Worth of each shift that stands less its cost, shape (shifts,)."""
        stands = self.work.stands(person)
        own = np.r_[self._own(person), 0.0]
        worth = own[np.minimum(stands.slots, own.size - 1)] * stands.shares
        net: np.ndarray = np.bincount(stands.owner, worth, len(person.standing)) - stands.costs
        return net


def nearest(person: Person, costs: np.ndarray) -> list[Tour]:
    """Tours somebody could have instead of one that cannot stay: the one most like it, and the cheapest.

    Parameters
    ----------
    person
        Who.
    costs
        Of every shift to the person, by its number.
    """
    alike = -costs / (1.0 + costs.max(initial=0.0)) / (1 + len(person.due)) - 1.0
    for number in person.numbers.values():
        if number != UNLISTED:
            alike[number] += 2.0
    tours = (
        person.graph.best(np.where(person.allowed, worth, -np.inf), person.due) for worth in (alike, -costs)
    )
    return [tour for tour in tours if tour is not None]
