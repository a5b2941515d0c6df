"""History and agents present → availability, on the queues that the same people serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from data.calibrations import CalibrationRecord
from data.corrections import Decision, Verdict
from data.domain import Channel, Queue
from data.errors import InputError, UnknownNameError
from data.intervals import clock
from data.lake import frame_digest
from data.presence import pool_queues, require_apart
from data.store import Workspace
from data.version import __version__
from forecasting.patience import LEAST_ABANDONED, estimate_patience
from scheduling.calibration import HOLD_OUT_DAYS, Calibration, calibrate
from scheduling.calibration_days import Accuracy
from ui.plan import Report, silent


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration and what is kept of it."""

    calibration: Calibration
    record: CalibrationRecord


def calibrate_queues(
    workspace: Workspace,
    queues: Sequence[str] | None,
    *,
    first: date | None = None,
    last: date | None = None,
    hold_out_days: int = HOLD_OUT_DAYS,
    apply: bool = False,
    now: datetime | None = None,
    report: Report = silent,
) -> tuple[Calibrated, ...]:
    """Fit availability to history, keep what was found, and put it on the queues where asked.

    Parameters
    ----------
    queues
        Only agents who serve one of these; all when None.
    first, last
        Only local days from `first` to `last`, both included.
    hold_out_days
        See `scheduling.calibration.calibrate`.
    apply
        Replace the availability of every queue that is calibrated.
    now
        When; the workspace's clock when None.

    Returns
    -------
    tuple
        One for each set of queues that the same agents serve.

    Raises
    ------
    InputError
        Nothing is known of agents present, a queue is counted with two sets of agents, or history or presence do not
        serve; with `apply` also where a history supports no factor. Nothing was kept.
    """
    presence = workspace.presence()
    pools = _pools(workspace, presence, queues, first, last)
    found = []
    for place, pool in enumerate(pools):
        report(f"Calibrating: {pool}", place / len(pools))
        found.append(_calibrated(workspace, pool, presence, first, last, hold_out_days))
    if apply:
        for each, _ in found:
            _require_support(each)
    return tuple(
        Calibrated(
            each, workspace.save_calibration(record, apply=_with_factors(each) if apply else (), at=now)
        )
        for each, record in found
    )


def reconciliation(
    workspace: Workspace,
    queues: Sequence[str] | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
) -> pd.DataFrame:
    """Answer rates of days as they were and as answer curves give them, for a screen; nothing is kept.

    Returns
    -------
    DataFrame
        Columns queues (joined by ;), date, offered, answered, answer_rate, predicted, without, held_out; see
        `scheduling.calibration.Calibration`.
    """
    presence = workspace.presence()
    frames = []
    for pool in _pools(workspace, presence, queues, first, last):
        made, _ = _calibrated(workspace, pool, presence, first, last, HOLD_OUT_DAYS)
        frames.append(made.days.assign(queues=pool))
    whole = pd.concat(frames, ignore_index=True)
    return whole[["queues", *(name for name in whole.columns if name != "queues")]]


def _pools(
    workspace: Workspace,
    presence: pd.DataFrame,
    queues: Sequence[str] | None,
    first: date | None,
    last: date | None,
) -> list[str]:
    """Sets of queues with agents present, those that hold one of the named queues.

    Who serves what changes over the years: sets that none of the days knows are passed over, but where that leaves none.
    """
    pools = [str(name) for name in presence["queues"].unique()]
    known = {queue.id for queue in workspace.queues()}
    for name in queues or ():
        if name not in known:
            raise UnknownNameError("queue", name, sorted(known))
    if not pools:
        raise InputError(
            "nothing is known of agents present. Import presence, or calls with the column server, first."
        )
    known_then = [
        pool
        for pool in pools
        if not _between(
            presence[presence["queues"] == pool], workspace.queue(pool_queues(pool)[0]).timezone, first, last
        ).empty
    ]
    pools = known_then or pools
    if queues is None:
        require_apart(pools)
        return pools
    chosen = [pool for pool in pools if set(pool_queues(pool)) & set(queues)]
    without = [name for name in queues if not any(name in pool_queues(pool) for pool in chosen)]
    if without:
        raise InputError(
            f"queue {without[0]!r}: nothing is known of its agents present. Import presence, or calls with the "
            "column server, first."
        )
    require_apart(chosen)
    return chosen


def _calibrated(
    workspace: Workspace,
    pool: str,
    presence: pd.DataFrame,
    first: date | None,
    last: date | None,
    hold_out_days: int,
) -> tuple[Calibration, CalibrationRecord]:
    queues = tuple(workspace.queue(name) for name in pool_queues(pool))
    zone = queues[0].timezone
    known = _without_dropped(
        workspace.history(list(pool_queues(pool))), workspace.decisions(pool_queues(pool))
    )
    history = _between(known, zone, first, last)
    mine = _between(presence[presence["queues"] == pool], zone, first, last)
    if history.empty or mine.empty:
        lacks = "history" if history.empty else "agents present"
        raise InputError(
            f"queue {pool!r}: it has no {lacks} on these days. Choose other days, or import some."
        )
    patience_s, trusted = pooled_patience(queues, history)
    found = calibrate(
        queues, history, mine, patience_s=patience_s, patience_trusted=trusted, hold_out_days=hold_out_days
    )
    digest = frame_digest(pd.concat([history, mine], ignore_index=True))
    return found, _record(found, digest)


def pooled_patience(queues: Sequence[Queue], history: pd.DataFrame) -> tuple[float, bool]:
    """Mean patience over all contacts of some queues, and whether it was measured rather than set."""
    waits_s, abandoned = 0.0, 0.0
    for queue in queues:
        own = history[history["queue"] == queue.id]
        try:
            found = estimate_patience(queue, own)
        except InputError:
            # Of a queue whose history tells none, the set figure counts below where no other tells more.
            continue
        waits_s, abandoned = waits_s + found.wait_s, abandoned + found.abandoned
    if abandoned >= LEAST_ABANDONED:
        return waits_s / abandoned, True
    set_s = {queue.id: queue.patience_s for queue in queues if queue.channel in (Channel.VOICE, Channel.CHAT)}
    mine = history[history["queue"].isin(list(set_s))]
    offered = mine.groupby("queue")["offered"].sum()
    if not set_s or not offered.sum() > 0:
        return queues[0].patience_s, False
    return float(sum(set_s[str(name)] * share for name, share in (offered / offered.sum()).items())), False


def _between(frame: pd.DataFrame, zone: str, first: date | None, last: date | None) -> pd.DataFrame:
    if first is not None and last is not None and last < first:
        raise InputError(f"calibration: the last day, {last}, comes before the first, {first}. Swap them.")
    day = clock(pd.DatetimeIndex(frame["start"]), zone)["date"].to_numpy()
    kept = pd.Series(True, index=frame.index)
    if first is not None:
        kept &= day >= pd.Timestamp(first).to_datetime64()
    if last is not None:
        kept &= day <= pd.Timestamp(last).to_datetime64()
    return frame[kept].reset_index(drop=True)


def _without_dropped(history: pd.DataFrame, decisions: Sequence[Decision]) -> pd.DataFrame:
    """History without the intervals planners leave out, of all the queues: the same people serve them."""
    dropped = pd.Series(False, index=history.index)
    for decision in decisions:
        inside = (history["start"] >= decision.start) & (history["start"] < decision.end)
        dropped = dropped.mask(inside, decision.verdict is Verdict.DROP)
    return history[~dropped]


def _require_support(found: Calibration) -> None:
    if found.lacks:
        names = ", ".join(queue.id for queue in found.queues)
        raise InputError(
            f"queue {names!r}: history supports no availability: {'; '.join(found.lacks)}. "
            "Leave --apply out to look at it, or import more history."
        )


def _with_factors(found: Calibration) -> tuple[Queue, ...]:
    return tuple(replace(queue, availability=found.fitted.availability()) for queue in found.fitted.queues)


def _record(found: Calibration, digest: str) -> CalibrationRecord:
    fitted = found.fitted
    return CalibrationRecord(
        queues=tuple(queue.id for queue in found.queues),
        first=found.first,
        last=found.last,
        factor=fitted.factor,
        patience_s=fitted.patience_s,
        parts=[
            {
                "weekdays": sorted(part.block.weekdays),
                "open_min": part.block.open_min,
                "close_min": part.block.close_min,
                **{name: getattr(part, name) for name in ("factor", "low", "high", "offered", "abandoned")},
            }
            for part in fitted.parts
        ],
        error=_error(found.held_out, "") | _error(found.held_out_without, "_without"),
        warnings=(*found.lacks, *found.warnings),
        data_hash=digest,
        product_version=__version__,
    )


def _error(seen: Accuracy | None, ending: str) -> dict[str, Any]:
    if seen is None:
        return {}
    return {name if name == "days" else f"{name}{ending}": value for name, value in asdict(seen).items()}
