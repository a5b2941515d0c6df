"""Where counts cannot be named because of rest: the class is named exactly, with as few counts changed as can be."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from scheduling.rosters.limits import Watch
from scheduling.rosters.model import Model
from scheduling.rosters.names import Person
from scheduling.rosters.programme import EQUAL, LESS, Programme
from scheduling.rosters.tours import Duty, TourNetwork, duty_of
from scheduling.shifts import Shift
from scheduling.solver import minimise

REPAIR_S = 20.0


def rename(model: Model, number: int, people: list[Person], watch: Watch) -> bool:
    """Give a class's people new tours that keep every rule, their counts as close to the present ones as can be.

    Parameters
    ----------
    model
        The programme the counts come from.
    number
        Of the class.
    people
        In the order of the class's crews; their tours are replaced.
    watch
        Time.

    Returns
    -------
    bool
        Whether tours were found; if not, everything stays as it was.
    """
    agent_class = model.classes[number]
    programme = Programme("names")
    crewed = zip(agent_class.crews, model.networks[number], strict=True)
    shifts = [model.problem.shifts[n] for n in agent_class.shifts]
    works = [
        _add_person(programme, tours, shifts, agent_class.contract.min_rest_h)
        for crew, tours in crewed
        for _ in crew.agents
    ]
    wanted = counts_of(people)
    size = float(agent_class.size)
    by_day: dict[int, list[Shift]] = defaultdict(list)
    for shift in shifts:
        by_day[shift.day].append(shift)
        _add_count(programme, [own[shift] for own in works], wanted[shift], size, price=1.0)
    for today in by_day.values():
        # Dearer than moving one, or dropping a shift would be the cheapest way out.
        columns = [own[shift] for own in works for shift in today]
        _add_count(programme, columns, sum(wanted[shift] for shift in today), size, price=2.0)
    time_s = max(1.0, min(REPAIR_S, watch.left_s))
    solved = minimise(programme.arrays, time_s=time_s, seed=watch.limits.seed, stop=watch.stopped)
    if solved.values is None:
        return False
    for person, own in zip(people, works, strict=True):
        person.tour = {shift.day: shift for shift, column in own.items() if solved.values[column] > 0.5}
    return True


def _add_count(programme: Programme, columns: list[int], wanted: int, size: float, *, price: float) -> None:
    """As many of these as wanted, each one less or more at a price."""
    less, more = programme.add_columns([size, size], costs=[price, price])
    entries = [(column, 1.0) for column in columns]
    programme.add_row([*entries, (less, 1.0), (more, -1.0)], EQUAL, float(wanted))


def counts_of(people: list[Person]) -> dict[Shift, int]:
    """How many people work each shift; 0 for shifts nobody works."""
    counts: dict[Shift, int] = defaultdict(int)
    for person in people:
        for shift in person.tour.values():
            counts[shift] += 1
    return counts


def _add_person(
    programme: Programme, tours: TourNetwork, shifts: list[Shift], min_rest_h: float
) -> dict[Shift, int]:
    """One person walks the network and works the shifts that go with it; returns a column per shift."""
    arcs = programme.add_columns([1.0] * len(tours.arcs), integer=True)
    for node, leaving in tours.leaving.items():
        entries = [(arcs[arc], 1.0) for arc in leaving]
        entries += [(arcs[arc], -1.0) for arc in tours.entering.get(node, ())]
        programme.add_row(entries, EQUAL, 1.0 if node[0] == 0 else 0.0)
    on_duty: dict[tuple[int, Duty], list[tuple[int, float]]] = defaultdict(list)
    for column, arc in zip(arcs, tours.arcs, strict=True):
        if arc.duty is not None:
            on_duty[arc.day, arc.duty].append((column, -1.0))
    own = dict(zip(shifts, programme.add_columns([1.0] * len(shifts), integer=True), strict=True))
    for shift, column in own.items():
        on_duty[shift.day, duty_of(shift)].append((column, 1.0))
    for entries in on_duty.values():
        programme.add_row(entries, EQUAL, 0.0)
    _add_rest(programme, own, min_rest_h)
    return own


def _add_rest(programme: Programme, own: dict[Shift, int], min_rest_h: float) -> None:
    """One person works at most one of: a shift that ends late, a shift that begins before the rest is over."""
    by_day: dict[int, list[Shift]] = defaultdict(list)
    for shift in own:
        by_day[shift.day].append(shift)
    for day, today in by_day.items():
        for before in (by_day.get(day - 1, []), by_day.get(day - 2, [])):
            done: set[int] = set()
            for free_min in sorted({shift.end_min + 60 * min_rest_h for shift in before}):
                early = [shift for shift in today if shift.start_min + 1e-6 < free_min]
                if early and len(early) not in done:
                    done.add(len(early))
                    late = [shift for shift in before if shift.end_min + 60 * min_rest_h >= free_min]
                    programme.add_row([(own[shift], 1.0) for shift in late + early], LESS, 1.0)


def recount(model: Model, number: int, people: list[Person], values: np.ndarray) -> np.ndarray:
    """Values with a class's shift counts as its people's tours have them."""
    counts, changed = counts_of(people), values.copy()
    for shift_number, column in model.shift_columns[number].items():
        changed[column] = counts[model.problem.shifts[shift_number]]
    return changed
