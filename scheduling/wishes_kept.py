"""Which wishes a roster grants, and which it denies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import pandas as pd

from data.domain import Agent, Roster


def wishes_kept(roster: Roster, agents: Sequence[Agent]) -> pd.DataFrame:
    """Wishes inside a roster's horizon, by person and day.

    Returns
    -------
    DataFrame
        Columns agent_id, date, pattern (missing for a day off), weight, granted: the day off, or the pattern worked.
    """
    worked: dict[tuple[str, date], set[str]] = defaultdict(set)
    for shift in roster.assignments:
        worked[shift.agent_id, shift.day].add(shift.pattern)
    rows = [
        {
            "agent_id": agent.id,
            "date": pd.Timestamp(wish.day),
            "pattern": wish.pattern,
            "weight": wish.weight,
            "granted": not found if wish.pattern is None else wish.pattern in found,
        }
        for agent in agents
        for wish in sorted(agent.wishes, key=lambda wish: (wish.day, wish.pattern or ""))
        if roster.first <= wish.day <= roster.last
        for found in (worked.get((agent.id, wish.day), set()),)
    ]
    types = {
        "agent_id": "str",
        "date": "datetime64[us]",
        "pattern": "str",
        "weight": "float64",
        "granted": "bool",
    }
    return pd.DataFrame(rows, columns=list(types)).astype(types)
