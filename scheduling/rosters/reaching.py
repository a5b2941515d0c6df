"""Targets a roster in whole numbers still misses: reached by small exact searches, or proven out of reach.

The days where something is missing are free, with their neighbours and at last with all days, and as little as can
be is to be missing, whatever it costs. A programme that is small is asked as a whole whether whole people can miss
nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from data.domain import Status
from scheduling.rosters.mending import SMALL
from scheduling.rosters.relaxation import MISSING, missing_share, shares
from scheduling.rosters.search import EFFORT, Search
from scheduling.solver import Arrays, minimise

EFFORTS_S = (2.0, 10.0, 60.0)
"""Wall time a piece may take at the first, the second and the third attempt."""
QUESTIONS_S = (1.0, 5.0, 30.0)
"""Wall time the question whether whole people can reach everything may take each time it is asked of a small programme."""
BESIDE = 1e-4
"""All hours of a roster together count so much beside a whole target missed: of two ways the cheaper."""
ALLOWANCE = 2e-6
"""Share of a target that may be missing where it is to be proven that something must be."""


@dataclass(frozen=True)
class Reached:
    """How far whole people came.

    Parameters
    ----------
    values
        A roster in whole numbers.
    impossible
        Whether it is proven that no whole people reach every target.
    """

    values: np.ndarray
    impossible: bool


def reach(search: Search, values: np.ndarray, until_s: float) -> Reached:
    """Make up for what a roster misses.

    Parameters
    ----------
    search, values
        A roster in whole numbers.
    until_s
        Wall time, since the start of everything, to end at.
    """
    watch, days = search.watch, search.model.problem.days
    asks = values.size <= SMALL and not search.model.tailed
    questions_s = list(QUESTIONS_S) if asks else []
    for effort_s in EFFORTS_S:
        for span in _spans(search, values):
            left_s = until_s - watch.elapsed_s
            if search.reaches(values) or left_s <= 0 or watch.stopped():
                return Reached(values, impossible=False)
            if questions_s and (len(span) == days or len(questions_s) == len(QUESTIONS_S)):
                # Once before anything else, for often there is a quick answer.
                found = _whole(search, min(questions_s.pop(0), left_s / 2))
                if found is Status.INFEASIBLE:
                    return Reached(values, impossible=True)
                if not isinstance(found, Status):
                    values = found
                    continue
            watch.tell(f"reaching targets, {len(span)} of {days} days")
            values = _least_missing(search, values, span, min(effort_s, left_s))
    return Reached(values, impossible=False)


def _spans(search: Search, values: np.ndarray) -> Iterator[range]:
    """Days with something missing, then with the days beside them, then all."""
    days = search.model.problem.days
    missing = days_missing(search, values)
    spans = [range(day, day + 1) for day in missing]
    spans += [range(max(0, day - 1), min(days, day + 2)) for day in missing]
    yield from dict.fromkeys([*(span for span in spans if len(span) < days), range(days)])


def _least_missing(search: Search, values: np.ndarray, span: range, time_s: float) -> np.ndarray:
    """Free some days so that as little as can be is missing."""
    model = search.model
    part = search.exact.part(search.days_free(span), values)
    weights = shares(model)[part.columns]
    hours = np.where(weights > 0, 0.0, part.programme.cost) / max(search.cost(values), 1e-9)
    programme = replace(part.programme, cost=weights + BESIDE * hours)
    now = float(programme.cost @ values[part.columns])
    solved = minimise(
        programme,
        time_s=time_s,
        seed=search.watch.limits.seed,
        start=values[part.columns],
        stop=search.watch.stopped,
        # Once nothing is missing the rest is a matter of cost, which others see to.
        enough=lambda found: float(weights @ found) <= MISSING / 2,
        options={"mip_heuristic_effort": EFFORT, "mip_abs_gap": 1e-6},
    )
    if solved.values is None or solved.objective is None or solved.objective >= now - 1e-9:
        return values
    better = values.copy()
    better[part.columns] = solved.values
    return better if missing_share(model, better) < missing_share(model, values) else values


def _whole(search: Search, time_s: float) -> np.ndarray | Status:
    """Counts that miss nothing at all, or INFEASIBLE where it is proven that there are none."""
    search.watch.tell("can whole people reach every target?")
    solved = minimise(
        _strict(search),
        time_s=time_s,
        gap=1.0,
        seed=search.watch.limits.seed,
        stop=search.watch.stopped,
    )
    return solved.status if solved.values is None else solved.values


def _strict(search: Search) -> Arrays:
    """The programme where nothing may be missing but for rounding."""
    model, programme = search.model, search.exact.programme
    upper, lower = programme.upper.copy(), model.arrays.row_lower.copy()
    floors = list(model.floor_slack.values())
    upper[model.slack_columns] = 0.0
    upper[floors] = ALLOWANCE * np.maximum(model.arrays.upper[floors], 1.0)
    lower[model.target_rows] *= 1 - ALLOWANCE
    return replace(programme, upper=upper, row_lower=lower)


def days_missing(search: Search, values: np.ndarray) -> list[int]:
    """Days on which a target or a floor is missed."""
    model = search.model
    slots = [
        slot
        for (_, slot), column in model.floor_slack.items()
        if values[column] > MISSING * model.arrays.upper[column]
    ]
    for target, column in zip(model.targets, model.target_slack, strict=True):
        if values[column] > MISSING * model.arrays.upper[column]:
            slots += target.slots
    horizon, step_min = model.problem.horizon, model.problem.step_min
    midnights = [horizon.midnight_min(day) for day in range(model.problem.days)]
    days = {int(np.searchsorted(midnights, slot * step_min, side="right")) - 1 for slot in slots}
    return sorted(days)
