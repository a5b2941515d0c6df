from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain import Agent, Assignment, Break, PlacedActivity, Roster
from data.errors import InputError, SchemaError
from data.rosters import roster_frame, roster_from_frame
from data.schema import ROSTER, check

DAY = date(2026, 11, 23)
AGENTS = tuple(Agent(id=f"A{place}", skills=frozenset({"cards", "funds"})) for place in range(3))


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def shift(agent: str = "A0", day: date = DAY, start: int = 9, end: int = 18, *breaks: Break) -> Assignment:
    return Assignment(
        agent_id=agent,
        day=day,
        pattern="day_9h",
        start=at(start, day=day),
        end=at(end, day=day),
        breaks=breaks,
    )


def roster(*assignments: Assignment) -> Roster:
    return Roster(name="week", first=DAY, days=7, timezone="Asia/Shanghai", assignments=assignments)


def back(frame: pd.DataFrame) -> Roster:
    return roster_from_frame(frame, "week", DAY, 7, "Asia/Shanghai")


MEAL = Break(kind="meal", start=at(12), end=at(13), paid=False)
REST = Break(kind="rest", start=at(15), end=at(15, 15), paid=True)


def test_the_rows_of_a_shift_touch_and_a_paid_break_says_so() -> None:
    frame = roster_frame(roster(shift("A0", DAY, 9, 18, REST, MEAL)), AGENTS)
    assert check(frame, ROSTER) == []
    assert frame["activity"].tolist() == ["work", "meal", "work", "rest:paid", "work"]
    assert frame["start"].tolist()[1:] == frame["end"].tolist()[:-1]
    assert frame["skill"].unique().tolist() == ["cards;funds"]
    assert frame["date"].unique().tolist() == [pd.Timestamp(DAY)]


def test_a_break_at_the_very_start_or_end_leaves_no_empty_stretch_of_work() -> None:
    first = Break(kind="briefing", start=at(9), end=at(9, 15), paid=True)
    last = Break(kind="rest", start=at(17, 45), end=at(18), paid=True)
    given = roster(shift("A0", DAY, 9, 18, first, last))
    frame = roster_frame(given, AGENTS)
    assert frame["activity"].tolist() == ["briefing:paid", "work", "rest:paid"]
    assert back(frame) == given


def test_two_shifts_of_one_person_on_one_day_stay_two() -> None:
    given = roster(shift("A0", DAY, 6, 10), shift("A0", DAY, 14, 18))
    assert back(roster_frame(given, AGENTS)) == given


def test_a_roster_without_shifts_comes_back_empty() -> None:
    frame = roster_frame(roster(), AGENTS)
    assert len(frame) == 0
    assert check(frame, ROSTER) == []
    assert back(frame) == roster()


def test_instants_survive_a_night_on_which_the_clock_goes_back() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 24, 22, tzinfo=zone)
    end = datetime(2026, 10, 25, 6, tzinfo=zone)
    night = Assignment(agent_id="A0", day=start.date(), pattern="night", start=start, end=end)
    given = Roster(name="n", first=start.date(), days=1, timezone="Europe/Berlin", assignments=(night,))
    read = roster_from_frame(roster_frame(given, AGENTS), "n", start.date(), 1, "Europe/Berlin")
    assert read == given
    assert read.assignments[0].paid == timedelta(hours=9)


def test_someone_who_is_no_agent_is_named() -> None:
    with pytest.raises(InputError, match="unknown agents: B7"):
        roster_frame(roster(shift("B7"), shift("A0")), AGENTS)


def test_rows_of_one_person_that_overlap_are_refused_and_touching_ones_are_not() -> None:
    frame = roster_frame(roster(shift("A0", DAY, 9, 12), shift("A0", DAY, 12, 15)), AGENTS)
    assert len(back(frame).assignments) == 1
    overlapping = pd.concat([frame, frame.assign(start=frame["start"] + pd.Timedelta(minutes=30))])
    with pytest.raises(InputError, match="A0 has rows that overlap at 2026-11-23 12:00"):
        back(overlapping)


def test_a_frame_that_is_no_roster_is_refused() -> None:
    frame = roster_frame(roster(shift()), AGENTS)
    with pytest.raises(SchemaError, match="activity"):
        back(frame.drop(columns="activity"))


@st.composite
def shifts(draw: st.DrawFn) -> Assignment:
    agent, offset = draw(st.sampled_from(["A0", "A1", "A2"])), draw(st.integers(0, 6))
    day = DAY + timedelta(days=offset)
    start, length = draw(st.integers(0, 13)), draw(st.integers(2, 10))
    cuts = sorted(draw(st.sets(st.integers(0, 4 * length), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    base = at(start, day=day)
    breaks = tuple(
        Break(
            kind=draw(st.sampled_from(["meal", "rest"])),
            start=base + timedelta(minutes=15 * first),
            end=base + timedelta(minutes=15 * last),
            paid=draw(st.booleans()),
        )
        for first, last in pairs
    )
    end = base + timedelta(hours=length)
    return Assignment(agent_id=agent, day=day, pattern="p", start=base, end=end, breaks=breaks)


@settings(max_examples=60)
@given(st.lists(shifts(), max_size=8, unique_by=lambda assignment: (assignment.agent_id, assignment.day)))
def test_every_roster_comes_back_as_it_was(given_shifts: list[Assignment]) -> None:
    ordered = sorted(given_shifts, key=lambda assignment: (assignment.agent_id, assignment.start))
    given_roster = roster(*ordered)
    assert back(roster_frame(given_roster, AGENTS)) == given_roster


def test_activities_come_back_from_the_frame_beside_paid_breaks_of_any_name() -> None:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def at(hour: float) -> datetime:
        return start + timedelta(hours=hour)

    shift = Assignment(
        agent_id="A1",
        day=start.date(),
        pattern="day",
        start=start,
        end=at(8),
        breaks=(
            Break(kind="activity", start=at(2), end=at(3), paid=True),
            Break(kind="meal", start=at(4), end=at(5), paid=False),
        ),
        activities=(
            PlacedActivity(activity="fraud update", kind="training", start=at(1), end=at(2)),
            PlacedActivity(activity="paid", kind="activity", start=at(5), end=at(6)),
        ),
    )
    roster = Roster(name="r", first=start.date(), days=1, timezone="UTC", assignments=(shift,))
    frame = roster_frame(roster, [Agent(id="A1", skills=frozenset({"cards"}))])
    assert frame["activity"].tolist() == [
        "work",
        "activity:training:fraud update",
        "activity:paid",
        "work",
        "meal",
        "activity:activity:paid",
        "work",
    ]
    assert roster_from_frame(frame, "r", start.date(), 1, "UTC") == roster
    assert shift.paid == timedelta(hours=7)
