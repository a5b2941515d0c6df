"""From flows to tours: a flow through a day network is a sum of paths, one for each person."""

from __future__ import annotations

import numpy as np

from scheduling.rosters.duties import Duty
from scheduling.rosters.tours import SOURCE, TourNetwork


def peel(tours: TourNetwork, flow: np.ndarray, people: int) -> list[tuple[Duty | None, ...]]:
    """Split a flow into paths (flow decomposition; Ahuja, Magnanti & Orlin 1993, section 3.5).

    Parameters
    ----------
    tours
        The network.
    flow
        Whole people per arc.
    people
        Number of paths.

    Returns
    -------
    list
        Per person the duty of each day, None for rest.
    """
    left = np.round(flow).astype(int)
    paths = []
    for _ in range(people):
        node, path = SOURCE, []
        while node in tours.leaving:
            taken = max(tours.leaving[node], key=lambda arc: int(left[arc]))
            if left[taken] <= 0:
                day = tours.arcs[taken].day
                raise ValueError(f"the flow breaks off on day {day}: it is not conserved.")
            left[taken] -= 1
            path.append(taken)
            node = tours.arcs[taken].head
        paths.append(tours.duties(path))
    return paths
