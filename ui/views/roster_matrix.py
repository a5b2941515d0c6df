"""People × days, coloured by pattern."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from data.records import RosterRecord
from data.store import Workspace
from ui.exports.colours import pattern_colours
from ui.exports.markup import element
from ui.tables import rosters as tables
from ui.views.frame import table_height
from ui.views.roster_figures import loaded

ALL = "All teams"


def show(workspace: Workspace, record: RosterRecord) -> None:
    """Draw the matrix."""
    roster = loaded(workspace, record)
    agents = workspace.agents()
    teams = sorted({agent.team for agent in agents if agent.team})
    team_column, find_column, only_column, _ = st.columns([2, 2, 2, 3], vertical_alignment="bottom")
    team = team_column.selectbox("Team", [ALL, *teams], key="matrix_team") if teams else ALL
    wanted = (
        find_column.text_input("Find a person", key="matrix_find", placeholder="part of a name or id") or ""
    )
    rostered = only_column.toggle("Only with shifts", key="matrix_only")
    working = {shift.agent_id for shift in roster.assignments}
    people = [
        agent
        for agent in tables.people(agents, None if team == ALL else team)
        if wanted.casefold() in f"{agent.name} {agent.id}".casefold()
        and (agent.id in working or not rostered)
    ]
    if not people:
        st.caption("Nobody fits. Choose another team, or clear the search.")
        return
    texts, patterns = tables.matrix(roster, people)
    colours = pattern_colours(
        {pattern.id for pattern in workspace.patterns()} | {shift.pattern for shift in roster.assignments}
    )
    styles = tables.cell_styles(patterns, colours)
    styled = texts.style.apply(lambda _: styles, axis=None).format({"Hours": "{:.1f}"})
    st.dataframe(
        styled,
        hide_index=True,
        height=table_height(len(texts), 620),
        column_config={
            "Name": st.column_config.TextColumn(pinned=True),
            "Hours": st.column_config.NumberColumn(help="Paid hours of the horizon.", format="%.1f"),
        },
    )
    _legend({name: colour for name, colour in colours.items() if (patterns == name).to_numpy().any()})
    st.caption(
        f"Start and end of each shift in {roster.timezone}; colour = pattern; “off” = granted time off. "
        "Select cells and copy them into a spreadsheet, or use Export."
    )


def _legend(colours: Mapping[str, str]) -> None:
    style = f"color:{tables.DARK_INK};border-radius:3px;padding:1px 7px;margin-right:6px;background:"
    chips = [element("span", name, style=style + colour) for name, colour in colours.items()]
    st.html(element("div", *chips, style="font-size:0.85rem;line-height:1.9"))
