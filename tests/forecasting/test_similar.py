from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from data.domain import Channel, OpeningSpan, Queue
from forecasting.similar import propose
from tests.forecasting.hotline import QUEUE, after, make_history, midnight

CUTOFF = midnight(after(84))
YOUNG = replace(QUEUE, id="young", skill="")


def late_history(queue: Queue, days: int = 84) -> pd.DataFrame:
    rows = make_history(queue, first=after(84 - days), days=days, level=60.0)
    rising = rows.index.to_numpy() % 20 / 10
    return rows.assign(offered=np.round(rows["offered"] * rising))


def test_the_queue_with_the_same_hours_and_channel_comes_first_with_its_reasons() -> None:
    day = replace(QUEUE, id="day")
    night = replace(QUEUE, id="night", hours=(OpeningSpan(open_min=18 * 60, close_min=24 * 60),))
    chat = replace(QUEUE, id="chat", channel=Channel.CHAT)
    history = pd.concat([make_history(queue) for queue in (day, night, chat)], ignore_index=True)
    found = propose(YOUNG, (night, chat, day), history, cutoff=CUTOFF)
    assert [each.queue for each in found] == ["day", "chat", "night"]
    assert "the same channel, voice" in found[0].reasons
    assert "another channel: chat, not voice" in found[1].reasons
    assert "0% of the opening hours of either are open in both" in found[2].reasons
    assert all(0 <= each.score <= 1 for each in found)


def test_a_few_days_of_its_own_tell_whose_pattern_a_queue_has() -> None:
    early, late = replace(QUEUE, id="early"), replace(QUEUE, id="late")
    others = pd.concat([make_history(early), late_history(late)], ignore_index=True)
    own = late_history(YOUNG, days=5)
    without = propose(YOUNG, (early, late), others, cutoff=CUTOFF)
    assert without[0].score == without[1].score
    found = propose(YOUNG, (early, late), pd.concat([others, own], ignore_index=True), cutoff=CUTOFF)
    assert [each.queue for each in found] == ["late", "early"]
    assert any("of its 5 days fall alike" in reason for reason in found[0].reasons)


def test_a_queue_with_little_history_counts_less_and_one_with_less_than_a_week_not_at_all() -> None:
    old, new, newest = (replace(QUEUE, id=name) for name in ("old", "new", "newest"))
    history = pd.concat(
        [
            make_history(old),
            make_history(new, first=after(63), days=21),
            make_history(newest, first=after(80), days=4),
        ],
        ignore_index=True,
    )
    found = propose(YOUNG, (newest, new, old, YOUNG), history, cutoff=CUTOFF)
    assert [each.queue for each in found] == ["old", "new"]
    assert found[1].reasons[-1] == "only 21 days of history"


def test_nobody_is_proposed_where_nobody_can_be() -> None:
    silent = replace(QUEUE, id="silent")
    history = make_history(silent).assign(offered=0.0)
    faulty = replace(QUEUE, id="faulty")
    history = pd.concat([history, make_history(faulty).assign(offered=-1.0)], ignore_index=True)
    assert propose(YOUNG, (silent, faulty, YOUNG), history, cutoff=CUTOFF) == []


def test_what_comes_after_the_cutoff_proposes_nobody() -> None:
    other = replace(QUEUE, id="other")
    assert propose(YOUNG, (other,), make_history(other, first=after(84)), cutoff=CUTOFF) == []
