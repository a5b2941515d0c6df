from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from data.domain import Agent, Contract, OpeningSpan, Queue, ShiftPattern
from data.errors import UnknownNameError
from scheduling.reach import counted, first_reached, workable
from scheduling.shifts import Horizon
from tests.scheduling.small_forecasts import flat_forecast

MONDAY = date(2026, 3, 2)
ZONE = "Asia/Shanghai"
DAY = ShiftPattern(id="day", start_earliest_min=360, start_latest_min=900, length_min=540)
NIGHT = ShiftPattern(id="night", start_earliest_min=1260, start_latest_min=1320, length_min=540)
STANDARD = Contract(id="standard")
AGENTS = (Agent(id="a", skills=frozenset({"cards"})),)


def round_the_clock(open_min: int = 0, close_min: int = 1440) -> Queue:
    hours = (OpeningSpan(open_min=open_min, close_min=close_min),)
    return Queue(id="cards", skill="cards", hours=hours, timezone=ZONE, interval_min=30)


def reached(
    *patterns: ShiftPattern,
    agents: Sequence[Agent] = AGENTS,
    contracts: Sequence[Contract] = (STANDARD,),
    first: date = MONDAY,
    days: int = 7,
    timezone: str = ZONE,
) -> str:
    horizon = Horizon(first, days, timezone)
    return f"{first_reached(round_the_clock(), agents, contracts, patterns, horizon):%d %H:%M}"


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ((DAY,), "02 00:00"),
        ((DAY, NIGHT), "02 06:00"),
        ((NIGHT,), "02 07:00"),
        ((ShiftPattern(id="late", start_earliest_min=900, start_latest_min=900, length_min=540),), "02 00:00"),
        ((ShiftPattern(id="later", start_earliest_min=900, start_latest_min=901, length_min=540, start_step_min=1),), "02 00:01"),
        ((DAY, ShiftPattern(id="early", start_earliest_min=0, start_latest_min=0), NIGHT), "02 00:00"),
    ],
    ids=["no night", "day and night", "nights only", "ends at midnight", "a minute past it", "begins at midnight"],
)  # fmt: skip
def test_a_queue_is_reached_from_the_first_shift_unless_no_night_could_have_come_before(
    patterns: tuple[ShiftPattern, ...], expected: str
) -> None:
    assert reached(*patterns) == expected


def test_only_nights_that_may_begin_on_the_eve_count() -> None:
    on_weekdays = ShiftPattern(
        id="night",
        weekdays=frozenset(range(5)),
        start_earliest_min=1260,
        start_latest_min=1320,
        length_min=540,
    )
    assert reached(DAY, on_weekdays) == "02 00:00"
    assert reached(DAY, on_weekdays, first=date(2026, 3, 3)) == "03 06:00"


def test_only_nights_of_people_with_the_skill_count() -> None:
    contracts = (Contract(id="days", patterns=frozenset({"day"})), Contract(id="any"))
    cards = Agent(id="a", skills=frozenset({"cards"}), contract="days")
    funds = Agent(id="b", skills=frozenset({"funds"}), contract="any")
    assert reached(DAY, NIGHT, agents=(cards, funds), contracts=contracts) == "02 00:00"
    both = Agent(id="b", skills=frozenset({"funds", "cards"}), contract="any")
    assert reached(DAY, NIGHT, agents=(cards, both), contracts=contracts) == "02 06:00"


def test_the_reach_is_on_the_local_clock_also_when_it_changes() -> None:
    # Sunday 29 March 2026, 02:00 to 03:00 does not exist: nine hours from 22:00 end at 08:00.
    assert reached(NIGHT, first=date(2026, 3, 29), timezone="Europe/Berlin") == "29 08:00"


def test_an_unknown_contract_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown contract 'standard'"):
        reached(DAY, contracts=())


def test_intervals_before_the_reach_are_left_out_and_told_with_their_contacts() -> None:
    queue = round_the_clock(1320, 1800)
    forecast = flat_forecast(queue, 2.0, days=2)
    parts = counted(
        forecast,
        [queue],
        agents=AGENTS,
        contracts=[STANDARD],
        patterns=[NIGHT],
        horizon=Horizon(MONDAY, 2, ZONE),
    )
    (row,) = parts.not_counted.to_dict("records")
    assert row["queue"] == "cards"
    assert row["start"] == datetime(2026, 3, 2, 0, 0, tzinfo=ZoneInfo(ZONE))
    assert row["end"] == datetime(2026, 3, 2, 6, 0, tzinfo=ZoneInfo(ZONE))
    assert row["offered"] == pytest.approx(24.0)
    assert parts.forecast["start"].min() == datetime(2026, 3, 2, 22, 0, tzinfo=ZoneInfo(ZONE))
    assert len(parts.forecast) == len(forecast) - 12


def test_an_interval_a_shift_reaches_in_part_is_left_out_whole() -> None:
    queue = round_the_clock()
    quarter = ShiftPattern(id="day", start_earliest_min=375, start_latest_min=375, length_min=1200)
    parts = counted(
        flat_forecast(queue, 2.0),
        [queue],
        agents=AGENTS,
        contracts=[STANDARD],
        patterns=[quarter],
        horizon=Horizon(MONDAY, 1, ZONE),
    )
    assert parts.not_counted["end"].tolist() == [pd.Timestamp("2026-03-02 02:30", tz=ZONE)]


def test_without_nights_everything_counts_and_nothing_is_told() -> None:
    queue = round_the_clock()
    forecast = flat_forecast(queue, 2.0)
    parts = counted(
        forecast,
        [queue],
        agents=AGENTS,
        contracts=[STANDARD],
        patterns=[DAY],
        horizon=Horizon(MONDAY, 1, ZONE),
    )
    pd.testing.assert_frame_equal(parts.forecast, forecast)
    assert parts.not_counted.empty
    assert parts.not_counted["start"].dtype == forecast["start"].dtype


@pytest.mark.parametrize(
    ("patterns", "agents", "expected"),
    [
        ((DAY,), AGENTS, 36 + 36),
        ((NIGHT,), AGENTS, 6 + 14 + 6),
        ((DAY, NIGHT), AGENTS, 36 + 48),
        ((NIGHT,), (), 96),
    ],
    ids=["06 to 24", "21 to 07", "around the clock but for the first night", "nobody yet"],
)
def test_work_can_be_done_where_shifts_of_the_horizon_reach(
    patterns: tuple[ShiftPattern, ...], agents: Sequence[Agent], expected: int
) -> None:
    queue = round_the_clock()
    starts = pd.DatetimeIndex(flat_forecast(queue, 1.0, first=MONDAY, days=2)["start"])
    within = workable(
        queue,
        starts,
        agents=agents,
        contracts=(STANDARD,),
        patterns=patterns,
        horizon=Horizon(MONDAY, 2, ZONE),
    )
    assert within.sum() == expected


def test_an_interval_that_a_shift_covers_in_part_is_none_to_work_in() -> None:
    queue = round_the_clock()
    odd = ShiftPattern(id="odd", start_earliest_min=495, start_latest_min=495, length_min=60)
    starts = pd.DatetimeIndex(flat_forecast(queue, 1.0, first=MONDAY)["start"])
    horizon = Horizon(MONDAY, 1, ZONE)
    within = workable(queue, starts, agents=AGENTS, contracts=(STANDARD,), patterns=(odd,), horizon=horizon)
    assert starts[within].tz_convert(ZONE).strftime("%H:%M").tolist() == ["08:30"]
