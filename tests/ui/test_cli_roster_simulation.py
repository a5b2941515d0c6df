"""peakshift roster simulate: what is asked of it, and what it says beside the answer rate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from data.domain import Target
from data.store import Workspace
from tests.ui.small_centre import MONDAY, small_centre
from ui.cli import main


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = small_centre(
        tmp_path_factory.mktemp("centre"),
        queue="card,0.8,day,0,08:00,16:00",
        patterns=[("day", "08:00", "08:00", 60, 480)],
        people=4,
        open_h=range(8, 16),
    )
    target = Target(answer_rate=0.8, interval_floor=0.0, service_level=0.5, threshold_s=30.0, max_asa_s=90.0)
    made.save_queues([replace(queue, target=target) for queue in made.queues()])
    week = ["--from", str(MONDAY), "--days", "1", "--gap", "0.2", "--time-limit", "60"]
    assert main(["--json", "--workspace", str(made.path), "roster", "solve", *week, "--name", "r"]) == 0
    return made


@pytest.fixture
def call(centre: Workspace, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*arguments: object, code: int = 0, as_json: bool = True) -> str:
        start = [*(["--json"] if as_json else []), "--workspace", str(centre.path)]
        ended = main([*start, "roster", "simulate", *map(str, arguments)])
        printed = capsys.readouterr()
        assert ended == code, printed.err
        return printed.out

    return run


def document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_every_measure_has_its_distribution_and_every_target_its_chance(call: Callable[..., str]) -> None:
    found = document(call("r", "--days", 30))
    horizon = {row["measure"]: row for row in found["measures"] if row["period"] == "horizon"}
    assert list(horizon) == ["answer_rate", "service_level", "asa_s", "occupancy"]
    for row in horizon.values():
        assert row["q05"] <= row["q50"] <= row["q95"]
    targets = {measure: row["target"] for measure, row in horizon.items()}
    assert targets == {"answer_rate": 0.8, "service_level": 0.5, "asa_s": 90.0, "occupancy": None}
    assert horizon["asa_s"]["p_met_low"] <= horizon["asa_s"]["p_met"] <= horizon["asa_s"]["p_met_high"]
    assert horizon["occupancy"]["p_met"] is None
    answered = [row for row in found["measures"] if row["measure"] == "answer_rate"]
    assert [{"measure": "answer_rate", **row} for row in found["summary"]] == answered
    assert "intervals" not in found


def test_intervals_are_told_when_asked_for(call: Callable[..., str]) -> None:
    found = document(call("r", "--days", 5, "--intervals"))
    assert found["interval_paths"] == 5
    assert len(found["intervals"]) == 4 * 8
    assert {row["measure"] for row in found["intervals"]} == {
        "answer_rate",
        "service_level",
        "asa_s",
        "occupancy",
    }


def test_laws_and_routing_are_choices_and_are_told(call: Callable[..., str]) -> None:
    usual = document(call("r", "--days", 20))
    assert (usual["routing"], usual["service"], usual["cv"], usual["absence"]) == (
        "longest-idle",
        "lognormal",
        1.0,
        "independent",
    )
    other = document(
        call("r", "--days", 20, "--routing", "fewest-skills", "--service", "exponential", "--absence", "even")
    )
    assert (other["routing"], other["service"], other["absence"]) == ("fewest-skills", "exponential", "even")
    constant = document(call("r", "--days", 20, "--cv", 0))
    assert constant["summary"] != usual["summary"] != other["summary"]


def test_the_text_tells_all_measures_and_the_other_targets(call: Callable[..., str]) -> None:
    text = call("r", "--days", 20, as_json=False)
    assert "service level" in text
    assert "occupancy" in text
    assert "ASA ≤ 90 s" in text
    assert "service level ≥ 50.0%" in text
