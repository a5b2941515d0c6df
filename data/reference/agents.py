"""Agents: one row a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from data.domain import Agent, Wish
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.tables import Table

REQUIRED = ("agent_id", "skills")
OPTIONAL = ("name", "team", "contract", "time_off", "wishes")


def read_agents(
    table: Table,
    *,
    skills: Sequence[str],
    contracts: Sequence[str],
    patterns: Sequence[str],
    renamed: Mapping[str, str] | None = None,
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

    Returns
    -------
    tuple
        The sheet with the faults found, and the agents of sound rows with their rows.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    found = [(row, _agent(row, skills, contracts, patterns)) for row in sheet.rows()]
    return sheet, [(row, agent) for row, agent in found if agent is not None]


def _agent(
    row: Row, skills: Sequence[str], contracts: Sequence[str], patterns: Sequence[str]
) -> Agent | None:
    name = row.need("agent_id")
    row.need("skills")
    held = row.get("skills", fields.names, frozenset[str]())
    for skill in sorted(held):
        if skill not in skills:
            listed = ", ".join(sorted(skills)) or "none yet"
            repair = f"Correct it, or import a queue that needs it first. Skills of the queues: {listed}."
            row.fault("skills", f"no queue needs the skill {skill!r}", repair)
    contract = row.get("contract", fields.text, Agent(id="-", skills=frozenset("-")).contract)
    row.known("contract", "contract", contract, contracts)
    wishes = row.get("wishes", fields.wishes, tuple[Wish, ...]())
    for wish in wishes:
        if wish.pattern is not None:
            row.known("wishes", "pattern", wish.pattern, patterns)
    time_off = row.get("time_off", fields.days, frozenset[date]())
    return row.make(
        lambda: Agent(
            id=name,
            name=row.cell("name"),
            team=row.cell("team"),
            skills=held,
            contract=contract,
            time_off=time_off,
            wishes=wishes,
        )
    )
