"""What cannot be reached is explained: which rules and requests stand against it, and what to give way in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from data.domain import Agent, BreakRule, Contract, Period
from scheduling.conflicts.aims import aims_of, connected, missed_aims
from scheduling.conflicts.explain import explain
from scheduling.conflicts.finding import find
from scheduling.conflicts.loosening import rules_of, without
from scheduling.conflicts.question import ask
from scheduling.conflicts.report import Conflict, Kind, Proof, Relaxation, Report
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Limits, Progress, Watch
from scheduling.rosters.recount import Shortfall
from scheduling.rosters.solve import solve
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue

LOW_FLOOR = (queue(floor=0.2),)
MEAL = BreakRule(kind="meal", length_min=60, earliest_min=240, latest_min=240)


def missed(asked: RosterProblem) -> tuple[Shortfall, ...]:
    found = solve(asked, limits=Limits(time_s=20, gap=0.1, allow_shortfall=True))
    assert found.missed
    return found.missed


def explained(asked: RosterProblem, **given: object) -> Report:
    return explain(asked, missed(asked), **({"time_s": 60.0} | given))  # type: ignore[arg-type] # a test's shorthand


def only(report: Report) -> Conflict:
    (conflict,) = report.conflicts
    assert (report.unexplained, report.not_looked_at) == ((), ())
    return conflict


def kinds(conflict: Conflict) -> set[tuple[Kind, str]]:
    return {(rule.kind, rule.name) for rule in conflict.rules}


def way(conflict: Conflict, kind: Kind) -> Relaxation:
    return next(found for found in conflict.relaxations if found.rule.kind is kind)


def test_time_off_that_stands_against_a_target_is_named_with_the_ways_out() -> None:
    away = Agent(id="L", name="Li Na", skills=frozenset({"calls"}), time_off=frozenset({MONDAY}))
    conflict = only(explained(problem(agents=(*people(2), away), full=3.0, queues=LOW_FLOOR)))
    (aim,) = conflict.aims
    assert (aim.kind, aim.name, aim.days, aim.value, aim.period) == (
        Kind.TARGET,
        "calls",
        (MONDAY,),
        0.95,
        Period.DAY,
    )
    assert kinds(conflict) == {(Kind.PEOPLE, "calls"), (Kind.TIME_OFF, "L")}
    assert conflict.smallest
    assert not conflict.whole_people
    assert conflict.people == ("P0", "P1", "L")
    back, more, lower = (way(conflict, kind) for kind in (Kind.TIME_OFF, Kind.PEOPLE, Kind.TARGET))
    assert (back.people, back.rule.label, back.hours, back.proof) == (("L",), "Li Na", 8.0, Proof.ROSTER)
    assert (more.rule.value, more.after, more.proof) == (3.0, 4.0, Proof.ROSTER)
    # Two of three full agents answer 70 + (2/3 − 1/2) / 0.3 · 20 per cent.
    assert lower.after == pytest.approx(0.7 + (2 / 3 - 0.5) / 0.3 * 0.2)
    assert lower.best == pytest.approx(lower.after, abs=0.003)
    prices = [found.price for found in conflict.relaxations]
    assert prices == sorted(prices)


def test_hours_no_shift_covers_are_a_matter_of_starts_and_not_of_people() -> None:
    asked = problem(
        agents=people(4), patterns=(pattern("late", 540, 420),), queues=(queue(rate=0.5),), full=1.25
    )
    conflict = only(explained(asked))
    assert [aim.kind for aim in conflict.aims] == [Kind.FLOOR]
    assert kinds(conflict) == {(Kind.STARTS, "late")}
    earlier = way(conflict, Kind.STARTS)
    assert [(rule.kind, rule.value, after) for rule, after in earlier.and_also] == [
        (Kind.EARLIEST_START, 540.0, 480.0)
    ]
    assert earlier.proof is Proof.ROSTER


def test_breaks_all_at_one_time_are_named() -> None:
    asked = problem(
        agents=people(3), patterns=(pattern(breaks=(MEAL,)),), queues=(queue(rate=0.5),), full=1.0
    )
    conflict = only(explained(asked))
    assert (Kind.BREAKS, "day") in kinds(conflict)
    assert way(conflict, Kind.BREAKS).proof is Proof.ROSTER


def test_days_each_of_which_could_be_reached_conflict_together_with_the_hours_of_a_contract() -> None:
    asked = problem(
        agents=people(3),
        days=3,
        queues=LOW_FLOOR,
        contracts=(Contract(id="standard", max_h_per_week=8, max_days_per_week=4),),
    )
    conflict = only(explained(asked))
    assert len(conflict.aims) > 1
    assert kinds(conflict) == {(Kind.PEOPLE, "calls"), (Kind.HOURS, "standard")}
    longer = way(conflict, Kind.HOURS)
    assert (longer.rule.value, longer.after) == (8.0, 16.0)
    # Three shifts there are, and two a day are needed.
    assert (len(longer.people), longer.hours, longer.and_also) == (3, 24.0, ())
    assert longer.proof is Proof.ROSTER


def test_a_longer_week_may_take_days_as_well_as_hours() -> None:
    contract = Contract(id="standard", max_h_per_week=16, max_days_per_week=2)
    asked = problem(agents=people(2), days=3, queues=LOW_FLOOR, contracts=(contract,))
    longer = way(only(explained(asked)), Kind.HOURS)
    assert longer.after == 24.0
    assert [(rule.kind, rule.value, after) for rule, after in longer.and_also] == [(Kind.DAYS, 2.0, 3.0)]


def test_an_hour_more_of_few_is_a_way_out() -> None:
    asked = problem(agents=people(2), queues=(queue(close_min=1020, floor=0.0),), full=2.0)
    conflict = only(explained(asked))
    longer = way(conflict, Kind.LONGER_SHIFTS)
    assert (longer.after, longer.people, longer.hours) == (60.0, ("P0",), 1.0)
    assert longer.proof is Proof.ROSTER


def test_others_who_learn_the_skill_are_a_way_out() -> None:
    conflict = only(explained(problem(agents=(*people(1), *people(2, "chess", prefix="C")))))
    taught = way(conflict, Kind.SKILL)
    assert (taught.rule.name, taught.people, taught.after) == ("calls", ("C0",), 2.0)


def test_halves_of_people_are_said_to_be_what_is_missing() -> None:
    asked = problem(
        agents=people(3),
        patterns=(pattern("early", 480, 240), pattern("late", 720, 240)),
        queues=(queue(rate=0.95, floor=0.95),),
        full=1.5,
    )
    conflict = only(explained(asked))
    assert conflict.whole_people
    assert way(conflict, Kind.PEOPLE).after == 4.0
    assert all(found.proof is Proof.ROSTER for found in conflict.relaxations)


def test_days_short_for_the_same_reason_are_one_conflict_and_others_another() -> None:
    kinds_of_queue = (queue("calls", floor=0.0), queue("chat", floor=0.0))
    agents = (*people(1, "calls"), *people(1, "chat", prefix="C"))
    report = explained(problem(queues=kinds_of_queue, agents=agents, days=3))
    assert sorted(conflict.aims[0].name for conflict in report.conflicts) == ["calls", "chat"]
    for conflict in report.conflicts:
        assert len(conflict.aims) + len(conflict.also) == 3
        # Each way out is enough for its own conflict, the other one left as it is.
        assert way(conflict, Kind.PEOPLE).proof is Proof.ROSTER


def test_weeks_are_explained_one_by_one() -> None:
    away = frozenset(MONDAY + timedelta(7 + day) for day in range(7))
    agents = (*people(2), *(replace(agent, time_off=away) for agent in people(2, prefix="L")))
    asked = problem(agents=agents, days=14, queues=LOW_FLOOR, full={"calls": [3.0] * 8 + [0.0] * 48})
    report = explained(asked)
    assert report.conflicts
    assert {day for conflict in report.conflicts for day in conflict.days} <= {
        MONDAY + timedelta(day) for day in range(7, 14)
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_no_rule_of_a_smallest_conflict_can_be_left_out(seed: int) -> None:
    """Each by itself, asked anew and one by one."""
    off = frozenset({MONDAY + timedelta(seed % 2)})
    asked = problem(
        queues=(queue("calls", floor=0.3), queue("chat", floor=0.0)),
        agents=(
            *people(2, "calls"),
            *people(1, "calls", "chat", prefix="B"),
            replace(people(1, "calls", prefix="L")[0], time_off=off),
        ),
        contracts=(Contract(id="standard", max_h_per_week=16),),
        days=3,
        full={"calls": 3.0 + seed / 4, "chat": 0.5},
    )
    watch = Watch(limits=Limits(time_s=60))
    aims = aims_of(asked, connected(asked, range(2)))
    short = missed_aims(asked, aims, missed(asked))
    found = [one for one in find(asked, aims, short, watch) if not one.conflict.whole_people]
    assert found
    for conflict in (one.conflict for one in found):
        core = [aim for aim in aims if aim.rule in conflict.aims]
        every = rules_of(asked, [own for own in asked.queues if own.id in {aim.rule.name for aim in core}])
        dropped = [rule for rule in every if rule not in conflict.rules]
        assert ask(without(asked, dropped), core, watch).possible is False
        for rule in conflict.rules:
            assert ask(without(asked, [*dropped, rule]), core, watch).possible is not False
        for aim in core:
            others = [own for own in core if own is not aim]
            assert not others or ask(without(asked, dropped), others, watch).possible is not False


def test_what_there_was_no_time_for_is_said() -> None:
    asked = problem(agents=people(1))
    ticks = count()
    report = explain(asked, missed(asked), time_s=1.0, clock=lambda: 2.0 * next(ticks))
    assert report.conflicts == ()
    assert {rule.kind for rule in report.not_looked_at} == {Kind.TARGET, Kind.FLOOR}


def test_stopped_it_tells_what_it_has() -> None:
    told: list[Progress] = []
    asked = problem(agents=people(1))
    report = explain(
        asked,
        missed(asked),
        progress=told.append,
        stop=lambda: any("ways out" in step.phase for step in told),
    )
    (conflict,) = report.conflicts
    assert conflict.smallest
    assert {found.rule.kind for found in conflict.relaxations} <= {Kind.TARGET, Kind.PEOPLE}


def test_a_miss_that_more_time_could_mend_is_not_called_a_conflict() -> None:
    asked = problem(agents=people(3))
    aim = next(aim for aim in aims_of(asked, {0}) if aim.rule.kind is Kind.TARGET)
    near = Shortfall("calls", asked.horizon.instant(480), "day", 0.9, 0.95)
    report = explain(asked, [near])
    assert report.conflicts == ()
    assert report.unexplained == (aim.rule,)
    assert missed_aims(asked, [aim], [near]) == (aim,)
