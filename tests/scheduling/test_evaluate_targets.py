"""A target is judged over its own period, cut to the horizon, as the optimiser counts it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.domain import Contract, OpeningSpan, Period, Queue, Target
from scheduling.curves import answer_curves
from scheduling.evaluate import Evaluation, evaluate
from scheduling.judgement import MET_WITHIN, reaches
from scheduling.problem import RosterProblem
from scheduling.rosters.targets import period_targets
from tests.scheduling.roster_cases import pattern, people
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, roster, shift

MONDAY = date(2026, 3, 2)
WEDNESDAY = date(2026, 3, 25)
STAFF = agents(**{f"p{i}": ["cards"] for i in range(4)})


def queue(period: Period, rate: float = 0.9, floor: float = 0.0, interval_min: int = 60) -> Queue:
    return Queue(
        id="cards",
        hours=(OpeningSpan(open_min=480, close_min=720),),
        interval_min=interval_min,
        target=Target(answer_rate=rate, period=period, interval_floor=floor),
    )


def evaluated(
    kind: Queue, staffed: list[int], *, first: date = MONDAY, step_min: int | None = None
) -> Evaluation:
    """So many people from 8 to 12 on each day, 6 contacts of 4 min an hour."""
    forecast = flat_forecast(kind, 6.0 * kind.interval_min / 60, first=first, days=len(staffed))
    offset = (first - MONDAY).days
    shifts = [
        shift(f"p{i}", "08:00-12:00", day=offset + day)
        for day, count in enumerate(staffed)
        for i in range(count)
    ]
    curves = answer_curves(kind, forecast, step_min=step_min)
    return evaluate(roster(*shifts, days=len(staffed)), STAFF, [kind], forecast, curves)


def test_a_target_over_the_day_is_judged_on_each_day() -> None:
    found = evaluated(queue(Period.DAY), [3, 0])
    assert found.targets["met"].tolist() == [True, False]
    assert found.days["met"].tolist() == [True, False]
    shared = ["offered", "answered", "answer_rate", "target"]
    pd.testing.assert_frame_equal(found.days[shared], found.targets[shared])


def test_a_target_over_the_week_forgives_one_bad_day_and_is_judged_by_no_day() -> None:
    found = evaluated(queue(Period.WEEK, 0.8), [3, 3, 3, 3, 3, 3, 0])
    assert found.days["answer_rate"].iloc[-1] == 0
    assert found.targets["met"].tolist() == [True]
    assert found.days[["target", "met"]].isna().to_numpy().all()
    assert found.missed.empty


def test_weeks_begin_on_monday_and_are_cut_to_the_horizon() -> None:
    found = evaluated(queue(Period.WEEK), [3, 3, 3, 3, 3, 0, 0, 0, 0], first=WEDNESDAY)
    assert found.targets[["first", "last"]].map(lambda day: day.date()).to_numpy().tolist() == [
        [WEDNESDAY, date(2026, 3, 29)],
        [date(2026, 3, 30), date(2026, 4, 2)],
    ]
    assert found.targets["met"].tolist() == [True, False]
    assert found.targets["offered"].tolist() == pytest.approx([5 * 24.0, 4 * 24.0])


def test_a_week_counts_its_contacts_not_the_mean_of_its_days() -> None:
    kind = queue(Period.WEEK)
    forecast = flat_forecast(kind, [30.0] * 4 + [1.0] * 4, days=2)
    plan = roster(*(shift(f"p{i}", "08:00-12:00", day=1) for i in range(3)), days=2)
    (row,) = evaluate(plan, STAFF, [kind], forecast).targets.to_dict("records")
    assert row["offered"] == pytest.approx(124.0)
    assert row["answer_rate"] == pytest.approx(row["answered"] / 124.0)
    assert row["answer_rate"] < 4 / 124 + 1e-9


def test_months_are_those_of_the_calendar() -> None:
    found = evaluated(queue(Period.MONTH), [3] * 7 + [0, 0], first=WEDNESDAY)
    assert found.targets["first"].dt.month.tolist() == [3, 4]
    assert found.targets["met"].tolist() == [True, False]


def test_a_target_per_interval_is_judged_in_each_and_takes_the_higher_floor() -> None:
    found = evaluated(queue(Period.INTERVAL, rate=0.5, floor=0.99), [3, 1])
    assert len(found.targets) == 8
    assert found.targets["target"].unique().tolist() == [0.99]
    assert found.targets["met"].tolist() == [True] * 4 + [False] * 4
    assert found.targets["start"].dt.hour.tolist() == [8, 9, 10, 11] * 2
    assert found.days["met"].isna().all()


def test_an_interval_is_the_queues_own_where_curves_are_finer() -> None:
    found = evaluated(queue(Period.INTERVAL), [3], step_min=15)
    assert len(found.coverage) == 16
    assert found.targets["offered"].tolist() == pytest.approx([6.0] * 4)


def test_a_span_without_contacts_is_met() -> None:
    kind = queue(Period.WEEK)
    found = evaluate(roster(), [], [kind], flat_forecast(kind, 0.0))
    assert found.targets[["answer_rate", "met"]].to_numpy().tolist() == [[1.0, True]]


def test_a_rate_a_hundredth_of_a_point_below_its_target_reaches_it_and_two_do_not() -> None:
    rates = np.array([0.95, 0.95 - 0.99 * MET_WITHIN, 0.95 - 2 * MET_WITHIN])
    assert reaches(rates, 0.95).tolist() == [True, True, False]


@pytest.mark.parametrize("period", [Period.DAY, Period.WEEK, Period.MONTH])
def test_spans_are_those_the_optimiser_reaches(period: Period) -> None:
    kind = queue(period)
    forecast = flat_forecast(kind, 6.0, first=WEDNESDAY, days=9)
    curves = answer_curves(kind, forecast)
    asked = RosterProblem(
        name="r",
        first=WEDNESDAY,
        days=9,
        timezone="UTC",
        queues=(kind,),
        agents=people(2, "cards"),
        contracts=(Contract(id="standard"),),
        patterns=(pattern(),),
        curves=curves,
        step_min=60,
    )
    found = evaluate(roster(days=9), STAFF, [kind], forecast, curves).targets
    spans = period_targets(asked)
    assert found["first"].dt.date.tolist() == [span.first for span in spans]
    assert found["offered"].tolist() == pytest.approx([span.offered for span in spans])
    assert found["target"].tolist() == [span.rate for span in spans]
