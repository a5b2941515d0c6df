"""Shrinkage in the simulation: who of the rostered is away from contacts when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from data.domain import Queue
from scheduling.arguments import Floats, Integers
from scheduling.event_loop import OFF, RETURN, START
from scheduling.presence import SkillSets, WorkSpans
from scheduling.yields import planned_share, yields

SPELL_S = 1800.0
"""Length of a spell of absence; spells begin on the half-hour."""


class Absence(StrEnum):
    """How absences fall on people.

    INDEPENDENT: each agent is away in each half-hour with the probability of all that was not planned, whoever
    else is away. The number present scatters (binomially), which costs answered contacts beyond the average.
    Planned causes, such as training, are arranged: they fall on people as EVEN says.
    EVEN: in each half-hour the number away of each skill set is its share, rounded up or down at random; only
    who is away is random. This is what the answer curves assume.
    """

    INDEPENDENT = "independent"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Duty:
    """When agents may take contacts, cut at half-hours.

    Parameters
    ----------
    agent, shift, start_s, end_s
        Stretches in order of agent and time, shape (n,).
    cell
        Number of the (agent, half-hour) each stretch lies in, ascending, shape (n,).
    cell_agent, cell_spell
        Agent and half-hour of each cell.
    """

    agent: Integers
    shift: Integers
    start_s: Floats
    end_s: Floats
    cell: Integers
    cell_agent: Integers
    cell_spell: Integers


def duty(spans: WorkSpans) -> Duty:
    """Cut stretches of work at half-hours."""
    first = np.floor(spans.start_s / SPELL_S).astype(np.int64)
    last = np.ceil(spans.end_s / SPELL_S).astype(np.int64)
    count = last - first
    owner = np.repeat(np.arange(first.size), count)
    spell = np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count) + first[owner]
    agent = spans.agent[owner]
    new = np.ones(owner.size, dtype=bool)
    new[1:] = (agent[1:] != agent[:-1]) | (spell[1:] != spell[:-1])
    return Duty(
        agent,
        spans.shift[owner],
        np.maximum(spans.start_s[owner], spell * SPELL_S),
        np.minimum(spans.end_s[owner], (spell + 1) * SPELL_S),
        np.cumsum(new) - 1,
        agent[new],
        spell[new],
    )


def shrinkage_of(
    sets: SkillSets, queues: Sequence[Queue], traffic: Floats, starts: pd.DatetimeIndex
) -> Floats:
    """Share of its time each skill set is away from contacts in spells from `starts`.

    What the yields of its queues leave over, weighted by their traffic. A yield above 1 is met by nobody being away.

    Returns
    -------
    ndarray
        Shape (sets, spells, 2): away for planned causes, and of those who are not, away for all others.
    """
    weight = sets.serves * (traffic + 1e-9 * max(1.0, float(traffic.max(initial=0.0))))
    weight /= weight.sum(axis=1, keepdims=True)
    step = int(SPELL_S // 60)
    away = (weight @ np.array([1.0 - yields(queue, starts, step) for queue in queues])).clip(min=0.0)
    planned = np.minimum(weight @ np.array([planned_share(queue, starts, step) for queue in queues]), away)
    return np.stack((planned, (away - planned) / (1.0 - planned)), axis=-1)


def changes(
    shifts: Duty, share: Floats, group: Integers, absence: Absence, random: np.random.Generator
) -> tuple[Floats, Integers, Integers]:
    """Draw absences; when which agent goes off duty (0), starts a shift (1) or returns (2), off before on.

    Parameters
    ----------
    shifts
        Of agents who serve some queue.
    share
        Share of its spell each cell is away for planned causes, and for others if not, shape (cells, 2).
    group
        Skill set of each agent, shape (agents,).
    absence
        How absences fall on people.
    random
        Source of randomness.
    """
    planned, unplanned = share[:, 0], share[:, 1]
    groups = group[shifts.cell_agent]
    if absence is Absence.INDEPENDENT:
        away = random.random(unplanned.size) < unplanned
        if planned.any():
            away |= _evenly(planned, shifts.cell_spell, groups, random)
    else:
        away = _evenly(1.0 - (1.0 - planned) * (1.0 - unplanned), shifts.cell_spell, groups, random)
    kept = np.flatnonzero(~away[shifts.cell])
    agent, start, end = shifts.agent[kept], shifts.start_s[kept], shifts.end_s[kept]
    same_shift, joined = np.zeros(kept.size, dtype=bool), np.zeros(kept.size, dtype=bool)
    same_shift[1:] = shifts.shift[kept][1:] == shifts.shift[kept][:-1]
    joined[1:] = (agent[1:] == agent[:-1]) & (start[1:] == end[:-1])
    begins = ~joined
    stops = np.append(begins[1:], True)[: kept.size]
    time = np.concatenate((end[stops], start[begins]))
    who = np.concatenate((agent[stops], agent[begins]))
    kind = np.concatenate((np.full(stops.sum(), OFF), np.where(same_shift[begins], RETURN, START)))
    order = np.lexsort((who, kind, time))
    return time[order], who[order], kind[order]


def _evenly(share: Floats, spell: Integers, group: Integers, random: np.random.Generator) -> np.ndarray:
    """Systematic sampling in random order within each half-hour and skill set."""
    order = np.lexsort((random.random(share.size), group, spell))
    summed = np.cumsum(share[order])
    new = np.ones(share.size, dtype=bool)
    new[1:] = (spell[order][1:] != spell[order][:-1]) | (group[order][1:] != group[order][:-1])
    number = np.cumsum(new) - 1
    before = (summed - share[order])[new][number]
    offset = random.random(int(new.sum()))[number]
    upto = summed - before + offset
    away = np.empty(share.size, dtype=bool)
    away[order] = np.floor(upto + 1e-12) > np.floor(upto - share[order] + 1e-12)
    return away
