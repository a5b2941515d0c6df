"""A small centre whose people have a meeting and a training: from the files to the roster and what is shown of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.activities import Activity
from data.store import Workspace
from scheduling.rosters.limits import Limits
from tests.ui.small_centre import MONDAY
from tests.ui.test_plan_deferred import centre as centre  # noqa: PLC0414 - a fixture used here too
from ui.cli.roster_activities import activities_document, activities_text, cost_line
from ui.plan.activities import RosterActivities, activities_of
from ui.plan.judging import judge_roster
from ui.plan.rosters import Solved, solve_roster

MEETING = Activity(id="team", kind="meeting", length_min=60, from_min=540, until_min=1020, first=MONDAY)


@pytest.fixture(scope="module")
def solved(centre: Workspace) -> tuple[Workspace, Solved, RosterActivities]:
    centre.save_activities([MEETING])
    found = solve_roster(
        centre, name="with", first=MONDAY, days=2, limits=Limits(time_s=12, gap=0.02), after=()
    )
    return centre, found, activities_of(centre, "with")


def test_a_roster_holds_what_was_imported_and_passes_every_rule(
    solved: tuple[Workspace, Solved, RosterActivities],
) -> None:
    workspace, found, held = solved
    assert found.judged.violations == ()
    assert judge_roster(workspace, "with").violations == ()
    roster = workspace.roster("with")
    placed = {shift.agent_id for shift in roster.assignments if shift.activities}
    assert len(placed) >= 3
    [session] = held.sessions.to_dict("records")
    assert set(session["agent_ids"]) == placed
    everybody = {agent.id for agent in workspace.agents()}
    assert set(held.left_out["agent_id"]) == everybody - placed
    assert held.left_out["reason"].str.len().min() > 5


def test_what_activities_cost_is_told(solved: tuple[Workspace, Solved, RosterActivities]) -> None:
    _, found, held = solved
    assert held.cost["answered"].tolist() == found.judged.evaluation.days["answered"].tolist()
    assert (held.cost["answered_without"] >= held.cost["answered"] - 1e-6).all()
    line = cost_line(held)
    assert "in 1 sessions" in line
    assert "contacts answered on hotline" in line
    assert len(activities_text(held)) >= 2
    document = activities_document(held)
    assert len(document["sessions"]) == 1
    assert len(document["left_out_of_activities"]) == len(held.left_out)


def test_an_activity_that_is_changed_afterwards_is_found_by_the_checker(
    solved: tuple[Workspace, Solved, RosterActivities],
) -> None:
    workspace, *_ = solved
    workspace.save_activities([replace(MEETING, length_min=30)])
    broken = {violation.rule for violation in judge_roster(workspace, "with").violations}
    workspace.save_activities([MEETING])
    assert broken == {"activity length"}


def test_nothing_is_said_where_there_are_no_activities(
    solved: tuple[Workspace, Solved, RosterActivities],
) -> None:
    _, _, held = solved
    none = RosterActivities(held.sessions.iloc[:0], held.left_out.iloc[:0], held.cost.iloc[:0])
    assert activities_text(none) == []
