"""The roster played against sampled days."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.records import RosterRecord
from data.store import Workspace
from ui import jobs
from ui.charts import chances as charts
from ui.jobs import Job, State
from ui.tables import rosters as tables
from ui.tables.simulation import other_measures, other_targets
from ui.views.work import begin, show_job
from ui.words import plain


def show(workspace: Workspace, record: RosterRecord) -> None:
    """Draw the form, the running simulation and the last result of this roster."""
    count_column, go, _ = st.columns([1, 2, 4], vertical_alignment="bottom")
    paths = count_column.number_input(
        "Sampled horizons",
        20,
        2000,
        200,
        20,
        key="simulation_paths",
        help="More give a narrower interval around the probability and take longer.",
    )
    if go.button(f"Simulate {plain(record.name)}", icon=":material/casino:", key="simulate"):
        begin("simulation", {"name": record.name, "paths": int(paths), "seed": 0})
    show_job("simulation", "Simulation")
    done = [job for job in jobs.jobs(workspace.path, "simulation") if _fits(job, record)]
    if done:
        _result(done[-1])
    else:
        st.caption(
            "Not simulated yet. A simulation samples contacts and handle times around the forecast, call by call, and counts how often each day reaches its target."
        )


def _fits(job: Job, record: RosterRecord) -> bool:
    """Whether it is a result of the roster as it is now, not of one it replaced."""
    return (
        job.state is State.DONE
        and job.arguments["name"] == record.name
        and (record.created_at is None or job.created_at >= record.created_at)
    )


def _result(job: Job) -> None:
    summary = _frame(job.result["summary"])
    summary["over"] = [
        tables.span_words(*pair) for pair in zip(summary["period"], summary["date"], strict=True)
    ]
    judged = summary.loc[summary["date"].notna() & summary["p_met"].notna()]
    if len(judged):
        st.vega_lite_chart(charts.by_span(judged), alt="Probability that each target is reached")
    st.caption(
        f"P(target reached) = share of {job.arguments['paths']} sampled horizons in which the answer rate (answered / "
        "offered) over that span reaches the queue's target; lines: its 95 % interval. Days have none where the "
        "target is not counted over the day."
    )
    shares = ("P(target reached)", "from", "to", "Mean answer rate", "Worst 5 %", "Median", "Best 5 %")
    whole = summary["date"].isna()
    st.dataframe(
        tables.simulated(pd.concat([summary.loc[whole], summary.loc[~whole]])),
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="percent") for name in shares},
    )
    if "measures" in job.result:
        _others(_frame(job.result["measures"]))


def _others(measures: pd.DataFrame) -> None:
    st.caption("Beside the answer rate: mean, and what nine of ten sampled horizons lie between.")
    for shown in (other_measures(measures), other_targets(measures)):
        if len(shown):
            st.dataframe(shown.rename(columns=lambda name: name[0].upper() + name[1:]), hide_index=True)


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame.assign(date=pd.to_datetime(frame["date"]).dt.tz_localize(None))
