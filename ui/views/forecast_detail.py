"""One stored forecast: its figures, days, intervals, handle time, scores and file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from data.domain import Queue
from data.records import ForecastRecord
from data.store import Workspace
from forecasting.day_quantiles import PATHS
from ui import cached, jobs, state
from ui.charts import forecasts as charts
from ui.jobs import Job, State
from ui.tables import forecasts as tables
from ui.tables import peaks as peak_tables
from ui.views.lookups import day_choice, peak_occurrences, version
from ui.views.scores import score_table
from ui.words import plain


def ended(kind: str) -> Job | None:
    """Newest job of a kind when it is done."""
    job = jobs.latest(state.folder(), kind)
    return job if job is not None and job.state is State.DONE else None


def choice_key(queue: str) -> str:
    """Key of the choice among a queue's forecasts."""
    return f"forecast_of_{queue}"


def show(workspace: Workspace, queue: Queue, records: Sequence[ForecastRecord]) -> None:
    """Draw the newest forecast, or an earlier one that is chosen."""
    record = records[0]
    if len(records) > 1:
        labels = {found.id: _label(found, queue) for found in records}
        chosen = st.selectbox(
            "Forecast made", list(labels), format_func=labels.__getitem__, key=choice_key(queue.id)
        )
        record = next(found for found in records if found.id == chosen)
    folder, at = str(workspace.path), version(workspace)
    frame = cached.forecast_frame(folder, record.id)
    days = cached.forecast_days(folder, at, record.id, queue)
    _figures(record, days, queue)
    first, last = record.first, record.first + timedelta(days=record.days - 1)
    marks = peak_tables.marks(peak_occurrences(workspace, first, last), queue.id, first, last)
    st.vega_lite_chart(charts.day_totals(days, marks), alt=f"Forecast of {queue.id} per day")
    st.caption(
        f"Local days of {queue.timezone}. The band of a day is the middle 90 % and 50 % of {PATHS:,} sampled days: quantiles of intervals do not add up to those of days. "
        "Actual shows where every interval of the day has come in."
    )
    day = day_choice(
        "Day in intervals", [moment.date() for moment in days["date"]], f"forecast_day_{record.id}"
    )
    _one_day(tables.intervals(frame, cached.history(folder, at, queue.id), queue, day), queue, day)
    scores, file = st.columns([3, 1], vertical_alignment="bottom")
    with scores:
        st.markdown("**What the methods scored on this queue's past**")
        score_table(record.scores, tables.shares(record))
    with file:
        text = tables.download(frame, queue).to_csv(index=False).encode("utf-8-sig")
        st.download_button(
            "Download as CSV",
            text,
            f"forecast_{queue.id}_{record.first}.csv",
            "text/csv",
            icon=":material/download:",
            key="forecast_csv",
            on_click="ignore",
            width="stretch",
        )


def _figures(record: ForecastRecord, days: pd.DataFrame, queue: Queue) -> None:
    known = days.dropna(subset=["actual"])
    offered, error, bias, cutoff = st.columns(4)
    offered.metric(
        "Offered, whole span",
        f"{days['mean'].sum():,.0f}",
        help="Sum of the expected contacts (means) of its intervals.",
    )
    error.metric(
        "WAPE in back-test",
        _percent(tables.score(record, "wape")),
        help="Σ|forecast − actual| / Σ actual over intervals, on past days the methods had not seen.",
    )
    if len(known):
        bias.metric(
            "Bias so far",
            f"{(known['mean'].sum() - known['actual'].sum()) / known['actual'].sum():+.1%}",
            help=f"Σ(forecast − actual) / Σ actual over the {len(known)} days that have come in.",
        )
    else:
        bias.metric(
            "Bias in back-test",
            _percent(tables.score(record, "bias"), "+.1%"),
            help="Σ(forecast − actual) / Σ actual, on past days the methods had not seen.",
        )
    cutoff.metric(
        "Knows until",
        f"{pd.Timestamp(record.cutoff).tz_convert(queue.timezone):%d %b %Y %H:%M}",
        help="The forecast used nothing later than this instant, in the queue's local time.",
    )
    st.caption(
        f"Methods that did best on this queue's own past, with their shares: {plain(tables.mix(record))}."
    )


def _one_day(rows: pd.DataFrame, queue: Queue, day: date) -> None:
    left, right = st.columns([5, 3], gap="medium")
    with left:
        st.vega_lite_chart(charts.intervals(rows, queue.timezone), alt=f"Forecast of {queue.id} on {day}")
        st.caption(
            f"{day:%A %d %B %Y}, {queue.interval_min}-minute intervals. The bands hold 90 % and 50 % of what may come in each interval."
        )
    with right:
        st.vega_lite_chart(
            charts.handle_time(rows, queue.timezone), alt=f"Handle time of {queue.id} on {day}"
        )
        st.caption("AHT = handle time (talk, hold, after-contact work) / answered contacts.")


def _label(record: ForecastRecord, queue: Queue) -> str:
    made = (
        ""
        if record.created_at is None
        else f", made {pd.Timestamp(record.created_at).tz_convert(queue.timezone):%d %b %Y %H:%M}"
    )
    return f"{record.first:%d %b %Y}, {record.days} days{made}"


def _percent(value: float | None, form: str = ".1%") -> str:
    return "–" if value is None or pd.isna(value) else format(value, form)
