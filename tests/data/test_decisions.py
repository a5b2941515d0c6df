from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.corrections import Decision, Verdict
from data.domain import Queue
from data.errors import InputError, UnknownNameError
from data.store import Workspace

START = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def decision(queue: str = "cards", verdict: Verdict = Verdict.DROP) -> Decision:
    return Decision(
        queue=queue,
        start=START,
        end=START + timedelta(days=1),
        verdict=verdict,
        name="Li Wei",
        reason="the line was cut",
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "w", clock=lambda: START)
    made.save_queues([Queue(id="cards"), Queue(id="funds")])
    return made


def test_decisions_are_read_back_in_the_order_they_were_made(workspace: Workspace) -> None:
    first = workspace.save_decision(decision())
    second = workspace.save_decision(decision(verdict=Verdict.KEEP))
    workspace.save_decision(decision("funds"))
    assert (first.id, first.created_at) == ("decision-000001", START)
    assert workspace.decisions(["cards"]) == (first.decision, second.decision)
    assert len(Workspace.open(workspace.path).decisions()) == 3


def test_a_withdrawn_decision_holds_no_more_and_stays_on_record(workspace: Workspace) -> None:
    kept = workspace.save_decision(decision())
    gone = workspace.withdraw_decision(kept.id, by="Zhao Min")
    assert workspace.decisions() == ()
    assert workspace.decision_records() == (gone,)
    assert (gone.withdrawn_at, gone.withdrawn_by) == (START, "Zhao Min")
    with pytest.raises(InputError, match="withdrawn by Zhao Min already"):
        workspace.withdraw_decision(kept.id, by="Zhao Min")


def test_unknown_names_and_nameless_withdrawals_are_refused(workspace: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="loans"):
        workspace.save_decision(decision("loans"))
    with pytest.raises(UnknownNameError, match="decision-9"):
        workspace.withdraw_decision("decision-9", by="Zhao Min")
    kept = workspace.save_decision(decision())
    with pytest.raises(InputError, match="say who"):
        workspace.withdraw_decision(kept.id, by=" ")
    assert workspace.decisions() == (kept.decision,)
