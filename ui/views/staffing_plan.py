"""What some days take as they are planned, found once for every tab and slider."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from data.store import Workspace
from ui import cached
from ui.views.lookups import covering
from ui.words import plain

if TYPE_CHECKING:  # it loads the models, which no other page needs
    from ui.plan.what_if import Planned


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan, and what tells it from any other."""

    plan: Planned
    stamp: str


def of_days(workspace: Workspace, first: date, days: int) -> Shown | None:
    """Plan of [first, first + days) for the queues that have a forecast of them; says so where none has."""
    found = covering(workspace.forecasts(), first, days)
    queues = tuple(queue for queue in workspace.queues() if queue.id in found)
    if not queues:
        st.info(
            "No forecast covers all of these days. Choose others, or make one in the tab Requirement.",
            icon=":material/arrow_forward:",
        )
        return None
    absent = [queue.id for queue in workspace.queues() if queue.id not in found]
    if absent:
        st.caption(f"Without {plain(', '.join(absent))}, of which no forecast covers these days.")
    now = workspace.now()
    centre = (workspace.agents(), workspace.contracts(), workspace.patterns())
    held = [each.id for each in workspace.overrides() if each.holds_at(now)]
    records = [record.id for record in found.values()]
    made_from = repr((first, days, queues, records, held, centre))
    stamp = hashlib.sha256(made_from.encode()).hexdigest()
    return Shown(
        cached.plan(str(workspace.path), first, days, tuple(queue.id for queue in queues), stamp), stamp
    )
