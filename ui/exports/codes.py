"""Shift codes such as "day_9h 08:30": the pattern and the local start, all a planner types to set a shift."""

from __future__ import annotations

from dataclasses import dataclass

from data.domain import DAY_MIN, Assignment, Roster, ShiftPattern
from ui.exports.people import Cell
from ui.exports.times import local

TIME_OFF = "time off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A shift that can be chosen: its pattern and local start and end, in minutes from local midnight."""

    pattern: str
    start_min: int
    end_min: int
    paid_h: float

    def __str__(self) -> str:
        return f"{self.pattern} {clock_text(self.start_min)}"


def clock_text(minute: int) -> str:
    """Return a minute of the day as "08:30"; the next day starts again at 00:00."""
    return f"{minute % DAY_MIN // 60:02d}:{minute % 60:02d}"


def shift_code(assignment: Assignment, timezone: str) -> str:
    """Return the code of a shift."""
    return f"{assignment.pattern} {local(assignment.start, timezone):%H:%M}"


def cell_text(cell: Cell, timezone: str) -> str:
    """Return what stands in a cell: the code, both codes of a split day, the time-off mark, or nothing."""
    if cell.assignments:
        return " / ".join(shift_code(assignment, timezone) for assignment in cell.assignments)
    return TIME_OFF if cell.time_off else ""


def codes(roster: Roster, patterns: tuple[ShiftPattern, ...]) -> list[Code]:
    """Return every shift the patterns allow, and those the roster uses beyond them, in order."""
    found = {str(code): code for pattern in patterns for code in _pattern_codes(pattern)}
    for assignment in roster.assignments:
        text = shift_code(assignment, roster.timezone)
        if text not in found:
            start, end = (
                local(moment, roster.timezone).replace(tzinfo=None)
                for moment in (assignment.start, assignment.end)
            )
            start_min = 60 * start.hour + start.minute
            length_min = round((end - start).total_seconds() / 60)
            found[text] = Code(
                pattern=assignment.pattern,
                start_min=start_min,
                end_min=start_min + length_min,
                paid_h=assignment.paid.total_seconds() / 3600,
            )
    return sorted(found.values(), key=lambda code: (code.pattern, code.start_min))


def _pattern_codes(pattern: ShiftPattern) -> list[Code]:
    starts = range(pattern.start_earliest_min, pattern.start_latest_min + 1, pattern.start_step_min)
    return [
        Code(
            pattern=pattern.id,
            start_min=start_min,
            end_min=start_min + pattern.length_min,
            paid_h=pattern.paid_min / 60,
        )
        for start_min in starts
    ]
