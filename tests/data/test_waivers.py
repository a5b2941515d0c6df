from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data.domain import Agent, Roster
from data.errors import InputError, UnknownNameError
from data.records import RosterRecord
from data.store import Workspace
from data.waivers import Waiver

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 3)


def waiver(**changes: str) -> Waiver:
    given = {"roster": "week", "agent_id": "A1", "rule": "rest", "by": "Li Wei", "reason": "asked for it"}
    return Waiver(day=DAY, **(given | changes))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "w", clock=lambda: NOW)
    made.save_agents([Agent(id="A1", skills=frozenset({"cards"}))])
    roster = Roster(name="week", first=DAY, days=7, timezone="UTC")
    record = RosterRecord(
        name="week",
        first=DAY,
        days=7,
        timezone="UTC",
        status="optimal",
        objective=0.0,
        bound=0.0,
        gap=0.0,
        runtime_s=0.0,
        seed=0,
        forecast_ids=(),
        data_hash="",
    )
    made.save_roster(roster, record, {})
    return made


def test_a_waiver_is_kept_with_name_reason_and_time_and_can_be_taken_back_once(workspace: Workspace) -> None:
    kept = workspace.save_waiver(waiver())
    assert (kept.id, kept.created_at, kept.by, kept.reason) == (
        "waiver-000001",
        NOW,
        "Li Wei",
        "asked for it",
    )
    gone = workspace.withdraw_waiver(kept.id, by="Wang")
    assert (gone.withdrawn_at, gone.withdrawn_by) == (NOW, "Wang")
    assert workspace.waivers("week") == (gone,)
    assert workspace.waivers("other") == ()
    with pytest.raises(InputError, match="withdrawn by Wang already"):
        workspace.withdraw_waiver(kept.id, by="Wang")
    assert workspace.save_waiver(waiver()).id == "waiver-000002"


@pytest.mark.parametrize("missing", ["by", "reason"])
def test_a_waiver_needs_a_name_and_a_reason(missing: str) -> None:
    with pytest.raises(InputError, match="Say who waives the rule, and why"):
        waiver(**{missing: " "})


@pytest.mark.parametrize("field", ["roster", "agent_id"])
def test_a_waiver_is_for_a_roster_and_a_person_there_are(workspace: Workspace, field: str) -> None:
    with pytest.raises(UnknownNameError, match="nobody"):
        workspace.save_waiver(waiver(**{field: "nobody"}))
    assert workspace.waivers("week") == ()


def test_the_same_is_waived_once(workspace: Workspace) -> None:
    workspace.save_waiver(waiver())
    with pytest.raises(InputError, match="'waiver-000001' waives 'rest' for A1 on 2026-03-03 already"):
        workspace.save_waiver(waiver(by="Wang"))
