"""Answer rates of queues and days against their targets."""

from __future__ import annotations

import pandas as pd
from pandas.api.typing import NAType

from ui.charts.base import (
    DARK_INK,
    Spec,
    layered,
    tips,
    values,
)

UNDECIDED = "target not counted by the day"


def by_day(days: pd.DataFrame) -> Spec:
    """Answer rate of each queue and day, coloured by whether it reaches the target.

    Parameters
    ----------
    days
        queue, date, offered, answered, answer_rate, target (fractions), met (boolean); target and met are
        missing where the day does not decide.
    """
    shown = days.assign(
        day=days["date"].dt.strftime("%a %d %b"),
        order=days["date"].dt.strftime("%Y%m%d"),
        state=[_state(*row) for row in zip(days["answer_rate"], days["target"], days["met"], strict=True)],
        text=(100 * days["answer_rate"]).map("{:.1f} %".format).where(days["offered"] > 0, "–"),
    )
    order = shown.drop_duplicates("order").sort_values("order")["day"].tolist()
    short = len(order) > 14
    x = {
        "field": "day",
        "type": "ordinal",
        "sort": order,
        "axis": {
            "title": None,
            "orient": "top",
            "labelAngle": -40 if short else 0,
            "labelFlush": False,
            "labelBound": False,
            "ticks": False,
            "domain": False,
        },
    }
    y = {
        "field": "queue",
        "type": "nominal",
        "sort": None,
        "axis": {
            "title": None,
            "ticks": False,
            "domain": False,
            "labelLimit": 180,
            "labelFlush": False,
            "labelBound": False,
        },
    }
    domain = {
        "target reached": "#BFE3D0",
        "at most 1 point below": "#F6E3A8",
        "more than 1 point below": "#F3BDB5",
    }
    if days["met"].isna().any():
        domain[UNDECIDED] = "#DCE3E2"
    tip = tips(
        ("queue", "Queue"),
        ("day", "Day"),
        ("answer_rate", "Answer rate", ".2%"),
        ("target", "Target", ".1%"),
        ("offered", "Offered", ",.0f"),
        ("answered", "Answered", ",.0f"),
    )
    keep = ["queue", "day", "state", "text", "answer_rate", "target", "offered", "answered"]
    return layered(
        [
            {
                "mark": {"type": "rect", "cornerRadius": 3, "stroke": "#7F8C8A40"},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {
                        "field": "state",
                        "type": "nominal",
                        "scale": {"domain": list(domain), "range": list(domain.values())},
                        "legend": {"title": None, "orient": "bottom"},
                    },
                    "tooltip": tip,
                },
            },
            {
                "mark": {"type": "text", "fontSize": 10 if short else 12},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": {"field": "text"},
                    "color": {"value": DARK_INK},
                    "tooltip": tip,
                },
            },
        ],
        height={"step": 34},
        data=values(shown[keep]),
    )


def _state(rate: float, goal: float, met: bool | NAType) -> str:
    if pd.isna(met):
        return UNDECIDED
    if met:
        return "target reached"
    return "at most 1 point below" if rate >= goal - 0.01 else "more than 1 point below"
