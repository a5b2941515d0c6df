"""Parquet: the ROSTER frame as it is, UTC instants, for programs."""

from __future__ import annotations

from pathlib import Path

from data.rosters import roster_frame
from ui.exports.content import Content


def write(content: Content, out: Path) -> None:
    """Write the ROSTER frame."""
    roster_frame(content.roster, content.agents).to_parquet(out, engine="pyarrow", index=False)
