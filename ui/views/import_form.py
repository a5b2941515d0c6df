"""The form that takes files, and the report on the last import."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.mapping import mapping_names
from data.store import Workspace
from ui import state
from ui.exports.text import guarded
from ui.jobs import Job, State
from ui.tables.faults import faults
from ui.views.frame import table_height
from ui.views.work import begin, show_job
from ui.words import plain

KINDS = {
    "history": (
        "History",
        "Contacts per queue and interval: `queue, start, offered`, and `answered`, `handle_time_s` … where known.",
    ),
    "calls": (
        "Calls",
        "One row per call as the ACD exports it; they are counted into intervals. Choose the export's mapping.",
    ),
    "queues": (
        "Queues",
        "`queue`, and `channel, skill, answer_rate, interval_min, open, close, days, timezone, patience_s, shrinkage` where they differ from the defaults.",
    ),
    "shrinkage": (
        "Shrinkage",
        "`queue` (none: all), `cause, share`, `planned` (yes or no), `days, open, close`: what keeps people from contacts, and when.",
    ),
    "agents": ("Agents", "`agent_id, name, team, skills` (joined by `;`), `contract`."),
    "patterns": ("Shift patterns", "`pattern, days`, start window, length, breaks."),
    "contracts": ("Contracts", "`contract`, hours a week, days, rest."),
    "activities": (
        "Activities",
        "`activity, kind, length_min, who, together, days, from, until`: trainings, meetings and coaching inside shifts.",
    ),
    "peaks": ("Peaks", "`peak, kind, date, queues, lower_days, upper_days, size`, or a rule."),
}
ENDINGS = ["csv", "tsv", "txt", "xlsx", "parquet", "gz"]
DEFAULT = "default"
OWN = "a mapping file …"


def show(workspace: Workspace) -> None:
    """Draw form and report."""
    kind = st.segmented_control(
        "What is in the files",
        list(KINDS),
        format_func=lambda kind: KINDS[kind][0],
        default="history",
        required=True,
        key="import_kind",
    )
    st.caption(KINDS[kind][1] + " Every column, its default and unit: docs/formats.md.")
    left, right = st.columns([2, 1], gap="medium")
    with right:
        mapping = st.selectbox(
            "Column mapping",
            [DEFAULT, *(name for name in mapping_names(workspace.path / "mappings") if name != DEFAULT), OWN],
            help="How the columns of the files are called and read. The default takes the names of docs/formats.md.",
            key="import_mapping",
        )
        own = None
        if mapping == OWN:
            own = st.file_uploader("Mapping file", type=["toml"], key=f"mapping_file_{state.turn('import')}")
    with left:
        uploads = st.file_uploader(
            "Files", type=ENDINGS, accept_multiple_files=True, key=f"import_files_{state.turn('import')}"
        )
        wrong = state.marked("import_tried") and _wrong(uploads, mapping, own)
        if wrong:
            st.error(wrong, icon=":material/error:")
    if st.button("Import", type="primary", icon=":material/upload:", key="import"):
        state.mark("import_tried", on=True)
        if _wrong(uploads, mapping, own):
            st.rerun()
        files = [(upload.name, upload.getvalue()) for upload in (*uploads, *([own] if own else []))]
        state.mark("import_tried", on=False)
        state.next_turn("import")
        begin("imports", {"kind": kind, "mapping": None if own else mapping}, files)
    job = show_job("imports", "Import")
    if job is not None and job.state is State.DONE:
        _report(job)


def _wrong(uploads: Sequence[object], mapping: str, own: object) -> str:
    if not uploads:
        return "Choose one or more files first."
    if mapping == OWN and own is None:
        return "Choose the mapping file, or take the default mapping."
    return ""


def _report(job: Job) -> None:
    result = job.result
    with st.container(border=True):
        st.markdown(f"**Last import: {KINDS[job.arguments['kind']][0]}**")
        if result.get("refused"):
            st.error(
                f"Nothing was imported: {result['faults']:,} faults. Correct them and import the files again.",
                icon=":material/error:",
            )
        else:
            _counts(job)
        for reason, count in result.get("left_out", {}).items():
            st.caption(f"{count:,} rows left out: {plain(reason)}")
        for note in result.get("notes", []):
            st.caption(plain(note))
        if result.get("queues_made"):
            made = plain(", ".join(result["queues_made"]))
            st.caption(
                f"Queues made from the file: {made}. Import queues to give them targets and opening hours."
            )
        if result["bad"]:
            _faults(result["bad"], result["faults"])
        elif not result.get("refused"):
            st.success("Every row was good.", icon=":material/check:")


def _faults(bad: list[dict[str, object]], count: int) -> None:
    table = faults(bad)
    if count > len(bad):
        st.caption(f"The first {len(bad):,} of {count:,} faults.")
    st.dataframe(table, hide_index=True, height=table_height(len(table), 420))
    st.download_button(
        "Download the bad rows",
        table.map(_guarded).to_csv(index=False).encode("utf-8-sig"),
        "bad_rows.csv",
        "text/csv",
        icon=":material/download:",
        key="bad_rows",
        on_click="ignore",
    )


def _guarded(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value


def _counts(job: Job) -> None:
    result = job.result
    unit = "intervals" if job.arguments["kind"] in ("history", "calls") else "entries"
    figures = [
        (f"New {unit}", result["added"]),
        (f"Changed {unit}", result["changed"]),
        ("As before", result["unchanged"]),
    ]
    if "rows" in result:
        read = [
            ("Rows read", result["rows"]),
            ("Good rows", result["good"]),
            ("Bad rows", result["bad_rows"]),
        ]
        figures = [*read, *figures]
    for column, (label, value) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(label, f"{value:,}")
    if result.get("version") is not None:
        st.caption(
            f"The history is now at version {result['version']}; "
            "figures that were superseded are kept in the older ones."
        )
