from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest

from data import documents
from data.defaults import CONTRACTS, PATTERNS
from data.documents import plain
from data.domain import (
    Agent,
    BreakRule,
    Channel,
    Contract,
    OpeningSpan,
    Peak,
    PeakKind,
    Period,
    Queue,
    Recurrence,
    ServiceLevelFormula,
    ShiftPattern,
    Target,
    Wish,
)
from data.shrinkage import Availability, Shrinkage

DAY = date(2026, 11, 23)

QUEUE = Queue(
    id="信用卡/VIP",
    channel=Channel.DEFERRED,
    skill="cards",
    target=Target(
        answer_rate=0.9,
        period=Period.WEEK,
        interval_floor=0.7,
        service_level=0.8,
        threshold_s=20.0,
        service_level_formula=ServiceLevelFormula.F4,
        max_asa_s=30.0,
        max_occupancy=0.85,
        min_agents=2,
        confidence=0.9,
        price_per_contact=1.5,
    ),
    hours=(
        OpeningSpan(weekdays=frozenset({0, 1}), open_min=420, close_min=1500),
        OpeningSpan(weekdays=frozenset({5})),
    ),
    timezone="Asia/Shanghai",
    interval_min=15,
    patience_s=90.0,
    concurrency=3,
    deadline_h=4.0,
    priority=7,
    shrinkage=0.3,
    shrinkages=(
        Shrinkage(
            cause="training", share=0.05, planned=True, weekdays=frozenset({0}), open_min=600, close_min=720
        ),
        Shrinkage(cause="sickness", share=0.08),
    ),
    adherence=0.95,
    availability=(Availability(factor=0.9, open_min=1200, close_min=1500),),
)
PATTERN = ShiftPattern(
    id="late",
    weekdays=frozenset({0, 4}),
    start_earliest_min=600,
    start_latest_min=720,
    start_step_min=15,
    length_min=600,
    breaks=(BreakRule(kind="rest", length_min=15, earliest_min=60, latest_min=90, paid=True),),
    cost_per_h=1.5,
)
CONTRACT = Contract(
    id="part",
    min_h_per_week=10.0,
    max_h_per_week=20.0,
    max_days_per_week=4,
    max_consecutive_days=3,
    min_rest_h=12.0,
    max_consecutive_nights=3,
    min_weekends_off=2,
    max_start_spread_min=60,
    forward_rotation=True,
    min_consecutive_days_off=2,
    patterns=frozenset({"late"}),
    cost_per_h=2.0,
    regular_h_per_day=8.0,
    regular_h_per_week=38.5,
    overtime_pay=1.5,
    rest_day_pay=2.0,
    holiday_pay=3.0,
    night_pay=1.25,
    rule_set="eu_working_time",
)
AGENT = Agent(
    id="A1",
    name="王芳",
    team="north",
    skills=frozenset({"cards", "funds"}),
    contract="part",
    time_off=frozenset({DAY}),
    wishes=(Wish(day=DAY), Wish(day=DAY, pattern="late", weight=2.0)),
    protected_from=DAY,
    protected_until=date(2027, 3, 1),
)
PEAK = Peak(
    id="dividend",
    kind=PeakKind.DIVIDEND,
    dates={DAY: 12000.0, date(2026, 12, 1): None},
    recurrence=Recurrence(
        days_of_month=(5, 31),
        offset_days=20,
        roll="next",
        calendar="CN",
        first=DAY,
        last=date(2027, 1, 1),
    ),
    queues=frozenset({"funds"}),
    lower_days=-1,
    upper_days=2,
    size=500.0,
    expected_uplift=0.3,
    expected_sd=0.1,
)
RULES = [
    Peak(id="rule", kind=PeakKind.SESSION, recurrence=Recurrence(calendar="XSHG", **{kind: True}))
    for kind in ("sessions", "holidays", "makeup_days")
]

CASES: list[tuple[Callable[[Any], dict[str, Any]], Callable[[Mapping[str, Any]], Any], Any]] = [
    (documents.queue_document, documents.queue_from, QUEUE),
    (documents.pattern_document, documents.pattern_from, PATTERN),
    (documents.contract_document, documents.contract_from, CONTRACT),
    (documents.agent_document, documents.agent_from, AGENT),
    (documents.peak_document, documents.peak_from, PEAK),
    *((documents.peak_document, documents.peak_from, peak) for peak in RULES),
    (documents.queue_document, documents.queue_from, Queue(id="plain")),
    *((documents.pattern_document, documents.pattern_from, pattern) for pattern in PATTERNS),
    *((documents.contract_document, documents.contract_from, contract) for contract in CONTRACTS),
]


@pytest.mark.parametrize(("write", "read", "thing"), CASES)
def test_a_thing_comes_back_from_its_json_as_it_was(
    write: Callable[[Any], dict[str, Any]], read: Callable[[Mapping[str, Any]], Any], thing: Any
) -> None:
    assert read(json.loads(json.dumps(write(thing), allow_nan=False))) == thing


@pytest.mark.parametrize("thing", [QUEUE, QUEUE.target, PATTERN, CONTRACT, AGENT, PEAK, PEAK.recurrence])
def test_the_samples_differ_from_the_default_in_every_field_so_that_none_can_be_lost(thing: Any) -> None:
    free = {"sessions", "holidays", "makeup_days"}  # one rule at a time: RULES has them
    # What is not compared the workspace adds: it is no part of the thing.
    for field in (each for each in dataclasses.fields(thing) if each.compare):
        default = (
            field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default
        )
        assert field.name in free or getattr(thing, field.name) != default, field.name


def test_plain_turns_numpy_dates_and_nan_into_what_json_holds() -> None:
    given = {"a": np.array([1.0, np.nan]), "b": (np.int64(3), DAY), 4: {"c": np.float64(np.inf), "d": True}}
    expected = {"a": [1.0, None], "b": [3, "2026-11-23"], "4": {"c": None, "d": True}}
    assert plain(given) == expected
    assert json.loads(json.dumps(plain(given), allow_nan=False)) == expected


def test_plain_refuses_what_json_cannot_hold() -> None:
    with pytest.raises(TypeError, match="JSON cannot hold a set"):
        plain({"a": {1, 2}})


def test_a_peak_saved_before_there_were_guesses_has_none() -> None:
    document = documents.peak_document(PEAK)
    old = {name: value for name, value in document.items() if not name.startswith("expected_")}
    assert documents.peak_from(old) == dataclasses.replace(PEAK, expected_uplift=None, expected_sd=None)


def test_a_queue_saved_before_shrinkage_went_by_cause_has_the_plain_one() -> None:
    new = {"shrinkages", "adherence", "availability"}
    old = {name: value for name, value in documents.queue_document(QUEUE).items() if name not in new}
    plain_queue = dataclasses.replace(QUEUE, shrinkages=(), adherence=1.0, availability=())
    assert documents.queue_from(old) == plain_queue
