"""Activities before a roster is solved: heads laid into the hours that can spare them, curves shifted by them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.activities import Activity, Gathering
from data.domain import DAY_MIN, Agent
from scheduling.activities.shifted_curves import shifted
from scheduling.activities.turns import Had, Turn, had, turns, weeks
from scheduling.arguments import Floats
from scheduling.problem import RosterProblem
from scheduling.reach import usable_patterns
from scheduling.rosters.at_work import pools_of
from scheduling.shared_people import there_anyway
from scheduling.shifts import cover

NEAR_MOST = 0.9
"""A meeting of everybody is laid where at least this share of the most that can come is there."""

SAME_PEOPLE_MIN = 480
"""Sessions whose times of day are further apart than a shift is long reach other people."""

FRESH = 0.5
"""A session is laid where at least this share of the most new people can be reached."""

SCARCE = 0.05
"""Least share of people at work that is reckoned with."""

BATCHES = 20
"""People who are alone are laid in so many batches."""

Pools = frozenset[int]
Where = tuple[int, int]
"""Pool and slot."""


def planned(problem: RosterProblem, activities: Sequence[Activity]) -> RosterProblem:
    """The same problem with answer curves that leave people for activities.

    Week by week sessions are laid into the hours in which the same people are needed least: those who are at work
    anyway first (`shared_people.there_anyway`), then where the curves lose the fewest contacts. The optimiser then
    rosters people for contacts and activities without a rule for the latter.
    """
    heads = laid(problem, activities)
    return replace(problem, curves=shifted(problem, heads)) if heads else problem


def laid(problem: RosterProblem, activities: Sequence[Activity]) -> Mapping[Where, float]:
    """Positions that activities take from each pool and slot."""
    if not activities:
        return {}
    hours = _Hours(problem)
    before = had(activities, problem.before, problem.timezone)
    placed: Had = frozenset()
    for week in weeks(problem.horizon):
        due = turns(
            activities,
            problem.agents,
            problem.horizon,
            week,
            before=before,
            placed=placed,
            step_min=problem.step_min,
        )
        for turn in sorted(due, key=lambda turn: turn.activity.gathering is Gathering.ALONE):
            hours.lay(turn)
            chosen = turn.people[: turn.wanted]
            placed |= {(turn.activity.id, turn.number, agent.id) for agent in chosen}
    return hours.taken


@dataclass(frozen=True, slots=True)
class _Session:
    """A session as it could be laid: share of its people there, heads, positions it takes, contacts it loses."""

    start_min: int
    share: float
    heads: float
    positions: Mapping[Where, float]
    lost: float


class _Hours:
    """People expected at work in each pool and slot, before there is a roster."""

    def __init__(self, problem: RosterProblem) -> None:
        self._problem = problem
        self._pools = pools_of(problem)
        self._crew = Counter(self._pools.values())
        slots = problem.yields.shape[1]
        self._needed = np.zeros((len(problem.pools), slots))
        for (pool, slot), demand in problem.demand.items():
            agents = [
                demand.agents_for(
                    member, problem.queues[queue].target.answer_rate * float(demand.offered[member])
                )
                for member, queue in enumerate(demand.queues)
            ]
            most = float(demand.agents[-1])
            self._needed[pool, slot] = min(max(agents), most) / problem.yields[pool, slot]
        self._there = np.array([self._anyway(pool) for pool in range(len(problem.pools))])
        self.taken: dict[Where, float] = defaultdict(float)

    def lay(self, turn: Turn) -> None:
        """Lay the sessions of a turn, each where it costs the fewest contacts."""
        activity = turn.activity
        groups = Counter(self._pools[agent.id] for agent in self._coming(turn))
        people = sum(groups.values())
        left = float(min(turn.wanted, people))
        size = min(left, activity.most_in_session)
        if activity.gathering is Gathering.ALONE and not activity.coach:
            size = max(1.0, people / BATCHES)
        starts = turn.starts_min.tolist()
        chosen: list[_Session] = []
        while left > 0 and starts:
            fresh = {start: people - self._reached(start, chosen) for start in starts}
            found = [
                self._session(activity, groups, start, min(size, left, max(1.0, fresh[start])))
                for start in starts
            ]
            held = [session for session in found if session.heads > 0]
            # Who is at work at an hour is so on most days: other hours reach other people.
            most = max((fresh[session.start_min] * session.share for session in held), default=0.0)
            held = [session for session in held if fresh[session.start_min] * session.share >= FRESH * most]
            if not held:
                return
            best = self._best(activity, held)
            for where, positions in best.positions.items():
                self.taken[where] += positions
            left -= best.heads
            chosen.append(best)
            if activity.gathering is Gathering.ALL:
                return
            if activity.one_at_a_time:
                starts = [start for start in starts if abs(start - best.start_min) >= activity.length_min]

    def _reached(self, start_min: int, chosen: Sequence[_Session]) -> float:
        """Of the people who could be in a session, about how many have been in those chosen already."""
        reached = 0.0
        for session in chosen:
            apart = abs(start_min - session.start_min) % DAY_MIN
            near = 1.0 - min(apart, DAY_MIN - apart) / SAME_PEOPLE_MIN
            reached += max(0.0, near) * session.heads / max(session.share, SCARCE)
        return reached

    def _best(self, activity: Activity, sessions: Sequence[_Session]) -> _Session:
        if activity.gathering is Gathering.ALL:
            most = max(session.heads for session in sessions)
            sessions = [session for session in sessions if session.heads >= NEAR_MOST * most]
        return min(sessions, key=lambda session: session.lost / session.heads)

    def _coming(self, turn: Turn) -> list[Agent]:
        """People who are not off on all days the turn may lie on."""
        horizon = self._problem.horizon
        days = {horizon.instant(start).date() for start in turn.starts_min.tolist()}
        return [agent for agent in turn.people if not days <= agent.time_off]

    def _session(
        self, activity: Activity, groups: Mapping[Pools, int], start_min: int, most: float
    ) -> _Session:
        step_min = self._problem.step_min
        slots = [
            (slot, share)
            for slot, share in cover(start_min, start_min + activity.length_min, step_min)
            if 0 <= slot < self._needed.shape[1]
        ]
        # Edges of shifts stay free: whoever comes for the session cannot be in it.
        begin_min, end_min = (
            start_min - activity.edge_min,
            start_min + activity.length_min + activity.edge_min,
        )
        wide = [slot for slot, _ in cover(begin_min, end_min, step_min) if 0 <= slot < self._needed.shape[1]]
        able = {
            pools: people * min(self._share_there(pools, slot) for slot in wide)
            for pools, people in groups.items()
            if pools and slots
        }
        there = sum(able.values())
        if there <= 0:
            return _Session(start_min, 0.0, 0.0, {}, 0.0)
        part = min(1.0, most / there)
        heads = {pools: part * people for pools, people in able.items()}
        if activity.coach:
            own = self._pools.get(activity.coach, frozenset())
            heads[own] = heads.get(own, 0.0) + 1.0
        positions: dict[Where, float] = defaultdict(float)
        for slot, share in slots:
            for pools, people in heads.items():
                for pool, weight in self._weights(pools, slot).items():
                    worth = float(self._problem.yields[pool, slot])
                    positions[pool, slot] += share * people * weight * worth
        lost = sum(self._lost(where, taken) for where, taken in positions.items())
        return _Session(start_min, there / sum(groups.values()), part * there, positions, lost)

    def _share_there(self, pools: Pools, slot: int) -> float:
        """Share of people with some skills who are at work in a slot."""
        serving = sum(size for own, size in self._crew.items() if own & pools)
        there = sum(float(self._there[pool, slot]) for pool in pools)
        return min(1.0, there / serving) if serving else 0.0

    def _weights(self, pools: Pools, slot: int) -> dict[int, float]:
        """How people with several queues part their time: by what each of them needs."""
        needed = {pool: float(self._needed[pool, slot]) for pool in pools}
        whole = sum(needed.values())
        return {pool: own / whole for pool, own in needed.items() if own > 0}

    def _lost(self, where: Where, positions: float) -> float:
        """Contacts lost where so many more positions are taken."""
        demand = self._problem.demand[where]
        there = self._there[where] * float(self._problem.yields[where]) - self.taken.get(where, 0.0)
        with_them, without = (
            demand.answered_with(max(0.0, left)).sum() for left in (there, there - positions)
        )
        return float(with_them - without)

    def _anyway(self, pool: int) -> Floats:
        problem = self._problem
        queue = problem.queues[problem.pools[pool][0]]
        usable = {
            pattern.id
            for pattern in usable_patterns(queue, problem.agents, problem.contracts, problem.patterns)
        }
        spans = [
            (begin_min // problem.step_min, -(-end_min // problem.step_min))
            for shift in problem.shifts
            if shift.pattern.id in usable
            for begin_min, end_min in shift.spans_min
        ]
        return there_anyway(self._needed[pool], np.array(spans, dtype=np.int64).reshape(-1, 2))
