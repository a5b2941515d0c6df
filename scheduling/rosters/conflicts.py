"""Where counts cannot be named because of rest: the nearest counts that can, by a flow that keeps rest."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from scheduling.rosters.best_tour import BestTours
from scheduling.rosters.limits import Watch
from scheduling.rosters.model import Model
from scheduling.rosters.names import Person, name_paths, people_of, settle
from scheduling.rosters.peel import peel
from scheduling.rosters.programme import EQUAL, Programme
from scheduling.rosters.work_rules import add_flow
from scheduling.shifts import Shift
from scheduling.solver import dive, minimise

REPAIR_S = 30.0
"""Wall time a class may take."""
CLOSE = 1.0
"""Counts changed by so much more than by the nearest fractions are near enough."""
TO_ANOTHER_DAY = 2.0
"""Moving a shift to another day costs this beside one for each shift changed: its own day needs it most."""


def rename(model: Model, number: int, people: list[Person], watch: Watch) -> list[Person]:
    """Give a class's people tours that keep every rule, their counts as close to the present ones as can be.

    An integer flow through networks that keep rest finds the closest counts. Where it finds none in time, people
    choose their tours one after another.

    Parameters
    ----------
    model
        The programme the counts come from.
    number
        Of the class.
    people
        With tours that break rest somewhere.
    watch
        Time.
    """
    networks = model.networks
    agent_class = networks.split(model.classes[number])
    duties = networks.numbered(agent_class, exact=True)
    wanted = counts_of(people)
    programme = Programme("names")
    columns = {
        shift: programme.add_columns([float(agent_class.size)], integer=True)[0]
        for shift in agent_class.shifts
    }
    tours = [networks.of(agent_class, crew, exact=True) for crew in agent_class.crews]
    flows = [
        add_flow(programme, own, len(crew.agents)) for own, crew in zip(tours, agent_class.crews, strict=True)
    ]
    on_duty = defaultdict(list)
    by_day = defaultdict(list)
    for shift, column in columns.items():
        worked = model.problem.shifts[shift]
        on_duty[worked.day, duties[shift]].append((column, 1.0))
        by_day[worked.day].append(shift)
        _add_count(programme, [column], wanted[worked], agent_class.size, price=1.0)
    for own, flow in zip(tours, flows, strict=True):
        for column, arc in zip(flow, own.arcs, strict=True):
            if arc.duty is not None:
                on_duty[arc.day, arc.duty].append((column, -1.0))
    for entries in on_duty.values():
        programme.add_row(entries, EQUAL, 0.0)
    for shifts in by_day.values():
        due = sum(wanted[model.problem.shifts[shift]] for shift in shifts)
        own_columns = [columns[shift] for shift in shifts]
        _add_count(programme, own_columns, due, agent_class.size, price=TO_ANOTHER_DAY)
    time_s = min(REPAIR_S, max(1.0, watch.left_s / 2))
    # Networks with whole counts hardly leave fractions: rounding finds in no time what a search tree would.
    solved = dive(programme.arrays, slack=CLOSE, time_s=time_s)
    if solved.values is None:
        solved = minimise(programme.arrays, time_s=time_s, seed=watch.limits.seed)
    if solved.values is None:
        return one_by_one(model, number, wanted)
    counts = {shift: round(solved.values[column]) for shift, column in columns.items()}
    paths = [
        peel(own, solved.values[list(flow)], len(crew.agents))
        for own, flow, crew in zip(tours, flows, agent_class.crews, strict=True)
    ]
    return name_paths(model, agent_class, paths, counts, duties)


def one_by_one(model: Model, number: int, wanted: dict[Shift, int]) -> list[Person]:
    """People of a class choose, one after another, the tour with most of the shifts that are still wanted."""
    agent_class, networks = model.classes[number], model.networks
    shifts = model.problem.shifts
    duties = networks.numbered(agent_class, exact=True)
    left = np.array([float(wanted.get(shift, 0)) for shift in shifts])
    people = people_of(model, agent_class)
    of_crew = {
        agent.id: BestTours(networks.of(agent_class, crew, exact=True), duties, shifts)
        for crew in networks.split(agent_class).crews
        for agent in crew.agents
    }
    for person in people:
        # A shift nobody wants is worth less than rest, one that is wanted often a little more than others.
        worth = np.where(left > 0, 1.0 + 1e-3 * left, -1.0 + 1e-3 * left)
        chosen = of_crew[person.agent.id].best(worth)
        person.tour.update((day, shifts[shift]) for day, shift in chosen.items())
        left[list(chosen.values())] -= 1.0
    settle(people, model.problem.days)
    return people


def _add_count(programme: Programme, columns: list[int], wanted: int, size: float, *, price: float) -> None:
    """As many of these as wanted, each one less or more at a price."""
    less, more = programme.add_columns([size, size], costs=[price, price])
    entries = [(column, 1.0) for column in columns]
    programme.add_row([*entries, (less, 1.0), (more, -1.0)], EQUAL, float(wanted))


def counts_of(people: list[Person]) -> dict[Shift, int]:
    """How many people work each shift; 0 for shifts nobody works."""
    counts: dict[Shift, int] = defaultdict(int)
    for person in people:
        for day, shift in person.tour.items():
            if day >= 0:
                counts[shift] += 1
    return counts


def recount(model: Model, number: int, people: list[Person], values: np.ndarray) -> np.ndarray:
    """Values with a class's shift counts as its people's tours have them."""
    counts, changed = counts_of(people), values.copy()
    for shift_number, column in model.shift_columns[number].items():
        changed[column] = counts[model.problem.shifts[shift_number]]
    return changed
