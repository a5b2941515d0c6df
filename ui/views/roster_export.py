"""A roster as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from data.records import RosterRecord
from data.store import Workspace
from ui.exports import Format, export
from ui.views.roster_figures import loaded, part

FILES: tuple[tuple[str, Format, str, str, str], ...] = (
    (
        "Excel",
        "xlsx",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "matrix, shifts, coverage and answer rates, with colours and filters",
    ),
    ("CSV", "csv", ".csv", "text/csv", "a row per stretch of work or break"),
    ("Parquet", "parquet", ".parquet", "application/vnd.apache.parquet", "the same rows, typed"),
    ("Calendars", "ics", ".zip", "application/zip", "an iCalendar file per person, zipped"),
    ("Print view", "html", ".html", "text/html", "one page to print or to send"),
)


def show(workspace: Workspace, record: RosterRecord) -> None:
    """Draw a button per format; a file is made when its button is pressed."""
    for column, (label, kind, ending, media, inside) in zip(st.columns(len(FILES)), FILES, strict=True):
        with column:
            st.download_button(
                label,
                _maker(workspace, record, kind, ending),
                f"{_file_name(record.name)}{ending}",
                media,
                icon=":material/download:",
                key=f"export_{kind}",
                on_click="ignore",
                width="stretch",
            )
            st.caption(inside)


def _maker(workspace: Workspace, record: RosterRecord, kind: Format, ending: str) -> Callable[[], bytes]:
    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / f"roster{ending}"
            export(
                loaded(workspace, record),
                workspace.agents(),
                format=kind,
                out=out,
                coverage=part(workspace, record, "coverage"),
                days=part(workspace, record, "days"),
                targets=part(workspace, record, "targets"),
                patterns=workspace.patterns(),
            )
            return out.read_bytes()

    return make


def _file_name(name: str) -> str:
    """Name of a roster as a file's name: letters and digits of any script stay."""
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in name)
