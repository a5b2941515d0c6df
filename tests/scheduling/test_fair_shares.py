from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from data.domain import Agent, Assignment, Wish
from scheduling.fair_shares import Past, days_there, fairness, past_of, shares
from scheduling.shifts import wall_clock
from scheduling.unsocial import UNSOCIAL, Load, Unsocial
from scheduling.wishes_kept import wishes_kept
from tests.scheduling.small_rosters import roster, shift

MONDAY = date(2026, 3, 2)


def worked(agent_id: str, day: date, start_h: float = 8, hours: float = 8, zone: str = "UTC") -> Assignment:
    start = wall_clock(day, round(60 * start_h), zone)
    end = start + timedelta(hours=hours)
    return Assignment(agent_id=agent_id, day=day, pattern="p", start=start, end=end)


def agent(name: str, *skills: str, off: tuple[date, ...] = (), contract: str = "standard") -> Agent:
    return Agent(id=name, skills=frozenset(skills or ("calls",)), time_off=frozenset(off), contract=contract)


@pytest.mark.parametrize(
    ("start_h", "hours", "load"),
    [
        (8, 8, Load()),
        (7, 8, Load()),
        (6.75, 8, Load(early=1)),
        (12, 8, Load()),
        (12.25, 8, Load(late=1)),
        (6, 14.5, Load(early=1, late=1)),
        (5.75, 8, Load(nights=1)),
        (14, 8, Load(late=1)),
        (14.25, 8, Load(nights=1)),
        (22, 8, Load(nights=1)),
        (16, 12, Load(nights=1)),
    ],
)
def test_a_shift_is_what_its_local_hours_say(start_h: float, hours: float, load: Load) -> None:
    assert UNSOCIAL.load(worked("a", MONDAY, start_h, hours), "UTC") == load
    there = worked("a", MONDAY, start_h, hours, "Asia/Shanghai")
    assert UNSOCIAL.load(there, "Asia/Shanghai") == load
    weekend = UNSOCIAL.load(worked("a", MONDAY + timedelta(days=5), start_h, hours), "UTC")
    assert weekend == load._replace(weekends=1)


def test_what_counts_can_be_said_otherwise() -> None:
    core = Unsocial(night_from_min=0, night_until_min=300, early_before_min=480, late_after_min=1260)
    assert core.load(worked("a", MONDAY, 14.25), "UTC") == Load(late=1)
    assert core.load(worked("a", MONDAY, 21), "UTC") == Load(nights=1)
    assert core.load(worked("a", MONDAY, 5), "UTC") == Load(early=1)
    assert core.load(worked("a", MONDAY, 4), "UTC") == Load(nights=1)
    friday = Unsocial(weekend=frozenset({4, 5}))
    assert friday.load(worked("a", MONDAY + timedelta(days=4)), "UTC") == Load(weekends=1)


def test_the_past_counts_so_many_weeks_and_days_since_somebody_came() -> None:
    shifts = [worked("a", MONDAY - timedelta(days=n), 22) for n in (85, 84, 3, 0)]
    shifts.append(worked("b", MONDAY - timedelta(days=10), 22))
    off = (MONDAY - timedelta(days=1), MONDAY - timedelta(days=12))
    people = [agent("a"), agent("b", off=off), agent("c")]
    found = past_of(shifts, people, first=MONDAY, timezone="UTC")
    assert found == {
        "a": Past(Load(nights=2, weekends=int((MONDAY - timedelta(days=3)).weekday() > 4)), 84),
        "b": Past(Load(nights=1), 9),
    }
    assert found["b"].load.weekends == 0
    assert past_of(shifts, people, first=MONDAY, timezone="UTC", weeks=1)["a"].load.nights == 1


def test_shares_go_by_days_there_and_sum_to_what_is_worked() -> None:
    loads = np.array([[6.0, 0, 0, 0], [0, 3, 0, 0], [0, 0, 0, 0]])
    fair = shares(loads, np.array([7.0, 7.0, 0.0]))
    assert fair.tolist() == [[3, 1.5, 0, 0], [3, 1.5, 0, 0], [0, 0, 0, 0]]
    assert shares(loads, np.zeros(3)).sum() == 9
    away = agent("a", off=(MONDAY, MONDAY + timedelta(days=6), MONDAY + timedelta(days=7)))
    assert days_there(away, MONDAY, 7, None) == 5
    assert days_there(away, MONDAY, 7, Past(Load(), 20)) == 25


def test_spread_and_squares_are_of_what_is_worked_beyond_the_share() -> None:
    people = [agent("a"), agent("b"), agent("x", "mail"), agent("y", contract="part")]
    loads = {"a": Load(nights=3), "b": Load(nights=1, late=2), "x": Load(nights=5)}
    found = fairness(loads, people, ["calls", "mail"], first=MONDAY, days=7)
    rows = found.groups.set_index(["group", "kind"])
    ours = rows.loc["standard: calls"]
    assert ours[["shifts", "spread", "squares"]].to_dict("index") == {
        "nights": {"shifts": 4, "spread": 2, "squares": 2},
        "late": {"shifts": 2, "spread": 2, "squares": 2},
    }
    assert rows.loc[("standard: mail", "nights"), "spread"] == 0
    assert found.unfairness == pytest.approx(2 * 2.0 + 2 * 1.0)
    # With the same skills asked for, who can do more is no other.
    same = fairness(loads, [agent("a"), agent("b", "calls", "mail")], ["calls"], first=MONDAY, days=7)
    assert same.groups["people"].tolist() == [2, 2]


def test_wishes_are_listed_granted_or_denied_with_their_weight() -> None:
    first = roster().first
    wishes = (
        Wish(day=first, weight=3),
        Wish(day=first, pattern="early", weight=2),
        Wish(day=first + timedelta(days=1)),
        Wish(day=first + timedelta(days=9)),
    )
    person = Agent(id="a", skills=frozenset({"calls"}), wishes=wishes)
    found = wishes_kept(roster(shift("a", "08:00-16:00"), days=2), [person])
    assert found[["date", "weight", "granted"]].to_numpy().tolist() == [
        [found["date"][0], 3, False],
        [found["date"][0], 2, True],
        [found["date"][2], 1, True],
    ]
    assert found["pattern"].isna().tolist() == [True, False, True]
