"""The calendar of peaks, a month a panel."""

from __future__ import annotations

import pandas as pd

from ui.charts.base import DARK_INK, LEGEND, QUIET, Spec, tips, values

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
KIND_COLOURS = {
    "billing": "#9CC3E6",
    "repayment": "#F2B8A0",
    "dividend": "#B9DDB0",
    "session": "#7F9DA54D",
    "holiday": "#F4B9C4",
    "makeup": "#E9DFA5",
    "payday": "#A9DDD3",
    "campaign": "#D3BFE8",
    "outage": "#E39A9A",
    "event": "#F0D9B5",
    "several": "#F3C969",
    "none": "#00000000",
}
SIZE = 32
PROVISIONAL = "#C9762B"


def calendar(cells: pd.DataFrame) -> Spec:
    """Days of a span as a grid of weeks, coloured by the kind of peak that falls on them.

    Parameters
    ----------
    cells
        From `ui.tables.peaks.calendar_cells`: month, month_name, week, weekday, day, kind, peaks, label, note,
        provisional.
    """
    kinds = [kind for kind in KIND_COLOURS if kind != "none" and (cells["kind"] == kind).any()]
    tip = tips(("label", "Day"), ("peaks", "Peaks"), ("note", "Calendar"))
    place = {
        "x": {
            "field": "weekday",
            "type": "ordinal",
            "scale": {"domain": WEEKDAYS},
            "axis": {
                "title": None,
                "orient": "top",
                "labelAngle": 0,
                "labelFlush": False,
                "labelBound": False,
                "labelPadding": 2,
                "ticks": False,
                "domain": False,
            },
        },
        "y": {"field": "week", "type": "ordinal", "axis": None},
        "tooltip": tip,
    }
    box = {"type": "rect", "cornerRadius": 3, "strokeWidth": 1}
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": [*kinds, "none"], "range": [KIND_COLOURS[kind] for kind in [*kinds, "none"]]},
        "legend": LEGEND | {"values": kinds} if kinds else None,
    }
    ink = {
        "condition": {"test": "datum.kind == 'none' || datum.kind == 'session'", "value": QUIET},
        "value": DARK_INK,
    }
    return {
        "data": values(cells),
        "columns": 4,
        "facet": {
            "field": "month_name",
            "type": "nominal",
            "sort": cells["month_name"].drop_duplicates().tolist(),
            "header": {"title": None, "labelFontWeight": "bold", "labelAnchor": "start", "labelPadding": 2},
        },
        "spacing": 20,
        "resolve": {"axis": {"x": "independent"}},
        "spec": {
            "width": 7 * SIZE,
            "height": 6 * 26,
            "layer": [
                {"mark": box | {"stroke": "#7F8C8A40"}, "encoding": place | {"color": colour}},
                {
                    "transform": [{"filter": "datum.provisional"}],
                    "mark": box
                    | {"filled": False, "stroke": PROVISIONAL, "strokeWidth": 1.4, "strokeDash": [3, 2]},
                    "encoding": place,
                },
                {
                    "mark": {"type": "text", "fontSize": 11},
                    "encoding": place | {"text": {"field": "day", "type": "quantitative"}, "color": ink},
                },
            ],
        },
    }
