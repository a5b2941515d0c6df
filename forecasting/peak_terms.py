"""Regressors of peaks with their priors: what a peak does of its own, what its kind shares, what a weekday changes.

A kind's peaks are pooled by a term of their own, as in any hierarchical model (Gelman & Hill 2007, chapter 12):
the effect of one billing cohort is what all cohorts share plus a deviation, so a cohort seen once, or never,
takes over what the others taught. An interaction is a deviation on one weekday, shrunk hard.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.domain import Peak, PeakKind
from forecasting.priors import POOLED, POOLED_SHARE, Prior, kind_prior, peak_prior

LONGEST_FREE_WINDOW_DAYS = 15
KNOTS = 8
WEEKDAY_LEAST = 8
"""Occurrences on a weekday before it may deviate: fewer say nothing about it."""
WEEKDAY_SHARE = 0.15
"""Standard deviation of a weekday's deviation over that of the peak's effect."""
WEEKDAY_LONGEST_SHARE = 0.3
"""A peak that falls on more days than this, such as trading sessions, is the weekday's pattern itself."""
MORE_THAN_ONE = 2
WEEKDAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class PeakTerm:
    """One regressor.

    Parameters
    ----------
    name
        Unique; peak or kind, relative day or knot, and weekday.
    peak
        Id of the peak; None for what a kind's peaks share.
    kind
        Of the peaks it speaks of.
    relative
        Days from the date; of a knot the nearest whole number.
    weekday
        0 (Monday) to 6 where it is the deviation of a weekday, else None.
    prior
        Of its coefficient: log of the factor on a day's contacts, at value 1.
    pooled
        Whether the term of its kind speaks of it too.
    """

    name: str
    peak: str | None
    kind: PeakKind
    relative: int
    weekday: int | None
    prior: Prior
    pooled: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A term with the rows of the windows it speaks of and what they add, both of shape (rows of its own,)."""

    term: PeakTerm
    rows: np.ndarray
    loadings: np.ndarray


def peak_terms(
    peaks: Sequence[Peak], windows: pd.DataFrame, days: pd.DatetimeIndex
) -> tuple[tuple[PeakTerm, ...], np.ndarray]:
    """Regressors of the peaks, by what each day of each occurrence adds to them.

    Parameters
    ----------
    peaks
        Those the windows are of.
    windows
        As `peak_windows` makes them, outages left out, numbered from 0.
    days
        Consecutive days the windows' places count.

    Returns
    -------
    tuple
        The terms, and the loadings: what a row of the windows adds to the value of its day, shape (rows, terms).
    """
    known = {peak.id: peak for peak in peaks}
    covered = _covered(windows)
    pooled = _pooled_days(known, windows, covered)
    weekdays = days.day_of_week.to_numpy()[windows["place"].to_numpy(dtype=int)]
    columns: list[Column] = []
    for name, rows in windows.groupby("peak", sort=True):
        peak = known[str(name)]
        if rows["width"].iloc[0] > LONGEST_FREE_WINDOW_DAYS:
            columns += _knots(peak, rows)
        else:
            for column in _free(peak, rows, pooled, covered):
                columns.append(column)
                columns += _by_weekday(column, weekdays, len(days))
    columns += _shared(windows, pooled)
    loadings = np.zeros((len(windows), len(columns)))
    for place, column in enumerate(columns):
        loadings[column.rows, place] = column.loadings
    return tuple(column.term for column in columns), loadings


def summed_by_day(loadings: np.ndarray, place: np.ndarray, days: int) -> np.ndarray:
    """Sum what rows of the windows add to their days, shape (days, terms)."""
    values = np.zeros((days, loadings.shape[1]))
    np.add.at(values, place, loadings)
    return values


def relative_size(size: np.ndarray, prior: Prior) -> np.ndarray:
    """Value of a regressor for a size relative to the typical one.

    Contacts a cohort adds are proportional to its size, while effects compose as logarithms:
    log(1 + size × uplift) over log(1 + uplift), at the uplift that is expected.
    """
    uplift = math.expm1(max(prior.mean, 0.0))
    if uplift == 0:
        return np.asarray(size, dtype=float)
    value: np.ndarray = np.log1p(size * uplift) / math.log1p(uplift)
    return value


def _free(
    peak: Peak,
    rows: pd.DataFrame,
    pooled: dict[tuple[PeakKind, int], list[str]],
    covered: frozenset[tuple[str, int]],
) -> Iterator[Column]:
    """One term a relative day."""
    for day, mine in rows.groupby("relative", sort=True):
        relative = int(str(day))
        prior = peak_prior(peak, relative)
        shares = peak.id in pooled.get((peak.kind, relative), [])
        own = Prior(0.0, prior.sd * math.sqrt(1 - POOLED_SHARE)) if shares else prior
        if (peak.id, relative) in covered and peak.expected_uplift is None:
            own = Prior(0.0, prior.sd)
        term = PeakTerm(f"{peak.id} {relative:+d}", peak.id, peak.kind, relative, None, own, shares)
        yield Column(term, mine.index.to_numpy(), relative_size(mine["own_size"].to_numpy(), prior))


def _by_weekday(column: Column, weekdays: np.ndarray, days: int) -> Iterator[Column]:
    """Deviations on the weekdays the peak fell on often."""
    term, mine = column.term, weekdays[column.rows]
    often = np.flatnonzero(np.bincount(mine, minlength=7) >= WEEKDAY_LEAST)
    if len(often) < MORE_THAN_ONE or len(mine) > WEEKDAY_LONGEST_SHARE * days:
        return
    whole_sd = term.prior.sd / (math.sqrt(1 - POOLED_SHARE) if term.pooled else 1.0)
    for weekday in often.tolist():
        name = f"{term.name} {WEEKDAY_NAMES[weekday]}"
        prior = Prior(0.0, WEEKDAY_SHARE * whole_sd)
        chosen = mine == weekday
        yield Column(
            replace(term, name=name, weekday=weekday, prior=prior),
            column.rows[chosen],
            column.loadings[chosen],
        )


def _knots(peak: Peak, rows: pd.DataFrame) -> Iterator[Column]:
    """A long window is spanned by a few overlapping triangles."""
    lower, width = int(rows["lower"].iloc[0]), int(rows["width"].iloc[0])
    position = (rows["relative"].to_numpy() - lower) * (KNOTS - 1) / (width - 1)
    for knot in range(KNOTS):
        share = np.maximum(1 - np.abs(position - knot), 0.0)
        if share.any():
            relative = round(lower + knot * (width - 1) / (KNOTS - 1))
            # The date's own uncertainty throughout: a month of campaign does not fade as a statement does.
            prior = Prior(peak_prior(peak, relative).mean, peak_prior(peak, 0).sd)
            term = PeakTerm(f"{peak.id} knot {knot}", peak.id, peak.kind, relative, None, prior)
            yield Column(term, rows.index.to_numpy(), share * rows["own_size"].to_numpy())


def _shared(windows: pd.DataFrame, pooled: dict[tuple[PeakKind, int], list[str]]) -> Iterator[Column]:
    """What the peaks of a kind have in common on a relative day."""
    for (kind, relative), names in sorted(pooled.items()):
        mine = windows.loc[windows["peak"].isin(names) & windows["relative"].eq(relative)]
        prior = kind_prior(kind, relative)
        shared = Prior(prior.mean, prior.sd * math.sqrt(POOLED_SHARE))
        term = PeakTerm(f"any {kind} {relative:+d}", None, kind, relative, None, shared)
        yield Column(term, mine.index.to_numpy(), relative_size(mine["kind_size"].to_numpy(), prior))


def _covered(windows: pd.DataFrame) -> frozenset[tuple[str, int]]:
    """Peaks and relative days all of whose days another peak of the kind covers; of equals the later by name.

    Such a peak, as the Spring Festival among public holidays, is what the other one leaves to explain.
    """
    found = set()
    for (_, relative), rows in windows.groupby(["kind", "relative"]):
        places = {str(peak): frozenset(mine["place"]) for peak, mine in rows.groupby("peak", sort=True)}
        for peak, mine in places.items():
            if any(mine < other or (mine == other and name < peak) for name, other in places.items()):
                found.add((peak, int(str(relative))))
    return frozenset(found)


def _pooled_days(
    known: dict[str, Peak], windows: pd.DataFrame, covered: frozenset[tuple[str, int]]
) -> dict[tuple[PeakKind, int], list[str]]:
    """By kind and relative day the peaks that learn from each other, two at least; a guess speaks for itself."""
    found: dict[tuple[PeakKind, int], list[str]] = {}
    narrow = windows.loc[windows["width"] <= LONGEST_FREE_WINDOW_DAYS]
    for name, relative in sorted(set(zip(narrow["peak"], narrow["relative"].tolist(), strict=True))):
        peak = known[name]
        if peak.kind in POOLED and peak.expected_uplift is None and (name, relative) not in covered:
            found.setdefault((peak.kind, relative), []).append(name)
    return {place: names for place, names in found.items() if len(names) > 1}
