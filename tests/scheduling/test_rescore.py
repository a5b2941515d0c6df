from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.domain import (
    Agent,
    Assignment,
    BreakRule,
    Channel,
    Contract,
    OpeningSpan,
    Period,
    Queue,
    Roster,
    ShiftPattern,
    Target,
)
from data.errors import InputError, UnknownNameError
from data.rule_sets import NormalHours, OvertimePerDay, RuleSet, RuleVersion
from data.waivers import Waiver
from scheduling.curves import answer_curves
from scheduling.evaluate import Evaluation, evaluate
from scheduling.requirement import requirement
from scheduling.rescore import Change, Score, rescored, scored
from scheduling.rules import RULES, Rule, facts_of, violations
from scheduling.rules.by_law import rules_under
from scheduling.rules.law import Law
from scheduling.rules.waiving import part_waived
from scheduling.worked import tariff, worked
from tests.scheduling.small_forecasts import flat_forecast
from tests.scheduling.small_rosters import roster, shift

DAYS = 3
LUNCH = BreakRule(kind="break", length_min=30, earliest_min=120, latest_min=300)
PATTERNS = [
    ShiftPattern(id="early", start_earliest_min=360, start_latest_min=600, length_min=480, breaks=(LUNCH,)),
    ShiftPattern(id="night", start_earliest_min=1200, start_latest_min=1380, length_min=480, cost_per_h=1.5),
]
CONTRACTS = [
    Contract(id="standard", max_h_per_week=20.0, cost_per_h=2.0),
    Contract(id="half", max_days_per_week=2, patterns=frozenset({"early"})),
]
PEOPLE = [
    Agent(id=name, skills=frozenset(skills.split()), contract=contract)
    for name, skills, contract in (
        ("f", "cards", "standard"),
        ("b", "cards funds", "standard"),
        ("d", "cards funds mail", "half"),
        ("a", "funds mail", "half"),
        ("c", "mail", "standard"),
        ("e", "other", "standard"),
    )
]
OPEN = (OpeningSpan(open_min=420, close_min=1080),)
CENTRES = [
    (
        Queue(id="cards", target=Target(period=Period.DAY, min_agents=1)),  # never closed
        Queue(id="funds", hours=OPEN, target=Target(answer_rate=0.9, period=Period.INTERVAL)),
        Queue(id="mail", channel=Channel.DEFERRED, hours=OPEN, interval_min=60, shrinkage=0.1),
    ),
    (
        Queue(id="cards", hours=OPEN, target=Target(period=Period.WEEK)),
        Queue(id="funds", hours=OPEN, priority=1, target=Target(answer_rate=0.8)),
    ),
]
FRAMES = ("coverage", "days", "targets", "floors", "hours")


@lru_cache
def forecast(number: int) -> pd.DataFrame:
    return pd.concat(
        [flat_forecast(queue, [9.0, 14.0, 6.0], days=DAYS, over=0.1) for queue in CENTRES[number]],
        ignore_index=True,
    )


@lru_cache
def curves(number: int) -> pd.DataFrame:
    drawn = [answer_curves(queue, forecast(number), step_min=30) for queue in CENTRES[number]]
    return pd.concat(drawn, ignore_index=True)


@lru_cache
def needed(number: int) -> pd.DataFrame:
    return pd.concat([requirement(queue, forecast(number)) for queue in CENTRES[number]], ignore_index=True)


def first_roster() -> Roster:
    """Nobody keeps all the rules: a day too many here, too little rest or a strange pattern there."""
    return roster(
        shift("a", "07:00-15:00", "10:00-10:30"),
        shift("a", "08:00-16:10", "10:00-10:25", day=1),
        shift("b", "06:00-14:00"),
        shift("b", "22:00-06:00", pattern="night"),
        shift("c", "09:00-17:00", "12:00-12:40", day=1),
        shift("d", "21:00-05:00", pattern="night"),
        shift("d", "09:30-17:30", day=1),
        shift("d", "09:30-17:30", day=2),
        shift("f", "08:00-16:00", "13:00-13:10"),
        days=DAYS,
    )


@lru_cache
def begun(number: int) -> Score:
    return scored(
        first_roster(),
        PEOPLE,
        CENTRES[number],
        forecast(number),
        curves(number),
        needed(number),
        contracts=CONTRACTS,
        patterns=PATTERNS,
    )


def afresh(number: int, judged: Roster) -> Evaluation:
    return evaluate(
        judged,
        PEOPLE,
        CENTRES[number],
        forecast(number),
        curves(number),
        needed(number),
        contracts=CONTRACTS,
        patterns=PATTERNS,
    )


def assert_says_the_same(score: Score, number: int) -> None:
    found, expected = score.evaluation(), afresh(number, score.roster)
    for name in FRAMES:
        pd.testing.assert_frame_equal(
            getattr(found, name), getattr(expected, name), check_exact=False, rtol=0.0, atol=1e-9
        )
    assert (found.cost, found.paid_h) == pytest.approx((expected.cost, expected.paid_h), rel=0, abs=1e-9)
    assert score.violations == violations(score.roster, PEOPLE, CONTRACTS, PATTERNS)
    costs = tariff(PEOPLE, CONTRACTS, PATTERNS)
    for agent in PEOPLE:
        own = [one for one in score.roster.assignments if one.agent_id == agent.id]
        assert score.people[agent.id].worked == worked(own, costs, "UTC")


def moved(one: Assignment, by_min: int) -> Assignment:
    by = timedelta(minutes=by_min)
    rests = tuple(replace(rest, start=rest.start + by, end=rest.end + by) for rest in one.breaks)
    return replace(one, start=one.start + by, end=one.end + by, breaks=rests)


def edit(drawn: st.DataObject, shifts: tuple[Assignment, ...]) -> Change:
    """An edit of any kind of these shifts."""
    one, other = drawn.draw(st.sampled_from(shifts)), drawn.draw(st.sampled_from(shifts))
    somebody = drawn.draw(st.sampled_from([agent.id for agent in PEOPLE]))
    by_min = drawn.draw(st.sampled_from([-30, 30, 25, 480]))
    kind = drawn.draw(st.sampled_from(["remove", "add", "move", "break", "hand on", "swap"]))
    if kind == "remove" and len(shifts) > 1:
        return Change(removed=(one,))
    if kind == "add":
        return Change(added=(replace(moved(one, by_min), agent_id=somebody),))
    if kind == "break":
        return Change(removed=(one,), added=(replace(one, breaks=moved(one, 25).breaks),))
    if kind == "hand on":
        return Change(removed=(one,), added=(replace(one, agent_id=somebody),))
    if kind == "swap" and one != other:
        swapped = (replace(one, agent_id=other.agent_id), replace(other, agent_id=one.agent_id))
        return Change(removed=(one, other), added=swapped)
    return Change(removed=(one,), added=(moved(one, by_min),))


@pytest.mark.parametrize("number", range(len(CENTRES)))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.data())
def test_after_any_edits_the_score_is_what_evaluating_afresh_says(number: int, drawn: st.DataObject) -> None:
    score = begun(number)
    for _ in range(drawn.draw(st.integers(1, 5))):
        score = rescored(score, edit(drawn, score.roster.assignments))
    assert_says_the_same(score, number)


def test_the_score_from_before_an_edit_is_left_as_it_was() -> None:
    before = begun(0)
    told = before.evaluation()
    rescored(before, Change(removed=before.roster.assignments[:3]))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(before.evaluation(), name), getattr(told, name))
    assert before.roster == first_roster()


def test_an_edit_changes_what_is_answered_and_what_it_costs() -> None:
    before = begun(0)
    after = rescored(before, Change(removed=before.roster.assignments[-1:]))
    assert after.cost == pytest.approx(before.cost - 2.0 * (8 - 1 / 6))
    lost = before.evaluation().days["answered"] - after.evaluation().days["answered"]
    assert lost.max() > 5
    assert after.targets_missed >= before.targets_missed > 0


def test_an_edit_that_concerns_no_queue_leaves_the_counts_as_they_are() -> None:
    before = begun(0)
    after = rescored(before, Change(added=(shift("e", "08:00-16:00"),)))
    assert after.counts is before.counts
    assert after.paid_h == before.paid_h + 8


def test_shares_of_unpopular_shifts_are_counted_per_person() -> None:
    score = begun(0)
    fair = score.fairness().set_index("agent_id")
    assert fair.loc["b"].to_dict() == {"nights": 1, "weekends": 0, "early": 1, "late": 0}
    assert fair.loc["e"].sum() == 0
    after = rescored(score, Change(added=(shift("e", "12:30-20:30", day=5),)))
    assert after.fairness().set_index("agent_id").loc["e"].to_dict() == {
        "nights": 0,
        "weekends": 1,
        "early": 0,
        "late": 1,
    }


def test_a_shift_that_is_not_there_cannot_be_taken_out() -> None:
    with pytest.raises(InputError, match=r"e on 2026-03-02.*not in the roster"):
        rescored(begun(0), Change(removed=(shift("e", "08:00-16:00"),)))


def test_nobody_unknown_is_put_in() -> None:
    with pytest.raises(UnknownNameError, match="zoe"):
        rescored(begun(0), Change(added=(shift("zoe", "08:00-16:00"),)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_judges_each_person_by_their_own_shifts_alone(rule: Rule) -> None:
    stranger = shift("nobody", "08:00-16:00", pattern="unheard")
    messy = replace(first_roster(), assignments=(*first_roster().assignments, stranger))
    facts = facts_of(messy, PEOPLE, CONTRACTS, PATTERNS)
    everybody = sorted(facts.agents.keys() | facts.shifts.keys())
    alone = [facts.of_one(agent_id, facts.shifts.get(agent_id, ())) for agent_id in everybody]
    assert list(rule(facts)) == [broken for one in alone for broken in rule(one)]


def test_an_edit_is_judged_by_the_law_and_by_what_was_waived_of_it() -> None:
    house = NormalHours(source="a test", day_h=7, week_h=16), OvertimePerDay(source="a test", most_h=0.5)
    version = RuleVersion(valid_from=date(2000, 1, 1), valid_until=None, rules=house)
    law = Law({"none": RuleSet(id="none", versions=(version,))})
    basis = (PEOPLE, CENTRES[0], forecast(0), curves(0), needed(0))
    held = rules_under(law)
    score = scored(first_roster(), *basis, contracts=CONTRACTS, patterns=PATTERNS, rules=held)
    longer = Change(added=(shift("e", "08:00-16:00", day=1),))
    after = rescored(score, longer)
    waiver = Waiver(
        roster="r",
        agent_id="e",
        day=longer.added[0].day,
        rule="overtime per day",
        by="Li Wei",
        reason="asked for it",
    )
    broken, waived = after.judged([waiver])
    fresh = violations(after.roster, PEOPLE, CONTRACTS, PATTERNS, held)
    assert (broken, waived) == part_waived(fresh, [waiver], after.roster.timezone)
    assert [(one.violation.agent_id, one.violation.rule) for one in waived] == [("e", "overtime per day")]
    assert "e" not in {violation.agent_id for violation in broken if violation.rule == "overtime per day"}
    assert "overtime per day" in {violation.rule for violation in broken}
