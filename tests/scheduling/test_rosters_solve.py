"""How the optimiser behaves: what it says, when it stops, whom it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from data.domain import Agent, BreakRule, Contract, Outcome, Roster, Status, Wish
from data.errors import InfeasibleError, InputError
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Progress
from scheduling.rosters.recount import present, shortfalls
from scheduling.rosters.solve import Limits, solve
from scheduling.rules import violations
from scheduling.wishes_kept import wishes_kept
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue

QUICK = Limits(time_s=20, gap=0.02)
MEAL = BreakRule(kind="meal", length_min=60, earliest_min=180, latest_min=300)
REST = BreakRule(kind="rest", length_min=30, earliest_min=240, latest_min=420, paid=True)


def week(**parts: object) -> RosterProblem:
    """Nine people for a week of days of eight hours, two of them asked for."""
    given: dict[str, object] = {
        "agents": people(9),
        "days": 7,
        "patterns": (
            pattern("early", 420, 540, latest_min=540, breaks=(MEAL,)),
            pattern("late", 660, 540, latest_min=780, breaks=(MEAL,)),
        ),
        "queues": (queue(rate=0.9, floor=0.3, open_min=480, close_min=1260),),
        "full": 2.0,
    }
    return problem(**(given | parts))  # type: ignore[arg-type] # a test's shorthand


def clean(asked: RosterProblem, found: Outcome[Roster]) -> Roster:
    assert found.value is not None
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []
    return found.value


def test_progress_tells_phases_with_an_incumbent_never_below_the_bound() -> None:
    told: list[Progress] = []
    found = solve(week(), limits=QUICK, progress=told.append)
    assert found.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert [told[0].phase, told[-1].phase] == ["building the programme", "done"]
    assert any(step.phase.startswith("whole numbers, day 7 of 7") for step in told)
    assert all(b.elapsed_s >= a.elapsed_s for a, b in pairwise(told))
    both = [(s.incumbent, s.bound) for s in told if s.incumbent is not None and s.bound is not None]
    assert both
    assert all(incumbent >= bound - 1e-6 for incumbent, bound in both)
    assert told[-1].gap == pytest.approx(found.gap)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_seed_and_threads_give_the_same_roster(threads: int) -> None:
    first, second = (solve(week(), limits=replace(QUICK, threads=threads)) for _ in range(2))
    assert first.value == second.value
    assert shortfalls(clean(week(), first), week()) == []


def test_stop_at_once_gives_cancelled_without_a_roster() -> None:
    found = solve(week(), limits=QUICK, stop=lambda: True)
    assert found.status is Status.CANCELLED
    assert found.value is None
    assert found.objective is None


def test_stop_once_there_is_a_roster_gives_cancelled_with_a_clean_one() -> None:
    told: list[Progress] = []
    asked = week()
    found = solve(
        asked,
        limits=Limits(time_s=60, gap=0.0),
        progress=told.append,
        stop=lambda: bool(told) and told[-1].incumbent is not None,
    )
    assert found.status is Status.CANCELLED
    assert found.objective is not None
    assert shortfalls(clean(asked, found), asked) == []


def test_a_shortfall_of_whole_people_alone_is_proven() -> None:
    """One and a half people early and late: three people by halves, which nobody can be."""
    asked = problem(
        agents=people(3),
        patterns=(pattern("early", 480, 240), pattern("late", 720, 240)),
        queues=(queue(rate=0.95, floor=0.95),),
        full=1.5,
    )
    with pytest.raises(
        InfeasibleError, match=r"proven on the answer curves for whole people.* misses: queue"
    ):
        solve(asked, limits=QUICK)
    found = solve(asked, limits=replace(QUICK, allow_shortfall=True))
    assert found.status is Status.INFEASIBLE
    assert found.missed
    assert list(found.missed) == shortfalls(clean(asked, found), asked)


def test_out_of_reach_names_queue_day_rate_and_repair() -> None:
    with pytest.raises(InfeasibleError) as caught:
        solve(problem(agents=people(1), full=2.0))
    message = str(caught.value)
    assert "proven on the answer curves, even with fractions of people" in message
    assert "queue 'calls', 2025-06-02: about 70.00 % of 95 % can be answered" in message
    assert "Add people, hours, skills or patterns" in message


def test_a_floor_out_of_reach_names_the_interval() -> None:
    with pytest.raises(InfeasibleError, match=r"2025-06-02 08:00: 0.81 agents short of its floor"):
        solve(
            problem(
                agents=people(4), patterns=(pattern("late", 540, 420),), queues=(queue(rate=0.5),), full=1.25
            )
        )


def test_a_shortfall_allowed_comes_back_as_infeasible_with_the_best_roster() -> None:
    asked = problem(agents=people(1), full=2.0)
    found = solve(asked, limits=replace(QUICK, allow_shortfall=True))
    assert found.status is Status.INFEASIBLE
    assert (found.objective, found.bound) == (8.0, None)
    missed = shortfalls(clean(asked, found), asked)
    assert "queue 'calls', 2025-06-02: 70.00 % of 95 %" in [str(short) for short in missed]


def test_time_off_is_kept_also_by_nights_that_would_reach_into_it() -> None:
    off = MONDAY + timedelta(1)
    asked = problem(
        agents=(replace(people(1)[0], time_off=frozenset({off})), *people(1, prefix="Q")),
        days=1,
        patterns=(pattern("night", 1320, 480),),
        queues=(queue(open_min=1320, close_min=1440),),
        full=1.0,
    )
    found = solve(asked, limits=QUICK)
    assert {shift.agent_id for shift in clean(asked, found).assignments} == {"Q0"}


def test_a_night_ends_eight_hours_on_where_the_clock_shows_an_hour_twice() -> None:
    first = date(2025, 10, 25)
    asked = problem(
        first=first,
        days=2,
        timezone="Europe/Berlin",
        agents=people(2),
        patterns=(pattern("night", 1320, 480),),
        queues=(queue(rate=0.9, floor=0.8, open_min=1320, close_min=1440, timezone="Europe/Berlin"),),
        full=1.0,
    )
    roster = clean(asked, solve(asked, limits=QUICK))
    assert [(shift.start.hour, shift.end.hour) for shift in roster.assignments] == [(22, 5), (22, 6)]


def test_guaranteed_hours_are_worked_though_nobody_calls() -> None:
    contract = Contract(id="standard", min_h_per_week=24, max_days_per_week=4)
    asked = problem(agents=people(2), days=7, contracts=(contract,), full=0.0)
    found = solve(asked, limits=QUICK)
    assert found.objective == 48.0
    assert len(clean(asked, found).assignments) == 6


def test_people_without_a_skill_that_is_asked_for_are_left_alone() -> None:
    asked = problem(agents=(*people(3), *people(3, "chess", prefix="C")))
    roster = clean(asked, solve(asked, limits=QUICK))
    assert {shift.agent_id[0] for shift in roster.assignments} == {"P"}


def test_of_two_wishes_that_cannot_both_be_granted_the_weightier_is() -> None:
    for weights in ((1.0, 2.0), (2.0, 1.0)):
        wishing = tuple(
            replace(agent, wishes=(Wish(day=MONDAY, weight=weight),))
            for agent, weight in zip(people(2), weights, strict=True)
        )
        found = solve(problem(agents=wishing, full=1.0), limits=QUICK).value
        assert found is not None
        kept = wishes_kept(found, wishing)
        assert kept.loc[kept["granted"], "weight"].tolist() == [2.0]


def test_wishes_go_to_those_who_have_them_where_it_costs_nothing() -> None:
    friday = MONDAY + timedelta(4)
    wishful = tuple(
        Agent(id=f"W{n}", skills=frozenset({"calls"}), wishes=(Wish(day=friday),)) for n in range(3)
    )
    lateish = Agent(
        id="L", skills=frozenset({"calls"}), wishes=(Wish(day=MONDAY, pattern="late", weight=2.0),)
    )
    asked = week(agents=(*wishful, lateish, *people(5)))
    roster = clean(asked, solve(asked, limits=QUICK))
    assert not {s.agent_id for s in roster.assignments if s.day == friday} & {"W0", "W1", "W2"}
    assert [s.pattern for s in roster.assignments if s.agent_id == "L" and s.day == MONDAY] == ["late"]


def test_weekends_are_shared_out() -> None:
    asked = week()
    roster = clean(asked, solve(asked, limits=QUICK))
    weekends = [
        sum(s.agent_id == agent.id and s.day.weekday() >= 5 for s in roster.assignments)
        for agent in asked.agents
    ]
    assert max(weekends) - min(weekends) <= 1


def test_breaks_whose_windows_overlap_never_do() -> None:
    asked = week(patterns=(pattern("long", 480, 600, latest_min=720, breaks=(MEAL, REST)),))
    roster = clean(asked, solve(asked, limits=QUICK))
    assert all(len(shift.breaks) == 2 for shift in roster.assignments)


def test_breaks_are_staggered_where_everybody_at_once_would_miss_the_floor() -> None:
    asked = problem(
        agents=people(4),
        patterns=(pattern("day", 480, 480, breaks=(replace(MEAL, earliest_min=120, latest_min=300),)),),
        queues=(queue(rate=0.9, floor=0.85),),
        full=3.5,
    )
    roster = clean(asked, solve(asked, limits=QUICK))
    starts = [rest.start for shift in roster.assignments for rest in shift.breaks]
    assert len(set(starts)) == len(starts) == 4


def test_presence_is_recounted_from_names_in_parts_of_slots() -> None:
    asked = problem(
        agents=people(2),
        patterns=(pattern("day", 510, 450, breaks=(replace(MEAL, length_min=30),)),),
        queues=(queue(rate=0.5, floor=0.0),),
        full=1.0,
    )
    there = present(clean(asked, solve(asked, limits=QUICK)), asked)
    assert there[frozenset({0}), 8] == pytest.approx(0.5)
    assert sum(there.values()) == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"time_s": 0}, "above 0 s"), ({"gap": 1.0}, "0 ≤ x < 1"), ({"threads": 0}, "1 or 2")],
)
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Limits(**wrong)  # type: ignore[arg-type] # a test's shorthand
