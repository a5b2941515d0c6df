"""From a named roster back to the programme's columns, so that a search can go on from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.domain import Assignment, Roster, Status
from scheduling.rosters.limits import Watch
from scheduling.rosters.model import Model
from scheduling.rosters.names import Person
from scheduling.rosters.parts import Whole
from scheduling.shifts import break_offsets
from scheduling.solver import relax


def values_of(model: Model, roster: Roster, whole: Whole, watch: Watch) -> np.ndarray | Status:
    """Value of every column for a roster; people are split over their pools so that least is missed.

    Parameters
    ----------
    model
        The programme the roster is told in.
    roster
        It keeps every rule.
    whole
        The programme with the prices and targets to be met.
    watch
        Time.

    Returns
    -------
    ndarray
        Or the status where the split was not found in time.
    """
    values = np.zeros(model.arrays.cost.size)
    held = np.zeros(values.size, dtype=bool)
    held[model.all_shift_columns] = True
    held[model.all_break_columns] = True
    held[model.all_flow_columns] = True
    _count(model, roster, values)
    part = whole.part(~held, values)
    solved = relax(part.programme, time_s=max(1.0, watch.left_s), method="choose", stop=watch.stopped)
    if solved.values is None:
        return solved.status
    values[part.columns] = np.clip(solved.values, part.programme.lower, part.programme.upper)
    return values


def _count(model: Model, roster: Roster, values: np.ndarray) -> None:
    """People per shift, per place of each break, and per arc of the networks."""
    problem = model.problem
    numbers = {(shift.pattern.id, shift.start_min): number for number, shift in enumerate(problem.shifts)}
    tours: dict[str, dict[int, Assignment]] = {agent.id: {} for agent in problem.agents}
    for assignment in roster.assignments:
        tours[assignment.agent_id][(assignment.day - problem.first).days] = assignment
    for number, agent_class in enumerate(model.classes):
        duties = model.duties(number)
        crews = zip(agent_class.crews, model.tours(number), model.flow_columns[number], strict=True)
        for crew, network, columns in crews:
            for agent in crew.agents:
                path = []
                for day in range(problem.days):
                    worked = tours[agent.id].get(day)
                    shift = (
                        None
                        if worked is None
                        else numbers[worked.pattern, problem.horizon.elapsed_min(worked.start)]
                    )
                    path.append(None if shift is None else duties[shift])
                    if worked is not None and shift is not None:
                        values[model.shift_columns[number][shift]] += 1
                        _count_breaks(model, (agent_class.pools, shift), worked, values)
                for arc in network.walk(path):
                    values[columns[arc]] += 1


def _count_breaks(
    model: Model, key: tuple[frozenset[int], int], worked: Assignment, values: np.ndarray
) -> None:
    horizon = model.problem.horizon
    pattern = model.problem.shifts[key[1]].pattern
    for rule, columns, taken in zip(pattern.breaks, model.break_columns[key], worked.breaks, strict=True):
        offset = horizon.elapsed_min(taken.start) - horizon.elapsed_min(worked.start)
        place = break_offsets(rule, model.problem.step_min).index(offset)
        values[columns[place]] += 1


def flow_of(model: Model, number: int, people: Sequence[Person]) -> list[np.ndarray]:
    """People on each arc of the networks of a class's crews, for people in the order of the crews."""
    duties = model.networks.duties(model.classes[number], exact=number in model.exact)
    flows, begin = [], 0
    for crew, network in zip(model.classes[number].crews, model.tours(number), strict=True):
        flow = np.zeros(len(network.arcs))
        for person in people[begin : begin + len(crew.agents)]:
            path = [duties[person.tour[day]] if day in person.tour else None for day in range(network.days)]
            flow[network.walk(path)] += 1
        begin += len(crew.agents)
        flows.append(flow)
    return flows
