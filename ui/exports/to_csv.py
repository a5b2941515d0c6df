"""CSV: the ROSTER frame with ISO local times and their offset, comma, UTF-8, text cells guarded against formulas."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data.rosters import roster_frame
from ui.exports.content import Content
from ui.exports.text import guarded


def write(content: Content, out: Path) -> None:
    """Write the ROSTER frame; times as 2024-11-11T08:30:00+08:00, see `guarded` for text."""
    frame = roster_frame(content.roster, content.agents)
    cells = {name: _text(frame[name], content.roster.timezone) for name in frame.columns}
    pd.DataFrame(cells).to_csv(out, index=False, encoding="utf-8", lineterminator="\n")


def _text(values: pd.Series, timezone: str) -> pd.Series:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        instants = values.dt.tz_convert(timezone)
        texts = {moment: moment.isoformat() for moment in instants.unique()}
        return pd.Series([texts[moment] for moment in instants], index=values.index, dtype="str")
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return pd.Series([f"{day:%Y-%m-%d}" for day in values], index=values.index, dtype="str")
    if pd.api.types.is_string_dtype(values.dtype):
        return pd.Series([guarded(text) for text in values], index=values.index, dtype="str")
    return values
