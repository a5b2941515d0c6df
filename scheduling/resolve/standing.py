"""The roster that stands: who is absent, which days are free, what of everybody's tour may change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property

import numpy as np

from data.domain import Agent, Assignment, Roster, Severity, Violation
from data.errors import FaultyFileError, InputError, UnknownNameError
from scheduling.locks import held_days, lock_faults
from scheduling.problem import RosterProblem
from scheduling.resolve.graphs import Graphs
from scheduling.resolve.outcome import Absence
from scheduling.resolve.people import NO_SKILLS, UNLISTED, Person, Work
from scheduling.rosters.model import SkillSet
from scheduling.rosters.recount import cost_of
from scheduling.rules import RULES, Rule, violations
from scheduling.rules.by_law import rules_of_law
from scheduling.shifts import week_of

LEAST_HOURS = "weekly hours at least"
"""Name of the rule that an absence alone can break."""
SHORT_DAYS = 14
"""All days of a roster of at most so many may change."""


@dataclass(frozen=True, eq=False)
class Standing:
    """A roster that stands, and what may become of it.

    Parameters
    ----------
    problem
        What it is for.
    given
        The roster.
    absent
        Who cannot work, and when.
    frozen_until
        What began before this instant stays; None where nothing has begun.
    waived
        People whose tours may stay though they break rules.
    """

    problem: RosterProblem
    given: Roster
    absent: tuple[Absence, ...]
    frozen_until: datetime | None
    waived: frozenset[str]

    def check(self) -> None:
        """See that everything fits together.

        Raises
        ------
        InputError
            It does not; every fault is listed.
        """
        problem, given = self.problem, self.given
        if (given.first, given.days, given.timezone) != (problem.first, problem.days, problem.timezone):
            raise InputError(
                f"roster {given.name!r} has {given.days} days from {given.first} on, {given.timezone}; the demand has "
                f"{problem.days} from {problem.first} on, {problem.timezone}. Give both for the same days."
            )
        people = {agent.id for agent in problem.agents}
        for agent_id in [
            *(one.agent_id for one in self.absent),
            *(one.agent_id for one in given.assignments),
        ]:
            if agent_id not in people:
                raise UnknownNameError("agent", agent_id, sorted(people))
        if self.frozen_until is not None and self.frozen_until.tzinfo is None:
            raise InputError(f"{self.frozen_until} has no time zone. Give the instant with its offset.")
        faults = lock_faults(
            problem.locks,
            agents=problem.agents,
            contracts=problem.contracts,
            patterns=problem.patterns,
            horizon=problem.horizon,
            before=problem.before,
            standing=given,
        )
        if faults:
            raise FaultyFileError(faults)

    @cached_property
    def agents(self) -> tuple[Agent, ...]:
        """Everybody; days of absence are time off."""
        off: dict[str, frozenset[date]] = {}
        for one in self.absent:
            off[one.agent_id] = off.get(one.agent_id, frozenset()) | one.days
        return tuple(
            replace(agent, time_off=agent.time_off | off[agent.id]) if agent.id in off else agent
            for agent in self.problem.agents
        )

    @cached_property
    def _parted(self) -> tuple[tuple[Assignment, ...], tuple[Assignment, ...]]:
        """Shifts that are left, and shifts of absent people, those past midnight into an absence among them."""
        gone: dict[str, set[date]] = {}
        for one in self.absent:
            gone.setdefault(one.agent_id, set()).update(one.days)
        left: list[Assignment] = []
        taken: list[Assignment] = []
        for shift in self.given.assignments:
            days = {shift.day, self._last_day(shift)}
            (taken if days & gone.get(shift.agent_id, set()) else left).append(shift)
        return tuple(left), tuple(taken)

    def _last_day(self, shift: Assignment) -> date:
        horizon = self.problem.horizon
        return horizon.instant(horizon.elapsed_min(shift.end) - 1).date()

    @property
    def shifts(self) -> tuple[Assignment, ...]:
        """Shifts that are left."""
        return self._parted[0]

    @property
    def taken_away(self) -> tuple[Assignment, ...]:
        """Shifts of absent people."""
        return self._parted[1]

    @cached_property
    def left(self) -> Roster:
        """The roster without absent people's shifts."""
        return replace(self.given, assignments=self.shifts)

    @cached_property
    def by_person(self) -> Mapping[str, tuple[Assignment, ...]]:
        """Shifts that are left, in order of start."""
        found: dict[str, list[Assignment]] = {agent.id: [] for agent in self.agents}
        for shift in sorted(self.shifts, key=lambda shift: shift.start.astimezone(UTC)):
            found[shift.agent_id].append(shift)
        return {agent_id: tuple(own) for agent_id, own in found.items()}

    @cached_property
    def held(self) -> dict[str, dict[date, Assignment | None]]:
        """Days that locks hold; an absence is stronger than a lock."""
        held = held_days(self.problem.locks, self.problem.patterns, self.problem.horizon, self.given)
        for one in self.absent:
            for day in one.days & held.get(one.agent_id, {}).keys():
                held[one.agent_id][day] = None
        return held

    @cached_property
    def broken(self) -> Mapping[str, tuple[Violation, ...]]:
        """Hard rules that what is left breaks, by person; nothing of those whose tours may stay all the same."""
        found: dict[str, list[Violation]] = {}
        for violation in self.violations(self.left):
            if violation.agent_id is not None and violation.agent_id not in self.waived:
                found.setdefault(violation.agent_id, []).append(violation)
        return {agent_id: tuple(own) for agent_id, own in found.items()}

    def violations(self, roster: Roster, people: Collection[str] | None = None) -> list[Violation]:
        """Hard rules that a roster of some of these people breaks; of all when None."""
        problem = self.problem
        agents = [agent for agent in self.agents if people is None or agent.id in people]
        found = violations(roster, agents, problem.contracts, problem.patterns, before=problem.before)
        return [violation for violation in found if violation.severity is Severity.HARD]

    def keeps_rules(self, agent: Agent, shifts: Iterable[Assignment]) -> bool:
        """Whether a tour of somebody breaks no hard rule of contract or law."""
        problem = self.problem
        contracts = [contract for contract in problem.contracts if contract.id == agent.contract]
        roster = replace(self.given, assignments=tuple(shifts))
        before = [shift for shift in problem.before if shift.agent_id == agent.id]
        rules = (*RULES, *self._rules_of_law) if contracts[0].rule_set != "none" else RULES
        found = violations(roster, [agent], contracts, problem.patterns, rules, before=before)
        return not any(violation.severity is Severity.HARD for violation in found)

    def overtime(self, agent: Agent, shifts: Sequence[Assignment]) -> float:
        """What a tour of somebody costs beyond its shifts of the free days and what the others cost by themselves."""
        if not self.problem.payroll:
            return 0.0
        days = self.work.problem
        end = days.horizon.day(days.days)
        inside = [shift for shift in shifts if days.first <= shift.day < end]
        others = [shift for shift in shifts if not days.first <= shift.day < end]
        whole, alone = (
            cost_of(replace(self.given, assignments=tuple(own)), self.problem) for own in (shifts, others)
        )
        return whole - alone - sum(self.work.standing_cost(agent, shift) for shift in inside)

    @cached_property
    def _rules_of_law(self) -> tuple[Rule, ...]:
        return tuple(rules_of_law(self.problem.law))

    @cached_property
    def free(self) -> range:
        """Days that are looked at, as indices; of a roster of more than `SHORT_DAYS` whole weeks.

        These reach from the first to the last one that somebody is absent in, that a lock changes, that what is frozen ends
        in, or in which a rule is broken; all weeks where there is none.
        """
        problem, horizon = self.problem, self.problem.horizon
        if problem.days <= SHORT_DAYS:
            return range(problem.days)
        place = horizon.instant(0).tzinfo
        touched = {day for one in self.absent for day in one.days}
        touched |= {day for agent in self.agents for day in self._wanted_elsewhere(agent)}
        touched |= {one.start.astimezone(place).date() for own in self.broken.values() for one in own}
        begin = horizon.first
        if self.frozen_until is not None:
            begin = self.frozen_until.astimezone(place).date()
            touched.add(begin)
        end = horizon.day(problem.days)
        torn = {week_of(day) for day in touched if begin <= day < end}
        if not torn:
            return range(problem.days)
        weeks = [week_of(horizon.day(day)) for day in range(problem.days)]
        own = [day for day, week in enumerate(weeks) if min(torn) <= week <= max(torn)]
        return range(own[0], own[-1] + 1)

    @cached_property
    def work(self) -> Work:
        """Shifts of the free days, for everybody's tours."""
        problem, free = self.problem, self.free
        horizon = problem.horizon
        first = horizon.day(free.start)
        earlier = [shift for shift in self.shifts if shift.day < first]
        days = replace(
            problem,
            first=first,
            days=len(free),
            agents=self.agents,
            curves=problem.curves.iloc[:0],
            before=(*problem.before, *earlier),
        )
        return Work(days, Graphs(days), horizon.midnight_min(free.start) // problem.step_min)

    def people(
        self,
        skills: Sequence[SkillSet],
        pools: Mapping[str, SkillSet],
        only: frozenset[str] | None = None,
    ) -> tuple[Person, ...]:
        """Everybody whose tour may change.

        Parameters
        ----------
        skills
            Skill sets in order.
        pools
            Skill set of each person the roster can use.
        only
            No others but those whose tours cannot stay; everybody when None.

        Raises
        ------
        InputError
            A lock leaves somebody no tour.
        """
        place = {own: number for number, own in enumerate(skills)}
        found = [
            self._person(agent, place.get(pools.get(agent.id, frozenset()), NO_SKILLS))
            for agent in self.agents
            if only is None or agent.id in only or self._cannot_stay(agent)
        ]
        return tuple(person for person in found if person is not None)

    def _person(self, agent: Agent, skills: int) -> Person | None:
        """What may become of somebody's tour; None where it stays as it is."""
        work = self.work
        horizon = work.problem.horizon
        own = [
            shift
            for shift in self.by_person[agent.id]
            if 0 <= (shift.day - horizon.first).days < horizon.days
        ]
        standing = {(shift.day - horizon.first).days: shift for shift in own}
        numbers = {day: work.number(shift) for day, shift in standing.items()}
        must = self._cannot_stay(agent)
        graph = work.graphs.of(agent)
        person = None
        if graph is not None and len(own) == len(standing):
            allowed, due = self._free(agent, standing, numbers)
            overtime = self.overtime(agent, self.by_person[agent.id])
            person = Person(agent, skills, graph, standing, numbers, allowed, due, must, overtime)
            if graph.best(np.where(allowed, 0.0, -np.inf), due) is None:
                person = None
        if person is None:
            self.see_that_no_lock_is_broken(agent.id)
            return None
        return person if skills != NO_SKILLS or must else None

    def see_that_no_lock_is_broken(self, agent_id: str) -> None:
        """See that somebody for whom there is no other tour has one that keeps every lock.

        Raises
        ------
        InputError
            It does not.
        """
        agent = next(agent for agent in self.agents if agent.id == agent_id)
        unlocked = self._wanted_elsewhere(agent)
        if unlocked:
            days = ", ".join(map(str, unlocked))
            raise InputError(
                f"{agent.id}: no tour that keeps the locks of {days} keeps every rule of contract {agent.contract!r}, time "
                "off and what has begun. Withdraw a lock, or lock other days or shifts."
            )

    def only_lacks_hours(self, agent_id: str) -> bool:
        """Whether nothing is wrong with somebody's tour but that too little is left of it after an absence."""
        agent = next(agent for agent in self.agents if agent.id == agent_id)
        absent = any(one.agent_id == agent_id for one in self.absent)
        rules = {one.rule for one in self.broken.get(agent_id, ())}
        return absent and rules <= {LEAST_HOURS} and not self._wanted_elsewhere(agent)

    def _cannot_stay(self, agent: Agent) -> bool:
        """Whether somebody's tour breaks a rule or a lock as it stands."""
        return agent.id in self.broken or bool(self._wanted_elsewhere(agent))

    def _wanted_elsewhere(self, agent: Agent) -> list[date]:
        """Days that a lock holds to something else than what stands."""
        stands = {shift.day: shift for shift in self.by_person[agent.id]}
        return sorted(
            day for day, shift in self.held.get(agent.id, {}).items() if not _same(stands.get(day), shift)
        )

    def _free(
        self, agent: Agent, standing: Mapping[int, Assignment], numbers: Mapping[int, int]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Which shifts somebody may work, by number, and which days must be worked."""
        work = self.work
        horizon, shifts = work.problem.horizon, work.problem.shifts
        days = np.array([shift.day for shift in shifts], dtype=np.int64)
        allowed = np.zeros(len(shifts), dtype=bool)
        allowed[list(work.graphs.contract(agent).shifts)] = True
        due = np.zeros(horizon.days, dtype=bool)
        if self.frozen_until is not None:
            frozen_min = horizon.elapsed_min(self.frozen_until)
            allowed &= np.array([shift.start_min for shift in shifts], dtype=np.int64) >= frozen_min
            for day, shift in standing.items():
                if shift.start.astimezone(UTC) < self.frozen_until.astimezone(UTC):
                    _fix(day, numbers[day], days, allowed, due)
        for day, shift in standing.items():
            if shift.activities:
                # Activities were placed with an eye on all who take part: their shifts stay.
                _fix(day, numbers[day], days, allowed, due)
        for held_day, held in self.held.get(agent.id, {}).items():
            index = (held_day - horizon.first).days
            if 0 <= index < horizon.days:
                number = None if held is None else work.number(held)
                _fix(index, number, days, allowed, due)
        return allowed, due


def _fix(day: int, number: int | None, days: np.ndarray, allowed: np.ndarray, due: np.ndarray) -> None:
    """Leave a day only one shift, or none."""
    allowed[days == day] = False
    due[day] = number is not None
    if number is not None and number != UNLISTED:
        allowed[number] = True


def _same(one: Assignment | None, other: Assignment | None) -> bool:
    """Whether two shifts are the same, whatever their breaks."""
    if one is None or other is None:
        return one is other
    return one.pattern == other.pattern and one.start.astimezone(UTC) == other.start.astimezone(UTC)
