"""A roster's problem is checked at the door: every fault at once, by name, with its repair."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from data.domain import Agent, BreakRule, Contract, ShiftPattern
from data.errors import FaultyFileError, InputError
from data.schema import SchemaError
from scheduling.problem import PoolDemand, RosterProblem
from tests.scheduling.roster_cases import MONDAY, curves, pattern, people, problem, queue

MEAL = BreakRule(kind="meal", length_min=60, earliest_min=120, latest_min=120)
TEA = BreakRule(kind="tea", length_min=15, earliest_min=0, latest_min=150)


def changed(**parts: Any) -> RosterProblem:
    return replace(problem(), **parts)


def with_curves(**columns: Any) -> pd.DataFrame:
    return curves([queue()], {"calls": 2.0}).assign(**columns)


def test_a_whole_problem_passes() -> None:
    assert problem().days == 1


def guaranteed(hours: float, **limits: Any) -> tuple[Contract, ...]:
    return (Contract(id="standard", min_h_per_week=hours, **limits),)


@pytest.mark.parametrize(
    ("contracts", "patterns", "message"),
    [
        (
            guaranteed(40, max_consecutive_days=1),
            (pattern(),),
            "40 guaranteed hours a week cannot be worked with max_consecutive_days 1 and the patterns there are",
        ),
        (
            guaranteed(40, max_days_per_week=7, min_rest_h=17),
            (pattern(weekdays=frozenset({0, 1, 2, 3, 4})),),
            "with min_rest_h 17 and",
        ),
        (
            guaranteed(24, min_consecutive_days_off=2, max_consecutive_days=1),
            (pattern(weekdays=frozenset({1, 3, 5})),),
            "with min_consecutive_days_off 2 and",
        ),
        (guaranteed(40), (pattern(weekdays=frozenset({0, 1})),), "with the patterns there are"),
        (
            guaranteed(38, max_h_per_week=39),
            (pattern(),),
            "38 guaranteed hours a week cannot be worked with max_h_per_week 39 and",
        ),
        (
            guaranteed(40, max_h_per_week=45, patterns=frozenset({"night", "day"})),
            (pattern(), pattern("night", 1320)),
            "",
        ),
    ],
    ids=["days in a row", "rest", "days off together", "too few days", "no sum of shifts", "sound"],
)
def test_guaranteed_hours_nobody_could_work_are_told_with_the_limits_against_them(
    contracts: tuple[Contract, ...], patterns: tuple[ShiftPattern, ...], message: str
) -> None:
    if not message:
        assert problem(days=7, contracts=contracts, patterns=patterns).days == 7
        return
    with pytest.raises(FaultyFileError) as caught:
        problem(days=7, contracts=contracts, patterns=patterns)
    (fault,) = caught.value.faults
    assert (fault.source, fault.column, fault.value) == ("contracts", "min_h_per_week", "standard")
    assert message in str(fault)
    assert "Lower min_h_per_week" in fault.repair
    # Where no whole week lies inside, nothing is guaranteed.
    assert problem(days=6, contracts=contracts, patterns=patterns).days == 6


def test_time_off_beside_which_guaranteed_hours_cannot_be_worked_is_told_with_names_and_week() -> None:
    away = [replace(agent, time_off=frozenset({MONDAY + timedelta(7)})) for agent in people(2, prefix="L")]
    contracts = guaranteed(16, max_days_per_week=5)
    two_days = (pattern(weekdays=frozenset({0, 1})),)
    with pytest.raises(FaultyFileError) as caught:
        problem(agents=(*people(2), *away), days=14, contracts=contracts, patterns=two_days)
    (fault,) = caught.value.faults
    assert "beside their time off L0, L1 cannot work the 12.8 h" in str(fault)
    assert "in the week of 2025-06-09" in str(fault)


def test_somebody_off_all_the_time_is_no_fault_whatever_the_contract_guarantees() -> None:
    off = frozenset(MONDAY + timedelta(day) for day in range(7))
    agents = (*people(2), replace(people(1, prefix="L")[0], time_off=off))
    assert problem(agents=agents, days=7, contracts=guaranteed(40)).days == 7


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"days": 0}, "the horizon is empty. Give at least one day"),
        ({"step_min": 25}, "step_min must divide 60"),
        ({"timezone": "Mars/Olympus"}, "unknown time zone 'Mars/Olympus'"),
        ({"agents": ()}, "agents: there is none"),
        ({"patterns": ()}, "patterns: there is none"),
        ({"queues": ()}, "queues: there is none"),
        ({"queues": (queue(), queue())}, "it is there 2 times (found 'calls')"),
        ({"agents": people(1) * 2}, "it is there 2 times (found 'P0')"),
        ({"agents": people(2, "chess")}, "nobody has skill 'calls', which it needs (found 'calls')"),
        ({"agents": people(2, contract="zero")}, "unknown contract of P0, P1 (found 'zero')"),
        (
            {"agents": tuple(replace(agent, time_off=frozenset({MONDAY})) for agent in people(3))},
            "everybody with skill 'calls' is off over the whole horizon: P0, P1, P2",
        ),
        ({"contracts": (Contract(id="standard", patterns=frozenset({"dusk"})),)}, "unknown pattern 'dusk'"),
        (
            {"contracts": (Contract(id="standard", max_h_per_week=6),)},
            "every pattern is longer than its 6 h a week, the shortest 8 h",
        ),
        (
            {
                "contracts": (
                    Contract(id="standard", max_h_per_week=8, patterns=frozenset({"day", "long"})),
                ),
                "patterns": (pattern(), pattern("long", length_min=600)),
            },
            "its pattern 'long' of 10 h is longer than its 8 h a week",
        ),
        (
            {"contracts": (Contract(id="standard", min_h_per_week=30, max_days_per_week=3),)},
            "30 h a week cannot be reached with 3 days of at most 8 h",
        ),
        (
            {"patterns": (pattern(weekdays=frozenset({5})),)},
            "none of its patterns starts on a day of the roster",
        ),
        ({"patterns": (pattern(breaks=(MEAL, replace(TEA, latest_min=60))),)}, "tea cannot follow meal"),
        ({"queues": (queue("chat"),)}, "no such queue in the roster (found 'calls')"),
        ({"first": MONDAY + timedelta(1)}, "rows lie outside the roster's days (2025-06-03, 1 days)"),
        ({"step_min": 30}, "slots are 60 min apart, not 30"),
        ({"curves": with_curves(answered=[9.0, 7, 9, 10] * 8)}, "answered falls with more agents"),
        ({"curves": with_curves(answered=[0.0, 1, 9, 10] * 8)}, "the curve is not concave"),
        ({"curves": with_curves(agents=[0.5, 1, 1.5, 2] * 8)}, "a curve does not begin at 0 agents"),
        ({"curves": with_curves(offered=[10.0, 10, 10, 9] * 8)}, "offered differs between breakpoints"),
        ({"curves": with_curves(answered=[0.0, 7, 9, 11] * 8)}, "more answered than offered"),
    ],
)
def test_a_fault_is_named_with_its_repair(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        changed(**parts)
    assert message in str(caught.value)


def test_starts_off_the_grid_are_named() -> None:
    shifted = with_curves(start=with_curves()["start"] + pd.Timedelta(minutes=20))
    with pytest.raises(InputError, match="do not start on the 60 min grid"):
        changed(curves=shifted)


def test_every_fault_is_listed_at_once() -> None:
    with pytest.raises(FaultyFileError) as caught:
        changed(agents=people(1, "chess", contract="zero"), patterns=())
    assert [fault.value for fault in caught.value.faults] == [None, "zero", "calls"]


def test_curves_of_another_form_are_refused() -> None:
    with pytest.raises(SchemaError, match="answered: the column is missing"):
        changed(curves=with_curves().drop(columns="answered"))


def test_people_off_all_the_time_are_no_fault_while_somebody_is_there() -> None:
    away = tuple(replace(agent, time_off=frozenset({MONDAY})) for agent in people(2))
    assert changed(agents=(*away, Agent(id="Z", skills=frozenset({"calls"})))).days == 1


def test_a_break_that_fits_only_after_the_one_before_is_no_fault() -> None:
    two: tuple[BreakRule, ...] = (replace(TEA, latest_min=0), MEAL)
    assert changed(patterns=(ShiftPattern(id="day", length_min=480, breaks=two),)).days == 1


def test_demand_is_read_by_queue_and_slot() -> None:
    asked = problem(full=[0, 3.0])
    assert set(asked.demand) == {(0, slot) for slot in (9, 11, 13, 15)}
    assert asked.demand[0, 9].agents.tolist() == pytest.approx([0, 1.5, 2.4, 3])


def test_a_curve_and_its_inverse_agree() -> None:
    demand: PoolDemand = problem().demand[0, 8]
    for agents in (0.0, 0.3, 1.0, 1.7, 2.0):
        assert demand.agents_for(0, demand.answered_with(agents)[0]) == pytest.approx(agents)
    assert demand.answered_with(99.0).tolist() == [10.0]
    assert demand.agents_for(0, 10.1) == float("inf")
