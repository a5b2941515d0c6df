"""docs/walkthrough.md runs as it is written, on the real data it is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tools.console_blocks import BLOCK, CHECKOUT, Ran, commands_of, run, stage

SHARED = CHECKOUT.parent / "shared"
DATA = SHARED / "data" / "anonymous_bank_1999"
DOCUMENT = (CHECKOUT / "docs" / "walkthrough.md").read_text(encoding="utf-8")
COMMANDS = [command for block in BLOCK.findall(DOCUMENT) for command in commands_of(block)]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not DATA.is_dir():
        pytest.skip("Anonymous Bank data not found, skipped")
    return stage(tmp_path_factory.mktemp("walk"), SHARED)


@pytest.fixture(scope="module")
def walked(checkout: Path) -> dict[str, Ran]:
    return {command: run(command, checkout) for command in COMMANDS}


def json_of(checkout: Path, command: str) -> dict[str, object]:
    ran = run(f"{command} --json 2>/dev/null", checkout)
    document: dict[str, object] = json.loads(ran.printed)
    return document


@pytest.mark.timeout(600)
def test_every_command_of_the_walkthrough_succeeds(walked: dict[str, Ran]) -> None:
    assert {command: ran.printed for command, ran in walked.items() if ran.code != 0} == {}


def test_the_raw_export_has_no_bad_row_and_every_call_is_accounted_for(
    walked: dict[str, Ran], checkout: Path
) -> None:
    assert walked
    imported = next(command for command in COMMANDS if "import calls" in command)
    document = json_of(checkout, imported)
    left_out: dict[str, int] = document["left_out"]  # type: ignore[assignment]
    assert document["rows"] == 252_290
    assert document["bad"] == []
    assert document["good"] + sum(left_out.values()) == 252_290  # type: ignore[operator]
    assert document["intervals"]["added"] == 0  # type: ignore[index]  # it was imported before: nothing changes


def test_the_forecast_beats_seasonal_naive_on_the_real_bank(walked: dict[str, Ran], checkout: Path) -> None:
    assert walked
    document = json_of(checkout, "peakshift backtest --queue PS --origins 8")
    scores = {row["method"]: row["wape"] for row in document["scores"]}  # type: ignore[attr-defined]
    assert min(scores, key=lambda method: scores[method]) != "seasonal_naive"
    assert min(scores.values()) < 0.9 * scores["seasonal_naive"]


def test_the_roster_of_twenty_passes_the_checker_and_reaches_every_day(
    walked: dict[str, Ran], checkout: Path
) -> None:
    assert walked
    checked = json_of(checkout, "peakshift roster check july")
    assert checked["passed"] is True
    shown = json_of(checkout, "peakshift roster show july")
    assert {shift["agent_id"] for shift in shown["shifts"]} <= {f"A{i:02d}" for i in range(1, 21)}  # type: ignore[attr-defined]
    rates = [day["answer_rate"] for day in shown["answer_rates"]]  # type: ignore[attr-defined]
    assert min(rates) >= 0.95 - 1e-6


def test_the_exports_are_there(walked: dict[str, Ran], checkout: Path) -> None:
    assert walked
    assert (checkout / "july.xlsx").stat().st_size > 5_000
    assert (checkout / "july-calendars.zip").stat().st_size > 1_000
