"""Activities: one row a training, meeting or coaching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.activities import Activity, Gathering
from data.domain import Agent
from data.reference import fields
from data.reference.fields import CellError
from data.reference.sheet import Row, Sheet
from data.tables import Table

REQUIRED = ("activity",)
OPTIONAL = (
    "kind",
    "length_min",
    "who",
    "together",
    "least",
    "most",
    "coach",
    "days",
    "from",
    "until",
    "first",
    "last",
    "repeats",
    "edge_min",
    "price",
)
COLUMNS = {
    "id": "activity",
    "people": "who",
    "weekdays": "days",
    "from_min": "from",
    "until_min": "until",
    "gathering": "together",
}
"""Column by field, where they are called differently."""

EVERYBODY, TEAM, SKILL = "all", "team:", "skill:"
ONCE, WEEKLY = "once", "weekly"


@dataclass(frozen=True, slots=True)
class Who:
    """Whom an activity is for, as `Activity` has it."""

    people: frozenset[str] = frozenset()
    team: str = ""
    skill: str = ""


def read_activities(
    table: Table,
    *,
    agents: Sequence[Agent],
    renamed: Mapping[str, str] | None = None,
    held: Mapping[str, Activity] | None = None,
) -> tuple[Sheet, list[tuple[Row, Activity]]]:
    """Read activities.

    Parameters
    ----------
    table
        As read from the file.
    agents
        People there are, with their teams and skills.
    renamed
        Names in the file of our columns that are called otherwise there.
    held
        Activities there are, by name; what the file has no column for stays.

    Returns
    -------
    tuple
        The sheet with the faults found, and the activities of sound rows with their rows.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    found = [(row, _activity(row, agents, held or {})) for row in sheet.rows()]
    return sheet, [(row, activity) for row, activity in found if activity is not None]


def _activity(row: Row, agents: Sequence[Agent], held: Mapping[str, Activity]) -> Activity | None:
    name = row.name("activity")
    blank = Activity(id="-")
    before = held.get(name, blank)
    who = row.keep("who", _who, Who(), Who(before.people, before.team, before.skill))
    coach = row.keep("coach", fields.text, blank.coach, before.coach)
    _known(row, who, coach, agents)
    values = {
        field: row.keep(column, parse, getattr(blank, field), getattr(before, field))
        for field, (column, parse) in {
            "kind": ("kind", fields.text),
            "length_min": ("length_min", fields.whole),
            "gathering": ("together", fields.choice(Gathering)),
            "least": ("least", fields.whole),
            "most": ("most", fields.whole),
            "weekdays": ("days", fields.weekdays),
            "from_min": ("from", fields.clock_min),
            "until_min": ("until", fields.clock_min),
            "first": ("first", fields.day),
            "last": ("last", fields.day),
            "weekly": ("repeats", _weekly),
            "edge_min": ("edge_min", fields.whole),
            "price": ("price", fields.not_negative),
        }.items()
    }
    return row.make(
        lambda: Activity(id=name, people=who.people, team=who.team, skill=who.skill, coach=coach, **values),
        COLUMNS,
    )


def _known(row: Row, who: Who, coach: str, agents: Sequence[Agent]) -> None:
    ids = [agent.id for agent in agents]
    for person in sorted(who.people):
        row.known("who", "agent", person, ids)
    if who.team:
        row.known("who", "team", who.team, sorted({agent.team for agent in agents if agent.team}))
    if who.skill:
        row.known("who", "skill", who.skill, sorted({skill for agent in agents for skill in agent.skills}))
    if coach:
        row.known("coach", "agent", coach, ids)


def _who(cell: str) -> Who:
    if cell.casefold() == EVERYBODY:
        return Who()
    for prefix in (TEAM, SKILL):
        if cell.startswith(prefix):
            named = cell.removeprefix(prefix).strip()
            if not named or ";" in named:
                raise CellError("this names no single team or skill", "Give one, such as team:Cards 1.")
            return Who(team=named) if prefix == TEAM else Who(skill=named)
    people = fields.names(cell)
    if not people:
        raise CellError("nobody is named", "Give all, team:NAME, skill:NAME, or ids joined by ;.")
    return Who(people=people)


def _weekly(cell: str) -> bool:
    if cell.casefold() not in {ONCE, WEEKLY}:
        raise CellError("this is neither once nor weekly", "Give once or weekly.")
    return cell.casefold() == WEEKLY


def who_text(activity: Activity) -> str:
    """Whom an activity is for, as the column `who` says it."""
    if activity.people:
        return ";".join(sorted(activity.people))
    if activity.team:
        return f"{TEAM}{activity.team}"
    return f"{SKILL}{activity.skill}" if activity.skill else EVERYBODY
