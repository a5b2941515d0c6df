"""Split shifts: a long unpaid break between two parts of a day's work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import numpy as np
import pandas as pd
import pytest

from data.domain import SPLIT, BreakRule, Contract, ShiftPattern
from data.errors import FieldError
from scheduling.evaluate import evaluate
from scheduling.problem import RosterProblem
from scheduling.reach import shift_spans, workable
from scheduling.rosters.limits import Limits
from scheduling.rosters.solve import solve
from scheduling.rules import violations
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, at, roster, shift


def middle(earliest_min: int = 180, latest_min: int | None = None, length_min: int = 240) -> BreakRule:
    latest = earliest_min if latest_min is None else latest_min
    return BreakRule(kind=SPLIT, length_min=length_min, earliest_min=earliest_min, latest_min=latest)


PARTED = pattern("split", 480, 600, breaks=(middle(),))
"""From 8 to 18 with a split from 11 to 15."""
WHOLE = pattern("whole", 480, 480, latest_min=600)
HALF = pattern("half", 480, 300, latest_min=780)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (middle(length_min=119), "its split lasts 120 to 300 min, not 119"),
        (middle(length_min=301), "its split lasts 120 to 300 min, not 301"),
        (middle(119, 180), "a part beside its split may be 119 min"),
        (middle(180, 241), "a part beside its split may be 119 min"),
        (replace(middle(), paid=True), "its split is unpaid"),
    ],
)
def test_a_pattern_with_no_sound_split_is_refused(rule: BreakRule, message: str) -> None:
    with pytest.raises(FieldError, match=message):
        ShiftPattern(id="split", length_min=600, breaks=(rule,))


def test_a_shift_is_split_once() -> None:
    both = (middle(120, length_min=120), middle(360, length_min=120))
    with pytest.raises(FieldError, match="a shift is split once"):
        ShiftPattern(id="split", length_min=600, breaks=both)


def test_only_work_is_paid() -> None:
    assert PARTED.paid_min == 360
    assert PARTED.split == middle()
    assert WHOLE.split is None


def two_peaks(patterns: tuple[ShiftPattern, ...], crew: int = 6) -> RosterProblem:
    """Two people are needed from 8 to 11 and from 15 to 18, nobody between."""
    kind = queue(rate=1.0, floor=1.0, open_min=480, close_min=1080)
    needs = {"calls": [2, 2, 2, 0, 0, 0, 0, 2, 2, 2]}
    return problem(queues=[kind], agents=people(crew), patterns=patterns, full=needs)


def fewest_paid_h(asked: RosterProblem) -> float:
    """Paid hours of the cheapest set of shifts that covers every hour, found by trying all of them."""
    hours = [8, 9, 10, 15, 16, 17]
    kinds = []
    for made in asked.patterns:
        for start in range(made.start_earliest_min, made.start_latest_min + 1, made.start_step_min):
            there = np.array(
                [
                    start <= 60 * hour < start + made.length_min
                    and not (
                        made.split is not None
                        and 0 <= 60 * hour - start - made.split.earliest_min < made.split.length_min
                    )
                    for hour in hours
                ],
                dtype=float,
            )
            kinds.append((there, made.paid_min / 60))
    best = float("inf")
    for counts in product(range(3), repeat=len(kinds)):
        if sum(counts) <= len(asked.agents):
            covered = sum(
                (n * there for n, (there, _) in zip(counts, kinds, strict=True)), np.zeros(len(hours))
            )
            if (covered >= 2).all():
                best = min(best, sum(n * paid for n, (_, paid) in zip(counts, kinds, strict=True)))
    return best


@pytest.mark.parametrize("patterns", [(WHOLE, PARTED), (HALF, PARTED), (WHOLE,), (WHOLE, HALF)])
def test_the_optimiser_takes_split_shifts_where_they_pay(patterns: tuple[ShiftPattern, ...]) -> None:
    asked = two_peaks(patterns)
    found = solve(asked, limits=Limits(time_s=10, gap=0.0))
    assert found.value is not None
    assert found.missed == ()
    paid_h = sum((made.paid for made in found.value.assignments), timedelta()) / timedelta(hours=1)
    assert paid_h == pytest.approx(fewest_paid_h(asked))
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []
    if PARTED in patterns:
        assert {made.pattern for made in found.value.assignments} == {"split"}
        assert paid_h == 12


def test_breaks_keep_to_their_part_and_the_split_to_its_window() -> None:
    rests = (
        BreakRule(kind="rest", length_min=60, earliest_min=60, latest_min=120, paid=True),
        middle(180, 240, 180),
        BreakRule(kind="rest", length_min=60, earliest_min=420, latest_min=480, paid=True),
    )
    made = pattern("split", 480, 600, breaks=rests)
    kind = queue(rate=0.9, floor=0.5, open_min=480, close_min=1080)
    asked = problem(
        queues=[kind], agents=people(6), patterns=[made], full={"calls": [3, 2, 2, 1, 0, 0, 1, 2, 2, 2]}
    )
    found = solve(asked, limits=Limits(time_s=10, gap=0.0, allow_shortfall=True))
    assert found.value is not None
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []
    for each in found.value.assignments:
        first, between, last = each.breaks
        assert first.end <= between.start
        assert between.end <= last.start
        assert between.end - between.start == timedelta(hours=3)


def test_nobody_is_on_contacts_or_paid_in_the_middle() -> None:
    kind = replace(queue(open_min=480, close_min=1080), patience_s=180.0)
    plan = roster(shift("a", "08:00-18:00", "11:00-15:00"))
    found = evaluate(
        plan, agents(a=["calls"]), [kind], flat_forecast(kind, 5.0), contracts=[Contract(id="standard")]
    )
    rostered = dict(zip(found.coverage["start"], found.coverage["rostered"], strict=True))
    clocks = ("10:00", "11:00", "14:00", "15:00")
    assert [rostered[pd.Timestamp(at(clock))] for clock in clocks] == [1.0, 0.0, 0.0, 1.0]
    assert found.paid_h == 6


def test_hours_that_always_lie_in_a_split_are_not_taken_for_staffed() -> None:
    asked = two_peaks((replace(PARTED, breaks=(middle(180, 240),)),))
    parts = {
        "agents": asked.agents,
        "contracts": asked.contracts,
        "patterns": asked.patterns,
        "horizon": asked.horizon,
    }
    hours = pd.date_range(pd.Timestamp(MONDAY, tz="UTC") + pd.Timedelta(hours=8), periods=10, freq="h")
    able = workable(asked.queues[0], hours, **parts)  # type: ignore[arg-type] # parts by name
    assert able.tolist() == [True] * 4 + [False] * 3 + [True] * 3
    spans = shift_spans(asked.queues[0], **parts)  # type: ignore[arg-type] # as above
    first = int(pd.Timestamp(MONDAY, tz="UTC").timestamp())
    assert ((spans - first) / 3600).tolist() == [[8, 12], [15, 18]]
