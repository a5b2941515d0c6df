"""What preparation found, as a frame a planner can read and answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.corrections import FINDINGS, FindingKind, Treatment, Verdict
from data.domain import DAY_MIN
from data.schema import conform
from forecasting.day_matrix import DayMatrix, weekdays_of
from forecasting.level_shifts import level_shifts
from forecasting.oddities import runs
from forecasting.verdicts import Verdicts

DAY_REASONS = {
    FindingKind.MISSING_DAY: "no intervals",
    FindingKind.PARTLY_KNOWN: "less than half of its contacts are known",
    FindingKind.KNOWN_OUTAGE: "a known outage",
    FindingKind.COPIED_DAY: "equals {other} interval by interval: it was imported twice",
    FindingKind.LOST_DAY: "not one contact, as if it had not been recorded",
    FindingKind.LOW_DAY: "far below its usual, and no known peak explains it",
    FindingKind.HIGH_DAY: "far above its usual, and no known peak explains it",
    FindingKind.DOUBLED_DAY: "far above its usual, about twice: it may have been counted twice",
}
"""Reasons by kind, in the order in which the first that fits is given."""
CELL_REASONS = {
    FindingKind.CLOSED_THEN: "not one contact in these hours until then: the queue was not open in them yet",
    FindingKind.SPIKE: "{intervals} far above {its} usual, at {clock}",
    FindingKind.OUTAGE: "no contacts for {intervals} of a busy day, at {clock}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Everything strange in a matrix. A size is over its limit: from 1 on it is a finding.

    Parameters
    ----------
    matrix, verdicts
        What was looked at, and what planners decided.
    found
        Contacts of open cells as they were, shape (days, slots).
    expected
        Contacts usual in a cell at the level of its day, shape (days, slots).
    cells
        Sizes by kind, shape (days, slots).
    since
        Sizes of hours that are served no more, shape (7, slots).
    days
        Sizes by kind, shape (days,).
    copied
        Place of the day each day equals, −1 where there is none, shape (days,).
    kept_day, usable
        Days somebody keeps whole, and days that are fitted, shape (days,).
    usual
        Running median of each day's weekday, shape (days,).
    steady
        Totals of the days no peak moves, NaN on others, shape (days,).
    shifted_from
        Place of the first day of a new level that reaches the end; None where there is none.
    """

    matrix: DayMatrix
    verdicts: Verdicts
    found: np.ndarray
    expected: np.ndarray
    cells: dict[FindingKind, np.ndarray]
    since: np.ndarray
    days: dict[FindingKind, np.ndarray]
    copied: np.ndarray
    kept_day: np.ndarray
    usable: np.ndarray
    usual: np.ndarray
    steady: np.ndarray
    shifted_from: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One row, its span in wall-clock time."""

    kind: FindingKind
    first: np.datetime64
    end: np.datetime64
    found: float = np.nan
    usual: float = np.nan
    done: Treatment = Treatment.LEFT_OUT
    reason: str
    size: float = np.inf
    decided_by: str | None = None


def findings_frame(marks: Marks) -> pd.DataFrame:
    """Lay the marks out as FINDINGS rows, in order of time."""
    rows = [
        *_day_rows(marks),
        *_cell_rows(marks),
        *_gap_rows(marks),
        *_dropped_rows(marks),
        *_clock_rows(marks),
        *_closed_since_rows(marks),
        *_outside_rows(marks),
        *_shift_rows(marks),
    ]
    queue = marks.matrix.queue
    frame = pd.DataFrame(
        {
            "queue": pd.Series([queue.id] * len(rows), dtype="str"),
            "kind": pd.Series([row.kind.value for row in rows], dtype="str"),
            "start": _instants([row.first for row in rows], queue.timezone, first=True),
            "end": _instants([row.end for row in rows], queue.timezone, first=False),
            "found": pd.Series([row.found for row in rows], dtype="float64"),
            "usual": pd.Series([row.usual for row in rows], dtype="float64"),
            "done": pd.Series([row.done.value for row in rows], dtype="str"),
            "reason": pd.Series([row.reason for row in rows], dtype="str"),
            # Plain at once where it is certain, one half at its limit, ever nearer to 1 beyond it.
            "confidence": pd.Series([1 - 0.5 / max(row.size, 1.0) ** 2 for row in rows], dtype="float64"),
            "decided_by": pd.Series([row.decided_by for row in rows], dtype="str"),
        }
    )
    return conform(frame.sort_values(["start", "kind"], kind="stable", ignore_index=True), FINDINGS)


def _instants(local: list[np.datetime64], timezone: str, *, first: bool) -> pd.DatetimeIndex:
    times = pd.DatetimeIndex(np.array(local, dtype="datetime64[us]"))
    aware = times.tz_localize(timezone, ambiguous=np.full(len(local), first), nonexistent="shift_forward")
    return aware.tz_convert("UTC").as_unit("us")


def _day_rows(marks: Marks) -> Iterator[_Finding]:
    midnights = marks.matrix.days.to_numpy(dtype="datetime64[us]")
    one_day = np.timedelta64(1, "D")
    observed = np.where(np.isfinite(marks.found), marks.found, 0.0).sum(axis=1)
    told = np.zeros(len(midnights), dtype=bool)
    for kind, reason in DAY_REASONS.items():
        mine = (marks.days[kind] >= 1) & ~told
        told |= mine
        together = kind in (FindingKind.MISSING_DAY, FindingKind.LOST_DAY)
        spans = runs(mine) if together else [(int(day), int(day) + 1) for day in np.flatnonzero(mine)]
        for first, end in spans:
            kept = bool(marks.usable[first])
            usual = marks.usual[first:end]
            other = midnights[marks.copied[first]].astype("datetime64[D]")
            yield _Finding(
                kind=kind,
                first=midnights[first],
                end=midnights[end - 1] + one_day,
                found=np.nan if kind is FindingKind.MISSING_DAY else float(observed[first:end].sum()),
                usual=float(usual[np.isfinite(usual)].sum()) if np.isfinite(usual).any() else np.nan,
                done=Treatment.KEPT if kept else Treatment.LEFT_OUT,
                reason=reason.format(other=other),
                size=_plain(marks.days[kind][first:end].max(), kind),
                decided_by=_decider(marks, first) if kept else None,
            )


def _plain(size: float, kind: FindingKind) -> float:
    """Certain kinds have no limit to lie beyond."""
    judged = (FindingKind.LOW_DAY, FindingKind.HIGH_DAY, FindingKind.DOUBLED_DAY, FindingKind.LOST_DAY)
    return float(size) if kind in judged else np.inf


def _decider(marks: Marks, day: int) -> str | None:
    slots = np.flatnonzero(marks.verdicts.place[day] >= 0)
    return marks.verdicts.name_at(day, int(slots[0])) if len(slots) else None


def _cell_rows(marks: Marks) -> Iterator[_Finding]:
    starts, kept = marks.matrix.local_starts(), marks.verdicts.kept
    step = np.timedelta64(DAY_MIN // starts.shape[1], "m")
    for kind in (FindingKind.SPIKE, FindingKind.OUTAGE):
        sizes = marks.cells[kind]
        for day in np.flatnonzero((sizes >= 1).any(axis=1)):
            for first, end in runs(sizes[day] >= 1):
                stays = bool(kept[day, first:end].all())
                many = end - first > 1
                yield _Finding(
                    kind=kind,
                    first=starts[day, first],
                    end=starts[day, end - 1] + step,
                    found=float(marks.found[day, first:end].sum()),
                    usual=float(np.nan_to_num(marks.expected[day, first:end]).sum()),
                    done=Treatment.KEPT if stays else Treatment.LEFT_OUT,
                    reason=CELL_REASONS[kind].format(
                        intervals=f"{end - first} intervals" if many else "one interval",
                        its="their" if many else "its",
                        clock=str(starts[day, first].astype("datetime64[m]"))[-5:],
                    ),
                    size=float(sizes[day, first:end].max()),
                    decided_by=marks.verdicts.name_at(int(day), first) if stays else None,
                )
    yield from _closed_then_rows(marks)


def _closed_then_rows(marks: Marks) -> Iterator[_Finding]:
    """One row for all hours that opened on the same day."""
    sizes = marks.cells[FindingKind.CLOSED_THEN] >= 1
    days = marks.matrix.days.to_numpy(dtype="datetime64[us]")
    last = np.where(sizes.any(axis=0), len(days) - 1 - sizes[::-1].argmax(axis=0), -1)
    for day in np.unique(last[last >= 0]):
        slots = last == day
        mine = sizes & slots
        stays = bool(marks.verdicts.kept[mine].all())
        yield _Finding(
            kind=FindingKind.CLOSED_THEN,
            first=days[int(mine.any(axis=1).argmax())],
            end=days[day] + np.timedelta64(1, "D"),
            found=0.0,
            done=Treatment.KEPT if stays else Treatment.LEFT_OUT,
            reason=f"{CELL_REASONS[FindingKind.CLOSED_THEN]} ({_clock_spans(slots)})",
            size=float(marks.cells[FindingKind.CLOSED_THEN][mine].max()),
            decided_by=_decider(marks, int(day)) if stays else None,
        )


def _clock_spans(slots: np.ndarray) -> str:
    """Slots as clock times, such as "18:00–22:00"."""
    step = DAY_MIN // len(slots)
    spans = [(first * step, end * step) for first, end in runs(slots)]
    return ", ".join(f"{a // 60:02d}:{a % 60:02d}–{b // 60:02d}:{b % 60:02d}" for a, b in spans)


def _gap_rows(marks: Marks) -> Iterator[_Finding]:
    matrix = marks.matrix
    owed = matrix.opened[matrix.weekdays] & (matrix.intervals > 0)
    gaps = owed & ~np.isfinite(marks.found) & np.isfinite(marks.found).any(axis=1)[:, None]
    starts = matrix.local_starts()
    step = np.timedelta64(DAY_MIN // starts.shape[1], "m")
    partly = marks.days[FindingKind.PARTLY_KNOWN] >= 1
    for day in np.flatnonzero(gaps.any(axis=1) & ~partly):
        slots = np.flatnonzero(gaps[day])
        yield _Finding(
            kind=FindingKind.GAP,
            first=starts[day, slots[0]],
            end=starts[day, slots[-1]] + step,
            usual=float(np.nan_to_num(marks.expected[day, slots]).sum()),
            done=Treatment.FILLED if marks.usable[day] else Treatment.LEFT_OUT,
            reason=f"{len(slots)} of {int(owed[day].sum())} intervals are unknown",
        )


def _dropped_rows(marks: Marks) -> Iterator[_Finding]:
    """One row a decision that drops anything."""
    starts = marks.matrix.local_starts()
    step = np.timedelta64(DAY_MIN // starts.shape[1], "m")
    for place, decision in enumerate(marks.verdicts.decisions):
        cells = (marks.verdicts.place == place) & np.isfinite(marks.found)
        if decision.verdict is Verdict.DROP and cells.any():
            yield _Finding(
                kind=FindingKind.DROPPED,
                first=starts[cells].min(),
                end=starts[cells].max() + step,
                found=float(marks.found[cells].sum()),
                usual=float(np.nan_to_num(marks.expected[cells]).sum()),
                reason=decision.reason,
                decided_by=decision.name,
            )


def _clock_rows(marks: Marks) -> Iterator[_Finding]:
    matrix = marks.matrix
    owed = matrix.opened[matrix.weekdays]
    starts = matrix.local_starts()
    step = np.timedelta64(DAY_MIN // starts.shape[1], "m")
    for repeats, done, reason in (
        (0, Treatment.FILLED, "the clock is put forward: these hours do not exist"),
        (2, Treatment.KEPT, "the clock is put back: these hours come twice, and their mean is fitted"),
    ):
        changed = owed & (matrix.intervals == repeats)
        # A whole closed stretch without intervals is no change of the clock.
        for day in np.flatnonzero(changed.any(axis=1) & (matrix.intervals > 0).any(axis=1)):
            slots = np.flatnonzero(changed[day])
            known = np.isfinite(marks.found[day, slots]).all()
            yield _Finding(
                kind=FindingKind.CLOCK_CHANGE,
                first=starts[day, slots[0]],
                end=starts[day, slots[-1]] + step,
                done=done if known else Treatment.FILLED,
                reason=reason
                if known or not repeats
                else "the clock is put back: one of two hours is missing",
            )


def _closed_since_rows(marks: Marks) -> Iterator[_Finding]:
    matrix = marks.matrix
    closed = (marks.since >= 1) & matrix.opened
    if not closed.any():
        return
    days = matrix.days.to_numpy(dtype="datetime64[us]")
    cells = closed[matrix.weekdays] & (marks.found > 0)
    last = np.flatnonzero(cells.any(axis=1))[-1]
    yield _Finding(
        kind=FindingKind.CLOSED_SINCE,
        first=days[last] + np.timedelta64(1, "D"),
        end=days[-1] + np.timedelta64(1, "D"),
        found=0.0,
        reason=f"not one contact in these hours since then ({_clock_spans(closed.any(axis=0))}): they count as closed",
        size=float(marks.since[closed].min()),
    )


def _outside_rows(marks: Marks) -> Iterator[_Finding]:
    touched = np.flatnonzero(marks.matrix.outside > 0)
    if len(touched):
        days = marks.matrix.days.to_numpy(dtype="datetime64[us]")
        yield _Finding(
            kind=FindingKind.OUTSIDE_HOURS,
            first=days[touched[0]],
            end=days[touched[-1]] + np.timedelta64(1, "D"),
            found=float(marks.matrix.outside.sum()),
            reason=f"contacts outside the opening hours, on {len(touched)} days; widen the hours to forecast them",
        )


def _shift_rows(marks: Marks) -> Iterator[_Finding]:
    days = marks.matrix.days.to_numpy(dtype="datetime64[us]")
    end = days[-1] + np.timedelta64(1, "D")
    for shift in level_shifts(marks.steady, weekdays_of(marks.matrix.days)):
        yield _Finding(
            kind=FindingKind.LEVEL_SHIFT,
            first=days[shift.day],
            end=end,
            found=shift.after,
            usual=shift.before,
            done=Treatment.KEPT,
            reason=f"a day's contacts changed by {shift.after / shift.before - 1:+.0%} and stayed there",
            size=shift.size,
        )
    if marks.shifted_from is not None:
        new = slice(marks.shifted_from, None)
        yield _Finding(
            kind=FindingKind.LEVEL_SHIFT,
            first=days[marks.shifted_from],
            end=end,
            found=float(np.nanmedian(marks.steady[new])),
            usual=float(np.nanmedian(marks.usual[: marks.shifted_from])),
            done=Treatment.KEPT,
            reason="a day's contacts are far off their usual since then: taken for a new level",
            size=1.0,
        )
