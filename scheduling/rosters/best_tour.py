"""The tour that is worth most: a longest path through the network of days, by dynamic programming."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduling.compiled import compiled
from scheduling.rosters.duties import Duty
from scheduling.rosters.tours import TourNetwork
from scheduling.shifts import Shift


@compiled
def _longest_path(tails: np.ndarray, heads: np.ndarray, worth: np.ndarray, nodes: int) -> np.ndarray:
    """Arcs of the longest path from node 0 to the last node, last arc first; arcs are in topological order."""
    best = np.full(nodes, -np.inf)
    best[0] = 0.0
    through = np.full(nodes, -1)
    for arc in range(tails.size):
        value = best[tails[arc]] + worth[arc]
        if value > best[heads[arc]]:
            best[heads[arc]] = value
            through[heads[arc]] = arc
    path = np.empty(nodes, dtype=np.int64)
    count, node = 0, nodes - 1
    while node != 0:
        path[count] = through[node]
        node = tails[path[count]]
        count += 1
    return path[:count]


@dataclass(frozen=True)
class BestTours:
    """Tours of a crew, each as good as can be for what shifts are worth at the moment.

    Parameters
    ----------
    tours
        A network that keeps rest between days.
    duties
        Duty of each shift by its number; shifts of one duty and day replace each other.
    shifts
        By number.
    """

    tours: TourNetwork
    duties: Mapping[int, Duty]
    shifts: tuple[Shift, ...]

    @cached_property
    def _groups(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Shifts by duty and day end to end, the first place of each such group, and the group of each arc."""
        members: dict[tuple[int, Duty], list[int]] = defaultdict(list)
        for number, duty in self.duties.items():
            members[self.shifts[number].day, duty].append(number)
        place = {key: group for group, key in enumerate(members)}
        sizes = [len(own) for own in members.values()]
        numbers = np.array([number for own in members.values() for number in own], dtype=np.int64)
        firsts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
        arcs = [-1 if arc.duty is None else place[arc.day, arc.duty] for arc in self.tours.arcs]
        return numbers, firsts, np.array(arcs, dtype=np.int64)

    def best(self, worth: np.ndarray) -> dict[int, int]:
        """Number of the shift of each day worked in the tour that is worth most; rest is worth nothing.

        Parameters
        ----------
        worth
            Of every shift by its number.
        """
        numbers, firsts, group = self._groups
        of_arc = np.zeros(len(group))
        if numbers.size:
            best_of_group = np.maximum.reduceat(worth[numbers], firsts)
            of_arc = np.where(group >= 0, best_of_group[group], 0.0)
        nodes = int(self.tours.heads.max()) + 1
        path = _longest_path(self.tours.tails, self.tours.heads, of_arc, nodes)[::-1]
        chosen: dict[int, int] = {}
        for arc in path.tolist():
            if group[arc] >= 0:
                first = firsts[group[arc]]
                end = firsts[group[arc] + 1] if group[arc] + 1 < firsts.size else numbers.size
                own = numbers[first:end]
                chosen[self.tours.arcs[arc].day] = int(own[np.argmax(worth[own])])
        return chosen
