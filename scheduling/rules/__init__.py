"""Work rules in plain Python: one function per rule, no solver in sight.

The optimiser's results and every edit by hand go through `violations`. A rule reads `Facts`, which holds the
roster by person, and yields a `Violation` for each place it is broken. Weeks run from Monday to Sunday, local.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC
from itertools import groupby

from data.activities import Activity
from data.domain import Agent, Assignment, Contract, Roster, ShiftPattern, Violation
from scheduling.rules import by_activity, by_contract, by_pattern, by_sequence, known
from scheduling.rules.by_contract import least_h
from scheduling.rules.facts import TOLERANCE_H, Facts, Rule, monday
from scheduling.shifts import week_of

__all__ = ["RULES", "TOGETHER", "TOLERANCE_H", "Facts", "Rule", "facts_of", "least_h", "violations"]

RULES: tuple[Rule, ...] = (
    known.known_person,
    known.known_contract,
    known.known_pattern,
    by_pattern.contract_allows_pattern,
    by_pattern.pattern_weekday,
    by_pattern.pattern_start,
    by_pattern.pattern_length,
    by_pattern.breaks_of_pattern,
    by_pattern.break_window,
    by_pattern.breaks_apart,
    by_pattern.split_shift,
    by_contract.one_shift_a_day,
    by_contract.weekly_days,
    by_contract.weekly_hours_most,
    by_contract.weekly_hours_least,
    by_contract.consecutive_days,
    by_contract.rest,
    by_contract.time_off,
    by_sequence.consecutive_nights,
    by_sequence.weekends_off,
    by_sequence.start_spread,
    by_sequence.forward_rotation,
    by_sequence.days_off_together,
    by_activity.APART,
    *by_activity.OWN,
    known.inside_horizon,
)
"""Every rule about one person, in the order its violations are listed. Each judges a person by their own shifts alone, so that an edit
calls for the rules of its people only (`rescore`)."""

TOGETHER: tuple[Rule, ...] = by_activity.SESSIONS
"""Rules about people who do something together; silent where the activities are not at hand."""


def violations(
    roster: Roster,
    agents: Iterable[Agent],
    contracts: Iterable[Contract],
    patterns: Iterable[ShiftPattern],
    rules: Iterable[Rule] = (*RULES, *TOGETHER),
    *,
    before: Iterable[Assignment] = (),
    activities: Iterable[Activity] | None = None,
) -> list[Violation]:
    """Judge a roster by every rule.

    Parameters
    ----------
    roster
        From the optimiser, from a file or edited by hand.
    agents, contracts, patterns
        What the roster was made from.
    rules
        The rules to judge by.
    before
        What was worked in the days before the roster, from a Monday on: rest, runs and the hours of a torn week carry
        over. Only what the roster's own shifts break is listed.
    activities
        What shifts may hold; where they are not given, only the place of activities in their shifts is judged.

    Returns
    -------
    list of Violation
        Rule by rule, each by person and time; empty for a clean roster.
    """
    facts = facts_of(roster, agents, contracts, patterns, before=before, activities=activities)
    return [violation for rule in rules for violation in rule(facts)]


def facts_of(
    roster: Roster,
    agents: Iterable[Agent],
    contracts: Iterable[Contract],
    patterns: Iterable[ShiftPattern],
    *,
    before: Iterable[Assignment] = (),
    activities: Iterable[Activity] | None = None,
) -> Facts:
    """Prepare a roster for its rules, people in order of their ids; arguments as `violations` takes them."""
    ordered = _ordered(roster.assignments)
    earlier = _ordered(shift for shift in before if shift.day < roster.first)
    return Facts(
        replace(roster, assignments=tuple(ordered)),
        {agent.id: agent for agent in sorted(agents, key=lambda agent: agent.id)},
        {contract.id: contract for contract in contracts},
        {pattern.id: pattern for pattern in patterns},
        _by_person(ordered),
        _by_person(earlier),
        min((monday(week_of(shift.day)) for shift in earlier), default=None),
        None if activities is None else {activity.id: activity for activity in activities},
    )


def _ordered(shifts: Iterable[Assignment]) -> list[Assignment]:
    return sorted(shifts, key=lambda shift: (shift.agent_id, shift.start.astimezone(UTC)))


def _by_person(ordered: Iterable[Assignment]) -> dict[str, tuple[Assignment, ...]]:
    return {agent_id: tuple(own) for agent_id, own in groupby(ordered, key=lambda shift: shift.agent_id)}
