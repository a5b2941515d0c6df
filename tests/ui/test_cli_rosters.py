"""Rosters by the command line where the main job does not go: nights, long periods, targets out of reach."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.store import Workspace
from tests.ui.small_centre import MONDAY, ZONE, small_centre
from ui.cli import main

DAY = ("day", "08:00", "10:00", 60, 480)
EARLY = ("early", "06:00", "14:00", 60, 480)
NIGHT = ("night", "22:00", "22:00", 60, 480)
Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(workspace: Workspace, *arguments: object, code: int = 0) -> dict[str, Any]:
        ended = main(["--json", "--workspace", str(workspace.path), *map(str, arguments)])
        printed = capsys.readouterr()
        assert ended == code, printed.err
        document: dict[str, Any] = json.loads(printed.out)
        return {**document, "said": printed.err}

    return run


def solve(days: int, *options: object, name: str = "r") -> tuple[object, ...]:
    week = ("--from", MONDAY, "--days", days, "--gap", 0.2, "--time-limit", 60)
    return ("roster", "solve", *week, "--name", name, *options)


def local(text: str) -> str:
    return f"{pd.Timestamp(text).tz_convert(ZONE):%a %H:%M}"


@pytest.mark.parametrize(
    ("span", "hours", "shifts", "people", "until"),
    [
        ("00:00,24:00", range(24), (EARLY, NIGHT), 14, "Mon 06:00"),
        ("22:00,06:00", (22, 23, 0, 1, 2, 3, 4, 5), (NIGHT,), 5, "Mon 06:00"),
    ],
    ids=["around the clock", "by night"],
)
def test_hours_only_the_night_before_could_cover_belong_to_no_target(
    call: Call, tmp_path: Path, span: str, hours: Any, shifts: Any, people: int, until: str
) -> None:
    centre = small_centre(
        tmp_path, queue=f"card,0.9,day,0.5,{span}", patterns=shifts, people=people, open_h=list(hours)
    )
    solved = call(centre, *solve(7))
    assert solved["status"] in {"optimal", "feasible"}
    (left_out,) = solved["not_counted"]
    assert (local(left_out["start"]), local(left_out["end"])) == ("Mon 00:00", until)
    assert "Not counted: card from 2026-11-23 00:00 to 06:00" in solved["said"]
    assert min(pd.Timestamp(row["start"]) for row in solved["targets"]) >= pd.Timestamp(left_out["end"])
    checked = call(centre, "roster", "check", "r")
    assert checked["passed"] is True
    assert checked["not_counted"] == [left_out]
    shown = call(centre, "roster", "show", "r")
    assert shown["not_counted"] == [left_out]
    assert shown["answer_rates"] == solved["answer_rates"]
    played = call(centre, "roster", "simulate", "r", "--days", 20)
    monday = next(row for row in played["summary"] if row["date"] == str(MONDAY))
    assert monday["mean"] > 0.8
    assert "Not counted" in played["said"]


def test_a_roster_of_nothing_but_such_hours_is_refused(call: Call, tmp_path: Path) -> None:
    centre = small_centre(
        tmp_path, queue="card,0.9,day,0.5,00:00,06:00", patterns=(NIGHT,), people=4, open_h=range(6)
    )
    error = call(centre, *solve(1), code=2)["error"]
    assert "Begin the roster a day earlier" in error["message"]


def test_a_weekly_target_forgives_a_day_nobody_works(call: Call, tmp_path: Path) -> None:
    on_weekdays = [("day", "08:00", "08:00", 60, 480)]
    weekly = small_centre(
        tmp_path / "week",
        queue="card,0.8,week,0,08:00,16:00",
        patterns=on_weekdays,
        people=6,
        open_h=range(8, 16),
    )
    sunday = MONDAY + timedelta(days=6)
    weekly.save_agents([replace(agent, time_off=frozenset({sunday})) for agent in weekly.agents()])
    solved = call(weekly, *solve(7))
    (target,) = solved["targets"]
    assert (target["period"], target["first"], target["last"]) == ("week", str(MONDAY), str(sunday))
    assert target["met"] is True
    assert solved["answer_rates"][-1]["answer_rate"] == 0
    assert {row["met"] for row in solved["answer_rates"]} == {None}
    assert call(weekly, "roster", "check", "r")["missed_targets"] == []
    played = call(weekly, "roster", "simulate", "r", "--days", 20)
    chances = {row["period"]: row["p_met"] for row in played["summary"]}
    assert chances["day"] is None
    assert chances["week"] is not None


def test_a_target_out_of_reach_keeps_the_best_there_is_and_tells_what_stands_against_it(
    call: Call, tmp_path: Path
) -> None:
    centre = small_centre(
        tmp_path,
        queue="card,0.99,day,0.1,08:00,16:00",
        patterns=[("day", "08:00", "08:00", 60, 480)],
        people=1,
        open_h=range(8, 16),
        offered=9.0,
    )
    solved = call(centre, *solve(2), code=3)
    assert solved["status"] == "infeasible"
    (conflict,) = solved["why"]["conflicts"]
    assert conflict["smallest"] is True
    assert [rule["text"] for rule in (*conflict["aims"], *conflict["rules"])] == [
        "target of card on Mon 23 Nov: 99 %",
        "1 person with skill card",
    ]
    assert [rule["text"] for rule in conflict["also"]] == ["target of card on Tue 24 Nov: 99 %"]
    more, less = conflict["relaxations"]
    assert (more["rule"]["kind"], more["after"], more["proof"]) == ("people", 3.0, "roster")
    assert more["text"] == (
        "2 more people with skill card by contract all (price 80; a roster that reaches it was found)"
    )
    assert less["text"].startswith("target of card on Mon 23 Nov from 99 % to 8")
    error = call(centre, *solve(2, "--replace"), code=3)["error"]
    assert "stays as it was" in error["message"]
    assert "--keep-shortfall" in error["message"]
    assert (
        call(centre, *solve(2, "--replace", "--keep-shortfall", "--explain-time", 0), code=3)["why"] is None
    )
    explained = call(centre, "roster", "explain", "r", code=3)
    assert [row["queue"] for row in explained["missed"]] == ["card", "card"]
    assert explained["why"]["conflicts"] == solved["why"]["conflicts"]
    assert solved["violations"] == []
    missed = [row for row in solved["targets"] if not row["met"]]
    assert missed
    checked = call(centre, "roster", "check", "r", code=3)
    assert checked["missed_targets"] == missed
    assert call(centre, "roster", "show", "r")["targets"] == solved["targets"]
    call(centre, "roster", "export", "r", "--format", "html", "--out", tmp_path / "r.html")
    assert "▼" in (tmp_path / "r.html").read_text(encoding="utf-8")
    call(centre, "roster", "simulate", "r", "--days", 5)


def test_a_floor_out_of_reach_is_listed_by_interval_though_the_day_reaches_its_target(
    call: Call, tmp_path: Path
) -> None:
    centre = small_centre(
        tmp_path,
        queue="card,0.5,day,0.85,08:00,17:00",
        patterns=[("day", "08:00", "08:00", 60, 480)],
        people=4,
        open_h=range(8, 17),
    )
    solved = call(centre, *solve(1), code=3)
    assert all(row["met"] for row in solved["targets"])
    (row,) = solved["missed_floors"]
    assert (local(row["start"]), row["floor"], row["rostered"]) == ("Mon 16:00", 0.85, 0)
    checked = call(centre, "roster", "check", "r", code=3)
    assert (checked["passed"], checked["missed_floors"]) == (False, [row])


def test_a_queue_that_is_closed_on_all_days_has_no_part_in_the_roster(call: Call, own: Workspace) -> None:
    assert all(5 not in span.weekdays for span in own.queue("vip").hours)
    week = ("--from", MONDAY + timedelta(days=5), "--days", 1, "--gap", 0.2, "--name", "saturday")
    # Of the week that is kept, Saturday comes after five days of work.
    solved = call(own, "roster", "solve", *week, "--no-before")
    assert {row["queue"] for row in solved["answer_rates"]} == {"card"}
    assert {row["queue"] for row in call(own, "staff", *week[:4])["days"]} == {"card"}
