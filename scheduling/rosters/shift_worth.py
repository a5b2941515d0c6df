"""What each shift is worth at the moment, with its breaks where people are missed least."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.domain import ShiftPattern
from scheduling.problem import RosterProblem
from scheduling.shifts import break_offsets


@dataclass(frozen=True)
class ShiftWorth:
    """Worth of a problem's shifts, from that of a person in each slot.

    Parameters
    ----------
    problem
        What is asked.
    numbers
        Of the shifts that are looked at.
    """

    problem: RosterProblem
    numbers: tuple[int, ...]

    @cached_property
    def _by_pattern(self) -> list[tuple[ShiftPattern, np.ndarray, np.ndarray]]:
        """Patterns with the numbers and the starts of their shifts."""
        numbers: dict[str, list[int]] = defaultdict(list)
        for number in self.numbers:
            numbers[self.problem.shifts[number].pattern.id].append(number)
        patterns = {pattern.id: pattern for pattern in self.problem.patterns}
        starts = np.array([shift.start_min for shift in self.problem.shifts])
        return [(patterns[name], np.array(own), starts[own]) for name, own in numbers.items()]

    def of(self, worth: np.ndarray) -> np.ndarray:
        """Worth of every shift by its number; 0 for those that are not looked at.

        Parameters
        ----------
        worth
            Of a person in each slot.
        """
        total = np.r_[0.0, np.cumsum(worth)]
        found = np.zeros(len(self.problem.shifts))
        for pattern, numbers, starts in self._by_pattern:
            present = self._between(total, starts, starts + pattern.length_min)
            lost, _ = self._breaks(total, pattern, starts)
            found[numbers] = present - lost
        return found

    def offsets(self, worth: np.ndarray, number: int) -> tuple[int, ...]:
        """Minutes from a shift's start to each of its breaks, placed where they cost least."""
        shift = self.problem.shifts[number]
        total = np.r_[0.0, np.cumsum(worth)]
        _, chosen = self._breaks(total, shift.pattern, np.array([shift.start_min]))
        return tuple(int(offset[0]) for offset in chosen)

    def _between(self, total: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
        slots = np.arange(total.size)
        step_min = self.problem.step_min
        value: np.ndarray = np.interp(end / step_min, slots, total) - np.interp(
            begin / step_min, slots, total
        )
        return value

    def _breaks(
        self, total: np.ndarray, pattern: ShiftPattern, starts: np.ndarray
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """Worth lost to breaks that do not overlap, per start, and the offset of each break, by dynamic programming."""
        rows = np.arange(starts.size)
        lost = np.zeros((starts.size, 1))
        ends = np.zeros(1)
        before: list[np.ndarray] = []
        places: list[np.ndarray] = []
        for rule in pattern.breaks:
            offsets = np.array(break_offsets(rule, self.problem.step_min))
            begin = starts[:, None] + offsets
            own = self._between(total, begin, begin + rule.length_min)
            # The best of all earlier breaks that end by then: the running minimum over their ends.
            running = np.minimum.accumulate(lost, axis=1)
            best = np.maximum.accumulate(np.where(lost <= running, np.arange(lost.shape[1]), 0), axis=1)
            upto = np.searchsorted(ends, offsets, side="right") - 1
            fits = upto >= 0
            lost = np.where(fits, running[:, upto.clip(0)], np.inf) + own
            before.append(best[:, upto.clip(0)])
            places.append(offsets)
            ends = offsets + rule.length_min
        at = np.argmin(lost, axis=1)
        least = lost[rows, at]
        chosen: list[np.ndarray] = []
        for offsets, earlier in zip(reversed(places), reversed(before), strict=True):
            chosen.append(offsets[at])
            at = earlier[rows, at]
        return least, chosen[::-1]
