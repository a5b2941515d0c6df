"""Which queue a young one resembles: opening hours, channel, skill, interval, and what is known of its own pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import DAY_MIN, Queue
from data.errors import InputError
from forecasting.day_matrix import day_matrix, known_rows, opening
from forecasting.settings import Settings
from forecasting.wall_clock import by_slot
from forecasting.weekly import weekly_means

LEAST_OWN_DAYS = 3
ENOUGH_WEEKS = 8
HOURS_WEIGHT, CHANNEL_WEIGHT, SKILL_WEIGHT, INTERVAL_WEIGHT, PATTERN_WEIGHT = 0.35, 0.15, 0.10, 0.05, 0.35
COMMON_SLOTS = DAY_MIN // 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """One queue to borrow from.

    Parameters
    ----------
    queue
        Its id.
    score
        Likeness, 0–1.
    reasons
        What speaks for and against it, one sentence each.
    """

    queue: str
    score: float
    reasons: tuple[str, ...]


def propose(
    queue: Queue, candidates: Sequence[Queue], history: pd.DataFrame, *, cutoff: pd.Timestamp
) -> list[Similar]:
    """Rank queues a young one could borrow from, most alike first.

    Parameters
    ----------
    queue
        The young queue.
    candidates
        Queues to choose among; itself, and queues without a week of history, are passed over.
    history
        HISTORY rows of all of them; what the young queue has of its own, however little, is compared.
    cutoff
        Nothing after it is looked at.
    """
    settings = Settings()
    own_week, own_days = _week(queue, history, cutoff, settings)
    found = []
    for other in candidates:
        week, days = _week(other, history, cutoff, settings)
        if other.id == queue.id or week is None or days < 7:
            continue
        parts = [
            (HOURS_WEIGHT, *_hours(queue, other)),
            (CHANNEL_WEIGHT, *_equal("channel", queue.channel.value, other.channel.value)),
            (SKILL_WEIGHT, *_equal("skill", queue.skill, other.skill)),
            (INTERVAL_WEIGHT, *_equal("interval", f"{queue.interval_min} min", f"{other.interval_min} min")),
        ]
        if own_week is not None and own_days >= LEAST_OWN_DAYS:
            parts.append((PATTERN_WEIGHT, *_pattern(own_week, week, own_days)))
        weight = sum(part[0] for part in parts)
        likeness = sum(part[0] * part[1] for part in parts) / weight
        told = min(1.0, days / (7 * ENOUGH_WEEKS))
        reasons = [part[2] for part in parts]
        if told < 1:
            reasons.append(f"only {days} days of history")
        found.append(Similar(queue=other.id, score=float(likeness * told), reasons=tuple(reasons)))
    return sorted(found, key=lambda each: (-each.score, each.queue))


def _week(
    queue: Queue, history: pd.DataFrame, cutoff: pd.Timestamp, settings: Settings
) -> tuple[np.ndarray | None, int]:
    """Mean contacts by weekday and quarter hour, NaN on weekdays never seen, and the days they rest on."""
    length = pd.Timedelta(minutes=queue.interval_min)
    if not (history["queue"].eq(queue.id) & (history["start"] + length <= cutoff)).any():
        return None, 0
    try:
        matrix = day_matrix(queue, known_rows(queue, history, cutoff), cutoff, settings.longest_history_days)
    except InputError:
        # A faulty history recommends nobody; forecasting that queue says what is wrong with it.
        return None, 0
    seen = np.isfinite(matrix.counts).any(axis=1)
    if not np.nansum(matrix.counts) > 0:
        return None, 0
    latest = np.flatnonzero(seen)[-7 * ENOUGH_WEEKS :]
    week = weekly_means(matrix.counts[latest], matrix.weekdays[latest], matrix.opened)
    unseen = ~np.isin(np.arange(7), matrix.weekdays[latest])
    week[unseen] = np.nan
    return by_slot(week, COMMON_SLOTS, summed=True), int(seen.sum())


def _hours(queue: Queue, other: Queue) -> tuple[float, str]:
    open_here, open_there = (
        by_slot(opening(each).astype(float), COMMON_SLOTS, summed=False) > 0 for each in (queue, other)
    )
    share = float((open_here & open_there).sum() / (open_here | open_there).sum())
    return share, f"{share:.0%} of the opening hours of either are open in both"


def _equal(what: str, mine: str, theirs: str) -> tuple[float, str]:
    if mine == theirs:
        return 1.0, f"the same {what}, {mine}"
    return 0.0, f"another {what}: {theirs}, not {mine}"


def _pattern(own: np.ndarray, other: np.ndarray, own_days: int) -> tuple[float, str]:
    """One minus the total variation between the shares of the week's contacts, over weekdays both have."""
    both = np.isfinite(own).all(axis=1) & np.isfinite(other).all(axis=1)
    mine, theirs = own[both].sum(), other[both].sum()
    if not both.any() or mine <= 0 or theirs <= 0:
        return 0.0, "no weekday in common"
    likeness = 1 - 0.5 * float(np.abs(own[both] / mine - other[both] / theirs).sum())
    return likeness, f"{likeness:.0%} of the contacts of its {own_days} days fall alike over the week"
