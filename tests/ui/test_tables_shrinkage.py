from __future__ import annotations

import pandas as pd
import pytest

from data.domain import Queue
from data.shrinkage import Availability, Shrinkage
from ui.plan.lost_hours import lost_hours
from ui.tables.shrinkage import lost_days, shrinkage


def test_every_factor_of_a_queue_has_a_row_with_its_time() -> None:
    queue = Queue(
        id="cards",
        shrinkage=0.2,
        shrinkages=(
            Shrinkage(
                cause="training",
                share=0.1,
                planned=True,
                weekdays=frozenset({0}),
                open_min=600,
                close_min=720,
            ),
            Shrinkage(cause="late", share=0.05, open_min=1320, close_min=1560),
        ),
        adherence=0.9,
        availability=(Availability(factor=1.1),),
    )
    found = shrinkage([Queue(id="plain"), queue])
    assert found.drop(columns="Factor").to_numpy().tolist() == [
        ["cards", "shrinkage", "", "every day", "all day"],
        ["cards", "training", "planned", "Mon", "10:00–12:00"],
        ["cards", "late", "unplanned", "every day", "22:00–02:00"],
        ["cards", "adherence", "", "every day", "all day"],
        ["cards", "availability", "fitted from history", "every day", "all day"],
    ]
    assert found["Factor"].tolist() == [0.8, 0.9, 0.95, 0.9, 1.1]
    assert shrinkage([Queue(id="plain")]).empty


def test_hours_not_on_contacts_are_named_by_their_cause() -> None:
    queue = Queue(
        id="cards", shrinkage=0.2, shrinkages=(Shrinkage(cause="training", share=0.1, planned=True),)
    )
    starts = pd.date_range("2026-11-23", periods=4, freq="30min", tz="UTC")
    required = pd.DataFrame({"queue": "cards", "start": starts, "agents": 7.2, "staff": 10.0})
    found = lost_days(lost_hours([queue], required))
    assert found[["Queue", "Day", "What", "Kind"]].to_numpy().tolist() == [
        ["cards", "Mon 23 Nov", "shrinkage at any time", ""],
        ["cards", "Mon 23 Nov", "training", "planned shrinkage"],
    ]
    assert found["Hours"].sum() == pytest.approx(2 * (10.0 - 7.2))
