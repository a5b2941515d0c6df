"""Rosters are as cheap as what their hours are paid allows; costs by hand, one an hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.domain import Assignment, Contract, Status
from data.rule_sets import load_rule_sets
from scheduling.evaluate import evaluate
from scheduling.pay import Part
from scheduling.problem import RosterProblem
from scheduling.rescore import scored
from scheduling.rosters.limits import Limits
from scheduling.rosters.premiums import overtime_of
from scheduling.rosters.recount import cost_of
from scheduling.rosters.solve import RosterOutcome, solve
from scheduling.rules.law import Law
from scheduling.shifts import wall_clock
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, roster, shift

QUICK = Limits(time_s=60, gap=0)
LAW = Law(load_rule_sets())
CARDS = replace(queue("cards"), skill="cards")
NATIONAL_DAY = date(2026, 10, 1)
OVERTIME = Contract(
    id="standard",
    regular_h_per_week=8,
    overtime_pay=1.5,
    max_h_per_week=60,
    max_days_per_week=7,
    min_rest_h=8,
)


def solved(asked: RosterProblem) -> RosterOutcome:
    found = solve(asked, limits=QUICK)
    assert found.status is Status.OPTIMAL
    assert found.value is not None
    assert found.objective == pytest.approx(cost_of(found.value, asked))
    return found


def worked(agent_id: str, day: int) -> Assignment:
    local = MONDAY + timedelta(days=day)
    start = wall_clock(local, 480, "UTC")
    return Assignment(
        agent_id=agent_id, day=local, pattern="day", start=start, end=start + timedelta(hours=8)
    )


def shares(outcome: RosterOutcome) -> list[int]:
    assert outcome.value is not None
    names = [shift.agent_id for shift in outcome.value.assignments]
    return sorted(names.count(name) for name in set(names))


def test_days_are_shared_where_overtime_would_be_paid() -> None:
    two = solved(problem(agents=people(2), contracts=[OVERTIME], days=2, full=1.0))
    assert (two.objective, shares(two)) == (16.0, [1, 1])


def test_overtime_that_cannot_be_helped_is_in_objective_and_bound() -> None:
    alone = solved(problem(agents=people(1), contracts=[OVERTIME], days=2, full=1.0))
    assert alone.objective == alone.bound == pytest.approx(16 + 8 * 0.5)
    three = solved(problem(agents=people(2), contracts=[OVERTIME], days=3, full=1.0))
    assert three.objective == pytest.approx(24 + 8 * 0.5)


def test_a_dearer_person_works_where_overtime_would_cost_more() -> None:
    dear = Contract(id="dear", cost_per_h=1.4)
    crew = (*people(1), *people(1, contract="dear", prefix="D"))
    asked = problem(agents=crew, contracts=[OVERTIME, dear], days=2, full=1.0)
    assert solved(asked).objective == pytest.approx(8 + 8 * 1.4)
    dearer = replace(asked, contracts=(OVERTIME, replace(dear, cost_per_h=1.6)))
    assert solved(dearer).objective == pytest.approx(8 + 8 * 1.5)


def test_hours_of_the_week_before_the_roster_are_no_overtime_twice() -> None:
    asked = problem(
        agents=people(2),
        contracts=[OVERTIME],
        patterns=[pattern()],
        first=MONDAY + timedelta(days=2),
        full=1.0,
    )
    assert solved(asked).objective == 8
    one = solved(replace(asked, before=(worked("P0", 0),)))
    assert one.objective == 8
    assert {shift.agent_id for shift in one.value.assignments} == {"P1"}  # type: ignore[union-attr] # solved
    both = (worked("P0", 0), worked("P0", 1), worked("P1", 0))
    assert solved(replace(asked, before=both)).objective == pytest.approx(12)


def test_a_holiday_is_worked_by_those_who_are_paid_least_for_it() -> None:
    china = Contract(id="china", rule_set="china_standard_hours")
    crew = (*people(1, contract="china"), *people(1, contract="dear", prefix="D"))
    contracts = [china, Contract(id="dear", cost_per_h=2.9)]
    asked = problem(agents=crew, contracts=contracts, first=NATIONAL_DAY, full=1.0)
    assert solved(asked).objective == 8
    under_law = solved(replace(asked, law=LAW))
    assert under_law.objective == pytest.approx(8 * 2.9)
    dearer = replace(asked, law=LAW, contracts=(china, Contract(id="dear", cost_per_h=3.1)))
    assert solved(dearer).objective == pytest.approx(24)


def test_a_shift_begins_early_where_its_end_would_be_paid_as_night() -> None:
    contract = Contract(id="standard", night_pay=1.5)
    asked = problem(
        queues=[queue(open_min=16 * 60, close_min=20 * 60)],
        contracts=[contract],
        patterns=[pattern("late", 14 * 60, latest_min=16 * 60)],
        full=1.0,
    )
    found = solved(asked)
    assert found.objective == 8
    assert found.value is not None
    assert found.value.assignments[0].start.hour == 14


def test_nothing_is_added_where_nobody_is_paid_more() -> None:
    plain = problem(contracts=[Contract(id="standard", regular_h_per_week=8)])
    assert plain.payroll == {}
    capped = Contract(id="standard", regular_h_per_week=40, overtime_pay=1.5, max_h_per_week=40)
    assert overtime_of(capped, problem(contracts=[capped])) == {}


@pytest.mark.parametrize("law", [None, LAW])
def test_evaluation_and_rescoring_tell_what_is_paid_beyond_the_rate(law: Law | None) -> None:
    contract = Contract(id="standard", cost_per_h=10, regular_h_per_day=7, overtime_pay=1.5, night_pay=1.25)
    own = roster(shift("a", "14:00-23:00"), shift("a", "08:00-12:00", day=1), days=2)
    basis: Sequence[object] = (own, agents(a=["cards"]), [CARDS], flat_forecast(CARDS, 5.0, days=2))
    options = {"contracts": [contract], "patterns": [pattern("early")], "law": law}
    found = evaluate(*basis, **options)  # type: ignore[arg-type] # a test's shorthand
    rows = found.premiums.set_index("kind")
    # Two of nine hours above seven, one of nine at night: (9 + 4 + 2 · 0.5 + 1 · 0.25) · 10.
    assert rows["h"].to_dict() == {"overtime": 2, "rest_day": 0, "holiday": 0, "night": 1}
    assert rows["cost"].to_dict() == pytest.approx(
        {"overtime": 10, "rest_day": 0, "holiday": 0, "night": 2.5}
    )
    assert found.cost == pytest.approx(142.5)
    score = scored(*basis, **options)  # type: ignore[arg-type] # a test's shorthand
    assert score.cost == found.cost
    assert score.people["a"].worked.premium.overtime == Part(2, 1)
