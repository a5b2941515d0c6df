"""A stored roster against sampled days of the forecasts it was built on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data.domain import Roster
from data.store import Workspace
from forecasting.paths import sample_paths
from scheduling.absence import Absence
from scheduling.contact_laws import Service
from scheduling.ground import with_before
from scheduling.routing import Routing
from scheduling.simulate import Simulation, simulate
from ui.plan import Report, silent
from ui.plan.roster_demand import stored_demand
from ui.plan.staffing import Demand, of_queue


def simulate_roster(
    workspace: Workspace,
    name: str,
    *,
    paths: int = 200,
    seed: int = 0,
    service: Service = Service.LOGNORMAL,
    cv: float = 1.0,
    routing: Routing = Routing.LONGEST_IDLE,
    absence: Absence = Absence.INDEPENDENT,
    report: Report = silent,
    stop: Callable[[], bool] | None = None,
) -> Simulation:
    """Play a stored roster against sampled days.

    Parameters
    ----------
    paths
        How many horizons to sample.
    seed
        Same seed, same days.
    service, cv, routing, absence
        As `scheduling.simulate.simulate` takes them.
    report, stop
        Share of the paths that are done; asked before each path whether to stop.

    Raises
    ------
    CancelledError
        `stop` said so.
    """
    asked = stored_demand(workspace, name)
    return play(
        workspace,
        with_before(workspace.roster(name), asked.before.shifts, workspace.agents()),
        asked.demand,
        paths=paths,
        seed=seed,
        service=service,
        cv=cv,
        routing=routing,
        absence=absence,
        report=report,
        stop=stop,
    )


def play(
    workspace: Workspace,
    roster: Roster,
    wanted: Demand,
    *,
    paths: int,
    seed: int,
    service: Service = Service.LOGNORMAL,
    cv: float = 1.0,
    routing: Routing = Routing.LONGEST_IDLE,
    absence: Absence = Absence.INDEPENDENT,
    report: Report = silent,
    stop: Callable[[], bool] | None = None,
) -> Simulation:
    """Play any roster of the workspace's people against sampled days of a demand, see `simulate_roster`."""
    arrivals = [
        sample_paths(forecast, paths=paths, seed=seed + index)[
            :, forecast.frame["start"].isin(of_queue(wanted.forecast, forecast.queue.id)["start"]).to_numpy()
        ]
        for index, forecast in enumerate(wanted.forecasts)
    ]
    return simulate(
        roster,
        workspace.agents(),
        wanted.queues,
        wanted.forecast,
        np.hstack(arrivals),
        seed=seed,
        planned=wanted.planned,
        service=service,
        cv=cv,
        routing=routing,
        absence=absence,
        progress=lambda share: report("Simulation", share),
        stop=stop,
    )
