"""Versions of the history."""

from __future__ import annotations

import streamlit as st

from data.store import Workspace
from ui.tables import history as tables
from ui.views.frame import next_step


def show(workspace: Workspace) -> None:
    """Draw the list."""
    records = workspace.versions()
    if not records:
        next_step("No versions yet: each import of history that changes something makes one.")
        return
    st.dataframe(tables.versions(records, workspace.timezone), hide_index=True)
    st.caption(
        "Each import that changed something is a version. Later figures for the same interval supersede; "
        f"the earlier ones stay readable in the older versions. Times in {workspace.timezone}."
    )
