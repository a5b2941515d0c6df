from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from data.errors import InputError, UnknownNameError
from forecasting.nightly import run_queues


def doubled(number: int) -> int:
    if number == 3:
        raise InputError("queue 'three': nothing to double.")
    if number == 4:
        raise ZeroDivisionError
    return 2 * number


def numbered(text: str) -> int:
    if not text.isdigit():
        raise UnknownNameError("number", text, ["1", "2"])
    return int(text)


def interrupted(_number: int) -> int:
    raise KeyboardInterrupt


TASKS = {"one": 1, "three": 3, "two": 2, "four": 4}


def test_a_queue_that_fails_stops_no_other_and_says_why() -> None:
    with ThreadPoolExecutor(2) as executor:
        batch = run_queues(TASKS, work=doubled, executor=executor)
    assert batch.results == {"one": 2, "two": 4}
    assert batch.failures["three"].message == "queue 'three': nothing to double."
    assert batch.failures["three"].kind == "InputError"
    assert "in doubled" in batch.failures["three"].traceback
    assert batch.failures["four"].message == "ZeroDivisionError"


def test_results_and_failures_keep_the_order_of_the_tasks() -> None:
    with ThreadPoolExecutor(4) as executor:
        batch = run_queues(TASKS, work=doubled, executor=executor)
    assert list(batch.results) == ["one", "two"]
    assert list(batch.failures) == ["three", "four"]


def test_the_work_may_run_in_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        batch = run_queues({"one": -1, "bad": 0}, work=abs, executor=executor)
    assert batch.results == {"one": 1, "bad": 0}


def test_an_error_that_cannot_leave_its_process_stops_no_other_queue() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        batch = run_queues({"bad": "neither", "one": "1", "two": "2"}, work=numbered, executor=executor)
    assert batch.results == {"one": 1, "two": 2}
    assert batch.failures["bad"].kind == "UnknownNameError"
    assert "unknown number 'neither'" in batch.failures["bad"].message


def test_progress_ends_with_all_queues_done() -> None:
    shares: list[float] = []
    with ThreadPoolExecutor(1) as executor:
        run_queues(TASKS, work=doubled, executor=executor, progress=shares.append)
    assert shares == [0.25, 0.5, 0.75, 1.0]


def test_no_queue_is_no_work() -> None:
    with ThreadPoolExecutor(1) as executor:
        batch = run_queues({}, work=doubled, executor=executor)
    assert (batch.results, batch.failures) == ({}, {})


def test_an_interrupt_is_not_taken_for_the_failure_of_a_queue() -> None:
    with ThreadPoolExecutor(1) as executor, pytest.raises(KeyboardInterrupt):
        run_queues({"one": 1}, work=interrupted, executor=executor)
