"""Few changes to a roster that stands, against trying every choice of tours on tiny problems."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.domain import Agent, Assignment, Break, BreakRule, Contract, Roster, Status
from data.errors import InputError, UnknownNameError
from data.locks import Lock, LockKind
from data.rule_sets import DailyRest, RuleSet, RuleVersion, WeeklyRest
from scheduling.problem import RosterProblem
from scheduling.resolve.outcome import Absence, ResolveOutcome
from scheduling.resolve.resolve import SLIGHT, resolve
from scheduling.rosters.limits import Limits
from scheduling.rosters.recount import cost_of
from scheduling.rules import RULES, violations
from scheduling.rules.by_law import rules_of_law
from scheduling.rules.law import Law
from tests.oracles.changed_rosters import cheapest_change
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue

EARLY, LATE = pattern("early", 480, 240), pattern("late", 720, 240)
LOOSE = Contract(id="standard", min_rest_h=0)
EXACT = Limits(time_s=30, gap=0.0)


def at(clock: str, day: int = 0) -> datetime:
    """The instant of "09:30" UTC on a day of the horizon."""
    hour, minute = map(int, clock.split(":"))
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, hour, minute, tzinfo=UTC) + timedelta(days=day)


def shift(who: str, span: str, *meals: str, day: int = 0, pattern: str) -> Assignment:
    """A shift such as shift("P0", "08:00-16:00", "12:00-12:30", pattern="day")."""
    (start, end), *rests = [[at(clock, day) for clock in one.split("-")] for one in (span, *meals)]
    breaks = tuple(Break(kind="meal", start=begin, end=stop, paid=False) for begin, stop in rests)
    return Assignment(agent_id=who, day=start.date(), pattern=pattern, start=start, end=end, breaks=breaks)


def stands(asked: RosterProblem, *shifts: Assignment) -> Roster:
    return Roster(
        name="stands", first=asked.first, days=asked.days, timezone=asked.timezone, assignments=tuple(shifts)
    )


def half_days(count: int = 3, days: int = 1, full: object = 1.0, **rest: object) -> RosterProblem:
    """So many people who may work the morning or the afternoon of each day."""
    given = {"contracts": (LOOSE,), "patterns": (EARLY, LATE)} | rest
    return problem(agents=people(count), days=days, full=full, **given)  # type: ignore[arg-type] # a test's shorthand


def early(who: str, day: int = 0) -> Assignment:
    return shift(who, "08:00-12:00", day=day, pattern="early")


def late(who: str, day: int = 0) -> Assignment:
    return shift(who, "12:00-16:00", day=day, pattern="late")


def spoken(found: ResolveOutcome) -> dict[tuple[str, int], str]:
    """Pattern by person and day."""
    assert found.value is not None
    return {(one.agent_id, (one.day - MONDAY).days): one.pattern for one in found.value.assignments}


def lock(who: str, day: int = 0, last: int | None = None, **what: object) -> Lock:
    days = {"first": MONDAY + timedelta(day), "last": MONDAY + timedelta(day if last is None else last)}
    return Lock(agent_id=who, **(days | what))  # type: ignore[arg-type] # a test's shorthand


def test_a_roster_that_misses_nothing_and_costs_least_stays_as_it_is() -> None:
    asked = half_days()
    found = resolve(asked, stands(asked, early("P0"), late("P1")), limits=EXACT)
    assert (found.status, found.changes, found.missed) == (Status.OPTIMAL, (), ())
    assert found.objective == found.before == pytest.approx(8.0)


def test_who_is_absent_works_on_no_day_of_it_and_another_stands_in() -> None:
    asked = half_days(days=2)
    before = stands(asked, early("P0"), late("P1"), early("P0", 1), late("P1", 1))
    found = resolve(asked, before, absent=[Absence("P0", MONDAY, MONDAY)], limits=EXACT)
    assert found.taken_away == (early("P0"),)
    assert len(found.missed_before) > 0
    assert found.missed == ()
    assert found.people == ("P2",)
    assert spoken(found) == {
        ("P2", 0): "early", ("P1", 0): "late", ("P0", 1): "early", ("P1", 1): "late",
    }  # fmt: skip


@pytest.mark.parametrize(("most", "changed"), [(0, 0), (1, 1), (2, 2), (None, 2)])
def test_at_most_so_many_tours_change(most: int | None, changed: int) -> None:
    asked = half_days(4)
    found = resolve(asked, stands(asked), max_changes=most, limits=EXACT)
    assert len(found.people) == changed
    assert (found.missed == ()) == (changed == 2)


def test_a_change_is_made_where_it_is_worth_its_price_and_not_above() -> None:
    asked = half_days()
    before = stands(asked, early("P0"), late("P1"), late("P2"))
    saved = 4.0
    assert resolve(asked, before, price_per_change=saved - 0.01, limits=EXACT).people != ()
    assert resolve(asked, before, price_per_change=saved + 0.01, limits=EXACT).people == ()


def test_what_has_begun_stays_and_nobody_begins_before() -> None:
    asked = half_days(full=[1, 1, 1, 1, 2, 2, 2, 2])
    before = stands(asked, early("P0"), early("P1"), late("P2"))
    at_noon = resolve(asked, before, frozen_until=at("10:00"), limits=EXACT)
    assert at_noon.people == ()
    in_time = resolve(asked, before, frozen_until=at("08:00"), limits=EXACT)
    assert len(in_time.people) == 1
    assert in_time.missed == ()


def test_a_new_shift_begins_when_what_is_frozen_ends_or_later() -> None:
    asked = half_days(full=1.0)
    for instant, begins in (("12:00", True), ("12:01", False)):
        found = resolve(asked, stands(asked, early("P0")), frozen_until=at(instant), limits=EXACT)
        assert (len(found.people) == 1) == begins


@pytest.mark.parametrize(
    ("held", "kept"),
    [
        (lock("P2"), {("P2", 0): "late"}),
        (lock("P0", kind=LockKind.OFF), {("P0", 0): None}),
        (lock("P0", kind=LockKind.SHIFT, pattern="late", start_min=720), {("P0", 0): "late"}),
    ],
)
def test_a_lock_is_kept_whatever_it_costs(held: Lock, kept: dict[tuple[str, int], str | None]) -> None:
    asked = half_days(2 + 1)
    before = stands(asked, early("P0"), late("P1"), late("P2"))
    found = resolve(replace(asked, locks=(held,)), before, limits=EXACT)
    assert {key: spoken(found).get(key) for key in kept} == kept
    assert found.missed == ()


def test_a_lock_that_makes_targets_unreachable_is_a_shortfall() -> None:
    asked = half_days(2)
    before = stands(asked, early("P0"), late("P1"))
    found = resolve(replace(asked, locks=(lock("P0", kind=LockKind.OFF),)), before, limits=EXACT)
    assert ("P0", 0) not in spoken(found)
    assert found.missed != ()


def test_an_absence_is_stronger_than_a_lock() -> None:
    asked = half_days()
    before = stands(asked, early("P0"), late("P1"))
    locked = replace(asked, locks=(lock("P0"),))
    found = resolve(locked, before, absent=[Absence("P0", MONDAY, MONDAY)], limits=EXACT)
    assert ("P0", 0) not in spoken(found)


def test_overtime_of_the_week_is_paid_and_shared_where_that_is_cheaper() -> None:
    paid = (Contract(id="standard", min_rest_h=0, regular_h_per_week=4.0, overtime_pay=2.0),)
    asked = half_days(2, days=2, contracts=paid, full=[1, 1, 1, 1, 0, 0, 0, 0])
    found = resolve(asked, stands(asked, early("P0"), early("P0", 1)), limits=EXACT)
    assert found.before == pytest.approx(12.0)
    assert found.value is not None
    assert {one.agent_id for one in found.value.assignments} == {"P0", "P1"}
    assert found.objective == pytest.approx(cost_of(found.value, asked) + SLIGHT * len(found.people))
    assert cost_of(found.value, asked) == pytest.approx(8.0)
    assert found.bound is not None
    assert found.bound <= found.objective + 1e-9


def test_changed_tours_keep_the_law_and_tours_that_stand_are_left_to_the_checker() -> None:
    version = RuleVersion(
        valid_from=date(2000, 1, 1),
        valid_until=None,
        rules=(DailyRest(source="a test", least_h=17), WeeklyRest(source="a test", least_h=35)),
    )
    law = Law({"house": RuleSet(id="house", versions=(version,))})
    house = (Contract(id="standard", min_rest_h=0, rule_set="house"),)
    asked = replace(half_days(3, days=3, contracts=house), law=law)
    before = stands(asked, late("P0"), early("P0", 1), early("P1"), late("P1", 1), early("P2", 2))
    found = resolve(asked, before, limits=EXACT)
    assert found.value is not None
    rules = (*RULES, *rules_of_law(law))
    broken = violations(found.value, asked.agents, asked.contracts, asked.patterns, rules)
    assert {one.agent_id for one in broken} <= {"P0"} - set(found.people)
    alone = resolve(asked, stands(asked), limits=EXACT)
    assert alone.value is not None
    assert alone.missed == ()
    assert violations(alone.value, asked.agents, asked.contracts, asked.patterns, rules) == []


def test_a_tour_that_breaks_a_rule_is_changed_unless_it_was_waived() -> None:
    asked = half_days(3, days=2, contracts=(Contract(id="standard", max_consecutive_days=1),))
    before = stands(asked, early("P0"), early("P0", 1), late("P1"), late("P2", 1))
    found = resolve(asked, before, limits=EXACT)
    assert "P0" in found.people
    assert found.value is not None
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []
    waived = resolve(asked, before, waived=frozenset({"P0"}), max_changes=0, limits=EXACT)
    assert waived.people == ()


def test_too_few_changes_for_what_must_change_is_said_with_names() -> None:
    asked = half_days(3, days=2, contracts=(Contract(id="standard", max_consecutive_days=1),))
    before = stands(asked, early("P0"), early("P0", 1))
    with pytest.raises(InputError, match=r"at most 0 tours may change, but 1 must.*P0"):
        resolve(asked, before, max_changes=0)


def test_a_shift_that_stays_keeps_its_breaks_and_others_get_the_best() -> None:
    meal = BreakRule(kind="meal", length_min=60, earliest_min=120, latest_min=180)
    asked = problem(
        agents=people(3),
        patterns=(pattern("day", 480, 480, breaks=(meal,)),),
        contracts=(LOOSE,),
        full=[2, 2, 2, 1, 2, 2, 2, 2],
    )
    stood = shift("P0", "08:00-16:00", "10:00-11:00", pattern="day")
    found = resolve(asked, stands(asked, stood), limits=EXACT)
    assert found.value is not None
    breaks = {one.agent_id: one.breaks[0].start for one in found.value.assignments}
    assert breaks.pop("P0") == at("10:00")
    assert set(breaks.values()) == {at("11:00")}


@pytest.mark.parametrize(
    ("wanted", "error", "said"),
    [
        ({"max_changes": -1}, InputError, "must not be below 0"),
        ({"price_per_change": -0.5}, InputError, "0 or more"),
        ({"absent": [Absence("X", MONDAY, MONDAY)]}, UnknownNameError, "X"),
        ({"frozen_until": datetime(2025, 6, 2, 12)}, InputError, "no time zone"),  # noqa: DTZ001 - what is refused
    ],
)
def test_what_makes_no_sense_is_refused(
    wanted: dict[str, object], error: type[InputError], said: str
) -> None:
    asked = half_days()
    with pytest.raises(error, match=said):
        resolve(asked, stands(asked), **wanted)  # type: ignore[arg-type] # a test's shorthand


def test_a_roster_of_other_days_is_refused() -> None:
    asked = half_days()
    with pytest.raises(InputError, match="Give both for the same days"):
        resolve(asked, replace(stands(asked), days=2))


def test_a_wish_to_stop_leaves_a_roster() -> None:
    asked = half_days()
    found = resolve(asked, stands(asked), stop=lambda: True)
    assert found.status is Status.CANCELLED
    assert found.value is not None


TINY = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tiny(draw: st.DrawFn) -> tuple[RosterProblem, Roster, int, frozenset[str]]:
    """Three people, two days, half-day shifts with or without a break; a roster that stands, and how much may change."""
    rest = BreakRule(kind="rest", length_min=60, earliest_min=60, latest_min=120)
    breaks = draw(st.sampled_from([(), (rest,)]))
    patterns = (pattern("early", 480, 240, breaks=breaks), pattern("late", 660, 300))
    contract = Contract(
        id="standard",
        min_rest_h=draw(st.sampled_from([0, 18])),
        max_consecutive_days=draw(st.sampled_from([1, 2])),
    )
    skills = draw(
        st.lists(st.sampled_from([("calls",), ("chat",), ("calls", "chat")]), min_size=3, max_size=3)
    )
    agents = tuple(Agent(id=f"P{n}", skills=frozenset(own)) for n, own in enumerate(skills))
    agents = (replace(agents[0], skills=frozenset({"calls", "chat"})), *agents[1:])
    full = draw(st.lists(st.sampled_from([0.5, 1.0, 1.4, 2.0]), min_size=8, max_size=8))
    asked = problem(
        agents=agents,
        queues=(queue("calls", rate=0.9, floor=0.5), queue("chat", rate=0.8, floor=0.0)),
        patterns=patterns,
        contracts=(contract,),
        full={"calls": full, "chat": 0.5},
        days=2,
    )
    stood = [
        made
        for who in ("P0", "P1", "P2")
        for made in [draw(st.sampled_from([None, *(late(who, day) for day in (0, 1))]))]
        if made is not None
    ]
    stood = [
        replace(one, end=one.start + timedelta(hours=5), start=one.start - timedelta(hours=1))
        for one in stood
    ]
    stood = [replace(one, end=one.start + timedelta(hours=5)) for one in stood]
    absent = frozenset(draw(st.lists(st.sampled_from(["P0", "P1"]), max_size=1)))
    return asked, stands(asked, *stood), draw(st.integers(0, 2)), absent


@given(tiny())
@TINY
def test_on_tiny_problems_it_finds_what_trying_every_choice_finds(
    case: tuple[RosterProblem, Roster, int, frozenset[str]],
) -> None:
    asked, before, most, absent = case
    gone = [Absence(who, MONDAY, MONDAY) for who in sorted(absent)]
    found = resolve(asked, before, absent=gone, max_changes=most, limits=EXACT)
    least = cheapest_change(
        asked, before, most, price=SLIGHT, off={who: frozenset({MONDAY}) for who in absent}
    )
    assert found.objective == pytest.approx(least, abs=1e-4)
    assert found.bound is not None
    assert found.bound <= least + 1e-4
    assert len(found.people) <= most
    off = tuple(
        replace(agent, time_off=frozenset({MONDAY})) if agent.id in absent else agent
        for agent in asked.agents
    )
    assert found.value is not None
    assert violations(found.value, off, asked.contracts, asked.patterns) == []


@pytest.mark.parametrize(
    ("locks", "said"),
    [
        ([lock("X")], "nobody of the id 'X'"),
        ([lock("P0", 2)], "none of the 2 days"),
        ([lock("P0", kind=LockKind.SHIFT, pattern="night", start_min=0)], "no pattern 'night'"),
        ([lock("P0", kind=LockKind.SHIFT, pattern="early", start_min=540)], "no such start"),
        ([lock("P0"), lock("P0", kind=LockKind.OFF)], "locked already"),
        (
            [lock("P1", kind=LockKind.SHIFT, pattern="early", start_min=480)],
            "P1 on 2025-06-02: .* is a day off",
        ),
        ([lock("P2", kind=LockKind.SHIFT, pattern="late", start_min=720)], "does not allow pattern 'late'"),
        (
            [
                lock("P0", kind=LockKind.SHIFT, pattern="late", start_min=720),
                lock("P0", 1, kind=LockKind.SHIFT, pattern="early", start_min=480),
            ],
            "P0: 16 h of rest",
        ),
    ],
)
def test_locks_that_cannot_be_kept_are_refused_with_names(locks: list[Lock], said: str) -> None:
    agents = (
        *people(1),
        Agent(id="P1", skills=frozenset({"calls"}), time_off=frozenset({MONDAY})),
        Agent(id="P2", skills=frozenset({"calls"}), contract="mornings"),
    )
    contracts = (
        Contract(id="standard", min_rest_h=17),
        Contract(id="mornings", patterns=frozenset({"early"})),
    )
    asked = problem(agents=agents, days=2, patterns=(EARLY, LATE), contracts=contracts, full=1.0)
    with pytest.raises(InputError, match=said):
        replace(asked, locks=tuple(locks))


def test_locks_that_just_keep_the_rest_are_taken() -> None:
    locks = (
        lock("P0", kind=LockKind.SHIFT, pattern="late", start_min=720),
        lock("P0", 1, kind=LockKind.SHIFT, pattern="early", start_min=480),
    )
    asked = half_days(days=2, contracts=(Contract(id="standard", min_rest_h=16),))
    found = resolve(replace(asked, locks=locks), stands(asked), limits=EXACT)
    assert spoken(found)["P0", 0] == "late"
    assert spoken(found)["P0", 1] == "early"


def test_a_lock_that_leaves_no_tour_is_refused_with_its_days() -> None:
    full_time = (Contract(id="standard", min_h_per_week=20, min_rest_h=0),)
    asked = replace(half_days(days=7, contracts=full_time), locks=(lock("P0", 0, 2, kind=LockKind.OFF),))
    with pytest.raises(
        InputError, match=r"P0: no tour that keeps the locks of 2025-06-02, 2025-06-03, 2025-06-04"
    ):
        resolve(asked, stands(asked, *(early("P0", day) for day in range(5))))


def test_of_a_long_roster_only_the_weeks_struck_change_and_rest_holds_across_them() -> None:
    contract = Contract(id="standard", min_rest_h=17, max_days_per_week=7, max_consecutive_days=8)
    asked = half_days(3, days=21, contracts=(contract,), full=[1, 1, 1, 1, 1, 1, 1, 1])
    worked = [
        make(who, day) for who, make in (("P0", early), ("P1", late)) for day in range(21) if day % 7 != 6
    ]
    gone = [Absence("P0", MONDAY + timedelta(8), MONDAY + timedelta(12))]
    # Good enough is what one tour after another finds: nothing here is about being best.
    found = resolve(asked, stands(asked, *worked), absent=gone, limits=Limits(time_s=10, gap=0.5))
    assert {(one.day - MONDAY).days // 7 for one in found.changes} == {1}
    assert {one.agent_id for one in found.changes} >= {"P2"}
    assert found.value is not None
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []


def test_who_only_lacks_hours_after_an_absence_stays_where_no_more_may_change() -> None:
    asked = half_days(2, days=7, contracts=(Contract(id="standard", min_h_per_week=20, min_rest_h=0),))
    before = stands(asked, *(early("P0", day) for day in range(5)), *(late("P1", day) for day in range(5)))
    gone = [Absence("P0", MONDAY, MONDAY + timedelta(1))]
    assert resolve(asked, before, absent=gone, max_changes=0, limits=EXACT).broken == ()
    longer = [Absence("P0", MONDAY + timedelta(4), MONDAY + timedelta(6))]
    mixed = stands(asked, *(early("P0", day) for day in (0, 4, 5, 6)), *before.assignments[5:])
    assert [one.rule for one in resolve(asked, mixed, absent=longer, max_changes=0, limits=EXACT).broken] == [
        "weekly hours at least"
    ]
    mended = resolve(asked, mixed, absent=longer, max_changes=1, limits=EXACT)
    assert (mended.people, mended.broken) == (("P0",), ())
