from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data.domain import Agent, Roster
from data.errors import InputError, UnknownNameError
from data.locks import Lock, LockKind
from data.records import RosterRecord
from data.store import Workspace

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 3)


def lock(first: int = 0, last: int | None = None, **changes: object) -> Lock:
    """A lock of A1, its days counted from the roster's first."""
    days = {"first": DAY + timedelta(first), "last": DAY + timedelta(first if last is None else last)}
    given = {"roster": "week", "agent_id": "A1", "by": "Li Wei", "reason": "promised", **days}
    return Lock(**(given | changes))  # type: ignore[arg-type] # a test's shorthand


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "w", clock=lambda: NOW)
    made.save_agents([Agent(id=name, skills=frozenset({"cards"})) for name in ("A1", "A2")])
    record = RosterRecord(name="week", first=DAY, days=7, timezone="UTC", status="optimal")
    made.save_roster(Roster(name="week", first=DAY, days=7, timezone="UTC"), record, {})
    return made


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"kind": LockKind.OFF},
        {"kind": LockKind.SHIFT, "pattern": "day_9h", "start_min": 510},
    ],
)
def test_a_lock_is_kept_with_name_reason_and_time_and_can_be_taken_back_once(
    workspace: Workspace, wanted: dict[str, object]
) -> None:
    kept = workspace.save_lock(lock(1, 2, **wanted))
    assert (kept.id, kept.created_at, kept.by, kept.reason) == ("lock-000001", NOW, "Li Wei", "promised")
    assert workspace.locks("week") == (kept,)
    gone = workspace.withdraw_lock(kept.id, by="Wang")
    assert (gone.withdrawn_at, gone.withdrawn_by) == (NOW, "Wang")
    assert workspace.locks("week") == (gone,)
    assert workspace.locks("other") == ()
    with pytest.raises(InputError, match="withdrawn by Wang already"):
        workspace.withdraw_lock(kept.id, by="Wang")
    assert workspace.save_lock(lock(1, 2, **wanted)).id == "lock-000002"


@pytest.mark.parametrize("missing", ["by", "reason"])
def test_a_lock_needs_a_name_and_a_reason(workspace: Workspace, missing: str) -> None:
    with pytest.raises(InputError, match="Say who locks, and why"):
        workspace.save_lock(lock(**{missing: " "}))


@pytest.mark.parametrize("field", ["roster", "agent_id"])
def test_a_lock_is_for_a_roster_and_a_person_there_are(workspace: Workspace, field: str) -> None:
    with pytest.raises(UnknownNameError, match="nobody"):
        workspace.save_lock(lock(**{field: "nobody"}))
    assert workspace.locks("week") == ()


def test_a_lock_holds_days_of_its_roster_only(workspace: Workspace) -> None:
    assert workspace.save_lock(lock(6)).last == DAY + timedelta(6)
    for first, last in ((-1, 0), (5, 7)):
        with pytest.raises(InputError, match="none of the 7 days of roster 'week'"):
            workspace.save_lock(lock(first, last))


def test_a_day_of_a_person_is_locked_once(workspace: Workspace) -> None:
    workspace.save_lock(lock(1, 3, kind=LockKind.OFF))
    for first, last in ((3, 4), (0, 1), (2, 2)):
        with pytest.raises(InputError, match=r"there is a lock already: A1 on .*, off \(lock-000001\)"):
            workspace.save_lock(lock(first, last))
    assert workspace.save_lock(lock(4, 5)).id == "lock-000002"
    assert workspace.save_lock(lock(1, 3, agent_id="A2")).id == "lock-000003"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"last": -1}, "Swap the days"),
        ({"kind": LockKind.SHIFT, "pattern": "day"}, "Give both or neither"),
        ({"kind": LockKind.OFF, "start_min": 480}, "Give both or neither"),
        ({"kind": LockKind.SHIFT, "pattern": "day", "start_min": 1440}, "between 00:00 and 23:59"),
    ],
)
def test_a_lock_that_makes_no_sense_is_refused(wanted: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        lock(**wanted)  # type: ignore[arg-type] # a test's shorthand
