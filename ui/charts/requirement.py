"""What some days require."""

from __future__ import annotations

import pandas as pd

from ui.charts.base import (
    LEGEND,
    Spec,
    amount,
    clock_axis,
    tips,
    values,
    wall,
)


def people(frame: pd.DataFrame, timezone: str, days: int) -> Spec:
    """People needed over the horizon, queues stacked.

    Parameters
    ----------
    frame
        From `ui.tables.rosters.stacked_staff`: queue, start (instant), staff.
    timezone
        Zone the days are shown in.
    days
        Days shown.
    """
    local = frame["start"].dt.tz_convert(timezone)
    shown = frame.assign(x=wall(frame["start"], timezone), label=local.dt.strftime("%a %d %b %H:%M"))
    return {
        "height": 260,
        "data": values(shown[["x", "label", "queue", "staff"]]),
        "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.85},
        "encoding": {
            "x": clock_axis("x", days),
            "y": amount("staff", "People") | {"stack": "zero"},
            "color": {"field": "queue", "type": "nominal", "legend": LEGEND},
            "tooltip": tips(("label", "From"), ("queue", "Queue"), ("staff", "People", ",.1f")),
        },
    }
