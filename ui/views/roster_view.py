"""Roster: solved, looked at by person, day and queue, checked, simulated, taken away."""

from __future__ import annotations

import streamlit as st

from data.records import RosterRecord
from data.store import Workspace
from ui import state
from ui.jobs import Job
from ui.views import (
    roster_coverage,
    roster_export,
    roster_figures,
    roster_matrix,
    roster_required,
    roster_rules,
    roster_simulation,
    roster_solve,
)
from ui.views.frame import framed, next_step
from ui.views.work import show_job

TABS = ("People × days", "A day", "Answer rates", "Simulation", "Rules", "Export")


@framed("Roster", "Who works when, so that the share of contacts answered reaches its target.")
def page(workspace: Workspace) -> None:
    """Draw the page."""
    if not workspace.queues():
        next_step(
            "No queues yet. Import queues, history and agents, or fill the workspace with the demo centre, on the",
            on_data=True,
        )
        return
    if not workspace.agents():
        next_step("No people yet. Import agents on the", on_data=True)
        return
    job = show_job("roster", "Roster", _select)
    if job is not None:
        roster_solve.told(job)
    records = workspace.rosters()
    state.begin_with("new_roster", not records)
    fresh = st.expander(
        "Requirement and a new roster", icon=":material/add_circle:", key="new_roster", on_change="rerun"
    )
    if fresh.open:
        with fresh:
            first, days = roster_solve.form(workspace)
            roster_required.show(workspace, first, days)
    if not records:
        next_step("No roster yet. Choose the days above and press Solve.")
        return
    labels = {
        record.name: f"{record.name} · {record.first:%d %b %Y}, {record.days} days"
        for record in reversed(records)
    }
    name = st.selectbox("Roster", list(labels), format_func=labels.__getitem__, key="roster", **state.LINKED)
    _one(workspace, next(record for record in records if record.name == name))


def _select(job: Job) -> None:
    """Open the roster that was just made, and close the form behind it."""
    state.choose("roster", job.result["name"])
    state.choose("new_roster", False)


def _one(workspace: Workspace, record: RosterRecord) -> None:
    roster_figures.show(workspace, record)
    # Lazy: only the open tab is drawn, so that a click elsewhere costs no more than what is seen.
    draws = (
        roster_matrix.show,
        roster_coverage.show,
        roster_figures.rates,
        roster_simulation.show,
        roster_rules.show,
        roster_export.show,
    )
    for tab, draw in zip(st.tabs(TABS, key="roster_tab", on_change="rerun"), draws, strict=True):
        if tab.open:
            with tab:
                draw(workspace, record)
