"""What every kind of job is given and gives back."""

from __future__ import annotations

import json
from typing import Any, Protocol

import pandas as pd

Result = dict[str, Any]


class Listener(Protocol):
    """Whom the work tells about itself, see `ui.jobs.worker.Watch`."""

    def report(self, phase: str, share: float | None) -> None:
        """Take in what is being done and how far it is; CancelledError where somebody asked to stop."""

    def solving(
        self,
        phase: str,
        incumbent: float | None,
        bound: float | None,
        gap: float | None,
        share: float | None,
    ) -> None:
        """Take in what the solver found and proved so far."""

    def stop(self) -> bool:
        """Whether to stop."""


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON knows them: instants in ISO 8601, nothing missing but null."""
    found: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso"))
    return found
