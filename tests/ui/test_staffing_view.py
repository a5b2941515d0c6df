"""The page Staffing: requirement, scenarios beside the plan, price of each point."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import altair as alt
import jsonschema
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.store import Workspace
from tests.ui.conftest import MONDAY, ZONE
from ui.charts import staffing as charts
from ui.tables import staffing as tables

STARTS = pd.Series(pd.date_range("2026-11-23T01:00", periods=4, freq="30min", tz="UTC", unit="us"))


def script() -> None:
    from ui.views import staffing_view

    staffing_view.page()


def draw(folder: Path, monkeypatch: pytest.MonkeyPatch, tab: str = "Requirement") -> AppTest:
    monkeypatch.setenv("PEAKSHIFT_WORKSPACE", str(folder))
    page = AppTest.from_function(script, default_timeout=120)
    page.session_state["staffing_tab"] = tab
    return sound(page.run())


def sound(page: AppTest) -> AppTest:
    assert not page.exception, page.exception[0].stack_trace
    assert not page.error, page.error[0].value
    return page


def figures(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def move(page: AppTest, label: str, value: int) -> AppTest:
    next(found for found in page.slider if found.label.startswith(label)).set_value(value)
    return sound(page.run())


def test_without_a_forecast_the_page_says_where_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = draw(Workspace.create(tmp_path / "empty", timezone=ZONE).path, monkeypatch)
    assert "No forecast yet" in page.info[0].value


def test_the_requirement_of_the_newest_forecast_is_drawn(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = draw(filled.path, monkeypatch)
    assert page.date_input[0].value == MONDAY
    assert len(page.get("vega_lite_chart")) == 1


def test_sliders_move_hours_and_money_and_go_back(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    page = draw(filled.path, monkeypatch, "What if")
    planned = figures(page)
    assert [metric.delta for metric in page.metric] == [""] * 4
    table = page.dataframe[0].value
    assert table["Queue"].tolist() == ["card", "vip", "All queues"]
    assert (table["± hours"] == 0).all()
    move(page, "Contacts", 50)
    assert float(figures(page)["Staff hours"].replace(",", "")) > float(
        planned["Staff hours"].replace(",", "")
    )
    table = page.dataframe[0].value
    assert table["Hours then"].iloc[-1] == pytest.approx(table["Hours then"].iloc[:-1].sum())
    assert (table["± hours"] > 0).all()
    page.button(key="what_if_reset").click().run()
    assert figures(sound(page)) == planned


def test_one_queue_is_changed_alone(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    page = draw(filled.path, monkeypatch, "What if")
    page.selectbox(key="what_if_of").select("card").run()
    assert next(each for each in page.slider if each.label.startswith("Handle time of the rest")).disabled
    move(page, "Chatbot resolves", 40)
    move(page, "Handle time of the rest", 20)
    more = page.dataframe[0].value.set_index("Queue")["± hours"]
    assert more["card"] < 0
    assert more["vip"] == 0
    move(page, "Shrinkage", 50)
    move(page, "Answer rate", 97)
    more = page.dataframe[0].value.set_index("Queue")["± hours"]
    assert more["card"] > 0
    assert more["vip"] == 0


def test_a_plan_beyond_the_ends_of_the_sliders_is_shown_as_planned(
    own: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = own.queue("card")
    own.save_queues(
        [replace(card, shrinkage=0.9, shrinkages=(), target=replace(card.target, answer_rate=0.3))]
    )
    page = draw(own.path, monkeypatch, "What if")
    page.selectbox(key="what_if_of").select("card").run()
    sliders = {each.label: each.value for each in sound(page).slider}
    assert sliders["Shrinkage, % (planned 90 %)"] == 80
    assert sliders["Answer rate, % (planned 30 %)"] == 50
    assert (page.dataframe[0].value["± hours"] == 0).all()


def test_each_point_is_drawn_listed_and_taken_away(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = draw(filled.path, monkeypatch, "Price of a point")
    table = page.dataframe[0].value
    assert table["Answer rate"].iloc[[0, -1]].tolist() == [0.85, 0.99]
    assert table["Hours for this point"].iloc[1:].is_monotonic_increasing
    assert len(page.get("download_button")) == 1
    page.selectbox(key="price_of").select("vip").run()
    assert sound(page).dataframe[0].value["Staff hours"].iloc[0] < table["Staff hours"].iloc[0]


def test_days_no_forecast_covers_are_told(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for tab in ("What if", "Price of a point"):
        page = draw(filled.path, monkeypatch, tab)
        page.number_input(key="staffing_days").set_value(8).run()
        assert "No forecast covers all of these days" in sound(page).info[0].value


def test_charts_keep_the_schema_and_show_local_time() -> None:
    people = pd.DataFrame({"start": STARTS, "Planned": 3.0, "Scenario": [3.0, 4.0, 5.0, 4.0]})
    prices = pd.DataFrame(
        {"answer_rate": [0.94, 0.95, 0.96], "staff_h": [1.0, 2.0, 4.0], "cost": [1.0, 2.0, 4.0]}
    ).assign(extra_staff_h=lambda rows: rows["staff_h"].diff())
    for spec in (
        charts.sides(people, ZONE, 1),
        charts.points(prices, "extra_staff_h", "Hours", 0.95),
        charts.points(prices, "extra_staff_h", "Hours", None),
    ):
        jsonschema.validate(spec, alt.load_schema())
    drawn = charts.sides(people, ZONE, 1)["data"]["values"]
    assert drawn[0]["x"] == "2026-11-23T09:00:00Z"
    bars = charts.points(prices, "extra_staff_h", "Hours", 0.95)["data"]["values"]
    assert [(bar["label"], bar["planned"]) for bar in bars] == [("95%", True), ("96%", False)]


def test_people_of_queues_on_different_intervals_are_added_up_until_they_close() -> None:
    hourly = pd.DataFrame({"queue": "vip", "start": STARTS[::2], "staff_before": 2.0, "staff_after": 3.0})
    own = pd.DataFrame({"queue": "card", "start": STARTS, "staff_before": 1.0, "staff_after": 1.5})
    found = tables.people(pd.concat([own, hourly]), {"card": 30, "vip": 60}, 1)
    assert found["Planned"].tolist() == [3.0] * 4 + [0.0]
    assert found["Scenario"].tolist() == [4.5] * 4 + [0.0]


def test_a_queue_is_no_formula_in_the_file_that_is_taken_away() -> None:
    text = tables.download(pd.DataFrame({"queue": ["=1+1"], "staff_h": [2.0]}))
    assert pd.read_csv(BytesIO(text))["queue"].tolist() == ["'=1+1"]
