"""Ways to give way in who is there: time off given back, more people, people who learn a skill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from data.domain import Agent
from scheduling.conflicts import prices
from scheduling.conflicts.ladders import Ladder, Step, contract_of, dearest, usual_h
from scheduling.conflicts.loosening import more_people, without
from scheduling.conflicts.report import Kind, Rule
from scheduling.problem import RosterProblem

MOST_PEOPLE = 256
"""More new people than this are no advice."""


def time_off(problem: RosterProblem, away: Sequence[Rule]) -> Ladder:
    """Give back the time off of one person, of two, …, those first who have least of it."""
    ordered = sorted(away, key=lambda rule: (len(rule.days), rule.name))
    steps = []
    for count in range(1, len(ordered) + 1):
        given = ordered[:count]
        hours = sum(usual_h(problem, rule.name) * len(rule.days) for rule in given)
        steps.append(
            Step(
                lambda asked, given=tuple(given): without(asked, given),  # type: ignore[misc] # bound as it is now
                None,
                prices.TIME_OFF * hours * dearest(problem, (rule.name for rule in given)),
                people=tuple(rule.name for rule in given),
                hours=hours,
                and_also=tuple((rule, None) for rule in given[1:]),
            )
        )
    return Ladder(ordered[0], tuple(steps))


def people_taken_on(problem: RosterProblem, rule: Rule) -> Ladder:
    """Take on people with a skill, by the contract most of those who have it work by."""
    holders = [agent for agent in problem.agents if rule.name in agent.skills]
    name = max(
        sorted({agent.contract for agent in holders}),
        key=lambda contract: sum(agent.contract == contract for agent in holders),
        default=problem.contracts[0].id,
    )
    contract = contract_of(problem, name)
    # Nobody comes for a day: whoever is taken on is paid a week at least.
    hours = contract.max_h_per_week * max(1.0, problem.days / 7)
    by_contract = Rule(kind=Kind.HOURS, name=name, value=contract.max_h_per_week)

    def step(count: int) -> Step:
        return Step(
            lambda asked: replace(asked, agents=(*asked.agents, *more_people(rule.name, name, count))),
            (rule.value or 0.0) + count,
            prices.NEW_PERSON * count * hours * contract.cost_per_h,
            hours=count * hours,
            and_also=((by_contract, by_contract.value),),
        )

    return Ladder(rule, tuple(step(count) for count in range(1, MOST_PEOPLE + 1)))


def people_taught(problem: RosterProblem, rule: Rule) -> Iterator[Ladder]:
    """Teach people a skill, those first who have fewest."""
    others = sorted(
        (agent for agent in problem.agents if rule.name not in agent.skills),
        key=lambda agent: (len(agent.skills), agent.id),
    )

    def step(count: int) -> Step:
        taught = {agent.id for agent in others[:count]}
        return Step(
            lambda asked: replace(asked, agents=tuple(_taught(asked.agents, taught, rule.name))),
            (rule.value or 0.0) + count,
            prices.TRAINING_H * count * dearest(problem, taught),
            people=tuple(agent.id for agent in others[:count]),
            hours=prices.TRAINING_H * count,
        )

    if others:
        yield Ladder(
            replace(rule, kind=Kind.SKILL), tuple(step(count) for count in range(1, len(others) + 1))
        )


def _taught(agents: Iterable[Agent], taught: set[str], skill: str) -> Iterator[Agent]:
    for agent in agents:
        yield replace(agent, skills=agent.skills | {skill}) if agent.id in taught else agent
