"""Forecasts of one queue: days, intervals, handle time, and what the methods scored."""

from __future__ import annotations

import pandas as pd

from ui.charts.base import (
    ACTUAL,
    BEFORE,
    DAY_HEIGHT,
    LEGEND,
    LINES,
    OFFERED,
    UNDER_PEAKS,
    Spec,
    amount,
    clock_axis,
    days_axis,
    layered,
    midnight,
    peak_layers,
    series,
    stepped,
    tips,
    values,
    wall,
)

INTERVAL_HEIGHT = 320
MEAN, WIDE, NARROW = "Forecast (mean)", "90 % band", "50 % band"
HAPPENED, YEAR_BEFORE = "Actual", "52 weeks before"
PALETTE = {MEAN: OFFERED, NARROW: "#4A86C066", WIDE: "#4A86C033", HAPPENED: ACTUAL, YEAR_BEFORE: BEFORE}

FORECAST, RECENT = "Forecast", "Last 8 such weekdays"
AHT_PALETTE = {FORECAST: OFFERED, RECENT: ACTUAL}


def day_totals(days: pd.DataFrame, marks: pd.DataFrame) -> Spec:
    """Forecast per local day with its bands, what happened and what was a year before.

    Parameters
    ----------
    days
        From `ui.tables.forecasts.days`: date, mean, q05, q25, q75, q95, actual, before.
    marks
        Days with peaks: date, peaks.
    """
    shown = days.assign(x=midnight(days["date"]), label=days["date"].dt.strftime("%a %d %b %Y")).drop(
        columns="date"
    )
    x = days_axis("x", len(days))
    layers = _bands(shown, x, "Contacts per day", LEGEND | UNDER_PEAKS, points=len(days) <= 62)
    return layered([*layers, *peak_layers(marks, len(days))], height=DAY_HEIGHT, data=values(shown))


def intervals(rows: pd.DataFrame, timezone: str) -> Spec:
    """Forecast per interval of one local day, drawn as `day_totals`.

    Parameters
    ----------
    rows
        start (instant), mean, q05, q25, q75, q95, actual, before.
    timezone
        Zone of the queue.
    """
    local = rows["start"].dt.tz_convert(timezone)
    shown = rows.assign(x=wall(rows["start"], timezone), label=local.dt.strftime("%a %d %b %H:%M")).drop(
        columns="start"
    )
    layers = _bands(shown, clock_axis("x"), "Contacts per interval", LEGEND, points=False)
    return layered(layers, height=INTERVAL_HEIGHT, data=values(shown))


def handle_time(rows: pd.DataFrame, timezone: str) -> Spec:
    """Expected handle time by time of day beside what it was.

    Parameters
    ----------
    rows
        start (instant), aht_s, actual_aht_s.
    timezone
        Zone of the queue.
    """
    kept = stepped(rows)
    local = kept["start"].dt.tz_convert(timezone)
    shown = kept.assign(x=wall(kept["start"], timezone), label=local.dt.strftime("%H:%M"))
    shown = shown[["x", "label", "aht_s", "actual_aht_s"]]
    tip = tips(
        ("label", "From"), ("aht_s", "Forecast, s", ".0f"), ("actual_aht_s", "Last 8 such weekdays, s", ".0f")
    )
    layers = []
    for name, field, dash in ((RECENT, "actual_aht_s", [3, 3]), (FORECAST, "aht_s", [1, 0])):
        mark = {"type": "line", "strokeWidth": 1.8, "interpolate": "step-after", "strokeDash": dash}
        y = amount(field, "AHT, s", zero=False)
        line = {"mark": mark, "encoding": {"x": clock_axis("x"), "y": y, "tooltip": tip}}
        layers.append(series(name, line, AHT_PALETTE, LINES))
    return layered(layers, height=INTERVAL_HEIGHT, data=values(shown))


def origins(scores: pd.DataFrame) -> Spec:
    """WAPE of each method from each origin of a back-test: method, origin (instant), wape."""
    shown = scores.assign(
        x=scores["origin"].dt.strftime("%Y-%m-%dT00:00:00Z"), label=scores["origin"].dt.strftime("%d %b %Y")
    )
    return {
        "height": 260,
        "data": values(shown.drop(columns="origin")),
        "mark": {"type": "line", "point": True, "strokeWidth": 1.6},
        "encoding": {
            "x": days_axis("x", 60)
            | {
                "axis": {
                    "title": "Forecast made on",
                    "format": "%d %b %Y",
                    "labelOverlap": True,
                    "grid": False,
                }
            },
            "y": amount("wape", "WAPE", ".0%"),
            "color": {"field": "method", "type": "nominal", "legend": LINES},
            "tooltip": tips(("method", "Method"), ("label", "Made on"), ("wape", "WAPE", ".1%")),
        },
    }


def _bands(shown: pd.DataFrame, x: Spec, title: str, legend: Spec, *, points: bool) -> list[Spec]:
    tip = tips(
        ("label", "From"),
        ("mean", "Forecast (mean)", ",.1f"),
        ("q05", "5 % are below", ",.1f"),
        ("q25", "25 % are below", ",.1f"),
        ("q75", "75 % are below", ",.1f"),
        ("q95", "95 % are below", ",.1f"),
        ("actual", "Actual", ",.0f"),
        ("before", "52 weeks before", ",.0f"),
    )
    fields = {YEAR_BEFORE: "before", HAPPENED: "actual", MEAN: "mean", WIDE: "q05", NARROW: "q05"}
    palette = {name: PALETTE[name] for name in PALETTE if shown[fields[name]].notna().any()}
    area: Spec = {"type": "area", "line": False}
    marks = (
        (WIDE, "q05", "q95", area),
        (NARROW, "q25", "q75", area),
        (YEAR_BEFORE, "before", None, {"type": "line", "strokeWidth": 1.2, "strokeDash": [4, 3]}),
        (MEAN, "mean", None, {"type": "line", "strokeWidth": 2.2, "point": points}),
        (HAPPENED, "actual", None, {"type": "line", "strokeWidth": 1.8, "point": points}),
    )
    layers = []
    for name, field, upper, mark in marks:
        if name not in palette:
            continue
        encoding = {"x": x, "y": amount(field, title), "tooltip": tip}
        if upper is not None:
            encoding["y2"] = {"field": upper}
        layers.append(series(name, {"mark": mark, "encoding": encoding}, palette, legend))
    return layers
