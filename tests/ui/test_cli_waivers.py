"""A rule of the house, broken, waived, and broken again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.store import Workspace
from tests.ui.small_centre import MONDAY, small_centre
from ui.cli import main

HOUSE = """
[[version]]
valid_from = 2020-01-01
[[version.rule]]
kind = "break_after"
after_h = 6
least_min = 30
source = "Agreement of the house, 7: half an hour after six."
"""
Call = Callable[..., tuple[dict[str, Any], str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(workspace: Workspace, *arguments: object, code: int = 0) -> tuple[dict[str, Any], str]:
        said = []
        for form in (["--json"], []) if arguments[1] == "check" else (["--json"],):
            ended = main([*form, "--workspace", str(workspace.path), *map(str, arguments)])
            printed = capsys.readouterr()
            assert ended == code, printed.err
            said.append(printed.out)
        return json.loads(said[0]), " ".join(said[-1].split())

    return run


def test_a_waived_rule_is_listed_as_waived_and_a_roster_passes_when_all_are(
    call: Call, tmp_path: Path
) -> None:
    centre = small_centre(
        tmp_path,
        queue="card,0.7,day,0,08:00,16:00",
        patterns=[("day", "08:00", "08:00", 60, 480)],
        people=2,
        open_h=range(8, 16),
        offered=2.0,
    )
    week = ("--from", MONDAY, "--days", 1, "--gap", 0.5, "--time-limit", 30)
    call(centre, "roster", "solve", *week, "--name", "r")
    checked, _ = call(centre, "roster", "check", "r")
    assert (checked["passed"], checked["violations"], checked["waived"]) == (True, [], [])
    (centre.path / "rule_sets").mkdir()
    (centre.path / "rule_sets" / "house.toml").write_text(HOUSE, encoding="utf-8")
    centre.save_contracts([replace(contract, rule_set="house") for contract in centre.contracts()])

    checked, text = call(centre, "roster", "check", "r", code=3)
    people = [broken["agent_id"] for broken in checked["violations"]]
    assert people
    assert {broken["rule"] for broken in checked["violations"]} == {"break after"}
    assert f"hard, break after {MONDAY}: {people[0]}" in text
    said = ("--date", MONDAY, "--rule", "break after", "--by", "Li Wei", "--reason", "asked to go home early")
    for person in people:
        made, _ = call(centre, "roster", "waive", "r", "--person", person, *said)
        assert [covered["agent_id"] for covered in made["covers"]] == [person]
    checked, text = call(centre, "roster", "check", "r")
    assert checked["violations"] == []
    assert [(each["agent_id"], each["by"]) for each in checked["waived"]] == [(p, "Li Wei") for p in people]
    assert f"waived: {people[0]} on {MONDAY}" in text
    assert "Li Wei: asked to go home early; waiver-000001" in text

    call(centre, "roster", "withdraw-waiver", "waiver-000001", "--by", "Wang")
    checked, _ = call(centre, "roster", "check", "r", code=3)
    assert [broken["agent_id"] for broken in checked["violations"]] == people[:1]
    listed, _ = call(centre, "roster", "waivers", "r")
    assert len(listed["waivers"]) == len(people) - 1
    listed, _ = call(centre, "roster", "waivers", "r", "--all")
    assert listed["waivers"][0]["withdrawn_by"] == "Wang"

    for option, bad, told in (
        ("--rule", "breaks apart", "unknown rule 'breaks apart'"),
        ("--date", "2026-12-24", "not among its days"),
        ("--person", "Nobody", "unknown agent 'Nobody'"),
        ("--reason", " ", "Say who waives the rule, and why"),
    ):
        given = {"--person": people[0], **dict(zip(said[::2], said[1::2], strict=True)), option: bad}
        wrong = [part for pair in given.items() for part in pair]
        document, _ = call(centre, "roster", "waive", "r", *wrong, code=2)
        assert told in document["error"]["message"]
