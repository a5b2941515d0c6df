"""The people × days matrix both the workbook and the print view draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.domain import Agent, Assignment
from ui.exports.content import Content
from ui.exports.times import horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One person's day.

    Parameters
    ----------
    assignments
        Shifts that begin on the day; empty on a free day.
    time_off
        Whether the person is away.
    """

    assignments: tuple[Assignment, ...]
    time_off: bool

    @property
    def clash(self) -> bool:
        """Whether the person is rostered on a day away."""
        return self.time_off and bool(self.assignments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person's tour, a cell per day."""

    agent: Agent
    cells: tuple[Cell, ...]

    @property
    def paid_h(self) -> float:
        """Paid hours of the days in the row."""
        return sum(shift.paid.total_seconds() for cell in self.cells for shift in cell.assignments) / 3600


def rows(content: Content) -> list[Row]:
    """Return one row a person, in the order of team, name and id."""
    roster = content.roster
    days = horizon(roster.first, roster.days)
    tours: dict[str, dict[date, list[Assignment]]] = {agent.id: {} for agent in content.agents}
    for assignment in sorted(roster.assignments, key=lambda shift: shift.start):
        tours[assignment.agent_id].setdefault(assignment.day, []).append(assignment)
    return [_row(agent, tours[agent.id], days) for agent in content.agents]


def _row(agent: Agent, tour: dict[date, list[Assignment]], days: list[date]) -> Row:
    cells = tuple(Cell(assignments=tuple(tour.get(day, ())), time_off=day in agent.time_off) for day in days)
    return Row(agent=agent, cells=cells)
