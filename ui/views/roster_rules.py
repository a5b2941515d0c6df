"""Rules the roster breaks, found without the optimiser."""

from __future__ import annotations

import streamlit as st

from data.records import RosterRecord
from data.store import Workspace
from ui import cached
from ui.tables import rosters as tables


def show(workspace: Workspace, record: RosterRecord) -> None:
    """Draw the list."""
    stamp = repr(
        (
            workspace.agents(),
            workspace.contracts(),
            workspace.patterns(),
            workspace.rule_sets(),
            workspace.notices(),
            workspace.waivers(record.name),
        )
    )
    found = cached.violations(str(workspace.path), record.name, record.created_at, stamp)
    if not found:
        st.success(
            "No rule is broken. Checked by a checker that shares nothing with the optimiser, against today's people, contracts and patterns.",
            icon=":material/verified:",
        )
        return
    hard = sum(violation.severity == "hard" for violation in found)
    st.error(f"{len(found)} rules broken, {hard} of them must hold.", icon=":material/rule:")
    st.dataframe(tables.violations(found, workspace.agents(), record.timezone), hide_index=True)
