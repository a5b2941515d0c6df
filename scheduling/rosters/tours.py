"""The tours a crew may work: paths through a small network of days, whose size does not depend on the crew's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduling.rosters.duties import Duty

SOURCE = 0
"""Node every tour begins at."""


@dataclass(frozen=True, slots=True)
class Arc:
    """One way to spend a day, or to wait within it until one is rested.

    Parameters
    ----------
    day
        Index of the day.
    tail, head
        Nodes before and after it.
    duty
        What is worked; None for a day of rest and for waiting.
    waits
        Whether the day is still to be spent after it.
    after_work
        Whether the day before was worked; always false where the network was not told to track it.
    """

    day: int
    tail: int
    head: int
    duty: Duty | None
    waits: bool = False
    after_work: bool = False


@dataclass(frozen=True)
class TourNetwork:
    """Every tour of a crew is a path from `SOURCE` to the last node.

    Parameters
    ----------
    arcs
        What enters a node comes before what leaves it; heads have higher numbers than tails.
    days
        Number of days.
    """

    arcs: tuple[Arc, ...]
    days: int

    @cached_property
    def leaving(self) -> Mapping[int, tuple[int, ...]]:
        """Numbers of the arcs that leave each node."""
        return _grouped(arc.tail for arc in self.arcs)

    @cached_property
    def entering(self) -> Mapping[int, tuple[int, ...]]:
        """Numbers of the arcs that enter each node."""
        return _grouped(arc.head for arc in self.arcs)

    @cached_property
    def tails(self) -> np.ndarray:
        """Tail of each arc."""
        return np.array([arc.tail for arc in self.arcs], dtype=np.int64)

    @cached_property
    def heads(self) -> np.ndarray:
        """Head of each arc."""
        return np.array([arc.head for arc in self.arcs], dtype=np.int64)

    def walk(self, duties: Iterable[Duty | None]) -> list[int]:
        """Numbers of the arcs of the path with these duties, one a day, None for rest.

        Raises
        ------
        ValueError
            The network has no such path.
        """
        # Where rules leave several ways to go on with the same duty, not every one leads to the end.
        reached: dict[int, tuple[int, ...]] = {SOURCE: ()}
        for day, duty in enumerate(duties):
            spent: dict[int, tuple[int, ...]] = {}
            while reached:
                waiting: dict[int, tuple[int, ...]] = {}
                for node, path in reached.items():
                    for n in self.leaving.get(node, ()):
                        arc = self.arcs[n]
                        if arc.waits:
                            waiting.setdefault(arc.head, (*path, n))
                        elif arc.duty == duty:
                            spent.setdefault(arc.head, (*path, n))
                reached = waiting
            if not spent:
                raise ValueError(f"no tour of the network has {duty} on day {day}.")
            reached = spent
        return list(next(iter(reached.values())))

    def duties(self, path: Iterable[int]) -> tuple[Duty | None, ...]:
        """Duty of each day along a path of arcs."""
        return tuple(self.arcs[arc].duty for arc in path if not self.arcs[arc].waits)


def _grouped(nodes: Iterable[int]) -> dict[int, tuple[int, ...]]:
    ends: dict[int, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        ends[node].append(number)
    return {node: tuple(numbers) for node, numbers in ends.items()}
