"""What an import must know of the workspace and the mapping: which queues hold, and whose clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import Fault, FaultyFileError, InputError
from data.ingest.derive import widen_queue
from data.mapping import ColumnMapping, load_mapping
from data.reference.queues import read_queues
from data.reference.sheet import reason_and_repair
from data.store import Workspace
from data.tables import Table


class Centre:
    """The workspace and the mapping as one import sees them.

    Parameters
    ----------
    workspace
        Takes the import in.
    mapping
        Name or file of a column mapping.

    Attributes
    ----------
    mapping
        As read.
    timezone
        Zone of queues nobody defined.
    origins
        Where each queue the workspace holds comes from.
    strict
        Whether a queue nobody defined is a fault: somebody imported queues from a file.
    defined
        Queues the mapping brings and the workspace lacks, or knows from the data only.
    queues
        Every queue that is defined.
    """

    def __init__(self, workspace: Workspace, mapping: str | Path) -> None:
        self.workspace = workspace
        self.mapping: ColumnMapping = load_mapping(mapping, folder=workspace.path / "mappings")
        self.timezone = self.mapping.times.timezone or workspace.timezone
        self.origins = workspace.queue_origins()
        self.strict = "file" in self.origins.values()
        held = {queue.id: queue for queue in workspace.queues()}
        # A definition by hand goes before the mapping's, which goes before what the data seemed to show.
        self.defined = {
            name: queue
            for name, queue in _mapping_queues(self.mapping, self.timezone).items()
            if self.origins.get(name) in (None, "history")
        }
        _require_intervals(workspace, self.mapping, self.defined.values())
        self.queues: Mapping[str, Queue] = {**held, **self.defined}

    def widened(self, starts: Mapping[str, pd.Series]) -> dict[str, Queue]:
        """Derived queues that are open longer than was seen before."""
        found = {}
        for name, seen in starts.items():
            if self.origins.get(name) == "history" and name not in self.defined:
                wider = widen_queue(self.queues[name], seen)
                if wider != self.queues[name]:
                    found[name] = wider
        return found


def _mapping_queues(mapping: ColumnMapping, timezone: str) -> dict[str, Queue]:
    if not mapping.queue_rows:
        return {}
    frame = pd.DataFrame(list(mapping.queue_rows), dtype="str").fillna("")
    table = Table(mapping.name, frame, np.arange(1, len(frame) + 1), "TOML", (), mapping.digest)
    sheet, queues = read_queues(table, timezone=timezone)
    faults = [
        *sheet.faults,
        *(
            Fault(mapping.name, None, name, None, "a queue has no such column", "Correct or remove it.")
            for name in sheet.unused
        ),
    ]
    if faults:
        raise FaultyFileError(faults)
    return {queue.id: queue for _, queue in queues}


def _require_intervals(workspace: Workspace, mapping: ColumnMapping, queues: Iterable[Queue]) -> None:
    faults = []
    for queue in queues:
        try:
            workspace.require_interval(queue)
        except InputError as error:
            reason, repair = reason_and_repair(error)
            faults.append(Fault(mapping.name, None, "interval_min", str(queue.interval_min), reason, repair))
    if faults:
        raise FaultyFileError(faults)
