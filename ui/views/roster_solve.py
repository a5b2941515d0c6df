"""The form that starts the optimiser, and what came of it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from data.store import Workspace
from ui import state
from ui.jobs import Job, State
from ui.views.lookups import day_after_history, next_monday
from ui.views.work import begin

LONGEST_DAYS = 28
LONGEST_S = 3600


def form(workspace: Workspace) -> tuple[date, int]:
    """Draw the form; returns the days it stands at, [first, first + days)."""
    records = workspace.rosters()
    start = next_monday(day_after_history(workspace, workspace.queues()) or state.now().date())
    name_column, first_column, days_column, time_column, gap_column = st.columns(
        [3, 2, 1.2, 1.5, 1.5], vertical_alignment="top"
    )
    with name_column:
        name = (
            st.text_input("Name", f"Week of {start:%d %b %Y}", key="roster_name", max_chars=60) or ""
        ).strip()
        wrong = _wrong_name(name, frozenset(record.name for record in records), workspace)
        if wrong:
            st.error(wrong)
    first = first_column.date_input("From", start, key="roster_from")
    days = int(days_column.number_input("Days", 1, LONGEST_DAYS, 7, key="roster_days"))
    time_s = time_column.number_input(
        "Time limit, s",
        5,
        LONGEST_S,
        60,
        5,
        key="roster_time",
        help="The best roster found by then is kept, with what was proven about it.",
    )
    gap = gap_column.number_input(
        "Gap, %",
        0.0,
        50.0,
        1.0,
        0.1,
        key="roster_gap",
        help="Good enough: (cost − proven bound) / cost. The optimiser stops when it is reached.",
    )
    if st.button("Solve", type="primary", icon=":material/play_arrow:", key="solve", disabled=bool(wrong)):
        asked = {
            "name": name,
            "first": first.isoformat(),
            "days": days,
            "time_s": float(time_s),
            "gap": gap / 100,
            "seed": 0,
            "replace": state.marked("replace_roster"),
        }
        begin("roster", asked)
    return first, days


def told(job: Job) -> None:
    """Say what the last optimisation left out; the roster itself is below."""
    left_out = job.result.get("left_out", []) if job.state is State.DONE else []
    if left_out:
        st.warning(
            f"Nobody has the skill for {', '.join(left_out)}: {'they are' if len(left_out) > 1 else 'it is'} not rostered in {job.result['name']}.",
            icon=":material/warning:",
        )


def _wrong_name(name: str, taken: frozenset[str], workspace: Workspace) -> str:
    del workspace
    if not name:
        return "Give the roster a name."
    replace = name in taken and st.checkbox(f"Replace {name}", key="replace")
    state.mark("replace_roster", on=replace)
    if name in taken and not replace:
        return f"There is a roster {name!r} already. Choose another name, or tick Replace."
    return ""
