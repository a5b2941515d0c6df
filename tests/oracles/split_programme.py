"""The split of people over queues as the linear programme it is, for small cases."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from scheduling.centre import Centre


def best_split(  # noqa: C901 - one programme, written out
    centre: Centre, weight: np.ndarray, targets: list[tuple[int, np.ndarray, float]]
) -> tuple[float, float]:
    """Most Σ weight · answered when the worst target is missed by as little as can be, and that miss.

    `targets` are (queue, slots, contacts to answer); the miss is in shares of those contacts.
    """
    sets, slots = centre.people.shape
    queues = len(centre.queues)
    given = np.arange(sets * queues * slots).reshape(sets, queues, slots)
    answered = given.size + np.arange(queues * slots).reshape(queues, slots)
    miss = given.size + answered.size
    rows, limits = [], []
    for g in range(sets):
        for t in range(slots):
            row = np.zeros(miss + 1)
            row[given[g, centre.serves[g], t]] = 1.0
            rows.append(row)
            limits.append(centre.people[g, t])
    bounds = [(0.0, None)] * (miss + 1)
    for g in range(sets):
        for q in np.flatnonzero(~centre.serves[g]):
            for t in range(slots):
                bounds[given[g, q, t]] = (0.0, 0.0)
    for q in range(queues):
        drawn = centre.pieces[q]
        for t in range(slots):
            if centre.row[q, t] < 0:
                bounds[answered[q, t]] = (0.0, 0.0)
                continue
            curve = slice(drawn.first[centre.row[q, t]], drawn.first[centre.row[q, t] + 1])
            agents, values = drawn.agents[curve], drawn.answered[curve] / centre.parts[q]
            bounds[answered[q, t]] = (0.0, values[-1])
            for k in range(agents.size - 1):
                slope = (values[k + 1] - values[k]) / (agents[k + 1] - agents[k])
                row = np.zeros(miss + 1)
                row[answered[q, t]] = 1.0
                row[given[:, q, t]] = -slope * centre.yields[q, t]
                rows.append(row)
                limits.append(values[k] - slope * agents[k])
    for q, at, contacts in targets:
        row = np.zeros(miss + 1)
        row[answered[q, at]] = -1.0
        row[miss] = -contacts
        rows.append(row)
        limits.append(-contacts)
    matrix, limits = np.array(rows), np.array(limits)
    least = np.zeros(miss + 1)
    least[miss] = 1.0
    missed = linprog(least, A_ub=matrix, b_ub=limits, bounds=bounds).fun if targets else 0.0
    bounds[miss] = (0.0, missed + 1e-9)
    worth = np.zeros(miss + 1)
    worth[answered.ravel()] = -weight.ravel()
    return -linprog(worth, A_ub=matrix, b_ub=limits, bounds=bounds).fun, missed
