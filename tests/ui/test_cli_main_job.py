"""The main job by the command line, on a small synthetic centre, and its JSON as docs/formats.md describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.schema import FORECAST, REQUIREMENT, check
from data.store import Workspace
from data.synthetic import make_centre
from data.synthetic.files import write_files
from tests.tools.console_blocks import CHECKOUT
from ui.cli import main
from ui.cli.app import application

FORMATS = (CHECKOUT / "docs" / "formats.md").read_text(encoding="utf-8")
FIRST = "2026-11-09"
Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("job")


@pytest.fixture(scope="module")
def call(folder: Path) -> Call:
    def run(*arguments: object, code: int = 0) -> dict[str, Any]:
        with pytest.MonkeyPatch.context() as patch:
            out = StringIO()
            patch.setattr("sys.stdout", out)
            ended = main(["--json", "--workspace", str(folder / "ws"), *map(str, arguments)])
        assert ended == code, out.getvalue()
        (line,) = out.getvalue().splitlines()
        document: dict[str, Any] = json.loads(line)
        return document

    return run


@pytest.fixture(scope="module")
def job(folder: Path, call: Call) -> dict[str, dict[str, Any]]:
    """Every command once, in the order a planner would use them; its JSON by the command's name."""
    centre = make_centre(first=date(2026, 6, 15), days=147, people=24)
    files = folder / "files"
    files.mkdir()
    write_files(centre, files)
    found = {"init": call("init", "--timezone", "Asia/Shanghai")}
    for kind in ("queues", "patterns", "contracts", "history", "agents", "peaks"):
        (path,) = files.glob(f"{kind}.*")
        found[f"import {kind}"] = call("import", kind, path)
    week = ("--from", FIRST, "--days", 7)
    found["forecast"] = call("forecast", *week, "--out", folder / "forecast.parquet")
    found["backtest"] = call("backtest", "--queue", "vip", "--origins", 2)
    found["staff"] = call("staff", *week, "--out", folder / "staff.parquet")
    solve = ("roster", "solve", "--from", FIRST, "--days", 3, "--gap", 0.1, "--time-limit", 150)
    found["roster solve"] = call(*solve, "--name", "a")
    call(*solve, "--name", "b", "--queue", "card_hotline")
    found["roster list"] = call("roster", "list")
    found["roster show"] = call("roster", "show", "a")
    found["roster check"] = call("roster", "check", "a")
    found["roster simulate"] = call("roster", "simulate", "a", "--days", 20)
    found["roster compare"] = call("roster", "compare", "a", "b")
    for name in ("xlsx", "csv", "parquet", "ics", "html"):
        found["roster export"] = call(
            "roster", "export", "a", "--format", name, "--out", folder / f"a.{name}"
        )
    found["nightly"] = call("nightly", "--as-of", "2026-11-09T03:00+08:00", "--days", 7, "--workers", 1)
    return found


def test_the_history_is_imported_whole(job: dict[str, dict[str, Any]]) -> None:
    report = job["import history"]
    assert report["bad"] == []
    assert report["good"] == report["rows"] == report["intervals"]["added"]


def test_the_forecast_file_keeps_its_schema(job: dict[str, dict[str, Any]], folder: Path) -> None:
    frame = pd.read_parquet(folder / "forecast.parquet")
    assert check(frame, FORECAST) == []
    assert frame["mean"].sum() == pytest.approx(sum(row["offered"] for row in job["forecast"]["forecasts"]))


def test_the_requirement_file_reaches_the_target(job: dict[str, dict[str, Any]], folder: Path) -> None:
    assert check(pd.read_parquet(folder / "staff.parquet"), REQUIREMENT) == []
    assert min(day["answer_rate"] for day in job["staff"]["days"]) >= 0.95 - 1e-9


def test_the_roster_passes_its_check_and_reaches_every_target(job: dict[str, dict[str, Any]]) -> None:
    assert job["roster check"]["passed"] is True
    assert job["roster solve"]["violations"] == []
    assert all(day["met"] for day in job["roster solve"]["answer_rates"])
    assert job["roster solve"]["bound"] <= job["roster solve"]["objective"] + 1e-6
    assert job["roster solve"]["status"] in {"optimal", "feasible"}


def test_a_roster_is_kept_as_it_was_solved(job: dict[str, dict[str, Any]]) -> None:
    shown = job["roster show"]
    assert sum(shift["paid_h"] for shift in shown["shifts"]) == pytest.approx(job["roster solve"]["paid_h"])
    assert [record["name"] for record in job["roster list"]["rosters"]] == ["a", "b"]


def test_the_simulation_says_how_likely_the_target_is(job: dict[str, dict[str, Any]]) -> None:
    for row in job["roster simulate"]["summary"]:
        assert 0 <= row["p_met_low"] <= row["p_met"] <= row["p_met_high"] <= 1
        assert row["q05"] <= row["q50"] <= row["q95"]


def test_a_taken_name_is_refused_and_replaced_on_demand(job: dict[str, dict[str, Any]], call: Call) -> None:
    assert job
    week = ("--from", FIRST, "--days", 2, "--queue", "card_hotline", "--gap", 0.1)
    solve = ("roster", "solve", *week, "--name", "b")
    assert "replace" in call(*solve, code=2)["error"]["message"]
    assert call(*solve, "--replace")["days"] == 2


def test_a_target_out_of_reach_ends_with_3_and_the_roster_is_kept_with_queue_day_and_ways_out(
    job: dict[str, dict[str, Any]], call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert job
    three = Workspace.open(folder / "ws").agents()[:3]
    monkeypatch.setattr(Workspace, "agents", lambda _self: three)
    queue = next(queue for queue in Workspace.open(folder / "ws").queues() if queue.skill in three[0].skills)
    solve = ("roster", "solve", "--from", FIRST, "--days", 1, "--name", "lean", "--queue", queue.id)
    kept = call(*solve, code=3)
    assert kept["status"] == "infeasible"
    assert {(row["queue"], row["date"]) for row in kept["answer_rates"] if not row["met"]} == {
        (queue.id, FIRST)
    }
    (conflict, *_) = kept["why"]["conflicts"]
    assert {(aim["name"], *aim["days"]) for aim in conflict["aims"]} == {(queue.id, FIRST)}
    assert conflict["relaxations"]
    assert "lean" in {record["name"] for record in call("roster", "list")["rosters"]}


def test_as_of_uses_nothing_later(job: dict[str, dict[str, Any]], call: Call, folder: Path) -> None:
    assert job
    early = (
        "forecast",
        "--from",
        "2026-10-19",
        "--days",
        7,
        "--queue",
        "vip",
        "--as-of",
        "2026-10-12T00:00+08:00",
    )
    before = call(*early, "--out", folder / "early.parquet")["forecasts"][0]
    workspace = Workspace.open(folder / "ws")
    later = workspace.history(["vip"]).assign(offered=9_999.0, answered=9_999.0, abandoned=0.0)
    later = later.loc[later["start"] >= pd.Timestamp("2026-10-12", tz="Asia/Shanghai")]
    workspace.append_history(later, source="the future", digest="x")
    after = call(*early, "--out", folder / "late.parquet")["forecasts"][0]
    assert after["data_hash"] == before["data_hash"]
    pd.testing.assert_frame_equal(
        pd.read_parquet(folder / "early.parquet"), pd.read_parquet(folder / "late.parquet")
    )


def command_names() -> set[str]:
    whole = application()
    names = {command.name for command in whole.registered_commands}
    for group in whole.registered_groups:
        assert group.typer_instance is not None
        names |= {f"{group.name} {command.name}" for command in group.typer_instance.registered_commands}
    return {name for name in names if name is not None}


def documented() -> dict[str, str]:
    """Text below each `### peakshift …` heading of docs/formats.md, by command."""
    found = {}
    parts = re.findall(
        r"^### ([^\n]*peakshift[^\n]*)\n(.*?)(?=^##|\Z)", FORMATS, flags=re.MULTILINE | re.DOTALL
    )
    for heading, text in parts:
        for name in re.findall(r"`peakshift ([a-z -]+)`", heading):
            found[name] = text
    return found


def test_every_command_is_documented_and_nothing_else() -> None:
    assert set(documented()) == command_names()


def test_every_key_of_every_document_is_described(job: dict[str, dict[str, Any]]) -> None:
    texts = documented()
    record = texts["roster solve"]
    for name, document in job.items():
        described = set(
            re.findall(r"`([a-z_]+)`", texts[name] + (record if "record" in texts[name].lower() else ""))
        )
        if name == "roster compare":
            continue
        assert set(document) <= described, f"{name}: {set(document) - described}"
