"""What if and the price of a point on the command line, and its documents as docs/formats.md describes them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.domain import Queue
from data.store import Workspace
from tests.tools.console_blocks import CHECKOUT
from tests.ui.conftest import MONDAY, ZONE
from ui.cli import main
from ui.plan.scenario_files import CHANGES

WEEK = ("--from", str(MONDAY), "--days", "7")
FORMATS = (CHECKOUT / "docs" / "formats.md").read_text(encoding="utf-8")
Run = Callable[..., tuple[int, dict[str, Any], str]]


def section(name: str) -> str:
    found = re.search(rf"^### `peakshift {name}`\n(.*?)^### ", FORMATS, flags=re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def run(filled: Workspace, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str | Path) -> tuple[int, dict[str, Any], str]:
        code = main(["--workspace", str(filled.path), "--json", *map(str, arguments)])
        printed = capsys.readouterr()
        return code, json.loads(printed.out), printed.err

    return call


def write(folder: Path, text: str, name: str = "chatbot.json") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_options_and_files_are_scenarios_beside_the_plan(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path, '{"every": {"aht_factor": 1.1}, "queues": {"vip": {"containment": 0.5}}}')
    out = tmp_path / "what_if.parquet"
    options = ("--volume", "-10%", "--volume", "vip=+20%", "--shrinkage", "0.25", "--scenario", file)
    code, document, _ = run("whatif", *WEEK, *options, "--cost-per-h", "vip=40", "--out", out)
    assert code == 0
    assert set(document) <= set(re.findall(r"`([a-z_]+)`", section("whatif") + "`forecasts`"))
    assert [each["name"] for each in document["scenarios"]] == ["options", "chatbot"]
    assert document["scenarios"][0] == {
        "name": "options",
        "every": {"volume_factor": 0.9, "shrinkage": 0.25},
        "queues": {"vip": {"volume_factor": 1.2}},
    }
    assert document["cost_per_h"] == {"card": 1.0, "vip": 40.0}
    rows = {(row["scenario"], row["queue"]): row for row in document["queues"]}
    assert rows["options", "card"]["offered_after"] == pytest.approx(
        0.9 * rows["options", "card"]["offered_before"]
    )
    vip = rows["options", "vip"]
    assert vip["offered_after"] == pytest.approx(1.2 * vip["offered_before"])
    assert vip["staff_h_after"] == pytest.approx(vip["agent_h_after"] / 0.75)
    assert vip["cost_after"] == pytest.approx(40 * vip["staff_h_after"])
    bot = rows["chatbot", "vip"]
    assert bot["offered_after"] == pytest.approx(0.5 * bot["offered_before"])
    assert bot["aht_s_after"] == pytest.approx(1.1 * bot["aht_s_before"])
    total = document["totals"][1]
    assert total["staff_h_difference"] == pytest.approx(
        rows["chatbot", "card"]["staff_h_difference"] + bot["staff_h_difference"]
    )
    written = pd.read_parquet(out)
    assert written["staff_after"].sum() / 2 == pytest.approx(
        sum(row["staff_h_after"] for row in document["queues"])
    )


def test_the_plan_is_what_staff_says(run: Run) -> None:
    days: dict[str, float] = {}
    for row in run("staff", *WEEK)[1]["days"]:
        days[row["queue"]] = days.get(row["queue"], 0.0) + row["staff_h"]
    document = run("whatif", *WEEK, "--answer-rate", "95%")[1]
    assert {row["queue"]: row["staff_h_before"] for row in document["queues"]} == pytest.approx(days)
    points = [row for row in run("price", *WEEK)[1]["points"] if row["answer_rate"] == 0.9]
    assert {row["queue"]: row["whole_staff_h"] for row in points} == pytest.approx(days)


def test_each_point_is_priced_by_queue_and_in_total(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "price.parquet"
    code, document, _ = run("price", *WEEK, "--out", out)
    assert code == 0
    assert set(document) <= set(re.findall(r"`([a-z_]+)`", section("price")))
    assert [row["answer_rate"] for row in document["totals"]] == [point / 100 for point in range(85, 100)]
    extra = [row["extra_cost"] for row in document["totals"]]
    assert extra[0] is None
    assert extra[1:] == sorted(extra[1:])
    assert len(pd.read_parquet(out)) == len(document["points"]) == 30


def test_the_text_shows_both_sides(filled: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--workspace", str(filled.path), "whatif", *WEEK, "--queue", "vip", "--aht", "+25%"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"answer_rate +[\d.]+% +[\d.]+% +[+-]?[\d.]+ points", shown)
    assert re.search(r"aht_s +180 +225 +\+45", shown)
    assert re.search(r"offered +(\d+) +\1 +0", shown)
    assert main(["--workspace", str(filled.path), "price", *WEEK]) == 0
    assert re.search(r"^ +99%", capsys.readouterr().out, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "nothing is other than planned"),
        (("--volume", "10"), "--volume '10' is no value. Give per cent, such as +10%"),
        (("--volume", "vip="), "--volume 'vip=' is no value"),
        (("--volume", "=+10%"), "names no queue"),
        (("--volume", "-100%"), "--volume '-100%' leaves nothing. Give more than -100%"),
        (("--aht", "+5%", "--aht", "+6%"), "--aht is given twice for every queue"),
        (("--containment", "vip=1.5"), "queue 'vip': containment is a share from 0 to 1, not 1.5"),
        (("--shrinkage", "vip=nan"), "queue 'vip': shrinkage is a share from 0 to below 1, not nan"),
        (("--answer-rate", "100%"), "every queue: answer_rate is a share from 0 to below 1, not 1"),
        (("--remainder-aht", "card=1.2"), "queue 'card': remainder_aht_factor 1.2 is of contacts a chatbot"),
        (("--patience", "card=0"), "queue 'card': patience_s must be finite and above 0, not 0"),
        (("--volume", "cart=+5%"), "unknown queue 'cart'"),
        (
            ("--queue", "card", "--volume", "vip=+5%"),
            "unknown queue 'vip'. Known: card. Correct the name, or plan",
        ),
        (("--volume", "+5%", "--cost-per-h", "vip=-1"), "queue 'vip': --cost-per-h must not be negative"),
        (("--volume", "+5%", "--cost-per-h", "cart=1"), "unknown queue 'cart'"),
    ],
)
def test_a_wrong_option_is_one_message_that_names_it(run: Run, options: tuple[str, ...], words: str) -> None:
    code, document, said = run("whatif", *WEEK, *options)
    assert code == 2
    assert words in document["error"]["message"]
    assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no JSON"),
        ("[]", "a scenario is an object"),
        ('{"volume": 2}', "'volume' is no part of a scenario"),
        ('{"name": 3}', "name is no text: 3"),
        ('{"queues": []}', "queues is no object of changes by queue"),
        ('{"queues": {"vip": 1}}', "queues: vip is no object of changes"),
        ('{"every": {"aht": 1.1}}', "'aht' is no part of a change (every)"),
        ('{"every": {"aht_factor": "more"}}', "every: aht_factor is no number: 'more'"),
        ('{"queues": {"vip": {"aht_factor": true}}}', "queues: vip: aht_factor is no number: True"),
        ('{"queues": {"vip": {"aht_factor": -1}}}', "queue 'vip': aht_factor is above 0"),
        ("{}", "it says nothing that is other than planned"),
        (
            '{"every": {"aht_factor": null}, "queues": {"vip": {}}}',
            "it says nothing that is other than planned",
        ),
        ('{"queues": {"vip": {"service_level": 0.8}}}', "queue 'vip': service_level 0.8 needs a threshold"),
    ],
)
def test_a_wrong_scenario_file_is_named_with_what_is_wrong(
    run: Run, tmp_path: Path, text: str, words: str
) -> None:
    code, document, _ = run("whatif", *WEEK, "--scenario", write(tmp_path, text))
    assert code == 2
    assert words in document["error"]["message"]


def test_a_file_that_is_not_there_and_two_of_one_name_are_refused(run: Run, tmp_path: Path) -> None:
    code, document, _ = run("whatif", *WEEK, "--scenario", tmp_path / "none.json")
    assert (code, document["error"]["faults"][0]["source"]) == (2, "none.json")
    twice = [
        write(tmp_path, '{"name": "a", "every": {"aht_factor": 2}}', name)
        for name in ("one.json", "two.json")
    ]
    code, document, _ = run("whatif", *WEEK, "--scenario", twice[0], "--scenario", twice[1])
    assert code == 2
    assert "two scenarios are called 'a'" in document["error"]["message"]


def test_a_queue_without_a_forecast_is_told_and_the_others_are_done(
    own: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    own.save_queues([Queue(id="new", timezone=ZONE)])
    for command in (("whatif", *WEEK, "--volume", "+5%"), ("price", *WEEK)):
        assert main(["--workspace", str(own.path), "--json", *command]) == 4
        document = json.loads(capsys.readouterr().out)
        assert set(document["failures"]) == {"new"}
        assert set(document["cost_per_h"]) == {"card", "vip"}
        assert main(["--workspace", str(own.path), "--json", *command, "--queue", "new"]) == 2
        printed = capsys.readouterr()
        assert json.loads(printed.out)["error"]["exit_code"] == 2
        assert printed.err.count("'new'") == 1


def test_a_place_no_frame_can_go_to_is_told_before_the_work(run: Run, tmp_path: Path) -> None:
    for command in (("whatif", *WEEK, "--volume", "+5%"), ("price", *WEEK)):
        code, document, _ = run(*command, "--out", tmp_path / "frame.csv")
        assert code == 2
        assert "Parquet" in document["error"]["message"]


def test_every_change_is_documented_and_the_example_is_sound(run: Run, tmp_path: Path) -> None:
    text = section("whatif")
    lines = "".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    assert re.findall(r"`([a-z_]+)`", lines) == list(CHANGES)
    [example] = re.findall(r"```json\n(.*)\n```", text)
    scenario = write(tmp_path, example.replace("cards", "card"))
    assert run("whatif", *WEEK, "--scenario", scenario)[1]["scenarios"][0]["name"] == "chatbot"
