"""Who fell ill after a roster was made: kept beside it, so that nobody is judged by days they could not work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from data.domain import Agent
from data.errors import UnknownNameError
from data.store import Workspace
from scheduling.resolve.outcome import Absence

ABSENCES = "absences"
"""Name under which a roster keeps them."""


def absences_of(workspace: Workspace, name: str) -> tuple[Absence, ...]:
    """Absences that a stored roster reckons with."""
    try:
        frame = workspace.roster_part(name, ABSENCES)
    except UnknownNameError:
        return ()
    rows = zip(frame["agent_id"], frame["first"], frame["last"], strict=True)
    return tuple(Absence(str(who), first.date(), last.date()) for who, first, last in rows)


def absences_frame(absences: Iterable[Absence]) -> pd.DataFrame:
    """Columns agent_id, first, last (local days, both included)."""
    rows = [(one.agent_id, pd.Timestamp(one.first), pd.Timestamp(one.last)) for one in absences]
    frame = pd.DataFrame(rows, columns=["agent_id", "first", "last"])
    return frame.astype({"agent_id": "str", "first": "datetime64[us]", "last": "datetime64[us]"})


def agents_with(workspace: Workspace, absences: Iterable[Absence]) -> tuple[Agent, ...]:
    """The workspace's people; days of absence are time off."""
    agents = {agent.id: agent for agent in workspace.agents()}
    for one in absences:
        if one.agent_id in agents:
            agent = agents[one.agent_id]
            agents[one.agent_id] = replace(agent, time_off=agent.time_off | one.days)
    return tuple(agents.values())
