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
from scheduling.rosters.tour_rules import TourRules
from scheduling.rosters.wishes import Likings
from scheduling.shifts import Shift

FORBIDDEN = 1e6
"""Cost of dealing somebody what their rules do not allow; far above all dislikes of a class together."""
ROUNDS = 6

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
    people = []
    for crew in agent_class.crews:
        rules = TourRules(agent_class.contract, crew.days_off, horizon)
        people += [
            Person(agent, rules, Likings(agent, horizon), dict(before.get(agent.id, {})))
            for agent in crew.agents
        ]
    return people


def settle(people: list[Person], days: int) -> None:
    """Deal each day's shifts anew until nobody likes it better."""
    for _ in range(ROUNDS):
        gains = [deal(people, day) for day in range(days)]
        if not any(gains):
            break


def conflicts(people: list[Person]) -> list[tuple[Person, int]]:
    """People and days whose shift their rules do not allow."""
    return [
        (person, day)
        for person in people
        for day, shift in sorted(person.tour.items())
        if day >= 0 and not person.rules.allows(person.tour, day, shift)
    ]


def deal(people: list[Person], day: int) -> bool:
    """Deal the shifts and rests of one day anew among people; true when they like it better."""
    held = [person.tour.get(day) for person in people]
    kinds = list(dict.fromkeys(held))
    if len(kinds) == 1:
        return False
    costs = np.array([[_cost(person, day, kind) for kind in kinds] for person in people])
    tokens = [kinds.index(shift) for shift in held]
    matrix = costs[:, tokens]
    rows, columns = linear_sum_assignment(matrix)
    if matrix[rows, columns].sum() >= np.trace(matrix) - 1e-9:
        return False
    for person, column in zip(people, columns, strict=True):
        _give(person, day, held[column])
    return True


def _cost(person: Person, day: int, shift: Shift | None) -> float:
    forbidden = 0.0 if person.rules.allows(person.tour, day, shift) else FORBIDDEN
    return forbidden + person.likings.dislike(person.tour, day, shift)


def _give(person: Person, day: int, shift: Shift | None) -> None:
    if shift is None:
        person.tour.pop(day, None)
    else:
        person.tour[day] = shift


def _matched(people: list[Person], paths: Sequence[Path]) -> list[Path]:
    """Paths of a crew in the order of its people, matched by wishes for days off."""
    dislikes = np.array(
        [
            [
                sum(person.likings.dislike({}, day, None) for day, duty in enumerate(path) if duty is None)
                for path in paths
            ]
            for person in people
        ]
    )
    _, chosen = linear_sum_assignment(dislikes)
    return [paths[path] for path in chosen.tolist()]


def _deal_by_duty(
    people: list[Person], paths: list[Path], day: int, duty: Duty, members: list[Shift]
) -> None:
    """Deal shifts to those on their duty, given the days before; who works tomorrow gets the earlier ones."""
    on_duty = [number for number, path in enumerate(paths) if path[day] == duty]
    matrix = np.empty((len(on_duty), len(members)))
    for row, number in enumerate(on_duty):
        person = people[number]
        tomorrow = day + 1 < len(paths[number]) and paths[number][day + 1] is not None
        for column, shift in enumerate(members):
            rested = person.rules.rested(person.tour, day, shift)
            matrix[row, column] = (0.0 if rested else FORBIDDEN) + (shift.end_min if tomorrow else 0.0)
            matrix[row, column] += person.likings.dislike(person.tour, day, shift)
    rows, columns = linear_sum_assignment(matrix)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        people[on_duty[row]].tour[day] = members[column]
