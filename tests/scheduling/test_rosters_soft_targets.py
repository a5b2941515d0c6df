"""Soft targets: missed where what is missing costs less than the hours to reach them, and only there."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from data.domain import OpeningSpan, Period, Queue, Status, Target
from data.errors import FieldError
from scheduling.evaluate import evaluate
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Limits
from scheduling.rosters.recount import cost_of, judged, shortfalls
from scheduling.rosters.solve import solve
from tests.scheduling.roster_cases import pattern, people, problem, queue
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, roster, shift

CARDS = Queue(
    id="cards",
    hours=(OpeningSpan(open_min=480, close_min=600),),
    interval_min=60,
    target=Target(answer_rate=0.7, interval_floor=0.0),
)
FUNDS = replace(CARDS, id="funds", skill="funds")
NEAR = 1e-4
EXACT = Limits(time_s=20, gap=NEAR)


def case(price: float | None, floor: float = 0.0) -> RosterProblem:
    """Eight hours of 10 contacts; one person answers 70 % of them, two answer all. A second one costs 8 hours."""
    return problem(
        queues=(queue(rate=0.9, floor=floor, price_per_contact=price),),
        agents=people(4),
        patterns=(pattern("day", 480, 480),),
        full=2.0,
    )


@pytest.mark.parametrize(
    ("price", "crew", "cost"),
    [
        # With one person 16 contacts are missing to 72, with nobody 72.
        (0.49, 1, 8 + 16 * 0.49),
        (0.51, 2, 16.0),
        (0.1, 0, 7.2),
        (None, 2, 16.0),
    ],
)
def test_a_person_works_where_they_cost_less_than_what_would_be_missing(
    price: float | None, crew: int, cost: float
) -> None:
    asked = case(price)
    found = solve(asked, limits=EXACT)
    assert found.value is not None
    assert len(found.value.assignments) == crew
    assert found.objective == pytest.approx(cost)
    assert found.status in {Status.OPTIMAL, Status.FEASIBLE}
    assert found.missed == ()
    assert found.gap is not None
    assert found.gap <= NEAR


def test_a_floor_is_kept_whatever_is_missing_costs() -> None:
    found = solve(case(0.1, floor=0.5), limits=EXACT)
    assert found.value is not None
    assert len(found.value.assignments) == 1


def test_what_a_roster_misses_of_soft_targets_has_its_price_and_is_no_shortfall() -> None:
    asked = case(0.25)
    found = solve(case(0.49), limits=EXACT)
    assert found.value is not None
    assert shortfalls(found.value, asked) == []
    assert judged(found.value, asked)[1] == pytest.approx(16 * 0.25)
    assert cost_of(found.value, asked) == 8
    assert len(shortfalls(found.value, case(None))) == 1


def test_people_go_to_the_queue_whose_target_is_to_be_reached_first() -> None:
    queues = (queue("calls", rate=0.7, floor=0.0, price_per_contact=5.0), queue("vip", rate=0.7, floor=0.0))
    asked = problem(
        queues=queues, agents=people(1, "calls", "vip"), patterns=(pattern("day", 480, 480),), full=2.0
    )
    found = solve(asked, limits=EXACT)
    assert found.missed == ()
    assert found.objective == pytest.approx(8 + 5.0 * 56)


def test_coverage_gives_people_to_what_is_to_be_reached_first() -> None:
    """Both queues share one person, who reaches the target of one of them at most."""
    soft = replace(CARDS, target=replace(CARDS.target, price_per_contact=0.01))
    forecast = pd.concat([flat_forecast(soft, 9.0), flat_forecast(FUNDS, 9.0)], ignore_index=True)
    plan = roster(shift("a", "08:00-10:00"))
    found = evaluate(plan, agents(a=["cards", "funds"]), [soft, FUNDS], forecast)
    assert found.missed.empty
    assert found.targets.set_index("queue")["met"].to_dict() == {"cards": False, "funds": True}
    both_hard = evaluate(plan, agents(a=["cards", "funds"]), [CARDS, FUNDS], forecast)
    assert len(both_hard.missed) == 2


def test_a_price_needs_a_target_over_a_day_or_longer() -> None:
    with pytest.raises(FieldError, match="price_per_contact needs a target over a day"):
        Target(period=Period.INTERVAL, price_per_contact=1.0)
    with pytest.raises(FieldError, match="price_per_contact must not be negative"):
        Target(price_per_contact=-1.0)
