"""The one place that compiles functions to machine code, typed so that callers keep their signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a loop over numbers and arrays once per machine; the result is kept beside the source.

    A kept result is renewed when its own file changes, not when a file it calls into does: after a change to
    `erlang_kernels`, touch `curve_kernels` or delete scheduling/__pycache__.
    """
    return cast("Callable[Arguments, Result]", numba.njit(cache=True, nogil=True)(function))
