"""Peaks: one row a date of a dated peak, one row a rule of a recurring one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from data.calendars import require_calendar
from data.domain import FIRST_DAY, LONGEST_OFFSET_DAYS, WIDEST_WINDOW_DAYS, Peak, PeakKind, Recurrence
from data.peaks import require_fit
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.tables import Table

SHARED = ("kind", "queues", "lower_days", "upper_days", "expected_uplift", "expected_sd")
RULE = ("recurrence", "days_of_month", "offset_days", "roll", "calendar", "first", "last")
REQUIRED = ("peak", "kind")
OPTIONAL = ("date", "size", *SHARED[1:], *RULE)
WINDOW, OFFSET = fields.days_within(WIDEST_WINDOW_DAYS), fields.days_within(LONGEST_OFFSET_DAYS)


class Repeats(StrEnum):
    """Words of the column recurrence."""

    MONTHLY = "monthly"
    SESSIONS = "sessions"
    HOLIDAYS = "holidays"
    MAKEUP = "makeup"


class Roll(StrEnum):
    """Words of the column roll."""

    NONE = "none"
    NEXT = "next"
    PREVIOUS = "previous"


def read_peaks(
    table: Table,
    *,
    queues: Sequence[str],
    renamed: Mapping[str, str] | None = None,
    held: Mapping[str, Peak] | None = None,
) -> tuple[Sheet, list[tuple[Row, Peak]]]:
    """Read peaks; rows of one peak add dates, at most one of them a rule, and agree in everything else.

    Parameters
    ----------
    table
        As read from the file.
    queues
        Names of the queues there are.
    renamed
        Names in the file of our columns that are called otherwise there.
    held
        Peaks there are, by name; queues, window and guess stay where the file has no column for them, while dates,
        sizes and the rule are what the file says.

    Returns
    -------
    tuple
        The sheet with the faults found, and the peaks of sound rows, each with its first row.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    grouped: dict[str, list[Row]] = {}
    for row in sheet.rows():
        grouped.setdefault(row.need("peak"), []).append(row)
    known = held or {}
    peaks = [(rows[0], _peak(name, rows, queues, known.get(name))) for name, rows in grouped.items()]
    return sheet, [(row, peak) for row, peak in peaks if peak is not None]


def _peak(name: str, rows: list[Row], queues: Sequence[str], held: Peak | None) -> Peak | None:
    head = rows[0]
    head.need("kind")
    for row in rows[1:]:
        for column in SHARED:
            if row.cell(column) not in ("", head.cell(column)):
                reason = (
                    f"the peak's row on line {head.line} says otherwise ({head.cell(column) or 'nothing'})"
                )
                row.fault(column, reason, "Say the same in each row of a peak, or leave it empty.")
    kind = head.get("kind", fields.choice(PeakKind), PeakKind.EVENT)
    blank = Peak(id="-", kind=kind, dates={FIRST_DAY: None})
    before = held or blank
    touched = head.keep("queues", fields.names, blank.queues, before.queues)
    for queue in sorted(touched):
        head.known("queues", "queue", queue, queues)
    window = {
        "lower_days": head.keep("lower_days", WINDOW, blank.lower_days, before.lower_days),
        "upper_days": head.keep("upper_days", WINDOW, blank.upper_days, before.upper_days),
    }
    expected_uplift = head.keep("expected_uplift", _change, None, before.expected_uplift)
    expected_sd = head.keep("expected_sd", _change, None, before.expected_sd)
    dates = _dates(rows)
    recurrence, size = _rule(rows)
    if not all(row.sound for row in rows):
        return None
    return head.make(
        lambda: Peak(
            id=name,
            kind=kind,
            dates=dates,
            recurrence=recurrence,
            queues=touched,
            size=size,
            expected_uplift=expected_uplift,
            expected_sd=expected_sd,
            **window,
        ),
        {"id": "peak", "dates": "date"},
    )


def _dates(rows: list[Row]) -> dict[date, float | None]:
    dates: dict[date, float | None] = {}
    lines: dict[date, int] = {}
    for row in rows:
        when = row.get("date", fields.day, None)
        if when is None:
            if not row.cell("date") and not _is_rule(row):
                row.fault(
                    "date", "the row has neither a date nor a recurrence", "Give a date, or a recurrence."
                )
            continue
        if when in lines:
            row.fault("date", f"the date is on line {lines[when]} already", "Keep one row a date.")
        if _is_rule(row):
            row.fault("date", "the row has both a date and a recurrence", "Give them in two rows.")
        lines[when] = row.line
        dates[when] = row.get("size", fields.not_negative, None)
    return dates


def _rule(rows: list[Row]) -> tuple[Recurrence | None, float | None]:
    ruled = [row for row in rows if _is_rule(row)]
    if not ruled:
        return None, None
    for row in ruled[1:]:
        row.fault(
            "recurrence", f"the peak has a rule on line {ruled[0].line} already", "Give it another name."
        )
    row = ruled[0]
    repeats = row.get("recurrence", fields.choice(Repeats), Repeats.MONTHLY)
    monthly = row.get("days_of_month", fields.days_of_month, tuple[int, ...]())
    calendar = row.get("calendar", _calendar, None)
    offset_days = row.get("offset_days", OFFSET, 0)
    roll = row.get("roll", fields.choice(Roll), Roll.NONE)
    first, last = row.get("first", _bound, None), row.get("last", _bound, None)
    recurrence = row.make(
        lambda: Recurrence(
            days_of_month=monthly,
            offset_days=offset_days,
            roll=roll.value,
            calendar=calendar,
            sessions=repeats is Repeats.SESSIONS,
            holidays=repeats is Repeats.HOLIDAYS,
            makeup_days=repeats is Repeats.MAKEUP,
            first=first,
            last=last,
        ),
        {},
    )
    if recurrence is not None and calendar is not None:
        row.hold("calendar", lambda: require_fit(recurrence, calendar))
    return recurrence, row.get("size", fields.not_negative, None)


def _is_rule(row: Row) -> bool:
    return bool(row.cell("recurrence") or row.cell("days_of_month"))


def _change(cell: str) -> float:
    """Read a relative change: 0.3, 30% or -20%."""
    digits = cell.removesuffix("%").removesuffix("％").strip()
    return fields.number(digits) / (100 if digits != cell else 1)


def _bound(cell: str) -> date:
    try:
        return fields.day(cell)
    except fields.CellError as error:
        repair = f"{error.repair} Leave the cell empty where the rule has no such end."
        raise fields.CellError(error.reason, repair) from error


def _calendar(cell: str) -> str:
    return require_calendar(cell)
