"""A day of shifts."""

from __future__ import annotations

import pandas as pd

from ui.charts.base import (
    LEGEND,
    QUIET,
    Spec,
    clock_axis,
    layered,
    on_canvas,
    tips,
    values,
)

ROW = 18
"""Height of a person's row in pixels."""


def day(bars: pd.DataFrame, colours: dict[str, str]) -> Spec:
    """One day's shifts with their breaks, a row a person.

    Parameters
    ----------
    bars
        From `ui.tables.rosters.gantt_bars`: person, begin, end (local, as `base.wall`), what, pattern, from, to.
    colours
        Colour by pattern.
    """
    people = bars["person"].drop_duplicates().tolist()
    x = clock_axis("begin") | {"title": None}
    x["axis"] = x["axis"] | {"orient": "top", "grid": True, "title": None}
    y = {
        "field": "person",
        "type": "nominal",
        "sort": people,
        "axis": {
            "title": None,
            "labelLimit": 190,
            "labelOverlap": False,
            "labelFlush": False,
            "labelBound": False,
            "labelFontSize": 10,
            "ticks": False,
            "domain": False,
        },
    }
    tip = tips(
        ("person", "Person"), ("pattern", "Pattern"), ("what", "Activity"), ("from", "From"), ("to", "To")
    )
    work = {
        "transform": [{"filter": "datum.what == 'work'"}],
        "mark": {"type": "bar", "height": {"band": 0.72}, "cornerRadius": 2},
        "encoding": {
            "x": x,
            "x2": {"field": "end"},
            "y": y,
            "color": {
                "field": "pattern",
                "type": "nominal",
                "scale": {"domain": list(colours), "range": list(colours.values())},
                "legend": LEGEND,
            },
            "tooltip": tip,
        },
    }
    rest = {
        "transform": [{"filter": "datum.what != 'work'"}],
        "mark": {"type": "bar", "height": {"band": 0.34}, "color": QUIET, "opacity": 0.55},
        "encoding": {"x": x, "x2": {"field": "end"}, "y": y, "tooltip": tip},
    }
    return on_canvas(layered([work, rest], height={"step": ROW}, data=values(bars)))
