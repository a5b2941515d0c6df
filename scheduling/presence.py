"""Roster → who is on contacts when: shifts without their breaks and activities, as spans and as people per time slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.domain import Agent, Assignment, Queue, Roster
from data.errors import UnknownNameError
from scheduling.arguments import Floats, Integers


@dataclass(frozen=True, slots=True)
class WorkSpans:
    """Stretches on contacts between breaks, paid or not, and activities.

    Parameters
    ----------
    agent
        Position in the sequence of agents, ascending, shape (n,).
    shift
        Position of its shift in the roster; of the first where overlapping stretches of one agent are merged.
    start_s, end_s
        Unix time, half-open; ascending per agent.
    """

    agent: Integers
    shift: Integers
    start_s: Floats
    end_s: Floats


def work_spans(roster: Roster, agents: Sequence[Agent]) -> WorkSpans:
    """Stretches on contacts of a roster.

    Raises
    ------
    UnknownNameError
        The roster has a person who is not among the agents.
    """
    position = {agent.id: i for i, agent in enumerate(agents)}
    found: list[tuple[int, float, float, int]] = []
    for number, assignment in enumerate(roster.assignments):
        if assignment.agent_id not in position:
            raise UnknownNameError("agent", assignment.agent_id, tuple(position))
        person = position[assignment.agent_id]
        found.extend((person, start, end, number) for start, end in _stretches(assignment))
    spans: list[tuple[int, float, float, int]] = []
    for person, start, end, number in sorted(found):
        if spans and spans[-1][0] == person and start <= spans[-1][2]:
            spans[-1] = (person, spans[-1][1], max(end, spans[-1][2]), spans[-1][3])
        else:
            spans.append((person, start, end, number))
    columns = np.array(spans, dtype=float).reshape(-1, 4).T.copy()
    return WorkSpans(columns[0].astype(np.int64), columns[3].astype(np.int64), columns[1], columns[2])


def _stretches(assignment: Assignment) -> list[tuple[float, float]]:
    at, end = assignment.start.timestamp(), assignment.end.timestamp()
    stretches = []
    for part in assignment.away:
        begin = min(part.start.timestamp(), end)
        if begin > at:
            stretches.append((at, begin))
        at = max(at, part.end.timestamp())
    if at < end:
        stretches.append((at, end))
    return stretches


@dataclass(frozen=True, slots=True)
class SkillSets:
    """Agents who serve the same queues are interchangeable on contacts.

    Parameters
    ----------
    serves
        Which queues each set serves, shape (sets, queues); a set without a queue is left out.
    member
        Set of each agent, −1 where the agent serves no queue, shape (agents,).
    """

    serves: np.ndarray
    member: Integers


def skill_sets(agents: Sequence[Agent], queues: Sequence[Queue]) -> SkillSets:
    """Group agents by the queues their skills open to them."""
    table = np.array([[queue.skill in agent.skills for queue in queues] for agent in agents], dtype=bool)
    sets, member = np.unique(table.reshape(len(agents), len(queues)), axis=0, return_inverse=True)
    useful = sets.any(axis=1)
    number = np.where(useful, np.cumsum(useful) - 1, -1)
    return SkillSets(sets[useful], number[member.ravel()])


def people_per_slot(
    spans: WorkSpans, sets: SkillSets, *, origin_s: float, step_s: float, slots: int
) -> Floats:
    """Mean people of each skill set on contacts in each slot, shape (sets, slots).

    Parameters
    ----------
    spans, sets
        Who works when and serves what.
    origin_s
        Unix time of the first slot.
    step_s, slots
        Length of a slot and how many there are.
    """
    return time_per_slot(spans, sets, origin_s=origin_s, step_s=step_s, slots=slots) / _micros(step_s)


def time_per_slot(
    spans: WorkSpans, sets: SkillSets, *, origin_s: float, step_s: float, slots: int
) -> Integers:
    """Microseconds people of each skill set are on contacts in each slot, shape (sets, slots).

    Whole numbers, so that people can be taken out and put in again without a trace. Arguments as
    `people_per_slot` takes them.
    """
    time = np.zeros((len(sets.serves), slots + 2), dtype=np.int64)
    group = sets.member[spans.agent]
    kept = group >= 0
    step = int(_micros(step_s))
    for instant, sign in ((spans.start_s, 1), (spans.end_s, -1)):
        at = np.clip(_micros(instant[kept] - origin_s).astype(np.int64), 0, slots * step)
        slot, into = np.divmod(at, step)
        # In its own slot an arrival counts for the rest of it, from the next on in full.
        np.add.at(time, (group[kept], slot), sign * (step - into))
        np.add.at(time, (group[kept], slot + 1), sign * into)
    present: Integers = np.cumsum(time, axis=1)[:, :slots]
    return present


def _micros(seconds: Floats | float) -> Floats:
    return np.asarray(np.rint(np.asarray(seconds) * 1e6))
