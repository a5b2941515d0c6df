from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import altair as alt
import jsonschema
import numpy as np
import pandas as pd
import pytest

from data.peaks import expand
from tests.ui.conftest import AGENTS, MONDAY, ZONE, made_roster, peaks
from ui.charts import answer_rates, base, chances, coverage, forecasts, gantt, history, requirement
from ui.charts import peaks as peak_charts
from ui.tables import peaks as peak_tables
from ui.tables import rosters as roster_tables

Spec = dict[str, Any]
STARTS = pd.Series(pd.date_range("2026-11-23T01:00", periods=16, freq="30min", tz="UTC", unit="us"))


def days(count: int = 7, *, gap: bool = False) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"date": pd.date_range(MONDAY, periods=count, unit="us"), "offered": 100.0, "answered": 94.0}
    )
    frame = frame.assign(answer_rate=0.94, missing=False)
    if gap:
        frame.loc[2, ["offered", "answered", "answer_rate", "missing"]] = [np.nan, np.nan, np.nan, True]
    return frame


def marks(first: date = MONDAY) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.to_datetime([first]).as_unit("us"), "peaks": ["billing + payday"]})


def expected(**more: object) -> pd.DataFrame:
    bands = {
        "mean": 10.0,
        "q05": 5.0,
        "q25": 8.0,
        "q75": 12.0,
        "q95": 15.0,
        "actual": np.nan,
        "before": np.nan,
    }
    return pd.DataFrame({**bands, **more})


def cover() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "queue": "card",
            "start": STARTS,
            "required": 3.0,
            "rostered": 4.0,
            "answer_rate": 0.93,
            "offered": 9.0,
            "answered": 8.4,
        }
    )


def queue_days() -> pd.DataFrame:
    frame = pd.DataFrame(
        {"date": pd.date_range(MONDAY, periods=4, unit="us"), "answer_rate": [0.95, 0.945, 0.9, 0.95 - 1e-6]}
    )
    return frame.assign(
        queue="card", offered=100.0, answered=95.0, target=0.95, met=[True, False, False, True]
    )


def cells() -> pd.DataFrame:
    first, last = date(2026, 11, 1), date(2027, 2, 28)
    return peak_tables.calendar_cells(expand(peaks(), first, last), None, first, last)


def agents() -> list[Any]:
    from data.domain import Agent

    return [Agent(id=row[0], name=row[1], team=row[2], skills=frozenset({"card"})) for row in AGENTS[1:]]


def summary() -> pd.DataFrame:
    frame = pd.DataFrame({"date": pd.date_range(MONDAY, periods=3, unit="us"), "p_met": [0.5, 0.9, 1.0]})
    frame = frame.assign(over=frame["date"].dt.strftime("%a %d %b"), queue="card", p_met_low=0.4)
    return frame.assign(p_met_high=1.0, mean=0.95, q05=0.9, q50=0.95, q95=0.99)


CHARTS: dict[str, Callable[[], Spec]] = {
    "history": lambda: history.day_totals(days(), marks()),
    "history with a gap": lambda: history.day_totals(days(gap=True), marks()),
    "two years of history": lambda: history.day_totals(days(728), marks()),
    "forecast days": lambda: forecasts.day_totals(expected(date=days()["date"], before=9.0), marks()),
    "forecast days without a band": lambda: forecasts.day_totals(
        expected(date=days()["date"], q05=np.nan), marks()
    ),
    "forecast intervals": lambda: forecasts.intervals(expected(start=STARTS, actual=11.0), ZONE),
    "handle time": lambda: forecasts.handle_time(
        pd.DataFrame({"start": STARTS, "aht_s": 200.0, "actual_aht_s": 190.0}), ZONE
    ),
    "back-test": lambda: forecasts.origins(
        pd.DataFrame({"method": "prophet", "origin": STARTS[:3], "wape": 0.1})
    ),
    "calendar": lambda: peak_charts.calendar(cells()),
    "calendar without peaks": lambda: peak_charts.calendar(cells().assign(kind="none")),
    "requirement of a day": lambda: requirement.people(
        pd.DataFrame({"queue": "card", "start": STARTS, "staff": 4.0}), ZONE, 1
    ),
    "requirement of a week": lambda: requirement.people(
        pd.DataFrame({"queue": "card", "start": STARTS, "staff": 4.0}), ZONE, 7
    ),
    "agents": lambda: coverage.agents(cover(), ZONE),
    "rates": lambda: coverage.rates(cover(), ZONE, 0.95, 0.8),
    "rates of a closed day": lambda: coverage.rates(cover().assign(answer_rate=np.nan), ZONE, 0.95, 0.8),
    "answer rates": lambda: answer_rates.by_day(queue_days()),
    "gantt": lambda: gantt.day(
        roster_tables.gantt_bars(made_roster(), agents(), MONDAY), {"day_9h": "#CFE3F5"}
    ),
    "chances": lambda: chances.by_span(summary()),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_valid_vega_lite(name: str) -> None:
    try:
        alt.Chart.from_dict(CHARTS[name]())
    except jsonschema.ValidationError as error:
        pytest.fail(error.message[:400])


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_plain_json_without_missing_numbers(name: str) -> None:
    json.dumps(CHARTS[name](), allow_nan=False)


def units(spec: Spec) -> list[Spec]:
    """Every single view in a specification."""
    inner = [*spec.get("layer", []), *([spec["spec"]] if "spec" in spec else [])]
    return [unit for part in inner for unit in units(part)] if inner else [spec]


@pytest.mark.parametrize("name", CHARTS)
def test_every_mark_says_what_it_shows_when_pointed_at(name: str) -> None:
    assert all(unit["encoding"].get("tooltip") for unit in units(CHARTS[name]()))


@pytest.mark.parametrize("name", CHARTS)
def test_no_axis_bears_a_raw_column_name(name: str) -> None:
    for unit in units(CHARTS[name]()):
        for channel in ("x", "y"):
            encoding = unit["encoding"].get(channel, {})
            if "field" in encoding and encoding.get("axis", {}) is not None and "axis" in encoding:
                assert "title" in encoding["axis"], encoding
                assert "_" not in (encoding["axis"]["title"] or "")


def drawn(spec: Spec) -> list[Spec]:
    rows: list[Spec] = spec["data"]["values"]
    return rows


def test_times_are_drawn_as_local_wall_clock_whatever_the_browsers_zone() -> None:
    spec = forecasts.intervals(expected(start=STARTS), ZONE)
    assert drawn(spec)[0]["x"] == "2026-11-23T09:00:00Z"
    assert drawn(spec)[0]["label"] == "Mon 23 Nov 09:00"
    assert {unit["encoding"]["x"]["scale"]["type"] for unit in units(spec)} == {"utc"}


def test_the_hour_a_clock_goes_back_is_drawn_twice_not_moved() -> None:
    starts = pd.Series(pd.date_range("2026-10-25T00:00", periods=2, freq="h", tz="UTC", unit="us"))
    assert base.wall(starts, "Europe/Berlin").tolist() == ["2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z"]


def test_a_gap_in_the_history_breaks_the_line_and_is_tinted() -> None:
    spec = history.day_totals(days(gap=True), marks())
    assert drawn(spec)[2]["offered"] is None
    assert spec["layer"][0]["mark"]["type"] == "rect"
    assert "rect" not in {layer["mark"]["type"] for layer in history.day_totals(days(), marks())["layer"]}


def test_the_legend_names_only_what_is_drawn() -> None:
    colour = forecasts.intervals(expected(start=STARTS), ZONE)["layer"][0]["encoding"]["color"]
    assert forecasts.HAPPENED not in colour["scale"]["domain"]
    colour = forecasts.intervals(expected(start=STARTS, actual=3.0), ZONE)["layer"][0]["encoding"]["color"]
    assert forecasts.HAPPENED in colour["scale"]["domain"]


@pytest.mark.parametrize(("count", "layers"), [(7, 2), (60, 1)])
def test_peaks_are_named_only_where_there_is_room(count: int, layers: int) -> None:
    assert len(base.peak_layers(marks(), count)) == layers


def test_a_day_just_below_target_is_told_from_one_far_below() -> None:
    states = [row["state"] for row in drawn(answer_rates.by_day(queue_days()))]
    assert states == [
        "target reached",
        "at most 1 point below",
        "more than 1 point below",
        "target reached",
    ]


def test_a_day_that_decides_no_target_is_neither_reached_nor_missed() -> None:
    days = queue_days().assign(target=np.nan, met=pd.array([pd.NA] * 4, dtype="boolean"))
    spec = answer_rates.by_day(days)
    assert {row["state"] for row in drawn(spec)} == {answer_rates.UNDECIDED}
    assert answer_rates.UNDECIDED not in str(answer_rates.by_day(queue_days()))


def test_a_day_without_contacts_shows_no_rate() -> None:
    texts = [row["text"] for row in drawn(answer_rates.by_day(queue_days().assign(offered=0.0)))]
    assert set(texts) == {"–"}


def test_a_stretch_ends_with_its_last_interval_and_breaks_before_the_next() -> None:
    starts = STARTS.drop(index=[3, 4]).reset_index(drop=True)
    found = base.stepped(pd.DataFrame({"start": starts, "agents": np.arange(14.0)}))
    assert len(found) == 14 + 2 + 1
    assert found["start"].iloc[3] == starts[2] + pd.Timedelta(minutes=30)
    assert found["agents"].iloc[2:6].tolist() == pytest.approx([2.0, 2.0, np.nan, 3.0], nan_ok=True)
    assert found["agents"].iloc[-1] == 13.0


def test_a_closed_day_is_bridged() -> None:
    frame = days()
    frame.loc[2, ["offered", "answered", "answer_rate"]] = np.nan
    assert len(drawn(history.day_totals(frame, marks()))) == 6


@pytest.mark.parametrize(("worst", "bottom"), [(0.93, 0.75), (0.4, 0.35), (0.02, 0.0)])
def test_the_rate_axis_reaches_down_to_the_worst_interval(worst: float, bottom: float) -> None:
    spec = coverage.rates(cover().assign(answer_rate=worst), ZONE, 0.95, 0.8)
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"][0] == pytest.approx(bottom)


def test_the_gantt_has_a_row_per_person_in_the_order_of_starts() -> None:
    spec = gantt.day(roster_tables.gantt_bars(made_roster(), agents(), MONDAY), {"day_9h": "#CFE3F5"})
    assert spec["layer"][0]["encoding"]["y"]["sort"] == [
        row[1] for row in sorted(AGENTS[1:], key=lambda row: row[1])
    ]
    assert spec["usermeta"]["embedOptions"]["renderer"] == "canvas"


def test_provisional_days_get_an_edge_of_their_own() -> None:
    provisional = [unit for unit in units(peak_charts.calendar(cells())) if unit.get("transform")]
    assert [unit["transform"][0]["filter"] for unit in provisional] == ["datum.provisional"]
