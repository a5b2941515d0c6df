"""CSV: the ROSTER frame with ISO local times and their offset, comma, UTF-8, text cells guarded against formulas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.rosters import roster_frame
from ui.exports.content import Content
from ui.exports.text import guarded


def write(content: Content, out: Path) -> None:
    """Write the ROSTER frame; times as 2024-11-11T08:30:00+08:00, see `guarded` for text."""
    frame = roster_frame(content.roster, content.agents)
    cells = {name: _cells(frame[name], content.roster.timezone) for name in frame.columns}
    pd.DataFrame(cells).to_csv(out, index=False, encoding="utf-8", lineterminator="\n")


def _cells(values: pd.Series, timezone: str) -> pd.Series:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return _each(values.dt.tz_convert(timezone), lambda moment: moment.isoformat())
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return _each(values, lambda day: f"{day:%Y-%m-%d}")
    return _each(values, guarded)


def _each(values: pd.Series, written: Callable[[Any], str]) -> pd.Series:
    """Write each distinct value once: a month of 500 people has 40,000 rows and few hundred distinct times."""
    places, distinct = values.factorize()
    texts = np.array([written(value) for value in distinct], dtype=object)
    return pd.Series(texts[places], index=values.index, dtype="str")
