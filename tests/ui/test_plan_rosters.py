from __future__ import annotations

from dataclasses import replace as swap
from datetime import timedelta
from pathlib import Path

import pytest

from data.domain import ShiftPattern, Status
from data.errors import CancelledError, NoRosterError
from data.store import Workspace
from scheduling.rosters.limits import Limits
from tests.ui.small_centre import MONDAY, small_centre
from ui.plan.failures import named
from ui.plan.roster_demand import roster_step_min
from ui.plan.rosters import Solved, solve_roster


@pytest.mark.parametrize(
    ("pattern", "step_min"),
    [
        (("day", "08:00", "10:00", 60, 480), 60),
        (("day", "08:00", "10:00", 30, 480), 30),
        (("day", "08:30", "08:30", 60, 480), 30),
        (("day", "08:00", "08:00", 45, 480), 60),
        (("day", "08:00", "08:00", 60, 465), 15),
        (("day", "08:00", "08:20", 10, 480), 15),
    ],
    ids=["hours", "half-hour steps", "half past", "one start", "odd length", "finer than a quarter"],
)
def test_no_shift_begins_or_ends_within_a_slot(
    tmp_path: Path, pattern: tuple[object, ...], step_min: int
) -> None:
    centre = small_centre(
        tmp_path, queue="card,0.9,day,0.5,08:00,16:00", patterns=[pattern], people=1, open_h=range(8, 16)
    )
    assert roster_step_min(centre, centre.queues()) == step_min


def test_patterns_nobody_may_work_do_not_make_slots_shorter(tmp_path: Path) -> None:
    centre = small_centre(
        tmp_path,
        queue="card,0.9,day,0.5,08:00,16:00",
        patterns=[("day", "08:00", "10:00", 60, 480)],
        people=1,
        open_h=range(8, 16),
    )
    centre.save_patterns([ShiftPattern(id="odd", start_step_min=15)])
    assert roster_step_min(centre, centre.queues()) == 60


def test_a_failure_names_its_queue_once() -> None:
    failures = {"card": "queue 'card': there is no history.", "vip": "the disk is full."}
    assert named(failures) == ["queue 'card': there is no history.", "queue 'vip': the disk is full."]


@pytest.fixture
def out_of_reach(tmp_path: Path) -> Workspace:
    return small_centre(
        tmp_path,
        queue="card,0.99,day,0.1,08:00,16:00",
        patterns=[("day", "08:00", "08:00", 60, 480)],
        people=1,
        open_h=range(8, 16),
        offered=9.0,
    )


def solved(centre: Workspace, *, replace: bool = False, allow: bool = False, time_s: float = 1e-6) -> Solved:
    """A roster of a week; there is no time for anything but a draft."""
    limits = Limits(time_s=time_s, allow_shortfall=allow)
    return solve_roster(centre, name="r", first=MONDAY, days=7, limits=limits, replace=replace)


def test_a_roster_that_misses_is_kept_where_it_replaces_none(out_of_reach: Workspace) -> None:
    found = solved(out_of_reach)
    assert found.outcome.status is Status.NO_SOLUTION
    assert found.outcome.missed
    assert out_of_reach.roster_record("r").status == Status.NO_SOLUTION.value


def test_somebody_off_on_every_day_is_named_and_stops_nobody(tmp_path: Path) -> None:
    centre = small_centre(
        tmp_path,
        queue="card,0.9,day,0.5,08:00,16:00",
        patterns=[("day", "08:00", "08:00", 60, 480)],
        people=2,
        open_h=range(8, 16),
    )
    first, second = centre.agents()
    off = frozenset(MONDAY + timedelta(day) for day in range(7))
    centre.save_agents([first, swap(second, name="Li Na", time_off=off)])
    found = solved(centre)
    assert found.away == ("Li Na",)
    assert found.outcome.value is not None
    assert {shift.agent_id for shift in found.outcome.value.assignments} == {first.id}
    assert found.why is None


def test_a_roster_that_misses_replaces_another_only_where_a_shortfall_may_be_kept(
    out_of_reach: Workspace,
) -> None:
    first = solved(out_of_reach).record
    with pytest.raises(NoRosterError, match=r"'r' stays as it was: .+ misses targets\. queue 'card', 2026"):
        solved(out_of_reach, replace=True)
    assert out_of_reach.roster_record("r") == first
    assert solved(out_of_reach, replace=True, allow=True).record != first


def test_a_roster_that_misses_and_was_stopped_replaces_none(out_of_reach: Workspace) -> None:
    first, phases = solved(out_of_reach).record, set[str]()
    watched = {
        "progress": lambda step: phases.add(step.phase),
        "stop": lambda: "relaxation" in phases,  # the draft is there by then
    }
    with pytest.raises(CancelledError, match="'r' stays as it was"):
        solve_roster(out_of_reach, name="r", first=MONDAY, days=7, replace=True, **watched)
    assert out_of_reach.roster_record("r") == first
