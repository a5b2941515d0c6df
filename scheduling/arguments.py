"""Arguments of the staffing functions: broadcast, in double precision, refused with the name and the value."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.errors import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def of(queue: str) -> str:
    """Opening of an error message: the queue where it is known."""
    return f"queue {queue!r}: " if queue else ""


_BOUNDS = {
    "traffic": (0.0, True, "traffic must be finite and at least 0"),
    "agents": (0.0, True, "agents must be finite and at least 0"),
    "aht_s": (0.0, False, "aht_s must be finite and above 0"),
    "patience_s": (0.0, False, "patience_s must be finite and above 0; without abandonment it is Erlang C"),
    "threshold_s": (0.0, True, "threshold_s must be finite and at least 0"),
    "concurrency": (1.0, True, "concurrency must be a whole number, at least 1"),
}


def arrays(queue: str = "", /, **values: ArrayLike) -> tuple[Floats, ...]:
    """Values broadcast against each other, every one within the bounds of its name.

    Raises
    ------
    InputError
        Naming the queue when given, the argument and the first value out of bounds.
    """
    broadcast = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values.values()))
    for name, array in zip(values, broadcast, strict=True):
        bound, included, message = _BOUNDS[name]
        within = np.isfinite(array) & ((array >= bound) if included else (array > bound))
        if name == "concurrency":
            within &= array == np.floor(array)
        if not within.all():
            raise InputError(f"{of(queue)}{message}, not {array[~within].flat[0]:g}.")
    return tuple(np.array(array, order="C") for array in broadcast)
