"""Instances as problems of the product, and rosters of the product in the words of the instance."""

from __future__ import annotations

import numpy as np

from benchmarks.roster_instances.file_format import Instance
from scheduling.named_rosters.problem import REST, Cover, NamedProblem, Person, ShiftType, WorkLimits

SATURDAY = 5


def problem_of(instance: Instance) -> NamedProblem:
    """The problem an instance states."""
    duty = {shift: number for number, shift in enumerate(instance.minutes, start=REST + 1)}
    people = tuple(
        Person(
            name,
            WorkLimits(
                least_min=staff.least_min,
                most_min=staff.most_min,
                longest_run=staff.most_consecutive,
                shortest_run=staff.least_consecutive,
                shortest_rest=staff.least_days_off,
                most_weekends=staff.most_weekends,
            ),
            staff.most,
            frozenset(staff.days_off),
        )
        for name, staff in instance.staff.items()
    )
    row = {name: number for number, name in enumerate(instance.staff)}
    wishes = np.zeros((len(people), instance.days, len(duty) + 1))
    for (name, day, shift), weight in instance.on.items():
        wishes[row[name], day] += weight
        wishes[row[name], day, duty[shift]] -= weight
    for (name, day, shift), weight in instance.off.items():
        wishes[row[name], day, duty[shift]] += weight
    wanted, under, over = np.zeros((3, instance.days, len(duty) + 1))
    for (day, shift), weights in instance.cover.items():
        wanted[day, duty[shift]], under[day, duty[shift]], over[day, duty[shift]] = weights
    days = np.arange(instance.days)
    return NamedProblem(
        shifts=tuple(
            ShiftType(name, minutes, instance.never_before[name])
            for name, minutes in instance.minutes.items()
        ),
        people=people,
        weekends=np.where(days % 7 >= SATURDAY, days // 7, -1),
        wishes=wishes,
        cover=Cover(wanted, under, over),
    )


def roster_of(problem: NamedProblem, tours: np.ndarray) -> dict[str, list[str]]:
    """Shift of each day by name, "" for none; `tours` is people × days of duties."""
    names = ["", *(shift.name for shift in problem.shifts)]
    return {
        person.name: [names[duty] for duty in tour]
        for person, tour in zip(problem.people, tours.tolist(), strict=True)
    }
