"""The form in which a peak is added or changed; what is wrong stands at its field."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.domain import Peak, PeakKind
from data.errors import PeakshiftError
from data.store import Workspace
from ui import state
from ui.entries import HOLIDAYS, MAKEUP_DAYS, MONTH_DAYS, NO_RULE, SESSIONS, PeakEntry, entry_of, read
from ui.words import plain

RULES = {
    NO_RULE: "no rule, only the dates",
    MONTH_DAYS: "days of the month",
    SESSIONS: "every trading session",
    HOLIDAYS: "every public holiday",
    MAKEUP_DAYS: "every make-up working day (调休)",
}
ROLLS = {"none": "stays", "next": "moves to the next open day", "previous": "moves to the open day before"}


def open_form(peak: Peak | None, queues: tuple[str, ...], taken: frozenset[str]) -> None:
    """Open the form anew, without what was wrong in it the last time; parameters as of `edit`."""
    state.mark(_mark(peak), on=False)
    edit(peak, queues, taken)


@st.dialog("Peak", width="medium")
def edit(peak: Peak | None, queues: tuple[str, ...], taken: frozenset[str]) -> None:
    """Show the form.

    Parameters
    ----------
    peak
        Peak to change; None for a new one.
    queues
        Queues to choose from.
    taken
        Names in use.
    """
    start = PeakEntry() if peak is None else entry_of(peak)
    mark = _mark(peak)
    entry, slots = _fields(start, queues, mark, fixed=peak is not None)
    made, wrong = read(entry, taken if peak is None else frozenset())
    if st.button("Save", type="primary", key=f"{mark}_save"):
        state.mark(mark, on=True)
        if made is not None:
            _save(made, mark)
    if state.marked(mark):
        for field, message in wrong.items():
            slots[field].error(plain(message))


def _mark(peak: Peak | None) -> str:
    return "peak_new" if peak is None else f"peak_{peak.id}"


def _save(peak: Peak, mark: str) -> None:
    try:
        Workspace.open(state.folder()).save_peaks([peak])
    except PeakshiftError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    state.mark(mark, on=False)
    state.tell(f"Peak {plain(peak.id)} is saved. Forecasts made from now on know it.")
    st.rerun()


def _fields(
    start: PeakEntry, queues: tuple[str, ...], mark: str, *, fixed: bool
) -> tuple[PeakEntry, dict[str, DeltaGenerator]]:
    """Draw the fields; returns what is in them, and by field the place for what is wrong with it."""
    slots = {}
    left, right = st.columns([3, 2])
    with left:
        name = st.text_input("Name", start.name, key=f"{mark}_name", disabled=fixed, max_chars=60)
        slots["name"] = st.empty()
    kinds = [kind.value for kind in PeakKind]
    with right:
        kind = st.selectbox(
            "Kind",
            kinds,
            index=kinds.index(start.kind),
            key=f"{mark}_kind",
            help="Peaks of one kind learn from one another.",
        )
    dates = st.text_area(
        "Dates",
        start.dates,
        key=f"{mark}_dates",
        height=96,
        placeholder="2026-12-11\n2026-12-21, 120000",
        help="One a line: a date, or a date, a comma and its size.",
    )
    slots["dates"] = st.empty()
    rules = list(RULES)
    rule = st.selectbox(
        "Rule that gives more dates",
        rules,
        index=rules.index(start.rule),
        format_func=RULES.__getitem__,
        key=f"{mark}_rule",
    )
    slots["rule"] = st.empty()
    days, offset, roll, calendar, first, last = (
        start.days_of_month,
        start.offset_days,
        start.roll,
        start.calendar,
        start.first,
        start.last,
    )
    if rule != NO_RULE:
        left, middle, right = st.columns(3)
        if rule == MONTH_DAYS:
            with left:
                days = st.text_input(
                    "Days of the month",
                    days,
                    key=f"{mark}_days",
                    placeholder="5, 12, 20",
                    help="31 is the last day of every month.",
                )
                slots["days_of_month"] = st.empty()
        with middle:
            offset = st.number_input(
                "Days later",
                -366,
                366,
                offset,
                key=f"{mark}_offset",
                help="Such as 20 for a repayment 20 days after the statement.",
            )
        with right:
            calendar = st.text_input(
                "Calendar",
                calendar,
                key=f"{mark}_calendar",
                placeholder="CN or XSHG",
                help="A country, or an exchange.",
            )
            slots["calendar"] = st.empty()
        left, middle, right = st.columns(3)
        with left:
            rolls = list(ROLLS)
            roll = st.selectbox(
                "On a closed day it",
                rolls,
                index=rolls.index(roll),
                format_func=ROLLS.__getitem__,
                key=f"{mark}_roll",
            )
        with middle:
            first = st.date_input("From (optional)", first, key=f"{mark}_first")
        with right:
            last = st.date_input("Until (optional)", last, key=f"{mark}_last")
            slots["last"] = st.empty()
    touched = st.multiselect(
        "Queues",
        sorted({*queues, *start.queues}),
        list(start.queues),
        key=f"{mark}_queues",
        placeholder="all queues",
    )
    left, middle, right = st.columns(3)
    lower = left.number_input(
        "Touches days from",
        -60,
        0,
        start.lower_days,
        key=f"{mark}_lower",
        help="Days before the date, 0 or below.",
    )
    upper = middle.number_input(
        "until", 0, 60, start.upper_days, key=f"{mark}_upper", help="Days after the date, 0 or above."
    )
    with right:
        size = st.text_input(
            "Size (optional)",
            start.size,
            key=f"{mark}_size",
            help="Of every recurring date: accounts of a cohort, holders of a fund.",
        )
        slots["size"] = st.empty()
    guess = st.number_input(
        "Expected uplift in % (optional)",
        -99.0,
        10_000.0,
        None if start.expected_uplift is None else 100 * start.expected_uplift,
        key=f"{mark}_uplift",
        help="Your guess of what it does to its date, until it has been seen. Empty: as others of its kind.",
    )
    entry = PeakEntry(
        name=name or "",
        kind=kind,
        dates=dates or "",
        rule=rule,
        days_of_month=days or "",
        offset_days=int(offset),
        roll=roll,
        calendar=calendar or "",
        first=first,
        last=last,
        queues=tuple(touched),
        lower_days=int(lower),
        upper_days=int(upper),
        size=size or "",
        expected_uplift=None if guess is None else guess / 100,
        expected_sd=None if guess is None else start.expected_sd,
    )
    slots["form"] = st.empty()
    return entry, slots
