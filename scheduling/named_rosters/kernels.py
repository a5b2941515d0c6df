"""Compiled loops over a person's network of tours: a shortest path with limits on what it uses up.

A node is (day, run, weekends, counts, time). `run` tells the days off or worked in a row and which shifts may
follow: 0 … rest − 1 are 1 … rest days off (and more), the others `rest + (worked − 1) · kinds + kind`. `counts` is
the number of shifts of each type whose limit is watched, as one number in mixed radix; `time` is working time.
The least price from each node to the end is filled from the last day backwards (Irnich & Desaulniers 2005); with it
a search in depth visits no node in vain, whatever number of tours is asked for.

`limits` are, in this order: longest run, shortest run, shortest rest, least time, the run before the first day and the
days before it. A run that begins on the very first day of all may be shorter than the shortest one.
"""

from __future__ import annotations

import numpy as np

from scheduling.compiled import compiled


@compiled
def run_after(  # noqa: PLR0917 - compiled code takes arguments by position
    run: int, duties: np.ndarray, kind: np.ndarray, follows: np.ndarray, limits: np.ndarray, day: int
) -> int:
    """Return the run after some duties from a day on, −1 where they break a limit."""
    longest, shortest, rest = limits[0], limits[1], limits[2]
    kinds = follows.shape[0]
    for duty in duties:
        worked = 0 if run < rest else (run - rest) // kinds + 1
        if duty == 0:
            if 0 < worked < shortest and worked != day:
                return -1
            run = min(run + 1, rest - 1) if worked == 0 else 0
        else:
            if worked == longest or (worked == 0 and run < rest - 1):
                return -1
            if worked > 0 and not follows[(run - rest) % kinds, duty]:
                return -1
            run = rest + worked * kinds + kind[duty]
        day += 1
    return run


@compiled
def fill_to_go(  # noqa: C901, PLR0912, PLR0917 - compiled code takes arguments by position, in one loop
    prices: np.ndarray,
    units: np.ndarray,
    kind: np.ndarray,
    follows: np.ndarray,
    next_count: np.ndarray,
    weekends: np.ndarray,
    limits: np.ndarray,
    ends: np.ndarray,
    to_go: np.ndarray,
) -> None:
    """Fill the least price from each node to the end.

    Parameters
    ----------
    prices
        Days × duties, infinite where a duty cannot be worked.
    units, kind
        Per duty: time, and the kind of what may follow.
    follows
        Kinds × duties: whether a duty may follow a kind.
    next_count
        Duties × counts: the counts after it, −1 where there may be none.
    weekends
        Per day, −1 for none.
    limits
        See above.
    ends
        Per run, whether it may be the last one.
    to_go
        To be filled: (days + 1) × runs × weekends × counts × time.
    """
    days, duties = prices.shape
    longest, shortest, rest, least, begin, before = limits
    kinds = follows.shape[0]
    worked_before = 0 if begin < rest else (begin - rest) // kinds + 1
    _, runs, most_weekends, counts, times = to_go.shape
    longest_unit = units.max()
    to_go[:] = np.inf
    for run in range(runs):
        if ends[run]:
            to_go[days, run, :, :, least:] = 0.0
    for day in range(days - 1, -1, -1):
        later, now = to_go[day + 1], to_go[day]
        # No tour comes by with less time or more.
        first, last = max(0, least - longest_unit * (days - day)), min(times, longest_unit * day + 1)
        second = day > 0 and weekends[day] >= 0 and weekends[day] == weekends[day - 1]
        for run in range(runs):
            worked = 0 if run < rest else (run - rest) // kinds + 1
            if worked > day + worked_before:
                continue
            if worked == 0 or worked >= shortest or worked == day + before:
                after = min(run + 1, rest - 1) if worked == 0 else 0
                now[run] = later[after] + prices[day, 0]
            if worked == longest or (worked == 0 and run < rest - 1):
                continue
            extra = 1 if weekends[day] >= 0 and not (second and worked > 0) else 0
            for duty in range(1, duties):
                price = prices[day, duty]
                if price == np.inf or (worked > 0 and not follows[(run - rest) % kinds, duty]):
                    continue
                after, unit = rest + worked * kinds + kind[duty], units[duty]
                for weekend in range(most_weekends - extra):
                    for count in range(counts):
                        count_after = next_count[duty, count]
                        if count_after < 0:
                            continue
                        stop = max(first, min(last, times - unit))
                        best = now[run, weekend, count, first:stop]
                        from_there = later[after, weekend + extra, count_after, first + unit : stop + unit]
                        for time in range(best.size):
                            value = price + from_there[time]
                            best[time] = value if value < best[time] else best[time]  # noqa: FURB136 - min is not vectorised


@compiled
def tours_within(  # noqa: C901, PLR0912, PLR0915, PLR0917 - compiled code takes arguments by position, in one loop
    prices: np.ndarray,
    units: np.ndarray,
    kind: np.ndarray,
    follows: np.ndarray,
    next_count: np.ndarray,
    weekends: np.ndarray,
    limits: np.ndarray,
    to_go: np.ndarray,
    most: np.ndarray,
    dearest: float,
    most_steps: int,
    found: np.ndarray,
) -> int:
    """Find tours of at most a price, by search in depth; returns how many were found, −1 where steps ran out.

    Parameters
    ----------
    prices, units, kind, follows, next_count, weekends, limits, to_go
        As in `fill_to_go`, which has filled the last one.
    most
        Greatest number of each duty in a tour, also of those that are not watched.
    dearest
        Greatest price.
    most_steps
        After which the search is given up: limits that are not watched can make it visit nodes in vain.
    found
        To be filled: tours × days. The search ends when it is full.
    """
    days, duties = prices.shape
    longest, shortest, rest, _, begin, before = limits
    kinds = follows.shape[0]
    _, _, most_weekends, _, times = to_go.shape
    run, weekend = np.zeros(days + 1, np.int64), np.zeros(days + 1, np.int64)
    count, time = np.zeros(days + 1, np.int64), np.zeros(days + 1, np.int64)
    paid = np.zeros(days + 1)
    duty = np.full(days + 1, -1, np.int64)
    used = np.zeros(duties, np.int64)
    run[0] = begin
    number, day, steps = 0, 0, 0
    while day >= 0 and number < found.shape[0]:
        steps += 1
        if steps > most_steps:
            return -1
        if day == days:
            found[number] = duty[:days]
            number += 1
            day -= 1
            continue
        if duty[day] >= 0:
            used[duty[day]] -= 1
        duty[day] += 1
        if duty[day] == duties:
            duty[day] = -1
            day -= 1
            continue
        work = duty[day]
        used[work] += 1
        worked = 0 if run[day] < rest else (run[day] - rest) // kinds + 1
        price = prices[day, work]
        weekend_after, time_after, count_after = weekend[day], time[day], count[day]
        if used[work] > most[work] or price == np.inf:
            continue
        if work == 0:
            if worked > 0 and worked < shortest and worked != day + before:
                continue
            run_after = min(run[day] + 1, rest - 1) if worked == 0 else 0
        else:
            if worked == longest or (worked == 0 and run[day] < rest - 1):
                continue
            if worked > 0 and not follows[(run[day] - rest) % kinds, work]:
                continue
            run_after = rest + worked * kinds + kind[work]
            second = day > 0 and weekends[day] == weekends[day - 1]
            if weekends[day] >= 0 and not (second and worked > 0):
                weekend_after += 1
            time_after += units[work]
            count_after = next_count[work, count[day]]
            if weekend_after == most_weekends or time_after >= times or count_after < 0:
                continue
        left = to_go[day + 1, run_after, weekend_after, count_after, time_after]
        if paid[day] + price + left > dearest:
            continue
        day += 1
        run[day], weekend[day], count[day], time[day] = run_after, weekend_after, count_after, time_after
        paid[day] = paid[day - 1] + price
    return number
