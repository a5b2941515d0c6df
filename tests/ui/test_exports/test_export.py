from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.domain import Agent
from data.errors import InputError, SchemaError, UnknownNameError
from ui.exports import FORMATS
from ui.exports import export as export_module
from ui.exports.export import FILE_WRITERS, utc_now

FILES = [*FORMATS, "zip"]


def kind_of(ending: str) -> str:
    return "ics" if ending == "zip" else ending


@pytest.mark.parametrize("ending", FILES)
def test_an_export_is_the_only_file_it_leaves(case: Any, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"roster.{ending}"
    assert case.write(out, kind_of(ending)) == [out]
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert out.stat().st_size > 0


@pytest.mark.parametrize("ending", ["xlsx", "csv", "ics", "html", "zip", "parquet"])
def test_the_same_roster_at_the_same_instant_gives_the_same_bytes(
    case: Any, tmp_path: Path, ending: str
) -> None:
    first, second = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
    case.write(first, kind_of(ending))
    case.write(second, kind_of(ending))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("ending", FILES)
def test_an_existing_file_is_replaced(case: Any, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"roster.{ending}"
    out.write_text("old")
    case.write(out, kind_of(ending))
    assert not out.read_bytes().startswith(b"old")


@pytest.mark.parametrize("ending", FILES)
def test_a_roster_of_one_person_exports(case: Any, tmp_path: Path, ending: str) -> None:
    one = replace(
        case, roster=replace(case.roster, assignments=case.roster.assignments[:1]), agents=case.agents[1:2]
    )
    assert one.write(tmp_path / f"one.{ending}", kind_of(ending))


@pytest.mark.parametrize("ending", ["xlsx", "csv", "parquet", "html"])
@pytest.mark.parametrize("people", [0, 3])
def test_a_roster_without_shifts_exports(case: Any, tmp_path: Path, ending: str, people: int) -> None:
    none = replace(case, roster=replace(case.roster, assignments=()), agents=case.agents[:people])
    assert none.write(tmp_path / f"none.{ending}", ending, coverage=None, days=None, patterns=())


@pytest.mark.parametrize("out", ["none.ics", "none.zip", "calendars"])
def test_a_calendar_without_shifts_is_refused_and_leaves_nothing(case: Any, tmp_path: Path, out: str) -> None:
    none = replace(case, roster=replace(case.roster, assignments=()))
    with pytest.raises(InputError, match="has no shifts"):
        none.write(tmp_path / out, "ics")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_named_with_those_there_are(case: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'pdf'.*xlsx, csv, parquet, ics, html"):
        case.write(tmp_path / "roster.pdf", "pdf")


@pytest.mark.parametrize(
    ("kind", "name"),
    [("xlsx", "roster.csv"), ("csv", "roster"), ("ics", "roster.xlsx"), ("html", "roster.htm")],
)
def test_a_name_with_another_ending_is_refused(case: Any, tmp_path: Path, kind: str, name: str) -> None:
    with pytest.raises(InputError, match=rf"ends in \.{kind}"):
        case.write(tmp_path / name, kind)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", FILES)
def test_a_missing_parent_folder_is_named(case: Any, tmp_path: Path, ending: str) -> None:
    with pytest.raises(InputError, match=r"the folder .*missing does not exist"):
        case.write(tmp_path / "missing" / f"roster.{ending}", kind_of(ending))


@pytest.mark.parametrize("ending", FILES)
def test_a_folder_in_the_place_of_the_file_is_refused(case: Any, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"roster.{ending}"
    out.mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        case.write(out, kind_of(ending))


def test_a_folder_with_files_keeps_them_and_takes_no_calendars(case: Any, tmp_path: Path) -> None:
    out = tmp_path / "calendars"
    out.mkdir()
    (out / "mine.ics").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        case.write(out, "ics")
    assert [path.name for path in out.iterdir()] == ["mine.ics"]


def test_a_file_in_the_place_of_the_folder_is_refused(case: Any, tmp_path: Path) -> None:
    out = tmp_path / "calendars"
    out.write_text("mine")
    with pytest.raises(InputError, match="this is a file"):
        case.write(out, "ics")
    assert out.read_text() == "mine"


def test_a_write_that_fails_half_way_keeps_the_old_file(
    case: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(_content: object, out: Path) -> None:
        out.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(FILE_WRITERS, ".csv", half)
    out = tmp_path / "roster.csv"
    out.write_text("old")
    with pytest.raises(InputError, match="No space left on device"):
        case.write(out, "csv")
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["roster.csv"]


def test_a_workbook_that_cannot_be_written_is_told_like_any_file(
    case: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = FILE_WRITERS[".xlsx"]
    monkeypatch.setitem(FILE_WRITERS, ".xlsx", lambda content, out: written(content, out / "below"))
    with pytest.raises(InputError, match=r"roster\.xlsx: cannot be written"):
        case.write(tmp_path / "roster.xlsx", "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_shift_of_somebody_unknown_is_refused(case: Any, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown agent 'b1'"):
        replace(case, agents=case.agents[:2]).write(tmp_path / "roster.csv", "csv")


def test_a_person_given_twice_is_refused(case: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'a2' is given 2 times"):
        replace(case, agents=(*case.agents, case.agents[0])).write(tmp_path / "roster.csv", "csv")


def test_a_shift_outside_the_horizon_is_refused(case: Any, tmp_path: Path) -> None:
    late = replace(case, roster=replace(case.roster, first=date(2024, 11, 12), days=2))
    with pytest.raises(InputError, match="lies outside its days, 2024-11-12 to 2024-11-13"):
        late.write(tmp_path / "roster.csv", "csv")


def test_shifts_on_the_first_and_the_last_day_are_inside_the_horizon(case: Any, tmp_path: Path) -> None:
    tight = replace(case, roster=replace(case.roster, first=date(2024, 11, 11), days=2))
    assert tight.write(tmp_path / "roster.csv", "csv")


def test_a_frame_without_its_columns_is_refused(case: Any, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="coverage, column rostered"):
        case.write(tmp_path / "roster.xlsx", "xlsx", coverage=case.coverage.drop(columns="rostered"))
    with pytest.raises(SchemaError, match="days, column answered"):
        case.write(tmp_path / "roster.xlsx", "xlsx", days=case.days.drop(columns="answered"))
    with pytest.raises(SchemaError, match="days, column date"):
        case.write(tmp_path / "roster.xlsx", "xlsx", days=case.days.drop(columns="date"))


def test_days_may_come_as_python_dates(case: Any, tmp_path: Path) -> None:
    plain = case.days.assign(date=pd.Series([moment.date() for moment in case.days["date"]], dtype=object))
    case.write(tmp_path / "plain.html", "html", days=plain)
    case.write(tmp_path / "dates.html", "html")
    assert (tmp_path / "plain.html").read_text() == (tmp_path / "dates.html").read_text()


def test_an_instant_without_a_zone_is_refused(case: Any, tmp_path: Path) -> None:
    naive = datetime(2024, 11, 8, 8, 30)  # noqa: DTZ001 - the fault under test
    with pytest.raises(InputError, match="needs a time zone"):
        case.write(tmp_path / "roster.csv", "csv", clock=lambda: naive)


def test_the_clock_is_the_present_in_utc_unless_given() -> None:
    assert utc_now().utcoffset() == timedelta(0)


def test_every_format_has_a_writer() -> None:
    assert {f".{name}" for name in FORMATS} <= FILE_WRITERS.keys()
    assert set(export_module.__kwdefaults__) >= {"coverage", "days", "patterns"}


@pytest.mark.parametrize("ending", FILES)
def test_hostile_names_stop_no_export(hostile: Any, tmp_path: Path, ending: str) -> None:
    assert hostile.write(tmp_path / f"roster.{ending}", kind_of(ending))
    assert [path.name for path in tmp_path.iterdir()] == [f"roster.{ending}"]


def test_people_stand_in_the_order_of_team_name_and_id(case: Any, tmp_path: Path) -> None:
    twins = (Agent(id="z9", name="Li Na", team="Cards", skills=frozenset({"cards"})), *case.agents)
    replace(case, agents=twins).write(tmp_path / "roster.html", "html")
    page = (tmp_path / "roster.html").read_text(encoding="utf-8")
    places = [page.index(text) for text in ("a2 · cards", "z9 · cards", "a1 · cards", "b1 · funds")]
    assert places == sorted(places)
