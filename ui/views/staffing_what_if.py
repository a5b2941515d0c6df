"""What if: sliders, and hours and money beside the plan's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.domain import Queue
from data.store import Workspace
from scheduling.scenario import Change, Scenario
from scheduling.yields import yields
from ui import cached, state
from ui.charts import staffing as charts
from ui.tables import staffing as tables
from ui.views import staffing_plan

if TYPE_CHECKING:  # it loads the models, which no other page needs
    from ui.plan.what_if import Planned

SLIDERS = "what_if"
SHRINKAGE, ANSWER_RATE = (0, 80), (50, 99)
"""Ends of the sliders, in per cent."""


def show(workspace: Workspace, first: date, days: int) -> None:
    """Draw the sliders, and what [first, first + days) would take with them."""
    shown = staffing_plan.of_days(workspace, first, days)
    if shown is None:
        return
    sliders, results = st.columns([2, 5], gap="large")
    with sliders:
        scenario = _scenario(shown.plan)
    found = cached.scenario(shown.plan, shown.stamp, scenario)
    with results:
        _figures(found.totals.iloc[0])
        steps = {queue.id: queue.interval_min for queue in shown.plan.demand.queues}
        people = tables.people(found.intervals, steps, days)
        st.vega_lite_chart(
            charts.sides(people, workspace.timezone, days), alt="People required, planned and in the scenario"
        )
        st.caption(f"People per interval, all queues together, local time of {workspace.timezone}.")
        numbers = {"Offered", "Offered then"}
        table = tables.side_by_side(found.queues, found.totals)
        st.dataframe(
            table,
            hide_index=True,
            column_config={
                name: st.column_config.NumberColumn(format="localized" if name in numbers else "%.1f")
                for name in table.columns[1:]
            },
        )
        st.caption(
            "Hours are staff hours. Cost = staff hours × what an hour of the people who have the queue's skill costs on average (`cost_per_h` of their contracts)."
        )


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a slider of per cents starts, within its ends, and what is planned, in words."""

    at: int
    words: str


def _start(shares: Sequence[float], least: int, most: int) -> _Start:
    low, high = min(shares), max(shares)
    words = f"{100 * low:g} %" if high - low < 0.0005 else f"{100 * low:.3g}–{100 * high:.3g} %"
    return _Start(min(max(round(100 * low), least), most), words)


def _shrinkage(queue: Queue, forecast: pd.DataFrame) -> float:
    """Shrinkage of all causes, on average over the queue's intervals."""
    starts = pd.DatetimeIndex(forecast.loc[forecast["queue"] == queue.id, "start"])
    lasting = replace(queue, adherence=1.0, availability=())
    return round(1.0 - float(np.mean(yields(lasting, starts))), 3)


def _figures(total: pd.Series) -> None:
    """Draw the line of figures, all queues together."""
    offered, aht, hours, cost = st.columns(4)
    measures: tuple[tuple[DeltaGenerator, str, str, str, Literal["off", "inverse"]], ...] = (
        (offered, "Offered", "offered", ",.0f", "off"),
        (aht, "AHT, s", "aht_s", ",.0f", "off"),
        (hours, "Staff hours", "staff_h", ",.1f", "inverse"),
        (cost, "Cost", "cost", ",.0f", "inverse"),
    )
    for column, label, name, form, colour in measures:
        before, after = total[f"{name}_before"], total[f"{name}_after"]
        change = after - before
        column.metric(
            label,
            "–" if np.isnan(after) else format(after, form),
            format(change, f"+{form}") if abs(change) >= 0.05 else None,
            delta_color=colour,
            help=f"All queues together. Planned: {before:{form}}.",
        )


def _scenario(plan: Planned) -> Scenario:
    """Draw the sliders; returns what they say, nothing where they stand as planned."""
    names = [queue.id for queue in plan.demand.queues]
    of = st.selectbox("Change", [tables.EVERY_QUEUE, *names], key="what_if_of")
    queues = [queue for queue in plan.demand.queues if of in (tables.EVERY_QUEUE, queue.id)]
    turn = f"{state.turn(SLIDERS)}_{of}"
    volume = st.slider("Contacts, % more or fewer", -50, 100, 0, 1, format="%+d %%", key=f"volume_{turn}")
    aht = st.slider("Handle time, % more or less", -50, 100, 0, 1, format="%+d %%", key=f"aht_{turn}")
    contained = st.slider(
        "Chatbot resolves, %",
        0,
        90,
        0,
        1,
        format="%d %%",
        key=f"containment_{turn}",
        help="Share of contacts that then ask for nobody. What is left scatters more, relatively.",
    )
    remainder = st.slider(
        "Handle time of the rest, %",
        0,
        100,
        0,
        1,
        format="%+d %%",
        key=f"remainder_{turn}",
        disabled=not contained,
        help="The easy contacts are gone: those a chatbot leaves take longer.",
    )
    lost = _start([_shrinkage(queue, plan.demand.forecast) for queue in queues], *SHRINKAGE)
    shrinkage = st.slider(
        f"Shrinkage, % (planned {lost.words})",
        *SHRINKAGE,
        lost.at,
        1,
        format="%d %%",
        key=f"shrinkage_{turn}",
        help="Of paid time, at all times and whatever the cause.",
    )
    asked = _start([queue.target.answer_rate for queue in queues], *ANSWER_RATE)
    rate = st.slider(
        f"Answer rate, % (planned {asked.words})",
        *ANSWER_RATE,
        asked.at,
        1,
        format="%d %%",
        key=f"rate_{turn}",
        help="Over each queue's own period; its other targets stay.",
    )
    if st.button("As planned", icon=":material/undo:", key="what_if_reset"):
        state.next_turn(SLIDERS)
        st.rerun()
    change = Change(
        volume_factor=1 + volume / 100 if volume else None,
        aht_factor=1 + aht / 100 if aht else None,
        containment=contained / 100 if contained else None,
        remainder_aht_factor=1 + remainder / 100 if contained and remainder else None,
        shrinkage=shrinkage / 100 if shrinkage != lost.at else None,
        answer_rate=rate / 100 if rate != asked.at else None,
    )
    if of == tables.EVERY_QUEUE:
        return Scenario(name="sliders", every=change)
    return Scenario(name="sliders", queues={of: change})
