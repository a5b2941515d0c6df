"""On tiny problems the optimiser finds what trying every roster finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.domain import BreakRule, Contract, Period, Status
from data.errors import InfeasibleError
from data.shrinkage import Availability, Shrinkage
from scheduling.problem import RosterProblem
from scheduling.rosters.solve import Limits, solve
from scheduling.rules import violations
from tests.oracles.roster_enumeration import cheapest, presence, reaches
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue

EARLY, LATE = pattern("early", 480, 300), pattern("late", 660, 300)
MORNING, AFTERNOON = pattern("morning", 480, 240), pattern("afternoon", 720, 240)
LUNCH = BreakRule(kind="meal", length_min=60, earliest_min=120, latest_min=240)
LOOSE = Contract(id="standard", min_rest_h=0)

CASES = {
    "one_day_two_shifts": problem(
        agents=people(3), patterns=(EARLY, LATE), contracts=(LOOSE,), full=[1, 1, 2, 2, 2, 1, 1, 1]
    ),
    "two_days_with_rest": problem(
        agents=people(2),
        days=2,
        patterns=(EARLY, LATE),
        contracts=(replace(LOOSE, min_rest_h=18),),
        queues=(queue(rate=0.9, floor=0.5),),
        full=[1, 1, 1.5, 1.5, 1.5, 1, 1, 1],
    ),
    "breaks": problem(
        agents=people(2),
        patterns=(pattern("day", 480, 480, breaks=(LUNCH,)), pattern("short", 480, 240, latest_min=720)),
        full=[1, 1, 1, 0.9, 0.8, 0.9, 1, 1],
    ),
    "two_queues_two_skill_sets": problem(
        queues=(queue("calls"), queue("chat", rate=0.9, open_min=540, close_min=780)),
        agents=(*people(1, "calls", prefix="C"), *people(1, "chat", prefix="H"), *people(1, "calls", "chat")),
        patterns=(EARLY, LATE),
        full={"calls": 1.0, "chat": 0.7},
    ),
    "consecutive_days": problem(
        agents=people(2),
        days=3,
        patterns=(pattern(), MORNING, AFTERNOON),
        contracts=(replace(LOOSE, max_consecutive_days=2),),
        queues=(queue(rate=0.85, floor=0.0),),
        full=1.0,
    ),
    "weekly_days": problem(
        agents=people(2),
        days=3,
        contracts=(replace(LOOSE, max_days_per_week=2),),
        full=1.0,
    ),
    "weekly_hours": problem(
        agents=people(2),
        days=3,
        patterns=(pattern(), MORNING, AFTERNOON),
        contracts=(replace(LOOSE, max_h_per_week=12),),
        queues=(queue(rate=0.8, floor=0.0),),
        full=1.0,
    ),
    "guaranteed_hours": problem(
        agents=people(2),
        days=7,
        contracts=(replace(LOOSE, min_h_per_week=16, max_days_per_week=3, max_h_per_week=24),),
        full=[1.0] * 16 + [0.0] * 40,
    ),
    "time_off": problem(
        agents=(people(1)[0], replace(people(2)[1], time_off=frozenset({MONDAY}))),
        days=2,
        contracts=(replace(LOOSE, max_days_per_week=1),),
        full=1.0,
    ),
    "a_week_s_target_lets_a_day_be_worse": problem(
        agents=people(1),
        days=2,
        patterns=(pattern(), pattern("short", 480, 300)),
        queues=(queue(rate=0.85, floor=0.0, period=Period.WEEK),),
        full=1.0,
    ),
    "a_target_per_interval": problem(
        agents=people(3),
        patterns=(EARLY, LATE),
        queues=(queue(rate=0.9, floor=0.0, period=Period.INTERVAL),),
        full=[1, 1, 2, 2, 2, 1, 1, 1],
    ),
    "least_agents": problem(agents=people(3), queues=(queue(min_agents=2),), full=1.0),
    "shrinkage": problem(agents=people(3), queues=(queue(shrinkage=0.4),), full=1.0),
    "shrinkage_by_cause_and_time": problem(
        agents=people(4),
        patterns=(EARLY, LATE),
        queues=(
            replace(
                queue(shrinkage=0.1, rate=0.9, floor=0.5),
                shrinkages=(
                    Shrinkage(cause="training", share=0.5, planned=True, open_min=540, close_min=720),
                    Shrinkage(cause="sickness", share=0.1),
                ),
                adherence=0.95,
                availability=(Availability(factor=0.8, open_min=840, close_min=960),),
            ),
        ),
        full=1.5,
    ),
    "dear_patterns_and_contracts": problem(
        agents=(*people(1), *people(1, contract="dear", prefix="D")),
        contracts=(LOOSE, replace(LOOSE, id="dear", cost_per_h=1.5, patterns=frozenset({"early"}))),
        patterns=(replace(EARLY, cost_per_h=1.2), LATE),
        queues=(queue(rate=0.9, floor=0.7),),
        full=1.0,
    ),
    "nights_across_midnight_and_the_end": problem(
        agents=people(2),
        days=2,
        patterns=(pattern("night", 1200, 480), pattern("day", 480, 480)),
        queues=(queue(rate=0.9, floor=0.0, open_min=1260, close_min=1440),),
        full=1.0,
    ),
    "the_clock_skips_an_hour": problem(
        first=MONDAY.replace(month=3, day=30),
        timezone="Europe/Berlin",
        agents=people(2),
        patterns=(pattern("night", 60, 240), pattern("dawn", 0, 300)),
        queues=(queue(open_min=60, close_min=300, timezone="Europe/Berlin"),),
        full=1.0,
    ),
    "nobody_is_enough": problem(agents=people(1), full=2.0),
}


@pytest.mark.parametrize("name", CASES)
def test_the_optimum_is_what_trying_every_roster_finds(name: str) -> None:
    asked = CASES[name]
    best = cheapest(asked)
    if best is None:
        with pytest.raises(InfeasibleError, match="no roster of these people"):
            solve(asked, limits=Limits(time_s=30, gap=0.0))
        return
    found = solve(asked, limits=Limits(time_s=30, gap=0.0))
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    check(asked, found.value)


def check(asked: RosterProblem, roster: object) -> None:
    """The roster is clean by the checker and reaches its targets by scipy's split."""
    assert violations(roster, asked.agents, asked.contracts, asked.patterns) == []  # type: ignore[arg-type] # a roster
    assert reaches(presence(roster, asked), asked)  # type: ignore[arg-type] # a roster


def test_cases_cover_rosters_that_exist_and_ones_that_do_not() -> None:
    found = [cheapest(CASES[name]) for name in ("one_day_two_shifts", "nobody_is_enough")]
    assert found[0] is not None
    assert found[1] is None
    assert timedelta(days=CASES["guaranteed_hours"].days) == timedelta(weeks=1)
