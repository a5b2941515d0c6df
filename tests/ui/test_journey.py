"""A planner's way from files to a roster in Excel, in a real browser against the real server."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from data.store import Workspace
from tests.ui.browser import browsed, picture, served, settle
from tests.ui.conftest import AGENTS, MONDAY, ZONE, Files

NAME = "Week 48"
WORK_MS = 180_000
"""Longest wait for a job: a first forecast compiles and fits."""


def go(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, exact=True, level=1)).to_be_visible()
    settle(page)


def upload(page: Page, kind: str, file: Path) -> None:
    page.get_by_role("radio", name=kind, exact=True).click()
    settle(page)
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(file.name)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text(f"Last import: {kind}")).to_be_visible(timeout=WORK_MS)
    settle(page)


def metric(page: Page, label: str) -> Locator:
    found = page.get_by_test_id("stMetric").filter(has_text=re.compile(rf"^{re.escape(label)}"))
    return found.get_by_test_id("stMetricValue")


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    settle(page)


def fill(page: Page, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).fill(value)
    page.get_by_label(label, exact=True).press("Tab")
    settle(page)


def bring_files(page: Page, files: Files, history: Path) -> None:
    upload(page, "Queues", files.queues)
    upload(page, "Agents", files.agents)
    upload(page, "History", history)
    expect(metric(page, "Bad rows")).to_have_text("1")
    picture(page, "02_import")
    open_tab(page, "Queues and history")
    picture(page, "03_history")


def add_peak(page: Page) -> None:
    go(page, "Peaks")
    page.get_by_role("button", name="Add a peak").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Name", exact=True).fill("campaign")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give at least one date")).to_be_visible()
    form.get_by_label("Dates", exact=True).fill(f"{MONDAY}")
    form.get_by_label("Dates", exact=True).press("Tab")
    page.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    picture(page, "04_peaks")


def forecast_week(page: Page) -> None:
    go(page, "Forecast")
    fill(page, "Days", "7")
    page.get_by_role("button", name="Make forecast").click()
    expect(metric(page, "WAPE in back-test")).to_be_visible(timeout=WORK_MS)
    assert re.fullmatch(r"[\d,]+", metric(page, "Offered, whole span").inner_text())
    picture(page, "05_forecast")


def solve(page: Page) -> None:
    go(page, "Roster")
    expect(page.get_by_text("Requirement, ")).to_be_visible()
    fill(page, "Name", NAME)
    fill(page, "Time limit, s", "20")
    fill(page, "Gap, %", "10")
    picture(page, "06_requirement")
    page.get_by_role("button", name="Solve").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.reload()
    expect(metric(page, "Status")).to_have_text(re.compile("Optimal|Feasible"), timeout=WORK_MS)


def look(page: Page) -> None:
    expect(page.get_by_text("Start and end of each shift in")).to_be_visible()
    picture(page, "07_people_and_days")
    open_tab(page, "A day")
    expect(page.get_by_text("shifts that start on")).to_be_visible()
    picture(page, "08_day")
    open_tab(page, "Answer rates")
    expect(page.get_by_text("Expected answered / expected offered per local day")).to_be_visible()
    picture(page, "09_answer_rates")
    open_tab(page, "Simulation")
    page.get_by_role("button", name=f"Simulate {NAME}").click()
    expect(page.get_by_text("P(target reached) = share of 200 sampled horizons")).to_be_visible(
        timeout=WORK_MS
    )
    picture(page, "10_simulation")
    open_tab(page, "Rules")
    expect(page.get_by_text("No rule is broken")).to_be_visible(timeout=WORK_MS)
    picture(page, "11_rules")


def take_away(page: Page, out: Path) -> None:
    open_tab(page, "Export")
    picture(page, "12_export")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Excel").click()
    assert taken.value.suggested_filename == "Week_48.xlsx"
    taken.value.save_as(out)


@pytest.mark.timeout(600)
def test_a_planner_goes_from_files_to_a_roster_in_excel(files: Files, tmp_path: Path) -> None:
    history = shutil.copy(files.history, tmp_path / "history.csv")
    with history.open("a", encoding="utf-8") as file:
        file.write("card,some day,4,4,720\n")
    problems: list[str] = []
    with served(tmp_path / "ws", tmp_path / "server.log") as address, browsed() as page:
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("requestfailed", lambda request: problems.append(request.url))
        page.goto(address)
        expect(page.get_by_text("There is no workspace in")).to_be_visible()
        picture(page, "01_first_start")
        page.get_by_role("button", name="Make an empty workspace").click()
        expect(page.get_by_role("button", name="Import", exact=True)).to_be_visible()
        bring_files(page, files, history)
        add_peak(page)
        forecast_week(page)
        solve(page)
        look(page)
        take_away(page, tmp_path / "roster.xlsx")
        expect(page.get_by_test_id("stException")).to_have_count(0)
    assert problems == []
    book = openpyxl.load_workbook(tmp_path / "roster.xlsx")
    shown = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {agent[1] for agent in AGENTS[1:]} <= shown
    workspace = Workspace.open(tmp_path / "ws")
    assert workspace.timezone == ZONE
    assert workspace.roster(NAME).first == MONDAY
