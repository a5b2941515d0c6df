"""The history of one queue."""

from __future__ import annotations

import pandas as pd

from ui.charts.base import (
    ANSWERED,
    DAY_HEIGHT,
    LEGEND,
    MISSED,
    OFFERED,
    UNDER_PEAKS,
    Spec,
    amount,
    days_axis,
    layered,
    midnight,
    peak_layers,
    series,
    tips,
    values,
)

OFFERED_NAME, ANSWERED_NAME, GAP = "Offered", "Answered", "Nothing imported"
PALETTE = {OFFERED_NAME: OFFERED, ANSWERED_NAME: ANSWERED, GAP: MISSED}


def day_totals(days: pd.DataFrame, marks: pd.DataFrame) -> Spec:
    """Offered and answered per local day; days without figures stay open and are tinted.

    Parameters
    ----------
    days
        From `ui.tables.history.day_totals`: date, offered, answered, answer_rate, missing.
    marks
        Days with peaks: date, peaks.
    """
    # Closed days are bridged, days that lack their figures break the line.
    kept = days.loc[days["missing"] | days["offered"].notna()]
    shown = kept.assign(day=midnight(kept["date"]), label=kept["date"].dt.strftime("%a %d %b %Y"))
    x = days_axis("day", len(days))
    tip = tips(
        ("label", "Day"),
        ("offered", "Offered", ",.0f"),
        ("answered", "Answered", ",.0f"),
        ("answer_rate", "Answer rate", ".1%"),
    )
    fields = ["day", "label", "offered", "answered", "answer_rate"]
    ends = midnight(shown["date"] + pd.Timedelta(days=1))
    gaps = shown.assign(end=ends).loc[shown["missing"]]
    palette = PALETTE if len(gaps) else {name: PALETTE[name] for name in (OFFERED_NAME, ANSWERED_NAME)}
    legend = LEGEND | UNDER_PEAKS
    layers: list[Spec] = []
    if len(gaps):
        gap = {
            "data": values(gaps[["day", "end", "label"]]),
            "mark": {"type": "rect", "opacity": 0.18},
            "encoding": {"x": x, "x2": {"field": "end"}, "tooltip": tips(("label", GAP))},
        }
        layers.append(series(GAP, gap, palette, legend))
    line = {"type": "line", "strokeWidth": 1.6 if len(days) < 400 else 1.1, "point": len(days) <= 62}
    area = {"type": "area", "opacity": 0.3, "line": False}
    for name, field, mark in ((ANSWERED_NAME, "answered", area), (OFFERED_NAME, "offered", line)):
        encoding = {"x": x, "y": amount(field, "Contacts per day"), "tooltip": tip}
        layers.append(series(name, {"mark": mark, "encoding": encoding}, palette, legend))
    return layered([*layers, *peak_layers(marks, len(days))], height=DAY_HEIGHT, data=values(shown[fields]))
