"""Roster → coverage, answer rates, hours and cost: what the screen shows and the optimiser is checked with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from data.domain import Agent, Contract, Queue, Roster, ShiftPattern
from data.errors import UnknownNameError
from data.intervals import clock
from scheduling.coverage import coverage

MET_WITHIN = 0.0001
"""A day counts as met from this little below its target: a hundredth of a point, as figures are shown."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A roster against a forecast.

    Parameters
    ----------
    coverage
        COVERAGE, per queue and interval of the curves.
    days
        Columns queue, date (local day of the queue), offered, answered, answer_rate, target, met. The answer
        rate of a day without contacts is 1. Days are met or not by themselves, also where the target's period
        is longer.
    hours
        Columns agent_id, shifts, paid_h; every agent, also those without a shift.
    paid_h
        Paid hours of all shifts.
    cost
        Σ paid hours × cost per hour of the contract × that of the pattern.
    """

    coverage: pd.DataFrame
    days: pd.DataFrame
    hours: pd.DataFrame
    paid_h: float
    cost: float


def evaluate(  # noqa: PLR0917 - what goes in, in the order it is made
    roster: Roster,
    agents: Sequence[Agent],
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    curves: pd.DataFrame | None = None,
    requirement: pd.DataFrame | None = None,
    *,
    contracts: Sequence[Contract] = (),
    patterns: Sequence[ShiftPattern] = (),
) -> Evaluation:
    """Coverage, days, hours and cost of a roster; see `coverage` for the arguments they share.

    Parameters
    ----------
    contracts, patterns
        For the cost of an hour; one that is not given at all (an empty sequence) costs 1.

    Raises
    ------
    InputError
        As `coverage`.
    UnknownNameError
        A person, contract or pattern that is not among those given.
    """
    covered = coverage(roster, agents, queues, forecast, curves, requirement)
    hours, cost = _hours_and_cost(roster, agents, contracts, patterns)
    return Evaluation(covered, _days(covered, queues), hours, float(hours["paid_h"].sum()), cost)


def _days(covered: pd.DataFrame, queues: Sequence[Queue]) -> pd.DataFrame:
    parts = []
    for queue in queues:
        rows = covered.loc[covered["queue"] == queue.id]
        local = clock(pd.DatetimeIndex(rows["start"]), queue.timezone)["date"].to_numpy()
        sums = rows[["offered", "answered"]].groupby(local).sum().rename_axis("date").reset_index()
        sums.insert(0, "queue", queue.id)
        some = sums["offered"] > 0
        sums["answer_rate"] = (sums["answered"] / sums["offered"].where(some)).where(some, 1.0)
        sums["target"] = queue.target.answer_rate
        sums["met"] = sums["answer_rate"] >= queue.target.answer_rate - MET_WITHIN
        parts.append(sums)
    return pd.concat(parts, ignore_index=True)


def _hours_and_cost(
    roster: Roster,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
) -> tuple[pd.DataFrame, float]:
    contract_of = {agent.id: agent.contract for agent in agents}
    per_contract = {contract.id: contract.cost_per_h for contract in contracts}
    per_pattern = {pattern.id: pattern.cost_per_h for pattern in patterns}
    shifts = dict.fromkeys(contract_of, 0)
    paid_h = dict.fromkeys(contract_of, 0.0)
    cost = 0.0
    for assignment in roster.assignments:
        hours = assignment.paid.total_seconds() / 3600.0
        shifts[assignment.agent_id] += 1
        paid_h[assignment.agent_id] += hours
        cost += (
            hours
            * _cost("contract", contract_of[assignment.agent_id], per_contract)
            * _cost("pattern", assignment.pattern, per_pattern)
        )
    frame = pd.DataFrame(
        {"agent_id": list(shifts), "shifts": list(shifts.values()), "paid_h": list(paid_h.values())}
    )
    return frame, cost


def _cost(kind: str, name: str, known: dict[str, float]) -> float:
    if not known:
        return 1.0
    if name not in known:
        raise UnknownNameError(kind, name, tuple(known))
    return known[name]
