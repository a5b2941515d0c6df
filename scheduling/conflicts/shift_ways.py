"""Ways to give way in when and how long people work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from data.domain import ShiftPattern
from data.week import DAY_MIN
from scheduling.conflicts import prices
from scheduling.conflicts.ladders import Ladder, Step, all_h, dearest
from scheduling.conflicts.loosening import without
from scheduling.conflicts.report import Kind, Rule
from scheduling.problem import RosterProblem

LONGER_MIN = (60, 120, 180)
"""Minutes by which people may stay longer; Chinese law allows three hours of overtime a day."""
EARLIER_LATER_MIN = ((60, 0), (0, 60), (60, 60), (120, 0), (0, 120), (120, 120), (240, 240))
"""Minutes by which shifts may begin earlier and later."""


def longer_shifts(problem: RosterProblem, skill: str, days: int) -> Iterator[Ladder]:
    """Let people with a skill stay some hours longer on the days concerned."""
    able = sorted(
        (agent for agent in problem.agents if skill in agent.skills),
        key=lambda agent: (len(agent.time_off), agent.id),
    )

    def step(count: int, more_min: int) -> Step:
        people = tuple(agent.id for agent in able[:count])
        hours = count * days * more_min / 60
        return Step(
            lambda asked: _longer(asked, frozenset(people), more_min, days),
            float(more_min),
            prices.OVERTIME * hours * dearest(problem, people),
            people=people,
            hours=hours,
        )

    longer = Rule(kind=Kind.LONGER_SHIFTS, name=skill, value=0.0)
    for more_min in LONGER_MIN:
        yield Ladder(longer, tuple(step(count, more_min) for count in range(1, len(able) + 1)))


def _longer(problem: RosterProblem, people: frozenset[str], more_min: int, days: int) -> RosterProblem:
    """Some people may also work every pattern that much longer, and as many hours more a week as that takes."""
    known = frozenset(pattern.id for pattern in problem.patterns)
    longer = tuple(
        replace(pattern, id=f"{pattern.id}+", length_min=pattern.length_min + more_min)
        for pattern in problem.patterns
        if pattern.length_min + more_min <= DAY_MIN
    )
    closed = tuple(replace(contract, patterns=contract.patterns or known) for contract in problem.contracts)
    used = {agent.contract for agent in problem.agents if agent.id in people}
    opened = tuple(
        replace(
            contract,
            id=f"{contract.id}+",
            patterns=contract.patterns | {one.id for one in longer if one.id[:-1] in contract.patterns},
            max_h_per_week=min(168.0, contract.max_h_per_week + days * more_min / 60),
        )
        for contract in closed
        if contract.id in used
    )
    agents = (replace(a, contract=f"{a.contract}+") if a.id in people else a for a in problem.agents)
    return replace(
        problem,
        agents=tuple(agents),
        contracts=(*closed, *opened),
        patterns=(*problem.patterns, *longer),
    )


def other_breaks(problem: RosterProblem, rule: Rule) -> Ladder:
    """Let breaks of a pattern be taken at any time."""
    price = prices.OTHER_TIMES * all_h(problem, rule.name)
    return Ladder(rule, (Step(lambda asked: without(asked, [rule]), None, price),))


def other_starts(problem: RosterProblem, rule: Rule) -> Ladder:
    """Let shifts of a pattern begin earlier or later, at last at any time of any day."""
    pattern = next(own for own in problem.patterns if own.id == rule.name)
    price = prices.OTHER_TIMES * all_h(problem, rule.name)

    def step(number: int, moved: ShiftPattern) -> Step:
        ends = (
            (Kind.EARLIEST_START, pattern.start_earliest_min, moved.start_earliest_min),
            (Kind.LATEST_START, pattern.start_latest_min, moved.start_latest_min),
        )
        return Step(
            lambda asked: replace(
                asked, patterns=tuple(moved if own.id == pattern.id else own for own in asked.patterns)
            ),
            None,
            price * (number + 1),
            and_also=tuple(
                (Rule(kind=kind, name=pattern.id, value=float(before)), float(after))
                for kind, before, after in ends
                if before != after
            ),
        )

    moves = dict.fromkeys(_moved(pattern, *minutes) for minutes in EARLIER_LATER_MIN)
    steps = tuple(step(number, moved) for number, moved in enumerate(moves) if moved != pattern)
    anything = Step(lambda asked: without(asked, [rule]), None, price * (len(EARLIER_LATER_MIN) + 1))
    return Ladder(rule, (*steps, anything), nested=False)


def _moved(pattern: ShiftPattern, earlier_min: int, later_min: int) -> ShiftPattern:
    step_min = min(pattern.start_step_min, 60)
    return replace(
        pattern,
        start_earliest_min=max(
            pattern.start_earliest_min % step_min, pattern.start_earliest_min - earlier_min
        ),
        start_latest_min=min(DAY_MIN - 1, pattern.start_latest_min + later_min),
        start_step_min=step_min,
    )
