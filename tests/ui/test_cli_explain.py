"""Findings, decisions, peaks and waterfalls by the command line, on the tiny centre."""

from __future__ import annotations

import pytest

from data.store import Workspace
from tests.ui.conftest import GAP, MONDAY, Call


def forecast_of(own: Workspace, queue: str) -> str:
    return next(record.id for record in own.forecasts() if record.queue == queue)


def missing(call: Call) -> list[tuple[str, str]]:
    found = call("history", "findings", "--queue", "card", "--as-of", f"{MONDAY}T00:00")["findings"]
    return [(row["start"][:10], row["done"]) for row in found if row["kind"] == "missing_day"]


def test_a_day_without_figures_is_a_finding(call: Call) -> None:
    assert missing(call) == [("2026-10-13", "left out")]  # midnight of the 14th in Shanghai, in UTC
    assert GAP.isoformat() == "2026-10-14"


def test_a_decision_drops_a_span_and_can_be_taken_back(call: Call) -> None:
    span = ("--queue", "card", "--from", "2026-11-02", "--to", "2026-11-03")
    who = ("--by", "Li Wei", "--reason", "the line was cut")
    kept = call("history", "decide", *span, "--verdict", "drop", *who)
    assert kept["verdict"] == "drop"
    assert kept["end"].startswith("2026-11-03T16:00")
    as_of = ("--queue", "card", "--as-of", f"{MONDAY}T00:00")
    dropped = [row for row in call("history", "findings", *as_of)["findings"] if row["kind"] == "dropped"]
    assert [row["decided_by"] for row in dropped] == ["Li Wei"]
    assert [each["id"] for each in call("history", "decisions")["decisions"]] == [kept["id"]]
    call("history", "withdraw", kept["id"], "--by", "Zhao Min")
    assert call("history", "decisions")["decisions"] == []
    assert len(call("history", "decisions", "--all")["decisions"]) == 1
    assert not [row for row in call("history", "findings", *as_of)["findings"] if row["kind"] == "dropped"]


def test_each_peak_is_listed_with_what_it_rests_on(call: Call) -> None:
    rows = call("peaks", "--queue", "card", "--as-of", f"{MONDAY}T00:00")["evidence"]
    sources = {row["peak"]: row["source"] for row in rows}
    assert sources["billing"] == "data"
    assert sources["campaign"] != "data"  # it lies ahead
    assert all(row["lower"] <= row["uplift"] <= row["upper"] for row in rows)


def test_the_parts_of_each_day_sum_to_its_forecast_override_included(call: Call, own: Workspace) -> None:
    name = forecast_of(own, "card")
    span = ("--queue", "card", "--from", MONDAY, "--to", MONDAY)
    call("override", "add", *span, "--add", 100, "--by", "Li Wei", "--reason", "mailing")
    parts = call("explain", name)["parts"]
    frame = own.forecast_frame(name)
    total = sum(row["contacts"] for row in parts)
    assert total == pytest.approx(frame["mean"].sum() + 100)
    assert [(row["date"], row["contacts"]) for row in parts if row["part"] == "override"] == [
        (str(MONDAY), pytest.approx(100))
    ]
    by_interval = call("explain", name, "--day", MONDAY)["parts"]
    monday = sum(row["contacts"] for row in parts if row["date"] == str(MONDAY))
    assert sum(row["contacts"] for row in by_interval) == pytest.approx(monday)
    assert "Choose days" in call("explain", name, "--day", "2027-01-01", code=2)["error"]["message"]


def test_patience_is_estimated_where_the_history_tells_it_and_said_where_not(
    call: Call, own: Workspace
) -> None:
    silent = call("history", "patience", "--queue", "card", code=2)
    assert "card" in silent["failures"]
    rows = own.history(["card"])
    waited = rows.assign(abandoned=rows["offered"] - rows["answered"], wait_s=60.0 * rows["offered"])
    own.append_history(waited, source="test", digest="waits")
    (found,) = call("history", "patience", "--queue", "card")["patience"]
    expected = waited["wait_s"].sum() / waited["abandoned"].sum()
    assert found["mean_s"] == pytest.approx(expected, rel=0.05)
    assert found["low_s"] < found["mean_s"] < found["high_s"]
    assert found["set_s"] == 240
    assert found["trusted"] is True
