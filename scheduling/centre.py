"""Queues, curves and rostered people on one common time grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.domain import Agent, Queue, Roster
from data.errors import InputError
from scheduling.allocation_kernel import split, values
from scheduling.arguments import Floats, Integers
from scheduling.pieces import Pieces
from scheduling.presence import SkillSets, people_per_slot, skill_sets, work_spans
from scheduling.yields import yields


@dataclass(frozen=True, slots=True)
class Laid:
    """Curves of all queues as the compiled loops take them.

    Parameters
    ----------
    first, size
        First breakpoint of each queue's curve in each slot and how many it has, 0 where closed, shape
        (queues, slots).
    agents, answered
        Breakpoints of all curves end to end; answered in one slot.
    """

    first: Integers
    size: Integers
    agents: Floats
    answered: Floats


@dataclass(frozen=True, slots=True)
class Centre:
    """Queues, curves and people on one common time grid.

    Parameters
    ----------
    queues
        In the order of all arrays.
    pieces
        Curves of each queue.
    row
        Curve of each queue in each slot, −1 where closed, shape (queues, slots).
    parts
        Slots an interval of each queue's curves has, shape (queues,).
    people
        People of each skill set in each slot, shape (sets, slots).
    serves
        Which queues a set serves, shape (sets, queues).
    laid
        The curves of `pieces` by `row`.
    yields
        Agents on contacts a person is worth in each queue and slot, shape (queues, slots).
    """

    queues: Sequence[Queue]
    pieces: Sequence[Pieces]
    row: Integers
    parts: Integers
    people: Floats
    serves: np.ndarray
    laid: Laid
    yields: Floats

    def part(self, slots: Integers) -> Centre:
        """The same centre in some of its slots."""
        laid = replace(
            self.laid,
            first=np.ascontiguousarray(self.laid.first[:, slots]),
            size=np.ascontiguousarray(self.laid.size[:, slots]),
        )
        people = np.ascontiguousarray(self.people[:, slots])
        worth = np.ascontiguousarray(self.yields[:, slots])
        return replace(self, row=self.row[:, slots], people=people, laid=laid, yields=worth)

    def split(self, weight: Floats) -> Floats:
        """People each queue gets in each slot such that Σ weight · answered is the most there can be."""
        laid = self.laid
        priority = np.array([queue.priority for queue in self.queues])
        return split(
            self.people,
            self.serves,
            laid.first,
            laid.size,
            laid.agents,
            laid.answered,
            self.yields,
            weight,
            priority,
        )

    def answered(self, people: Floats) -> Floats:
        """Contacts answered in each slot with those people, shape (queues, slots)."""
        laid = self.laid
        return values(people, laid.first, laid.size, laid.agents, laid.answered, self.yields)


def lay(pieces: Sequence[Pieces], row: Integers, parts: Integers) -> Laid:
    """Lay the curves of all queues end to end, each slot with its part of its interval's contacts."""
    first, size, used = np.zeros(row.shape, dtype=np.int64), np.zeros(row.shape, dtype=np.int64), 0
    for q, drawn in enumerate(pieces):
        held = row[q] >= 0
        first[q, held] = used + drawn.first[row[q, held]]
        size[q, held] = np.diff(drawn.first)[row[q, held]]
        used += drawn.agents.size
    return Laid(
        first,
        size,
        np.concatenate([drawn.agents for drawn in pieces]),
        np.concatenate([drawn.answered / number for drawn, number in zip(pieces, parts, strict=True)]),
    )


@dataclass(frozen=True, slots=True)
class Site:
    """A centre before anybody is at work.

    Parameters
    ----------
    centre
        Without people: they are 0 everywhere.
    sets
        Which of its skill sets each agent belongs to.
    origin_s, step_s
        Unix time of the first slot, length of each.
    """

    centre: Centre
    sets: SkillSets
    origin_s: int
    step_s: int

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return int(self.centre.row.shape[1])

    def with_people(self, people: Floats) -> Centre:
        """The centre with people at work, shape (sets, slots)."""
        return replace(self.centre, people=people)


def centre(
    roster: Roster, agents: Sequence[Agent], queues: Sequence[Queue], drawn: Sequence[Pieces]
) -> Centre:
    """Lay curves and people on the finest step the curves have.

    Raises
    ------
    InputError
        The steps of the curves do not fit together.
    UnknownNameError
        The roster has a person who is not among the agents.
    """
    empty = site(agents, queues, drawn)
    spans = work_spans(roster, agents)
    people = people_per_slot(
        spans, empty.sets, origin_s=empty.origin_s, step_s=empty.step_s, slots=empty.slots
    )
    return empty.with_people(people)


def site(agents: Sequence[Agent], queues: Sequence[Queue], drawn: Sequence[Pieces]) -> Site:
    """Lay curves on the finest step they have.

    Raises
    ------
    InputError
        The steps of the curves do not fit together.
    """
    steps = [_step_s(queue, curve) for queue, curve in zip(queues, drawn, strict=True)]
    step = min(steps)
    seconds = [unix_s(curve.start) for curve in drawn]
    origin = min(int(starts[0]) for starts in seconds)
    end = max(int(starts[-1]) + length for starts, length in zip(seconds, steps, strict=True))
    slots = (end - origin) // step
    row = np.full((len(queues), slots), -1, dtype=np.int64)
    parts = np.ones(len(queues), dtype=np.int64)
    for q, (queue, starts, length) in enumerate(zip(queues, seconds, steps, strict=True)):
        if length % step or ((starts - origin) % step).any():
            raise InputError(
                f"queue {queue.id!r}: its curves' step of {length // 60} min does not fit the other queues' "
                f"{step // 60} min. Compute all curves with the same step_min."
            )
        parts[q] = length // step
        at = ((starts - origin) // step)[:, None] + np.arange(parts[q])
        row[q, at.ravel()] = np.repeat(np.arange(starts.size), parts[q])
    sets = skill_sets(agents, queues)
    people = np.zeros((len(sets.serves), slots))
    instants = pd.to_datetime(origin + step * np.arange(slots), unit="s", utc=True)
    worth = np.array([yields(queue, instants, step // 60) for queue in queues])
    laid = Centre(queues, drawn, row, parts, people, sets.serves, lay(drawn, row, parts), worth)
    return Site(laid, sets, origin, step)


def unix_s(starts: pd.DatetimeIndex) -> Integers:
    """Whole seconds since 1970 of UTC instants."""
    return starts.as_unit("s").astype("int64").to_numpy()


def _step_s(queue: Queue, curve: Pieces) -> int:
    """Step of a queue's curves: the least distance of two starts, its interval where there is one start only."""
    if len(curve.start) == 1:
        return 60 * queue.interval_min
    return min(60 * queue.interval_min, int(np.diff(unix_s(curve.start)).min()))
