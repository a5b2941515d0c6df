from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pandas as pd
import pytest
from exchange_calendars import calendar_utils
from hypothesis import given, settings
from hypothesis import strategies as st

from data.calendars import (
    countries,
    exchanges,
    is_exchange,
    open_days,
    require_calendar,
    trading_sessions,
    work_days,
)
from data.domain import FIRST_DAY, LAST_DAY
from data.errors import InputError, UnknownNameError

ROOT = Path(__file__).parents[2]
LAST_NOTICE = max(chinese_calendar.holidays).year

# The State Council's notices of 2024-11-12 and 2025-11-04: days off and the weekend days worked for them.
NOTICES = {
    2025: (
        ["01-01/01-01", "01-28/02-04", "04-04/04-06", "05-01/05-05", "05-31/06-02", "10-01/10-08"],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        [
            "01-01/01-03",
            "02-15/02-23",
            "04-04/04-06",
            "05-01/05-05",
            "06-19/06-21",
            "09-25/09-27",
            "10-01/10-07",
        ],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}


def year_of(region: str, year: int) -> pd.DataFrame:
    return work_days(region, date(year, 1, 1), date(year, 12, 31)).set_index("date")


def instants(exchange: str, day: date) -> list[str]:
    """Open and close of one session in UTC."""
    (session,) = trading_sessions(exchange, day, day).to_dict("records")
    return [f"{session[name]:%H:%M}" for name in ("open", "close")]


@pytest.mark.parametrize("year", NOTICES)
def test_chinas_published_years_follow_the_notice_to_the_day(year: int) -> None:
    spans, worked = NOTICES[year]
    off = {
        day
        for span in spans
        for day in pd.date_range(*(f"{year}-{end}" for end in span.split("/")), unit="us")
    }
    days = year_of("CN", year)
    assert set(days.index[days["holiday"].notna()]) == off
    assert set(days.index[days["makeup"]]) == {pd.Timestamp(f"{year}-{day}") for day in worked}
    assert not days["provisional"].any()


@pytest.mark.parametrize("year", range(2004, LAST_NOTICE + 1))
def test_in_china_weekdays_but_holidays_and_weekends_but_makeup_days_are_days_off(year: int) -> None:
    days = year_of("CN", year)
    weekend = days.index.day_of_week >= 5
    assert (days["working"] == ((~weekend & days["holiday"].isna()) | days["makeup"])).all()
    assert not (days["makeup"] & ~weekend).any()


def test_a_makeup_day_is_worked_and_is_no_holiday() -> None:
    (day,) = work_days("CN", date(2025, 9, 28), date(2025, 9, 28)).to_dict("records")
    assert day["working"]
    assert day["makeup"]
    assert pd.isna(day["holiday"])


@pytest.mark.parametrize("year", [2003, LAST_NOTICE + 1, LAST_NOTICE + 3])
def test_chinas_years_without_a_known_notice_are_provisional_with_weekends_and_holidays(year: int) -> None:
    days = year_of("CN", year)
    assert days["provisional"].all()
    assert not days.loc[f"{year}-10-01" : f"{year}-10-03", "working"].any()  # type: ignore[misc] - a slice of dates
    assert not days.loc[(days.index.day_of_week >= 5) & ~days["makeup"], "working"].any()
    assert 240 < days["working"].sum() < 255


def test_a_span_across_the_last_notice_is_provisional_from_new_year_on() -> None:
    days = work_days("CN", date(LAST_NOTICE, 12, 30), date(LAST_NOTICE + 1, 1, 2))
    assert days["provisional"].to_list() == [False, False, True, True]


def test_a_chinese_holiday_bears_one_name_in_published_and_provisional_years() -> None:
    published = set(year_of("CN", LAST_NOTICE)["holiday"].dropna())
    later = {name for year in range(1, 12) for name in year_of("CN", LAST_NOTICE + year)["holiday"].dropna()}
    assert {part for name in later for part in name.split("; ")} == published


def test_israels_weekend_is_friday_and_saturday() -> None:
    days = year_of("IL", 1999)
    assert set(days.index[~days["working"] & days["holiday"].isna()].day_of_week) == {4, 5}
    assert days.loc["1999-09-20", "holiday"] == "Yom Kippur"
    assert days.loc["1999-07-04", "working"]  # a Sunday


@pytest.mark.parametrize(
    ("region", "day", "holiday"),
    [
        ("US", "2025-07-04", "Independence Day"),
        ("US", "2025-11-27", "Thanksgiving Day"),
        ("DE", "2025-10-03", "German Unity Day"),
        ("HK", "2025-07-01", "Hong Kong"),
        ("GB", "2025-12-26", "Boxing Day"),
    ],
)
def test_holidays_of_the_world_are_days_off_with_english_names(region: str, day: str, holiday: str) -> None:
    row = year_of(region, 2025).loc[day]
    assert holiday in row["holiday"]
    assert not row["working"]
    assert not row["provisional"]


def test_names_do_not_hang_on_the_machines_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LANGUAGE", "LANG", "LC_ALL"):
        monkeypatch.setenv(variable, "de_DE.UTF-8")
    named = countries.day_types.__wrapped__("DE", 2025)
    assert "Christmas Day" in {day.holiday for day in named}


def test_a_day_that_waits_for_the_moon_is_provisional_under_its_lasting_name() -> None:
    days = year_of("MA", 2030)
    unsure = days.loc[days["provisional"], "holiday"]
    assert "Eid al-Fitr" in set(unsure)
    assert not days["holiday"].str.contains("estimated").fillna(value=False).any()
    assert not days.loc["2030-01-11", "provisional"]  # Independence Manifesto Day keeps its date


@pytest.mark.parametrize("year", [1700, 2101])
def test_years_the_package_does_not_reach_are_provisional_weeks(year: int) -> None:
    days = year_of("US", year)
    assert days["provisional"].all()
    assert (days["working"] == (days.index.day_of_week < 5)).all()


def test_both_letter_codes_name_one_country() -> None:
    span = (date(2024, 1, 1), date(2028, 12, 31))
    pd.testing.assert_frame_equal(work_days("CHN", *span), work_days("CN", *span))


def test_every_country_gives_a_year_of_days_without_a_warning() -> None:
    for region in sorted(code for code in countries.country_codes() if len(code) == 2):
        days = work_days(region, date(2025, 1, 1), date(2025, 12, 31))
        assert len(days) == 365, region
        assert 200 < days["working"].sum() < 330, region
        assert not (days["working"] & days["holiday"].notna() & ~days["makeup"]).any(), region


@pytest.mark.parametrize("region", ["China", "cn", "", "XX", "XSHG"])
def test_an_unknown_region_is_an_unknown_name(region: str) -> None:
    with pytest.raises(UnknownNameError, match="Give an ISO country code such as CN"):
        work_days(region, date(2025, 1, 1), date(2025, 1, 2))


def test_days_come_in_their_types_both_ends_included() -> None:
    days = work_days("CN", date(2023, 12, 31), date(2024, 12, 31))
    assert days["date"].to_list() == list(pd.date_range("2023-12-31", "2024-12-31"))
    assert {name: str(kind) for name, kind in days.dtypes.items()} == {
        "date": "datetime64[us]",
        "working": "bool",
        "holiday": "str",
        "makeup": "bool",
        "provisional": "bool",
    }


def test_writing_into_a_result_does_not_change_the_next_one() -> None:
    span = (date(2025, 1, 1), date(2025, 12, 31))
    days = work_days("CN", *span)
    before = days.copy()
    days["working"] = False
    days.loc[:, "holiday"] = "every day"
    pd.testing.assert_frame_equal(work_days("CN", *span), before)


def test_timestamps_are_taken_as_their_days() -> None:
    stamps = pd.Timestamp("2025-10-01 12:00"), pd.Timestamp("2025-10-09")
    days = date(2025, 10, 1), date(2025, 10, 9)
    pd.testing.assert_frame_equal(work_days("CN", *stamps), work_days("CN", *days))
    pd.testing.assert_frame_equal(trading_sessions("XSHG", *stamps), trading_sessions("XSHG", *days))
    pd.testing.assert_frame_equal(open_days("XSHG", *stamps), open_days("XSHG", *days))


@pytest.mark.parametrize("ask", [lambda *s: work_days("CN", *s), lambda *s: trading_sessions("XSHG", *s)])
def test_a_first_day_after_the_last_is_an_input_error(ask: object) -> None:
    assert callable(ask)
    assert len(ask(date(2025, 1, 2), date(2025, 1, 2))) == 1
    with pytest.raises(InputError, match=r"lies after the last day 2025-01-02\. Swap them"):
        ask(date(2025, 1, 3), date(2025, 1, 2))


@settings(max_examples=60, deadline=None)
@given(
    first=st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    days=st.integers(0, 800),
    calendar=st.sampled_from(["CN", "IL", "XSHG", "XHKG"]),
)
def test_a_span_of_days_is_its_days_one_by_one(first: date, days: int, calendar: str) -> None:
    last = first + timedelta(days=days)
    cut = first + timedelta(days=days // 2)
    halves = [open_days(calendar, first, cut)]
    if cut < last:
        halves.append(open_days(calendar, cut + timedelta(days=1), last))
    whole = open_days(calendar, first, last)
    assert whole["date"].to_list() == list(pd.date_range(first, last))
    pd.testing.assert_frame_equal(whole, pd.concat(halves, ignore_index=True))


def test_shanghai_does_not_trade_on_makeup_days_nor_in_golden_weeks() -> None:
    days = year_of("CN", 2025)
    sessions = trading_sessions("XSHG", date(2025, 1, 1), date(2025, 12, 31))["date"]
    assert set(sessions) == set(days.index[days["working"] & ~days["makeup"]])
    assert len(sessions) == 243


def test_sessions_come_in_their_types_with_their_lunch_break() -> None:
    sessions = trading_sessions("XSHG", date(2025, 1, 2), date(2025, 1, 2))
    assert {name: str(kind) for name, kind in sessions.dtypes.items()} == {
        **exchanges.SESSION_TYPES,
        "provisional": "bool",
    }
    local = [f"{sessions[name].dt.tz_convert('Asia/Shanghai').iloc[0]:%H:%M}" for name in list(sessions)[1:5]]
    assert local == ["09:30", "11:30", "13:00", "15:00"]


def test_new_york_opens_at_half_past_nine_in_winter_and_in_summer() -> None:
    assert instants("XNYS", date(2025, 1, 6)) == ["14:30", "21:00"]
    assert instants("XNYS", date(2025, 7, 7)) == ["13:30", "20:00"]


@pytest.mark.parametrize(
    ("exchange", "half", "close", "whole"),
    [
        ("XHKG", date(2025, 12, 24), "04:00", date(2025, 12, 23)),
        ("XNYS", date(2025, 11, 28), "18:00", date(2025, 11, 26)),
    ],
)
def test_a_half_day_closes_early_and_is_flagged(exchange: str, half: date, close: str, whole: date) -> None:
    assert instants(exchange, half)[1] == close
    assert trading_sessions(exchange, half, half)["half_day"].to_list() == [True]
    assert trading_sessions(exchange, whole, whole)["half_day"].to_list() == [False]


def test_a_half_day_without_afternoon_has_no_lunch_break() -> None:
    (session,) = trading_sessions("XHKG", date(2025, 12, 24), date(2025, 12, 24)).to_dict("records")
    assert pd.isna(session["break_start"])
    assert pd.isna(session["break_end"])


def test_past_the_librarys_last_session_shanghai_is_provisional_on_the_countrys_working_days() -> None:
    year = exchanges.exchange("XSHG").last.year + 1
    sessions = trading_sessions("XSHG", date(year - 1, 12, 20), date(year, 12, 31))
    assert (sessions["provisional"] == (sessions["date"].dt.year == year)).all()
    days = year_of("CN", year)
    trading = days.index[days["working"] & ~days["makeup"]]
    assert sessions.loc[sessions["provisional"], "date"].to_list() == list(trading)
    regular = sessions[["open", "break_start", "break_end", "close"]].apply(
        lambda times: times.dt.strftime("%H:%M")
    )
    assert len(regular.drop_duplicates()) == 1
    assert not sessions["half_day"].any()


def test_before_the_librarys_first_session_tokyo_is_provisional_at_its_hours_of_then() -> None:
    sessions = trading_sessions("XTKS", date(1996, 12, 1), date(1997, 1, 31))
    assert (sessions["provisional"] == (sessions["date"].dt.year == 1996)).all()
    assert instants("XTKS", date(1996, 12, 2)) == ["00:00", "06:00"]
    assert instants("XTKS", date(2025, 12, 2)) == ["00:00", "06:30"]


def test_no_exchange_is_expected_to_trade_on_a_saturday_also_where_people_work() -> None:
    after = exchanges.exchange("XHKG").last + timedelta(days=1)
    sessions = trading_sessions("XHKG", after, after + timedelta(days=365))
    assert work_days("HK", after, after + timedelta(days=365))["working"].sum() > len(sessions)
    assert set(sessions["date"].dt.day_of_week) == {0, 1, 2, 3, 4}


def test_tel_aviv_traded_on_sundays_until_2026_and_trades_on_fridays_since() -> None:
    before = trading_sessions("XTAE", date(2025, 1, 1), date(2025, 12, 31))
    since = trading_sessions("XTAE", date(2026, 1, 5), date(2026, 12, 31))
    assert set(before["date"].dt.day_of_week) == {6, 0, 1, 2, 3}
    assert before["provisional"].all()
    assert set(since["date"].dt.day_of_week) == {0, 1, 2, 3, 4}
    assert not since["provisional"].any()


def test_shenzhen_keeps_shanghais_sessions_and_aliases_their_exchanges() -> None:
    span = (date(2025, 1, 1), date(2025, 12, 31))
    pd.testing.assert_frame_equal(trading_sessions("XSHE", *span), trading_sessions("XSHG", *span))
    pd.testing.assert_frame_equal(trading_sessions("SSE", *span), trading_sessions("XSHG", *span))


def test_sessions_across_decades_come_once_each_in_order() -> None:
    sessions = trading_sessions("XSHG", date(2009, 12, 1), date(2020, 1, 31))
    assert sessions["date"].is_monotonic_increasing
    assert sessions["date"].is_unique
    assert (sessions["open"] < sessions["break_start"]).all()
    assert (sessions["break_end"] < sessions["close"]).all()
    assert sessions["date"].dt.year.value_counts()[2015] == 244


@pytest.mark.parametrize("exchange", ["SHANGHAI", "xshg", "", "CN"])
def test_an_unknown_exchange_is_an_unknown_name(exchange: str) -> None:
    with pytest.raises(UnknownNameError, match="Give a market identifier code such as XSHG"):
        trading_sessions(exchange, date(2025, 1, 1), date(2025, 1, 2))


def test_an_exchange_the_library_cannot_read_is_an_input_error_with_a_way_out() -> None:
    with pytest.raises(InputError, match=r"'ASEX' cannot be read\. Give its country's code instead"):
        trading_sessions("ASEX", date(2025, 1, 1), date(2025, 1, 2))


@pytest.mark.parametrize(
    ("first", "last"), [(date(1979, 12, 31), date(1980, 1, 5)), (date(2099, 12, 1), date(2100, 1, 1))]
)
def test_sessions_nobody_can_know_are_an_input_error(first: date, last: date) -> None:
    with pytest.raises(InputError, match="known from 1980-01-01 to 2099-12-31"):
        trading_sessions("XNYS", first, last)


def test_the_first_and_the_last_day_of_knowledge_can_be_asked_for() -> None:
    assert trading_sessions("XNYS", date(1980, 1, 1), date(1980, 1, 2))["date"].to_list() == [
        pd.Timestamp("1980-01-02")
    ]
    assert len(trading_sessions("XNYS", date(2099, 12, 31), date(2099, 12, 31))) == 1


def test_every_exchange_whose_calendar_ends_has_a_country_to_go_on_with() -> None:
    factories = calendar_utils.global_calendar_dispatcher._calendar_factories
    ending = {
        name
        for name, kind in factories.items()
        if (kind.bound_max() is not None and kind.bound_max().date() < LAST_DAY)
        or (kind.bound_min() is not None and kind.bound_min().date() > FIRST_DAY)
    }
    assert ending | set(exchanges._READ_FROM) == set(exchanges._COUNTRIES)
    assert set(exchanges._COUNTRIES.values()) <= countries.country_codes()


def test_no_name_is_both_a_region_and_an_exchange() -> None:
    assert not countries.country_codes() & exchanges.exchange_names()
    assert is_exchange("XSHG")
    assert not is_exchange("CN")


def test_a_calendar_is_a_region_or_an_exchange() -> None:
    assert require_calendar("CN") == "CN"
    assert require_calendar("XSHG") == "XSHG"
    with pytest.raises(UnknownNameError, match="such as CN or an exchange such as XSHG"):
        require_calendar("SHSE")
    with pytest.raises(UnknownNameError, match="Ask Li"):
        require_calendar("SHSE", "Ask Li.")


def test_open_days_are_working_days_of_a_region_and_sessions_of_an_exchange() -> None:
    span = (date(2025, 9, 26), date(2025, 10, 12))
    region, exchange = open_days("CN", *span), open_days("XSHG", *span)
    assert region["date"].equals(exchange["date"])
    makeup = region.loc[region["open"] & ~exchange["open"], "date"].to_list()
    assert makeup == [pd.Timestamp("2025-09-28"), pd.Timestamp("2025-10-11")]
    assert not (exchange["open"] & ~region["open"]).any()


def test_days_without_session_past_the_last_one_are_provisional_too() -> None:
    after = exchanges.exchange("XSHG").last + timedelta(days=1)
    days = open_days("XSHG", after - timedelta(days=1), after)  # New Year's Eve and New Year's Day
    assert days["open"].to_list() == [True, False]
    assert days["provisional"].to_list() == [False, True]


@pytest.mark.parametrize(
    ("library", "door"),
    [
        ("chinese_calendar", "china.py"),
        ("holidays", "countries.py"),
        ("exchange_calendars", "exchanges.py"),
    ],
)
def test_each_calendar_library_has_one_door(library: str, door: str) -> None:
    touched = re.compile(rf"^\s*(import|from) {library}\b", flags=re.MULTILINE)
    sources = [
        path
        for package in ("data", "forecasting", "scheduling", "ui")
        for path in (ROOT / package).rglob("*.py")
    ]
    assert [path.name for path in sources if touched.search(path.read_text("utf-8"))] == [door]
