"""Staffing as planners read it: scenarios beside the plan, and the price of each point of answer rate."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ui.exports.text import guarded
from ui.tables.rosters import stacked_staff

EVERY_QUEUE = "All queues"
SIDES = {"before": "Planned", "after": "Scenario"}


def people(intervals: pd.DataFrame, steps_min: Mapping[str, int], days: int) -> pd.DataFrame:
    """People needed in all, as planned and in a scenario, on one grid of time.

    Parameters
    ----------
    intervals
        `scheduling.what_if.WhatIf.intervals` of one scenario.
    steps_min, days
        As `ui.tables.rosters.stacked_staff` takes them.

    Returns
    -------
    DataFrame
        start (instant), Planned, Scenario (people).
    """
    found = {}
    for side, name in SIDES.items():
        staff = intervals[["queue", "start"]].assign(staff=intervals[f"staff_{side}"])
        found[name] = stacked_staff(staff, steps_min, days).groupby("start")["staff"].sum()
    return pd.DataFrame(found).rename_axis("start").reset_index()


def side_by_side(queues: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Staff hours, cost and contacts, planned and in a scenario, from its frames of `scheduling.what_if.WhatIf`."""
    rows = pd.concat([queues, totals.assign(queue=EVERY_QUEUE)], ignore_index=True)
    return pd.DataFrame(
        {
            "Queue": rows["queue"],
            "Hours": rows["staff_h_before"],
            "Hours then": rows["staff_h_after"],
            "± hours": rows["staff_h_difference"],
            "Cost": rows["cost_before"],
            "Cost then": rows["cost_after"],
            "± cost": rows["cost_difference"],
            "Offered": rows["offered_before"].round(),
            "Offered then": rows["offered_after"].round(),
        }
    )


def points(prices: pd.DataFrame) -> pd.DataFrame:
    """Price of each point with its labels, from rows of one queue or the total of `scheduling.price_of_a_point`."""
    return pd.DataFrame(
        {
            "Answer rate": prices["answer_rate"],
            "Staff hours": prices["staff_h"],
            "Hours for this point": prices["extra_staff_h"],
            "Cost": prices["cost"],
            "Cost of this point": prices["extra_cost"],
            "Agent hours": prices["agent_h"],
            "Staff hours, whole people": prices["whole_staff_h"],
        }
    )


def download(prices: pd.DataFrame) -> bytes:
    """All points of all queues as CSV."""
    named = prices.assign(queue=prices["queue"].map(guarded))
    return named.to_csv(index=False).encode("utf-8-sig")
