"""The table of back-test scores, with what each score means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui.tables import forecasts as tables

MEANINGS = {
    "WAPE": "Σ|forecast − actual| / Σ actual, over intervals. Lower is better.",
    "Bias": "Σ(forecast − actual) / Σ actual. Above 0: forecast too high.",
    "Interval hit rate": "Intervals within ±5 % of actual / all intervals (时段预测达标率).",
    "80 % band holds": "Share of intervals whose actual lies between q10 and q90; 80 % is right.",
    "90 % band holds": "Share of intervals whose actual lies between q05 and q95; 90 % is right.",
}


def score_table(rows: Sequence[Mapping[str, Any]], weights: Mapping[str, float]) -> None:
    """Draw the scores of each method, best first, with its share in the newest forecast."""
    if not rows:
        st.caption("No scores: the history was too short for a back-test.")
        return
    st.dataframe(
        tables.scores(rows, weights),
        hide_index=True,
        width="content",
        column_config={
            "Share": st.column_config.TextColumn(width="small", help="Its part of the newest forecast."),
            "Time, s": st.column_config.NumberColumn(format="%.1f", help="Seconds it took in the back-test."),
            **{
                name: st.column_config.NumberColumn(format="percent", help=meaning)
                for name, meaning in MEANINGS.items()
            },
        },
    )
    st.caption(
        "Each method forecast past days it had not seen; the better it did, the larger its share of the forecast. Point at a heading for its formula."
    )
