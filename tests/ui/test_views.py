from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.domain import Peak, PeakKind, Roster
from data.shrinkage import Shrinkage
from data.store import Workspace
from tests.ui.conftest import GAP, MONDAY, ROSTER, ZONE, Files
from ui import jobs
from ui.jobs import Job, State
from ui.jobs.folder import JobFolder
from ui.jobs.launch import FOLDER
from ui.state import now
from ui.views import roster_coverage
from ui.views.work import ago

PAGES = ("imports_page", "peak_calendar", "forecast_view", "roster_view", "staffing_view")
Show = Callable[[str, Path], AppTest]


def script(page: str) -> None:
    import importlib

    importlib.import_module(f"ui.views.{page}").page()


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Draw one page of a workspace."""

    def draw(page: str, folder: Path) -> AppTest:
        monkeypatch.setenv("PEAKSHIFT_WORKSPACE", str(folder))
        return AppTest.from_function(script, args=(page,), default_timeout=120).run()

    return draw


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "empty", timezone=ZONE)


def texts(page: AppTest) -> str:
    """Everything a page says in words."""
    kinds = ("info", "error", "warning", "success", "caption", "markdown")
    return "\n".join(str(element.value) for kind in kinds for element in getattr(page, kind))


def unescaped(page: AppTest) -> str:
    """The same as a reader sees it."""
    return texts(page).replace("\\", "")


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def sound(page: AppTest) -> None:
    """No traceback and nothing told to be wrong."""
    assert not page.exception, page.exception[0].stack_trace
    assert not page.error, page.error[0].value


def charts(page: AppTest) -> int:
    return len(page.get("vega_lite_chart"))


@pytest.mark.parametrize("name", PAGES)
def test_a_first_start_offers_the_demo_or_an_own_workspace(name: str, show: Show, tmp_path: Path) -> None:
    page = show(name, tmp_path / "none")
    sound(page)
    assert [button.label for button in page.button] == [
        "Fill with the demo centre",
        "Make an empty workspace",
    ]


def test_an_own_workspace_is_made_in_the_zone_that_was_chosen(show: Show, tmp_path: Path) -> None:
    page = show("imports_page", tmp_path / "new")
    page.selectbox(key="new_zone").select("Europe/London").run()
    page.button(key="make_workspace").click().run()
    sound(page)
    assert Workspace.open(tmp_path / "new").timezone == "Europe/London"
    assert page.title[0].value == "Data"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("imports_page", "Or bring your own files"),
        ("peak_calendar", "No peaks yet"),
        ("forecast_view", "No history to forecast from yet"),
        ("roster_view", "No queues yet"),
    ],
)
def test_an_empty_page_says_what_to_do_next(name: str, words: str, show: Show, empty: Workspace) -> None:
    page = show(name, empty.path)
    sound(page)
    assert words in texts(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_workspace_of_a_newer_version_is_told_in_words(name: str, show: Show, own: Workspace) -> None:
    import sqlite3

    connection = sqlite3.connect(own.path / "ledger.sqlite")
    connection.execute("UPDATE alembic_version SET version_num = 'r9999'")
    connection.commit()
    connection.close()
    page = show(name, own.path)
    assert not page.exception
    assert "newer" in page.error[0].value


def test_the_data_page_shows_what_is_held_of_each_queue(show: Show, filled: Workspace) -> None:
    page = show("imports_page", filled.path)
    sound(page)
    held = page.dataframe[0].value.set_index("Queue")
    assert held["Missing days"].tolist() == [1, 1]
    assert held.loc["card", "Offered"] == filled.history(["card"])["offered"].sum()
    assert 0.9 < held.loc["card", "Answer rate"] < 1
    assert charts(page) == 1
    days = page.dataframe[1].value.set_index("Day")
    assert days.loc[str(GAP), "Intervals"] == 0


def test_the_data_page_shows_what_keeps_people_from_contacts(show: Show, own: Workspace) -> None:
    assert "What keeps people from contacts" not in [
        each.label for each in show("imports_page", own.path).expander
    ]
    training = Shrinkage(cause="training", share=0.1, planned=True)
    own.change_queues([replace(own.queue("card"), shrinkages=(training,))])
    page = show("imports_page", own.path)
    sound(page)
    [told] = [each for each in page.expander if each.label == "What keeps people from contacts"]
    assert told.dataframe[0].value["Factor"].tolist() == [0.9]


def test_another_queue_is_shown_when_it_is_chosen(show: Show, filled: Workspace) -> None:
    page = show("imports_page", filled.path)
    before = page.dataframe[1].value["Offered"].sum()
    page.selectbox(key="queue").select("vip").run()
    sound(page)
    assert page.dataframe[1].value["Offered"].sum() < before / 2


def open_tab(page: AppTest, key: str, name: str) -> AppTest:
    page.session_state[key] = name
    return page.run()


def test_people_patterns_and_versions_are_listed(show: Show, filled: Workspace) -> None:
    page = open_tab(show("imports_page", filled.path), "data_tab", "People and patterns")
    sound(page)
    assert len(page.dataframe[0].value) == 14
    assert page.dataframe[1].value["Pattern"].tolist() == ["day_9h", "short_5h"]
    page = open_tab(page, "data_tab", "Versions")
    assert page.dataframe[0].value["Source"].tolist() == [str(filled.versions()[0].source)]


def finished(page: AppTest, workspace: Workspace, kind: str) -> Job:
    """Run the page until its job has ended."""
    import time

    for _ in range(600):
        job = jobs.latest(workspace.path, kind)
        assert job is not None
        if not job.running:
            page.run()
            return job
        time.sleep(0.2)
    pytest.fail(f"the {kind} did not end")


def test_files_are_imported_and_their_bad_rows_named(show: Show, empty: Workspace, files: Files) -> None:
    page = show("imports_page", empty.path)
    page.segmented_control(key="import_kind").set_value("queues").run()
    page.file_uploader[0].upload("queues.csv", files.queues.read_bytes(), "text/csv").run()
    page.button(key="import").click().run()
    finished(page, empty, "imports")
    sound(page)
    assert metrics(page) == {"New entries": "2", "Changed entries": "0", "As before": "0"}
    rows = b"queue,start,offered\ncard,2026-11-20T09:00:00+08:00,9\ncard,soon,3\ncard,2026-11-20T10:00:00+08:00,-3\n"
    page.segmented_control(key="import_kind").set_value("history").run()
    page.file_uploader[0].upload("history.csv", rows, "text/csv").run()
    page.button(key="import").click().run()
    finished(page, empty, "imports")
    sound(page)
    assert metrics(page) == {
        "Rows read": "3",
        "Good rows": "1",
        "Bad rows": "2",
        "New intervals": "1",
        "Changed intervals": "0",
        "As before": "0",
    }
    bad = page.dataframe[0].value
    assert bad["Line"].tolist() == [3, 4]
    assert bad["Column"].tolist() == ["start", "offered"]
    assert (bad["What to do"] != "").all()


def test_an_import_without_files_is_answered_at_the_field(show: Show, empty: Workspace) -> None:
    page = show("imports_page", empty.path)
    page.button(key="import").click().run()
    assert "Choose one or more files first" in page.error[0].value
    assert jobs.latest(empty.path, "imports") is None


def test_the_peaks_page_lists_peaks_and_their_days(show: Show, filled: Workspace) -> None:
    page = show("peak_calendar", filled.path)
    sound(page)
    assert page.dataframe[0].value["When"].tolist() == [
        "day 5, 25 of the month, next open day of CN",
        "24 Nov 2026",
    ]
    listed = page.dataframe[1].value
    assert date(2026, 11, 24) in set(listed["Day"])
    assert listed.loc[listed["Peak"] == "billing", "Provisional"].any()
    page.selectbox(key="peaks_of").select("vip").run()
    assert set(page.dataframe[1].value["Peak"]) == {"campaign"}


def test_a_peak_whose_days_cannot_be_told_is_a_warning_not_a_traceback(show: Show, own: Workspace) -> None:
    from data.domain import Recurrence

    own.save_peaks([Peak(id="odd", kind=PeakKind.EVENT, recurrence=Recurrence(sessions=True, calendar="CN"))])
    for name in ("imports_page", "peak_calendar", "forecast_view"):
        page = show(name, own.path)
        sound(page)
        assert "odd" in page.warning[0].value


def test_a_peak_is_added_and_what_is_wrong_stands_at_its_field(show: Show, own: Workspace) -> None:
    page = show("peak_calendar", own.path)
    page.button(key="add_peak").click().run()
    assert not page.error

    def save(name: str, dates: str) -> None:
        # AppTest draws the whole page, not the dialog alone: it must be opened again in the same run.
        page.text_input(key="peak_new_name").input(name)
        page.text_area(key="peak_new_dates").input(dates)
        page.button(key="add_peak").click()
        page.button(key="peak_new_save").click()
        page.run()

    save("campaign", "11.12.2026")
    assert len(page.error) == 2
    assert "There is a peak 'campaign' already" in page.error[0].value
    assert "is not a date" in page.error[1].value
    save("dividend", "2026-12-11, 5000")
    assert not page.exception
    assert own.peaks()[-1].dates == {date(2026, 12, 11): 5000.0}


def test_the_forecast_page_shows_the_newest_forecast(show: Show, filled: Workspace) -> None:
    page = show("forecast_view", filled.path)
    sound(page)
    record = [record for record in filled.forecasts() if record.queue == "card"][-1]
    shown = metrics(page)
    assert shown["Offered, whole span"] == f"{filled.forecast_frame(record.id)['mean'].sum():,.0f}"
    assert shown["Knows until"] == "23 Nov 2026 00:00"
    assert charts(page) == 3
    scores = page.dataframe[0].value
    assert scores["WAPE"].is_monotonic_increasing
    assert sum(float(share.rstrip("%")) for share in scores["Share"] if share) == pytest.approx(100, abs=1)


def test_another_day_is_drawn_in_intervals_when_it_is_chosen(show: Show, filled: Workspace) -> None:
    page = show("forecast_view", filled.path)
    record = [record for record in filled.forecasts() if record.queue == "card"][-1]
    page.segmented_control(key=f"forecast_day_{record.id}").set_value(date(2026, 11, 25)).run()
    sound(page)
    assert "Wednesday 25 November 2026" in texts(page)


def test_a_forecast_is_made_by_a_job_and_shown(show: Show, own: Workspace) -> None:
    before = len(own.forecasts())
    page = show("forecast_view", own.path)
    page.multiselect(key="forecast_queues").select("vip")
    page.number_input(key="forecast_days").set_value(2)
    page.button[0].click().run()
    job = finished(page, own, "forecast")
    sound(page)
    assert job.arguments == {"first": MONDAY.isoformat(), "days": 2, "queues": ["vip"], "seed": 0}
    assert len(own.forecasts()) == before + 1
    assert page.selectbox(key="queue").value == "vip"
    assert page.selectbox(key="forecast_of_vip").value == own.forecasts()[-1].id


def leave(workspace: Workspace, kind: str, arguments: dict[str, Any], state: State, **more: Any) -> None:
    """Leave the folder of a job that has ended."""
    folder = JobFolder(workspace.path / FOLDER / f"20261123T080000-{kind}-abc")
    folder.files.mkdir(parents=True)
    folder.request(kind, arguments, now())
    folder.end(state, now(), **more)


def test_a_back_test_is_shown_with_its_scores(show: Show, own: Workspace) -> None:
    scores = [
        {
            "method": "prophet",
            "wape": 0.2,
            "bias": 0.0,
            "hit_rate": 0.1,
            "cover80": 0.8,
            "cover90": 0.9,
            "seconds": 1.0,
        }
    ]
    origins = [{"method": "prophet", "origin": "2026-11-01T16:00:00.000Z", "missed": 20.0, "actual": 100.0}]
    asked = {"queue": "card", "horizon_days": 7, "origins": 1, "step_days": 7}
    leave(own, "backtest", asked, State.DONE, result={"scores": scores, "origins": origins})
    page = show("forecast_view", own.path)
    sound(page)
    assert page.dataframe[1].value["90 % band holds"].tolist() == [0.9]
    assert charts(page) == 4


@pytest.mark.parametrize(
    ("state", "message", "words"),
    [
        (State.FAILED, "no roster keeps every rule", "Roster (just now): no roster keeps every rule"),
        (State.CANCELLED, "", "Nothing was kept"),
    ],
)
def test_how_a_job_ended_is_still_told_after_a_reload(
    state: State, message: str, words: str, show: Show, own: Workspace
) -> None:
    leave(own, "roster", {}, state, message=message)
    page = show("roster_view", own.path)
    assert not page.exception
    assert words in texts(page)


def test_a_running_job_is_found_again_and_can_be_cancelled(show: Show, own: Workspace) -> None:
    import os

    folder = JobFolder(own.path / FOLDER / "20261123T080000-roster-abc")
    folder.files.mkdir(parents=True)
    folder.request("roster", {}, now())
    lock = folder.lock()
    from ui.jobs.record import Progress

    folder.advance(Progress(phase="Branching", share=0.4, incumbent=120.0, bound=118.0, gap=0.0167))
    page = show("roster_view", own.path)
    sound(page)
    assert "best found 120.0 · proven bound 118.0 · gap 1.67%" in texts(page)
    page.button(key=f"cancel_{folder.path.name}").click().run()
    assert folder.asked_to_stop()
    assert "Stopping" in texts(page)
    os.close(lock)


def test_a_roster_that_was_just_made_is_opened_and_the_form_closed(show: Show, own: Workspace) -> None:
    record = own.roster_record(ROSTER)
    page = show("roster_view", own.path)
    page.session_state["new_roster"] = True
    page.session_state["_watched"] = "20261123T080000-roster-abc"
    again = Roster(name="Again", first=MONDAY, days=7, timezone=ZONE)
    parts = {kind: own.roster_part(ROSTER, kind) for kind in ("coverage", "days")}
    own.save_roster(again, replace(record, name="Again"), parts)
    leave(own, "roster", {}, State.DONE, result={"name": ROSTER, "left_out": []})
    page.run()
    sound(page)
    assert page.selectbox(key="roster").value == ROSTER
    assert not page.session_state["new_roster"]
    page.run()
    assert page.selectbox(key="roster").value == ROSTER


def test_a_queue_nobody_can_serve_is_told(show: Show, own: Workspace) -> None:
    leave(own, "roster", {}, State.DONE, result={"name": ROSTER, "left_out": ["chat"]})
    page = show("roster_view", own.path)
    assert "Nobody has the skill for chat" in page.warning[0].value


def test_the_roster_page_says_what_was_proven_and_what_was_missed(show: Show, filled: Workspace) -> None:
    page = show("roster_view", filled.path)
    sound(page)
    shown = metrics(page)
    assert (shown["Status"], shown["Gap"], shown["Targets missed"]) == ("Feasible", "1.99%", "5 of 11")
    assert shown["Paid hours"] == f"{69 * 8}"
    assert "Cost 552.0, proven bound 541.0" in texts(page)
    assert "vip, Mon 23 Nov: 80.00% of 90.0%" in unescaped(page)
    assert "Not counted" not in unescaped(page)


def test_the_roster_page_says_which_hours_do_not_count(show: Show, own: Workspace) -> None:
    start = pd.Timestamp(MONDAY, tz=ZONE).tz_convert("UTC").as_unit("us")
    night = {"queue": ["card"], "start": [start], "end": [start + pd.Timedelta(hours=6)], "offered": [40.0]}
    parts = {name: own.roster_part(ROSTER, name) for name in ("coverage", "days", "targets", "floors")}
    record = replace(own.roster_record(ROSTER), created_at=None)
    own.save_roster(own.roster(ROSTER), record, {**parts, "not_counted": pd.DataFrame(night)}, replace=True)
    page = show("roster_view", own.path)
    sound(page)
    assert "Not counted: card from 2026-11-23 00:00 to 06:00, 40 contacts expected." in unescaped(page)


def test_the_matrix_has_a_row_per_person_and_a_column_per_day(show: Show, filled: Workspace) -> None:
    page = show("roster_view", filled.path)
    matrix = page.dataframe[0].value
    assert matrix.shape == (14, 11)
    assert matrix["Mon 23 Nov"].tolist() == ["08:30–17:30"] * 14
    page.selectbox(key="matrix_team").select("Team 2").run()
    assert len(page.dataframe[0].value) == 7
    page.text_input(key="matrix_find").input("nobody").run()
    sound(page)
    assert "Nobody fits" in texts(page)


def test_a_day_is_drawn_with_its_coverage_and_its_shifts(show: Show, filled: Workspace) -> None:
    page = open_tab(show("roster_view", filled.path), "roster_tab", "A day")
    sound(page)
    assert charts(page) == 3
    assert "14 shifts that start on Monday 23 November 2026" in texts(page)
    page.segmented_control(key=f"roster_day_{MONDAY}_7").set_value(date(2026, 11, 29)).run()
    sound(page)
    assert "card is closed on Sunday 29 November 2026" in texts(page)
    assert "Nobody starts a shift" in texts(page)


@pytest.mark.parametrize(
    ("carried", "words"),
    [
        ([23.0, 34.0], "60 expected, 95.0% answered"),
        (
            [24.0, 35.0],
            "60 expected, 95.0% answered (98.3% counting callers left waiting for the next interval)",
        ),
        ([np.nan, np.nan], "60 expected, 95.0% answered"),
    ],
)
def test_what_is_carried_over_is_told_where_it_is_known_and_shows(carried: list[float], words: str) -> None:
    rows = pd.DataFrame({"offered": [25.0, 35.0], "answered": [23.0, 34.0], "answered_carried": carried})
    assert roster_coverage._expected(rows) == words
    assert roster_coverage._expected(rows.drop(columns="answered_carried")) == "60 expected, 95.0% answered"


def test_answer_rates_stand_against_their_targets(show: Show, filled: Workspace) -> None:
    page = open_tab(show("roster_view", filled.path), "roster_tab", "Answer rates")
    sound(page)
    totals = page.dataframe[0].value.set_index("Queue")
    assert totals["Answer rate"].tolist() == pytest.approx([0.95, 0.8])
    assert totals[["Missed", "Of", "Over the"]].to_numpy().tolist() == [[0, 6, "day"], [5, 5, "day"]]


def test_a_simulation_is_shown_only_for_the_roster_it_is_of(show: Show, own: Workspace) -> None:
    rows = [
        {
            "queue": "card",
            "period": period,
            "date": day,
            "mean": 0.95,
            "q05": 0.9,
            "q50": 0.95,
            "q95": 0.99,
            "p_met": chance,
            "p_met_low": chance,
            "p_met_high": chance,
        }
        for period, day, chance in (
            ("day", "2026-11-23T00:00:00.000", None),
            ("week", "2026-11-23T00:00:00.000", 0.9),
            ("horizon", None, 0.8),
        )
    ]
    page = open_tab(show("roster_view", own.path), "roster_tab", "Simulation")
    assert "Not simulated yet" in texts(page)
    measures = [
        {**row, "measure": measure, "target": 90.0 if measure == "asa_s" else None}
        | ({} if measure == "asa_s" else dict.fromkeys(("p_met", "p_met_low", "p_met_high")))
        for measure in ("answer_rate", "service_level", "asa_s", "occupancy")
        for row in rows
    ]
    result = {"summary": rows, "measures": measures}
    leave(own, "simulation", {"name": ROSTER, "paths": 200, "seed": 0}, State.DONE, result=result)
    page = open_tab(show("roster_view", own.path), "roster_tab", "Simulation")
    sound(page)
    shown = page.dataframe[0].value
    assert shown["Over"].tolist() == ["whole horizon", "Mon 23 Nov", "week of 23 Nov"]
    assert shown["P(target reached)"].fillna(-1).tolist() == [0.8, -1, 0.9]
    others = page.dataframe[1].value
    assert others["Over"].tolist() == ["Mon 23 Nov", "week of 23 Nov", "whole horizon"]
    assert others["Service level"].tolist() == ["95.0% (90.0%–99.0%)"] * 3
    targets = page.dataframe[2].value
    assert targets[["Over", "Target", "P(target met)"]].to_numpy().tolist() == [
        ["week of 23 Nov", "ASA ≤ 90 s", "90.0%"],
        ["whole horizon", "ASA ≤ 90 s", "80.0%"],
    ]


def test_the_rules_are_checked_without_the_optimiser(show: Show, filled: Workspace) -> None:
    page = open_tab(show("roster_view", filled.path), "roster_tab", "Rules")
    sound(page)
    assert "No rule is broken" in texts(page)


def test_every_format_can_be_taken_away(show: Show, filled: Workspace) -> None:
    page = open_tab(show("roster_view", filled.path), "roster_tab", "Export")
    sound(page)
    assert [button.label for button in page.get("download_button")] == [
        "Excel",
        "CSV",
        "Parquet",
        "Calendars",
        "Print view",
    ]


@pytest.mark.parametrize("number", range(5))
def test_a_file_is_made_when_its_button_is_pressed(number: int, filled: Workspace) -> None:
    from ui.views.roster_export import FILES, _maker

    _, kind, ending, *_ = FILES[number]
    content = _maker(filled, filled.roster_record(ROSTER), kind, ending)()
    assert len(content) > 500
    if kind == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames


def test_the_requirement_stands_beside_the_form(show: Show, filled: Workspace) -> None:
    page = show("roster_view", filled.path)
    page.session_state["new_roster"] = True
    page.run()
    sound(page)
    hours = page.dataframe[0].value
    assert hours["Queue"].value_counts().to_dict() == {"card": 6, "vip": 5}
    assert (hours["Staff hours"] >= hours["Agent hours"]).all()


def test_a_roster_name_that_is_taken_needs_a_tick(show: Show, filled: Workspace) -> None:
    page = show("roster_view", filled.path)
    page.session_state["new_roster"] = True
    page.run()
    page.text_input(key="roster_name_0").input(ROSTER).run()
    assert "already" in page.error[0].value
    assert page.button(key="solve").disabled
    page.checkbox(key="replace").check().run()
    assert not page.error
    assert not page.button(key="solve").disabled


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "just now"), (90, "2 min ago"), (7200, "2 h ago"), (200_000, "2 d ago")]
)
def test_the_past_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    assert ago(seconds) == words


HOSTILE = "![x](http://example.org/x.png)<b>$y$"


def test_hostile_names_are_shown_as_they_are(show: Show, own: Workspace) -> None:
    own.save_queues([replace(own.queue("card"), id=HOSTILE)])
    own.save_peaks([Peak(id=HOSTILE, kind=PeakKind.EVENT, dates={MONDAY: None})])
    first = show("peak_calendar", own.path)
    assert HOSTILE in first.dataframe[0].value["Peak"].tolist()
    for name in PAGES:
        page = show(name, own.path)
        if name in ("imports_page", "forecast_view"):
            page.selectbox(key="queue").select(HOSTILE).run()
        if name == "roster_view":
            page.session_state["new_roster"] = True
            page.run()
        sound(page)
        assert "![" not in texts(page)
        assert "![" not in "".join(button.label for button in page.button)


def test_a_name_too_long_to_store_is_answered_at_the_field(show: Show, filled: Workspace) -> None:
    page = show("roster_view", filled.path)
    page.session_state["new_roster"] = True
    page.run()
    page.text_input(key="roster_name_0").input("😀" * 60).run()
    assert "too long" in page.error[0].value
    assert page.button(key="solve").disabled


def test_bad_rows_are_taken_away_without_a_formula_in_them() -> None:
    from ui.views.import_form import _guarded

    assert _guarded("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _guarded(3) == 3
