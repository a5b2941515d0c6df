"""Rosters solved under each rule set that is shipped, and under contracts that ask for much, pass their checker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.domain import Agent, Assignment, BreakRule, Contract, Roster, ShiftPattern
from data.errors import FaultyFileError
from data.rule_sets import load_rule_sets
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Limits
from scheduling.rosters.solve import solve
from scheduling.rules import violations
from scheduling.rules.by_law import rules_under
from scheduling.rules.law import Law
from tests.scheduling.roster_cases import pattern, people, problem, queue

LAW = Law(load_rule_sets())
ZONE = "Asia/Shanghai"
MEAL = BreakRule(kind="meal", length_min=60, earliest_min=180, latest_min=300)
PATTERNS = (
    pattern("early", 360, 540, breaks=(MEAL,)),
    pattern("late", 780, 600, latest_min=900, breaks=(MEAL,)),
    pattern("night", 1260, 600, breaks=(MEAL,)),
    pattern("bare", 540, 720),
)
LOOSE = Contract(
    id="standard",
    max_h_per_week=70,
    max_days_per_week=7,
    max_consecutive_days=14,
    min_rest_h=8,
)
QUICK = Limits(time_s=1.5, allow_shortfall=True)


def asked(
    contract: Contract,
    *,
    first: date,
    days: int,
    law: Law = LAW,
    patterns: Sequence[ShiftPattern] = PATTERNS,
) -> RosterProblem:
    """More work than four people can do, so that everybody works as much as they may; one of them is protected."""
    (protected, *others) = people(4)
    crew: tuple[Agent, ...] = (replace(protected, protected_from=first + timedelta(days=2)), *others)
    made = problem(
        queues=[queue(open_min=0, close_min=1440, floor=0.1, timezone=ZONE)],
        agents=crew,
        contracts=[contract],
        patterns=patterns,
        full=3.0,
        first=first,
        days=days,
        timezone=ZONE,
    )
    return replace(made, law=law)


def clean(roster: Roster | None, problem: RosterProblem) -> list[Assignment]:
    """The shifts of a roster of which the checker finds nothing wrong."""
    assert roster is not None
    rules = rules_under(problem.law)
    found = violations(
        roster, problem.agents, problem.contracts, problem.patterns, rules, before=problem.before
    )
    assert found == []
    return list(roster.assignments)


BUSY = asked(LOOSE, first=date(2026, 9, 28), days=7)
"""The last week of September, with national holidays at its end."""


@pytest.fixture(scope="module")
def unlawful() -> Roster:
    """What is worked where nobody asks for the law."""
    roster = solve(replace(BUSY, law=Law()), limits=QUICK).value
    assert roster is not None
    return roster


@pytest.mark.parametrize("rule_set", sorted(LAW.sets))
def test_a_roster_under_a_rule_set_keeps_it_where_there_is_too_much_to_do(
    rule_set: str, unlawful: Roster
) -> None:
    contracts = (replace(LOOSE, rule_set=rule_set),)
    found = violations(unlawful, BUSY.agents, contracts, BUSY.patterns, rules_under(LAW))
    assert bool(found) is (rule_set != "none")
    if found:
        lawful = replace(BUSY, contracts=contracts)
        assert len(clean(solve(lawful, limits=QUICK).value, lawful)) >= 12


def test_what_was_worked_leaves_the_rest_of_the_months_overtime_to_the_next_weeks() -> None:
    contract = replace(LOOSE, rule_set="china_standard_hours", max_h_per_week=60)
    days = (pattern("ten", 480, 660, breaks=(MEAL,)), pattern("four", 480, 240))
    month = asked(contract, first=date(2026, 6, 1), days=21, patterns=days)
    shifts = clean(solve(month, limits=QUICK).value, month)
    hours = {agent.id: 0.0 for agent in month.agents}
    for shift in shifts:
        hours[shift.agent_id] += shift.paid / timedelta(hours=1)
    assert 3 * 40 + 20 < max(hours.values()) <= 3 * 40 + 36


def test_contracts_that_ask_for_much_are_kept_over_two_weeks() -> None:
    contract = replace(
        LOOSE,
        max_consecutive_nights=2,
        min_weekends_off=3,
        max_start_spread_min=600,
        forward_rotation=True,
        min_consecutive_days_off=2,
    )
    fortnight = asked(contract, first=date(2026, 6, 1), days=14, law=Law())
    shifts = clean(solve(fortnight, limits=QUICK).value, fortnight)
    weekends = {
        (shift.agent_id, shift.day.isocalendar().week) for shift in shifts if shift.day.weekday() >= 5
    }
    assert len(weekends) <= 4


def test_a_contract_under_a_rule_set_nobody_knows_is_refused() -> None:
    with pytest.raises(FaultyFileError, match="contract 'standard' names a rule set that is not known"):
        asked(replace(LOOSE, rule_set="nowhere"), first=date(2026, 6, 1), days=7)
