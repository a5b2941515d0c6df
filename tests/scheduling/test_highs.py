"""Processes with HiGHS: they end when they are to, and are started as seldom as can be."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scheduling.highs import Highs, end_processes, highs
from scheduling.highs_messages import Better, Ended, Task

ROOT = Path(__file__).parents[2]
SILENT = """
import pickle, sys, time
import numpy as np
from scheduling.highs_messages import Better, Bound
pickle.load(sys.stdin.buffer)
pickle.dump(Better(7.0, 1.0, np.ones(2)), sys.stdout.buffer)
pickle.dump(Bound(3.0), sys.stdout.buffer)
sys.stdout.flush()
time.sleep(600)
"""
"""Takes a task, tells of a solution and is never heard of again."""
STARTS_ONE_AND_GOES = """
import os
from scheduling.highs import Highs
print(Highs().pid, flush=True)
os._exit(0)
"""


def task(cost: tuple[float, ...] = (1.0, 2.0), **options: object) -> Task:
    """Two columns of at most 3 whose sum is at least 4."""
    return Task(
        cost=np.array(cost),
        lower=np.zeros(2),
        upper=np.full(2, 3.0),
        integer=np.ones(2, dtype=bool),
        starts=np.array([0, 2]),
        entries=np.array([0, 1]),
        factors=np.ones(2),
        row_lower=np.array([4.0]),
        row_upper=np.array([np.inf]),
        offset=0.0,
        options=dict(options),
    )


@pytest.mark.parametrize("stops", [False, True])
def test_a_process_that_does_not_end_is_killed_and_what_it_told_is_kept(stops: bool) -> None:  # noqa: FBT001 - a parameter
    silent = Highs([sys.executable, "-c", SILENT], grace_s=1.0)
    told: list[float] = []

    def hear(better: Better) -> bool:
        told.append(better.objective)
        return False

    time_s = 600.0 if stops else 1.0
    found, stopped = silent.solve(task(), time_s=time_s, stop=lambda: stops and bool(told), heard=hear)
    assert not silent.alive
    assert stopped is stops
    assert (found.ended, found.objective, found.bound) == (Ended.EARLY, 7.0, 3.0)
    assert found.values is not None
    assert found.values.tolist() == [1.0, 1.0]


def test_a_process_that_ends_by_itself_is_an_error() -> None:
    gone = Highs([sys.executable, "-c", "raise SystemExit(9)"])
    with pytest.raises(RuntimeError, match="ended by itself"):
        gone.solve(task(), time_s=60.0)


def test_one_process_takes_task_after_task() -> None:
    with highs() as first:
        one, _ = first.solve(task(), time_s=60.0)
    with highs() as second, highs() as beside:
        two, _ = second.solve(task((5.0, 1.0)), time_s=60.0)
        assert beside is not second
    assert second is first
    assert (one.objective, two.objective) == (5.0, 8.0)


def test_a_process_whose_task_failed_takes_no_other() -> None:
    with pytest.raises(ValueError, match="no_such_option"), highs() as failed:
        failed.solve(task(no_such_option=1), time_s=60.0)
    assert not failed.alive


def test_processes_that_wait_can_be_ended() -> None:
    with highs() as taken:
        pass
    assert taken.alive
    end_processes()
    assert not taken.alive


def test_a_copy_of_the_process_uses_none_of_its_processes() -> None:
    with highs() as ours:
        pass
    child = os.fork()
    if child == 0:
        with highs() as theirs:
            os._exit(int(theirs is ours))
    assert os.waitpid(child, 0)[1] == 0
    with highs() as again:
        found, _ = again.solve(task(), time_s=60.0)
    assert again is ours
    assert found.objective == 5.0


def test_a_process_does_not_outlive_the_one_that_started_it() -> None:
    started = subprocess.run(
        [sys.executable, "-c", STARTS_ONE_AND_GOES], cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=60
    )
    pid = int(started.stdout)
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    assert select.select([process], [], [], 60)[0]
    os.close(process)
