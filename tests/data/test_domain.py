"""Every invariant of the domain types: one case that breaks it, one that just does not."""

from __future__ import annotations

import dataclasses
import math
import pickle
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from data import domain, shrinkage
from data.domain import (
    FIRST_DAY,
    LARGEST_SIZE,
    LAST_DAY,
    Agent,
    Assignment,
    Break,
    BreakRule,
    Contract,
    OpeningSpan,
    Outcome,
    Peak,
    PeakKind,
    Queue,
    Recurrence,
    Roster,
    ShiftPattern,
    Status,
    Target,
)
from data.errors import FieldError, InputError
from data.shrinkage import Availability, Shrinkage

DAY = date(2025, 3, 3)
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
LUNCH = BreakRule(kind="lunch", length_min=60, earliest_min=180, latest_min=240)

queue = partial(Queue, id="cards")
training = partial(Shrinkage, cause="training", share=0.1)
late = partial(Availability, factor=0.8, weekdays=frozenset({0}), open_min=1380, close_min=1500)
monthly = partial(Recurrence, days_of_month=(5,))
peak = partial(Peak, id="billing", kind=PeakKind.BILLING, dates={DAY: 1.0})
rest = partial(BreakRule, kind="lunch", length_min=60, earliest_min=180, latest_min=240)
pattern = partial(ShiftPattern, id="early")
contract = partial(Contract, id="full")
agent = partial(Agent, id="a1", skills=frozenset({"cards"}))
shift = partial(
    Assignment, agent_id="a1", day=DAY, pattern="early", start=NOON, end=NOON + timedelta(hours=8)
)
roster = partial(Roster, name="march", first=DAY, days=7, timezone="Asia/Shanghai")

# type, what breaks it, words of the message, what just does not
CASES: list[tuple[partial[object], Mapping[str, object], str, Mapping[str, object]]] = [
    (partial(Target), {"answer_rate": 1.01}, "answer_rate must lie between 0 and 1", {"answer_rate": 1.0}),
    (partial(Target), {"answer_rate": math.nan}, "answer_rate must lie", {"answer_rate": 0.0}),
    (partial(Target), {"answer_rate": 95}, "Give 0.95 for 95 %", {"answer_rate": 0.95}),
    (partial(Target), {"interval_floor": -0.01}, "interval_floor must lie", {"interval_floor": 0.0}),
    (
        partial(Target),
        {"service_level": 1.1, "threshold_s": 20.0},
        "service_level must lie",
        {"service_level": 1.0, "threshold_s": 0.0},
    ),
    (partial(Target), {"max_occupancy": 1.01}, "max_occupancy must lie", {"max_occupancy": 1.0}),
    (partial(Target), {"confidence": -0.1}, "confidence must lie", {"confidence": 0.0}),
    (
        partial(Target),
        {"service_level": 0.8},
        "Give both or neither",
        {"service_level": 0.8, "threshold_s": 20.0},
    ),
    (partial(Target), {"threshold_s": 20.0}, "Give both or neither", {}),
    (
        partial(Target),
        {"service_level": 0.8, "threshold_s": -1.0},
        "threshold_s must not be negative",
        {"service_level": 0.8, "threshold_s": 0.0},
    ),
    (partial(Target), {"max_asa_s": -1.0}, "max_asa_s must not be negative", {"max_asa_s": 0.0}),
    (partial(Target), {"min_agents": -1}, "min_agents must not be negative", {"min_agents": 0}),
    (partial(Target), {"min_agents": 10_001}, "at most 10,000, not 10001", {"min_agents": 10_000}),
    (
        partial(OpeningSpan),
        {"weekdays": frozenset({7})},
        "weekdays are 0 .Monday. to 6",
        {"weekdays": frozenset({6})},
    ),
    (
        partial(OpeningSpan),
        {"open_min": 540, "close_min": 540},
        "must open before they close",
        {"open_min": 540, "close_min": 541},
    ),
    (partial(OpeningSpan), {"open_min": -1}, "must open", {"open_min": 0}),
    (
        partial(OpeningSpan),
        {"open_min": 60, "close_min": 1501},
        "within 24 h",
        {"open_min": 60, "close_min": 1500},
    ),
    (
        partial(OpeningSpan),
        {"open_min": 1440, "close_min": 1500},
        "must open",
        {"open_min": 1439, "close_min": 1500},
    ),
    (queue, {"id": ""}, "a queue needs a name", {"id": "c"}),
    (queue, {"timezone": "Asia/Peking"}, "unknown time zone 'Asia/Peking'", {"timezone": "Asia/Shanghai"}),
    (queue, {"timezone": "Asia"}, "unknown time zone 'Asia'", {"timezone": "UTC"}),
    (queue, {"interval_min": 20}, "queue 'cards': interval_min is 15, 30 or 60", {"interval_min": 15}),
    (queue, {"patience_s": 0.0}, "patience_s must be finite and above 0", {"patience_s": 0.1}),
    (queue, {"concurrency": 0}, "concurrency must be at least 1", {"concurrency": 1}),
    (queue, {"concurrency": 101}, "at most 100, not 101", {"concurrency": 100}),
    (queue, {"deadline_h": 4.0}, "for callback and deferred queues, this one is voice", {"deadline_h": None}),
    (
        partial(queue, channel=domain.Channel.DEFERRED),
        {"deadline_h": 0.0},
        "queue 'cards': deadline_h must be above 0",
        {"deadline_h": 0.25},
    ),
    (
        partial(queue, channel=domain.Channel.CALLBACK),
        {"deadline_h": 8761.0},
        "at most 8760 opening hours, not 8761",
        {"deadline_h": 8760.0},
    ),
    (queue, {"shrinkage": 1.0}, "Give 0.3 for 30 %", {"shrinkage": 0.999}),
    (queue, {"shrinkage": -0.1}, "shrinkage lies in", {"shrinkage": 0.0}),
    (queue, {"adherence": 0.0}, "adherence lies in 0 < x ≤ 1, not 0", {"adherence": 0.01}),
    (queue, {"adherence": 1.01}, "Give 0.95 for 95 %", {"adherence": 1.0}),
    (
        queue,
        {"shrinkages": (training(open_min=540, close_min=660), training(open_min=659, close_min=720))},
        "queue 'cards': two shares of shrinkage 'training' hold at the same time",
        {"shrinkages": (training(open_min=540, close_min=660), training(open_min=660, close_min=720))},
    ),
    (
        queue,
        {"availability": (Availability(factor=0.9), late(weekdays=frozenset({6})))},
        "two availability factors hold at the same time",
        {"availability": (Availability(factor=0.9, weekdays=frozenset(range(1, 7)), open_min=60), late())},
    ),
    (training, {"cause": ""}, "needs a cause", {"cause": "meetings"}),
    (training, {"share": 1.0}, "shrinkage 'training': its share lies in 0 ≤ x < 1", {"share": 0.99}),
    (training, {"share": -0.01}, "Give 0.05 for 5 %", {"share": 0.0}),
    (training, {"weekdays": frozenset({7})}, "weekdays are 0", {"weekdays": frozenset({6})}),
    (late, {"factor": 0.0}, "above 0 and is at most 1.5, not 0", {"factor": 0.01}),
    (late, {"factor": 1.51}, "at most 1.5", {"factor": 1.5}),
    (late, {"factor": math.nan}, "above 0", {"factor": 1.0}),
    (queue, {"hours": ()}, "at least one opening span", {"hours": (OpeningSpan(),)}),
    (
        queue,
        {"hours": (OpeningSpan(open_min=495, close_min=1020),)},
        "its 30 min grid",
        {"hours": (OpeningSpan(open_min=510, close_min=1020),)},
    ),
    (
        queue,
        {"hours": (OpeningSpan(open_min=480, close_min=1030),)},
        "its 30 min grid",
        {"hours": (OpeningSpan(open_min=480, close_min=1035),), "interval_min": 15},
    ),
    (partial(Recurrence), {}, "give exactly one", {"days_of_month": (1,)}),
    (
        partial(Recurrence, calendar="XSHG"),
        {"days_of_month": (1,), "sessions": True},
        "give exactly one",
        {"sessions": True},
    ),
    (monthly, {"days_of_month": (32,)}, "days of the month are 1–31", {"days_of_month": (31,)}),
    (monthly, {"days_of_month": (0, 5)}, "days of the month are 1–31", {"days_of_month": (1, 5)}),
    (
        monthly,
        {"roll": "nearest", "calendar": "CN"},
        "roll is none, next or previous, not 'nearest'",
        {"roll": "next", "calendar": "CN"},
    ),
    (
        monthly,
        {"roll": "previous"},
        "needs a calendar. Give a region such as CN, or an exchange such as XSHG",
        {"roll": "previous", "calendar": "CN"},
    ),
    (
        partial(Recurrence),
        {"sessions": True, "calendar": ""},
        "needs a calendar",
        {"sessions": True, "calendar": "XSHG"},
    ),
    (partial(Recurrence), {"holidays": True}, "needs a calendar", {"holidays": True, "calendar": "CN"}),
    (partial(Recurrence), {"makeup_days": True}, "needs a calendar", {"makeup_days": True, "calendar": "CN"}),
    (
        monthly,
        {"first": DAY, "last": DAY - timedelta(days=1)},
        "lies after its last",
        {"first": DAY, "last": DAY},
    ),
    (monthly, {"offset_days": 367}, "at most 366 days either way, not 367", {"offset_days": 366}),
    (monthly, {"offset_days": -367}, "at most 366 days either way", {"offset_days": -366}),
    (monthly, {"offset_days": 10**9}, "at most 366 days either way", {"offset_days": 0}),
    (monthly, {"first": date(1979, 12, 31)}, "first day: days lie between 1980-01-01", {"first": FIRST_DAY}),
    (monthly, {"last": date(9999, 12, 31)}, "last day: days lie between .* Correct", {"last": LAST_DAY}),
    (peak, {"id": ""}, "a peak needs a name", {"id": "b"}),
    (
        peak,
        {"dates": {}},
        "peak 'billing': give dates or a recurrence",
        {"dates": {}, "recurrence": monthly()},
    ),
    (peak, {"lower_days": 1}, "lower_days ≤ 0 ≤ upper_days", {"lower_days": 0}),
    (peak, {"upper_days": -1}, "lower_days ≤ 0 ≤ upper_days", {"upper_days": 0}),
    (peak, {"lower_days": -61}, "at most 60 days before and after its date, not -61", {"lower_days": -60}),
    (peak, {"upper_days": 61}, "at most 60 days before and after", {"upper_days": 60}),
    (peak, {"upper_days": 100_000}, "at most 60 days before and after", {"upper_days": 1}),
    (peak, {"dates": {date(1, 1, 1): 1.0}}, "days lie between 1980-01-01", {"dates": {FIRST_DAY: 1.0}}),
    (peak, {"dates": {date(2100, 1, 1): 1.0}}, "2099-12-31, not on 2100", {"dates": {LAST_DAY: 1.0}}),
    (peak, {"size": -1.0}, "a size is a number from 0", {"size": 0.0}),
    (peak, {"size": math.inf}, "a size is a number from 0", {"size": LARGEST_SIZE}),
    (peak, {"size": 1e308}, r"to 1e\+15, not 1e\+308", {"size": 1e9}),
    (peak, {"dates": {DAY: math.nan}}, "Leave it out when it is not known", {"dates": {DAY: None}}),
    (peak, {"dates": {DAY: math.inf}}, "a size is a number", {"dates": {DAY: 1e9}}),
    (peak, {"expected_uplift": -1.0}, "a fraction above -1", {"expected_uplift": -0.99}),
    (peak, {"expected_sd": 0.1}, "Give both, or leave it out", {"expected_uplift": 0.3, "expected_sd": 0.1}),
    (peak, {"expected_uplift": 0.3, "expected_sd": 0.0}, "is above 0", {"expected_uplift": 0.3}),
    (peak, {"expected_uplift": 101.0}, "above -1, at most 100, not 101", {"expected_uplift": 100.0}),
    (rest, {"length_min": 0}, "break 'lunch': its length must be above 0", {"length_min": 1}),
    (rest, {"earliest_min": 241}, "earliest_min ≤ latest_min", {"earliest_min": 240}),
    (rest, {"earliest_min": -1}, "earliest_min ≤ latest_min", {"earliest_min": 0}),
    (pattern, {"id": ""}, "a pattern needs a name", {"id": "e"}),
    (pattern, {"weekdays": frozenset()}, "weekdays are 0", {"weekdays": frozenset({0})}),
    (pattern, {"weekdays": frozenset({-1})}, "weekdays are 0", {"weekdays": frozenset({6})}),
    (
        pattern,
        {"start_earliest_min": 601},
        "pattern 'early': starts lie within one day",
        {"start_earliest_min": 600},
    ),
    (pattern, {"start_latest_min": 1440}, "starts lie within one day", {"start_latest_min": 1439}),
    (pattern, {"start_earliest_min": -1}, "starts lie within one day", {"start_earliest_min": 0}),
    (pattern, {"start_step_min": 0}, "start_step_min must be above 0", {"start_step_min": 1}),
    (pattern, {"length_min": 0}, "length_min lies in 1–1440", {"length_min": 1}),
    (pattern, {"length_min": 1441}, "length_min lies in 1–1440", {"length_min": 1440}),
    (pattern, {"cost_per_h": -0.1}, "cost_per_h must not be negative", {"cost_per_h": 0.0}),
    (
        pattern,
        {"length_min": 299, "breaks": (LUNCH,)},
        "may end after the shift. Lower its latest_min",
        {"length_min": 300, "breaks": (LUNCH,)},
    ),
    (
        pattern,
        {"length_min": 361, "breaks": (LUNCH,) * 7},
        "pattern 'early': its breaks are as long as the shift",
        {"length_min": 421, "breaks": (LUNCH,) * 7},
    ),
    (contract, {"id": ""}, "a contract needs a name", {"id": "f"}),
    (contract, {"min_h_per_week": 40.5}, "0 ≤ min_h_per_week ≤ max_h_per_week", {"min_h_per_week": 40.0}),
    (contract, {"min_h_per_week": -1.0}, "0 ≤ min_h_per_week", {"min_h_per_week": 0.0}),
    (contract, {"max_h_per_week": 169.0}, "≤ 168", {"max_h_per_week": 168.0}),
    (contract, {"max_days_per_week": 8}, "max_days_per_week lies in 0–7", {"max_days_per_week": 7}),
    (contract, {"max_days_per_week": -1}, "max_days_per_week lies in 0–7", {"max_days_per_week": 0}),
    (contract, {"max_consecutive_days": 0}, "max_consecutive_days must be", {"max_consecutive_days": 1}),
    (contract, {"min_rest_h": 24.5}, "min_rest_h lies in 0–24", {"min_rest_h": 24.0}),
    (contract, {"min_rest_h": -1.0}, "min_rest_h lies in 0–24", {"min_rest_h": 0.0}),
    (
        contract,
        {"max_consecutive_nights": -1},
        "max_consecutive_nights is not negative",
        {"max_consecutive_nights": 0},
    ),
    (
        contract,
        {"max_start_spread_min": -1},
        "max_start_spread_min is not negative",
        {"max_start_spread_min": 0},
    ),
    (contract, {"min_weekends_off": 5}, "min_weekends_off lies in 0–4", {"min_weekends_off": 4}),
    (contract, {"min_weekends_off": -1}, "min_weekends_off lies in 0–4", {"min_weekends_off": 0}),
    (
        contract,
        {"min_consecutive_days_off": 0},
        "min_consecutive_days_off lies in 1–7",
        {"min_consecutive_days_off": 1},
    ),
    (
        contract,
        {"min_consecutive_days_off": 8},
        "min_consecutive_days_off lies in 1–7",
        {"min_consecutive_days_off": 7},
    ),
    (contract, {"cost_per_h": math.inf}, "cost_per_h must not be negative or endless", {"cost_per_h": 0.0}),
    (agent, {"id": ""}, "an agent needs an agent_id", {"id": "a"}),
    (agent, {"skills": frozenset()}, "agent 'a1': give at least one skill", {"skills": frozenset({"x"})}),
    (shift, {"start": datetime(2025, 3, 3, 12)}, "shift times need a time zone", {"start": NOON}),  # noqa: DTZ001 - that is the fault
    (shift, {"end": NOON}, "the shift ends before it starts", {"end": NOON + timedelta(minutes=1)}),
    (
        # The wall clock runs forward here, time does not: 02:30 comes twice, the second time first.
        shift,
        {
            "start": datetime(2025, 10, 26, 2, 30, tzinfo=BERLIN, fold=1),
            "end": datetime(2025, 10, 26, 2, 45, tzinfo=BERLIN, fold=0),
        },
        "the shift ends before it starts",
        {
            "start": datetime(2025, 10, 26, 2, 45, tzinfo=BERLIN, fold=0),
            "end": datetime(2025, 10, 26, 2, 30, tzinfo=BERLIN, fold=1),
        },
    ),
    (roster, {"timezone": "Nowhere"}, "unknown time zone", {"timezone": "Asia/Hong_Kong"}),
    (roster, {"days": 0}, "the horizon has at least one day", {"days": 1}),
]


def _label(case: tuple[partial[object], Mapping[str, object], str, Mapping[str, object]]) -> str:
    return f"{case[0].func.__name__}-{'-'.join(case[1]) or 'bare'}"  # type: ignore[attr-defined] - partial of a class


@pytest.mark.parametrize(("build", "broken", "message", "_whole"), CASES, ids=map(_label, CASES))
def test_a_broken_invariant_is_an_input_error_with_its_repair(
    build: partial[object], broken: Mapping[str, object], message: str, _whole: Mapping[str, object]
) -> None:
    with pytest.raises(InputError, match=message):
        build(**broken)


@pytest.mark.parametrize(("build", "broken", "_message", "_whole"), CASES, ids=map(_label, CASES))
def test_an_error_names_the_field_it_is_about(
    build: partial[object], broken: Mapping[str, object], _message: str, _whole: Mapping[str, object]
) -> None:
    fields = {field.name for field in dataclasses.fields(build.func)}  # type: ignore[arg-type] - they all are
    spans = {field.name for field in dataclasses.fields(OpeningSpan)}
    with pytest.raises(InputError) as error:
        build(**broken)
    if "timezone" not in broken:
        assert isinstance(error.value, FieldError)
        assert error.value.field in (fields | spans if "hours" in broken else fields)
        assert pickle.loads(pickle.dumps(error.value)).field == error.value.field  # noqa: S301 - our own


@pytest.mark.parametrize(("build", "_broken", "_message", "whole"), CASES, ids=map(_label, CASES))
def test_a_value_that_just_keeps_the_invariant_passes(
    build: partial[object], _broken: Mapping[str, object], _message: str, whole: Mapping[str, object]
) -> None:
    made = build(**whole)
    assert {name: getattr(made, name) for name in whole} == dict(whole)


def test_every_type_with_invariants_has_a_case() -> None:
    guarded = {
        kind
        for kind in (*vars(domain).values(), *vars(shrinkage).values())
        if dataclasses.is_dataclass(kind)
        and hasattr(kind, "__post_init__")
        and kind.__module__.startswith((domain.__name__, shrinkage.__name__))
    }
    assert guarded == {case[0].func for case in CASES}


@pytest.mark.parametrize(
    "kind",
    [kind for kind in vars(domain).values() if dataclasses.is_dataclass(kind)],
    ids=lambda kind: kind.__name__,
)
def test_domain_types_are_frozen_and_take_named_arguments_only(kind: type) -> None:
    parameters = kind.__dataclass_params__  # type: ignore[attr-defined] - set by the decorator
    assert parameters.frozen
    assert all(field.kw_only for field in dataclasses.fields(kind))


def test_a_queue_without_skill_needs_the_skill_of_its_name() -> None:
    assert queue().skill == "cards"
    assert queue(skill="voice").skill == "voice"


def test_an_agent_without_name_bears_the_id() -> None:
    assert agent().name == "a1"
    assert agent(name="Li Wei").name == "Li Wei"


def test_paid_minutes_leave_out_unpaid_breaks_only() -> None:
    tea = BreakRule(kind="tea", length_min=15, earliest_min=60, latest_min=120, paid=True)
    assert pattern(length_min=540, breaks=(LUNCH, tea)).paid_min == 480


def test_paid_time_leaves_out_unpaid_breaks_only() -> None:
    lunch = Break(kind="lunch", start=NOON, end=NOON + timedelta(hours=1), paid=False)
    tea = Break(kind="tea", start=NOON, end=NOON + timedelta(minutes=15), paid=True)
    assert shift(breaks=(lunch, tea)).paid == timedelta(hours=7)


def test_paid_time_counts_the_hour_that_comes_twice() -> None:
    start, end = (datetime(2025, 10, 26, hour, tzinfo=BERLIN) for hour in (0, 8))
    assert shift(start=start, end=end).paid == timedelta(hours=9)


def test_the_last_day_of_a_roster_is_in_its_horizon() -> None:
    assert roster(days=1).last == DAY
    assert roster(days=28).last == date(2025, 3, 30)


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(100.0, 90.0, 0.1), (100.0, 100.0, 0.0), (0.0, 0.0, 0.0), (None, 90.0, None), (100.0, None, None)],
)
def test_the_gap_is_the_unproven_share_of_the_objective(
    objective: float | None, bound: float | None, gap: float | None
) -> None:
    outcome = Outcome(status=Status.FEASIBLE, objective=objective, bound=bound, runtime_s=1.0, value=None)
    assert outcome.gap == (gap if gap is None else pytest.approx(gap))


@pytest.mark.parametrize("name", ["Asia/Shanghai", "UTC", "America/Argentina/Buenos_Aires"])
def test_a_zone_is_known_by_its_iana_name(name: str) -> None:
    assert str(domain.zone(name)) == name


@pytest.mark.parametrize("name", ["", "Asia", "asia/shanghai", "../etc/passwd", "/etc/localtime", "中国"])
def test_what_is_no_zone_is_an_input_error(name: str) -> None:
    with pytest.raises(InputError, match="Give an IANA name"):
        domain.zone(name)
