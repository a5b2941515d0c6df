"""Peaks on the calendar: from dates and rules to occurrences, and from those to the days they touch."""

from data.peaks.effects import day_effects, for_queue
from data.peaks.expansion import expand
from data.peaks.recurrence import require_fit
from data.peaks.settled import with_notices

__all__ = ["day_effects", "expand", "for_queue", "require_fit", "with_notices"]
