"""Counts before names: whole numbers along a relaxation, as cheap as can be."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from data.domain import Status
from data.errors import InfeasibleError
from scheduling.problem import RosterProblem
from scheduling.rosters.build import build
from scheduling.rosters.first import first_roster
from scheduling.rosters.limits import Watch
from scheduling.rosters.mending import mend
from scheduling.rosters.model import Model
from scheduling.rosters.networks import Networks
from scheduling.rosters.relaxation import Relaxed, relaxation, unknown
from scheduling.rosters.search import Search, place_breaks
from scheduling.rosters.tails import Before
from scheduling.rosters.verdicts import out_of_reach

RELAXATION_SHARE, FIRST_SHARE = 0.6, 0.6
"""Shares of the time left after which the relaxation, and then the first roster in whole numbers, is given up."""


@dataclass(frozen=True)
class Counted:
    """A programme, its relaxation and whole numbers, found without regard to what was worked before.

    Parameters
    ----------
    model
        The programme; no class of it sees what was worked before.
    relaxed
        Its relaxation, or `unknown`.
    values
        A roster in whole numbers; None where there was no time for one.
    """

    model: Model
    relaxed: Relaxed
    values: np.ndarray | None

    def after(self, before: Before) -> Model:
        """The programme for people who worked that before; counts stay what they are, names will know."""
        return replace(self.model, networks=Networks(self.model.problem, before))


def count(problem: RosterProblem, watch: Watch) -> Counted | None:
    """Find counts for a week before it is known what is worked before it.

    Parameters
    ----------
    problem
        A week.
    watch
        Time and progress.

    Returns
    -------
    Counted
        None for a programme so small that its networks see what was worked before: it is soon solved with them.

    Raises
    ------
    InfeasibleError
        It is proven that no roster reaches every target, and a shortfall is not allowed.
    """
    watch.tell("building the programme")
    model = build(problem)
    if model.exact:
        return None
    watch.tell("relaxation")
    relaxed = relaxation(model, watch, watch.until_s(RELAXATION_SHARE))
    if isinstance(relaxed, Status):
        return Counted(model, unknown(model), None)
    watch.bound = relaxed.bound
    if relaxed.out_of_reach and not watch.limits.allow_shortfall:
        raise InfeasibleError(out_of_reach(model, relaxed))
    search = Search(model, relaxed, watch)
    until_s = watch.limits.time_s
    values = first_counts(search, until_s)
    if values is not None and search.reaches(values):
        values = mended(search, values, until_s)
    # What is missing is left to names, which change counts anyway.
    return Counted(model, relaxed, values)


def first_counts(search: Search, until_s: float) -> np.ndarray | None:
    """Whole numbers along the relaxation; None where there was no time for them.

    Parameters
    ----------
    search
        With a relaxation.
    until_s
        Wall time, since the start of everything, to end at.
    """
    watch = search.watch
    if watch.stopped() or watch.good_enough:
        return None
    first = first_roster(search, min(until_s, watch.until_s(FIRST_SHARE)))
    placed = place_breaks(search, first, until_s)
    if isinstance(placed, Status):
        return None
    note(search, placed)
    return placed


def mended(search: Search, values: np.ndarray, until_s: float) -> np.ndarray:
    """The best of the rosters that mending finds, or the one given."""
    for better in mend(search, values, until_s):
        values = better
        note(search, values)
    return values


def note(search: Search, values: np.ndarray) -> None:
    """Tell the cost of counts that reach every target."""
    watch, cost = search.watch, search.cost(values)
    if search.reaches(values) and (watch.incumbent is None or cost < watch.incumbent):
        watch.incumbent = cost
