"""What is known of each peak, and on what it rests: occurrences seen, uplift with its band, who says so."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecasting.explanation import Explanation

BAND = 0.9
COLUMNS = {
    "queue": "str",
    "peak": "str",
    "kind": "str",
    "day": "int64",
    "occurrences": "int64",
    "first": "datetime64[us]",
    "last": "datetime64[us]",
    "size": "float64",
    "uplift": "float64",
    "lower": "float64",
    "upper": "float64",
    "expected": "float64",
    "data_share": "float64",
    "source": "str",
    "next": "datetime64[us]",
    "next_provisional": "bool",
}
OCCURRENCE_COLUMNS = {
    "queue": "str",
    "peak": "str",
    "kind": "str",
    "day": "int64",
    "date": "datetime64[us]",
    "on": "datetime64[us]",
    "size": "float64",
    "uplift": "float64",
    "observed": "float64",
}


def evidence(explanation: Explanation) -> pd.DataFrame:
    """What each peak does to a queue, by day of its window.

    Parameters
    ----------
    explanation
        Of the queue. Outages are not in it: they are cleaned from the history and never repeated.

    Returns
    -------
    DataFrame
        One row a peak and relative day, by peak and day. queue, peak, kind; day (relative to the date);
        occurrences, first, last (days seen in the history that were fitted, NaT where none); size (the typical
        one, NaN where there is none); uplift with lower and upper (fractions, at the typical size: median and
        90 % band; 0.3 lifts by 30 %); expected (what was believed before any occurrence); data_share (how much
        of that belief's variance the history has removed, 0–1); source ("data", or where nothing was seen
        "guess", "other peaks" of the kind, or "kind"); next (first day after the history it touches, NaT when
        none is known) and next_provisional (whether that rests on a calendar that is not official yet).
    """
    terms = explanation.terms
    windows, loadings = terms.windows, _without_weekdays(explanation)
    coefficients, covariance = explanation.peak_coefficients, explanation.peak_covariance()
    seen = _seen(explanation)
    on = terms.days[windows["place"].to_numpy(dtype=int)]
    guessed = {peak.id for peak in terms.peaks if peak.expected_uplift is not None}
    pooled = {(term.peak, term.relative) for term in terms.peak_terms if term.pooled}
    width = ndtri((1 + BAND) / 2)
    rows = []
    for (name, day), mine in _groups(windows):
        typical = np.median(loadings[mine], axis=0)
        mean = float(typical @ coefficients)
        sd = float(np.sqrt(max(typical @ covariance @ typical, 0.0)))
        before = float(((typical * terms.peak_sds) ** 2).sum())
        there = np.sort(on[mine[seen[mine]]])
        coming = mine[on[mine] > explanation.last]
        following = coming[np.argsort(on[coming])][:1]
        rows.append(
            {
                "queue": explanation.queue.id,
                "peak": name,
                "kind": windows["kind"].iloc[mine[0]],
                "day": day,
                "occurrences": len(there),
                "first": there[0] if len(there) else pd.NaT,
                "last": there[-1] if len(there) else pd.NaT,
                "size": windows["size"].iloc[mine].median(),
                "uplift": np.expm1(mean),
                "lower": np.expm1(mean - width * sd),
                "upper": np.expm1(mean + width * sd),
                "expected": np.expm1(float(typical @ terms.peak_means)),
                "data_share": float(np.clip(1 - sd**2 / before, 0.0, 1.0)),
                "source": _source(
                    len(there), guessed=name in guessed, pooled=(name, day) in pooled, moved=sd**2 < before
                ),
                "next": on[following[0]] if len(following) else pd.NaT,
                "next_provisional": bool(windows["provisional"].iloc[following].any()),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def occurrences(explanation: Explanation) -> pd.DataFrame:
    """Every day a peak touched in the history that was fitted, with what it seems to have done there.

    Returns
    -------
    DataFrame
        queue, peak, kind, day (relative), date (of the occurrence), on (the day touched), size (NaN where there
        is none), uplift (fraction, what the peak is believed to do at that size on that weekday), observed (the
        same with everything the day had beyond its explanation); by peak, date and day.
    """
    terms = explanation.terms
    chosen = np.flatnonzero(_seen(explanation))
    windows = terms.windows.iloc[chosen]
    on = terms.days[windows["place"].to_numpy(dtype=int)]
    effect = terms.loadings[chosen] @ explanation.peak_coefficients
    residual = explanation.residuals()[explanation.days.get_indexer(on)]
    frame = pd.DataFrame(
        {
            "queue": explanation.queue.id,
            "peak": windows["peak"].to_numpy(),
            "kind": windows["kind"].to_numpy(),
            "day": windows["relative"].to_numpy(),
            "date": windows["date"].to_numpy(),
            "on": on,
            "size": windows["size"].to_numpy(),
            "uplift": np.expm1(effect),
            "observed": np.expm1(effect + residual),
        }
    )
    return frame.astype(OCCURRENCE_COLUMNS).sort_values(["peak", "date", "day"], ignore_index=True)


def _groups(windows: pd.DataFrame) -> Iterator[tuple[tuple[str, int], np.ndarray]]:
    """Rows of each peak and relative day."""
    numbered = windows.reset_index(drop=True)
    for (name, day), mine in numbered.groupby(["peak", "relative"], sort=True):
        yield (str(name), int(str(day))), mine.index.to_numpy()


def _seen(explanation: Explanation) -> np.ndarray:
    """Which rows of the windows fall on a fitted day, shape (rows,)."""
    terms = explanation.terms
    fitted = np.zeros(len(terms.days), dtype=bool)
    fitted[terms.rows(explanation.days)] = True
    seen: np.ndarray = fitted[terms.windows["place"].to_numpy(dtype=int)]
    return seen


def _without_weekdays(explanation: Explanation) -> np.ndarray:
    """Loadings with the weekdays' deviations left out: an uplift holds for an average weekday."""
    plain = np.array([term.weekday is None for term in explanation.terms.peak_terms], dtype=bool)
    loadings: np.ndarray = explanation.terms.loadings * plain
    return loadings


def _source(occurrences_seen: int, *, guessed: bool, pooled: bool, moved: bool) -> str:
    if occurrences_seen:
        return "data"
    if guessed:
        return "guess"
    return "other peaks" if pooled and moved else "kind"
