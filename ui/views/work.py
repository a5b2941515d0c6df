"""Long work on the screen: begun, watched while it runs, told when it has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from data.errors import PeakshiftError
from ui import jobs, state
from ui.jobs import Job, State
from ui.words import plain

LOOK_EVERY_S = 1.0


def begin(kind: str, arguments: Mapping[str, Any], files: Sequence[tuple[str, bytes]] = ()) -> None:
    """Start a job and draw the page anew, which then shows it; says so where one of its kind runs already."""
    running = jobs.latest(state.folder(), kind)
    if running is not None and running.running:
        st.warning(
            "Such work is running already. Wait for it, or cancel it.", icon=":material/hourglass_top:"
        )
        return
    try:
        jobs.start(state.folder(), kind, arguments, now=state.now(), files=files)
    except PeakshiftError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.rerun()


def show_job(kind: str, doing: str, when_done: Callable[[Job], None] | None = None) -> Job | None:
    """Show the newest job of a kind: its progress while it runs, why it failed when it did; returns it.

    Parameters
    ----------
    kind
        A module of `ui.jobs.kinds`.
    doing
        What it does, in words.
    when_done
        Called once in each session that saw it run and end well, before what it made is drawn.
    """
    job = jobs.latest(state.folder(), kind)
    if job is None:
        return None
    if job.running:
        state.watch(job.id)
        _live(job.id, doing)
    elif job.state is State.DONE:
        if state.saw_run(job.id) and job.ended_at is not None:
            seconds = (job.ended_at - job.created_at).total_seconds()
            st.toast(f"{doing}: done in {seconds:.0f} s.", icon=":material/check:")
            if when_done is not None:
                when_done(job)
    elif job.state is State.CANCELLED:
        st.info(f"{doing}: cancelled{_ended_ago(job)}. Nothing was kept.", icon=":material/block:")
    elif job.state is State.LOST:
        st.error(
            f"{doing}: the work stopped without a word, perhaps with the machine. Nothing was kept; start it again.",
            icon=":material/error:",
        )
    elif job.state is State.FAILED:
        st.error(f"{doing}{_ended_ago(job)}: {plain(job.message)}", icon=":material/error:")
    return job


@st.fragment(run_every=LOOK_EVERY_S)
def _live(name: str, doing: str) -> None:
    job = jobs.job(state.folder(), name)
    if job is None or not job.running:
        st.rerun()
    with st.container(border=True):
        left, right = st.columns([6, 1], vertical_alignment="center")
        with left:
            seconds = (state.now() - job.created_at).total_seconds()
            text = f"**{doing}** · {plain(job.progress.phase)} · {seconds:.0f} s"
            if job.progress.share is None:
                st.markdown(f":material/hourglass_top: {text}")
            else:
                st.progress(min(max(job.progress.share, 0.0), 1.0), text=text)
            found = solver_words(job)
            if found:
                st.caption(found)
        with right:
            if st.button("Cancel", key=f"cancel_{name}", disabled=job.cancelling, width="stretch"):
                jobs.cancel(state.folder(), name)
            if jobs.asked_to_stop(state.folder(), name):
                st.caption("Stopping …")


def solver_words(job: Job) -> str:
    """Say what a solver has found and proven so far; empty where it has not spoken."""
    progress = job.progress
    said = [
        f"{word} {value:,.1f}"
        for word, value in (("best found", progress.incumbent), ("proven bound", progress.bound))
        if value is not None
    ]
    if progress.gap is not None:
        said.append(f"gap {progress.gap:.2%}")
    return " · ".join(said) + (" · gap = (best − bound) / best" if progress.gap is not None else "")


def ago(seconds: float) -> str:
    """How long ago something was, in the largest unit that fits."""
    for unit, length_s in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length_s:
            return f"{seconds / length_s:.0f} {unit} ago"
    return "just now"


def _ended_ago(job: Job) -> str:
    return "" if job.ended_at is None else f" ({ago((state.now() - job.ended_at).total_seconds())})"
