from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.domain import Queue
from data.errors import InputError, UnknownNameError
from data.overrides import Override, OverrideKind
from data.store import Workspace

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
START = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def override(**changes: object) -> Override:
    given: dict[str, object] = {
        "queue": "cards",
        "start": START,
        "end": START + timedelta(hours=2),
        "kind": OverrideKind.SCALE,
        "value": 0.1,
        "by": "Li Wei",
        "reason": "mailing to all holders",
    }
    return Override(**(given | changes))  # type: ignore[arg-type] - each test breaks one of them


def opened(tmp_path: Path) -> tuple[Workspace, Clock]:
    clock = Clock()
    workspace = Workspace.create(tmp_path / "w", clock=clock)
    workspace.save_queues([Queue(id="cards"), Queue(id="funds")])
    return workspace, clock


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": START.replace(tzinfo=None)}, "no time zone"),
        ({"end": START}, "not after its start"),
        ({"by": " "}, "a name and a reason"),
        ({"reason": ""}, "a name and a reason"),
        ({"value": float("nan")}, "not a number"),
        ({"value": -1.01}, "cannot be"),
        ({"value": 100.1}, "cannot be"),
        ({"kind": OverrideKind.SET, "value": -0.1}, "Give 0 or more"),
        ({"kind": OverrideKind.ADD, "value": -1.1e7}, "at most"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        override(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"value": -1.0},
        {"value": 100.0},
        {"kind": OverrideKind.SET, "value": 0.0},
        {"kind": OverrideKind.ADD, "value": -1e7},
        {"end": START + timedelta(microseconds=1)},
    ],
)
def test_an_override_just_within_its_bounds_is_taken(changes: dict[str, object]) -> None:
    assert override(**changes).queue == "cards"


def test_an_override_is_numbered_dated_and_read_back(tmp_path: Path) -> None:
    workspace, _ = opened(tmp_path)
    kept = workspace.save_override(override())
    assert (kept.id, kept.created_at) == ("override-000001", NOW)
    assert Workspace.open(workspace.path).overrides() == (kept,)
    assert workspace.overrides(["funds"]) == ()


def test_an_unknown_queue_and_a_past_expiry_are_refused(tmp_path: Path) -> None:
    workspace, _ = opened(tmp_path)
    with pytest.raises(UnknownNameError, match="loans"):
        workspace.save_override(override(queue="loans"))
    with pytest.raises(InputError, match="has passed"):
        workspace.save_override(override(expires_at=NOW))
    assert workspace.save_override(override(expires_at=NOW + timedelta(seconds=1))).expires_at is not None
    assert len(workspace.overrides()) == 1


def test_a_withdrawn_override_stays_on_record_and_held_until_then(tmp_path: Path) -> None:
    workspace, clock = opened(tmp_path)
    kept = workspace.save_override(override())
    clock.now = NOW + timedelta(days=1)
    gone = workspace.withdraw_override(kept.id, by="Zhao Min")
    assert (gone.withdrawn_at, gone.withdrawn_by) == (clock.now, "Zhao Min")
    assert workspace.overrides() == (gone,)
    assert gone.holds_at(NOW)
    assert not gone.holds_at(NOW - timedelta(microseconds=1))
    assert gone.holds_at(clock.now - timedelta(microseconds=1))
    assert not gone.holds_at(clock.now)
    with pytest.raises(InputError, match="withdrawn by Zhao Min already"):
        workspace.withdraw_override(kept.id, by="Li Wei")
    with pytest.raises(UnknownNameError, match="override-7"):
        workspace.withdraw_override("override-7", by="Li Wei")


def test_an_override_expires(tmp_path: Path) -> None:
    workspace, _ = opened(tmp_path)
    expiry = NOW + timedelta(days=2)
    kept = workspace.save_override(override(expires_at=expiry))
    assert kept.holds_at(expiry - timedelta(microseconds=1))
    assert not kept.holds_at(expiry)
