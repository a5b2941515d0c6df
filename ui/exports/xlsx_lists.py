"""The long sheets of the workbook: Shifts, Coverage, Days, Targets and Codes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.domain import ServiceLevelFormula
from scheduling.judgement import reaches
from ui.exports.codes import TIME_OFF, Code, clock_text
from ui.exports.content import Content
from ui.exports.people import Row
from ui.exports.times import activities_text, breaks_text, local
from ui.exports.xlsx_table import MISS, Column, Styles, day_number, write_table

EPOCH = pd.Timestamp("1899-12-30")


def write_shifts(sheet: Any, styles: Styles, content: Content, rows: list[Row]) -> None:
    """One row a shift, with its breaks and activities."""
    timezone = content.roster.timezone
    shifts = [(row.agent, shift) for row in rows for cell in row.cells for shift in cell.assignments]
    columns = (
        Column(title="Name", kind="text", width=22, values=[agent.name for agent, _ in shifts]),
        Column(title="Id", kind="text", width=10, values=[agent.id for agent, _ in shifts]),
        Column(title="Day", kind="date", width=15, values=[day_number(shift.day) for _, shift in shifts]),
        Column(title="Pattern", kind="text", width=14, values=[shift.pattern for _, shift in shifts]),
        Column(
            title="Start",
            kind="time",
            width=16,
            values=[day_number(local(shift.start, timezone)) for _, shift in shifts],
        ),
        Column(
            title="End",
            kind="time",
            width=16,
            values=[day_number(local(shift.end, timezone)) for _, shift in shifts],
        ),
        Column(
            title="Paid h",
            kind="hours",
            width=8,
            values=[shift.paid.total_seconds() / 3600 for _, shift in shifts],
        ),
        Column(
            title="Breaks",
            kind="text",
            width=60,
            values=[breaks_text(shift, timezone) for _, shift in shifts],
        ),
        Column(
            title="Activities",
            kind="text",
            width=40,
            values=[activities_text(shift, timezone) for _, shift in shifts],
        ),
    )
    write_table(sheet, styles, content.roster, columns)


def write_coverage(sheet: Any, styles: Styles, content: Content, frame: pd.DataFrame) -> None:
    """Agents against the requirement by queue and interval, in local time with its offset from UTC."""
    starts = frame["start"].dt.tz_convert(content.roster.timezone)
    days = (starts.dt.tz_localize(None) - EPOCH) / pd.Timedelta(days=1)
    offsets = [f"{text[:3]}:{text[3:]}" for text in starts.dt.strftime("%z")]
    columns = (
        Column(title="Queue", kind="text", width=18, values=frame["queue"].tolist()),
        Column(title="Start", kind="time", width=16, values=days.tolist()),
        Column(title="UTC offset", kind="text", width=8, values=offsets),
        Column(title="Required agents", kind="number", width=10, values=frame["required"].tolist()),
        Column(title="Rostered agents", kind="number", width=10, values=frame["rostered"].tolist()),
        Column(
            title="Answer rate (answered / offered)",
            kind="rate",
            width=18,
            values=frame["answer_rate"].tolist(),
        ),
        Column(
            title="Service level",
            kind="rate",
            width=10,
            values=frame["service_level"].tolist(),
        ),
        Column(
            title="Service level formula",
            kind="text",
            width=36,
            values=[_formula(name) for name in frame["service_level_formula"]],
        ),
        Column(title="Occupancy", kind="rate", width=10, values=frame["occupancy"].tolist()),
        Column(title="Offered", kind="number", width=10, values=frame["offered"].tolist()),
        Column(title="Answered", kind="number", width=10, values=frame["answered"].tolist()),
        Column(
            title="Answered, counting callers left waiting for the next interval",
            kind="number",
            width=20,
            values=frame["answered_carried"].tolist(),
        ),
    )
    write_table(sheet, styles, content.roster, columns)


def _formula(name: object) -> str:
    """How a row's service level is counted; coverage of the first versions is all F3 and does not say so."""
    return ServiceLevelFormula(name if isinstance(name, str) else "f3").label


def write_days(sheet: Any, styles: Styles, content: Content, frame: pd.DataFrame) -> None:
    """Answer rate of each queue and day against its target; a miss stands out."""
    columns = (
        Column(title="Queue", kind="text", width=18, values=frame["queue"].tolist()),
        Column(
            title="Day",
            kind="date",
            width=15,
            values=((frame["date"] - EPOCH) / pd.Timedelta(days=1)).tolist(),
        ),
        *_rates(frame),
    )
    write_table(sheet, styles, content.roster, columns)
    _mark_missed(sheet, styles, frame, place=4)


def write_targets(sheet: Any, styles: Styles, content: Content, frame: pd.DataFrame) -> None:
    """Each target over its own spans, in local time; a miss stands out."""
    starts = frame["start"].dt.tz_convert(content.roster.timezone).dt.tz_localize(None)
    columns = (
        Column(title="Queue", kind="text", width=18, values=frame["queue"].tolist()),
        Column(title="Target over", kind="text", width=10, values=frame["period"].tolist()),
        Column(
            title="From", kind="time", width=16, values=((starts - EPOCH) / pd.Timedelta(days=1)).tolist()
        ),
        Column(
            title="Last day",
            kind="date",
            width=15,
            values=((frame["last"] - EPOCH) / pd.Timedelta(days=1)).tolist(),
        ),
        *_rates(frame),
    )
    write_table(sheet, styles, content.roster, columns)
    _mark_missed(sheet, styles, frame, place=6)


def _rates(frame: pd.DataFrame) -> tuple[Column, ...]:
    return (
        Column(title="Offered", kind="number", width=12, values=frame["offered"].tolist()),
        Column(title="Answered", kind="number", width=12, values=frame["answered"].tolist()),
        Column(
            title="Answer rate (answered / offered)",
            kind="rate",
            width=18,
            values=frame["answer_rate"].tolist(),
        ),
        Column(title="Target", kind="rate", width=10, values=frame["target"].tolist()),
    )


def _mark_missed(sheet: Any, styles: Styles, frame: pd.DataFrame, *, place: int) -> None:
    """Let answer rates below their target stand out in their column."""
    rates, targets = frame["answer_rate"].to_numpy(), frame["target"].to_numpy()
    missed = (rates < targets) & ~reaches(rates, targets)
    style = styles.get(num_format="0.0%", bold=True, font_color=MISS)
    for line in missed.nonzero()[0].tolist():
        sheet.write_number(line + 1, place, float(rates[line]), style)


def write_codes(
    sheet: Any, styles: Styles, content: Content, choices: list[Code], colours: dict[str, str]
) -> None:
    """Every code the sheet Roster takes, with what it stands for and its colour."""
    off = ("", "", "")
    lines = [(code.pattern, clock_text(code.start_min), _end_text(code)) for code in choices] + [off]
    columns = (
        Column(title="Code", kind="text", width=24, values=[*map(str, choices), TIME_OFF]),
        Column(title="Pattern", kind="text", width=18, values=[pattern for pattern, _, _ in lines]),
        Column(title="Start", kind="text", width=8, values=[start for _, start, _ in lines]),
        Column(title="End", kind="text", width=10, values=[end for _, _, end in lines]),
        Column(title="Paid h", kind="hours", width=8, values=[*(code.paid_h for code in choices), None]),
    )
    write_table(sheet, styles, content.roster, columns)
    for line, code in enumerate(choices, start=1):
        sheet.write_string(line, 0, str(code), styles.get(bg_color=colours[code.pattern], num_format="@"))


def _end_text(code: Code) -> str:
    later = code.end_min // 1440
    return clock_text(code.end_min) + (f" +{later}" if later else "")
