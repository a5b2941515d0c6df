"""Linear algebra on one thread: a queue's matrices are small, and more threads only wait for each other.

On two busy cores a forecast took eight times the processor time with BLAS's own choice of threads. Queues are what
runs side by side (`forecasting.nightly`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def one_thread(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run a function with BLAS on one thread; the former number is back when it returns."""

    @wraps(function)
    def limited(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with threadpool_limits(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited
