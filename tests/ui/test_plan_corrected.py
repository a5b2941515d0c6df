"""Rosters of a workspace, solved and simulated in turns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from data.domain import Status
from data.store import Workspace
from scheduling.rosters.limits import Limits
from tests.ui.small_centre import MONDAY, small_centre
from ui.plan.judging import correction_of, judge_roster
from ui.plan.rosters import solve_roster
from ui.plan.simulation import simulate_roster

QUICK = Limits(time_s=6, gap=0.02)


@pytest.fixture
def centre(tmp_path: Path) -> Workspace:
    """Eight people, and a target that is to be reached on ninety-five days of a hundred."""
    made = small_centre(
        tmp_path,
        queue="card,0.95,day,0.3,08:00,12:00",
        patterns=[("day", "08:00", "08:00", 60, 240)],
        people=8,
        open_h=range(8, 12),
        offered=10.0,
    )
    made.save_queues(
        [replace(queue, target=replace(queue.target, confidence=0.95)) for queue in made.queues()]
    )
    return made


def test_a_confidence_is_kept_and_the_check_judges_by_the_same_correction(centre: Workspace) -> None:
    plain = solve_roster(centre, name="plain", first=MONDAY, days=1, limits=QUICK)
    sure = solve_roster(centre, name="sure", first=MONDAY, days=1, limits=QUICK, correct=3)
    assert plain.rounds == ()
    assert correction_of(centre, "plain").empty
    assert not sure.rounds[0].met
    assert sure.outcome.status is Status.FEASIBLE
    assert sure.judged.evaluation.paid_h > plain.judged.evaluation.paid_h
    assert not correction_of(centre, "sure").empty
    checked = judge_roster(centre, "sure")
    assert checked.passed
    assert checked.evaluation.targets.equals(sure.judged.evaluation.targets)
    chance = simulate_roster(centre, "sure").summary.query("period == 'day'")["p_met"]
    assert chance.item() >= 0.95
