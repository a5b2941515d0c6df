"""Every tour of one person, tried one by one: which are clean by the checker, and which the optimiser could give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from data.domain import Assignment, Break, Roster, Violation
from data.errors import InfeasibleError
from scheduling.problem import RosterProblem
from scheduling.rosters.classes import classes_of
from scheduling.rosters.networks import Networks
from scheduling.rules import RULES, violations
from scheduling.rules.by_law import rules_of_law
from scheduling.shifts import Shift

Tour = Mapping[int, Shift]
OF_TOURS = tuple(rule for rule in RULES if rule.__module__.endswith((".by_contract", ".by_sequence")))
"""Rules of contracts; that shifts are of their patterns is true of each that is tried."""


def tours(problem: RosterProblem) -> Iterator[dict[int, Shift]]:
    """Every choice of a shift or none for each day."""
    days: list[list[Shift | None]] = [[None] for _ in range(problem.days)]
    for shift in problem.shifts:
        days[shift.day].append(shift)
    for choice in product(*days):
        yield {day: shift for day, shift in enumerate(choice) if shift is not None}


def broken(problem: RosterProblem, tour: Tour) -> list[Violation]:
    """What the checker finds of the only person's tour, each break as early as its window lets it."""
    (agent,) = problem.agents
    roster = Roster(
        name="r",
        first=problem.first,
        days=problem.days,
        timezone=problem.timezone,
        assignments=tuple(_assignment(problem, agent.id, shift) for shift in tour.values()),
    )
    rules = (*OF_TOURS, *rules_of_law(problem.law)) if problem.law.sets else OF_TOURS
    return violations(
        roster, problem.agents, problem.contracts, problem.patterns, rules, before=problem.before
    )


def _assignment(problem: RosterProblem, agent_id: str, shift: Shift) -> Assignment:
    instant = problem.horizon.instant
    breaks = tuple(
        Break(
            kind=rule.kind,
            start=instant(shift.start_min + rule.earliest_min),
            end=instant(shift.start_min + rule.earliest_min + rule.length_min),
            paid=rule.paid,
        )
        for rule in shift.pattern.breaks
    )
    return Assignment(
        agent_id=agent_id,
        day=problem.horizon.day(shift.day),
        pattern=shift.pattern.id,
        start=instant(shift.start_min),
        end=instant(shift.end_min),
        breaks=breaks,
    )


class Given:
    """What the optimiser could give the only person: by the network with rest or without, and by the rules names ask.

    Parameters
    ----------
    problem
        What is asked.
    """

    def __init__(self, problem: RosterProblem) -> None:
        self._days = range(problem.days)
        self._networks = Networks(problem, problem.worked_before)
        (self._class,) = (self._networks.split(own) for own in classes_of(problem))
        (self._crew,) = self._class.crews
        self._begun = problem.worked_before.get(self._crew.agents[0].id, {})
        self._names = self._networks.tour_rules(self._class, self._crew, self._crew.agents[0].id)

    def by_network(self, tour: Tour, *, exact: bool) -> bool:
        """Whether the network has the tour."""
        duties = self._networks.duties(self._class, exact=exact)
        if not all(shift in duties for shift in tour.values()):
            return False
        try:
            network = self._networks.of(self._class, self._crew, exact=exact)
            network.walk(duties[tour[day]] if day in tour else None for day in self._days)
        except (InfeasibleError, ValueError):
            return False
        return True

    def by_names(self, tour: Tour) -> bool:
        """Whether names deal such shifts, and find nothing wrong with any day of the tour."""
        if not all(shift in self._networks.duties(self._class, exact=True) for shift in tour.values()):
            return False
        whole = {**self._begun, **tour}
        return all(self._names.allows(whole, day, tour.get(day)) for day in self._days)
