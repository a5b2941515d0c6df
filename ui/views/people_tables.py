"""People, contracts and shift patterns the workspace knows."""

from __future__ import annotations

import streamlit as st

from data.store import Workspace
from ui.tables import people as tables
from ui.views.frame import next_step, table_height


def show(workspace: Workspace) -> None:
    """Draw the three tables."""
    agents = workspace.agents()
    if agents:
        st.markdown(f"**{len(agents)} people**")
        st.dataframe(tables.agents(agents), hide_index=True, height=table_height(len(agents), 420))
    else:
        next_step("No people yet. Import agents in the tab Import before building a roster.")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown("**Shift patterns**")
        st.dataframe(tables.patterns(workspace.patterns()), hide_index=True)
    with right:
        st.markdown("**Contracts**")
        st.dataframe(tables.contracts(workspace.contracts()), hide_index=True)
