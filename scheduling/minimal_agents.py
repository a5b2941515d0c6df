"""Least agents for a mix of targets in Erlang A, and the search it rests on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.domain import ServiceLevelFormula
from data.errors import InputError
from scheduling import erlang_kernels as kernels
from scheduling.arguments import Integers, arrays, of
from scheduling.erlang import erlang_a

MOST_AGENTS_PER_ERLANG = 1000
"""A target that needs more is taken for one that cannot be reached."""


def minimal_agents(
    traffic: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    *,
    answer_rate: float = 0.95,
    service_level: float | None = None,
    threshold_s: float = 20.0,
    formula: ServiceLevelFormula = ServiceLevelFormula.F3,
    max_asa_s: float | None = None,
    max_occupancy: float | None = None,
    min_agents: int = 0,
    concurrency: int = 1,
    queue: str = "",
) -> Integers:
    """Least whole agents with which every target given holds, in M/M/n+M.

    All of these measures improve with every agent, so that the least number for several targets is the highest
    of the least numbers for each. Without traffic it is `min_agents`.

    Raises
    ------
    InputError
        A value is out of bounds, or a target that no number of agents reaches.
    """
    reachable(answer_rate, service_level, max_asa_s, max_occupancy, queue=queue)
    a, aht, patience, _ = arrays(
        queue, traffic=traffic, aht_s=aht_s, patience_s=patience_s, concurrency=concurrency
    )
    servers = np.empty(a.size, dtype=np.int64)
    kernels.fill_least_servers(
        a.ravel(), (aht / patience).ravel(), np.full(a.size, float(answer_rate)), servers
    )
    least = np.maximum(-(-servers.reshape(a.shape) // concurrency), min_agents)
    if service_level is None and max_asa_s is None and max_occupancy is None:
        return least
    # Nobody is not busy: without agents the occupancy would pass for held.
    least = np.where(a > 0, np.maximum(least, 1), least)

    def meets(index: Integers, agents: Integers) -> NDArray[np.bool_]:
        found = erlang_a(
            a.flat[index],
            agents,
            aht.flat[index],
            patience.flat[index],
            threshold_s=threshold_s,
            concurrency=concurrency,
        )
        held = np.ones(index.size, dtype=bool)
        if service_level is not None:
            held &= found.service_level(formula) >= service_level
        if max_asa_s is not None:
            held &= found.asa_s <= max_asa_s
        if max_occupancy is not None:
            held &= found.occupancy <= max_occupancy
        return held | (a.flat[index] <= 0)

    most = np.maximum(least, np.ceil(MOST_AGENTS_PER_ERLANG * (a + 1)).astype(np.int64))
    return least_integers(meets, least.ravel(), most.ravel(), queue=queue).reshape(a.shape)


def least_integers(
    meets: Callable[[Integers, Integers], NDArray[np.bool_]],
    low: Integers,
    high: Integers,
    *,
    queue: str = "",
) -> Integers:
    """Least n in [low, high] of each element for which a condition holds that stays true once it is.

    Parameters
    ----------
    meets
        Given indices of elements and an n for each, whether the condition holds.
    low, high
        Bounds of each element, shape (n,).

    Raises
    ------
    InputError
        The condition does not hold at `high` either.
    """
    found, index = low.copy(), np.arange(low.size)
    index = index[~meets(index, found)]
    failing, step = found.copy(), 1
    while index.size:
        if (found[index] >= high[index]).any():
            raise InputError(f"{of(queue)}the target needs more than {high[index].max()} agents. Lower it.")
        failing[index] = found[index]
        found[index] = np.minimum(found[index] + step, high[index])
        index = index[~meets(index, found[index])]
        step *= 2
    index = np.flatnonzero(found - failing > 1)
    while index.size:
        middle = (failing[index] + found[index]) // 2
        held = meets(index, middle)
        found[index[held]] = middle[held]
        failing[index[~held]] = middle[~held]
        index = index[found[index] - failing[index] > 1]
    return found


def reachable(
    answer_rate: float,
    service_level: float | None = None,
    max_asa_s: float | None = None,
    max_occupancy: float | None = None,
    *,
    queue: str = "",
) -> None:
    """Refuse targets that no number of agents reaches.

    Raises
    ------
    InputError
        Naming the queue and the value.
    """
    for name, share in (("answer_rate", answer_rate), ("service_level", service_level)):
        if share is not None and not 0 <= share < 1:
            raise InputError(
                f"{of(queue)}{name} {share} cannot be reached by any number of agents: "
                "somebody may always hang up at once. Give a share from 0 to below 1, such as 0.95."
            )
    if max_occupancy is not None and max_occupancy > 1:
        raise InputError(
            f"{of(queue)}max_occupancy {max_occupancy} is no share of the time. "
            "Give one above 0 and at most 1, such as 0.85."
        )
    for name, bound in (("max_asa_s", max_asa_s), ("max_occupancy", max_occupancy)):
        if bound is not None and not bound > 0:
            raise InputError(
                f"{of(queue)}{name} {bound} cannot be reached by any number of agents. Raise it above 0."
            )
