"""How long the optimiser may work, and what it tells while it does."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from data.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When the optimiser may stop.

    Parameters
    ----------
    time_s
        Wall time for the whole way to names; the best roster found by then is returned.
    gap
        Good enough: (objective − bound) / objective, 0–1.
    seed
        Seed of every random choice.
    threads
        Weeks solved at once, 1 or 2; the roster found does not depend on it. With 2, `stop` is asked and progress told
        from each thread.
    allow_shortfall
        Return the best roster when the target is proven out of reach, instead of raising.
    """

    time_s: float = 60.0
    gap: float = 0.005
    seed: int = 0
    threads: int = 1
    allow_shortfall: bool = False

    def __post_init__(self) -> None:
        if self.time_s <= 0:
            raise InputError(f"the time limit must be above 0 s, not {self.time_s}.")
        if not 0 <= self.gap < 1:
            raise InputError(f"the gap lies in 0 ≤ x < 1, not {self.gap}. Give 0.01 for 1 %.")
        if self.threads not in (1, 2):
            raise InputError(f"threads must be 1 or 2, not {self.threads}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the optimiser stands.

    Parameters
    ----------
    phase
        What it does now, in a few words.
    elapsed_s
        Wall time since the start.
    incumbent
        Cost of the best roster so far that reaches the target; None while there is none.
    bound
        No roster can cost less; None while nothing is proven.
    gap
        (incumbent − bound) / incumbent; None where either is unknown.
    """

    phase: str
    elapsed_s: float
    incumbent: float | None = None
    bound: float | None = None
    gap: float | None = None


Report = Callable[[Progress], None]
Stop = Callable[[], bool]


def gap_of(incumbent: float | None, bound: float | None) -> float | None:
    """(incumbent − bound) / incumbent, at least 0; None where either is unknown."""
    if incumbent is None or bound is None:
        return None
    return max(0.0, (incumbent - bound) / max(abs(incumbent), 1e-9))


@dataclass(kw_only=True)
class Watch:
    """Time, progress and the wish to stop, as they stand while the optimiser works.

    Parameters
    ----------
    limits
        When to stop.
    report
        Told of every step.
    asked
        Whether a person wants it to end.
    clock
        Seconds that only grow.
    """

    limits: Limits
    report: Report | None = None
    asked: Stop | None = None
    clock: Callable[[], float] = time.monotonic
    incumbent: float | None = None
    bound: float | None = None
    cancelled: bool = False
    _begun: float = field(init=False)

    def __post_init__(self) -> None:
        self._begun = self.clock()

    @property
    def elapsed_s(self) -> float:
        """Wall time since the start."""
        return self.clock() - self._begun

    @property
    def left_s(self) -> float:
        """Wall time until the limit; never negative."""
        return max(0.0, self.limits.time_s - self.elapsed_s)

    @property
    def good_enough(self) -> bool:
        """Whether the best roster so far is within the gap asked for."""
        gap = gap_of(self.incumbent, self.bound)
        return gap is not None and gap <= self.limits.gap

    def stopped(self) -> bool:
        """Whether a person wants it to end; stays so once it is."""
        if not self.cancelled and self.asked is not None and self.asked():
            self.cancelled = True
        return self.cancelled

    def until_s(self, share: float) -> float:
        """Wall time, since the start, when that share of what is left now will be over."""
        return self.elapsed_s + share * self.left_s

    def tell(self, phase: str) -> None:
        """Report where things stand."""
        if self.report is not None:
            gap = gap_of(self.incumbent, self.bound)
            progress = Progress(
                phase=phase,
                elapsed_s=self.elapsed_s,
                incumbent=self.incumbent,
                bound=self.bound,
                gap=gap,
            )
            self.report(progress)
