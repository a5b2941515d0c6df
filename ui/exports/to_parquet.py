"""Parquet: a frame as it is, UTC instants, for programs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data.errors import InputError
from data.rosters import roster_frame
from ui.exports.content import Content
from ui.exports.files import existing_folder, placed, refuse_folder


def write(content: Content, out: Path) -> None:
    """Write the ROSTER frame."""
    _write(roster_frame(content.roster, content.agents), out)


def refuse_place(out: Path) -> None:
    """Raise InputError where no frame can go, before work is spent on it: another ending, a folder, or in none."""
    if out.suffix.lower() != ".parquet":
        raise InputError(f"{out}: a frame is written as Parquet. Give a name that ends in .parquet.")
    refuse_folder(out)
    existing_folder(out)


def write_frame(frame: pd.DataFrame, out: Path) -> None:
    """Write any frame, whole or not at all; InputError where it cannot be written."""
    refuse_place(out)
    with placed(out) as draft:
        _write(frame, draft)


def _write(frame: pd.DataFrame, out: Path) -> None:
    frame.to_parquet(out, engine="pyarrow", compression="zstd", index=False)
