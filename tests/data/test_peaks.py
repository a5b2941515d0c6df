from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

import chinese_calendar
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.calendars import trading_sessions, work_days
from data.domain import FIRST_DAY, LARGEST_SIZE, LAST_DAY, Peak, PeakKind, Recurrence
from data.errors import InputError, UnknownNameError
from data.peaks import day_effects, expand, for_queue
from data.schema import OCCURRENCES, check, empty
from tests.oracles.peak_dates import occurrences as plain_occurrences

LAST_NOTICE = max(chinese_calendar.holidays).year
YEAR_2025 = (date(2025, 1, 1), date(2025, 12, 31))

billing = partial(Peak, id="billing", kind=PeakKind.BILLING)
dated = partial(billing, dates={date(2025, 3, 10): 5.0})


def dates(peak: Peak, first: date, last: date) -> list[str]:
    return [f"{day:%m-%d}" for day in expand([peak], first, last)["date"]]


def row(peak: Peak, first: date, last: date) -> dict[str, object]:
    (found,) = expand([peak], first, last).to_dict("records")
    return {str(name): value for name, value in found.items()}


def test_statements_on_5_12_and_20_are_repaid_20_days_later_on_the_next_working_day() -> None:
    cohorts = (5, 12, 20)
    statement = billing(id="statement", recurrence=Recurrence(days_of_month=cohorts), size=40_000.0)
    repayment = Peak(
        id="repayment",
        kind=PeakKind.REPAYMENT,
        recurrence=Recurrence(days_of_month=cohorts, offset_days=20, roll="next", calendar="CN"),
        size=40_000.0,
        lower_days=-2,
        upper_days=1,
        queues=frozenset({"cards"}),
    )
    frame = expand([statement, repayment], date(2025, 9, 25), date(2026, 3, 12))
    found = {name: [f"{day:%Y-%m-%d}" for day in of_peak["date"]] for name, of_peak in frame.groupby("peak")}
    assert found["statement"] == [
        f"{month}-{day}"
        for month in ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02")
        for day in ("05", "12", "20")
    ] + ["2026-03-05", "2026-03-12"]
    assert found["repayment"] == [
        "2025-09-25",
        "2025-10-09",  # 2 October lies in National Day's week, which ends on the 8th
        "2025-10-10",
        "2025-10-27",  # a Saturday
        "2025-11-03",
        "2025-11-10",
        "2025-11-25",
        "2025-12-02",
        "2025-12-10",
        "2025-12-25",
        "2026-01-04",  # New Year's Day; Sunday the 4th is worked for it
        "2026-01-09",
        "2026-01-26",
        "2026-02-02",
        "2026-02-09",
        "2026-02-25",
        "2026-03-04",
        "2026-03-12",
    ]
    assert set(frame["size"]) == {40_000.0}
    assert not frame["provisional"].any()
    assert check(frame, OCCURRENCES) == []


@pytest.mark.parametrize(("roll", "day"), [("next", "02-24"), ("previous", "02-14")])
def test_cohorts_that_meet_after_or_before_spring_festival_are_one_occurrence_of_their_joint_size(
    roll: str, day: str
) -> None:
    rule = Recurrence(days_of_month=(15, 18, 20), roll=roll, calendar="CN")
    peak = billing(recurrence=rule, size=1000.0)
    assert dates(peak, date(2026, 2, 10), date(2026, 2, 28)) == [day]
    assert row(peak, date(2026, 2, 10), date(2026, 2, 28))["size"] == 3000.0


def test_a_rule_moves_to_a_session_when_its_calendar_is_an_exchange() -> None:
    rule = partial(
        Recurrence, days_of_month=(28,), roll="next"
    )  # Sunday 28 September 2025 is worked, not traded
    september = date(2025, 9, 20), date(2025, 10, 5)
    assert dates(billing(recurrence=rule(calendar="CN")), *september) == ["09-28"]
    assert dates(billing(recurrence=rule(calendar="XSHG")), *september) == ["09-29"]


def test_a_rule_without_roll_stays_on_its_day_and_is_never_provisional() -> None:
    peak = billing(recurrence=Recurrence(days_of_month=(1,), calendar="CN"))
    found = row(peak, date(LAST_NOTICE + 1, 1, 1), date(LAST_NOTICE + 1, 1, 31))
    assert found["date"] == pd.Timestamp(LAST_NOTICE + 1, 1, 1)
    assert found["provisional"] == 0


@pytest.mark.parametrize(
    ("month", "days", "expected"),
    [
        ((2025, 2), (31,), ["02-28"]),
        ((2024, 2), (31,), ["02-29"]),
        ((2024, 2), (30,), ["02-29"]),
        ((2025, 4), (31,), ["04-30"]),
        ((2025, 1), (30, 31), ["01-30", "01-31"]),
        ((2025, 1), (7, 7), ["01-07"]),
    ],
)
def test_a_day_a_month_lacks_is_its_last_day(
    month: tuple[int, int], days: tuple[int, ...], expected: list[str]
) -> None:
    last = (pd.Timestamp(*month, 1) + pd.offsets.MonthEnd()).date()
    assert dates(billing(recurrence=Recurrence(days_of_month=days)), date(*month, 1), last) == expected


def test_two_anchors_on_the_last_day_of_a_short_month_add_their_sizes() -> None:
    peak = billing(recurrence=Recurrence(days_of_month=(30, 31)), size=10.0)
    february, march = (row(peak, day, day)["size"] for day in (date(2025, 2, 28), date(2025, 3, 31)))
    assert (february, march) == (20.0, 10.0)


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(-7, ["12-29", "01-29"]), (0, ["01-05", "02-05"]), (30, ["01-04", "02-04"]), (365, ["01-05", "02-05"])],
)
def test_an_offset_counts_calendar_days_from_the_anchor_across_months_and_years(
    offset: int, expected: list[str]
) -> None:
    peak = billing(recurrence=Recurrence(days_of_month=(5,), offset_days=offset))
    assert dates(peak, date(2025, 12, 20), date(2026, 2, 10))[-2:] == expected


def test_sessions_holidays_and_makeup_days_are_the_calendars() -> None:
    days = work_days("CN", *YEAR_2025)
    sessions = expand([billing(recurrence=Recurrence(sessions=True, calendar="XSHG"))], *YEAR_2025)
    holidays = expand([billing(recurrence=Recurrence(holidays=True, calendar="CN"))], *YEAR_2025)
    makeup = expand([billing(recurrence=Recurrence(makeup_days=True, calendar="CN"))], *YEAR_2025)
    assert sessions["date"].to_list() == trading_sessions("XSHG", *YEAR_2025)["date"].to_list()
    assert holidays["date"].to_list() == days.loc[days["holiday"].notna(), "date"].to_list()
    assert makeup["date"].to_list() == days.loc[days["makeup"], "date"].to_list()


def test_the_first_working_day_after_each_holiday_can_be_a_rule() -> None:
    rule = Recurrence(holidays=True, offset_days=1, roll="next", calendar="CN")
    assert dates(billing(recurrence=rule), *YEAR_2025) == [
        "01-02",
        "02-05",
        "04-07",
        "05-06",
        "06-03",
        "10-09",
    ]


def test_a_dated_occurrence_takes_the_place_of_a_recurring_one_on_its_day() -> None:
    rule = Recurrence(days_of_month=(1, 9), roll="next", calendar="CN")
    peak = billing(
        recurrence=rule,
        size=100.0,
        dates={date(2025, 10, 9): 7.0, date(2025, 9, 9): None, date(2025, 9, 10): 1.0},
    )
    frame = expand([peak], date(2025, 9, 1), date(2025, 10, 31))
    sizes = {f"{day:%m-%d}": size for day, size in zip(frame["date"], frame["size"], strict=True)}
    assert sizes == pytest.approx({"09-01": 100.0, "09-09": np.nan, "09-10": 1.0, "10-09": 7.0}, nan_ok=True)


def test_given_dates_are_neither_moved_nor_provisional() -> None:
    holiday = date(LAST_NOTICE + 1, 1, 1)
    rule = Recurrence(days_of_month=(20,), roll="next", calendar="CN")
    found = row(billing(dates={holiday: None}, recurrence=rule), holiday, holiday)
    assert found["date"] == pd.Timestamp(holiday)
    assert found["provisional"] == 0


@pytest.mark.parametrize(
    ("rule", "provisional"),
    [
        # New Year's Day itself is not official yet, so neither is the working day it moves to.
        (Recurrence(days_of_month=(1,), roll="previous", calendar="CN"), 1),
        (Recurrence(days_of_month=(31,), roll="previous", calendar="CN"), 0),
        (Recurrence(days_of_month=(1,), offset_days=-1, roll="previous", calendar="CN"), 0),
        (Recurrence(days_of_month=(1,), roll="previous", calendar="XSHG"), 1),
    ],
)
def test_a_date_is_provisional_when_a_calendar_day_it_hangs_on_is(rule: Recurrence, provisional: int) -> None:
    eve = date(LAST_NOTICE, 12, 31)
    assert row(billing(recurrence=rule), eve, eve)["provisional"] == provisional


def test_sessions_and_holidays_of_years_to_come_are_provisional() -> None:
    january = date(LAST_NOTICE + 1, 1, 1), date(LAST_NOTICE + 1, 1, 31)
    for rule in (Recurrence(sessions=True, calendar="XSHG"), Recurrence(holidays=True, calendar="CN")):
        assert expand([billing(recurrence=rule)], *january)["provisional"].eq(1).all()


@pytest.mark.parametrize("recurs", [False, True])
@pytest.mark.parametrize(
    ("day", "touches"),
    [
        (date(2025, 3, 7), False),
        (date(2025, 3, 8), True),
        (date(2025, 3, 13), True),
        (date(2025, 3, 14), False),
    ],
)
def test_an_occurrence_counts_when_any_day_of_its_window_touches_the_span(
    *, recurs: bool, day: date, touches: bool
) -> None:
    window = {"lower_days": -2, "upper_days": 3}
    rule = Recurrence(days_of_month=(10,))
    peak = billing(recurrence=rule, **window) if recurs else dated(**window)
    assert dates(peak, day, day) == (["03-10"] if touches else [])


def test_a_rule_holds_for_anchors_from_its_first_to_its_last_day() -> None:
    rule = Recurrence(
        days_of_month=(5,),
        offset_days=20,
        roll="next",
        calendar="CN",
        first=date(2025, 2, 5),
        last=date(2025, 4, 5),
    )
    assert dates(billing(recurrence=rule), *YEAR_2025) == ["02-25", "03-25", "04-25"]


def test_a_rule_that_has_ended_gives_nothing() -> None:
    rule = Recurrence(days_of_month=(5,), last=date(2020, 1, 1))
    assert expand([billing(recurrence=rule)], *YEAR_2025).empty


def test_occurrences_come_by_peak_and_date_with_their_queues_and_windows() -> None:
    late = dated(id="b", queues=frozenset({"wealth", "cards"}), upper_days=2)
    early = Peak(id="a", kind=PeakKind.DIVIDEND, dates={date(2025, 5, 1): None, date(2025, 4, 1): 2.0})
    frame = expand([late, early], *YEAR_2025)
    assert check(frame, OCCURRENCES) == []
    assert frame["peak"].to_list() == ["a", "a", "b"]
    assert [f"{day:%m}" for day in frame["date"]] == ["04", "05", "03"]
    assert frame["kind"].to_list() == ["dividend", "dividend", "billing"]
    assert frame["queues"].to_list() == ["", "", "cards;wealth"]
    assert frame["upper_days"].to_list() == [0, 0, 2]


def test_no_peaks_and_peaks_out_of_span_give_an_empty_frame_of_the_schema() -> None:
    pd.testing.assert_frame_equal(expand([], *YEAR_2025), empty(OCCURRENCES))
    pd.testing.assert_frame_equal(expand([dated()], date(2024, 1, 1), date(2024, 12, 31)), empty(OCCURRENCES))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            Recurrence(sessions=True, calendar="CN"),
            "peak 'billing': sessions need an exchange, not the region CN",
        ),
        (
            Recurrence(holidays=True, calendar="XSHG"),
            "peak 'billing': holidays and make-up days need a region",
        ),
        (Recurrence(makeup_days=True, calendar="XNYS"), "not the exchange XNYS"),
    ],
)
def test_a_calendar_of_the_wrong_kind_is_an_input_error_that_names_the_peak(
    rule: Recurrence, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        expand([billing(recurrence=rule)], *YEAR_2025)


@pytest.mark.parametrize(
    "rule",
    [
        Recurrence(sessions=True, calendar="XSHG"),
        Recurrence(sessions=True, calendar="XNYS", roll="next", offset_days=366),
        Recurrence(days_of_month=(1, 31), calendar="XSHG", roll="previous", offset_days=-366),
        Recurrence(holidays=True, calendar="CN", roll="next", offset_days=366),
    ],
)
@pytest.mark.parametrize("first", [FIRST_DAY, LAST_DAY - timedelta(days=366)])
def test_rules_can_be_told_at_either_end_of_the_days_anything_is_said_of(
    rule: Recurrence, first: date
) -> None:
    peak = billing(recurrence=rule, lower_days=-60, upper_days=60, size=LARGEST_SIZE)
    found = expand([peak], first, first + timedelta(days=366))
    assert check(found, OCCURRENCES) == []


def test_an_unknown_calendar_is_an_unknown_name_that_names_the_peak() -> None:
    rule = Recurrence(days_of_month=(5,), roll="next", calendar="SHSE")
    with pytest.raises(
        UnknownNameError, match=r"unknown calendar 'SHSE'.*Correct the calendar of peak 'billing'"
    ):
        expand([billing(recurrence=rule)], *YEAR_2025)


def test_two_peaks_of_one_name_are_an_input_error() -> None:
    with pytest.raises(InputError, match="peak 'billing' is given more than once"):
        expand([dated(), dated()], *YEAR_2025)


def test_a_first_day_after_the_last_is_an_input_error() -> None:
    with pytest.raises(InputError, match="Swap them"):
        expand([dated()], date(2025, 1, 2), date(2025, 1, 1))


def test_timestamps_are_taken_as_their_days() -> None:
    stamps = pd.Timestamp("2025-03-10 12:00"), pd.Timestamp("2025-03-10 13:00")
    assert dates(dated(), *stamps) == ["03-10"]


@st.composite
def peaks(draw: st.DrawFn) -> Peak:
    options: list[Mapping[str, object]] = [
        {"days_of_month": tuple(draw(st.lists(st.integers(1, 31), min_size=1, max_size=4)))},
        {"sessions": True, "calendar": "XSHG"},
        {"holidays": True, "calendar": "CN"},
        {"makeup_days": True, "calendar": "CN"},
    ]
    chosen = dict(draw(st.sampled_from(options)))
    roll = draw(st.sampled_from(["none", "next", "previous"]))
    if roll != "none":
        chosen.setdefault("calendar", draw(st.sampled_from(["CN", "XSHG", "IL"])))
    bounds = sorted(draw(st.lists(st.dates(date(2024, 6, 1), date(2027, 6, 1)), min_size=2, max_size=2)))
    rule = Recurrence(
        **chosen,
        roll=roll,
        offset_days=draw(st.integers(-40, 40)),
        first=draw(st.sampled_from([None, bounds[0]])),
        last=draw(st.sampled_from([None, bounds[1]])),
    )
    size = st.one_of(st.none(), st.integers(0, 9).map(float))
    return billing(
        recurrence=rule,
        dates=draw(st.dictionaries(st.dates(date(2025, 1, 1), date(2027, 3, 1)), size, max_size=3)),
        lower_days=draw(st.integers(-4, 0)),
        upper_days=draw(st.integers(0, 4)),
        size=draw(size),
    )


@settings(max_examples=120, deadline=None)
@given(peak=peaks(), first=st.dates(date(2025, 1, 1), date(2027, 2, 1)), days=st.integers(0, 45))
def test_expansion_finds_what_a_walk_through_the_calendar_finds(peak: Peak, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    frame = expand([peak], first, last)
    found = {
        day.date(): (None if pd.isna(size) else size, bool(flag))
        for day, size, flag in zip(frame["date"], frame["size"], frame["provisional"], strict=True)
    }
    assert found == plain_occurrences(peak, first, last)
    assert check(frame, OCCURRENCES) == []


def test_day_effects_are_the_days_of_each_window_inside_the_span() -> None:
    peak = dated(lower_days=-1, upper_days=2, queues=frozenset({"cards"}))
    frame = day_effects(expand([peak], *YEAR_2025), date(2025, 3, 10), date(2025, 3, 11))
    assert frame.to_dict("list") == {
        "date": [pd.Timestamp("2025-03-10"), pd.Timestamp("2025-03-11")],
        "peak": ["billing", "billing"],
        "kind": ["billing", "billing"],
        "day": [0, 1],
        "size": [5.0, 5.0],
        "provisional": [0, 0],
        "queues": ["cards", "cards"],
    }


def test_day_effects_keep_a_row_for_each_window_that_overlaps() -> None:
    peak = billing(dates={date(2025, 3, 10): 1.0, date(2025, 3, 11): 2.0}, lower_days=-1, upper_days=1)
    frame = day_effects(expand([peak], *YEAR_2025), *YEAR_2025)
    found = [
        (f"{day:%d}", n, size)
        for day, n, size in zip(frame["date"], frame["day"], frame["size"], strict=True)
    ]
    assert found == [
        ("09", -1, 1.0),
        ("10", -1, 2.0),
        ("10", 0, 1.0),
        ("11", 0, 2.0),
        ("11", 1, 1.0),
        ("12", 1, 2.0),
    ]


def test_day_effects_of_no_occurrences_are_an_empty_frame_with_its_columns() -> None:
    frame = day_effects(empty(OCCURRENCES), *YEAR_2025)
    assert frame.empty
    whole = day_effects(expand([dated()], *YEAR_2025), *YEAR_2025)
    assert frame.dtypes.to_dict() == whole.dtypes.to_dict()


def test_day_effects_count_what_the_windows_count() -> None:
    peak = billing(recurrence=Recurrence(sessions=True, calendar="XSHG"), lower_days=-1, upper_days=3)
    found = expand([peak], *YEAR_2025)
    frame = day_effects(found, *YEAR_2025)
    plain = [
        (start + pd.Timedelta(days=n), n)
        for start in found["date"]
        for n in range(-1, 4)
        if (start + pd.Timedelta(days=n)).year == 2025
    ]
    assert list(zip(frame["date"], frame["day"], strict=True)) == sorted(plain)


@pytest.mark.parametrize(
    ("queue", "peaks_found"),
    [
        ("cards", ["all", "cards", "both"]),
        ("wealth", ["all", "both"]),
        ("card", ["all"]),
        ("c.rds", ["all"]),
        ("new", ["all"]),
    ],
)
def test_a_queue_meets_the_peaks_that_name_it_and_those_for_all(queue: str, peaks_found: list[str]) -> None:
    given = [
        dated(id="all"),
        dated(id="cards", queues=frozenset({"cards"})),
        dated(id="both", queues=frozenset({"cards", "wealth"})),
    ]
    frame = expand(given, *YEAR_2025)
    assert set(for_queue(frame, queue)["peak"]) == set(peaks_found)
    assert set(for_queue(day_effects(frame, *YEAR_2025), queue)["peak"]) == set(peaks_found)


def test_a_missing_queue_list_means_all_queues() -> None:
    frame = expand([dated()], *YEAR_2025).assign(queues=pd.Series([None], dtype="str"))
    assert len(for_queue(frame, "cards")) == 1
