"""Compiled paths through networks of days."""

from __future__ import annotations

import numpy as np

from scheduling.compiled import compiled


@compiled
def longest_path(tails: np.ndarray, heads: np.ndarray, worth: np.ndarray, nodes: int) -> np.ndarray:
    """Arcs of the path from node 0 to the last node that is worth most, first arc first.

    Arcs are in topological order; none may be taken whose worth is −∞. Empty where there is no path.
    """
    best = np.full(nodes, -np.inf)
    best[0] = 0.0
    through = np.full(nodes, -1)
    for arc in range(tails.size):
        value = best[tails[arc]] + worth[arc]
        if value > best[heads[arc]]:
            best[heads[arc]] = value
            through[heads[arc]] = arc
    if best[nodes - 1] == -np.inf:
        return np.empty(0, dtype=np.int64)
    path = np.empty(nodes, dtype=np.int64)
    count, node = 0, nodes - 1
    while node != 0:
        path[count] = through[node]
        node = tails[path[count]]
        count += 1
    return path[:count][::-1].copy()


@compiled
def worth_to_go(tails: np.ndarray, heads: np.ndarray, worth: np.ndarray, nodes: int) -> np.ndarray:
    """What the best path from each node to the last one is worth; −∞ where there is none."""
    best = np.full(nodes, -np.inf)
    best[nodes - 1] = 0.0
    for arc in range(tails.size - 1, -1, -1):
        value = worth[arc] + best[heads[arc]]
        best[tails[arc]] = max(best[tails[arc]], value)
    return best
