import html
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.domain import Assignment, ShiftPattern
from ui.exports.colours import pattern_colours

DAY = {"Mon": 7, "Tue": 8, "Wed": 9, "Sat": 12}
"""Column of a day on the sheet Roster."""


def read(case: Any, tmp_path: Path, **changes: object) -> Workbook:
    out = tmp_path / "roster.xlsx"
    case.write(out, "xlsx", **changes)
    return openpyxl.load_workbook(out)


def table(sheet: Worksheet) -> list[dict[str, Any]]:
    header, *lines = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.fixture
def book(case: Any, tmp_path: Path) -> Workbook:
    return read(case, tmp_path)


def test_the_matrix_shows_each_person_with_codes_paid_hours_and_time_off(book: Workbook) -> None:
    sheet = book["Roster"]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=2)}
    assert [cell.value for cell in rows["a1"][:6]] == ["陈伟", "a1", "Cards", "cards;vip", "full_40", 16]
    assert [cell.value for cell in rows["a1"][6:]] == ["day_9h 08:30", "night_9h 22:00"] + 5 * [None]
    assert [cell.value for cell in rows["a2"][5:8]] == [8, "day_9h 09:00", None]
    assert [cell.value for cell in rows["b1"][5:8]] == [5, "time off", "part_5h 09:00"]


def test_every_local_day_is_a_date_in_the_header(book: Workbook) -> None:
    days = [cell.value for cell in book["Roster"][1][6:]]
    assert days == [datetime(2024, 11, 11) + timedelta(days=n) for n in range(7)]  # noqa: DTZ001 - as Excel keeps it


def test_a_shift_on_a_day_of_time_off_stands_out(book: Workbook) -> None:
    sheet = book["Roster"]
    clash, plain = sheet.cell(4, DAY["Tue"]), sheet.cell(2, DAY["Mon"])
    assert clash.value == "part_5h 09:00"
    assert clash.font.b
    assert not plain.font.b


def test_a_cell_has_the_colour_of_its_pattern(book: Workbook) -> None:
    colours = pattern_colours(["day_9h", "night_9h", "part_5h"])
    sheet = book["Roster"]
    for row in sheet.iter_rows(min_row=2, min_col=7):
        for cell in row:
            if cell.value and cell.value != "time off":
                assert cell.fill.fgColor.rgb[2:] == colours[cell.value.split()[0]][1:]


def test_free_weekends_are_shaded_and_free_weekdays_are_not(book: Workbook) -> None:
    sheet = book["Roster"]
    assert sheet.cell(2, DAY["Wed"]).fill.fgColor.rgb == "FFFFFFFF"
    assert sheet.cell(2, DAY["Sat"]).fill.fgColor.rgb not in ("FFFFFFFF", "00000000")


def test_names_and_header_stay_in_view_and_rows_filter(book: Workbook) -> None:
    sheet = book["Roster"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:M4"
    for name in ("Shifts", "Coverage", "Days", "Codes"):
        assert book[name].freeze_panes == "B2"
        assert book[name].auto_filter.ref.startswith("A1:")


def test_day_cells_take_only_codes_of_the_list(book: Workbook) -> None:
    (rule,) = book["Roster"].data_validations.dataValidation
    assert (rule.type, str(rule.sqref)) == ("list", "G2:M4")
    assert rule.errorStyle in (None, "stop")
    sheet, area = rule.formula1.split("!")
    listed = [row[0].value for row in book[sheet][area.replace("$", "")]]
    used = {cell.value for row in book["Roster"]["G2:M4"] for cell in row} - {None}
    assert used <= set(listed)
    offered = {"day_9h 08:30", "day_9h 09:00", "day_9h 09:30", "night_9h 22:00", "part_5h 09:00", "time off"}
    assert set(listed) == offered


def test_the_colour_of_a_cell_follows_an_edit(book: Workbook) -> None:
    (area,) = book["Roster"].conditional_formatting
    assert str(area.sqref) == "G2:M4"
    formulas = [rule.formula[0] for rule in area.rules]
    assert [formula for formula in formulas if "night_9h" in formula] == [
        'EXACT(LEFT(G2,MAX(LEN(G2)-6,0)),"night_9h")'
    ]
    assert len(formulas) == len({"day_9h", "night_9h", "part_5h"}) + len({"time off", "weekend", "free"})


def test_codes_tell_what_they_stand_for(book: Workbook) -> None:
    codes = {line["Code"]: line for line in table(book["Codes"])}
    night, part = codes["night_9h 22:00"], codes["part_5h 09:00"]
    assert (night["Start"], night["End"], night["Paid h"]) == ("22:00", "07:00 +1", 8)
    assert (part["Start"], part["End"], part["Paid h"]) == ("09:00", "14:00", 5)


def test_shifts_carry_local_times_and_breaks(book: Workbook) -> None:
    lines = {(line["Id"], line["Pattern"]): line for line in table(book["Shifts"])}
    day, night = lines["a1", "day_9h"], lines["a1", "night_9h"]
    assert day["Start"].isoformat() == "2024-11-11T08:30:00"
    assert day["Breaks"] == "lunch 12:00–13:00, rest 14:45–15:00 (paid)"
    assert night["Day"].date() == date(2024, 11, 12)
    assert night["End"].isoformat() == "2024-11-13T07:00:00"
    assert night["Breaks"] == "meal 02:00–03:00"
    assert len(lines) == 4


def test_coverage_is_in_local_time_with_empty_cells_for_what_is_not_known(book: Workbook) -> None:
    lines = table(book["Coverage"])
    assert [line["Start"].isoformat()[11:16] for line in lines] == ["08:30", "09:00", "09:30"]
    assert {line["UTC offset"] for line in lines} == {"+08:00"}
    assert [line["Service level"] for line in lines] == [0.8, None, 0.7]
    carried = [line["Answered, counting callers left waiting for the next interval"] for line in lines]
    assert carried == [19.4, 26.0, None]


def test_the_service_level_of_each_row_names_its_formula(book: Workbook) -> None:
    assert [line["Service level formula"] for line in table(book["Coverage"])] == [
        "F1 ((answered + abandoned in threshold) / offered)",
        "F1 ((answered + abandoned in threshold) / offered)",
        "F3 (answered in threshold / offered)",
    ]


def test_days_below_target_stand_out(book: Workbook) -> None:
    column = book["Days"]["E"][1:]
    assert [cell.value for cell in column] == [0.96, 0.9496, None]
    assert [bool(cell.font.b) for cell in column] == [False, True, False]


def test_targets_stand_with_their_spans_and_those_missed_stand_out(case: Any, tmp_path: Path) -> None:
    start = pd.DatetimeIndex(["2024-11-10 22:00", "2024-11-17 22:00"], tz="UTC")
    first = pd.DatetimeIndex(["2024-11-11", "2024-11-18"])
    targets = pd.DataFrame({"queue": "cards", "period": "week", "start": start, "first": first})
    targets = targets.assign(last=first + pd.Timedelta(days=6), offered=100.0, answered=90.0, target=0.9)
    sheet = read(case, tmp_path, targets=targets.assign(answer_rate=[0.89999, 0.89]))["Targets"]
    assert [cell.value for cell in sheet["C"]][1] == datetime(2024, 11, 11, 6, 0)  # noqa: DTZ001 - as Excel keeps it
    assert [cell.value.date().isoformat() for cell in sheet["D"][1:]] == ["2024-11-17", "2024-11-24"]
    assert [bool(cell.font.b) for cell in sheet["G"][1:]] == [False, True]


def test_coverage_and_days_are_left_out_when_not_given(case: Any, tmp_path: Path) -> None:
    assert read(case, tmp_path, coverage=None, days=None).sheetnames == ["Roster", "Shifts", "Codes"]


def test_sheets_print_landscape_as_wide_as_the_page_with_the_header_on_each(book: Workbook) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize(("days", "paper"), [(14, 9), (15, 8)])
def test_more_than_two_weeks_print_on_a3(case: Any, tmp_path: Path, days: int, paper: int) -> None:
    longer = replace(case, roster=replace(case.roster, days=days))
    assert read(longer, tmp_path)["Roster"].page_setup.paperSize == paper


def test_no_text_becomes_a_formula_or_a_link(hostile: Any, tmp_path: Path) -> None:
    book = read(hostile, tmp_path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell for cell in cells if cell.hyperlink] == []
    names = {row[1].value for row in book["Roster"].iter_rows(min_row=2)}
    assert names == {agent.id for agent in hostile.agents}


def test_a_name_cannot_break_out_of_a_rule_or_the_page_header(hostile: Any, tmp_path: Path) -> None:
    sheet = read(hostile, tmp_path)["Roster"]
    (area,) = sheet.conditional_formatting
    assert 'EXACT(LEFT(G2,MAX(LEN(G2)-6,0)),"=1+1""&<i>\'),A1,(""")' in [
        rule.formula[0] for rule in area.rules
    ]
    with zipfile.ZipFile(tmp_path / "roster.xlsx") as archive:
        xml = html.unescape(archive.read("xl/worksheets/sheet1.xml").decode())
    assert '<oddHeader>&L&&C&&"Arial"<h1>=2+2 https://x.example&C&A&R2024-11-11 – 2024-11-17<' in xml


def test_a_pattern_name_too_long_for_a_formula_still_makes_a_file_that_opens(
    hostile: Any, tmp_path: Path
) -> None:
    (area,) = read(hostile, tmp_path)["Roster"].conditional_formatting
    literals = [rule.formula[0].split(",", 2)[-1] for rule in area.rules]
    assert max(len(text) for text in literals) <= 2 * 255
    assert any("p" * 250 in text for text in literals)


def test_paid_hours_count_the_hour_a_clock_repeats(autumn_night: Any, tmp_path: Path) -> None:
    book = read(autumn_night, tmp_path)
    assert book["Roster"]["F2"].value == 8
    (line,) = table(book["Shifts"])
    assert (line["Start"].isoformat(), line["End"].isoformat()) == (
        "2024-10-26T22:00:00",
        "2024-10-27T06:00:00",
    )
    assert line["Breaks"] == "meal 02:00–03:00"


def test_the_hour_a_clock_repeats_is_told_apart_by_its_offset(autumn_night: Any, tmp_path: Path) -> None:
    lines = table(read(autumn_night, tmp_path)["Coverage"])
    times = [(line["Start"].isoformat()[11:16], line["UTC offset"]) for line in lines]
    assert times == [
        ("01:30", "+02:00"),
        ("02:00", "+02:00"),
        ("02:30", "+02:00"),
        ("02:00", "+01:00"),
        ("02:30", "+01:00"),
    ]


def test_a_split_day_shows_both_shifts(case: Any, shift: Callable[..., Assignment], tmp_path: Path) -> None:
    evening = shift("a2", case.roster.first, 1140, 120, pattern="part_2h")
    split = replace(case, roster=replace(case.roster, assignments=(evening, *case.roster.assignments)))
    assert read(split, tmp_path)["Roster"]["G2"].value == "day_9h 09:00 / part_2h 19:00"


def test_without_patterns_the_codes_are_those_the_roster_uses(case: Any, tmp_path: Path) -> None:
    codes = [line["Code"] for line in table(read(case, tmp_path, patterns=())["Codes"])]
    assert codes == ["day_9h 08:30", "day_9h 09:00", "night_9h 22:00", "part_5h 09:00", "time off"]


def test_a_roster_without_people_has_a_header_and_no_rules(case: Any, tmp_path: Path) -> None:
    nobody = replace(case, roster=replace(case.roster, assignments=()), agents=())
    sheet = read(nobody, tmp_path, patterns=())["Roster"]
    assert sheet["A1"].value == "Name"
    assert sheet.max_row == 1
    assert not sheet.data_validations.dataValidation


def test_any_number_of_patterns_gets_colours_of_their_own(case: Any, tmp_path: Path) -> None:
    many = tuple(ShiftPattern(id=f"p{n:02d}") for n in range(40))
    assert len(set(pattern_colours(pattern.id for pattern in many).values())) == 40
    assert read(case, tmp_path, patterns=many)["Codes"]["A2"].value == "day_9h 08:30"
