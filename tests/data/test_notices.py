from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.calendars import open_days, trading_sessions, work_days
from data.domain import Peak, PeakKind, Queue, Recurrence
from data.errors import FaultyFileError, InputError
from data.notices import HolidayNotice
from data.peaks import expand, with_notices
from data.reference.holidays import import_holidays
from data.store import Workspace

NOTICE = HolidayNotice(
    region="CN",
    year=2097,
    holidays={
        date(2097, 1, 1): "New Year's Day",
        date(2097, 5, 1): "Labour Day",
        date(2097, 5, 2): "Labour Day",
    },
    makeup_days=frozenset({date(2097, 5, 4)}),
)
HOLIDAYS = Peak(id="off", kind=PeakKind.HOLIDAY, recurrence=Recurrence(holidays=True, calendar="CN"))
YEAR = (date(2097, 1, 1), date(2097, 12, 31))
CONTENT = "date,holiday,working\n2097-01-01,元旦,\n2097-05-01,劳动节,休\n2097-05-04,,班\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path, timezone="Asia/Shanghai")


def written(folder: Path, content: str) -> Path:
    path = folder / "notice.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_notice_makes_its_year_official_and_no_other() -> None:
    days = work_days("CN", date(2096, 12, 1), date(2098, 1, 31), [NOTICE])
    provisional = days.groupby(days["date"].dt.year)["provisional"].mean()
    assert provisional.to_dict() == {2096: 1.0, 2097: 0.0, 2098: 1.0}


def test_what_a_notice_does_not_name_is_an_ordinary_day() -> None:
    days = work_days("CN", *YEAR, [NOTICE]).set_index("date")
    named = days["holiday"].dropna()
    assert dict(zip(named.index.date, named, strict=True)) == NOTICE.holidays
    assert days.index[days["makeup"]].date.tolist() == [date(2097, 5, 4)]
    weekday = days.index.day_of_week
    ordinary = days["holiday"].isna() & ~days["makeup"]
    assert (days.loc[ordinary, "working"] == (weekday[ordinary] < 5)).all()
    assert not days.loc[days["holiday"].notna(), "working"].any()


def test_a_notice_of_another_region_says_nothing_here() -> None:
    plain = work_days("IL", *YEAR)
    assert work_days("IL", *YEAR, [NOTICE]).equals(plain)


def test_an_exchange_trades_on_the_working_days_of_a_notice_and_is_no_longer_provisional() -> None:
    sessions = trading_sessions("XSHG", *YEAR, [NOTICE])
    assert not sessions["provisional"].any()
    # 4 May 2097 is a Saturday that is worked, and no session; 1 May a day off.
    assert not sessions["date"].dt.date.isin([date(2097, 5, 1), date(2097, 5, 4)]).any()
    assert not open_days("XSHG", *YEAR, [NOTICE])["provisional"].any()
    assert trading_sessions("XSHG", *YEAR)["provisional"].all()


def test_peaks_go_by_the_notice_and_are_equal_to_themselves_without_it() -> None:
    (settled,) = with_notices([HOLIDAYS], [NOTICE])
    found = expand([settled], *YEAR)
    assert found["date"].dt.date.tolist() == list(NOTICE.holidays)
    assert found["provisional"].eq(0).all()
    assert expand([HOLIDAYS], *YEAR)["provisional"].eq(1).all()
    assert settled == HOLIDAYS


def test_an_imported_notice_reaches_every_peak_of_the_workspace(workspace: Workspace) -> None:
    workspace.save_queues([Queue(id="cards")])
    workspace.save_peaks([HOLIDAYS])
    (notice,) = import_holidays(workspace, [written(workspace.path, CONTENT)])
    assert (notice.id, notice.makeup_days) == ("CN-2097", frozenset({date(2097, 5, 4)}))
    again = Workspace.open(workspace.path)
    assert again.notices() == (notice,)
    assert expand(again.peaks(), *YEAR)["date"].dt.date.tolist() == [date(2097, 1, 1), date(2097, 5, 1)]
    assert again.peaks() == (HOLIDAYS,)


def test_a_later_notice_takes_the_place_of_the_earlier(workspace: Workspace) -> None:
    workspace.save_notices([NOTICE])
    import_holidays(workspace, [written(workspace.path, CONTENT)])
    (held,) = workspace.notices()
    assert sorted(held.holidays) == [date(2097, 1, 1), date(2097, 5, 1)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("date,holiday\n2097-02-30,x\n", "not a date"),
        ("date,holiday\n,x\n", "the value is missing"),
        ("date,holiday\n2097-01-01,\n", "the value is missing"),
        ("date,holiday\n2097-01-01,x\n2097-01-01,y\n", "on line 2 already"),
        ("date,holiday,working\n2097-01-01,x,maybe\n", "neither yes nor no"),
        ("date,holiday,region\n2097-01-01,x,QQ\n", "unknown region"),
        ("date,holiday,working\n2097-01-01,x,yes\n", "names no day off"),
        ("date,holiday\n2097-01-01,x\n2097-05-01,y\n2090-01-01,z\n", "most days are of 2097"),
        ("date\n2097-01-01\n", "the column is missing"),
    ],
)
def test_a_faulty_notice_is_refused_with_its_reason(workspace: Workspace, content: str, said: str) -> None:
    with pytest.raises(FaultyFileError, match=said):
        import_holidays(workspace, [written(workspace.path, content)])
    assert workspace.notices() == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"holidays": {}}, "names no day off"),
        ({"makeup_days": frozenset({date(2097, 5, 1)})}, "both off and worked"),
        ({"holidays": {date(2095, 1, 1): "x"}}, "its own year's notice"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        HolidayNotice(**{"region": "CN", "year": 2097, "holidays": NOTICE.holidays} | wrong)
