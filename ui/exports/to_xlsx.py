"""Excel: the roster as planners know it, ready to filter, edit by list and print."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from ui.exports.codes import codes
from ui.exports.colours import pattern_colours, pattern_names
from ui.exports.content import Content
from ui.exports.people import rows
from ui.exports.text import printable
from ui.exports.xlsx_lists import write_codes, write_coverage, write_days, write_shifts, write_targets
from ui.exports.xlsx_roster import add_choice, write_roster
from ui.exports.xlsx_table import Styles

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
"""Text stays text, whatever it looks like; no temporary files outside the target's folder."""


def write(content: Content, out: Path) -> None:
    """Write the workbook: Roster, Shifts, Coverage, Days and Targets where given, Codes.

    Raises
    ------
    OSError
        The file cannot be written; xlsxwriter's own error is not one.
    """
    try:
        _write(content, out)
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _write(content: Content, out: Path) -> None:
    people = rows(content)
    choices = codes(content.roster, content.patterns)
    colours = pattern_colours(pattern_names(content))
    with xlsxwriter.Workbook(str(out), OPTIONS) as workbook:
        workbook.set_properties(
            {
                "title": printable(content.roster.name),
                "comments": f"Times in {content.roster.timezone}. Exported by Peakshift.",
                "created": content.stamp.astimezone(UTC).replace(tzinfo=None),
            }
        )
        styles = Styles(workbook)
        matrix = workbook.add_worksheet("Roster")
        write_roster(matrix, styles, content, people, colours)
        write_shifts(workbook.add_worksheet("Shifts"), styles, content, people)
        if content.coverage is not None:
            write_coverage(workbook.add_worksheet("Coverage"), styles, content, content.coverage)
        if content.days is not None:
            write_days(workbook.add_worksheet("Days"), styles, content, content.days)
        if content.targets is not None:
            write_targets(workbook.add_worksheet("Targets"), styles, content, content.targets)
        write_codes(workbook.add_worksheet("Codes"), styles, content, choices, colours)
        add_choice(
            matrix,
            styles,
            people=len(people),
            days=content.roster.days,
            choices=len(choices),
            colours=colours,
        )
