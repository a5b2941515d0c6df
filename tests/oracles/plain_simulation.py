"""A roster simulated contact by contact in plain Python, from the same random draws."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

import numpy as np
import pandas as pd

from data.domain import Agent, Queue, Roster
from data.intervals import grid
from tests.oracles.contact_centre import Change, Contact, Person, PlainCentre

Sums = dict[str, float]


@dataclass(frozen=True)
class Came:
    row: int
    contact: Contact


def plain_path(
    roster: Roster,
    agents: Sequence[Agent],
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    counts: Sequence[int],
    seed: tuple[int, int],
    turn: Sequence[int],
) -> list[Sums]:
    """What became of the contacts of each row of the forecast: nobody is absent, handle times are exponential."""
    begins = [start.timestamp() for start in forecast["start"]]
    origin = min(begins)
    begins = [begin - origin for begin in begins]
    by_name = {queue.id: q for q, queue in enumerate(queues)}
    row_queue = [by_name[name] for name in forecast["queue"]]
    lengths = [60.0 * queues[q].interval_min for q in row_queue]
    came = _contacts(queues, row_queue, begins, forecast["aht_s"].tolist(), counts, seed)
    capacity = int(np.lcm.reduce([queue.concurrency for queue in queues]))
    low = min(queue.priority for queue in queues) - max(queue.priority for queue in queues) - 1
    centre = PlainCentre(
        _people(agents, queues, turn),
        [capacity // queue.concurrency for queue in queues],
        capacity,
        [queue.priority + (low if queue.can_wait else 0) for queue in queues],
        [one.contact for one in came],
    )
    centre.run(_changes(roster, agents, origin))
    ends = [begin + length for begin, length in zip(begins, lengths, strict=True)]
    over = max([*ends, *(shift.end.timestamp() - origin for shift in roster.assignments)])
    openings = [_opening(queue, origin) for queue in queues]
    found: list[Sums] = [defaultdict(float) for _ in counts]
    for one, answered in zip(came, centre.answered, strict=True):
        queue, arrival = queues[one.contact.queue], one.contact.arrival
        due = _due(queue, arrival, openings[one.contact.queue]) if queue.can_wait else arrival + 20.0
        _count(found[one.row], one.contact, answered, due, over, can_wait=queue.can_wait)
    for i, person in enumerate(centre.people):
        served = [
            (answered, answered + one.contact.service, centre.units[one.contact.queue] / capacity)
            for one, answered, by in zip(came, centre.answered, centre.by, strict=True)
            if by == i
        ]
        for row, sums in enumerate(found):
            if row_queue[row] in person.queues:
                sums["staffed_s"] += sum(_common(begins[row], ends[row], *span) for span in person.there)
                sums["busy_s"] += sum(
                    share * _common(begins[row], ends[row], *span) for *span, share in served
                )
    return found


def _contacts(
    queues: Sequence[Queue],
    row_queue: Sequence[int],
    begins: Sequence[float],
    aht_s: Sequence[float],
    counts: Sequence[int],
    seed: tuple[int, int],
) -> list[Came]:
    random = [np.random.default_rng((*seed, purpose)) for purpose in range(3)]
    came = []
    for row, count in enumerate(counts):
        q = row_queue[row]
        for _ in range(count):
            arrival = begins[row] + random[0].random() * 60.0 * queues[q].interval_min
            patience = random[1].exponential() * queues[q].patience_s
            handle = aht_s[row] * random[2].exponential()
            leaves = math.inf if queues[q].can_wait else arrival + patience
            came.append(Came(row, Contact(arrival, q, leaves, handle)))
    return sorted(came, key=lambda one: one.contact.arrival)


def _people(agents: Sequence[Agent], queues: Sequence[Queue], turn: Sequence[int]) -> list[Person]:
    table = [tuple(queue.skill in agent.skills for queue in queues) for agent in agents]
    groups = sorted(set(table))
    return [
        Person(frozenset(q for q, yes in enumerate(able) if yes), turn[sum(able)], groups.index(able))
        for able in table
    ]


def _changes(roster: Roster, agents: Sequence[Agent], origin: float) -> list[Change]:
    position = {agent.id: i for i, agent in enumerate(agents)}
    changes = []
    for shift in roster.assignments:
        who, at, kind = position[shift.agent_id], shift.start, 1
        for rest in (*shift.breaks, None):
            end = shift.end if rest is None else rest.start
            changes.append(Change(at.timestamp() - origin, who, kind))
            changes.append(Change(end.timestamp() - origin, who, 0))
            at, kind = (shift.end if rest is None else rest.end), 2
    return sorted(changes, key=lambda change: (change.time, change.kind, change.agent))


def _count(sums: Sums, contact: Contact, answered: float, due: float, over: float, *, can_wait: bool) -> None:
    sums["offered"] += 1
    if not math.isnan(answered):
        end = answered
        sums["answered"] += 1
        sums["answered_wait_s"] += answered - contact.arrival
        sums["in_threshold"] += answered <= due
    elif contact.deadline <= over:
        end = contact.deadline
        sums["abandoned"] += 1
        sums["abandoned_in_threshold"] += end <= due
    else:
        end = over
        sums["waiting"] += 1
        sums["pending"] += can_wait and due > over
    sums["wait_s"] += end - contact.arrival


def _common(begin: float, end: float, start: float, stop: float) -> float:
    return max(0.0, min(end, stop) - max(begin, start))


def _opening(queue: Queue, origin: float) -> list[float]:
    first = pd.Timestamp(origin, unit="s", tz=UTC).tz_convert(queue.timezone).date() - timedelta(days=1)
    return [start.timestamp() - origin for start in grid(queue, first, 20)["start"]]


def _due(queue: Queue, arrival: float, opening: Sequence[float]) -> float:
    """Count opening time off the deadline, interval by interval."""
    left = 3600.0 * queue.due_within_h
    for begin in opening:
        end = begin + 60.0 * queue.interval_min
        opened = end - max(begin, arrival)
        if opened > 0:
            if left <= opened:
                return max(begin, arrival) + left
            left -= opened
    raise AssertionError("twenty days were too few")
