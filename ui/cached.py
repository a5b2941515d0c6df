"""Read-only frames shared by every session, kept by what they were made from.

`cache_resource` hands out the object itself, without a copy: never change what these functions return. What can
change in the workspace is part of the key (a version, an id, the time a roster was saved), so nothing goes stale.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.domain import Queue, Roster, Violation
from data.errors import PeakshiftError
from data.peaks import expand
from data.records import ForecastRecord
from data.store import Workspace
from ui.tables import forecasts as forecast_tables
from ui.tables import history as history_tables

if TYPE_CHECKING:  # they load the models, which no other page needs
    from scheduling.scenario import Scenario
    from scheduling.what_if import WhatIf
    from ui.plan.what_if import Planned


@st.cache_resource(max_entries=64, show_spinner=False)
def history(folder: str, version: int, queue: str) -> pd.DataFrame:
    """Return the history of one queue as of a version."""
    return Workspace.open(folder).history([queue], version=version)


@st.cache_resource(max_entries=64, show_spinner=False)
def day_totals(folder: str, version: int, queue: Queue) -> pd.DataFrame:
    """Return the history of one queue by local day, see `ui.tables.history.day_totals`."""
    return history_tables.day_totals(history(folder, version, queue.id), queue)


@st.cache_resource(max_entries=64, show_spinner=False)
def occurrences(_workspace: Workspace, stamp: str, first: date, last: date) -> tuple[pd.DataFrame, str]:
    """Return the occurrences of every peak and why they are not known, "" when they are.

    Parameters
    ----------
    stamp
        Tells one state of the peaks from another.
    first, last
        Local days, both included.
    """
    del stamp
    try:
        return expand(_workspace.peaks(), first, last), ""
    except PeakshiftError as error:
        return expand((), first, last), str(error)


@st.cache_resource(max_entries=64, show_spinner=False)
def forecast_frame(folder: str, name: str) -> pd.DataFrame:
    """Return the frame of one forecast, as the model made it."""
    return Workspace.open(folder).forecast_frame(name)


@st.cache_resource(max_entries=64, show_spinner="Sampling days …")
def forecast_days(folder: str, version: int, record_id: str, queue: Queue) -> pd.DataFrame:
    """Return one forecast by local day, see `ui.tables.forecasts.days`."""
    from forecasting.day_quantiles import day_quantiles  # noqa: PLC0415 - loads the models, which no other page needs
    from ui.plan.forecasts import stored_forecast  # noqa: PLC0415 - the same

    workspace = Workspace.open(folder)
    record: ForecastRecord = workspace.forecast_record(record_id)
    totals = day_quantiles(stored_forecast(workspace, record))
    return forecast_tables.days(
        forecast_frame(folder, record_id), totals, history(folder, version, queue.id), queue
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def roster(folder: str, name: str, made: datetime | None) -> Roster:
    """Return a roster as it was saved at that time."""
    del made
    return Workspace.open(folder).roster(name)


@st.cache_resource(max_entries=32, show_spinner=False)
def roster_part(folder: str, name: str, made: datetime | None, kind: str) -> pd.DataFrame:
    """Return a frame saved beside a roster."""
    del made
    return Workspace.open(folder).roster_part(name, kind)


@st.cache_resource(max_entries=16, show_spinner="Finding what the days require …")
def required(
    folder: str, first: date, days: int, planned_on: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the REQUIREMENT frame of forecasts that cover some days, and its totals by queue and day.

    `planned_on` names the forecasts and the overrides that hold, and tells one state of the queues from another, and
    of the people where contacts can wait.
    """
    from ui.plan import staffing  # noqa: PLC0415 - loads the models, which no other page needs

    del planned_on
    workspace = Workspace.open(folder)
    known = {record.queue for record in workspace.forecasts()}
    wanted = staffing.demand(workspace, first=first, days=days, queues=sorted(known))
    frame = staffing.requirements(wanted)
    return frame, staffing.required_days(wanted, frame)


@st.cache_resource(max_entries=8, show_spinner="Finding what the days require …")
def plan(folder: str, first: date, days: int, queues: tuple[str, ...], stamp: str) -> Planned:
    """Return curves, requirement and hourly costs of some days; `stamp` tells what they are made from."""
    from ui.plan import staffing, what_if  # noqa: PLC0415 - loads the models, which no other page needs

    del stamp
    workspace = Workspace.open(folder)
    wanted = staffing.demand(workspace, first=first, days=days, queues=queues)
    return what_if.planned(workspace, wanted, first=first, days=days)


@st.cache_resource(max_entries=64, show_spinner=False)
def scenario(_plan: Planned, stamp: str, changes: Scenario) -> WhatIf:
    """Return a scenario beside a plan; `stamp` tells the plan from others."""
    from ui.plan.what_if import compared  # noqa: PLC0415 - loads the models, which no other page needs

    del stamp
    return compared(_plan, [changes])


@st.cache_resource(max_entries=8, show_spinner="Pricing each point …")
def prices(_plan: Planned, stamp: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what each point of answer rate costs, by queue and in total; `stamp` tells the plan from others."""
    from ui.plan.what_if import priced  # noqa: PLC0415 - loads the models, which no other page needs

    del stamp
    return priced(_plan)


@st.cache_resource(max_entries=16, show_spinner="Checking the rules …")
def violations(folder: str, name: str, made: datetime | None, stamp: str) -> tuple[Violation, ...]:
    """Return the rules a roster breaks; `stamp` tells one state of all that rules read from another."""
    from ui.plan.judging import check_roster  # noqa: PLC0415 - loads the models, which no other page needs

    del made, stamp
    return check_roster(Workspace.open(folder), name)
