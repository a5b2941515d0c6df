"""From counts to names: tours are matched to people, then each day's shifts are dealt anew until nothing gains.

Dealing one day anew among the people of a class, everything else held, is a linear assignment and is solved
exactly; days off are dealt like shifts. Days and hours a week, runs, rest and time off are hard.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from data.domain import Agent
from scheduling.rosters.classes import AgentClass
from scheduling.rosters.model import Model
from scheduling.rosters.peel import peel
from scheduling.rosters.tour_rules import TourRules
from scheduling.rosters.tours import Duty, duty_of
from scheduling.rosters.wishes import Likings
from scheduling.shifts import Shift

FORBIDDEN = 1e6
"""Cost of dealing somebody what their rules do not allow; far above all dislikes of a class together."""
ROUNDS = 6

Counts = dict[int, list[int]]
"""Numbers of the shifts to be worked, by day, as often as there are people on them."""


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
        Numbers of the shifts by day.
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
        between days is out of reach: `conflicts` counts such days.
    """
    people, duties = _tours(model, number, values)
    shifts = model.problem.shifts
    counts: Counts = {day: [] for day in range(model.problem.days)}
    for shift_number, column in model.shift_columns[number].items():
        counts[shifts[shift_number].day] += [shift_number] * round(values[column])
    for day, numbers in counts.items():
        _deal_by_duty(people, duties, day, [shifts[n] for n in numbers])
    for _ in range(ROUNDS):
        gains = [deal(people, day) for day in range(model.problem.days)]
        if not any(gains):
            break
    return people


def conflicts(people: list[Person]) -> list[tuple[Person, int]]:
    """People and days whose shift their rules do not allow."""
    return [
        (person, day)
        for person in people
        for day, shift in sorted(person.tour.items())
        if not person.rules.allows(person.tour, day, shift)
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


def _tours(
    model: Model, number: int, values: np.ndarray
) -> tuple[list[Person], list[tuple[Duty | None, ...]]]:
    """People of a class and a tour for each, matched by wishes for days off within each crew."""
    agent_class: AgentClass = model.classes[number]
    people: list[Person] = []
    duties: list[tuple[Duty | None, ...]] = []
    horizon = model.problem.horizon
    for crew, tours, columns in zip(
        agent_class.crews, model.networks[number], model.flow_columns[number], strict=True
    ):
        paths = peel(tours, values[list(columns)], len(crew.agents))
        rules = TourRules(agent_class.contract, crew.days_off, horizon)
        crewed = [Person(agent, rules, Likings(agent, horizon), {}) for agent in crew.agents]
        dislikes = np.array(
            [
                [
                    sum(
                        person.likings.dislike({}, day, None) for day, duty in enumerate(path) if duty is None
                    )
                    for path in paths
                ]
                for person in crewed
            ]
        )
        _, chosen = linear_sum_assignment(dislikes)
        people += crewed
        duties += [paths[path] for path in chosen.tolist()]
    return people, duties


def _deal_by_duty(
    people: list[Person], duties: list[tuple[Duty | None, ...]], day: int, shifts: list[Shift]
) -> None:
    """Deal a day's shifts to those on duty, given the days before; who works tomorrow gets the earlier ones."""
    groups: dict[Duty, list[Shift]] = {}
    for shift in shifts:
        groups.setdefault(duty_of(shift), []).append(shift)
    for duty, members in groups.items():
        on_duty = [number for number, path in enumerate(duties) if path[day] == duty]
        matrix = np.empty((len(on_duty), len(members)))
        for row, number in enumerate(on_duty):
            person, tomorrow = (
                people[number],
                day + 1 < len(duties[number]) and duties[number][day + 1] is not None,
            )
            for column, shift in enumerate(members):
                rested = person.rules.rested(person.tour, day, shift)
                matrix[row, column] = (0.0 if rested else FORBIDDEN) + (shift.end_min if tomorrow else 0.0)
                matrix[row, column] += person.likings.dislike(person.tour, day, shift)
        rows, columns = linear_sum_assignment(matrix)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            people[on_duty[row]].tour[day] = members[column]
