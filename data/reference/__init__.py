"""Reference files: queues, shrinkage, agents, patterns, contracts, peaks and activities as rows, and rows as domain types."""

from data.reference.importing import ReferenceReport, import_reference
from data.reference.kinds import ReferenceKind
from data.reference.writing import (
    activity_rows,
    agent_rows,
    contract_rows,
    pattern_rows,
    peak_rows,
    queue_rows,
    shrinkage_rows,
)

__all__ = [
    "ReferenceKind",
    "ReferenceReport",
    "activity_rows",
    "agent_rows",
    "contract_rows",
    "import_reference",
    "pattern_rows",
    "peak_rows",
    "queue_rows",
    "shrinkage_rows",
]
