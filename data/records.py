"""What the ledger keeps about imports, forecasts, rosters and runs; the figures themselves lie in the lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from data.corrections import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What an import did to the history, counted in intervals.

    Parameters
    ----------
    version
        Number of the version it made; None where nothing changed.
    added, changed, unchanged
        New intervals, intervals whose figures were superseded, intervals that stood there already.
    """

    version: int | None
    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One version of the history: one import that changed something."""

    version: int
    created_at: datetime
    source: str
    digest: str
    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRecord:
    """Where a forecast comes from, so that it can be made again.

    Parameters
    ----------
    id
        Unique in the workspace; "" lets the workspace number it.
    queue
        Queue it is for.
    cutoff
        Last instant the forecast may know.
    first, days
        Horizon in local days of the queue, [first, first + days).
    model
        Name of the method that was chosen.
    scores
        Back-test rows, one mapping a method.
    seed, data_hash, product_version
        What it reproduces from.
    created_at
        Set from the workspace's clock when it is saved.
    spread
        What sample paths need beside the quantiles; JSON values or numpy arrays, read back as JSON values.
    weights
        Share of each model in the forecast, summing to 1; empty in records made before shares were kept.
    published_at, published_by
        When and by whom it was frozen, to be planned on and scored; None and "" before that.
    dispersion
        How actuals spread around the mix in its back-test; with `weights` all that a later forecast needs to keep
        the choice. Empty where none was kept.
    notes
        What a planner should know about it, one sentence each.
    chosen_at
        Cutoff of the forecast whose back-test made the choice; its own where it made one itself.
    """

    id: str = ""
    queue: str
    cutoff: datetime
    first: date
    days: int
    model: str
    scores: Sequence[Mapping[str, Any]] = ()
    seed: int = 0
    data_hash: str = ""
    product_version: str = ""
    created_at: datetime | None = None
    spread: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    published_at: datetime | None = None
    published_by: str = ""
    dispersion: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    chosen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A decision on a span of the history as the workspace keeps it.

    Parameters
    ----------
    id
        Unique in the workspace.
    decision
        What was decided.
    created_at
        When.
    withdrawn_at, withdrawn_by
        When and by whom it was taken back; None and "" while it holds.
    """

    id: str
    decision: Decision
    created_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRecord:
    """How a roster came to be and what was proven about it.

    Parameters
    ----------
    name
        Unique in the workspace.
    first, days, timezone
        Horizon in local days, [first, first + days).
    status
        As the solver said, see `data.domain.Status`.
    objective, bound, gap
        Recounted objective, proven bound, their relative distance 0–1; None where not known.
    runtime_s
        Wall time of the optimisation.
    seed, forecast_ids, data_hash
        What it reproduces from.
    created_at
        When its demand was read: overrides of forecasts count as they held then. Set from the workspace's clock
        when it is saved without.
    note
        Free text.
    """

    name: str
    first: date
    days: int
    timezone: str
    status: str
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    runtime_s: float = 0.0
    seed: int = 0
    forecast_ids: tuple[str, ...] = ()
    data_hash: str = ""
    created_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run of a command or of the nightly batch."""

    kind: str
    started: datetime
    ended: datetime
    status: str
    message: str = ""
