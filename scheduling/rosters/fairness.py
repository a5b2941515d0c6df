"""Tours shared fairly: shifts of a named roster dealt anew among people who replace each other.

Who works what changes, what is worked does not: coverage, hours and targets stay exactly as they are, every rule is
kept, and no cost rises. What is made small is the sum of squares of what each person works beyond their share of nights,
weekends, early and late shifts (`scheduling.fair_shares`), beside wishes and steady starts at their weights (`wishes`).
Dealing one day anew, everything else held, is a linear assignment and solved exactly; then days in a row change hands
between those who work most beyond their share and those who work least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from scipy.optimize import linear_sum_assignment

from data.domain import Agent, Assignment, Roster, Severity
from scheduling.fair_shares import by_person, days_there, shares
from scheduling.problem import RosterProblem
from scheduling.rosters.classes import classes_of
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.limits import Watch
from scheduling.rosters.networks import Networks
from scheduling.rosters.premiums import Overtime, overtime_of
from scheduling.rosters.recount import cost_of
from scheduling.rosters.tour_rules import TourRules
from scheduling.rosters.wishes import OVERTIME, STEADY, WISH
from scheduling.rules import RULES, violations
from scheduling.rules.by_law import rules_of_law
from scheduling.shifts import Shift
from scheduling.unsocial import KINDS, UNSOCIAL, Load

SQUARE = 1.0
"""Cost of a shift beyond somebody's share, squared, at weight 1; an ordinary wish is worth `wishes.WISH`."""
FORBIDDEN = 1e7
ROUNDS = 4
BLOCK = 80
"""People a day is dealt among at once."""
ENDS = 5
"""People at each end of a group whose days in a row may change hands."""
TRIES = 40
"""Spans of days that are tried between two of them."""
LESS = 1e-9
"""What falls by less than this does not fall."""
TIME_SHARE = 0.05
"""Share of the time limit this may take."""
DAY_MIN = 1440


@dataclass(eq=False)
class _Member:
    """Somebody whose tour may change.

    Parameters
    ----------
    agent, rules, overtime
        Who, what tours are allowed, and what hours beyond the normal ones are paid.
    tour, held
        Shifts by day, those before the horizon among them; the assignments of the horizon's days.
    load, share
        Shifts of each kind, past ones among them, and what would be fair.
    """

    agent: Agent
    rules: TourRules
    overtime: Overtime | None
    tour: dict[int, Shift]
    held: dict[int, Assignment]
    load: np.ndarray
    share: np.ndarray

    def wished(self, day: int, token: Assignment | None) -> float:
        """Weight of the wishes that a shift, or rest, on a day grants."""
        date = self.rules.horizon.day(day)
        pattern = None if token is None else token.pattern
        return sum(wish.weight for wish in self.agent.wishes if wish.day == date and wish.pattern == pattern)

    def dislike(self, days: range) -> float:
        """Cost of wishes not granted and of unsteady starts on these days, without what is shared."""
        granted = sum(self.wished(day, self.held.get(day)) for day in days)
        moved = sum(
            abs(_start(self.tour[day]) - _start(self.tour[day + 1]))
            for day in range(days.start - 1, days.stop)
            if day in self.tour and day + 1 in self.tour
        )
        return STEADY * moved / 60 - WISH * granted

    @property
    def unfair(self) -> float:
        """Cost of what is worked beyond the share."""
        return float(SQUARE * np.square(self.load - self.share) @ np.array(UNSOCIAL.weights))


def with_fair_shares(problem: RosterProblem, outcome: RosterOutcome, watch: Watch) -> RosterOutcome:
    """The same outcome, its roster shared fairly in a little of the time that is left."""
    if outcome.value is None:
        return outcome
    until_s = min(watch.limits.time_s, watch.elapsed_s + TIME_SHARE * watch.limits.time_s)
    roster = shared_fairly(problem, outcome.value, lambda: watch.elapsed_s < until_s and not watch.stopped())
    return replace(outcome, value=roster, runtime_s=max(outcome.runtime_s, watch.elapsed_s))


def shared_fairly(problem: RosterProblem, roster: Roster, in_time: Callable[[], bool]) -> Roster:
    """Deal a roster's shifts anew among people who replace each other, until nothing gains or time is up.

    Parameters
    ----------
    problem
        What the roster was made for; its `past` counts.
    roster
        With names, without activities.
    in_time
        Asked between steps; false ends the work with what was gained until then.

    Returns
    -------
    Roster
        As fair as the one given, or fairer; it breaks no hard rule that one keeps, and costs no more.
    """
    loads = {id(shift): UNSOCIAL.load(shift, problem.timezone) for shift in roster.assignments}
    groups = _groups(problem, roster, loads)
    for members in groups:
        _Sharing(members, loads, problem.days).work(in_time)
    holders = {
        (member.agent.id, day): token
        for members in groups
        for member in members
        for day, token in member.held.items()
    }
    named = [
        token if token.agent_id == agent_id else replace(token, agent_id=agent_id)
        for (agent_id, _), token in holders.items()
    ]
    others = {member.agent.id for members in groups for member in members}
    named += [shift for shift in roster.assignments if shift.agent_id not in others]
    found = replace(roster, assignments=tuple(sorted(named, key=lambda shift: (shift.agent_id, shift.start))))
    return found if _stands(problem, roster, found) else roster


def _groups(problem: RosterProblem, roster: Roster, loads: Mapping[int, Load]) -> list[list[_Member]]:
    """People who replace each other, two or more at a time."""
    networks = Networks(problem, problem.worked_before)
    contracts = {contract.id: contract for contract in problem.contracts}
    worked = by_person(roster.assignments)
    groups = []
    for agent_class in classes_of(problem):
        overtime = overtime_of(contracts[agent_class.contract.id], problem)
        members = []
        for crew in agent_class.crews:
            for agent in crew.agents:
                found = _member(
                    problem,
                    agent,
                    worked.get(agent.id, []),
                    loads,
                    rules=networks.tour_rules(agent_class, crew, agent.id),
                    overtime=overtime.get(agent.id),
                )
                members += [] if found is None else [found]
        if len(members) > 1:
            there = [
                days_there(m.agent, problem.first, problem.days, problem.past.get(m.agent.id))
                for m in members
            ]
            fair = shares(np.array([member.load for member in members]), np.array(there, dtype=float))
            for member, share in zip(members, fair, strict=True):
                member.share = share
            groups.append(members)
    return groups


def _member(
    problem: RosterProblem,
    agent: Agent,
    worked: Sequence[Assignment],
    loads: Mapping[int, Load],
    *,
    rules: TourRules,
    overtime: Overtime | None,
) -> _Member | None:
    """Somebody with the tour they have; None where a day has two shifts, or one that no pattern makes."""
    known = problem.shift_of
    held = {(shift.day - problem.first).days: shift for shift in worked}
    made = {
        day: known.get((shift.pattern, problem.horizon.elapsed_min(shift.start)))
        for day, shift in held.items()
    }
    tour = {day: shift for day, shift in made.items() if shift is not None}
    if len(tour) < len(worked):
        return None
    past = problem.past.get(agent.id)
    load = np.zeros(len(KINDS)) if past is None else np.array(past.load, dtype=float)
    for shift in worked:
        load += loads[id(shift)]
    before = problem.worked_before.get(agent.id, {})
    return _Member(agent, rules, overtime, {**before, **tour}, held, load, np.zeros(len(KINDS)))


class _Sharing:
    """One group's shifts."""

    def __init__(self, members: list[_Member], loads: Mapping[int, Load], days: int) -> None:
        self._members = members
        self._loads = loads
        self._days = days
        self._weights = SQUARE * np.array(UNSOCIAL.weights)

    def work(self, in_time: Callable[[], bool]) -> None:
        """Deal day by day, then exchange days in a row, until nothing gains."""
        for _ in range(ROUNDS):
            gained = False
            for day in range(self._days):
                for block in self._blocks():
                    if not in_time():
                        return
                    gained |= self._deal(block, day)
            for one, other in list(self._ends()):
                if not in_time():
                    return
                gained |= self._exchange(one, other)
            if not gained:
                return

    def _blocks(self) -> Iterator[list[_Member]]:
        """Those far above their share together with those far below."""
        ranked = sorted(self._members, key=lambda member: (self._beyond(member), member.agent.id))
        count = -(-len(ranked) // BLOCK)
        for first in range(count):
            yield ranked[first::count]

    def _beyond(self, member: _Member) -> float:
        return float((member.load - member.share) @ self._weights)

    def _load(self, token: Assignment | None) -> Load:
        return Load() if token is None else self._loads[id(token)]

    def _deal(self, block: Sequence[_Member], day: int) -> bool:
        """Deal a day's shifts and rests anew; true where that gains."""
        tokens = [member.held.get(day) for member in block]
        loads = np.array([self._load(token) for token in tokens], dtype=float)
        date = block[0].rules.horizon.day(day)
        wishing = [any(wish.day == date for wish in member.agent.wishes) for member in block]
        if (loads == loads[0]).all() and not any(wishing):
            return False
        shifts = [member.tour.get(day) for member in block]
        others = np.array([member.load - member.share for member in block]) - loads
        matrix = 2 * (others * self._weights) @ loads.T + (np.square(loads) @ self._weights)[None, :]
        matrix += self._unsteady(block, shifts, day)
        kinds = list(dict.fromkeys(shifts))
        place = {kind: number for number, kind in enumerate(kinds)}
        columns = [place[shift] for shift in shifts]
        for row, member in enumerate(block):
            allowed = np.array(member.rules.allowed(member.tour, day, kinds))
            costs = np.where(allowed, 0.0, FORBIDDEN)
            # As it stands is allowed, whatever a rule that cannot be told day by day says.
            costs[columns[row]] = 0.0
            if member.overtime is not None:
                costs += OVERTIME * np.array(member.overtime.extra_h(member.tour, day, kinds))
            matrix[row] += costs[columns]
            if wishing[row]:
                matrix[row] -= WISH * np.array([member.wished(day, token) for token in tokens])
        rows, chosen = linear_sum_assignment(matrix)
        if matrix[rows, chosen].sum() >= np.trace(matrix) - LESS:
            return False
        for member, column in zip(block, chosen.tolist(), strict=True):
            self._give(member, day, tokens[column], shifts[column])
        return True

    def _unsteady(self, block: Sequence[_Member], shifts: Sequence[Shift | None], day: int) -> np.ndarray:
        """Cost of each person's neighbouring starts with each shift, shape (people, shifts)."""
        starts = np.array([np.nan if shift is None else _start(shift) for shift in shifts], dtype=float)
        total = np.zeros((len(block), len(shifts)))
        for near in (day - 1, day + 1):
            own = np.array([_start(m.tour[near]) if near in m.tour else np.nan for m in block], dtype=float)
            total += np.nan_to_num(np.abs(own[:, None] - starts[None, :]), nan=0.0)
        cost: np.ndarray = STEADY * total / 60
        return cost

    def _give(self, member: _Member, day: int, token: Assignment | None, shift: Shift | None) -> None:
        member.load = member.load + np.array(self._load(token)) - np.array(self._load(member.held.get(day)))
        if token is None or shift is None:
            member.held.pop(day, None)
            member.tour.pop(day, None)
        else:
            member.held[day], member.tour[day] = token, shift

    def _ends(self) -> Iterator[tuple[_Member, _Member]]:
        """Pairs of those who work most of a kind beyond their share and those who work least."""
        seen: set[tuple[str, str]] = set()
        for kind in range(len(KINDS)):
            ranked = sorted(self._members, key=lambda m: (m.load[kind] - m.share[kind], m.agent.id))
            if ranked[-1].load[kind] - ranked[0].load[kind] < 1:
                continue
            for one, other in product(ranked[: -ENDS - 1 : -1], ranked[:ENDS]):
                key = one.agent.id, other.agent.id
                if one is not other and key not in seen and key[::-1] not in seen:
                    seen.add(key)
                    yield one, other

    def _exchange(self, one: _Member, other: _Member) -> bool:
        """Exchange what two people do on some days in a row where that gains and both may; the best of such spans."""
        if one.overtime is not None or other.overtime is not None:
            return False
        return any(self._swapped(one, other, span) for span in self._spans(one, other))

    def _spans(self, one: _Member, other: _Member) -> list[range]:
        """Days in a row whose exchange makes what is shared fairer, the best first."""
        daily = np.array(
            [
                np.subtract(self._load(other.held.get(day)), self._load(one.held.get(day)))
                for day in range(self._days)
            ],
            dtype=float,
        )
        upto = np.concatenate((np.zeros((1, len(KINDS))), np.cumsum(daily, axis=0)))
        firsts, ends = np.triu_indices(self._days + 1, 1)
        moved = upto[ends] - upto[firsts]
        apart = (one.load - one.share) - (other.load - other.share)
        # Both squares together, from where they are: moved goes to the one and away from the other.
        change = (2 * moved * (moved + apart)) @ self._weights
        order = np.lexsort((ends - firsts, np.round(change, 9)))[:TRIES]
        return [
            range(int(firsts[at]), int(ends[at]))
            for at in order
            if change[at] < -LESS and ends[at] - firsts[at] > 1
        ]

    def _swapped(self, one: _Member, other: _Member, span: range) -> bool:
        before = sum(member.unfair + member.dislike(span) for member in (one, other))
        self._swap(one, other, span)
        after = sum(member.unfair + member.dislike(span) for member in (one, other))
        if after < before - LESS and all(_allowed(member, span) for member in (one, other)):
            return True
        self._swap(one, other, span)
        return False

    def _swap(self, one: _Member, other: _Member, span: range) -> None:
        for day in span:
            mine, theirs = ((m.held.get(day), m.tour.get(day)) for m in (one, other))
            self._give(one, day, *theirs)
            self._give(other, day, *mine)


def _allowed(member: _Member, span: range) -> bool:
    """Whether a tour may be what it is on days that changed, and on those beside them."""
    days = range(max(0, span.start - 2), min(member.rules.horizon.days, span.stop + 2))
    return all(member.rules.allows(member.tour, day, member.tour.get(day)) for day in days)


def _start(shift: Shift) -> int:
    return (shift.start_min - shift.next_midnight_min) % DAY_MIN


def _stands(problem: RosterProblem, old: Roster, new: Roster) -> bool:
    """Whether a roster breaks no hard rule that the old one keeps, and costs no more."""
    before, after = by_person(old.assignments), by_person(new.assignments)
    moved = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    if cost_of(new, problem) > cost_of(old, problem) + LESS:
        return False

    def broken(roster: Roster) -> set[tuple[str, str | None, str]]:
        part = replace(roster, assignments=tuple(s for s in roster.assignments if s.agent_id in moved))
        found = violations(
            part,
            [agent for agent in problem.agents if agent.id in moved],
            problem.contracts,
            problem.patterns,
            (*RULES, *(rules_of_law(problem.law) if problem.law.sets else ())),
            before=[shift for shift in problem.before if shift.agent_id in moved],
        )
        return {(v.rule, v.agent_id, v.message) for v in found if v.severity is Severity.HARD}

    return broken(new) <= broken(old)
