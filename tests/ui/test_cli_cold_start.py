"""Forecasting a young queue like another one by the command line, on the tiny centre."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from data.store import Workspace
from tests.ui.conftest import MONDAY, Call


@pytest.fixture
def forecast(own: Workspace, call: Call) -> Call:
    own.save_queues([replace(own.queue("card"), id="loans", skill="loans")])

    def run(*arguments: object, code: int = 0) -> dict[str, Any]:
        return call("forecast", "--from", MONDAY, "--days", 7, *arguments, code=code)

    return run


@pytest.mark.parametrize("like", ["card", "auto"])
def test_a_queue_without_history_is_forecast_like_another_at_the_level_given(
    forecast: Call, like: str
) -> None:
    (found,) = forecast("--queue", "loans", "--like", like, "--level", 500)["forecasts"]
    assert found["model"].startswith("like card")
    assert found["offered"] == pytest.approx(500, rel=0.2)
    assert found["weights"] == {}
    assert found["notes"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--queue", "loans", "--level", 500), "Give --like"),
        (("--like", "card"), "Name it with --queue"),
        (("--queue", "loans", "--queue", "vip", "--like", "card"), "Name it with --queue"),
        (("--queue", "loans", "--like", "card"), "contacts of an"),
        (("--queue", "loans", "--like", "nobody", "--level", 5), "nobody"),
        (("--queue", "loans", "--like", "loans", "--level", 5), "itself"),
    ],
)
def test_what_cannot_be_borrowed_is_said(forecast: Call, arguments: tuple[object, ...], message: str) -> None:
    assert message in forecast(*arguments, code=2)["error"]["message"]
