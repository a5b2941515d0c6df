"""Compiled loops for a first tour: which ways ahead there are, and a walk that keeps to them.

Runs, kinds and limits are those of `scheduling.named_rosters.kernels`.
"""

from __future__ import annotations

import numpy as np

from scheduling.compiled import compiled

NONE = 255
"""There is no way."""


@compiled
def fill_fewest_weekends(  # noqa: PLR0917 - compiled code takes arguments by position, in one loop
    allowed: np.ndarray,
    units: np.ndarray,
    kind: np.ndarray,
    follows: np.ndarray,
    weekends: np.ndarray,
    limits: np.ndarray,
    fewest: np.ndarray,
) -> None:
    """Fill the fewest weekends with which a time can be worked from a day and run to the end.

    Parameters
    ----------
    allowed
        Days × duties.
    units, kind, follows, weekends, limits
        As in `fill_to_go`.
    fewest
        To be filled: (days + 1) × runs × time.
    """
    longest, shortest, rest, _, _, before = limits
    kinds = follows.shape[0]
    last, runs, times = fewest.shape
    fewest[:] = NONE
    fewest[last - 1, :, 0] = 0
    for day in range(last - 2, -1, -1):
        second = day > 0 and weekends[day] >= 0 and weekends[day] == weekends[day - 1]
        for run in range(runs):
            worked = 0 if run < rest else (run - rest) // kinds + 1
            now = fewest[day, run]
            if worked == 0 or worked >= shortest or worked == day + before:
                after = min(run + 1, rest - 1) if worked == 0 else 0
                now[:] = fewest[day + 1, after]
            if worked == longest or (worked == 0 and run < rest - 1):
                continue
            extra = 1 if weekends[day] >= 0 and not (second and worked > 0) else 0
            for duty in range(1, units.size):
                if not allowed[day, duty] or (worked > 0 and not follows[(run - rest) % kinds, duty]):
                    continue
                from_there = fewest[day + 1, rest + worked * kinds + kind[duty]]
                unit = units[duty]
                for time in range(unit, times):
                    ahead = from_there[time - unit]
                    if ahead != NONE and ahead + extra < now[time]:
                        now[time] = ahead + extra


@compiled
def walk(  # noqa: C901, PLR0912, PLR0917 - compiled code takes arguments by position, in one loop
    gains: np.ndarray,
    allowed: np.ndarray,
    units: np.ndarray,
    kind: np.ndarray,
    follows: np.ndarray,
    weekends: np.ndarray,
    limits: np.ndarray,
    most: np.ndarray,
    fewest: np.ndarray,
    wanted_time: np.ndarray,
    wanted_weekends: np.ndarray,
    most_weekends: int,
    tour: np.ndarray,
) -> bool:
    """Walk through the days by what is worth most; whether the end was reached.

    Parameters
    ----------
    gains
        Worth of each duty, days × duties.
    allowed, units, kind, follows, weekends, limits, fewest
        As in `fill_fewest_weekends`, which has filled the last one.
    most
        Greatest number of each duty.
    wanted_time, wanted_weekends
        By day what is to be worked until then, as far as there is a choice.
    most_weekends
        In all.
    tour
        To be filled: a duty per day.
    """
    longest, shortest, rest, least, begin, before = limits
    kinds = follows.shape[0]
    times = fewest.shape[2]
    run, time, used_weekends = begin, 0, 0
    used = np.zeros(units.size, np.int64)
    for day in range(tour.size):
        worked = 0 if run < rest else (run - rest) // kinds + 1
        second = day > 0 and weekends[day] >= 0 and weekends[day] == weekends[day - 1]
        chosen, best, chosen_run, chosen_weekends = -1, -np.inf, 0, 0
        for duty in range(units.size):
            if not allowed[day, duty] or used[duty] >= most[duty]:
                continue
            weekends_after = used_weekends
            if duty == 0:
                if 0 < worked < shortest and worked != day + before:
                    continue
                after = min(run + 1, rest - 1) if worked == 0 else 0
                value = 0.0 if time < wanted_time[day] else 1e9
            else:
                if worked == longest or (worked == 0 and run < rest - 1):
                    continue
                if worked > 0 and not follows[(run - rest) % kinds, duty]:
                    continue
                after = rest + worked * kinds + kind[duty]
                if weekends[day] >= 0 and not (second and worked > 0):
                    weekends_after += 1
                value = 1e6 + gains[day, duty]
                if weekends_after > wanted_weekends[day]:
                    value -= 1e9
            if value <= best:
                continue
            for ahead in range(max(least - time - units[duty], 0), times - time - units[duty]):
                if fewest[day + 1, after, ahead] + weekends_after <= most_weekends:
                    chosen, best, chosen_run, chosen_weekends = duty, value, after, weekends_after
                    break
        if chosen < 0:
            return False
        tour[day] = chosen
        used[chosen] += 1
        run, used_weekends, time = chosen_run, chosen_weekends, time + units[chosen]
    return True
