"""Forecasts by the command line, on the tiny centre."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.schema import QUANTILE_COLUMNS
from data.store import Workspace
from tests.ui.conftest import MONDAY, Call


def test_totals_of_days_are_written_with_quantiles_of_their_own(call: Call, tmp_path: Path) -> None:
    outs = ("--out", tmp_path / "intervals.parquet", "--days-out", tmp_path / "days.parquet")
    found = call("forecast", "--from", MONDAY, "--days", 7, "--queue", "card", *outs)
    rows, days = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("intervals", "days"))
    assert found["days_out"].endswith("days.parquet")
    assert len(days) == 6  # closed on Sunday
    assert days["mean"].sum() == pytest.approx(rows["mean"].sum())
    assert (days[list(QUANTILE_COLUMNS)].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    summed = rows.groupby(rows["start"].dt.tz_convert("Asia/Shanghai").dt.date)[["q05", "q95"]].sum()
    assert ((days["q95"] - days["q05"]).to_numpy() < (summed["q95"] - summed["q05"]).to_numpy()).all()


def test_a_forecast_made_at_noon_tells_where_the_day_will_close(call: Call) -> None:
    last = "2026-11-20"
    asked = ("forecast", "--from", last, "--days", 1, "--queue", "card")
    assert call(*asked)["forecasts"][0]["today"] is None
    (noon,) = call(*asked, "--as-of", f"{last}T12:00")["forecasts"]
    today = noon["today"]
    assert today["so_far"] > 0
    assert today["mean"] == pytest.approx(today["so_far"] + today["to_come"])
    assert today["so_far"] < today["q05"] < today["mean"] < today["q95"]


def test_a_place_for_days_that_is_no_parquet_file_is_refused_before_any_work(call: Call) -> None:
    refused = call("forecast", "--from", MONDAY, "--days", 7, "--days-out", "days.csv", code=2)
    assert ".parquet" in refused["error"]["message"]


def test_expected_handle_times_are_back_tested_beside_two_plain_guesses(call: Call) -> None:
    rows = call("backtest", "--queue", "card", "--origins", 3)["handle_time"]
    assert {row["method"] for row in rows} == {"peakshift", "overall_mean", "last_week_mean"}
    assert {row["origins"] for row in rows} == {3}
    assert [row["wape"] for row in rows] == sorted(row["wape"] for row in rows)


def test_without_handle_times_they_are_not_back_tested_and_that_is_said(
    call: Call, own: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = own.history(["card"]).assign(handle_time_s=None)
    own.append_history(bare, source="test", digest="no handle times")
    assert call("backtest", "--queue", "card", "--origins", 1)["handle_time"] == []
    assert "Handle times were not tested" in capsys.readouterr().err
