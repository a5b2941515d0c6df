"""The integer programme of a roster, put together from its rules.

Classes of interchangeable people (contract × skills) walk day networks as integer flow; shifts are counted per
class and start; breaks are counted per skill set, start and place in their window; skill sets are split over
their queues slot by slot, and each queue's answer curve turns positions into answered contacts, whose sums reach
the target of each span. Headcount is a number on the networks' sources: the size does not grow with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from scheduling.problem import RosterProblem
from scheduling.rosters.answers import add_answers, add_supply
from scheduling.rosters.breaks import add_breaks
from scheduling.rosters.classes import AgentClass, classes_of
from scheduling.rosters.model import Model
from scheduling.rosters.networks import Networks
from scheduling.rosters.overtime import add_overtime
from scheduling.rosters.prices import floor_price, target_prices
from scheduling.rosters.programme import Programme
from scheduling.rosters.targets import period_targets
from scheduling.rosters.work_rules import add_rest, add_shifts, add_tours

MOST_EXACT_ARCS = 6_000
"""Rest between days is kept by the networks from the start where all of them together have no more arcs."""


def build(
    problem: RosterProblem,
    *,
    exact: frozenset[int] | None = None,
    tailed: frozenset[int] = frozenset(),
    networks: Networks | None = None,
) -> Model:
    """Build the programme of a roster.

    Parameters
    ----------
    problem
        What is asked.
    exact
        Numbers of the classes whose networks shall keep rest between days; the others approach it by rows. All
        classes of a small problem and none of a larger one when None.
    tailed
        Numbers of the classes, among the exact ones, whose crews are to be split by what was worked before.
    networks
        Of the problem, when there are some already.

    Raises
    ------
    InfeasibleError
        Somebody's contract and time off leave no tour at all.
    """
    made = networks or Networks(problem, problem.worked_before)
    classes = tuple(
        made.split(agent_class) if number in tailed else made.split_week(agent_class)
        for number, agent_class in enumerate(classes_of(problem))
    )
    model = Model(
        problem=problem,
        classes=classes,
        networks=made,
        exact=exact_where_small(made, classes) if exact is None else exact,
        tailed=tailed,
        targets=period_targets(problem),
        programme=Programme("roster"),
    )
    add_shifts(model)
    add_overtime(model)
    add_breaks(model)
    add_answers(model, add_supply(model), floor_price(model), target_prices(model))
    # Tours come last: with rest or without it, all columns before them are the same.
    add_tours(model)
    add_rest(model, floor_price(model))
    return model


def exact_where_small(networks: Networks, classes: Sequence[AgentClass]) -> frozenset[int]:
    """All classes where their exact networks are small, else none."""
    arcs = 0
    for agent_class in classes:
        for crew in agent_class.crews:
            arcs += len(networks.of(agent_class, crew, exact=True).arcs)
            if arcs > MOST_EXACT_ARCS:
                return frozenset()
    return frozenset(range(len(classes)))
