from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import numpy as np
import pytest

from data.domain import Agent, Assignment, Contract, Roster, Wish
from scheduling.fair_shares import Past, fairness
from scheduling.problem import RosterProblem
from scheduling.rosters.fairness import shared_fairly
from scheduling.rosters.recount import cost_of, present, shortfalls
from scheduling.rosters.wishes import STEADY, WISH
from scheduling.rules import violations
from scheduling.shifts import wall_clock
from scheduling.unsocial import UNSOCIAL, Load
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem

DAY, LATE, NIGHT = pattern("day", 480, 480), pattern("late", 840, 480), pattern("night", 1320, 480)
PATTERNS = {kind.id: kind for kind in (DAY, LATE, NIGHT)}
LOOSE = Contract(
    id="standard", max_days_per_week=7, max_consecutive_days=14, max_h_per_week=168, min_rest_h=0
)


def shift(agent_id: str, day: int, name: str) -> Assignment:
    kind, local = PATTERNS[name], MONDAY + timedelta(days=day)
    start = wall_clock(local, kind.start_earliest_min, "UTC")
    end = start + timedelta(minutes=kind.length_min)
    return Assignment(agent_id=agent_id, day=local, pattern=name, start=start, end=end)


def asked(
    count: int, days: int, *, contract: Contract = LOOSE, past: dict[str, Past] | None = None
) -> RosterProblem:
    made = problem(
        agents=people(count), days=days, contracts=[contract], patterns=tuple(PATTERNS.values()), full=1.0
    )
    return replace(made, past=past or {})


def roster(wanted: RosterProblem, *tours: str) -> Roster:
    """Tours by person, a letter a day: d, l, n, - for rest."""
    names = {"d": "day", "l": "late", "n": "night"}
    shifts = [
        shift(f"P{person}", day, names[letter])
        for person, tour in enumerate(tours)
        for day, letter in enumerate(tour)
        if letter != "-"
    ]
    return Roster(name="r", first=wanted.first, days=wanted.days, timezone="UTC", assignments=tuple(shifts))


def always() -> bool:
    return True


def tours(found: Roster, wanted: RosterProblem) -> list[str]:
    letters = {(s.agent_id, s.day): s.pattern[0] for s in found.assignments}
    days = [wanted.first + timedelta(days=n) for n in range(wanted.days)]
    return ["".join(letters.get((agent.id, day), "-") for day in days) for agent in wanted.agents]


def nights(found: Roster) -> Counter[str]:
    return Counter(s.agent_id for s in found.assignments if s.pattern == "night")


def unfairness(found: Roster, wanted: RosterProblem) -> float:
    loads: dict[str, list[Load]] = {}
    for own in found.assignments:
        loads.setdefault(own.agent_id, []).append(UNSOCIAL.load(own, "UTC"))
    sums = {name: Load(*map(sum, zip(*kept, strict=True))) for name, kept in loads.items()}
    return fairness(
        sums, wanted.agents, ["calls"], first=wanted.first, days=wanted.days, past=wanted.past
    ).unfairness


def cost(found: Roster, wanted: RosterProblem) -> float:
    """What is made small, told anew: squares, wishes, steady starts."""
    held = {(s.agent_id, s.day): s for s in found.assignments}
    total = unfairness(found, wanted)
    for agent in wanted.agents:
        for wish in agent.wishes:
            own = held.get((agent.id, wish.day))
            total -= WISH * wish.weight * ((None if own is None else own.pattern) == wish.pattern)
        for n in range(wanted.days - 1):
            pair = [held.get((agent.id, wanted.first + timedelta(days=n + k))) for k in (0, 1)]
            if pair[0] is not None and pair[1] is not None:
                total += STEADY * abs(pair[0].start.hour - pair[1].start.hour)
    return total


def unchanged(found: Roster, given: Roster, wanted: RosterProblem) -> None:
    """Who works what may change; what is worked, covered and paid may not."""
    assert Counter((s.day, s.pattern, s.start, s.end, s.breaks) for s in found.assignments) == Counter(
        (s.day, s.pattern, s.start, s.end, s.breaks) for s in given.assignments
    )
    assert present(found, wanted) == present(given, wanted)
    assert shortfalls(found, wanted) == shortfalls(given, wanted)
    assert cost_of(found, wanted) == pytest.approx(cost_of(given, wanted))
    assert violations(found, wanted.agents, wanted.contracts, wanted.patterns) == []


def test_nights_are_shared_by_those_who_replace_each_other() -> None:
    wanted = asked(3, 6)
    given = roster(wanted, "nnnnnn", "dddddd", "dddddd")
    found = shared_fairly(wanted, given, always)
    unchanged(found, given, wanted)
    assert nights(found) == {"P0": 2, "P1": 2, "P2": 2}


def test_who_worked_nights_in_the_weeks_before_works_fewer_now() -> None:
    past = {name: Past(Load(nights=count), 84) for name, count in (("P0", 4), ("P1", 0), ("P2", 2))}
    wanted = asked(3, 6, past=past)
    found = shared_fairly(wanted, roster(wanted, "nnnnnn", "dddddd", "dddddd"), always)
    assert nights(found) == {"P1": 4, "P2": 2}


def test_who_came_lately_owes_no_nights_of_the_weeks_before() -> None:
    # Eighteen nights in all; P0 and P1 are there for 90 days, P2 for six: 8.7, 8.7 and 0.6 are fair, 9, 9 and 0 nearest.
    past = {"P0": Past(Load(nights=6), 84), "P1": Past(Load(nights=6), 84)}
    wanted = asked(3, 6, past=past)
    found = shared_fairly(wanted, roster(wanted, "dddddd", "dddddd", "nnnnnn"), always)
    assert nights(found) == {"P0": 3, "P1": 3}


def test_time_off_makes_a_share_smaller() -> None:
    off = frozenset(MONDAY + timedelta(days=n) for n in range(3, 6))
    wanted = replace(
        asked(2, 6), agents=(Agent(id="P0", skills=frozenset({"calls"}), time_off=off), people(2)[1])
    )
    found = shared_fairly(wanted, roster(wanted, "nn----", "ddnnnn"), always)
    assert nights(found) == {"P0": 2, "P1": 4}
    found = shared_fairly(wanted, roster(wanted, "dd----", "nnnnnn"), always)
    assert nights(found) == {"P0": 2, "P1": 4}


def test_rules_are_kept_where_nights_are_shared_in_runs() -> None:
    contract = replace(LOOSE, min_rest_h=15, max_consecutive_days=6)
    # A night and a day's shift never lie on neighbouring days: whole weeks change hands.
    wanted = asked(2, 14, contract=contract)
    given = roster(wanted, "nnnnn--nnnnn--", "ddddd--ddddd--")
    found = shared_fairly(wanted, given, always)
    unchanged(found, given, wanted)
    assert nights(found) == {"P0": 5, "P1": 5}


def test_people_of_other_contracts_or_skills_have_shares_of_their_own() -> None:
    wanted = replace(
        asked(2, 4),
        agents=(*people(1), *people(1, contract="part", prefix="H")),
        contracts=(LOOSE, replace(LOOSE, id="part")),
    )
    given = replace(roster(wanted, "nnnn"), assignments=roster(wanted, "nnnn").assignments)
    assert shared_fairly(wanted, given, always) == given


def test_a_wish_weighs_as_much_as_is_said() -> None:
    wishes = tuple(Wish(day=MONDAY + timedelta(days=n), pattern="day") for n in (0, 2))
    wanted = asked(2, 3)
    wished = replace(wanted, agents=(replace(wanted.agents[0], wishes=wishes), wanted.agents[1]))
    given = roster(wished, "d-d", "n-n")
    # A night more than fair and one less: two squares of 1 at weight 2 cost 4, less than a wish of 10.
    assert nights(shared_fairly(wished, given, always)) == {"P1": 2}
    light = tuple(replace(wish, weight=0.1) for wish in wishes)
    wished = replace(wanted, agents=(replace(wanted.agents[0], wishes=light), wanted.agents[1]))
    assert nights(shared_fairly(wished, given, always)) == {"P0": 1, "P1": 1}


def test_nothing_changes_where_there_is_no_time() -> None:
    wanted = asked(3, 6)
    given = roster(wanted, "nnnnnn", "dddddd", "dddddd")
    assert shared_fairly(wanted, given, lambda: False) == given


def test_it_is_the_same_every_time() -> None:
    random = np.random.default_rng(5)
    wanted = asked(5, 7)
    given = roster(wanted, *("".join(random.choice(list("dln-"), 7)) for _ in range(5)))
    assert shared_fairly(wanted, given, always) == shared_fairly(wanted, given, always)


@pytest.mark.parametrize("seed", range(6))
def test_a_single_day_is_dealt_as_well_as_every_way_of_dealing_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    past = {f"P{n}": Past(Load(*random.integers(0, 5, 4).tolist()), 84) for n in range(4)}
    agents = tuple(
        replace(
            agent,
            wishes=(
                Wish(day=MONDAY, pattern=random.choice(["day", "night"]), weight=float(random.random())),
            ),
        )
        for agent in people(4)
    )
    wanted = replace(asked(4, 1, past=past), agents=agents)
    letters = random.choice(list("dln-"), 4)
    given = roster(wanted, *letters)
    found = shared_fairly(wanted, given, always)
    best = min(cost(roster(wanted, *order), wanted) for order in permutations(letters))
    assert cost(found, wanted) == pytest.approx(best)
    unchanged(found, given, wanted)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_made_small_never_grows_and_ends_near_the_best_there_is(seed: int) -> None:
    random = np.random.default_rng(seed)
    past = {f"P{n}": Past(Load(nights=int(random.integers(0, 4))), 84) for n in range(3)}
    contract = replace(LOOSE, min_rest_h=11)
    wanted = asked(3, 3, contract=contract, past=past)
    given = next(
        made
        for _ in range(100)
        if not broken(
            made := roster(wanted, *("".join(random.choice(list("dln-"), 3)) for _ in range(3))), wanted
        )
    )
    found = shared_fairly(wanted, given, always)
    unchanged(found, given, wanted)
    days = list(zip(*tours(given, wanted), strict=True))
    every = [roster(wanted, *("".join(own) for own in zip(*dealt, strict=True))) for dealt in _dealt(days)]
    best = min(cost(made, wanted) for made in every if not broken(made, wanted))
    assert best - 1e-9 <= cost(found, wanted) <= cost(given, wanted) + 1e-9
    assert cost(found, wanted) - best <= 0.34 * max(cost(given, wanted) - best, 0.0) + 1.0


def broken(made: Roster, wanted: RosterProblem) -> bool:
    return bool(violations(made, wanted.agents, wanted.contracts, wanted.patterns))


def _dealt(days: Sequence[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Every way of dealing each day's letters."""
    ways: list[list[tuple[str, ...]]] = [[]]
    for letters in days:
        ways = [[*way, order] for way in ways for order in sorted(set(permutations(letters)))]
    return ways
