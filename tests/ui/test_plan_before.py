from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from data.domain import Assignment, Roster, Wish
from data.errors import InputError
from data.records import RosterRecord
from data.store import Workspace
from scheduling.rosters.limits import Limits
from scheduling.shifts import wall_clock
from tests.ui.small_centre import MONDAY, ZONE, small_centre
from ui.cli import main
from ui.cli import roster_words as words
from ui.plan.before import found_before, kept_before
from ui.plan.forecasts import forecast_queues
from ui.plan.judging import judge_roster
from ui.plan.rosters import Solved, solve_roster
from ui.plan.shares import shares_of
from ui.plan.simulation import simulate_roster

TUESDAY = MONDAY + timedelta(days=1)
PATTERNS = (
    ("day", "07:00", "08:00", 60, 540),
    ("late", "15:00", "15:00", 60, 480),
    ("night", "22:00", "22:00", 60, 540),
)


@pytest.fixture
def centre(tmp_path: Path) -> Workspace:
    """Open day and night, three people."""
    return small_centre(
        tmp_path,
        queue="card,0.6,day,0.3,00:00,24:00",
        patterns=PATTERNS,
        people=6,
        open_h=range(24),
        offered=4.0,
    )


def solved(centre: Workspace, name: str, day: int, **options: object) -> Solved:
    limits = Limits(time_s=60, gap=0.05)
    return solve_roster(
        centre,
        name=name,
        first=MONDAY + timedelta(days=day),
        days=1,
        limits=limits,
        **options,  # type: ignore[arg-type] # a test's shorthand
    )


def kept(centre: Workspace, name: str, *, first: int, days: int, agent_id: str = "A00") -> None:
    """Keep a roster in which one person works every day."""
    shifts = []
    for day in range(first, first + days):
        local = MONDAY + timedelta(days=day)
        start = wall_clock(local, 15 * 60, ZONE)
        end = start + timedelta(hours=8)
        shifts.append(Assignment(agent_id=agent_id, day=local, pattern="late", start=start, end=end))
    begin = MONDAY + timedelta(days=first)
    roster = Roster(name=name, first=begin, days=days, timezone=ZONE, assignments=tuple(shifts))
    record = RosterRecord(name=name, first=begin, days=days, timezone=ZONE, status="feasible")
    centre.save_roster(roster, record)


def test_a_roster_goes_on_from_the_night_before_it_and_tells_shares_and_wishes(
    centre: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    wishes = (Wish(day=TUESDAY, weight=2.0), Wish(day=TUESDAY, pattern="late"))
    agents = [replace(agent, wishes=wishes) if agent.id == "A00" else agent for agent in centre.agents()]
    centre.save_agents(agents)
    forecast_queues(centre, first=MONDAY, days=2)
    solved(centre, "monday", 0)
    alone = solved(centre, "alone", 1, after=())
    assert len(alone.judged.not_counted) == 1
    assert alone.after == ()
    follows = solved(centre, "tuesday", 1)
    assert follows.after == ("monday",)
    assert follows.judged.not_counted.empty
    assert follows.judged.passed
    early = follows.judged.evaluation.coverage.query(
        "start < @limit", local_dict={"limit": wall_clock(TUESDAY, 420, ZONE)}
    )
    assert (early["rostered"] > 0).all()
    again = judge_roster(centre, "tuesday")
    assert again.evaluation.coverage.equals(follows.judged.evaluation.coverage)
    assert kept_before(centre, "alone").shifts == ()
    played = simulate_roster(centre, "tuesday", paths=20).days
    assert played["answered"].sum() / played["offered"].sum() == pytest.approx(
        follows.judged.evaluation.days["answer_rate"].iloc[0], abs=0.15
    )
    assert main(["--json", "--workspace", str(centre.path), "roster", "show", "tuesday"]) == 0
    shown = json.loads(capsys.readouterr().out)
    told = [(wish["pattern"], wish["weight"], wish["granted"]) for wish in shown["wishes"]]
    assert told[0][:2] == (None, 2.0)
    assert told[1][:2] == ("late", 1.0)
    # A day off is worth twice the late shift, and five others can work.
    assert [granted for *_, granted in told] == [True, False]
    people = {row["agent_id"]: row for row in shown["fairness"]["people"]}
    assert set(people) == {agent.id for agent in agents}
    assert sum(row["nights_past"] for row in people.values()) > 0
    assert shown["fairness"] == json.loads(json.dumps(words.fairness_document(shares_of(centre, "tuesday"))))


def test_each_day_before_goes_by_the_newest_roster_kept_for_it(centre: Workspace) -> None:
    kept(centre, "old", first=-7, days=7)
    kept(centre, "new", first=-2, days=2, agent_id="A01")
    found = found_before(centre, MONDAY, name="next")
    assert found.rosters == ("old", "new")
    assert [shift.agent_id for shift in sorted(found.shifts, key=lambda shift: shift.day)] == ["A00"] * 5 + [
        "A01"
    ] * 2
    chosen = found_before(centre, MONDAY, name="next", after=["old"])
    assert {shift.agent_id for shift in chosen.shifts} == {"A00"}
    assert found_before(centre, MONDAY, name="next", after=()).rosters == ()


def test_days_that_do_not_reach_the_roster_or_the_beginning_of_its_week_tell_nothing(
    centre: Workspace,
) -> None:
    kept(centre, "gap", first=-7, days=6)
    assert found_before(centre, MONDAY, name="next").rosters == ()
    kept(centre, "torn", first=1, days=2)
    assert found_before(centre, MONDAY + timedelta(days=3), name="next").rosters == ()
    with pytest.raises(InputError, match=r"roster torn: it does not hold the days 2026-11-23 to 2026-11-25"):
        found_before(centre, MONDAY + timedelta(days=3), name="next", after=["torn"])
    with pytest.raises(InputError, match=r"roster gap: it does not hold 2026-11-22"):
        found_before(centre, MONDAY, name="next", after=["gap"])


def test_nights_of_the_weeks_before_count_towards_fair_shares(centre: Workspace) -> None:
    kept(centre, "weeks", first=-28, days=28)
    found = found_before(centre, MONDAY, name="next")
    assert len(found.history) == 28
    kept(centre, "next", first=0, days=7, agent_id="A01")
    fair = shares_of(centre, "next")
    people = fair.people.set_index("agent_id")
    # From 15:00 to 23:00 is a night; eight of them fall on weekends.
    assert people.loc["A00", ["nights", "nights_past", "weekends_past", "days"]].tolist() == [0, 28, 8, 35]
    assert people.loc["A01", ["nights", "nights_past", "days"]].tolist() == [7, 0, 7]
    assert people["nights_share"].sum() == pytest.approx(35)
    nights = fair.groups.set_index("kind").loc["nights"]
    assert (nights["people"], nights["shifts"]) == (6, 35)
    assert nights["spread"] == pytest.approx(28 - 35 * 35 / 70 + 35 * 7 / 70)
