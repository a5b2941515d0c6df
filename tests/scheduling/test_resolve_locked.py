"""Locks in a roster that is solved from nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.domain import Contract
from data.errors import InputError
from data.locks import Lock, LockKind
from scheduling.rosters.limits import Limits
from scheduling.rosters.solve import solve
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem


def test_a_roster_solved_with_locks_keeps_them_and_reaches_what_it_can() -> None:
    asked = problem(
        agents=people(3),
        patterns=(pattern("early", 480, 240), pattern("late", 720, 240)),
        contracts=(Contract(id="standard", min_rest_h=0),),
        full=1.0,
    )
    off = Lock(agent_id="P0", first=MONDAY, last=MONDAY, kind=LockKind.OFF)
    late = replace(off, agent_id="P1", kind=LockKind.SHIFT, pattern="late", start_min=720)
    found = solve(replace(asked, locks=(off, late)), limits=Limits(time_s=20))
    assert found.value is not None
    assert {one.agent_id: one.pattern for one in found.value.assignments} == {"P1": "late", "P2": "early"}
    assert found.missed == ()


def test_days_held_as_they_stand_need_a_roster_that_stands() -> None:
    held = Lock(agent_id="P0", first=MONDAY, last=MONDAY)
    with pytest.raises(InputError, match="no roster stands"):
        solve(replace(problem(), locks=(held,)))
