"""Holiday notices: one row a day off or make-up working day, brought in as soon as the notice is out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from data.calendars.countries import country_code
from data.errors import Fault, FaultyFileError
from data.notices import HolidayNotice
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.store import Workspace
from data.tables import Table, read_table

REQUIRED = ("date", "holiday")
OPTIONAL = ("working", "region")
WORKED, OFF = "班", "休"
DEFAULT_REGION = "CN"


def import_holidays(workspace: Workspace, files: Sequence[Path | str]) -> tuple[HolidayNotice, ...]:
    """Read holiday notices and save them in the workspace; forecasts made from then on go by them.

    Parameters
    ----------
    workspace
        Takes them in.
    files
        CSV, TSV, xlsx or Parquet; each whole or not at all.

    Raises
    ------
    FaultyFileError
        With every fault of every file; nothing was saved.
    """
    faults: list[Fault] = []
    notices: list[HolidayNotice] = []
    for path in files:
        try:
            sheet, found = read_holidays(read_table(path))
        except FaultyFileError as error:
            faults += error.faults
            continue
        faults += sheet.faults
        notices += found
    if faults:
        raise FaultyFileError(faults)
    workspace.save_notices(notices)
    return tuple(notices)


def read_holidays(table: Table) -> tuple[Sheet, list[HolidayNotice]]:
    """Read the notices of one file.

    The rows of a region are one notice, of the year most of them fall in: a New Year's holiday may begin in December.

    Parameters
    ----------
    table
        As read from the file: date, holiday (its name), working (yes for a make-up working day), region (CN).

    Returns
    -------
    tuple
        The sheet with the faults found, and a notice a region; none where a row is faulty.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed={})
    days: dict[str, dict[date, tuple[Row, str, bool]]] = {}
    for row in sheet.rows():
        _take(row, days)
    if sheet.faults:
        return sheet, []
    notices = [_notice(region, of_region) for region, of_region in days.items()]
    return sheet, [notice for notice in notices if notice is not None]


def _take(row: Row, days: dict[str, dict[date, tuple[Row, str, bool]]]) -> None:
    when = row.get("date", fields.day, None)
    if when is None:
        row.need("date")
        return
    region = row.get("region", _region, DEFAULT_REGION)
    working = row.get("working", _yes, default=False)
    name = row.cell("holiday") if working else row.need("holiday")
    taken = days.setdefault(region, {})
    if when in taken:
        row.fault("date", f"the date is on line {taken[when][0].line} already", "Keep one row a date.")
        return
    taken[when] = (row, name, working)


def _notice(region: str, days: dict[date, tuple[Row, str, bool]]) -> HolidayNotice | None:
    year = Counter(day.year for day in days).most_common(1)[0][0]
    row = next(iter(days.values()))[0]
    off = {day: name for day, (_, name, working) in days.items() if not working}
    if not off:
        row.fault("working", "the file names no day off", "Give the holidays too, not only the days worked.")
        return None
    far = [day for day in days if abs(day.year - year) > 1]
    for day in far:
        days[day][0].fault("date", f"most days are of {year}", "Give each year in a file of its own.")
    if far:
        return None
    worked = frozenset(day for day, (_, _, working) in days.items() if working)
    return HolidayNotice(region=region, year=year, holidays=off, makeup_days=worked)


def _region(cell: str) -> str:
    return country_code(cell.upper())


def _yes(cell: str) -> bool:
    return cell == WORKED if cell in (WORKED, OFF) else fields.yes_no(cell)
