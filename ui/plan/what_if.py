"""Forecasts, people and contracts → scenarios beside the plan, and the price of each point of answer rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data.store import Workspace
from scheduling.curves import answer_curves
from scheduling.hourly_cost import hourly_costs
from scheduling.price_of_a_point import price_in_total, price_of_a_point
from scheduling.requirement import requirement
from scheduling.scenario import Scenario
from scheduling.what_if import WhatIf, what_if
from ui.plan.staffing import Demand


@dataclass(frozen=True, slots=True)
class Planned:
    """What some days take as they are planned, so that scenarios need not find it again.

    Parameters
    ----------
    demand
        Queues and forecasts.
    curves
        CURVES, each queue on its own interval.
    required
        REQUIREMENT.
    cost_per_h
        Cost of a staff hour by queue.
    """

    demand: Demand
    curves: pd.DataFrame
    required: pd.DataFrame
    cost_per_h: Mapping[str, float]


def planned(workspace: Workspace, wanted: Demand, costs: Mapping[str, float] | None = None) -> Planned:
    """Curves, requirement and hourly costs of what is planned.

    Parameters
    ----------
    costs
        Cost of a staff hour by queue, in place of what its people cost on average.
    """
    per_h = hourly_costs(wanted.queues, workspace.agents(), workspace.contracts()) | dict(costs or {})
    drawn = [answer_curves(queue, wanted.forecast) for queue in wanted.queues]
    needed = [
        requirement(queue, wanted.forecast, own) for queue, own in zip(wanted.queues, drawn, strict=True)
    ]
    return Planned(wanted, pd.concat(drawn, ignore_index=True), pd.concat(needed, ignore_index=True), per_h)


def compared(plan: Planned, scenarios: Sequence[Scenario]) -> WhatIf:
    """Scenarios beside the plan, see `scheduling.what_if.what_if`."""
    return what_if(
        plan.demand.queues,
        plan.demand.forecast,
        scenarios,
        cost_per_h=plan.cost_per_h,
        curves=plan.curves,
        required=plan.required,
    )


def priced(plan: Planned) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Price of each point of answer rate by queue, and in total, see `scheduling.price_of_a_point`."""
    prices = price_of_a_point(
        plan.demand.queues, plan.demand.forecast, cost_per_h=plan.cost_per_h, curves=plan.curves
    )
    return prices, price_in_total(prices)
