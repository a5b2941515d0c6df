"""From counts to names: tours are matched to people, then each day's shifts are dealt anew until nothing gains.

Dealing one day anew among the people of a class, everything else held, is a linear assignment and is solved
exactly; days off are dealt like shifts. Days and hours a week, runs, rest and time off are hard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from data.domain import Agent
from scheduling.rosters.classes import AgentClass
from scheduling.rosters.duties import Duty
from scheduling.rosters.model import Model
from scheduling.rosters.peel import peel
from scheduling.rosters.premiums import overtime_of
from scheduling.rosters.tour_rules import TourRules
from scheduling.rosters.wishes import Likings
from scheduling.shifts import Shift

FORBIDDEN = 1e6
"""Cost of dealing somebody what their rules do not allow; far above all dislikes of a class together."""
ROUNDS = 6
DEALT = 600
"""People a round is dealt among, over all rounds, where they are many."""
BLOCK = 120
"""People a day is dealt among at once: the work grows with their number squared and more, what is gained hardly."""

Path = tuple[Duty | None, ...]
"""Duty of each day, None for rest."""


@dataclass
class Person:
    """Somebody whose tour is being made.

    Parameters
    ----------
    agent
        Who it is.
    rules
        What the contract and the time off allow.
    likings
        What the person would like.
    tour
        Shifts by day; those of days below 0 were worked before and stay.
    """

    agent: Agent
    rules: TourRules
    likings: Likings
    tour: dict[int, Shift]


def name_class(model: Model, number: int, values: np.ndarray) -> list[Person]:
    """Give the shifts of a class to its people.

    Parameters
    ----------
    model, values
        A roster in whole numbers.
    number
        Of the class.

    Returns
    -------
    list of Person
        Every shift is worked by somebody. Somebody's rules may be broken where counts alone do not tell that rest
        between days is out of reach: `conflicts` counts such days; there are none where the class's networks keep
        rest.
    """
    paths = [
        peel(tours, values[list(columns)], len(crew.agents))
        for crew, tours, columns in zip(
            model.classes[number].crews, model.tours(number), model.flow_columns[number], strict=True
        )
    ]
    counts = {shift: round(values[column]) for shift, column in model.shift_columns[number].items()}
    return name_paths(model, model.classes[number], paths, counts, model.duties(number))


def name_paths(
    model: Model,
    agent_class: AgentClass,
    paths: Sequence[Sequence[Path]],
    counts: Mapping[int, int],
    duties: Mapping[int, Duty],
) -> list[Person]:
    """Give paths and shifts of a class to its people.

    Parameters
    ----------
    model
        The programme.
    agent_class
        The class, with the crews the paths belong to.
    paths
        Per crew as many as it has people.
    counts
        People on each shift, by its number; as many by day and duty as the paths have.
    duties
        Of each shift, by its number.
    """
    people = people_of(model, agent_class)
    own_paths: list[Path] = []
    begin = 0
    for crewed in paths:
        own_paths += _matched(people[begin : begin + len(crewed)], crewed)
        begin += len(crewed)
    shifts = model.problem.shifts
    groups: dict[tuple[int, Duty], list[Shift]] = defaultdict(list)
    for shift, times in counts.items():
        groups[shifts[shift].day, duties[shift]] += [shifts[shift]] * times
    # Day by day, for what somebody worked yesterday tells what suits today.
    for (day, duty), members in sorted(groups.items()):
        _deal_by_duty(people, own_paths, day, duty, members)
    settle(people, model.problem.days)
    return people


def people_of(model: Model, agent_class: AgentClass) -> list[Person]:
    """People of a class without any shift but those worked before, crew by crew."""
    horizon, before = model.problem.horizon, model.networks.before
    overtime = overtime_of(agent_class.contract, model.problem)
    people = []
    for crew in agent_class.crews:
        people += [
            Person(
                agent,
                model.networks.tour_rules(agent_class, crew, agent.id),
                Likings(agent, horizon, overtime.get(agent.id)),
                dict(before.get(agent.id, {})),
            )
            for agent in crew.agents
        ]
    return people


def settle(people: list[Person], days: int) -> None:
    """Deal each day's shifts anew until nobody likes it better, in blocks whose people change from round to round.

    Where people are many the first rounds are all, or names would take longest of everything; further ones only mend
    rest that is still broken.
    """
    blocks = -(-len(people) // BLOCK)
    rounds = max(1, min(ROUNDS, DEALT // max(len(people), 1)))
    for turn in range(ROUNDS):
        if turn >= rounds and not conflicts(people):
            break
        dealt = [people[first::blocks] for first in range(blocks)] if turn % 2 else _in_rows(people, blocks)
        gains = [deal(own, day) for day in range(days) for own in dealt]
        if not any(gains) and (turn or blocks == 1):
            break


def _in_rows(people: list[Person], blocks: int) -> list[list[Person]]:
    """Neighbours together."""
    size = -(-len(people) // max(blocks, 1))
    return [people[first : first + size] for first in range(0, len(people), max(size, 1))]


def conflicts(people: list[Person]) -> list[tuple[Person, int]]:
    """People and days whose shift or rest their rules do not allow: of a day of rest, for their week lacks hours."""
    return [
        (person, day)
        for person in people
        for day in range(person.rules.horizon.days)
        if not person.rules.allows(person.tour, day, person.tour.get(day))
    ]


def deal(people: list[Person], day: int) -> bool:
    """Deal the shifts and rests of one day anew among people; true when they like it better."""
    held = [person.tour.get(day) for person in people]
    if len(set(held)) == 1:
        return False
    matrix = _matrix(people, day, held)
    rows, columns = linear_sum_assignment(matrix)
    if matrix[rows, columns].sum() >= np.trace(matrix) - 1e-9:
        return False
    for person, column in zip(people, columns, strict=True):
        _give(person, day, held[column])
    return True


def give(people: list[Person], day: int, tokens: Sequence[Shift | None]) -> None:
    """Deal other shifts and rests of one day, one for each of the people, as they like them best."""
    _, columns = linear_sum_assignment(_matrix(people, day, tokens))
    for person, column in zip(people, columns.tolist(), strict=True):
        _give(person, day, tokens[column])


def _matrix(people: list[Person], day: int, tokens: Sequence[Shift | None]) -> np.ndarray:
    """Cost of dealing each of the people each of some shifts and rests."""
    kinds = list(dict.fromkeys(tokens))
    costs = np.array([_costs(person, day, kinds) for person in people])
    numbers = {kind: number for number, kind in enumerate(kinds)}
    matrix: np.ndarray = costs[:, [numbers[token] for token in tokens]]
    return matrix


def _costs(person: Person, day: int, kinds: Sequence[Shift | None]) -> list[float]:
    allowed = person.rules.allowed(person.tour, day, kinds)
    dislikes = person.likings.dislikes(person.tour, day, kinds)
    return [dislike + (0.0 if fits else FORBIDDEN) for fits, dislike in zip(allowed, dislikes, strict=True)]


def _give(person: Person, day: int, shift: Shift | None) -> None:
    if shift is None:
        person.tour.pop(day, None)
    else:
        person.tour[day] = shift


def _matched(people: list[Person], paths: Sequence[Path]) -> list[Path]:
    """Paths of a crew in the order of its people, matched by wishes for days off."""
    days = range(len(paths[0]))
    dislikes = np.array([[person.likings.dislike({}, day, None) for day in days] for person in people])
    free = np.array([[duty is None for duty in path] for path in paths], dtype=float)
    dislikes = dislikes @ free.T
    _, chosen = linear_sum_assignment(dislikes)
    return [paths[path] for path in chosen.tolist()]


def _deal_by_duty(
    people: list[Person], paths: list[Path], day: int, duty: Duty, members: list[Shift]
) -> None:
    """Deal shifts to those on their duty, given the days before; who works tomorrow gets the earlier ones."""
    on_duty = [number for number, path in enumerate(paths) if path[day] == duty]
    kinds = list(dict.fromkeys(members))
    costs = np.empty((len(on_duty), len(kinds)))
    ends = np.array([shift.end_min for shift in kinds], dtype=float)
    for row, number in enumerate(on_duty):
        person = people[number]
        tomorrow = day + 1 < len(paths[number]) and paths[number][day + 1] is not None
        tired = [not person.rules.rested(person.tour, day, shift) for shift in kinds]
        costs[row] = person.likings.dislikes(person.tour, day, kinds)
        costs[row] += FORBIDDEN * np.array(tired) + (ends if tomorrow else 0.0)
    rows, columns = linear_sum_assignment(costs[:, [kinds.index(shift) for shift in members]])
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        people[on_duty[row]].tour[day] = members[column]
