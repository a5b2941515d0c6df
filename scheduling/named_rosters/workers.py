"""People's tours sought side by side: compiled loops leave the interpreter's lock to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import TypeVar

from scheduling.named_rosters.limit import Limit

WORKERS = 2
"""Threads. Results do not depend on them, but for the order of people in a walk of prices, which is by twos."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(
    pool: Executor, function: Callable[[Item], Result], items: Iterable[Item], limit: Limit
) -> list[Result] | None:
    """Results in the order of the items; None where the limit was reached before the last one."""
    futures = [pool.submit(function, item) for item in items]
    results = []
    for future in futures:
        if limit.reached():
            for waiting in futures:
                waiting.cancel()
            return None
        results.append(future.result())
    return results
