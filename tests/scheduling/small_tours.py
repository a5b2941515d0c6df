"""Tiny problems of people who all differ, and every tour of a person by trying all of them."""

from __future__ import annotations

from itertools import groupby, pairwise, product

import numpy as np

from scheduling.named_rosters.problem import Cover, NamedProblem, Person, ShiftType, WorkLimits

DAYS = 6
SHIFTS = (ShiftType("early", 480), ShiftType("late", 600, frozenset({"early"})))


def small_problem(seed: int, people: int = 3) -> NamedProblem:
    """Six days of which the third and fourth are a weekend, whole prices, limits that bind."""
    random = np.random.default_rng(seed)
    limits = [
        WorkLimits(
            least_min=int(random.choice([0, 960, 1400])),
            most_min=int(random.choice([1560, 2040, 2600])),
            longest_run=int(random.integers(2, 5)),
            shortest_run=int(random.integers(1, 3)),
            shortest_rest=int(random.integers(1, 4)),
            most_weekends=int(random.integers(0, 2)),
        )
        for _ in range(people)
    ]
    shape = (people, DAYS, 3)
    column = np.array([0, 1, 1])
    return NamedProblem(
        shifts=SHIFTS,
        people=tuple(
            Person(
                f"p{number}",
                own,
                {"early": int(random.integers(1, 7)), "late": int(random.integers(0, 3))},
                frozenset(random.choice(DAYS, size=random.integers(0, 2)).tolist()),
            )
            for number, own in enumerate(limits)
        ),
        weekends=np.array([-1, -1, 0, 0, -1, -1]),
        wishes=random.integers(0, 6, size=shape).astype(float),
        cover=Cover(
            random.integers(0, 3, size=shape[1:]) * column,
            random.integers(3, 12, size=shape[1:]) * column,
            random.integers(0, 3, size=shape[1:]) * column,
        ),
    )


def every_tour(problem: NamedProblem, person: int) -> list[tuple[int, ...]]:
    """Each tour that keeps the person's limits, in the order of its duties."""
    duties = range(len(problem.shifts) + 1)
    return [
        tour for tour in product(duties, repeat=problem.days) if _keeps(problem, problem.people[person], tour)
    ]


def _keeps(problem: NamedProblem, person: Person, tour: tuple[int, ...]) -> bool:
    limits, shifts = person.limits, problem.shifts
    time = sum(shifts[duty - 1].length_min for duty in tour if duty)
    weekends = {int(weekend) for weekend, duty in zip(problem.weekends, tour, strict=True) if duty} - {-1}
    runs, day = [], 0
    for works, group in groupby(tour, key=bool):
        length = len(list(group))
        runs.append((works, length, day == 0 or day + length == len(tour)))
        day += length
    return (
        limits.least_min <= time <= limits.most_min
        and len(weekends) <= limits.most_weekends
        and not any(tour[off] for off in person.days_off)
        and all(tour.count(number) <= person.most[shift.name] for number, shift in enumerate(shifts, start=1))
        and not any(a and b and shifts[b - 1].name in shifts[a - 1].never_before for a, b in pairwise(tour))
        and all(length <= limits.longest_run for works, length, _ in runs if works)
        and all(length >= limits.shortest_run for works, length, edge in runs if works and not edge)
        and all(length >= limits.shortest_rest for works, length, edge in runs if not works and not edge)
    )
