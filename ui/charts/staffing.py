"""A scenario beside the plan, and the price of each point of answer rate."""

from __future__ import annotations

import pandas as pd

from ui.charts.base import (
    BEFORE,
    LINES,
    OFFERED,
    QUIET,
    Spec,
    amount,
    clock_axis,
    layered,
    series,
    tips,
    values,
    wall,
)

PLANNED, SCENARIO = "Planned", "Scenario"
SIDES = {PLANNED: QUIET, SCENARIO: OFFERED}


def sides(people: pd.DataFrame, timezone: str, days: int) -> Spec:
    """People needed as planned and in a scenario.

    Parameters
    ----------
    people
        From `ui.tables.staffing.people`: start (instant), Planned, Scenario.
    timezone
        Zone the days are shown in.
    days
        Days shown.
    """
    label = people["start"].dt.tz_convert(timezone).dt.strftime("%a %d %b %H:%M")
    shown = people.assign(x=wall(people["start"], timezone), label=label).drop(columns="start")
    tip = tips(("label", "From"), (PLANNED, PLANNED, ",.1f"), (SCENARIO, SCENARIO, ",.1f"))
    layers = []
    for name, style in ((PLANNED, {"strokeDash": [5, 3]}), (SCENARIO, {})):
        mark = {"type": "line", "interpolate": "step-after", "strokeWidth": 1.8, **style}
        encoding = {"x": clock_axis("x", days), "y": amount(name, "People"), "tooltip": tip}
        layers.append(series(name, {"mark": mark, "encoding": encoding}, SIDES, LINES))
    return layered(layers, height=260, data=values(shown))


def points(prices: pd.DataFrame, measure: str, title: str, target: float | None) -> Spec:
    """What each point of answer rate takes more than the one before.

    Parameters
    ----------
    prices
        Rows of one queue, or the total, of `scheduling.price_of_a_point`.
    measure
        Its column, extra_staff_h or extra_cost.
    title
        What it is, for the axis.
    target
        Answer rate planned for, 0–1, marked where it is among the points; None marks none.
    """
    shown = prices.loc[prices[measure].notna(), ["answer_rate", "staff_h", "cost", measure]].assign(
        label=lambda rows: rows["answer_rate"].map("{:.0%}".format),
        planned=lambda rows: (rows["answer_rate"] - target).abs().lt(0.005) if target is not None else False,
    )
    return {
        "height": 280,
        "data": values(shown),
        "mark": {"type": "bar", "width": {"band": 0.8}},
        "encoding": {
            "x": {
                "field": "label",
                "type": "ordinal",
                "sort": None,
                "axis": {"title": "Up to this answer rate", "labelAngle": 0, "grid": False},
            },
            "y": amount(measure, title, ",.0f"),
            "color": {
                "condition": {"test": "datum.planned", "value": BEFORE},
                "value": OFFERED,
            },
            "tooltip": tips(
                ("label", "Up to"),
                (measure, title, ",.1f"),
                ("staff_h", "Staff hours in all", ",.1f"),
                ("cost", "Cost in all", ",.1f"),
            ),
        },
    }
