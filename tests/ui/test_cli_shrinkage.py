from __future__ import annotations

from pathlib import Path

import pytest

from data.store import Workspace
from tests.ui.conftest import MONDAY, Call
from ui.cli import main

WEEK = ("--from", MONDAY, "--days", 7, "--queue", "card")
SHRINKAGE = "cause,share,planned,days,open,close\ntraining,20%,yes,mon,09:00,12:00\nsickness,10%,no,,,\n"


def test_staff_hours_are_agent_hours_and_what_each_cause_takes_at_its_time(
    call: Call, tmp_path: Path
) -> None:
    before = call("staff", *WEEK)
    assert before["lost"] == []
    assert before["staff_h"] == before["agent_h"]
    file = tmp_path / "shrinkage.csv"
    file.write_text(SHRINKAGE, encoding="utf-8")
    assert call("import", "shrinkage", file)["changed"] > 0
    after = call("staff", *WEEK)
    assert after["agent_h"] == before["agent_h"]
    for day in after["days"]:
        lost = {row["cause"]: row["lost_h"] for row in after["lost"] if row["date"] == day["date"]}
        assert sum(lost.values()) == pytest.approx(day["staff_h"] - day["agent_h"])
        assert ("training" in lost and lost["training"] > 0) == (day["date"] == MONDAY.isoformat())
        if "training" not in lost:
            assert lost["sickness"] == pytest.approx(day["staff_h"] * 0.1)
    assert {row["cause"]: row["kind"] for row in after["lost"]} == {
        "training": "planned shrinkage",
        "sickness": "unplanned shrinkage",
    }


def test_the_command_tells_what_the_causes_take(
    own: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shrinkage.csv"
    file.write_text(SHRINKAGE, encoding="utf-8")
    place = ["--workspace", str(own.path)]
    assert main([*place, "import", "shrinkage", str(file)]) == 0
    assert "Imported the shrinkage of" in capsys.readouterr().out
    assert main([*place, "staff", *map(str, WEEK)]) == 0
    assert "Staff hours not on contacts: training" in capsys.readouterr().out
