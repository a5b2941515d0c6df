"""Each day's factors go up while it reaches its targets, and back to where it did after a step too far."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from data.domain import Status
from scheduling.correction import no_correction
from scheduling.correction_round import Round
from scheduling.correction_steps import ALONE, SAFE, STEP, next_correction
from scheduling.rosters.found import RosterOutcome

DAYS = pd.to_datetime(["2026-03-02", "2026-03-03"])
TARGET = 0.9
Rates = Mapping[tuple[str, int], float]


def factors(values: Mapping[tuple[str, int], float]) -> pd.DataFrame:
    rows = [(queue, DAYS[day], factor) for (queue, day), factor in values.items()]
    return pd.DataFrame(rows, columns=["queue", "date", "factor"])


def one(
    promised: Rates, fit: Mapping[tuple[str, int], float], correction: pd.DataFrame | None = None
) -> Round:
    """A round in which queues and days reach those rates."""
    rates = pd.DataFrame(
        [(queue, DAYS[day], DAYS[day], rate) for (queue, day), rate in promised.items()],
        columns=["queue", "first", "last", "promised"],
    )
    outcome = RosterOutcome(status=Status.FEASIBLE, objective=1.0, bound=None, runtime_s=0.0, value=None)
    return Round(
        outcome=outcome,
        correction=no_correction() if correction is None else correction,
        fit=factors(fit),
        kept=factors(fit),
        paid_h=1.0,
        cost=1.0,
        rates=rates.assign(target=TARGET, met=rates["promised"] >= TARGET),
        floors=pd.DataFrame(columns=["floor", "answer_rate"], dtype=float),
        intervals=pd.DataFrame(columns=["target", "answer_rate"], dtype=float),
        below_floor=0,
    )


def by_key(found: pd.DataFrame | None) -> dict[tuple[str, int], float]:
    assert found is not None
    return {(queue, list(DAYS).index(day)): factor for queue, day, factor in found.itertuples(index=False)}


def test_a_day_goes_up_by_what_its_least_queue_allows_and_the_other_by_half_of_the_rest() -> None:
    # Half of what may be missed is answered all the same by "a", all of it by "b".
    first = one({("a", 0): 0.95, ("b", 0): 1.0}, {("a", 0): 1.1025, ("b", 0): 1.2})
    found = by_key(next_correction([first], left=3))
    assert found["a", 0] == pytest.approx(1.05)
    assert found["b", 0] == pytest.approx(1.05 * (1.2 / 1.05) ** ALONE)


def test_no_factor_moves_further_than_a_step() -> None:
    first = one({("a", 0): 1.0}, {("a", 0): 1.9})
    assert by_key(next_correction([first], left=3))["a", 0] == pytest.approx(STEP)


def test_a_day_with_a_queue_that_misses_goes_back_halfway_to_where_it_was_met() -> None:
    first = one({("a", 0): 0.95, ("b", 0): 0.95}, {("a", 0): 1.21, ("b", 0): 1.21})
    too_far = one(
        {("a", 0): 0.92, ("b", 0): 0.89},
        {("a", 0): 1.3, ("b", 0): 1.2},
        factors({("a", 0): 1.21, ("b", 0): 1.21}),
    )
    found = by_key(next_correction([first, too_far], left=3))
    assert found == pytest.approx({("a", 0): 1.1, ("b", 0): 1.1})


def test_a_day_never_goes_all_the_way_again_to_what_was_too_much() -> None:
    rounds = [
        one({("a", 0): 0.95}, {("a", 0): 1.21}),
        one({("a", 0): 0.89}, {("a", 0): 1.21}, factors({("a", 0): 1.21})),
        one({("a", 0): 1.0}, {("a", 0): 1.3}, factors({("a", 0): 1.1})),
    ]
    assert by_key(next_correction(rounds, left=3))["a", 0] == pytest.approx((1.1 * 1.21) ** 0.5)


def test_the_last_round_stays_a_little_below_what_each_day_was_best_with() -> None:
    both = {("a", 0): 1.2, ("a", 1): 1.2}
    rounds = [
        one({("a", 0): 0.95, ("a", 1): 0.95}, both),
        one({("a", 0): 0.95, ("a", 1): 0.85}, both, factors({("a", 0): 1.1, ("a", 1): 1.15})),
        one({("a", 0): 0.85, ("a", 1): 0.95}, both, factors({("a", 0): 1.15, ("a", 1): 1.05})),
    ]
    found = by_key(next_correction(rounds, left=1))
    assert found == pytest.approx({("a", 0): 1.1 / SAFE, ("a", 1): 1.05 / SAFE})


def test_nothing_is_left_to_do_where_no_queue_has_anything_to_spare() -> None:
    assert next_correction([one({("a", 0): TARGET}, {("a", 0): 1.0})], left=3) is None
