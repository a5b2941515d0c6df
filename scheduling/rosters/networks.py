"""The day networks of a problem's crews, each built once: without rest between days, or with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from data.errors import InfeasibleError
from scheduling.problem import RosterProblem
from scheduling.rosters.classes import AgentClass, Crew
from scheduling.rosters.duties import Duty, coarse_duties, exact_duties, rest_binds
from scheduling.rosters.tour_networks import network
from scheduling.rosters.tours import TourNetwork
from scheduling.shifts import Shift


@dataclass(frozen=True)
class Networks:
    """Duties and networks by contract and days off.

    Where rest cannot bind, both kinds are the same network.

    Parameters
    ----------
    problem
        What is asked.
    """

    problem: RosterProblem
    _duties: dict[tuple[str, bool], Mapping[Shift, Duty]] = field(default_factory=dict)
    _networks: dict[tuple[str, frozenset[int], bool], TourNetwork] = field(default_factory=dict)

    def duties(self, agent_class: AgentClass, *, exact: bool) -> Mapping[Shift, Duty]:
        """What the rules see of each shift of a class."""
        key = agent_class.contract.id, exact
        if key not in self._duties:
            shifts = [self.problem.shifts[number] for number in agent_class.shifts]
            bound = rest_binds(agent_class.contract, shifts)
            made = exact_duties(agent_class.contract, shifts) if exact and bound else coarse_duties(shifts)
            self._duties[key] = made
        return self._duties[key]

    def numbered(self, agent_class: AgentClass, *, exact: bool) -> dict[int, Duty]:
        """Duty of each shift of a class by the shift's number."""
        known = self.duties(agent_class, exact=exact)
        return {number: known[self.problem.shifts[number]] for number in agent_class.shifts}

    def of(self, agent_class: AgentClass, crew: Crew, *, exact: bool) -> TourNetwork:
        """Network of a crew.

        Raises
        ------
        InfeasibleError
            Its contract and time off leave no tour at all.
        """
        contract = agent_class.contract
        key = contract.id, crew.days_off, exact
        if key not in self._networks:
            duties = self.duties(agent_class, exact=exact)
            tracks_work = not exact and rest_binds(contract, duties)
            tours = network(contract, duties, crew.days_off, self.problem.horizon, tracks_work=tracks_work)
            if tours is None:
                names = ", ".join(agent.id for agent in crew.agents)
                raise InfeasibleError(
                    f"{names}: contract {contract.id!r} and the time off leave no tour that keeps weekly days and "
                    "hours and rest. Lower min_h_per_week, allow more patterns or move the time off."
                )
            self._networks[key] = tours
        return self._networks[key]
