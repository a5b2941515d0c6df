"""Agents: one row a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.domain import Agent
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.tables import Table

REQUIRED = ("agent_id", "skills")
OPTIONAL = ("name", "team", "contract", "time_off", "wishes", "protected_from", "protected_until")


def read_agents(
    table: Table,
    *,
    skills: Sequence[str],
    contracts: Sequence[str],
    patterns: Sequence[str],
    renamed: Mapping[str, str] | None = None,
    held: Mapping[str, Agent] | None = None,
) -> tuple[Sheet, list[tuple[Row, Agent]]]:
    """Read agents.

    Parameters
    ----------
    table
        As read from the file.
    skills
        Skills some queue needs.
    contracts, patterns
        Names of the contracts and patterns there are.
    renamed
        Names in the file of our columns that are called otherwise there.
    held
        Agents there are, by id; what the file has no column for stays.

    Returns
    -------
    tuple
        The sheet with the faults found, and the agents of sound rows with their rows.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    found = [(row, _agent(row, skills, contracts, patterns, held or {})) for row in sheet.rows()]
    return sheet, [(row, agent) for row, agent in found if agent is not None]


def _agent(
    row: Row,
    skills: Sequence[str],
    contracts: Sequence[str],
    patterns: Sequence[str],
    held: Mapping[str, Agent],
) -> Agent | None:
    name = row.need("agent_id")
    blank = Agent(id="-", name=name, skills=frozenset("-"))
    before = held.get(name, blank)
    row.need("skills")
    able = row.get("skills", fields.names, frozenset[str]())
    for skill in sorted(able):
        if skill not in skills:
            listed = ", ".join(sorted(skills)) or "none yet"
            repair = f"Correct it, or import a queue that needs it first. Skills of the queues: {listed}."
            row.fault("skills", f"no queue needs the skill {skill!r}", repair)
    contract = row.keep("contract", fields.text, blank.contract, before.contract)
    row.known("contract", "contract", contract, contracts)
    wishes = row.keep("wishes", fields.wishes, blank.wishes, before.wishes)
    for wish in wishes:
        if wish.pattern is not None:
            row.known("wishes", "pattern", wish.pattern, patterns)
    time_off = row.keep("time_off", fields.days, blank.time_off, before.time_off)
    return row.make(
        lambda: Agent(
            id=name,
            name=row.keep("name", fields.text, blank.name, before.name),
            team=row.keep("team", fields.text, blank.team, before.team),
            skills=able,
            contract=contract,
            time_off=time_off,
            wishes=wishes,
            protected_from=row.keep("protected_from", fields.day, None, before.protected_from),
            protected_until=row.keep("protected_until", fields.day, None, before.protected_until),
        ),
        {"id": "agent_id"},
    )
