"""A contact centre in plain objects, one event after the other: the slow and obvious event loop."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

OFF, END, LATE, ON, ARRIVAL = range(5)


@dataclass(frozen=True)
class Contact:
    arrival: float
    queue: int
    deadline: float
    service: float


@dataclass(frozen=True)
class Change:
    time: float
    agent: int
    kind: int
    """0 off duty, 1 start of a shift, 2 return."""


@dataclass
class Person:
    queues: frozenset[int]
    turn: int = 0
    group: int = 0
    """Of people free for equally long the one of the lower group comes first."""
    load: int = 0
    duty: bool = False
    free_since: float = 0.0
    left_at: float = 0.0
    busy_until: float = 0.0
    owed: float | None = None
    late_return: float | None = None
    there_since: float | None = None
    there: list[tuple[float, float]] = field(default_factory=list)
    """When on duty or finishing a contact."""

    def note(self, now: float) -> None:
        is_there = self.duty or self.load > 0
        if is_there and self.there_since is None:
            self.there_since = now
        elif not is_there and self.there_since is not None:
            self.there.append((self.there_since, now))
            self.there_since = None


@dataclass
class PlainCentre:
    people: list[Person]
    units: Sequence[int]
    capacity: int
    priority: Sequence[int]
    contacts: Sequence[Contact]
    waiting: list[int] = field(default_factory=list)
    events: list[tuple[float, int, int, int, int]] = field(default_factory=list)

    def run(self, changes: Sequence[Change]) -> list[float]:
        self.answered = [math.nan] * len(self.contacts)
        self.by = [-1] * len(self.contacts)
        self.count = 0
        for i, contact in enumerate(self.contacts):
            self.plan(contact.arrival, ARRIVAL, i, -1)
        for change in changes:
            self.plan(change.time, OFF if change.kind == 0 else ON, change.agent, change.kind)
        while self.events:
            now, what, _, which, kind = heapq.heappop(self.events)
            self.happen(now, what, which, kind)
            for person in self.people:
                person.note(now)
        return self.answered

    def plan(self, time: float, what: int, which: int, kind: int) -> None:
        self.count += 1
        heapq.heappush(self.events, (time, what, self.count, which, kind))

    def happen(self, now: float, what: int, which: int, kind: int) -> None:
        if what == ARRIVAL:
            self.waiting.append(which)
            self.give(now, which)
            return
        person = self.people[kind if what == END else which]
        if what == OFF:
            person.duty, person.left_at, person.busy_until = False, now, now
            person.owed = person.late_return = None
            return
        if what == LATE and person.late_return == now:
            person.duty, person.late_return = True, None
        elif what == ON:
            self.come(now, person, which, kind)
        elif what == END:
            person.load -= self.units[self.contacts[which].queue]
            if not person.duty and person.load == 0:
                person.busy_until = now
                if person.owed is not None:
                    person.late_return = now + person.owed
                    person.owed = None
                    self.plan(person.late_return, LATE, kind, -1)
        else:
            return
        if person.duty:
            self.take(now, person)

    def come(self, now: float, person: Person, agent: int, kind: int) -> None:
        if kind == 2 and person.load > 0:
            person.owed = now - person.left_at
        elif kind == 2 and person.busy_until > person.left_at:
            person.late_return = now + person.busy_until - person.left_at
            self.plan(person.late_return, LATE, agent, -1)
        else:
            person.duty = True

    def take(self, now: float, person: Person) -> None:
        """A person who got free takes contacts while there are any it has room for."""
        person.free_since = now
        while True:
            able = [
                i
                for i in self.waiting
                if self.contacts[i].queue in person.queues
                and self.contacts[i].deadline >= now
                and person.load + self.units[self.contacts[i].queue] <= self.capacity
            ]
            if not able:
                return
            self.start(now, person, min(able, key=lambda i: (-self.priority[self.contacts[i].queue], i)))

    def give(self, now: float, contact: int) -> None:
        """A contact that arrives goes to a person with room: by turn, then the least loaded, then the longest free."""
        queue = self.contacts[contact].queue
        able = [
            person
            for person in self.people
            if person.duty and queue in person.queues and person.load + self.units[queue] <= self.capacity
        ]
        if able:
            person = min(able, key=lambda one: (one.turn, one.load, one.free_since, one.group))
            person.free_since = now
            self.start(now, person, contact)

    def start(self, now: float, person: Person, contact: int) -> None:
        self.waiting.remove(contact)
        self.answered[contact] = now
        self.by[contact] = next(i for i, one in enumerate(self.people) if one is person)
        person.load += self.units[self.contacts[contact].queue]
        self.plan(
            now + self.contacts[contact].service,
            END,
            contact,
            self.by[contact],
        )
