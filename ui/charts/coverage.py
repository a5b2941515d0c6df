"""Agents rostered against required, and the answer rate that follows: two charts that stand under one another."""

from __future__ import annotations

import math

import pandas as pd

from ui.charts.base import (
    ANSWERED,
    LINES,
    MISSED,
    OFFERED,
    QUIET,
    Spec,
    amount,
    clock_axis,
    layered,
    series,
    stepped,
    tips,
    values,
    wall,
)

ROSTERED, REQUIRED = "Rostered", "Required"
AGENTS = {ROSTERED: ANSWERED, REQUIRED: MISSED}
RATE, TARGET, FLOOR = "Answer rate", "Target", "Floor"
RATES = {RATE: OFFERED, TARGET: QUIET, FLOOR: MISSED}
AXIS_WIDTH = 46
"""Room for the labels of both vertical axes, so that the two charts share their hours."""
TIPS = (
    ("label", "From"),
    ("rostered", "Rostered", ",.1f"),
    ("required", "Required", ",.1f"),
    ("offered", "Offered", ",.1f"),
    ("answer_rate", "Answer rate", ".1%"),
)


def agents(rows: pd.DataFrame, timezone: str) -> Spec:
    """Agents rostered and required per interval.

    Parameters
    ----------
    rows
        COVERAGE frame of one queue and day.
    timezone
        Zone of the queue.
    """
    shown = _shown(rows, timezone)
    x = clock_axis("x")
    x["axis"] = x["axis"] | {"title": None}
    area = {"type": "area", "interpolate": "step-after", "opacity": 0.35}
    line = {"type": "line", "interpolate": "step-after", "strokeWidth": 1.8}
    layers = []
    for mark, field, name in ((area, "rostered", ROSTERED), (line, "required", REQUIRED)):
        encoding = {"x": x, "y": _fixed(amount(field, "Agents")), "tooltip": tips(*TIPS)}
        layers.append(series(name, {"mark": mark, "encoding": encoding}, AGENTS))
    return layered(layers, height=250, data=values(shown))


def rates(rows: pd.DataFrame, timezone: str, target: float, floor: float) -> Spec:
    """Answer rate per interval, with the target and the floor.

    Parameters
    ----------
    rows
        COVERAGE frame of one queue and day.
    timezone
        Zone of the queue.
    target, floor
        Answer rate over the target's period, and least answer rate of an interval, 0–1.
    """
    shown = _shown(rows, timezone).assign(target=target, floor=floor)
    share = {"scale": {"domain": [_lowest(rows, floor), 1.0], "nice": False, "clamp": True}}
    lines = (
        (FLOOR, "floor", {"strokeWidth": 1.0, "strokeDash": [2, 3]}),
        (TARGET, "target", {"strokeWidth": 1.2, "strokeDash": [5, 3]}),
        (RATE, "answer_rate", {"strokeWidth": 1.8}),
    )
    layers = []
    for name, field, style in lines:
        y = _fixed(amount(field, "Answer rate", ".0%") | share)
        encoding = {"x": clock_axis("x"), "y": y, "tooltip": tips(*TIPS)}
        mark = {"type": "line", "interpolate": "step-after", **style}
        layers.append(series(name, {"mark": mark, "encoding": encoding}, RATES, LINES))
    return layered(layers, height=200, data=values(shown))


def _shown(rows: pd.DataFrame, timezone: str) -> pd.DataFrame:
    kept = stepped(rows[["start", "required", "rostered", "answer_rate", "offered"]])
    label = kept["start"].dt.tz_convert(timezone).dt.strftime("%a %d %b %H:%M")
    return kept.assign(x=wall(kept["start"], timezone), label=label).drop(columns="start")


def _fixed(y: Spec) -> Spec:
    return y | {"axis": y["axis"] | {"minExtent": AXIS_WIDTH, "maxExtent": AXIS_WIDTH}}


def _lowest(rows: pd.DataFrame, floor: float) -> float:
    """Bottom of the axis: a little under the floor, or under the worst interval."""
    worst = float(rows["answer_rate"].min())
    return max(0.0, (floor if math.isnan(worst) else min(floor, worst)) - 0.05)
