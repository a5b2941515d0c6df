"""A back-test on demand: every method from several past days."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from data.domain import Queue
from ui.charts import forecasts as charts
from ui.jobs import Job, State
from ui.tables import forecasts as tables
from ui.views.scores import score_table
from ui.views.work import begin, show_job
from ui.words import plain


def show(queue: Queue, weights: Mapping[str, float]) -> None:
    """Draw the form, the running test and the last result.

    Parameters
    ----------
    queue
        Queue to test.
    weights
        Share of each method in its newest forecast.
    """
    st.subheader(
        "Back-test",
        help="Forecasts made from past days, each knowing nothing later, scored against what happened.",
    )
    with st.form("backtest_form", border=False):
        origins_column, horizon_column, step_column, go, _ = st.columns(
            [1, 1, 1, 2, 3], vertical_alignment="bottom"
        )
        origins = origins_column.number_input("Past days to start from", 1, 52, 8, key="backtest_origins")
        horizon = horizon_column.number_input("Days forecast from each", 1, 91, 7, key="backtest_horizon")
        step = step_column.number_input("Days between them", 1, 91, 7, key="backtest_step")
        pressed = go.form_submit_button(f"Back-test {plain(queue.id)}", icon=":material/history:")
    if pressed:
        begin(
            "backtest",
            {
                "queue": queue.id,
                "horizon_days": int(horizon),
                "origins": int(origins),
                "step_days": int(step),
            },
        )
    job = show_job("backtest", "Back-test")
    if job is not None and job.state is State.DONE:
        _result(job, queue, weights)


def _result(job: Job, queue: Queue, weights: Mapping[str, float]) -> None:
    asked = job.arguments
    if asked["queue"] != queue.id:
        st.caption(f"The last back-test was of {plain(asked['queue'])}.")
        return
    st.markdown(
        f"**{asked['origins']} forecasts of {asked['horizon_days']} days, {asked['step_days']} days apart**"
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        score_table(job.result["scores"], weights)
    with right:
        frame = pd.DataFrame(job.result["origins"])
        frame["origin"] = pd.to_datetime(frame["origin"], utc=True)
        frame["method"] = frame["method"].map(tables.method)
        frame["wape"] = frame["missed"] / frame["actual"].where(frame["actual"] > 0)
        st.vega_lite_chart(
            charts.origins(frame[["method", "origin", "wape"]]), alt="WAPE of each method from each past day"
        )
