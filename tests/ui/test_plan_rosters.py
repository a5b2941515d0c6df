from __future__ import annotations

from pathlib import Path

import pytest

from data.domain import ShiftPattern
from tests.ui.small_centre import small_centre
from ui.plan.failures import named
from ui.plan.roster_demand import roster_step_min


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
