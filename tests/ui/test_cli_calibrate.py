"""peakshift import presence and calibrate, from calls simulated one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.corrections import Decision, Verdict
from data.domain import Queue
from data.store import Workspace
from scheduling.calibration_days import DAYS
from tests.oracles.staffed_days import PATIENCE_S, staffed_days
from ui.cli import main
from ui.plan.calibration import pooled_patience, reconciliation

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    return staffed_days(per_h=60, agents=5.5, availability=np.full(48, 0.8), days=42, seed=4)


@pytest.fixture
def workspace(tmp_path: Path, frames: tuple[pd.DataFrame, pd.DataFrame]) -> Workspace:
    made = Workspace.create(tmp_path / "w")
    made.save_queues([Queue(id="q", patience_s=PATIENCE_S), Queue(id="other")])
    made.append_history(frames[0], source="s", digest="s")
    return made


@pytest.fixture
def ask(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*arguments: object, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        found = main(["--workspace", str(workspace.path), "--json", *map(str, arguments)])
        printed = capsys.readouterr()
        assert found == code, printed.err
        return json.loads(printed.out)  # type: ignore[no-any-return] - what was printed

    return run


def give_presence(ask: Ask, folder: Path, presence: pd.DataFrame) -> dict[str, Any]:
    buffer = StringIO()
    presence.assign(start=presence["start"].dt.strftime("%Y-%m-%dT%H:%MZ")).to_csv(buffer, index=False)
    (folder / "presence.csv").write_text(buffer.getvalue())
    return ask("import", "presence", folder / "presence.csv")


def test_a_calibration_is_shown_first_and_planned_with_once_it_is_applied(
    ask: Ask, workspace: Workspace, tmp_path: Path, frames: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    taken = give_presence(ask, tmp_path, frames[1])
    assert (taken["good"], taken["bad"], taken["version"]) == (len(frames[1]), [], 1)
    shown = ask("calibrate", "--hold-out-days", 14)
    assert shown["applied"] is False
    (made,) = shown["calibrations"]
    assert made["supported"] is True
    assert made["queues"] == ["q"]
    assert made["factor"] == pytest.approx(0.8, abs=0.04)
    assert (made["first"], made["last"]) == ("2026-01-05", "2026-02-15")
    assert {"days", "mae", "bias", "correlation", "mae_without", "bias_without"} <= set(made["error"])
    assert made["error"]["days"] == 28
    assert made["error"]["mae"] < made["error"]["mae_without"]
    assert any("patience of 150 s is not measured" in warning for warning in made["warnings"])
    assert set(made["days"][0]) == {*DAYS, "held_out"}
    assert workspace.queue("q").availability == ()
    assert ask("calibrate", "--apply", "--queue", "q")["applied"] is True
    held = workspace.queue("q").availability
    assert all(part.factor == pytest.approx(0.8, abs=0.06) for part in held)
    assert workspace.queue("other").availability == ()
    listed = ask("calibrate", "--list")["calibrations"]
    assert [each["applied_at"] is not None for each in listed] == [False, True]
    assert ask("calibrate", "--list", "--queue", "other")["calibrations"] == []


def test_what_history_does_not_support_is_not_applied(
    ask: Ask, workspace: Workspace, tmp_path: Path, frames: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    give_presence(ask, tmp_path, frames[1])
    error = ask("calibrate", "--apply", "--to", "2026-01-09", code=2)["error"]
    assert "queue 'q': history supports no availability: only 5 days" in error["message"]
    assert workspace.queue("q").availability == ()
    assert workspace.calibrations() == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing is known of agents present. Import presence"),
        (("--queue", "nowhere"), "unknown queue 'nowhere'"),
        (("--hold-out-days", "0"), "--hold-out-days"),
    ],
)
def test_what_cannot_be_calibrated_is_told(ask: Ask, arguments: tuple[str, ...], message: str) -> None:
    assert message in ask("calibrate", *arguments, code=2)["error"]["message"]


def test_days_and_queues_without_agents_present_are_told(
    ask: Ask, tmp_path: Path, frames: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    give_presence(ask, tmp_path, frames[1])
    for arguments, message in (
        (("--queue", "other"), "queue 'other': nothing is known of its agents present"),
        (("--from", "2027-01-01"), "queue 'q': it has no history on these days"),
        (("--from", "2026-01-09", "--to", "2026-01-08"), "comes before the first"),
    ):
        assert message in ask("calibrate", *arguments, code=2)["error"]["message"]


def test_a_queue_counted_with_other_queues_by_mistake_is_calibrated_once_it_is_imported_right(
    ask: Ask, tmp_path: Path, frames: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    give_presence(ask, tmp_path, frames[1].assign(queues="other;q"))
    give_presence(ask, tmp_path, frames[1])
    (made,) = ask("calibrate")["calibrations"]
    assert made["queues"] == ["q"]


def test_days_that_know_one_set_of_agents_are_calibrated_though_others_know_another(
    ask: Ask, tmp_path: Path, frames: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    start = frames[1]["start"]
    later = start >= start.iloc[0] + pd.Timedelta(days=28)
    give_presence(ask, tmp_path, frames[1].assign(queues=np.where(later, "other;q", "q")))
    assert "counted with" in ask("calibrate", code=2)["error"]["message"]
    (made,) = ask("calibrate", "--to", "2026-01-25")["calibrations"]
    assert made["queues"] == ["q"]


def test_days_are_reconciled_for_a_screen_without_keeping_anything(
    workspace: Workspace, frames: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    workspace.append_presence(frames[1], source="s", digest="s", at=datetime(2026, 3, 1, tzinfo=UTC))
    days = reconciliation(workspace, first=pd.Timestamp("2026-01-12").date())
    assert list(days.columns) == ["queues", *DAYS, "held_out"]
    assert len(days) == 35
    assert (days["predicted"] < days["without"]).all()
    assert workspace.calibrations() == ()


def test_spans_that_planners_dropped_are_not_learnt_from(
    workspace: Workspace, frames: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    workspace.append_presence(frames[1], source="s", digest="s")
    span = (datetime(2026, 1, 12, tzinfo=UTC), datetime(2026, 1, 19, tzinfo=UTC))
    for verdict, days in ((Verdict.DROP, 35), (Verdict.KEEP, 42)):
        workspace.save_decision(
            Decision(queue="q", start=span[0], end=span[1], verdict=verdict, name="Li Wei", reason="move")
        )
        assert len(reconciliation(workspace)) == days


def test_patience_is_measured_over_all_queues_or_else_as_they_have_it(
    frames: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    history, _ = frames
    waits = history.assign(wait_s=history["abandoned"] * 120.0)
    own, other = Queue(id="q", patience_s=60), Queue(id="other", patience_s=240)
    assert pooled_patience([own, other], waits) == (pytest.approx(120.0), True)
    assert pooled_patience([own, other], history) == (pytest.approx(60.0), False)
