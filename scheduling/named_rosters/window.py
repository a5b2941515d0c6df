"""A part of the horizon as a problem of its own, all that lies before and after it being fixed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scheduling.named_rosters.problem import REST, Cover, NamedProblem, Person


def window(problem: NamedProblem, tours: np.ndarray, first: int, last: int) -> NamedProblem:
    """The problem of the days from `first` to before `last`; neither may part a weekend.

    Parameters
    ----------
    problem
        The whole.
    tours
        Everybody's, people × days of duties: what is outside stays.
    first, last
        Days of the whole problem.
    """
    days = slice(first, last)
    cover = problem.cover
    return replace(
        problem,
        people=tuple(
            _within(problem, person, tours[n], first, last) for n, person in enumerate(problem.people)
        ),
        weekends=problem.weekends[days],
        wishes=problem.wishes[:, days],
        cover=Cover(cover.wanted[days], cover.under[days], cover.over[days]),
    )


def _within(problem: NamedProblem, person: Person, tour: np.ndarray, first: int, last: int) -> Person:
    """The person with what is left of the limits."""
    outside = tour.copy()
    outside[first:last] = REST
    lengths = np.array([0, *(shift.length_min for shift in problem.shifts)])
    time_min = int(lengths[outside].sum())
    weekends = np.unique(problem.weekends[(outside != REST) & (problem.weekends >= 0)]).size
    used = np.bincount(outside, minlength=lengths.size)
    limits = person.limits
    return replace(
        person,
        limits=replace(
            limits,
            least_min=limits.least_min - time_min,
            most_min=limits.most_min - time_min,
            most_weekends=limits.most_weekends - weekends,
        ),
        most={
            shift.name: person.most[shift.name] - int(used[duty])
            for duty, shift in enumerate(problem.shifts, start=REST + 1)
            if shift.name in person.most
        },
        days_off=frozenset(day - first for day in person.days_off if first <= day < last),
        before=person.before + tuple(tour[:first].tolist()),
        after=tuple(tour[last:].tolist()) + person.after,
    )
