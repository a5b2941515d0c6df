"""The day networks of a problem's crews, each built once: without rest between days, or with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from data.domain import Agent
from data.errors import InfeasibleError
from scheduling.problem import RosterProblem
from scheduling.rosters.classes import AgentClass, Crew, by_tail, days_off_of, protected_of
from scheduling.rosters.day_rules import DayRule
from scheduling.rosters.duties import (
    ALWAYS,
    Duty,
    coarse_duties,
    exact_duties,
    rest_binds,
)
from scheduling.rosters.kept_rules import kept_rules, of_protected
from scheduling.rosters.tails import FRESH, Before, Tail, tail_of
from scheduling.rosters.tour_networks import network
from scheduling.rosters.tour_rules import TourRules
from scheduling.rosters.tours import TourNetwork
from scheduling.rules import least_h
from scheduling.shifts import Shift

DAYS_OF_WEEK = 7


class DeadEndError(InfeasibleError):
    """Days before the roster leave somebody no tour at all."""


@dataclass(frozen=True)
class Networks:
    """Duties and networks by contract, days off and tail.

    Where rest cannot bind, both kinds are the same network.

    Parameters
    ----------
    problem
        What is asked.
    before
        What was worked before its first day; only networks that keep rest, of crews split by it, see it.
    """

    problem: RosterProblem
    before: Before = field(default_factory=dict)
    _rules: dict[tuple[str, bool], tuple[DayRule, ...]] = field(default_factory=dict)
    _duties: dict[tuple[str, bool], Mapping[Shift, Duty]] = field(default_factory=dict)
    _tails: dict[str, dict[str, Tail]] = field(default_factory=dict)
    _tour_rules: dict[tuple[str, frozenset[int], frozenset[int], float], TourRules] = field(
        default_factory=dict
    )
    _networks: dict[tuple[str, frozenset[int], frozenset[int], Tail, bool], TourNetwork | None] = field(
        default_factory=dict
    )

    def split(self, agent_class: AgentClass) -> AgentClass:
        """A class whose crews are split by what was worked before the first day; itself where nothing was."""
        if not self.before:
            return agent_class
        tails = self._tails_of(agent_class)
        return by_tail(agent_class, lambda agent: tails[agent.id])

    def split_week(self, agent_class: AgentClass) -> AgentClass:
        """A class whose crews are split by what the week torn by the first day holds; itself where none is torn."""
        if not self.before or not self.problem.first.weekday():
            return agent_class
        tails = self._tails_of(agent_class)
        return by_tail(agent_class, lambda agent: tails[agent.id].of_week)

    def torn_least_h(self, agent_class: AgentClass, agent_id: str) -> float:
        """Hours that a person's week which began before the first day should hold; 0 where they are out of reach."""
        tail = self._tails_of(agent_class)[agent_id]
        return (tail.minutes + tail.due_min) / 60 if tail.due_min else 0.0

    def _tails_of(self, agent_class: AgentClass) -> Mapping[str, Tail]:
        """Tails of all people with a class's contract, whose instants are starts of shifts.

        Where no tour reaches what the torn week still asks for, nothing is asked.
        """
        contract = agent_class.contract
        if contract.id not in self._tails:
            people = [agent for agent in self.problem.agents if agent.contract == contract.id]
            starts = sorted({self.problem.shifts[number].start_min for number in agent_class.shifts})
            tails = {agent.id: self._tail(agent, agent_class).at_start(starts) for agent in people}
            # Duties read instants from here.
            self._tails[contract.id] = tails
            for agent in people if any(tail.due_min for tail in tails.values()) else ():
                tail = tails[agent.id]
                away = Crew(
                    (agent,),
                    days_off_of(agent, self.problem),
                    tail,
                    protected_of(agent, contract, self.problem),
                )
                if tail.due_min and self._built(agent_class, away, tail, exact=True) is None:
                    tails[agent.id] = replace(tail, due_min=0)
        return self._tails[contract.id]

    def _tail(self, agent: Agent, agent_class: AgentClass) -> Tail:
        worked, first, contract = self.before.get(agent.id, {}), self.problem.first, agent_class.contract
        weekday = first.weekday() if self.before else 0
        least = 0.0
        if weekday and weekday + self.problem.days >= DAYS_OF_WEEK:
            monday = first - timedelta(days=weekday)
            off = sum(monday <= day < monday + timedelta(days=DAYS_OF_WEEK) for day in agent.time_off)
            least = least_h(contract, off)
        protected = protected_of(agent, contract, self.problem)
        rules = self.rules(agent_class, protected, exact=True) if worked else ()
        return tail_of(worked, contract, rules, weekday=weekday, least_h=least)

    def rules(
        self, agent_class: AgentClass, protected: frozenset[int] = frozenset(), *, exact: bool
    ) -> tuple[DayRule, ...]:
        """Rules of a class that are kept day by day, as they hold for people protected on some days."""
        key = agent_class.contract.id, exact
        if key not in self._rules:
            # Counts are found before it is known what is worked before: networks without rest must not depend on it.
            found = kept_rules(self.problem, self.before if exact else {}, agent_class)
            self._rules[key] = tuple(rule for rule in found if exact or rule.coarse)
        return of_protected(self._rules[key], protected)

    def tour_rules(self, agent_class: AgentClass, crew: Crew, agent_id: str) -> TourRules:
        """What names ask: the rules of somebody's tour."""
        least_h = self.torn_least_h(agent_class, agent_id)
        key = agent_class.contract.id, crew.days_off, crew.protected, least_h
        if key not in self._tour_rules:
            self._tour_rules[key] = TourRules(
                agent_class.contract,
                crew.days_off,
                self.problem.horizon,
                least_h,
                self.rules(agent_class, crew.protected, exact=True),
            )
        return self._tour_rules[key]

    def duties(self, agent_class: AgentClass, *, exact: bool) -> Mapping[Shift, Duty]:
        """What the rules see of each shift of a class."""
        key = agent_class.contract.id, exact
        if key not in self._duties:
            shifts = [self.problem.shifts[number] for number in agent_class.shifts]
            tails = self._tails_of(agent_class).values()
            tired = {tail.tired_min for tail in tails} - {ALWAYS}
            bound = bool(tired) or rest_binds(agent_class.contract, shifts)
            made = (
                exact_duties(agent_class.contract, shifts, tired)
                if exact and bound
                else coarse_duties(shifts)
            )
            rules = self.rules(agent_class, exact=exact)
            if rules:
                made = {
                    shift: replace(duty, seen=tuple(rule.sees(shift) for rule in rules))
                    for shift, duty in made.items()
                }
            self._duties[key] = made
        return self._duties[key]

    def numbered(self, agent_class: AgentClass, *, exact: bool) -> dict[int, Duty]:
        """Duty of each shift of a class by the shift's number."""
        known = self.duties(agent_class, exact=exact)
        return {number: known[self.problem.shifts[number]] for number in agent_class.shifts}

    def of(self, agent_class: AgentClass, crew: Crew, *, exact: bool) -> TourNetwork:
        """Network of a crew.

        Raises
        ------
        InfeasibleError
            Its contract and time off leave no tour at all.
        """
        contract = agent_class.contract
        tail = crew.tail if exact else crew.tail.of_week
        tours = self._built(agent_class, crew, tail, exact=exact)
        if tours is None:
            names = ", ".join(agent.id for agent in crew.agents)
            why = "the time off" if tail == FRESH else "the time off and what was worked before"
            law = self.problem.rule_set(contract)
            asked = f"contract {contract.id!r}" if law is None else f"contract {contract.id!r}, {law.id}"
            raise (InfeasibleError if tail == FRESH else DeadEndError)(
                f"{names}: {asked} and {why} leave no tour that keeps weekly days and hours and "
                "rest. Lower min_h_per_week, allow more patterns or move the time off."
            )
        return tours

    def _built(self, agent_class: AgentClass, crew: Crew, tail: Tail, *, exact: bool) -> TourNetwork | None:
        """The network of people with a crew's days off and this tail; None where they have no tour."""
        contract = agent_class.contract
        key = contract.id, crew.days_off, crew.protected, tail, exact
        if key not in self._networks:
            duties = self.duties(agent_class, exact=exact)
            tracks_work = not exact and rest_binds(contract, duties)
            self._networks[key] = network(
                contract,
                duties,
                crew.days_off,
                self.problem.horizon,
                rules=self.rules(agent_class, crew.protected, exact=exact),
                tail=tail,
                tracks_work=tracks_work,
            )
        return self._networks[key]
