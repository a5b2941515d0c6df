from __future__ import annotations

from data.domain import Queue
from data.shrinkage import Availability, Shrinkage
from ui.tables.shrinkage import shrinkage


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
