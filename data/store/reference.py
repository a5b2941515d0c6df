"""Queues, contracts, patterns, agents, activities and peaks of a workspace."""

from __future__ import annotations

from collections.abc import Iterable

from data.activities import Activity
from data.domain import Agent, Contract, Peak, Queue, ShiftPattern
from data.errors import UnknownNameError
from data.notices import HolidayNotice
from data.peaks import with_notices
from data.rule_sets import RuleSet, load_rule_sets
from data.store import shelves
from data.store.base import Store


class ReferenceStore(Store):
    """What the centre consists of."""

    def queues(self) -> tuple[Queue, ...]:
        """Every queue, in the order they first came."""
        with self._reading() as session:
            return shelves.load(session, shelves.QUEUES)

    def contracts(self) -> tuple[Contract, ...]:
        """Every contract, in the order they first came."""
        with self._reading() as session:
            return shelves.load(session, shelves.CONTRACTS)

    def patterns(self) -> tuple[ShiftPattern, ...]:
        """Every shift pattern, in the order they first came."""
        with self._reading() as session:
            return shelves.load(session, shelves.PATTERNS)

    def agents(self) -> tuple[Agent, ...]:
        """Every agent, in the order they first came."""
        with self._reading() as session:
            return shelves.load(session, shelves.AGENTS)

    def activities(self) -> tuple[Activity, ...]:
        """Every activity inside shifts, in the order they first came."""
        with self._reading() as session:
            return shelves.load(session, shelves.ACTIVITIES)

    def peaks(self) -> tuple[Peak, ...]:
        """Every peak, in the order they first came; rules go by the holiday notices that were imported."""
        with self._reading() as session:
            notices = shelves.load(session, shelves.NOTICES)
            return with_notices(shelves.load(session, shelves.PEAKS), notices)

    def notices(self) -> tuple[HolidayNotice, ...]:
        """Official holiday notices, in the order they first came."""
        with self._reading() as session:
            return shelves.load(session, shelves.NOTICES)

    def rule_sets(self) -> dict[str, RuleSet]:
        """Every rule set by name: those shipped, and those in the workspace's folder `rule_sets`.

        Raises
        ------
        FaultyFileError
            One of its files is wrong.
        """
        return load_rule_sets(self.path / "rule_sets")

    def queue(self, name: str) -> Queue:
        """Return one queue.

        Raises
        ------
        UnknownNameError
            There is none of that name.
        """
        queues = {queue.id: queue for queue in self.queues()}
        if name not in queues:
            raise UnknownNameError("queue", name, list(queues))
        return queues[name]

    def queue_origins(self) -> dict[str, str]:
        """Where each queue's definition comes from: "file", "mapping", "history" or "demo"."""
        with self._reading() as session:
            return shelves.origins(session)

    def save_queues(self, queues: Iterable[Queue], *, origin: str = "file") -> None:
        """Save queues by name, all or none; the others stay.

        Raises
        ------
        InputError
            The history of a queue is in intervals of another length than the queue would have.
        """
        with self._writing() as session:
            shelves.save_queues(session, self._lake, queues, origin)

    def change_queues(self, queues: Iterable[Queue]) -> None:
        """Save queues that are there already, all or none; where their definition comes from stays.

        Raises
        ------
        UnknownNameError
            One is not there.
        InputError
            The history of a queue is in intervals of another length than the queue would have.
        """
        with self._writing() as session:
            shelves.change_queues(session, self._lake, queues)

    def require_interval(self, queue: Queue) -> None:
        """See that a queue could be saved with its interval.

        Raises
        ------
        InputError
            Its history is in intervals of another length.
        """
        with self._reading() as session:
            shelves.require_interval(session, self._lake, queue)

    def save_contracts(self, contracts: Iterable[Contract]) -> None:
        """Save contracts by name, all or none; the others stay."""
        with self._writing() as session:
            shelves.save(session, shelves.CONTRACTS, contracts)

    def save_patterns(self, patterns: Iterable[ShiftPattern]) -> None:
        """Save shift patterns by name, all or none; the others stay."""
        with self._writing() as session:
            shelves.save(session, shelves.PATTERNS, patterns)

    def save_agents(self, agents: Iterable[Agent]) -> None:
        """Save agents by name, all or none; the others stay."""
        with self._writing() as session:
            shelves.save(session, shelves.AGENTS, agents)

    def save_activities(self, activities: Iterable[Activity]) -> None:
        """Save activities by name, all or none; the others stay."""
        with self._writing() as session:
            shelves.save(session, shelves.ACTIVITIES, activities)

    def save_peaks(self, peaks: Iterable[Peak]) -> None:
        """Save peaks by name, all or none; the others stay."""
        with self._writing() as session:
            shelves.save(session, shelves.PEAKS, peaks)

    def save_notices(self, notices: Iterable[HolidayNotice]) -> None:
        """Save holiday notices by region and year, all or none; the others stay."""
        with self._writing() as session:
            shelves.save(session, shelves.NOTICES, notices)
