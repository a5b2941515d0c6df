"""What surrounds every page: the workspace opened, errors in words, the first start."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import streamlit as st

from data.domain import zone
from data.errors import PeakshiftError
from data.store import LEDGER, Workspace
from ui import jobs, state
from ui.views.work import begin, show_job
from ui.words import plain

ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Jerusalem",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "UTC",
)
ROW = 33
"""Height of a table's row in pixels, at the theme's font size."""
MAKING = "The demo centre is being made"


def framed(title: str, purpose: str) -> Callable[[Callable[[Workspace], None]], Callable[[], None]]:
    """Turn a function of an open workspace into a page.

    Parameters
    ----------
    title
        Heading of the page.
    purpose
        What one does here, in a line.
    """

    def decorate(draw: Callable[[Workspace], None]) -> Callable[[], None]:
        @wraps(draw)
        def page() -> None:
            st.title(title)
            st.caption(purpose)
            message = state.told()
            if message:
                st.toast(message, icon=":material/check:")
            try:
                if (state.folder() / LEDGER).exists():
                    workspace = Workspace.open(state.folder())
                    _sidebar(workspace)
                    draw(workspace)
                else:
                    _first_start()
            except PeakshiftError as error:
                st.error(plain(str(error)), icon=":material/error:")

        # Streamlit and inspect would otherwise see the wrapped function's parameter.
        del page.__wrapped__
        return page

    return decorate


def offer_demo() -> None:
    """Offer to fill the workspace from the demo centre."""
    st.markdown("**Look around in a demo centre**")
    st.write(
        "Four queues of a made-up bank and broker, two years of 15-minute intervals, 160 people, and the peaks behind them."
    )
    if st.button("Fill with the demo centre", icon=":material/science:", key="fill_demo"):
        begin("demo", {})


def next_step(text: str, *, on_data: bool = False) -> None:
    """Say what to do next where there is nothing to show yet; `on_data` adds the way to the page Data."""
    st.info(text + (" [page Data](/)." if on_data else ""), icon=":material/arrow_forward:")


def table_height(rows: int, most: int) -> int:
    """Height in pixels at which a table shows all its rows, up to a most; beyond, it scrolls."""
    return min(most, 3 + ROW * (1 + max(rows, 1)))


def _first_start() -> None:
    making = show_job("demo", MAKING)
    if making is not None and making.running:
        return
    st.info(
        f"There is no workspace in `{state.folder()}` yet. Make one in one of two ways.",
        icon=":material/folder:",
    )
    demo, own = st.columns(2, gap="large")
    with demo, st.container(border=True):
        offer_demo()
    with own, st.container(border=True):
        _offer_empty()


def _offer_empty() -> None:
    st.markdown("**Start with your own data**")
    chosen = st.selectbox(
        "Time zone of the centre",
        ZONES,
        accept_new_options=True,
        help="Rosters are planned in local days of this zone; times without an offset in files are read in it.",
        key="new_zone",
    )
    try:
        zone(chosen)
    except PeakshiftError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    if st.button("Make an empty workspace", type="primary", key="make_workspace"):
        Workspace.create(state.folder(), timezone=chosen)
        state.tell("The workspace is made. Import your files next.")
        st.rerun()


def _sidebar(workspace: Workspace) -> None:
    with st.sidebar:
        st.caption(f"Workspace `{workspace.path.name}` · {workspace.timezone}", help=str(workspace.path))
        running = [
            found
            for kind in ("demo", "imports", "forecast", "backtest", "roster", "simulation")
            if (found := jobs.latest(workspace.path, kind)) and found.running
        ]
        for job in running:
            st.caption(f":material/hourglass_top: {job.kind} is running")
