"""The integer programme of a roster, put together from its rules.

Classes of interchangeable people (contract × skills) walk day networks as integer flow; shifts are counted per
class and start; breaks are counted per skill set, start and place in their window; skill sets are split over
their queues slot by slot, and each queue's answer curve turns positions into answered contacts, whose sums reach
the target of each span. Headcount is a number on the networks' sources: the size does not grow with it.
"""

from __future__ import annotations

from data.errors import InfeasibleError
from scheduling.problem import RosterProblem
from scheduling.rosters.answers import add_answers, add_supply
from scheduling.rosters.breaks import add_breaks
from scheduling.rosters.classes import AgentClass, classes_of
from scheduling.rosters.model import Model
from scheduling.rosters.prices import floor_price, target_prices
from scheduling.rosters.programme import Programme
from scheduling.rosters.targets import period_targets
from scheduling.rosters.tours import TourNetwork, network
from scheduling.rosters.work_rules import add_rest, add_shifts, add_tours


def build(problem: RosterProblem, scale: float = 1.0) -> Model:
    """Build the programme of a roster.

    Parameters
    ----------
    problem
        What is asked.
    scale
        Factor on the prices of shortfalls.

    Raises
    ------
    InfeasibleError
        Somebody's contract and time off leave no tour at all.
    """
    classes = classes_of(problem)
    model = Model(
        problem=problem,
        classes=classes,
        networks=tuple(_networks(problem, agent_class) for agent_class in classes),
        targets=period_targets(problem),
        programme=Programme("roster"),
    )
    add_tours(model)
    add_shifts(model)
    add_rest(model, scale * floor_price(model))
    add_breaks(model)
    prices = [scale * price for price in target_prices(model)]
    add_answers(model, add_supply(model), scale * floor_price(model), prices)
    return model


def _networks(problem: RosterProblem, agent_class: AgentClass) -> tuple[TourNetwork, ...]:
    shifts = [problem.shifts[number] for number in agent_class.shifts]
    networks = []
    for crew in agent_class.crews:
        tours = network(agent_class.contract, shifts, crew.days_off, problem.horizon)
        if tours is None:
            names = ", ".join(agent.id for agent in crew.agents)
            raise InfeasibleError(
                f"{names}: contract {agent_class.contract.id!r} and the time off leave no tour that keeps weekly "
                "days and hours. Lower min_h_per_week, allow more patterns or move the time off."
            )
        networks.append(tours)
    return tuple(networks)
