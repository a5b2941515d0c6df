"""Probability that a target is reached."""

from __future__ import annotations

import pandas as pd

from ui.charts.base import (
    LEGEND,
    Spec,
    amount,
    layered,
    midnight,
    tips,
    values,
)


def by_span(summary: pd.DataFrame) -> Spec:
    """Probability that each span of a target reaches it, with its 95 % interval, per queue.

    Parameters
    ----------
    summary
        queue, date (first local day of the span), over (the span in words), p_met, p_met_low, p_met_high (0–1),
        mean, q05, q95.
    """
    shown = summary.assign(x=midnight(summary["date"]), label=summary["over"]).drop(columns=["date", "over"])
    shown = shown.sort_values("x", kind="stable")
    count = int(shown["label"].nunique())
    colour = {"field": "queue", "type": "nominal", "legend": LEGEND}
    offset = {"field": "queue", "type": "nominal"}
    x = {
        "field": "label",
        "type": "ordinal",
        "sort": shown["label"].drop_duplicates().tolist(),
        "axis": {"title": None, "labelAngle": 0 if count <= 14 else -40, "labelFlush": False, "grid": False},
    }
    tip = tips(
        ("queue", "Queue"),
        ("label", "Over"),
        ("p_met", "P(target reached)", ".0%"),
        ("p_met_low", "from", ".0%"),
        ("p_met_high", "to", ".0%"),
        ("mean", "Mean answer rate", ".1%"),
        ("q05", "5 % of sampled times are below", ".1%"),
    )
    y = amount("p_met", "P(target reached)", ".0%") | {"scale": {"domain": [0, 1]}}
    return layered(
        [
            {
                "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6},
                "encoding": {
                    "x": x,
                    "xOffset": offset,
                    "y": y | {"field": "p_met_low"},
                    "y2": {"field": "p_met_high"},
                    "color": colour,
                    "tooltip": tip,
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60},
                "encoding": {"x": x, "xOffset": offset, "y": y, "color": colour, "tooltip": tip},
            },
        ],
        height=240,
        data=values(shown),
    )
