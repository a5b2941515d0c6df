"""Parquet: a frame as it is, UTC instants, for programs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data.rosters import roster_frame
from ui.exports.content import Content
from ui.exports.files import placed, refuse_folder


def write(content: Content, out: Path) -> None:
    """Write the ROSTER frame."""
    _write(roster_frame(content.roster, content.agents), out)


def write_frame(frame: pd.DataFrame, out: Path) -> None:
    """Write any frame, whole or not at all; InputError where it cannot be written."""
    refuse_folder(out)
    with placed(out) as draft:
        _write(frame, draft)


def _write(frame: pd.DataFrame, out: Path) -> None:
    frame.to_parquet(out, engine="pyarrow", compression="zstd", index=False)
