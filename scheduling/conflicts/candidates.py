"""Which ways there are out of a conflict: to resolve it one of its rules has to give way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from scheduling.conflicts.contract_limits import LIMITS
from scheduling.conflicts.contract_ways import limit_bent, longer_weeks
from scheduling.conflicts.ladders import Ladder
from scheduling.conflicts.people_ways import people_taken_on, people_taught, time_off
from scheduling.conflicts.report import Kind, Rule
from scheduling.conflicts.shift_ways import longer_shifts, other_breaks, other_starts
from scheduling.problem import RosterProblem


def ladders(
    problem: RosterProblem, rules: Sequence[Rule], skills: Collection[str], days: int
) -> Iterator[Ladder]:
    """Ways to give way in some rules and requests.

    Parameters
    ----------
    problem
        A part of a roster's problem that is solved as one.
    rules
        In conflict.
    skills
        Of the queues concerned.
    days
        Number of days concerned.
    """
    short_of = [rule for rule in rules if rule.kind is Kind.PEOPLE]
    away = [rule for rule in rules if rule.kind is Kind.TIME_OFF]
    for rule in short_of:
        yield people_taken_on(problem, rule)
    if any(rule.kind in (Kind.PEOPLE, Kind.STARTS) for rule in rules):
        for skill in sorted(skills):
            yield from longer_shifts(problem, skill, days)
    if away:
        yield time_off(problem, away)
    for rule in short_of:
        yield from people_taught(problem, rule)
    for rule in rules:
        yield from _of_rule(problem, rule, skills)


def _of_rule(problem: RosterProblem, rule: Rule, skills: Collection[str]) -> Iterator[Ladder]:
    """Ways to give way in what contracts and patterns say; none in law."""
    if rule.kind in (Kind.HOURS, Kind.DAYS):
        yield from longer_weeks(problem, rule, skills)
    elif rule.kind is Kind.STARTS:
        yield other_starts(problem, rule)
    elif rule.kind is Kind.BREAKS:
        yield other_breaks(problem, rule)
    elif rule.kind in LIMITS and rule.kind is not Kind.LAW:
        yield from limit_bent(problem, rule, skills)
