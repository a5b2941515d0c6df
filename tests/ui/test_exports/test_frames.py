"""CSV and Parquet: the ROSTER frame."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.rosters import roster_frame, roster_from_frame
from data.schema import ROSTER, check, empty
from ui.exports.text import FORMULA_STARTS, guarded
from ui.exports.to_parquet import write_frame


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def unguarded(cell: str) -> str:
    """What docs tell a reader to do: take one apostrophe off a cell that needed one."""
    return cell[1:] if cell.startswith("'") and guarded(cell) != cell else cell


def test_parquet_is_the_roster_frame(case: Any, tmp_path: Path) -> None:
    case.write(tmp_path / "roster.parquet", "parquet")
    frame = pd.read_parquet(tmp_path / "roster.parquet")
    assert check(frame, ROSTER) == []
    pd.testing.assert_frame_equal(frame, roster_frame(case.roster, case.agents))


def test_parquet_gives_the_roster_back(case: Any, tmp_path: Path) -> None:
    case.write(tmp_path / "roster.parquet", "parquet")
    roster = case.roster
    frame = pd.read_parquet(tmp_path / "roster.parquet")
    assert roster_from_frame(frame, roster.name, roster.first, roster.days, roster.timezone) == roster


def test_parquet_of_a_roster_without_shifts_keeps_columns_and_types(case: Any, tmp_path: Path) -> None:
    replace(case, roster=replace(case.roster, assignments=())).write(tmp_path / "none.parquet", "parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "none.parquet"), empty(ROSTER))


def test_any_frame_is_written_whole_or_refused(case: Any, tmp_path: Path) -> None:
    write_frame(case.coverage, tmp_path / "coverage.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "coverage.parquet"), case.coverage)
    assert [path.name for path in tmp_path.iterdir()] == ["coverage.parquet"]
    (tmp_path / "folder.parquet").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        write_frame(case.coverage, tmp_path / "folder.parquet")
    with pytest.raises(InputError, match="does not exist"):
        write_frame(case.coverage, tmp_path / "missing" / "coverage.parquet")
    with pytest.raises(InputError, match=r"ends in \.parquet"):
        write_frame(case.coverage, tmp_path / "coverage.csv")


def test_csv_has_local_times_with_their_offset(case: Any, tmp_path: Path) -> None:
    case.write(tmp_path / "roster.csv", "csv")
    night = [row for row in rows(tmp_path / "roster.csv") if row["shift_id"] == "night_9h"]
    assert [(row["start"], row["end"], row["activity"]) for row in night] == [
        ("2024-11-12T22:00:00+08:00", "2024-11-13T02:00:00+08:00", "work"),
        ("2024-11-13T02:00:00+08:00", "2024-11-13T03:00:00+08:00", "meal"),
        ("2024-11-13T03:00:00+08:00", "2024-11-13T07:00:00+08:00", "work"),
    ]
    assert {row["date"] for row in night} == {"2024-11-12"}
    assert {row["skill"] for row in night} == {"cards;vip"}


def test_csv_read_back_is_the_roster_frame(case: Any, tmp_path: Path) -> None:
    case.write(tmp_path / "roster.csv", "csv")
    frame = pd.read_csv(tmp_path / "roster.csv", parse_dates=["date"])
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    pd.testing.assert_frame_equal(frame, roster_frame(case.roster, case.agents), check_dtype=False)


def test_csv_changes_its_offset_with_the_clock(autumn_night: Any, tmp_path: Path) -> None:
    autumn_night.write(tmp_path / "roster.csv", "csv")
    times = [(row["start"], row["end"]) for row in rows(tmp_path / "roster.csv")]
    assert times == [
        ("2024-10-26T22:00:00+02:00", "2024-10-27T02:00:00+01:00"),
        ("2024-10-27T02:00:00+01:00", "2024-10-27T03:00:00+01:00"),
        ("2024-10-27T03:00:00+01:00", "2024-10-27T06:00:00+01:00"),
    ]


def test_csv_of_a_roster_without_shifts_is_its_header(case: Any, tmp_path: Path) -> None:
    replace(case, roster=replace(case.roster, assignments=())).write(tmp_path / "none.csv", "csv")
    assert (tmp_path / "none.csv").read_text().splitlines() == [",".join(ROSTER.names)]


def test_no_cell_of_a_csv_begins_like_a_formula(hostile: Any, tmp_path: Path) -> None:
    hostile.write(tmp_path / "roster.csv", "csv")
    read = rows(tmp_path / "roster.csv")
    cells = [cell for row in read for cell in row.values()]
    assert [cell for cell in cells if cell.lstrip()[:1] in FORMULA_STARTS] == []
    expected = roster_frame(hostile.roster, hostile.agents)
    for name in ("agent_id", "shift_id", "activity", "skill"):
        assert [unguarded(row[name]) for row in read] == expected[name].tolist()


@given(st.text(alphabet=st.one_of(st.sampled_from("'=+-@\t \r\n＝a"), st.characters(codec="utf-8"))))
def test_a_guarded_cell_is_harmless_and_can_be_undone(text: str) -> None:
    cell = guarded(text)
    assert cell.lstrip()[:1] not in FORMULA_STARTS
    assert cell[:1] not in ("\t", "\r", "\n")
    assert unguarded(cell) == text


def test_names_that_begin_harmlessly_stay_as_they_are() -> None:
    assert [guarded(text) for text in ("Li Na", "", "a=b", "'quoted'", "1-2")] == [
        "Li Na",
        "",
        "a=b",
        "'quoted'",
        "1-2",
    ]
