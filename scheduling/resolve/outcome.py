"""What is asked when a roster is solved again, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from data.domain import Assignment, Violation
from data.errors import InputError
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.recount import Shortfall


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody who was to work and cannot.

    Parameters
    ----------
    agent_id
        Person.
    first, last
        Local days, both included.
    """

    agent_id: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(
                f"absence of {self.agent_id}: {self.last} comes before {self.first}. Swap the days."
            )

    @property
    def days(self) -> frozenset[date]:
        """Every day of it."""
        return frozenset(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Changed:
    """One day of one person that is not as it was.

    Parameters
    ----------
    agent_id, day
        Whose, and which local day.
    before, after
        The shift; None for a day without.
    """

    agent_id: str
    day: date
    before: Assignment | None
    after: Assignment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveOutcome(RosterOutcome):
    """Result of solving again.

    Of a roster of more than two weeks only those that are struck are free to change (`standing.Standing.free`). `missed` is
    what the days that were free miss. `objective` is the cost of all hours, the price of what is missed in the days that were free, and that of the changes;
    no roster within the same rules has less than `bound`.

    Parameters
    ----------
    before
        Objective of the roster that stood, absent people's shifts taken away.
    changes
        Days that differ from the roster that stood, absent people's shifts taken away, by person and day.
    taken_away
        Shifts of absent people.
    missed_before
        The same of what was left before anything was changed.
    broken
        Rules that what stood broke where no other tour was possible, and which stay broken.
    """

    before: float | None = None
    changes: tuple[Changed, ...] = ()
    taken_away: tuple[Assignment, ...] = ()
    missed_before: tuple[Shortfall, ...] = ()
    broken: tuple[Violation, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Whose tours changed, by id."""
        return tuple(sorted({change.agent_id for change in self.changes}))
