from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from data.domain import Agent, Assignment, Contract, Roster, ShiftPattern, Wish
from data.errors import UnknownNameError
from scheduling.compare import Comparison, compare
from scheduling.unsocial import is_night
from scheduling.wishes_kept import wishes_kept

MONDAY = date(2026, 3, 2)
PATTERNS = (ShiftPattern(id="day", cost_per_h=1.0), ShiftPattern(id="dear", cost_per_h=2.0))
CONTRACTS = (Contract(id="standard", cost_per_h=10.0),)
AGENTS = (
    Agent(
        id="A",
        name="Ann",
        skills=frozenset({"x"}),
        wishes=(Wish(day=MONDAY), Wish(day=MONDAY, pattern="dear")),
    ),
    Agent(id="B", name="Bob", skills=frozenset({"x"}), wishes=(Wish(day=MONDAY + timedelta(days=90)),)),
)


def shift(agent: str, day: int, start_h: float, hours: float = 8, pattern: str = "day") -> Assignment:
    start = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day, hours=start_h)
    return Assignment(
        agent_id=agent,
        day=MONDAY + timedelta(days=day),
        pattern=pattern,
        start=start,
        end=start + timedelta(hours=hours),
    )


def roster(*shifts: Assignment, timezone: str = "UTC") -> Roster:
    return Roster(name="r", first=MONDAY, days=7, timezone=timezone, assignments=shifts)


def day_rates(**rates: float) -> pd.DataFrame:
    frame = pd.DataFrame({"queue": list(rates), "answer_rate": list(rates.values())})
    return frame.assign(date=pd.Timestamp(MONDAY))


def targets(*met: bool) -> pd.DataFrame:
    return pd.DataFrame({"met": met})


def compared(first: Roster, second: Roster, **frames: pd.DataFrame) -> Comparison:
    return compare(
        first,
        second,
        agents=AGENTS,
        contracts=CONTRACTS,
        patterns=PATTERNS,
        days_before=frames.get("before", day_rates(x=0.96)),
        days_after=frames.get("after", day_rates(x=0.96)),
        targets_before=frames.get("targets_before", targets(True)),
        targets_after=frames.get("targets_after", targets(True)),
    )


def total(found: Comparison, measure: str) -> tuple[float, float]:
    row = found.totals.set_index("measure").loc[measure]
    return float(row["before"]), float(row["after"])


def test_a_roster_and_itself_do_not_differ() -> None:
    one = roster(shift("A", 0, 9), shift("B", 1, 9))
    found = compared(one, one)
    assert found.changes.empty
    assert (found.totals["difference"] == 0).all()
    assert (found.people["changed_days"] == 0).all()


def test_each_changed_person_and_day_is_listed_once_with_both_shifts() -> None:
    found = compared(
        roster(shift("A", 0, 9), shift("B", 1, 9)),
        roster(shift("A", 0, 10), shift("B", 1, 9), shift("B", 2, 7)),
    )
    rows = found.changes[["name", "before", "after"]].to_numpy().tolist()
    assert rows == [["Ann", "day 09:00–17:00", "day 10:00–18:00"], ["Bob", "", "day 07:00–15:00"]]
    assert found.people["changed_days"].tolist() == [1, 1]


def test_cost_counts_contract_and_pattern() -> None:
    found = compared(roster(shift("A", 0, 9)), roster(shift("A", 0, 9, pattern="dear")))
    assert total(found, "cost") == (80.0, 160.0)
    assert total(found, "paid hours") == (8.0, 8.0)


def test_cost_counts_what_is_paid_beyond_the_rate_and_shares_count_the_weeks_before() -> None:
    paid = Contract(id="standard", cost_per_h=10.0, regular_h_per_week=8, overtime_pay=1.5)
    one, two = roster(shift("A", 0, 9), shift("A", 1, 9)), roster(shift("A", 0, 9), shift("B", 1, 9))
    frames = {"days_before": day_rates(), "days_after": day_rates()}
    frames |= {"targets_before": targets(True), "targets_after": targets(True)}
    found = compare(
        one,
        two,
        agents=AGENTS,
        contracts=[paid],
        patterns=PATTERNS,
        history_after=[shift("B", -7, 22), shift("B", -6, 22)],
        **frames,
    )
    assert total(found, "cost") == (200.0, 160.0)
    assert total(found, "overtime hours") == (8.0, 0.0)
    # Two nights of Bob, who was there for fourteen days, as Ann was not: 2 · 7 / 21 of them are hers.
    assert total(found, "unfairness") == (0.0, pytest.approx(2 * 2 * (2 / 3) ** 2))
    assert total(found, "weight of wishes granted") == (0.0, 0.0)


@pytest.mark.parametrize(
    ("start_h", "hours", "night"),
    [(6, 8, False), (5.75, 8, True), (14, 8, False), (14.25, 8, True), (22, 8, True), (21.75, 0.25, False)],
)
def test_a_night_touches_the_hours_from_22_to_6(start_h: float, hours: float, night: bool) -> None:  # noqa: FBT001
    assert is_night(shift("A", 0, start_h, hours), "UTC") is night


def test_nights_are_local() -> None:
    assert is_night(shift("A", 0, 14), "Asia/Shanghai")
    assert not is_night(shift("A", 0, 1), "Asia/Shanghai")


def test_weekends_begin_on_saturday() -> None:
    found = compared(roster(shift("A", 4, 9)), roster(shift("A", 5, 9), shift("A", 6, 9)))
    assert total(found, "weekend shifts") == (0.0, 2.0)


def test_wishes_count_only_inside_the_horizon() -> None:
    assert granted(roster()) == [True, False]
    assert granted(roster(shift("A", 0, 9, pattern="dear"))) == [False, True]
    assert granted(roster(shift("A", 0, 9))) == [False, False]


def granted(found: Roster) -> list[bool]:
    """Of Ann's wishes for Monday: a day off, the dear pattern."""
    wishes = wishes_kept(found, AGENTS)
    assert wishes["agent_id"].tolist() == ["A", "A"]
    return wishes["granted"].tolist()


def test_answer_rates_stand_side_by_side_also_where_one_is_missing() -> None:
    found = compared(roster(), roster(), before=day_rates(x=0.94, y=0.97), after=day_rates(x=0.96))
    assert found.days.set_index("queue")["difference"].round(3).to_dict()["x"] == pytest.approx(0.02)
    assert found.days.set_index("queue")["after"].isna().to_dict() == {"x": False, "y": True}


def test_targets_missed_are_counted_by_their_own_spans() -> None:
    found = compared(
        roster(), roster(), targets_before=targets(True, False, False), targets_after=targets(False)
    )
    assert total(found, "targets missed") == (2.0, 1.0)


@pytest.mark.parametrize(("pattern", "contract"), [("gone", "standard"), ("day", "gone")])
def test_a_pattern_or_contract_that_is_not_there_any_more_is_named(pattern: str, contract: str) -> None:
    with pytest.raises(UnknownNameError, match="'gone'"):
        compare(
            roster(),
            roster(shift("A", 0, 9, pattern=pattern)),
            agents=[Agent(id="A", skills=frozenset({"x"}), contract=contract)],
            contracts=CONTRACTS,
            patterns=PATTERNS,
            days_before=day_rates(),
            days_after=day_rates(),
            targets_before=targets(True),
            targets_after=targets(True),
        )


def test_a_stranger_is_named() -> None:
    with pytest.raises(UnknownNameError, match="'C'"):
        compared(roster(shift("C", 0, 9)), roster())
