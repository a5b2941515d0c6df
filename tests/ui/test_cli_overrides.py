"""Overrides, publication and accuracy by the command line, on the tiny centre."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.intervals import grid
from data.store import Workspace
from tests.ui.conftest import MONDAY, Call

TUESDAY = MONDAY + timedelta(days=1)


def add(call: Call, *change: object, code: int = 0) -> dict[str, Any]:
    span = ("--queue", "card", "--from", TUESDAY, "--to", TUESDAY)
    return call("override", "add", *span, *change, "--by", "Li Wei", "--reason", "mailing", code=code)


def forecast_of(own: Workspace, queue: str) -> str:
    return next(record.id for record in own.forecasts() if record.queue == queue)


def actuals(own: Workspace, factor: float) -> pd.DataFrame:
    """What came in the week that was forecast, as a multiple of the forecast."""
    starts = grid(own.queue("card"), MONDAY, 7)["start"]
    mean = own.forecast_frame(forecast_of(own, "card")).set_index("start")["mean"].loc[starts].to_numpy()
    offered = np.round(factor * mean)
    return pd.DataFrame({"queue": "card", "start": starts, "offered": offered})


def test_an_override_is_added_listed_and_withdrawn(call: Call) -> None:
    kept = add(call, "--scale", "+10%")
    assert (kept["kind"], kept["value"]) == ("scale", pytest.approx(0.1))
    assert kept["start"].startswith("2026-11-23T16:00")  # midnight in Shanghai
    assert kept["end"].startswith("2026-11-24T16:00")
    assert [each["id"] for each in call("override", "list")["overrides"]] == [kept["id"]]
    call("override", "withdraw", kept["id"], "--by", "Zhao Min")
    assert call("override", "list")["overrides"] == []
    (gone,) = call("override", "list", "--all")["overrides"]
    assert gone["withdrawn_by"] == "Zhao Min"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((), "exactly one"),
        (("--set", 5, "--add", 5), "exactly one"),
        (("--scale", "much"), "per cent"),
        (("--scale", "-101%"), "cannot be"),
        (("--set", -1), "0 or more"),
        (("--add", 5, "--expires", "soon"), "no day or moment"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    call: Call, change: tuple[object, ...], message: str
) -> None:
    assert message in add(call, *change, code=2)["error"]["message"]


def test_staffing_reckons_with_an_override(call: Call) -> None:
    week = ("--from", MONDAY, "--days", 7, "--queue", "card")
    before = {row["date"]: row["offered"] for row in call("staff", *week)["days"]}
    add(call, "--set", 400)
    after = {row["date"]: row["offered"] for row in call("staff", *week)["days"]}
    assert after[str(TUESDAY)] == pytest.approx(400)
    assert {day for day in before if after[day] != pytest.approx(before[day])} == {str(TUESDAY)}


def test_published_forecasts_are_scored_and_so_is_the_hand(call: Call, own: Workspace) -> None:
    assert "published yet" in call("accuracy", code=2)["error"]["message"]
    name = forecast_of(own, "card")
    add(call, "--scale", "+50%")
    (published,) = call("publish", name, "--by", "Zhao Min")["published"]
    assert published["published_by"] == "Zhao Min"
    assert "has met an actual" in call("accuracy", code=2)["error"]["message"]
    late = add(call, "--scale", "-90%")
    own.append_history(actuals(own, 1.5), source="test", digest="test")
    found = call("accuracy")
    assert found["forecasts"] == [name]
    assert {row["level"] for row in found["scores"]} == {"interval", "day", "week"}
    (hand,) = found["hand"]
    assert hand["hand_wape"] < 0.05 < hand["model_wape"], f"{late['id']} came after the publication"
    assert hand["saved"] > 0
    only = call("accuracy", "--from", MONDAY, "--to", MONDAY)
    assert [row["spans"] for row in only["scores"] if row["level"] == "day"] == [1]
    assert only["hand"] == []
