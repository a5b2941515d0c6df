"""What every chart shares: colours, local times, axes, legends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

Spec = dict[str, Any]

OFFERED = "#4A86C0"
ANSWERED = "#2F9E83"
ACTUAL = "#D58236"
BEFORE = "#9A7FB5"
MISSED = "#D2605F"
QUIET = "#7F8C8A"
"""A grey that reads on both backgrounds: notes, rules, targets."""
SERIES = "series"
DARK_INK = "#22302F"
"""Text on a light cell, whatever the theme."""

DAY_HEIGHT = 340
LEGEND: Spec = {
    "title": None,
    "orient": "top",
    "direction": "horizontal",
    "offset": 4,
    "symbolOpacity": 1,
    "symbolType": "square",
    "labelLimit": 220,
}
"""Legend of areas and bars, above the plot."""
LINES: Spec = LEGEND | {"symbolType": "stroke", "symbolStrokeWidth": 3}
"""Legend of lines."""
UNDER_PEAKS: Spec = {"offset": 18}
"""What a legend needs more where a row of peaks stands between it and the plot."""
PEAK_ROW = -9
"""Where peaks stand, in pixels from the plot's top edge."""


def wall(starts: pd.Series, timezone: str) -> pd.Series:
    """Local wall-clock time of instants, written as if it were UTC."""
    local: pd.Series = starts.dt.tz_convert(timezone).dt.strftime("%Y-%m-%dT%H:%M:00Z")
    return local


def midnight(dates: pd.Series) -> pd.Series:
    """Local days, written as if their midnight were in UTC."""
    days: pd.Series = dates.dt.strftime("%Y-%m-%dT00:00:00Z")
    return days


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON knows them: nothing missing but null."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def values(frame: pd.DataFrame) -> Spec:
    """Data of a chart or layer."""
    return {"values": rows(frame)}


def days_axis(field: str, days: int) -> Spec:
    """Axis of local days: every day named up to two weeks, sparser beyond."""
    axis: Spec = {"title": None, "labelOverlap": True, "grid": False}
    if days <= 16:
        axis |= {"format": "%a %d %b", "tickCount": {"interval": "day", "step": 1}}
    elif days <= 62:
        axis |= {"format": "%d %b", "tickCount": {"interval": "week", "step": 1}}
    else:
        axis |= {"format": "%b %Y", "tickCount": {"interval": "month", "step": max(1, round(days / 400))}}
    return {"field": field, "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def clock_axis(field: str, days: int = 1) -> Spec:
    """Axis of the local time of day; the day is named at midnight when there are several."""
    axis: Spec = {
        "title": "Local time",
        "labelOverlap": True,
        "grid": False,
        "format": "%H:%M",
        "tickCount": 10,
    }
    if days > 1:
        named = "utcFormat(datum.value, utchours(datum.value) == 0 ? '%a %d %b' : '%H:%M')"
        axis |= {"title": None, "labelExpr": named, "tickCount": 14}
    return {"field": field, "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def amount(field: str, title: str, form: str = ",.0f", *, zero: bool = True) -> Spec:
    """Axis of an amount."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"zero": zero, "nice": True},
        "axis": {"title": title, "format": form, "tickCount": 5}
        | ({"tickMinStep": 1} if form == ",.0f" else {}),
    }


def series(name: str, layer: Spec, palette: Mapping[str, str], legend: Spec = LEGEND) -> Spec:
    """Give a layer a name and the colour that goes with it; all layers of a chart share one legend."""
    colour = {
        "field": SERIES,
        "type": "nominal",
        "scale": {"domain": list(palette), "range": list(palette.values())},
        "legend": legend,
    }
    # A constant column: Vega-Lite's schema lets a plain constant have neither scale nor legend.
    constant = {"calculate": f"'{name}'", "as": SERIES}
    return layer | {"transform": [constant], "encoding": layer["encoding"] | {"color": colour}}


def tips(*fields: tuple[str, str] | tuple[str, str, str]) -> list[Spec]:
    """Tooltip of (field, title) for texts and (field, title, format) for numbers."""
    found = []
    for field, title, *form in fields:
        tip: Spec = {"field": field, "title": title}
        found.append(tip | ({"type": "quantitative", "format": form[0]} if form else {"type": "nominal"}))
    return found


def layered(layers: Sequence[Spec], *, height: int | Spec, data: Spec | None = None) -> Spec:
    """Layers over one another."""
    spec: Spec = {"height": height, "layer": list(layers)}
    return spec | ({"data": data} if data else {})


def on_canvas(spec: Spec) -> Spec:
    """Draw on a canvas: thousands of marks stay quick."""
    return spec | {"usermeta": {"embedOptions": {"renderer": "canvas"}}}


def peak_layers(marks: pd.DataFrame, days: int) -> list[Spec]:
    """Peaks along the top edge: a triangle a day with its peaks as tooltip, their names where there is room.

    Parameters
    ----------
    marks
        Columns date (local day), peaks (their names, joined).
    days
        Days the chart shows.
    """
    if marks.empty:
        return []
    data = values(
        marks.assign(day=midnight(marks["date"]), label=marks["date"].dt.strftime("%a %d %b %Y"))[
            ["day", "label", "peaks"]
        ]
    )
    x = {"field": "day", "type": "temporal", "scale": {"type": "utc"}}
    point = {
        "data": data,
        "mark": {
            "type": "point",
            "shape": "triangle-down",
            "filled": True,
            "size": 50 if days <= 120 else 14,
            "color": QUIET,
            "opacity": 0.9,
        },
        "encoding": {"x": x, "y": {"value": PEAK_ROW}, "tooltip": tips(("label", "Day"), ("peaks", "Peaks"))},
    }
    text = {
        "data": data,
        "mark": {"type": "text", "align": "left", "dx": 7, "fontSize": 11, "color": QUIET, "limit": 150},
        "encoding": {
            "x": x,
            "y": {"value": PEAK_ROW},
            "text": {"field": "peaks"},
            "tooltip": tips(("label", "Day"), ("peaks", "Peaks")),
        },
    }
    return [point, text] if days <= 8 else [point]


def stepped(rows: pd.DataFrame) -> pd.DataFrame:
    """Add to rows of intervals what a step line needs: an end to each stretch without a hole, and a break after it.

    Parameters
    ----------
    rows
        start (instant) in order, and figures.
    """
    if len(rows) < 2:
        return rows
    step = rows["start"].diff().min()
    last = rows["start"].diff().shift(-1).ne(step)
    ends = rows.loc[last].assign(start=rows["start"] + step)
    breaks = ends.iloc[:-1][["start"]]
    joined = pd.concat([rows.assign(_order=0), ends.assign(_order=1), breaks.assign(_order=2)])
    return (
        joined.sort_values(["start", "_order"], kind="stable").drop(columns="_order").reset_index(drop=True)
    )


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value
