"""Who works how many nights, weekends, early and late shifts, beside what would be a fair share of the group's.

A group are people of one contract who can serve the same queues. What falls on it over the weeks that count is shared
by the days its people were there: time off and weeks before somebody came count for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.domain import Agent, Assignment
from scheduling.unsocial import KINDS, UNSOCIAL, Load, Unsocial

WEEKS = 12
"""Weeks before a roster that count."""


@dataclass(frozen=True, slots=True)
class Past:
    """What somebody worked in the weeks before a roster.

    Parameters
    ----------
    load
        Shifts of each kind.
    days
        Days the person was there for, whether working or not.
    """

    load: Load
    days: int


@dataclass(frozen=True)
class Fairness:
    """How evenly a roster shares what nobody likes, with the weeks before it.

    Parameters
    ----------
    people
        Columns agent_id, group, days (there to share, those of the weeks before among them) and per kind (nights,
        weekends, early, late) the shifts of this roster, …_past those of the weeks before and …_share what of both would
        be fair.
    groups
        Columns group, contract, people, kind, shifts (of both), spread (most minus least of what people work beyond
        their share) and squares (sum of its squares). Groups and kinds without any are left out.
    unfairness
        Sum of the squares, weighted by kind: what the optimiser makes small.
    """

    people: pd.DataFrame
    groups: pd.DataFrame
    unfairness: float


def past_of(
    shifts: Iterable[Assignment],
    agents: Iterable[Agent],
    *,
    first: date,
    timezone: str,
    weeks: int = WEEKS,
    unsocial: Unsocial = UNSOCIAL,
) -> dict[str, Past]:
    """Count what people worked in the weeks before a day.

    Parameters
    ----------
    shifts
        As they were planned; those of other days are left out.
    agents
        Whose; somebody without a shift in these weeks was not there.
    first
        The day.
    timezone
        Of the local hours.
    weeks
        How many.
    unsocial
        What counts as which kind.
    """
    begin = first - timedelta(weeks=weeks)
    worked = by_person(shift for shift in shifts if begin <= shift.day < first)
    found = {}
    for agent in agents:
        own = worked.get(agent.id)
        if own:
            since = min(shift.day for shift in own)
            days = (first - since).days - sum(since <= day < first for day in agent.time_off)
            found[agent.id] = Past(total(unsocial.load(shift, timezone) for shift in own), days)
    return found


def by_person(shifts: Iterable[Assignment]) -> dict[str, list[Assignment]]:
    """Shifts of each person."""
    found: dict[str, list[Assignment]] = defaultdict(list)
    for shift in shifts:
        found[shift.agent_id].append(shift)
    return found


def total(loads: Iterable[Load]) -> Load:
    """Shifts of each kind together."""
    kept = list(loads)
    return Load(*(sum(column) for column in zip(*kept, strict=True))) if kept else Load()


def group_of(agent: Agent, skills: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """People of one group replace each other: their contract, and which of the skills asked for they have."""
    return agent.contract, tuple(sorted(agent.skills & skills))


def days_there(agent: Agent, first: date, days: int, past: Past | None) -> int:
    """Days of the weeks before and of a roster that somebody is there for."""
    end = first + timedelta(days=days)
    return (0 if past is None else past.days) + days - sum(first <= day < end for day in agent.time_off)


def shares(loads: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Fair share of each person of a group.

    Parameters
    ----------
    loads
        Shifts of each person and kind, shape (people, kinds).
    days
        Days each person is there, shape (people,).

    Returns
    -------
    ndarray
        Shape (people, kinds); sums to what all work together.
    """
    there = days if days.sum() else np.ones(days.size)
    fair: np.ndarray = np.outer(there / there.sum(), loads.sum(axis=0))
    return fair


def fairness(
    loads: Mapping[str, Load],
    agents: Sequence[Agent],
    skills: Iterable[str] | None = None,
    *,
    first: date,
    days: int,
    past: Mapping[str, Past] | None = None,
    unsocial: Unsocial = UNSOCIAL,
) -> Fairness:
    """Judge how evenly a roster shares.

    Parameters
    ----------
    loads
        Shifts of each person in the roster, by kind.
    agents
        Everybody who could have worked it.
    skills
        That its queues ask for; all that people have when None.
    first, days
        Its horizon.
    past
        What was worked in the weeks before.
    unsocial
        Weights of the kinds.
    """
    known = past or {}
    wanted = frozenset(skills) if skills is not None else frozenset().union(*(a.skills for a in agents))
    none = Load()
    now = np.array([loads.get(agent.id, none) for agent in agents], dtype=float).reshape(-1, len(KINDS))
    before = np.array(
        [known[agent.id].load if agent.id in known else none for agent in agents], dtype=float
    ).reshape(-1, len(KINDS))
    there = np.array([days_there(agent, first, days, known.get(agent.id)) for agent in agents], dtype=float)
    places: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for place, agent in enumerate(agents):
        places[group_of(agent, wanted)].append(place)
    fair, names = np.zeros_like(now), np.empty(len(agents), dtype=object)
    rows: list[tuple[object, ...]] = []
    for (contract, own_skills), crew in sorted(places.items()):
        name = f"{contract}: {', '.join(own_skills)}"
        both = now[crew] + before[crew]
        names[crew], fair[crew] = name, shares(both, there[crew])
        beyond = both - fair[crew]
        shifts, spread, squares = both.sum(axis=0), np.ptp(beyond, axis=0), np.square(beyond).sum(axis=0)
        rows += [
            (name, contract, len(crew), kind, int(shifts[k]), float(spread[k]), float(squares[k]))
            for k, kind in enumerate(KINDS)
            if shifts[k]
        ]
    columns: dict[str, object] = {
        "agent_id": [agent.id for agent in agents],
        "group": names,
        "days": there.astype(np.int64),
    }
    for k, kind in enumerate(KINDS):
        columns[kind] = now[:, k].astype(np.int64)
        columns[f"{kind}_past"] = before[:, k].astype(np.int64)
        columns[f"{kind}_share"] = fair[:, k]
    return Fairness(
        pd.DataFrame(columns),
        pd.DataFrame(rows, columns=["group", "contract", "people", "kind", "shifts", "spread", "squares"]),
        float(np.square(now + before - fair).sum(axis=0) @ np.array(unsocial.weights)),
    )
