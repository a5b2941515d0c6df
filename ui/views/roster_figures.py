"""What a roster comes to: what was proven, hours, answer rates."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.domain import Roster, Status
from data.records import RosterRecord
from data.store import Workspace
from scheduling.judgement import not_reached
from ui import cached
from ui.charts import answer_rates as charts
from ui.tables import rosters as tables
from ui.words import plain

SAID = {
    Status.OPTIMAL: ("Optimal", "reaches the targets; proven: no roster that does costs less"),
    Status.FEASIBLE: ("Feasible", "reaches the targets; not proven to be the cheapest that does"),
    Status.INFEASIBLE: (
        "Short of target",
        "no roster reaches every target, as was proven; this is the best found",
    ),
    Status.NO_SOLUTION: (
        "Short of target",
        "none that reaches every target was found; this is the best found",
    ),
    Status.CANCELLED: ("Cancelled", "the best found when it was cancelled"),
}
SHOWN = 12
"""Missed targets that are listed; the answer rates show the rest."""


def loaded(workspace: Workspace, record: RosterRecord) -> Roster:
    """Return the roster of a record."""
    return cached.roster(str(workspace.path), record.name, record.created_at)


def part(workspace: Workspace, record: RosterRecord, kind: str) -> pd.DataFrame:
    """Return a frame that was saved beside it."""
    return cached.roster_part(str(workspace.path), record.name, record.created_at, kind)


def show(workspace: Workspace, record: RosterRecord) -> None:
    """Draw the line of figures."""
    roster = loaded(workspace, record)
    days, targets = part(workspace, record, "days"), part(workspace, record, "targets")
    missed = int(not_reached(targets).sum())
    paid_h = sum(shift.paid.total_seconds() for shift in roster.assignments) / 3600
    people = len({shift.agent_id for shift in roster.assignments})
    name, meaning = SAID.get(Status(record.status), (record.status, ""))
    status, gap, rate, short, staff, hours = st.columns([3, 2, 2, 2, 2, 2])
    status.metric("Status", name)
    gap.metric(
        "Gap",
        "–" if record.gap is None else f"{record.gap:.2%}",
        help="(cost − proven bound) / cost: how much cheaper a roster could be at the very most.",
    )
    rate.metric(
        "Answer rate",
        f"{days['answered'].sum() / max(days['offered'].sum(), 1e-9):.1%}",
        help="Expected answered / expected offered, all queues and days.",
    )
    short.metric(
        "Targets missed",
        f"{missed} of {len(targets)}",
        help="Each queue's target over each of its days, weeks, months or intervals, as far as the roster reaches.",
    )
    staff.metric(
        "People",
        f"{people} of {len(workspace.agents())}",
        help="People with at least one shift, of all the workspace knows.",
    )
    hours.metric("Paid hours", f"{paid_h:,.0f}", help="Shift lengths without unpaid breaks.")
    if record.gap:
        meaning += f", at the most {record.gap:.2%} could be saved"
    st.caption(
        f"{name}: {meaning}. Cost {_number(record.objective)}, proven bound {_number(record.bound)}, "
        f"found in {record.runtime_s:.0f} s."
    )
    for line in tables.not_counted_lines(part(workspace, record, "not_counted"), record.timezone):
        st.warning(plain(line), icon=":material/bedtime:")
    _missed("Targets missed, answer rate of target", tables.missed_lines(targets, record.timezone))
    floors = tables.floor_lines(part(workspace, record, "floors"), record.timezone)
    _missed("Intervals below their floor", floors)


def _missed(title: str, lines: list[str]) -> None:
    if lines:
        more = [f"… and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        listed = "\n".join(f"- {plain(line)}" for line in lines[:SHOWN] + more)
        st.warning(f"{title}:\n{listed}", icon=":material/trending_down:")


def rates(workspace: Workspace, record: RosterRecord) -> None:
    """Draw the answer rate of each queue and day."""
    days, targets = part(workspace, record, "days"), part(workspace, record, "targets")
    st.vega_lite_chart(charts.by_day(days), alt="Answer rate of each queue and day")
    totals = tables.totals(days, targets)
    goals = zip(totals["queue"], totals["target"], totals["period"], strict=True)
    said = ", ".join(f"{queue} {goal:.0%} over the {period}" for queue, goal, period in goals)
    st.caption(f"Expected answered / expected offered per local day. Targets: {plain(said)}.")
    st.dataframe(
        pd.DataFrame(
            {
                "Queue": totals["queue"],
                "Offered": totals["offered"].round(),
                "Answered": totals["answered"].round(),
                "Answer rate": totals["answer_rate"],
                "Target": totals["target"],
                "Over the": totals["period"],
                "Missed": totals["missed"],
                "Of": totals["targets"],
            }
        ),
        hide_index=True,
        width="content",
        column_config={
            "Offered": st.column_config.NumberColumn(format="localized"),
            "Answered": st.column_config.NumberColumn(format="localized"),
            "Answer rate": st.column_config.NumberColumn(
                format="percent", help="Answered / offered over the whole horizon."
            ),
            "Target": st.column_config.NumberColumn(format="percent"),
            "Missed": st.column_config.NumberColumn(
                help="Days, weeks, months or intervals below the target."
            ),
        },
    )


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.1f}"
