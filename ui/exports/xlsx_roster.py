"""The sheet Roster: people × days, coloured by pattern, with a list of shifts to choose from in every cell."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from ui.exports.codes import TIME_OFF, cell_text
from ui.exports.content import Content
from ui.exports.people import Row
from ui.exports.text import printable
from ui.exports.times import horizon
from ui.exports.xlsx_table import (
    A3,
    A4,
    HEADER_FILL,
    MISS,
    RULE,
    WEEKEND_FILL,
    Styles,
    day_number,
    set_up_print,
)

PERSON_COLUMNS = (("Name", 20), ("Id", 9), ("Team", 12), ("Skills", 16), ("Contract", 10), ("Paid h", 8))
FIRST_DAY = len(PERSON_COLUMNS)
WEEKEND_HEADER_FILL = "#5A6B7C"
TIME_OFF_FILL = "#D9D9D9"
WIDEST_A4_DAYS = 14
LONGEST_TEXT = 250


def write_roster(
    sheet: Any, styles: Styles, content: Content, rows: list[Row], colours: dict[str, str]
) -> None:
    """Write the matrix."""
    roster = content.roster
    days = horizon(roster.first, roster.days)
    weekend = [day.weekday() >= 5 for day in days]
    for place, (title, width) in enumerate(PERSON_COLUMNS):
        sheet.write_string(0, place, title, styles.header(align="right" if title == "Paid h" else "left"))
        sheet.set_column(place, place, width)
    for place, day in enumerate(days):
        fill = WEEKEND_HEADER_FILL if weekend[place] else HEADER_FILL
        style = styles.header(bg_color=fill, num_format="ddd d mmm", align="center")
        sheet.write_number(0, FIRST_DAY + place, day_number(day), style)
    sheet.set_column(FIRST_DAY, FIRST_DAY + len(days) - 1, _day_width(rows, roster.timezone))
    sheet.set_row(0, 24)
    for line, row in enumerate(rows, start=1):
        _write_person(sheet, styles, line, row)
        _write_days(sheet, styles, line, row, weekend=weekend, colours=colours, timezone=roster.timezone)
    last = (max(len(rows), 1), FIRST_DAY + len(days) - 1)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, *last)
    set_up_print(sheet, roster, paper=A4 if len(days) <= WIDEST_A4_DAYS else A3)


def _day_width(rows: list[Row], timezone: str) -> float:
    longest = max((len(cell_text(cell, timezone)) for row in rows for cell in row.cells), default=0)
    # The cells' small print needs less than a letter's width each.
    return min(max(0.9 * longest + 1, 11), 28)


def _write_person(sheet: Any, styles: Styles, line: int, row: Row) -> None:
    agent = row.agent
    plain, strong = styles.get(valign="vcenter"), styles.get(valign="vcenter", bold=True)
    texts = (agent.name, agent.id, agent.team, ";".join(sorted(agent.skills)), agent.contract)
    for place, text in enumerate(texts):
        sheet.write_string(line, place, printable(text), plain if place else strong)
    sheet.write_number(
        line, len(texts), round(row.paid_h, 4), styles.get(num_format="0.00", valign="vcenter")
    )


def _write_days(
    sheet: Any,
    styles: Styles,
    line: int,
    row: Row,
    *,
    weekend: list[bool],
    colours: dict[str, str],
    timezone: str,
) -> None:
    grid = {"border": 1, "border_color": RULE, "align": "center", "valign": "vcenter", "font_size": 9}
    for place, cell in enumerate(row.cells, start=FIRST_DAY):
        text = cell_text(cell, timezone)
        if cell.clash:
            style = styles.get(
                **grid, bg_color=colours[cell.assignments[0].pattern], bold=True, font_color=MISS
            )
        elif cell.assignments:
            style = styles.get(**grid, bg_color=colours[cell.assignments[0].pattern])
        elif cell.time_off:
            style = styles.get(**grid, bg_color=TIME_OFF_FILL, italic=True, font_color="#555555")
        else:
            style = styles.get(**grid, bg_color=WEEKEND_FILL if weekend[place - FIRST_DAY] else "#FFFFFF")
        if text:
            sheet.write_string(line, place, printable(text), style)
        else:
            sheet.write_blank(line, place, None, style)


def add_choice(
    sheet: Any, styles: Styles, *, people: int, days: int, choices: int, colours: dict[str, str]
) -> None:
    """Let every day cell take only one of the codes listed on the sheet Codes; its colour follows the choice."""
    if not people:
        return
    area = (1, FIRST_DAY, people, FIRST_DAY + days - 1)
    sheet.data_validation(
        *area,
        {
            "validate": "list",
            # On a sheet of its own: a list within the rule ends at 255 letters.
            "source": f"=Codes!$A$2:$A${choices + 2}",
            "error_title": "Unknown shift",
            "error_message": "Choose a code from the list (sheet Codes), or clear the cell for a free day.",
        },
    )
    cell, head = xl_rowcol_to_cell(1, FIRST_DAY), xl_rowcol_to_cell(0, FIRST_DAY, row_abs=True)
    pattern = f"LEFT({cell},MAX(LEN({cell})-6,0))"
    rules = [(f"=EXACT({pattern},{_quoted(name)})", colour) for name, colour in colours.items()]
    rules += [
        (f"={cell}={_quoted(TIME_OFF)}", TIME_OFF_FILL),
        (f"=AND(LEN({cell})=0,WEEKDAY({head},2)>5)", WEEKEND_FILL),
        (f"=LEN({cell})=0", "#FFFFFF"),
    ]
    for formula, colour in rules:
        rule = {
            "type": "formula",
            "criteria": formula,
            "format": styles.get(bg_color=colour),
            "stop_if_true": True,
        }
        sheet.conditional_format(*area, rule)


def _quoted(name: str) -> str:
    """Return a name as a formula's text, which ends at 255 letters; a longer name never matches."""
    return '"' + printable(name)[:LONGEST_TEXT].replace('"', '""') + '"'
