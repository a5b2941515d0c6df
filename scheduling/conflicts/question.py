"""Whether some aims can be reached at all: the relaxation of a small part of the programme, and its proof."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from data.domain import Status
from data.errors import InfeasibleError
from scheduling.conflicts.aims import Aim
from scheduling.conflicts.report import Kind
from scheduling.problem import RosterProblem, slots_of
from scheduling.rosters.build import build
from scheduling.rosters.limits import Watch
from scheduling.rosters.model import Model
from scheduling.rosters.reaching import ALLOWANCE
from scheduling.rosters.relaxation import MISSING
from scheduling.solver import dual_bound, minimise, relax

QUESTION_S = 30.0
"""Wall time one question may take."""
WHOLE_S = 5.0
"""Wall time one question about whole people may take."""


@dataclass(frozen=True)
class Answer:
    """What a question found.

    Parameters
    ----------
    possible
        True: nothing is missing, false: something must be, as is proven, None: not known.
    missing
        Least share of each aim that must be missing where all shares count alike; empty where it is not known.
    """

    possible: bool | None
    missing: tuple[float, ...] = ()


def ask(problem: RosterProblem, aims: Iterable[Aim], watch: Watch) -> Answer:
    """Ask whether fractions of a problem's people can reach some aims and keep every rule.

    The programme holds nothing but the contacts of these aims, so that it is small where they are few.

    Parameters
    ----------
    problem
        Its other targets and floors do not count.
    aims
        What is to be reached.
    watch
        Time there is, and a wish to stop.
    """
    wanted = tuple(aims)
    if watch.stopped() or watch.left_s <= 0:
        return Answer(None)
    try:
        model = build(restricted(problem, wanted))
    except InfeasibleError:
        return Answer(possible=False)
    weights, own = _weights(model, wanted)
    programme = replace(model.arrays, cost=weights)
    solved = relax(programme, time_s=min(QUESTION_S, watch.left_s), stop=watch.stopped)
    if solved.values is None or solved.row_duals is None:
        return Answer(None)
    shares = tuple(float(weights[columns] @ np.maximum(solved.values[columns], 0.0)) for columns in own)
    if dual_bound(programme, solved.row_duals) > MISSING:
        return Answer(False, shares)
    return Answer(True if weights @ np.maximum(solved.values, 0.0) <= MISSING else None, shares)


def ask_whole(problem: RosterProblem, aims: Iterable[Aim], watch: Watch) -> Answer:
    """Ask the same of whole people; often there is no answer in time."""
    wanted = tuple(aims)
    if watch.stopped() or watch.left_s <= 0:
        return Answer(None)
    try:
        model = build(restricted(problem, wanted))
    except InfeasibleError:
        return Answer(possible=False)
    weights, _ = _weights(model, wanted)
    upper, lower = model.arrays.upper.copy(), model.arrays.row_lower.copy()
    # As much as rounding may leave out, and no more.
    upper[weights > 0] *= ALLOWANCE
    lower[model.target_rows] *= 1 - ALLOWANCE
    free = replace(model.arrays, cost=np.zeros_like(weights), upper=upper, row_lower=lower)
    solved = minimise(
        free, time_s=min(WHOLE_S, watch.left_s), gap=1.0, seed=watch.limits.seed, stop=watch.stopped
    )
    if solved.values is not None:
        return Answer(possible=True)
    return Answer(False if solved.status is Status.INFEASIBLE else None)


def restricted(problem: RosterProblem, aims: Iterable[Aim]) -> RosterProblem:
    """A problem with the contacts of some aims alone."""
    index = {queue.id: number for number, queue in enumerate(problem.queues)}
    slots = slots_of(problem.curves["start"], problem.horizon, problem.step_min)
    queues = problem.curves["queue"].map(index).to_numpy()
    wanted = np.array(
        sorted({aim.queue * 10**7 + slot for aim in aims for slot in aim.slots}), dtype=np.int64
    )
    kept = np.isin(queues.astype(np.int64) * 10**7 + slots, wanted)
    return replace(problem, curves=problem.curves.loc[kept].reset_index(drop=True))


def _weights(model: Model, aims: tuple[Aim, ...]) -> tuple[np.ndarray, list[np.ndarray]]:
    """One over what is wanted in the columns of what an aim misses, 0 elsewhere; and the columns of each aim."""
    upper = model.arrays.upper
    weights = np.zeros(upper.size)
    rest = np.array(model.rest_slack, dtype=np.int64)
    weights[rest] = 1 / np.maximum(upper[rest], 1e-9)
    targets = {
        (target.queue, min(target.slots)): column
        for target, column in zip(model.targets, model.target_slack, strict=True)
    }
    own = []
    for aim in aims:
        if aim.rule.kind is Kind.TARGET:
            columns = [targets[aim.queue, min(aim.slots)]]
        else:
            pool = model.problem.pool_of[aim.queue]
            columns = [model.floor_slack[pool, slot] for slot in aim.slots]
        own.append(np.array(columns, dtype=np.int64))
        weights[own[-1]] = 1 / np.maximum(upper[own[-1]], 1e-9)
    return weights, own
