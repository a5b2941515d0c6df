"""The screen's router: ``peakshift ui``, or ``python -m streamlit run ui/app.py``."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.views import forecast_view, imports_page, peak_calendar, roster_view, staffing_view

MARKS = Path(__file__).parent / "marks"

st.set_page_config(page_title="Peakshift", page_icon=MARKS / "icon.svg", layout="wide")
st.logo(MARKS / "logo.svg", size="large")
st.navigation(
    [
        st.Page(imports_page.page, title="Data", icon=":material/database:", url_path="data", default=True),
        st.Page(peak_calendar.page, title="Peaks", icon=":material/event:", url_path="peaks"),
        st.Page(forecast_view.page, title="Forecast", icon=":material/ssid_chart:", url_path="forecast"),
        st.Page(staffing_view.page, title="Staffing", icon=":material/stairs:", url_path="staffing"),
        st.Page(roster_view.page, title="Roster", icon=":material/groups:", url_path="roster"),
    ]
).run()
