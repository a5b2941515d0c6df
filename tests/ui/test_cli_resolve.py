"""A roster locked, struck by sickness, and solved again from the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.overrides import Override, OverrideKind
from data.store import Workspace
from tests.ui.small_centre import MONDAY, ZONE, small_centre
from ui.cli import main
from ui.cli.stopping import Stopping
from ui.plan.forecasts import forecast_queues

Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre with a roster r of two days. Read only."""
    centre = small_centre(
        tmp_path_factory.mktemp("solved"),
        queue="card,0.8,day,0,08:00,16:00",
        patterns=[("early", "08:00", "08:00", 60, 240), ("late", "12:00", "12:00", 60, 240)],
        people=6,
        open_h=range(8, 16),
        offered=6.0,
    )
    at = ("--from", str(MONDAY), "--days", "2", "--name", "r")
    assert main(["--workspace", str(centre.path), "roster", "solve", *at, "--gap", "0.2"]) == 0
    return centre.path


@pytest.fixture
def call(solved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line on a copy: the JSON document of a command that must end with `code`."""
    own = shutil.copytree(solved, tmp_path / "own")

    def run(*arguments: object, code: int = 0) -> dict[str, Any]:
        ended = main(["--json", "--workspace", str(own), *map(str, arguments)])
        printed = capsys.readouterr()
        assert ended == code, printed.err
        document: dict[str, Any] = json.loads(printed.out)
        return document

    return run


def shifts(call: Call, name: str) -> dict[tuple[str, str], str]:
    return {
        (one["agent_id"], one["date"][:10]): one["pattern"] for one in call("roster", "show", name)["shifts"]
    }


def test_who_is_sick_is_replaced_by_few_and_the_new_roster_passes(call: Call) -> None:
    before = shifts(call, "r")
    sick, day = next(iter(before))
    made = call("roster", "resolve", "r", "--as", "again", "--sick", f"{sick}:{day}", "--max-changes", 2)
    assert made["from"] == "r"
    assert made["note"].startswith("solved again from r")
    assert [one["agent_id"] for one in made["taken_away"]] == [sick]
    assert made["tours_changed"] == len({one["agent_id"] for one in made["changes"]}) <= 2
    after = shifts(call, "again")
    assert (sick, day) not in after
    moved = {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert moved - {sick} == {one["agent_id"] for one in made["changes"]} - {sick}
    assert call("roster", "check", "again")["violations"] == []
    assert shifts(call, "r") == before


def test_locked_days_stay_and_locks_go_on_with_the_new_roster(call: Call) -> None:
    before = shifts(call, "r")
    (who, day), pattern = next(iter(before.items()))
    other = "late" if pattern == "early" else "early"
    said = ("--agent", who, "--day", day, "--by", "Li Wei", "--reason", "promised")
    at = {"early": "08:00", "late": "12:00"}[other]
    kept = call("roster", "lock", "r", *said, "--shift", f"{other}@{at}")
    assert (kept["id"], kept["kind"], kept["by"]) == ("lock-000001", "shift", "Li Wei")
    assert call("roster", "locks", "r")["locks"] == [kept]
    call("roster", "lock", "r", *said, "--off", code=2)
    made = call("roster", "resolve", "r", "--as", "again")
    assert who in {one["agent_id"] for one in made["changes"]}
    assert shifts(call, "again")[who, day] == other
    (copied,) = call("roster", "locks", "again")["locks"]
    assert (copied["agent_id"], copied["pattern"]) == (who, other)
    assert call("roster", "unlock", kept["id"], "--by", "Wang")["withdrawn_by"] == "Wang"
    assert call("roster", "locks", "r")["locks"] == []
    assert len(call("roster", "locks", "r", "--all")["locks"]) == 1


def test_what_has_begun_stays(call: Call) -> None:
    before = shifts(call, "r")
    first = {key: pattern for key, pattern in before.items() if key[1] == str(MONDAY)}
    sick = next(who for who, day in before if day == str(MONDAY + timedelta(1)))
    made = call(
        "roster", "resolve", "r", "--as", "again", "--from", f"{MONDAY}T20:00",
        "--sick", f"{sick}:{MONDAY + timedelta(1)}",
    )  # fmt: skip
    assert {key: p for key, p in shifts(call, "again").items() if key[1] == str(MONDAY)} == first
    assert {one["date"] for one in made["changes"]} <= {str(MONDAY + timedelta(1))}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("resolve", "r", "--as", "r"), "there is a roster 'r' already"),
        (("resolve", "r", "--as", "x", "--sick", "A00"), "names no person or no day"),
        (("resolve", "r", "--as", "x", "--sick", "A00:tomorrow"), "no day and no span"),
        (("resolve", "r", "--as", "x", "--sick", f"Z9:{MONDAY}"), "Z9"),
        (("resolve", "r", "--as", "x", "--from", "soon"), "--from 'soon'"),
        (
            (
                "lock",
                "r",
                "--agent",
                "A00",
                "--day",
                str(MONDAY),
                "--shift",
                "early",
                "--by",
                "a",
                "--reason",
                "b",
            ),
            "day_9h@08:30",
        ),
        (
            ("lock", "r", "--agent", "A00", "--day", "2030-01-01", "--by", "a", "--reason", "b"),
            "none of the 2 days",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(call: Call, arguments: tuple[str, ...], said: str) -> None:
    assert said in call("roster", *arguments, code=2)["error"]["message"]


def test_a_roster_that_takes_the_place_of_another_keeps_its_locks(call: Call) -> None:
    before = shifts(call, "r")
    (who, day), pattern = next(iter(before.items()))
    call("roster", "lock", "r", "--agent", who, "--day", day, "--by", "Li Wei", "--reason", "promised")
    other = min({f"A{n:02d}" for n in range(6)} - {who})
    call("roster", "lock", "r", "--agent", other, "--day", day, "--off", "--by", "Li Wei", "--reason", "ill")
    call("roster", "solve", "--from", MONDAY, "--days", 2, "--name", "r", "--gap", 0.2, "--replace")
    after = shifts(call, "r")
    assert after[who, day] == pattern
    assert (other, day) not in after


def test_a_newer_forecast_of_some_of_the_days_counts_for_these(call: Call, tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "own")
    (old,) = workspace.roster_record("r").forecast_ids
    second = MONDAY + timedelta(1)
    (newer,) = forecast_queues(workspace, first=second, days=1).records
    noon = datetime.combine(second, time(12), ZoneInfo(ZONE))
    more = Override(
        queue="card",
        start=noon,
        end=noon + timedelta(hours=4),
        kind=OverrideKind.SCALE,
        value=1.0,
        by="Li Wei",
        reason="campaign",
    )
    workspace.save_override(more)
    made = call("roster", "resolve", "r", "--as", "again", "--from", f"{second}T12:00", code=3)
    assert made["forecast_ids"] == [old, newer.id]
    assert {one["date"] for one in made["changes"]} <= {str(second)}
    rates = {row["date"][:10]: row["offered"] for row in made["answer_rates"]}
    assert rates[str(second)] > 1.3 * rates[str(MONDAY)]
    assert call("roster", "check", "again", code=3)["violations"] == []
    assert call("roster", "simulate", "again", "--days", 5)["sampled_days"] == 5


def test_a_wish_to_stop_keeps_the_best_roster_found(
    call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = iter([False] * 3)

    @contextmanager
    def patiently(_self: Stopping, _said: object) -> Iterator[Callable[[], bool]]:
        yield lambda: next(asked, True)

    monkeypatch.setattr(Stopping, "patiently", patiently)
    made = call("roster", "resolve", "r", "--as", "again", "--sick", f"A00:{MONDAY}", code=130)
    assert made["status"] == "cancelled"
    assert not capsys.readouterr().out
    workspace = Workspace.open(tmp_path / "own")
    assert "A00" not in {one.agent_id for one in workspace.roster("again").assignments if one.day == MONDAY}
