"""People who replace each other, with the tours they have and what would be their fair share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.domain import Agent, Assignment, Roster
from scheduling.fair_shares import by_person, days_there, shares
from scheduling.problem import RosterProblem
from scheduling.rosters.classes import classes_of
from scheduling.rosters.networks import Networks
from scheduling.rosters.premiums import Overtime, overtime_of
from scheduling.rosters.tour_rules import TourRules
from scheduling.rosters.wishes import STEADY, WISH
from scheduling.shifts import Shift
from scheduling.unsocial import KINDS, UNSOCIAL, Load

DAY_MIN = 1440


@dataclass(eq=False)
class Member:
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
            abs(start_of(self.tour[day]) - start_of(self.tour[day + 1]))
            for day in range(days.start - 1, days.stop)
            if day in self.tour and day + 1 in self.tour
        )
        return STEADY * moved / 60 - WISH * granted

    @property
    def unfair(self) -> float:
        """Cost of what is worked beyond the share."""
        return float(np.square(self.load - self.share) @ np.array(UNSOCIAL.weights))


def groups_of(problem: RosterProblem, roster: Roster, loads: Mapping[int, Load]) -> list[list[Member]]:
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
                found = member_of(
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


def member_of(
    problem: RosterProblem,
    agent: Agent,
    worked: Sequence[Assignment],
    loads: Mapping[int, Load],
    *,
    rules: TourRules,
    overtime: Overtime | None,
) -> Member | None:
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
    return Member(agent, rules, overtime, {**before, **tour}, held, load, np.zeros(len(KINDS)))


def start_of(shift: Shift) -> int:
    """Minute of the local day a shift begins at."""
    return (shift.start_min - shift.next_midnight_min) % DAY_MIN
