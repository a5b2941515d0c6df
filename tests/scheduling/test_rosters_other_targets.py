"""What a target asks for besides its answer rate, in the optimiser: staff, service level, mean wait, occupancy."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from data.domain import OpeningSpan, Queue, Target
from scheduling.curves import answer_curves
from scheduling.evaluate import evaluate
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Limits
from scheduling.rosters.recount import present, shortfalls
from scheduling.rosters.solve import solve
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue
from tests.scheduling.small_forecasts import flat_forecast

EXACT = Limits(time_s=20, gap=0.0, allow_shortfall=True)


def test_minimum_staff_is_kept_where_nobody_calls_and_a_person_fewer_misses_it() -> None:
    asked = problem(
        queues=(queue(min_agents=1),),
        patterns=(pattern("early", 480, 240), pattern("late", 720, 240)),
        full=[2, 2, 2, 2, 0, 0, 0, 0],
    )
    found = solve(asked, limits=EXACT)
    assert found.value is not None
    assert found.missed == ()
    there = {slot: size for (_, slot), size in present(found.value, asked).items()}
    assert [there[slot] for slot in range(8, 16)] == [2, 2, 2, 2, 1, 1, 1, 1]
    early = replace(
        found.value, assignments=tuple(a for a in found.value.assignments if a.pattern == "early")
    )
    missed = shortfalls(early, asked)
    assert [short.start.hour for short in missed] == [12, 13, 14, 15]
    # Nobody calls, so that all are answered: what is missed is no rate.
    assert {short.rate for short in missed} == {1.0}


BESIDES = {
    "service level": {"service_level": 0.9, "threshold_s": 10.0},
    "mean wait": {"max_asa_s": 3.0},
    "occupancy": {"max_occupancy": 0.5},
}


def case(besides: dict[str, float]) -> tuple[RosterProblem, pd.DataFrame]:
    """Three hours of 30 contacts; the answer rate alone would be content with few people."""
    kind = Queue(
        id="calls",
        interval_min=60,
        hours=(OpeningSpan(open_min=480, close_min=660),),
        timezone="UTC",
        target=Target(answer_rate=0.6, interval_floor=0.0, **besides),  # type: ignore[arg-type] # a test's shorthand
    )
    forecast = flat_forecast(kind, 30.0, first=MONDAY)
    asked = problem(queues=(kind,), agents=people(9), patterns=(pattern("short", 480, 180),))
    return replace(asked, curves=answer_curves(kind, forecast)), forecast


@pytest.mark.parametrize("besides", BESIDES.values(), ids=BESIDES)
def test_the_cheapest_roster_just_reaches_what_is_asked_besides_the_rate(besides: dict[str, float]) -> None:
    asked, forecast = case(besides)
    found, loose = solve(asked, limits=EXACT), solve(case({})[0], limits=EXACT)
    assert found.value is not None
    assert loose.value is not None
    assert found.missed == ()
    assert len(found.value.assignments) > len(loose.value.assignments)

    def floors(count: int) -> list[int]:
        assert found.value is not None
        fewer = replace(found.value, assignments=found.value.assignments[:count])
        told = evaluate(fewer, asked.agents, asked.queues, forecast, asked.curves).floors
        hours: list[int] = told["start"].dt.hour.tolist()
        assert hours == [short.start.hour for short in shortfalls(fewer, asked) if short.span == "interval"]
        return hours

    size = len(found.value.assignments)
    assert floors(size) == []
    assert floors(size - 1) != []
