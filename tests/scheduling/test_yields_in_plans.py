"""What people are worth on contacts enters requirement, coverage and simulation at its time of day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.domain import OpeningSpan, Queue
from data.shrinkage import Availability, Shrinkage
from scheduling.absence import Absence, changes, duty, shrinkage_of
from scheduling.coverage import coverage
from scheduling.curves import answer_curves
from scheduling.evaluate import evaluate
from scheduling.event_loop import OFF
from scheduling.presence import skill_sets, work_spans
from scheduling.requirement import requirement
from scheduling.simulate import simulate
from scheduling.yields import yields
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, at, roster, shift

HOURS = (OpeningSpan(open_min=480, close_min=960),)
TRAINED = Queue(
    id="cards",
    hours=HOURS,
    shrinkages=(Shrinkage(cause="training", share=0.5, planned=True, open_min=600, close_min=720),),
)
PEOPLE = agents(**{f"p{i}": ["cards"] for i in range(6)})
ALL_DAY = roster(*(shift(person.id, "08:00-16:00") for person in PEOPLE))


def test_staff_are_agents_over_the_yield_of_their_interval() -> None:
    found = requirement(TRAINED, flat_forecast(TRAINED, 12.0))
    assert (found["staff"] / found["agents"]).tolist() == [1.0] * 4 + [2.0] * 4 + [1.0] * 8


def test_people_cover_less_while_a_cause_holds() -> None:
    found = coverage(ALL_DAY, PEOPLE, [TRAINED], flat_forecast(TRAINED, 12.0))
    assert found["rostered"].tolist() == [6.0] * 4 + [3.0] * 4 + [6.0] * 8


def test_curves_finer_than_the_interval_have_each_their_own_yield() -> None:
    quarter = replace(TRAINED, shrinkages=(replace(TRAINED.shrinkages[0], open_min=600, close_min=615),))
    forecast = flat_forecast(quarter, 12.0)
    fine = coverage(ALL_DAY, PEOPLE, [quarter], forecast, answer_curves(quarter, forecast, step_min=15))
    assert fine.loc[fine["start"] == at("10:00"), "rostered"].item() == 3.0
    assert fine.loc[fine["start"] == at("10:15"), "rostered"].item() == 6.0
    whole = coverage(ALL_DAY, PEOPLE, [quarter], forecast)
    assert whole.loc[whole["start"] == at("10:00"), "rostered"].item() == pytest.approx(4.5)


def test_one_share_at_any_time_is_the_same_said_as_shrinkage_cause_adherence_or_availability() -> None:
    plain = replace(TRAINED, shrinkages=(), shrinkage=0.2)
    others = [
        replace(plain, shrinkage=0.0, shrinkages=(Shrinkage(cause="sickness", share=0.2),)),
        replace(plain, shrinkage=0.0, adherence=0.8),
        replace(plain, shrinkage=0.0, availability=(Availability(factor=0.8),)),
    ]
    forecast = flat_forecast(plain, 12.0)
    expected = evaluate(ALL_DAY, PEOPLE, [plain], forecast)
    for other in others:
        found = evaluate(ALL_DAY, PEOPLE, [other], forecast)
        pd.testing.assert_frame_equal(found.coverage, expected.coverage)
        pd.testing.assert_frame_equal(found.targets, expected.targets)


@pytest.mark.parametrize("absence", list(Absence))
def test_agents_are_away_in_the_simulation_when_a_cause_holds(absence: Absence) -> None:
    patient = replace(TRAINED, patience_s=86_400.0)
    morning = replace(patient, hours=(OpeningSpan(open_min=600, close_min=720),))
    plan = roster(*(shift(person.id, "10:00-12:00") for person in PEOPLE))
    for queue, works in ((patient, 0.875), (morning, 0.5)):
        forecast = flat_forecast(queue, 60.0, aht_s=60.0)
        arrivals = np.full((20, len(forecast)), 400)
        used = ALL_DAY if queue is patient else plan
        found = simulate(used, PEOPLE, [queue], forecast, arrivals, seed=3, cv=0.5, absence=absence)
        hours = 8 if queue is patient else 2
        assert found.days["answered"].mean() == pytest.approx(works * 6 * hours * 60, rel=0.06)


def test_a_skill_set_is_away_as_its_queues_on_average_weighted_by_traffic() -> None:
    other = Queue(id="funds", hours=HOURS, shrinkage=0.1, availability=(Availability(factor=1.5),))
    sets = skill_sets(agents(a=["cards"], b=["cards", "funds"], c=["funds"]), [TRAINED, other])
    starts = pd.DatetimeIndex([at("09:00"), at("10:30")])
    found = shrinkage_of(sets, [TRAINED, other], np.array([3.0, 1.0]), starts)
    away = 1 - (1 - found[..., 0]) * (1 - found[..., 1])
    by_set = {tuple(serves.tolist()): row for serves, row in zip(sets.serves, away, strict=True)}
    assert by_set[True, False] == pytest.approx([0.0, 0.5])
    assert yields(other, starts)[0] == pytest.approx(1.35)
    assert by_set[False, True] == pytest.approx([0.0, 0.0])  # nobody is more than there
    assert by_set[True, True] == pytest.approx([0.0, (3 * 0.5 - 0.35) / 4])


def test_planned_causes_take_the_same_number_in_every_spell_and_unplanned_ones_scatter() -> None:
    spans = work_spans(ALL_DAY, PEOPLE)
    shifts = duty(spans)
    scatter = []
    for planned in (True, False):
        queue = replace(TRAINED, shrinkages=(Shrinkage(cause="away", share=0.5, planned=planned),))
        starts = pd.to_datetime(1800.0 * np.unique(shifts.cell_spell), unit="s", utc=True)
        sets = skill_sets(PEOPLE, [queue])
        away = shrinkage_of(sets, [queue], np.ones(1), starts)
        assert away[0, :, 0 if planned else 1] == pytest.approx(0.5)
        assert away[0, :, 1 if planned else 0] == pytest.approx(0.0)
        share = away[0, shifts.cell_spell - shifts.cell_spell.min()]
        time, _, kind = changes(shifts, share, sets.member, Absence.INDEPENDENT, np.random.default_rng(1))
        steps = pd.Series(np.where(kind == OFF, -1, 1)).groupby(time).sum().cumsum()
        present = steps.reindex(1800.0 * np.unique(shifts.cell_spell)).ffill()
        scatter.append(set(present.astype(int)))
    assert scatter[0] == {3}
    assert len(scatter[1]) > 2
