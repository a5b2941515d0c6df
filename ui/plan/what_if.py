"""Forecasts, people and contracts → scenarios beside the plan, and the price of each point of answer rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd

from data.store import Workspace
from scheduling.curves import answer_curves
from scheduling.hourly_cost import hourly_costs
from scheduling.price_of_a_point import price_in_total, price_of_a_point
from scheduling.requirement import requirement
from scheduling.scenario import Scenario
from scheduling.shifts import Horizon
from scheduling.what_if import Place, WhatIf, what_if
from ui.plan.deferred import planned_forecast
from ui.plan.staffing import Demand, common_timezone


@dataclass(frozen=True, slots=True)
class Planned:
    """What some days take as they are planned, so that scenarios need not find it again.

    Parameters
    ----------
    demand
        Queues and forecasts.
    place
        Puts contacts that can wait where today's people can handle them.
    curves
        CURVES, each queue on its own interval.
    required
        REQUIREMENT.
    cost_per_h
        Cost of a staff hour by queue.
    """

    demand: Demand
    place: Place
    curves: pd.DataFrame
    required: pd.DataFrame
    cost_per_h: Mapping[str, float]


def planned(
    workspace: Workspace,
    wanted: Demand,
    *,
    first: date,
    days: int,
    costs: Mapping[str, float] | None = None,
) -> Planned:
    """Curves, requirement and hourly costs of what is planned.

    Parameters
    ----------
    wanted
        Of [first, first + days).
    costs
        Cost of a staff hour by queue, in place of what its people cost on average.
    """
    per_h = hourly_costs(wanted.queues, workspace.agents(), workspace.contracts()) | dict(costs or {})
    asked = wanted.planned
    drawn = [answer_curves(queue, asked) for queue in wanted.queues]
    needed = [requirement(queue, asked, own) for queue, own in zip(wanted.queues, drawn, strict=True)]
    horizon = Horizon(first, days, common_timezone(workspace, wanted.queues))
    return Planned(
        wanted,
        partial(planned_forecast, workspace, horizon=horizon),
        pd.concat(drawn, ignore_index=True),
        pd.concat(needed, ignore_index=True),
        per_h,
    )


def compared(plan: Planned, scenarios: Sequence[Scenario]) -> WhatIf:
    """Scenarios beside the plan, see `scheduling.what_if.what_if`."""
    return what_if(
        plan.demand.queues,
        plan.demand.forecast,
        scenarios,
        cost_per_h=plan.cost_per_h,
        place=plan.place,
        planned=plan.demand.planned,
        curves=plan.curves,
        required=plan.required,
    )


def priced(plan: Planned) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Price of each point of answer rate by queue, and in total, see `scheduling.price_of_a_point`."""
    prices = price_of_a_point(
        plan.demand.queues, plan.demand.planned, cost_per_h=plan.cost_per_h, curves=plan.curves
    )
    return prices, price_in_total(prices)
