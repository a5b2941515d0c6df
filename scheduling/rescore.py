"""A roster scored once, then edit by edit: only what an edit touches is counted anew, to the very same figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC

import numpy as np
import pandas as pd

from data.activities import Activity
from data.domain import Agent, Assignment, Contract, Queue, Roster, ShiftPattern, Violation
from data.errors import InputError, UnknownNameError
from data.waivers import Waiver
from scheduling.evaluate import Evaluation, evaluation, shared
from scheduling.fair_shares import Fairness, Past
from scheduling.ground import Counts, Ground, count, ground, time_at_work, with_before
from scheduling.rules import RULES, TOGETHER, Facts, Rule, facts_of
from scheduling.rules.law import Law
from scheduling.rules.waiving import Waived, part_waived
from scheduling.unsocial import KINDS
from scheduling.worked import Tariff, Worked, tariff, worked


@dataclass(frozen=True, slots=True)
class Change:
    """An edit: shifts taken out and shifts put in.

    A shift moved, or a break in it, is one taken out and another put in; two people who swap are two and two.
    """

    removed: tuple[Assignment, ...] = ()
    added: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """One person's part of a score.

    Parameters
    ----------
    shifts
        In order of start.
    worked
        Hours, cost, and shifts to be shared fairly.
    violations
        Of each of the score's rules, in their order.
    """

    shifts: tuple[Assignment, ...]
    worked: Worked
    violations: tuple[tuple[Violation, ...], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Everything a roster is judged by. It never changes: to undo an edit, keep the score from before.

    Parameters
    ----------
    ground
        What all rosters of these people are counted on.
    counts
        Coverage, days and spans of the targets.
    people
        By id, every agent, in their order.
    facts, tariff
        What rules and costs are read from; the roster in `facts` is the first one scored.
    rules
        What is judged by.
    past
        What people worked in the weeks before.
    """

    ground: Ground
    counts: Counts
    people: Mapping[str, Person]
    facts: Facts
    tariff: Tariff
    rules: tuple[Rule, ...]
    past: Mapping[str, Past] = field(default_factory=dict)

    @property
    def roster(self) -> Roster:
        """The roster scored, by person and start."""
        shifts = (shift for agent_id in sorted(self.people) for shift in self.people[agent_id].shifts)
        return replace(self.facts.roster, assignments=tuple(shifts))

    @property
    def violations(self) -> list[Violation]:
        """Broken rules, as `rules.violations` lists them."""
        ordered = [self.people[agent_id] for agent_id in sorted(self.people)]
        alone = [
            broken
            for rule in range(len(self.rules))
            for person in ordered
            for broken in person.violations[rule]
        ]
        if self.facts.activities is None:
            return alone
        whole = replace(self.facts, roster=self.roster)
        return alone + [broken for rule in TOGETHER for broken in rule(whole)]

    def judged(self, waivers: Iterable[Waiver]) -> tuple[tuple[Violation, ...], tuple[Waived, ...]]:
        """Broken rules that stand, and those that a waiver of the roster covers, see `rules.waiving.part_waived`."""
        return part_waived(self.violations, waivers, self.facts.roster.timezone)

    @property
    def paid_h(self) -> float:
        """Paid hours of all shifts."""
        return sum(person.worked.paid_h for person in self.people.values())

    @property
    def cost(self) -> float:
        """Cost of all shifts, see `evaluate.Evaluation`."""
        return sum(person.worked.cost for person in self.people.values())

    @property
    def targets_missed(self) -> int:
        """Spans of targets that are not met."""
        return sum(int(np.count_nonzero(~judged.met)) for judged in self.counts.judged)

    def fairness(self) -> pd.DataFrame:
        """Columns agent_id, nights, weekends, early, late (shifts, see `scheduling.unsocial`); every agent."""
        loads = pd.DataFrame([person.worked.load for person in self.people.values()], columns=list(KINDS))
        loads.insert(0, "agent_id", list(self.people))
        return loads

    def shares(self) -> Fairness:
        """How evenly they are shared, the weeks before among them."""
        people = {agent_id: person.worked for agent_id, person in self.people.items()}
        return shared(self.ground, self.facts.roster, people, self.past)

    def evaluation(self) -> Evaluation:
        """What `evaluate.evaluate` says of the roster."""
        people = {agent_id: person.worked for agent_id, person in self.people.items()}
        return evaluation(self.ground, self.counts, people, self.shares())


def scored(  # noqa: PLR0917 - as `evaluate` takes them
    roster: Roster,
    agents: Sequence[Agent],
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    curves: pd.DataFrame | None = None,
    requirement: pd.DataFrame | None = None,
    *,
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
    rules: tuple[Rule, ...] = RULES,
    before: Sequence[Assignment] = (),
    law: Law | None = None,
    past: Mapping[str, Past] | None = None,
    activities: Sequence[Activity] | None = None,
) -> Score:
    """Score a whole roster; arguments and errors as of `evaluate.evaluate`.

    Parameters
    ----------
    rules
        The rules to judge by; each must judge a person by their own shifts alone.
    before
        What was worked before the roster, as `rules.violations` and `evaluate.evaluate` take it.
    law
        Rule sets for what is paid beyond the cost of an hour, as `evaluate.evaluate` takes it.
    past
        What people worked in the weeks before, for fair shares.
    activities
        What shifts may hold, as `rules.violations` takes it.
    """
    base = ground(agents, queues, forecast, curves, requirement)
    counts = count(base, time_at_work(base, with_before(roster, before, agents)))
    facts = facts_of(roster, agents, contracts, patterns, before=before, activities=activities)
    costs = tariff(agents, contracts, patterns, law, roster.timezone)
    people = {
        agent.id: _person(facts, agent.id, facts.shifts.get(agent.id, ()), costs, rules) for agent in agents
    }
    return Score(base, counts, people, facts, costs, rules, past or {})


def rescored(score: Score, change: Change) -> Score:
    """The score after an edit: exactly what `scored` says of the edited roster.

    Counted anew are the slots whose people change, the targets that hang together with them
    (`allocation.allocation`), and hours, cost and rules of the people concerned.

    Raises
    ------
    InputError
        A shift to be taken out is not in the roster.
    UnknownNameError
        A person, contract or pattern is not among those the roster was scored with.
    """
    people = dict(score.people)
    time = score.counts.time.copy()
    for agent_id in sorted({shift.agent_id for shift in (*change.removed, *change.added)}):
        if agent_id not in people:
            raise UnknownNameError("agent", agent_id, tuple(people))
        before = people[agent_id].shifts
        after = _edited(before, change, agent_id)
        people[agent_id] = _person(score.facts, agent_id, after, score.tariff, score.rules)
        time += time_at_work(score.ground, replace(score.facts.roster, assignments=after))
        time -= time_at_work(score.ground, replace(score.facts.roster, assignments=before))
    same = np.array_equal(time, score.counts.time)
    counts = score.counts if same else count(score.ground, time, score.counts)
    return replace(score, counts=counts, people=people)


def _person(
    facts: Facts,
    agent_id: str,
    shifts: tuple[Assignment, ...],
    costs: Tariff,
    rules: tuple[Rule, ...],
) -> Person:
    alone = facts.of_one(agent_id, shifts)
    return Person(
        shifts,
        worked(shifts, costs, facts.roster.timezone, facts.before.get(agent_id, ())),
        tuple(tuple(rule(alone)) for rule in rules),
    )


def _edited(shifts: Sequence[Assignment], change: Change, agent_id: str) -> tuple[Assignment, ...]:
    """One person's shifts after an edit, in order of start."""
    kept = list(shifts)
    for shift in change.removed:
        if shift.agent_id != agent_id:
            continue
        if shift not in kept:
            raise InputError(
                f"{agent_id} on {shift.day}: the shift {shift.start:%H:%M}–{shift.end:%H:%M} is not in the roster. "
                "Take the edit from the roster as it is now."
            )
        kept.remove(shift)
    kept.extend(shift for shift in change.added if shift.agent_id == agent_id)
    return tuple(sorted(kept, key=lambda shift: shift.start.astimezone(UTC)))
