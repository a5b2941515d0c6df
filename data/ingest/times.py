"""Times as exports write them, turned into instants: with an offset, or by the wall clock of a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import is_datetime64_any_dtype

from data.domain import INTERVALS_MIN
from data.mapping import Ambiguous, Nonexistent, TimeRules
from data.tables.cells import text

DAY_S = 86_400
OFFSET = r":.*(?:Z|[+-]\d{2}(?::?\d{2})?)$"
LOOSE = r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2}):(.*)$"
CLOCK = r"^(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d+)?))?$"
SPAN = r"^(.*?(\d{1,2}):(\d{2})(?::\d{2})?)\s*([-–—~至到])\s*(\d{1,2}):(\d{2})(?::\d{2})?$"
NEVER = np.datetime64("NaT", "us")


@dataclass(frozen=True, slots=True)
class Moments:
    """Times of rows as they were written: each is an instant, a wall-clock time, or neither.

    Parameters
    ----------
    instants
        UTC, NaT where the text has no offset.
    walls
        Wall-clock times, NaT where the text has an offset.
    """

    instants: np.ndarray
    walls: np.ndarray

    @property
    def unread(self) -> np.ndarray:
        """Rows that are neither."""
        unread: np.ndarray = np.isnat(self.instants) & np.isnat(self.walls)
        return unread


def read_moments(values: pd.Series, form: str | None) -> Moments:
    """Read dates with their time of day.

    Parameters
    ----------
    values
        Text, or timestamps as Parquet gives them.
    form
        strptime form; None for 2026-11-23 09:00, with T or /, seconds and offset at will.
    """
    if is_datetime64_any_dtype(values.dtype):
        index = pd.DatetimeIndex(values)
        nothing = np.full(len(index), NEVER)
        if index.tz is None:
            return Moments(nothing, _bare(index))
        return Moments(_bare(index.tz_convert("UTC")), nothing)
    # Each text once: an export of many queues names each interval many times.
    codes, uniques = pd.factorize(text(values))
    cells = pd.Series(uniques, dtype="str")
    moments = _parse(_begins(cells) if form is None else cells, form)
    return Moments(moments.instants[codes], moments.walls[codes])


def read_days(values: pd.Series, form: str | None) -> np.ndarray:
    """Read dates without time of day; midnights, NaT where the text is none."""
    if is_datetime64_any_dtype(values.dtype):
        return _bare(pd.DatetimeIndex(values).normalize())
    codes, uniques = pd.factorize(text(values))
    dates = pd.Series(uniques, dtype="str")
    if form is not None:
        found = pd.to_datetime(dates, format=form, errors="coerce")
    else:
        # Excel gives dates with a midnight.
        plain = (
            dates.str.replace("/", "-")
            .str.replace(" 00:00:00", "")
            .str.replace(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$", r"\1-\2-\3", regex=True)
            .str.replace(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", regex=True)
        )
        found = pd.to_datetime(plain, format="%Y-%m-%d", errors="coerce")
    return _bare(pd.DatetimeIndex(found))[codes]


def read_clock(values: pd.Series) -> np.ndarray:
    """Read times of day such as 9:05, 09:05:30 or 24:00; seconds from midnight, NaN where the text is none."""
    codes, uniques = pd.factorize(text(values))
    cells = _begins(pd.Series(uniques, dtype="str"))
    parts = pc.extract_regex(pa.array(cells, pa.string()), CLOCK)
    hour, minute, second = (_number(parts, name) for name in ("hour", "minute", "second"))
    seconds = 3600 * hour + 60 * minute + second
    with np.errstate(invalid="ignore"):
        told = (minute < 60) & (second < 60) & (seconds <= DAY_S)
    return np.where(told, seconds, np.nan)[codes]


def at_clock(days: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Wall-clock times of days and seconds from midnight; NaT where either is missing."""
    known = ~np.isnan(seconds)
    offset = np.where(known, seconds, 0.0) * 1_000_000
    return np.where(known, days + offset.astype("timedelta64[us]"), NEVER)


def nearest_day(seconds: np.ndarray, reference_s: np.ndarray) -> np.ndarray:
    """Move times of day by a day where that brings them within twelve hours of another time of the same call."""
    ahead = seconds - reference_s
    with np.errstate(invalid="ignore"):
        moved: np.ndarray = seconds + DAY_S * np.where(
            ahead < -DAY_S / 2, 1, np.where(ahead > DAY_S / 2, -1, 0)
        )
    return moved


def localise(walls: np.ndarray, timezone: str, rules: TimeRules) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Instants of wall-clock times.

    Parameters
    ----------
    walls
        datetime64[us].
    timezone
        Zone of the clock.
    rules
        What is done about times a change of the clock repeats or skips.

    Returns
    -------
    tuple
        UTC instants, NaT where there is none; where the time is skipped; where it comes twice.
    """
    codes, uniques = pd.factorize(walls)
    clock = pd.DatetimeIndex(uniques).as_unit("us")
    plain = clock.tz_localize(timezone, ambiguous="NaT", nonexistent="NaT")
    instants = _bare(plain.tz_convert("UTC"))
    odd = np.isnat(instants) & ~np.isnat(_bare(clock))
    skipped = np.zeros(len(clock), dtype=bool)
    if odd.any():
        first = np.ones(int(odd.sum()), dtype=bool)
        earlier = clock[odd].tz_localize(timezone, ambiguous=first, nonexistent="NaT")
        later = clock[odd].tz_localize(timezone, ambiguous=~first, nonexistent="NaT")
        shifted = clock[odd].tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
        skipped[odd] = earlier.isna()
        chosen = np.full(int(odd.sum()), NEVER)
        if rules.nonexistent is Nonexistent.SHIFT:
            chosen = np.where(earlier.isna(), _bare(shifted.tz_convert("UTC")), chosen)
        if rules.ambiguous is not Ambiguous.FAULT:
            wanted = earlier if rules.ambiguous is Ambiguous.FIRST else later
            chosen = np.where(earlier.isna(), chosen, _bare(wanted.tz_convert("UTC")))
        instants[odd] = chosen
    lost = np.isnat(instants)
    twice = odd & ~skipped
    return instants[codes], (skipped & lost)[codes], (twice & lost)[codes]


def _begins(cells: pd.Series) -> pd.Series:
    """Spans such as 09:00-09:30 by their begin.

    A span may look like a time with its offset, 09:00 at nine and a half hours west of UTC. It is one when every
    text of the column that looks so ends 15, 30 or 60 min after it begins.
    """
    found = cells.str.extract(SPAN)
    fits = found[0].notna()
    if not fits.any():
        return cells
    times = found.loc[fits, [1, 2, 4, 5]].astype(int)
    length_min = (60 * times[4] + times[5] - 60 * times[1] - times[2]) % 1440
    hyphens = found.loc[fits, 3] == "-"
    if not length_min[hyphens].isin(INTERVALS_MIN).all():
        fits = fits & (found[3] != "-")
    return cells.where(~fits, found[0])


def _parse(cells: pd.Series, form: str | None) -> Moments:
    aware = (
        cells.str.contains(OFFSET).to_numpy(dtype=bool)
        if form is None
        else np.full(len(cells), "%z" in form, dtype=bool)
    )
    instants = np.full(len(cells), NEVER)
    walls = np.full(len(cells), NEVER)
    if form is None:
        # Without a time of day a text is no moment: a day's total must not become an interval at midnight.
        timed = cells.where(cells.str.contains(":"), "")
        instants[aware] = _bare(pd.DatetimeIndex(_iso(timed[aware], utc=True)))
        walls[~aware] = _bare(pd.DatetimeIndex(_iso(timed[~aware], utc=False)))
    else:
        read = pd.DatetimeIndex(pd.to_datetime(cells, format=form, errors="coerce", utc=bool(aware.any())))
        (instants if aware.any() else walls)[:] = _bare(read)
    return Moments(instants, walls)


def _iso(cells: pd.Series, *, utc: bool) -> pd.Series:
    read = pd.to_datetime(cells, format="ISO8601", errors="coerce", utc=utc)
    left = read.isna() & (cells != "")
    if left.any():
        padded = cells[left].map(_padded)
        read = read.where(~left, pd.to_datetime(padded, format="ISO8601", errors="coerce", utc=utc))
    return read


def _padded(cell: str) -> str:
    """2026/1/5 9:00 as 2026-01-05T09:00."""
    found = re.match(LOOSE, cell)
    if found is None:
        return ""
    year, month, day, hour, rest = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{rest.replace(' ', '')}"


def _number(parts: pa.StructArray, name: str) -> np.ndarray:
    """Numbers of one part of the texts that fit, 0 where the part is left out, NaN for the texts that do not fit."""
    part = pc.struct_field(parts, name)
    number: np.ndarray = pc.cast(pc.if_else(pc.equal(part, ""), "0", part), pa.float64()).to_numpy(
        zero_copy_only=False
    )
    return number


def _bare(index: pd.DatetimeIndex) -> np.ndarray:
    """Values without zone, in microseconds."""
    naive = index if index.tz is None else index.tz_convert("UTC").tz_localize(None)
    return naive.as_unit("us").to_numpy(dtype="datetime64[us]").copy()
