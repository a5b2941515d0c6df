"""What rules read: a roster by person, with the contracts and patterns it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from data.activities import Activity
from data.domain import Agent, Assignment, Contract, Roster, ShiftPattern, Violation
from scheduling.shifts import week_of

TOLERANCE_H = 1e-6
"""Hours are sums of minutes: what is below this is rounding."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A roster and what its rules are read from, prepared for looking up.

    Parameters
    ----------
    roster
        The roster to judge.
    agents, contracts, patterns
        By id.
    shifts
        Assignments of each person in order of start.
    before
        What each person worked before the roster's first day, in order of start; empty where nothing is known. Rules
        count it, and report what the roster's own shifts break.
    known_from
        The Monday from which on `before` tells everything; None where nothing is known.
    activities
        By id; None where they are not at hand.
    """

    roster: Roster
    agents: Mapping[str, Agent]
    contracts: Mapping[str, Contract]
    patterns: Mapping[str, ShiftPattern]
    shifts: Mapping[str, tuple[Assignment, ...]]
    before: Mapping[str, tuple[Assignment, ...]] = field(default_factory=dict)
    known_from: date | None = None
    activities: Mapping[str, Activity] | None = None

    def contract(self, agent_id: str) -> Contract | None:
        """Contract of a person; None where person or contract is unknown, which rules of their own report."""
        agent = self.agents.get(agent_id)
        return None if agent is None else self.contracts.get(agent.contract)

    def people(self) -> Iterator[tuple[Agent, Contract, tuple[Assignment, ...]]]:
        """Known people with a known contract, each with the shifts they have, possibly none."""
        for agent_id, agent in self.agents.items():
            contract = self.contracts.get(agent.contract)
            if contract is not None:
                yield agent, contract, self.shifts.get(agent_id, ())

    def worked(self, agent_id: str) -> tuple[Assignment, ...]:
        """Shifts of a person in order of start, those before the roster among them."""
        return (*self.before.get(agent_id, ()), *self.shifts.get(agent_id, ()))

    def weeks(self) -> Iterator[tuple[Agent, Contract, int, list[Assignment]]]:
        """Known people and the weeks they have a shift of the roster in, with the shifts of the whole week."""
        for agent, contract, shifts in self.people():
            mine = {week_of(shift.day) for shift in shifts}
            for week, members in by_week(self.worked(agent.id)):
                if week in mine:
                    yield agent, contract, week, members

    def own(self, shifts: Iterable[Assignment]) -> Assignment:
        """The first of some shifts that is the roster's; there must be one."""
        return next(shift for shift in shifts if shift.day >= self.roster.first)

    def of_one(self, agent_id: str, shifts: tuple[Assignment, ...]) -> Facts:
        """The facts of one person alone, with these shifts, in order of start."""
        return replace(
            self,
            roster=replace(self.roster, assignments=shifts),
            agents={agent_id: self.agents[agent_id]} if agent_id in self.agents else {},
            shifts={agent_id: shifts} if shifts else {},
        )

    def templates(self) -> Iterator[tuple[Assignment, ShiftPattern]]:
        """Assignments with the pattern they were made from, where it is known."""
        for assignment in self.roster.assignments:
            pattern = self.patterns.get(assignment.pattern)
            if pattern is not None:
                yield assignment, pattern


Rule = Callable[[Facts], Iterator[Violation]]
"""A rule yields a violation for each place it is broken."""


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Time that passes between two instants; Python subtracts wall clocks within one zone, an hour off at DST."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def by_week(shifts: Iterable[Assignment]) -> Iterator[tuple[int, list[Assignment]]]:
    """Shifts in order, by the week they begin in; weeks run from Monday to Sunday, local."""
    for week, members in groupby(shifts, key=lambda shift: week_of(shift.day)):
        yield week, list(members)


def monday(week: int) -> date:
    """First day of a week."""
    return date.fromordinal(7 * week + 1)


def paid_h(shifts: Iterable[Assignment]) -> float:
    """Paid hours of some shifts."""
    return sum((shift.paid for shift in shifts), timedelta()) / timedelta(hours=1)


def of_shift(rule: str, shift: Assignment, message: str) -> Violation:
    """A rule broken by one shift."""
    text = f"{shift.agent_id} on {shift.day}: {message}"
    return Violation(rule=rule, agent_id=shift.agent_id, start=shift.start, message=text)


def of_person(rule: str, agent: Agent, start: datetime, message: str) -> Violation:
    """A rule broken by a person from some instant on."""
    return Violation(rule=rule, agent_id=agent.id, start=start, message=f"{agent.id}: {message}")
