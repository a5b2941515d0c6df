"""The form that starts the optimiser, and what it left out."""

from __future__ import annotations

from datetime import date
from itertools import count

import streamlit as st

from data.errors import InputError
from data.lake import folder_name
from data.store import Workspace
from ui import state
from ui.jobs import Job, State
from ui.views.lookups import day_after_history, next_monday
from ui.views.work import begin
from ui.words import plain

FORM = "roster_form"
LONGEST_DAYS = 28
LONGEST_S = 3600
TIME_HELP = "The best roster found by then is kept, with what was proven about it."
GAP_HELP = "Good enough: (cost − proven bound) / cost. The optimiser stops when it is reached."

SHORTFALL = "May replace another though it misses targets"
SHORTFALL_HELP = "Under a new name the best there is is always kept."


def form(workspace: Workspace) -> tuple[date, int]:
    """Draw the form; returns the days it stands at, [first, first + days)."""
    taken = frozenset(record.name for record in workspace.rosters())
    start = next_monday(day_after_history(workspace, workspace.queues()) or state.now().date())
    columns = st.columns([3, 2, 1.2, 1.5, 1.5], vertical_alignment="top")
    with columns[0]:
        name, replace, wrong = _name(_free(f"Week of {start:%d %b %Y}", taken), taken)
    first = columns[1].date_input("From", start, key="roster_from")
    days = int(columns[2].number_input("Days", 1, LONGEST_DAYS, 7, key="roster_days"))
    time_s = columns[3].number_input("Time limit, s", 5, LONGEST_S, 60, 5, key="roster_time", help=TIME_HELP)
    gap = columns[4].number_input("Gap, %", 0.0, 50.0, 1.0, 0.1, key="roster_gap", help=GAP_HELP)
    go, shortfall_column = st.columns([1, 6], vertical_alignment="center")
    shortfall = shortfall_column.checkbox(SHORTFALL, key="roster_shortfall", help=SHORTFALL_HELP)
    if go.button("Solve", type="primary", icon=":material/play_arrow:", key="solve", disabled=bool(wrong)):
        asked = {
            "name": name,
            "first": first.isoformat(),
            "days": days,
            "time_s": float(time_s),
            "gap": gap / 100,
            "seed": 0,
            "allow_shortfall": shortfall,
            "replace": replace,
        }
        state.next_turn(FORM)
        begin("roster", asked)
    return first, days


def told(job: Job) -> None:
    """Say what the last optimisation left out; the roster itself is below."""
    left_out = job.result.get("left_out", []) if job.state is State.DONE else []
    if left_out:
        st.warning(
            f"Nobody has the skill for {plain(', '.join(left_out))}, so that {plain(job.result['name'])} "
            "does not staff it. Give people the skill, and solve again.",
            icon=":material/warning:",
        )


def _free(name: str, taken: frozenset[str]) -> str:
    """Return the name, with the first number that makes it free."""
    return next(
        found for number in count(1) if (found := name if number == 1 else f"{name} ({number})") not in taken
    )


def _name(start: str, taken: frozenset[str]) -> tuple[str, bool, str]:
    """Ask for the name; returns it, whether to replace the roster of that name, and what is wrong with it."""
    name = (st.text_input("Name", start, key=f"roster_name_{state.turn(FORM)}", max_chars=60) or "").strip()
    replace = name in taken and st.checkbox(f"Replace {plain(name)}", key="replace")
    wrong = ""
    if not name:
        wrong = "Give the roster a name."
    elif name in taken and not replace:
        wrong = f"There is a roster {name!r} already. Choose another name, or tick Replace."
    else:
        try:
            folder_name(name)
        except InputError as error:
            wrong = str(error)
    if wrong:
        st.error(plain(wrong))
    return name, replace, wrong
