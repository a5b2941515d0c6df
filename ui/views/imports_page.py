"""Data: what the workspace holds, and files brought into it."""

from __future__ import annotations

import streamlit as st

from data.store import Workspace
from ui import jobs, state
from ui.views import holdings, import_form, people_tables, version_list
from ui.views.frame import MAKING, framed, offer_demo
from ui.views.work import show_job

HELD, IMPORT, PEOPLE, VERSIONS = "Queues and history", "Import", "People and patterns", "Versions"


@framed("Data", "What the workspace knows of queues, history and people, and files brought into it.")
def page(workspace: Workspace) -> None:
    """Draw the page."""
    filling = show_job("demo", MAKING, lambda _: state.choose("data_tab", HELD))
    empty = not workspace.queues()
    if empty and not (filling is not None and filling.running):
        _welcome()
    state.begin_with("data_tab", IMPORT if empty or _importing(workspace) else HELD)
    # Lazy: only the open tab is drawn, so that a click elsewhere costs no more than what is seen.
    tabs = st.tabs([HELD, IMPORT, PEOPLE, VERSIONS], key="data_tab", on_change="rerun")
    for tab, draw in zip(
        tabs, (holdings.show, import_form.show, people_tables.show, version_list.show), strict=True
    ):
        if tab.open:
            with tab:
                draw(workspace)


def _welcome() -> None:
    with st.container(border=True):
        left, right = st.columns(2, gap="large")
        with left:
            offer_demo()
        with right:
            st.markdown("**Or bring your own files**")
            st.write(
                "Import **queues** first, then their **history** and your **agents**. History alone is enough to forecast: "
                "queues are then made from it with the defaults."
            )


def _importing(workspace: Workspace) -> bool:
    job = jobs.latest(workspace.path, "imports")
    return job is not None and job.running
