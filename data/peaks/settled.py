"""Peaks by official calendars: imported holiday notices in place of provisional years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from data.domain import Peak
from data.notices import HolidayNotice


def with_notices(peaks: Iterable[Peak], notices: Sequence[HolidayNotice]) -> tuple[Peak, ...]:
    """Give the rules of peaks the notices that were imported; `expand` and forecasts then go by them.

    Parameters
    ----------
    peaks
        As saved.
    notices
        At most one a region and year; of several the last counts.
    """
    known = tuple({notice.id: notice for notice in notices}.values())
    return tuple(
        replace(peak, recurrence=replace(peak.recurrence, notices=known))
        if peak.recurrence is not None and peak.recurrence.calendar is not None
        else peak
        for peak in peaks
    )
