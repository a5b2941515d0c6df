from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.domain import Agent, Assignment, Contract, OpeningSpan, Queue, ShiftPattern, Target
from data.errors import InputError, UnknownNameError
from data.schema import COVERAGE, check
from scheduling.coverage import coverage
from scheduling.curves import answer_curves
from scheduling.erlang import erlang_a
from scheduling.evaluate import evaluate
from scheduling.presence import people_per_slot, skill_sets, work_spans
from scheduling.requirement import requirement
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import agents, at, roster, shift

HOURS = (OpeningSpan(open_min=480, close_min=960),)
CARDS = Queue(id="cards", hours=HOURS)
FUNDS = Queue(id="funds", hours=HOURS)


def present(*shifts: Assignment, skills: Sequence[str] = ("cards",), step_min: int = 30) -> np.ndarray:
    people = agents(a=skills, b=skills)
    spans = work_spans(roster(*shifts), people)
    sets = skill_sets(people, [CARDS])
    return people_per_slot(
        spans, sets, origin_s=at("08:00").timestamp(), step_s=60.0 * step_min, slots=480 // step_min
    )[0]


def test_people_are_present_in_their_shifts_and_not_in_their_breaks() -> None:
    found = present(shift("a", "08:00-12:00", "09:00-09:30"), shift("b", "09:00-16:00"))
    assert found.tolist() == [1, 1, 1, 2, 2, 2, 2, 2, *[1] * 8]


def test_a_paid_break_is_a_break_too() -> None:
    paid = present(shift("a", "08:00-10:00", "09:00-10:00", paid_breaks=True))
    assert paid.sum() == present(shift("a", "08:00-10:00", "09:00-10:00")).sum() == 2


def test_part_of_a_slot_counts_in_part() -> None:
    found = present(shift("a", "08:00-09:00", "08:40-08:55"))
    assert found[:3] == pytest.approx([1.0, 0.5, 0.0])


def test_what_lies_outside_the_grid_is_left_out() -> None:
    assert present(shift("a", "06:00-09:00"), shift("b", "15:30-23:00")).sum() == 3


def test_a_shift_past_midnight_counts_on_the_next_day() -> None:
    night = Queue(id="night", hours=(OpeningSpan(open_min=1320, close_min=1560),))
    forecast = flat_forecast(night, 4.0, days=2)
    people = agents(a=["night"])
    found = coverage(roster(shift("a", "22:00-01:00"), days=2), people, [night], forecast)
    staffed = found.loc[found["rostered"] > 0, "start"]
    assert staffed.tolist() == list(
        pd.date_range("2026-03-02 22:00", "2026-03-03 00:30", freq="30min", tz="UTC")
    )


def test_one_queue_is_answered_as_erlang_a_says() -> None:
    queue = Queue(id="cards", hours=HOURS, shrinkage=0.2)
    forecast = flat_forecast(queue, 12.0)
    people = agents(**{f"p{i}": ["cards"] for i in range(5)})
    found = coverage(roster(*(shift(f"p{i}", "08:00-12:00") for i in range(5))), people, [queue], forecast)
    assert check(found, COVERAGE) == []
    staffed = found["start"] < at("12:00")
    assert found.loc[staffed, "rostered"].to_numpy() == pytest.approx(4.0)
    expected = erlang_a(12.0 * 240.0 / 1800.0, 4, 240.0, queue.patience_s)
    assert found.loc[staffed, "answer_rate"].to_numpy() == pytest.approx(
        float(expected.answer_rate), abs=0.0005
    )
    assert found.loc[staffed, "service_level"].to_numpy() == pytest.approx(float(expected.answered_in_time))
    assert found.loc[staffed, "occupancy"].to_numpy() == pytest.approx(float(expected.occupancy))
    assert found.loc[~staffed, ["rostered", "answered", "answer_rate", "occupancy"]].to_numpy().max() == 0
    assert found["required"].tolist() == requirement(queue, forecast)["agents"].tolist()
    steady = found.loc[staffed, "answered_carried"].to_numpy()
    assert steady == pytest.approx(found.loc[staffed, "answered"].to_numpy(), rel=0.0006)


def test_callers_left_waiting_cost_the_next_interval_what_its_curve_cannot_know() -> None:
    queue = Queue(id="cards", hours=HOURS, patience_s=1800.0)
    people = agents(**{f"p{i}": ["cards"] for i in range(8)})
    early = [shift(f"p{i}", "08:00-09:00") for i in range(4)]
    late = [shift(f"p{i}", "09:30-12:00") for i in range(4, 8)]
    forecast = flat_forecast(queue, 24.0)
    found = coverage(roster(*early, *late), people, [queue], forecast).set_index("start")
    lost = found["answered"] - found["answered_carried"]
    assert lost[at("08:30")] == pytest.approx(0.0, abs=0.01)
    assert lost[at("09:30")] > 1.0
    assert 0.0 < lost[at("10:00")] < lost[at("09:30")]


def test_finer_curves_give_each_part_its_own_people() -> None:
    forecast = flat_forecast(CARDS, 12.0)
    curves = answer_curves(CARDS, forecast, step_min=15)
    people = agents(a=["cards"], b=["cards"])
    found = coverage(
        roster(shift("a", "08:00-08:15"), shift("b", "08:00-08:30")), people, [CARDS], forecast, curves
    )
    assert found["rostered"].tolist()[:3] == [2.0, 1.0, 0.0]
    assert found["offered"].tolist()[:2] == [6.0, 6.0]


def test_queues_of_unlike_intervals_share_people_on_the_finer_grid() -> None:
    quick = Queue(id="quick", interval_min=15, hours=HOURS)
    forecast = pd.concat([flat_forecast(CARDS, 12.0), flat_forecast(quick, 6.0)], ignore_index=True)
    people = agents(a=["cards", "quick"], b=["cards"])
    found = coverage(
        roster(shift("a", "08:00-16:00"), shift("b", "08:00-16:00")), people, [CARDS, quick], forecast
    )
    assert found.groupby("queue").size().to_dict() == {"cards": 16, "quick": 32}
    # Two people, whatever the split: half-hours count twice the quarter-hours.
    assert 2 * found.loc[found["queue"] == "cards", "rostered"].sum() + found.loc[
        found["queue"] == "quick", "rostered"
    ].sum() == pytest.approx(2 * 32)


def test_people_with_a_foreign_skill_cover_nothing() -> None:
    found = coverage(
        roster(shift("a", "08:00-16:00")), agents(a=["mortgages"]), [CARDS], flat_forecast(CARDS, 12.0)
    )
    assert found["rostered"].max() == 0


def test_days_are_local_and_met_by_their_answer_rate() -> None:
    queue = Queue(id="cards", timezone="Asia/Shanghai", interval_min=60, target=Target(answer_rate=0.9))
    forecast = flat_forecast(queue, 6.0, days=2)
    people = agents(**{f"p{i}": ["cards"] for i in range(3)})
    # All of the first local day, which is 16:00 UTC the day before to 16:00 UTC.
    plan = roster(*(shift(f"p{i}", "16:00-16:00", day=-1) for i in range(3)))
    found = evaluate(plan, people, [queue], forecast).days
    assert found["date"].tolist() == [pd.Timestamp(date(2026, 3, 2)), pd.Timestamp(date(2026, 3, 3))]
    assert found["met"].tolist() == [True, False]
    assert found["offered"].tolist() == pytest.approx([144.0, 144.0])
    assert found["answer_rate"].iloc[0] == pytest.approx(found["answered"].iloc[0] / 144.0)
    assert found["answer_rate"].iloc[1] == 0


def test_a_day_without_contacts_is_met() -> None:
    found = evaluate(roster(), [], [CARDS], flat_forecast(CARDS, 0.0)).days
    assert found[["answer_rate", "met"]].to_numpy().tolist() == [[1.0, True]]


def test_hours_are_paid_hours_and_cost_is_by_contract_and_pattern() -> None:
    people = [
        Agent(id="a", skills=frozenset({"cards"}), contract="full"),
        Agent(id="b", skills=frozenset({"cards"}), contract="part"),
    ]
    plan = roster(
        shift("a", "08:00-16:00", "12:00-13:00"),
        shift("b", "08:00-12:00", "10:00-10:15", paid_breaks=True, pattern="late"),
    )
    found = evaluate(
        plan,
        people,
        [CARDS],
        flat_forecast(CARDS, 2.0),
        contracts=[Contract(id="full", cost_per_h=20.0), Contract(id="part", cost_per_h=15.0)],
        patterns=[ShiftPattern(id="early"), ShiftPattern(id="late", cost_per_h=1.5)],
    )
    assert found.hours.to_dict("list") == {"agent_id": ["a", "b"], "shifts": [1, 1], "paid_h": [7.0, 4.0]}
    assert found.paid_h == 11.0
    assert found.cost == pytest.approx(7 * 20.0 + 4 * 15.0 * 1.5)
    assert evaluate(plan, people, [CARDS], flat_forecast(CARDS, 2.0)).cost == pytest.approx(11.0)


def test_an_unknown_person_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown agent 'x'\. Known: a"):
        coverage(roster(shift("x", "08:00-16:00")), agents(a=["cards"]), [CARDS], flat_forecast(CARDS, 2.0))


def test_an_unknown_contract_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown contract 'standard'"):
        evaluate(
            roster(shift("a", "08:00-16:00")),
            agents(a=["cards"]),
            [CARDS],
            flat_forecast(CARDS, 2.0),
            contracts=[Contract(id="full")],
        )


def test_a_queue_without_curves_is_refused() -> None:
    forecast = flat_forecast(CARDS, 2.0)
    with pytest.raises(InputError, match="queue 'funds': there is no answer curve of it"):
        coverage(roster(), [], [FUNDS], forecast, answer_curves(CARDS, forecast))


def test_steps_that_do_not_divide_each_other_are_refused() -> None:
    quick = Queue(id="quick", interval_min=15, hours=HOURS)
    forecast = pd.concat([flat_forecast(CARDS, 12.0), flat_forecast(quick, 6.0)], ignore_index=True)
    curves = pd.concat([answer_curves(CARDS, forecast, step_min=10), answer_curves(quick, forecast)])
    with pytest.raises(InputError, match="queue 'quick': its curves' step of 15 min does not fit"):
        coverage(roster(), [], [CARDS, quick], forecast, curves)


def test_a_requirement_of_another_forecast_is_refused() -> None:
    forecast = flat_forecast(CARDS, 12.0, days=2)
    needed = requirement(CARDS, flat_forecast(CARDS, 12.0))
    with pytest.raises(InputError, match="queue 'cards': the requirement has no interval at 2026-03-03"):
        coverage(roster(), [], [CARDS], forecast, requirement=needed)


def test_answered_never_exceeds_offered_in_a_random_centre() -> None:
    rng = np.random.default_rng(4)
    forecast = pd.concat(
        [flat_forecast(queue, 20.0, over=0.2) for queue in (CARDS, FUNDS)], ignore_index=True
    )
    people = agents(
        **{f"p{i}": [["cards"], ["funds"], ["cards", "funds"]][i % 3] for i in range(12)},
    )
    shifts = [shift(name.id, f"{8 + rng.integers(4):02d}:00-{13 + rng.integers(3)}:00") for name in people]
    found = coverage(roster(*shifts), people, [CARDS, FUNDS], forecast)
    assert (found["answered"] <= found["offered"] + 1e-9).all()
    assert check(found, COVERAGE) == []
