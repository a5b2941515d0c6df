"""A roster whose people have activities, in every format."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from icalendar import Calendar

from data.domain import PlacedActivity
from data.rosters import roster_from_frame
from tests.ui.test_exports.conftest import Case


@pytest.fixture
def busy(case: Case) -> Case:
    """The first shift with two sessions of one activity."""
    first, *others = case.roster.assignments

    def part(hours: int) -> PlacedActivity:
        start = first.start + timedelta(hours=hours)
        return PlacedActivity(
            activity="=team", kind="meeting", start=start, end=start + timedelta(minutes=30)
        )

    made = replace(first, activities=(part(1), part(2)))
    return replace(case, roster=replace(case.roster, assignments=(made, *others)))


def clock(moment: datetime, case: Case) -> str:
    return f"{pd.Timestamp(moment).tz_convert(case.roster.timezone):%H:%M}"


def test_the_workbook_lists_activities_beside_breaks(busy: Case, tmp_path: Path) -> None:
    [path] = busy.write(tmp_path / "roster.xlsx", "xlsx")
    sheet = openpyxl.load_workbook(path)["Shifts"]
    titles = [cell.value for cell in sheet[1]]
    cells = [row[titles.index("Activities")].value for row in sheet.iter_rows(min_row=2)]
    parts = busy.roster.assignments[0].activities
    spans = ", ".join(f"=team {clock(part.start, busy)}–{clock(part.end, busy)}" for part in parts)
    assert [cell for cell in cells if cell] == [spans]


def test_each_session_is_an_entry_of_the_calendar_with_a_name_of_its_own(busy: Case, tmp_path: Path) -> None:
    [path] = busy.write(tmp_path / "roster.ics", "ics")
    events = list(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))
    sessions = [event for event in events if str(event["SUMMARY"]).endswith("=team")]
    parts = busy.roster.assignments[0].activities
    assert [event.decoded("DTSTART") for event in sessions] == [part.start for part in parts]
    assert len({str(event["UID"]) for event in events}) == len(events) == len(busy.roster.assignments) + 2
    assert any("Activities: =team" in str(event["DESCRIPTION"]) for event in events)


def test_the_print_view_lists_sessions_with_their_people(busy: Case, tmp_path: Path) -> None:
    [path] = busy.write(tmp_path / "roster.html", "html")
    text = path.read_text(encoding="utf-8")
    first = busy.roster.assignments[0]
    name = next(agent.name for agent in busy.agents if agent.id == first.agent_id)
    row = text.split("<h2>Activities</h2>")[1].split("<tbody>")[1].split("</tr>")[0]
    assert clock(first.activities[0].start, busy) in row
    assert "=team" in row
    assert name in row


def test_nothing_is_said_of_activities_where_there_are_none(case: Case, tmp_path: Path) -> None:
    [path] = case.write(tmp_path / "roster.html", "html")
    assert "Activities" not in path.read_text(encoding="utf-8")


def test_frames_hold_activities_and_give_them_back(busy: Case, tmp_path: Path) -> None:
    [path] = busy.write(tmp_path / "roster.parquet", "parquet")
    frame = pd.read_parquet(path)
    assert frame["activity"].eq("activity:meeting:=team").sum() == 2
    made = busy.roster
    back = roster_from_frame(frame, made.name, made.first, made.days, made.timezone)
    assert [shift.activities for shift in back.assignments if shift.activities] == [
        made.assignments[0].activities
    ]
