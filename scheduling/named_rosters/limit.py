"""How long a search may go on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Limit:
    """The time until which a search may go on, and somebody who may end it before.

    Parameters
    ----------
    deadline_s
        On the monotonic clock.
    stop
        Asked now and then; true stops.
    """

    deadline_s: float = math.inf
    stop: Callable[[], bool] | None = None

    def reached(self) -> bool:
        """Whether the search is to end."""
        return time.monotonic() >= self.deadline_s or (self.stop is not None and self.stop())

    def left_s(self) -> float:
        """Wall time left, 0 at least."""
        return max(self.deadline_s - time.monotonic(), 0.0)

    def within(self, seconds: float) -> Limit:
        """The same limit, and that much wall time from now on at most."""
        return replace(self, deadline_s=min(self.deadline_s, time.monotonic() + seconds))
