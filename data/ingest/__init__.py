"""History and calls from other systems' files into the workspace."""

from data.ingest.importing import ingest_calls, ingest_history
from data.ingest.presence import ingest_presence
from data.ingest.report import IngestReport

__all__ = ["IngestReport", "ingest_calls", "ingest_history", "ingest_presence"]
