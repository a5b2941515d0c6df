"""The print view's figures: what the roster holds, and the answer rate it leads to."""

from __future__ import annotations

import math
from datetime import date
from itertools import groupby

import pandas as pd

from scheduling.judgement import reaches
from ui.exports.content import Content
from ui.exports.markup import Markup, element, joined
from ui.exports.people import Row


def key_figures(content: Content, people: list[Row]) -> Markup:
    """People, shifts and hours; with the days frame also the answer rate and how often it is reached."""
    rostered = sum(any(cell.assignments for cell in row.cells) for row in people)
    figures = [
        ("People on shift", f"{rostered:,}", f"of {len(people):,}"),
        ("Shifts", f"{len(content.roster.assignments):,}", ""),
        ("Paid hours", f"{sum(row.paid_h for row in people):,.0f}", "h"),
    ]
    if content.days is not None and not content.days.empty:
        figures += _rate_figures(content.days, content.targets)
    return element("section", *(_figure(*figure) for figure in figures), class_="figures")


def _rate_figures(days: pd.DataFrame, targets: pd.DataFrame | None) -> list[tuple[str, str, str]]:
    offered, answered = float(days["offered"].sum()), float(days["answered"].sum())
    judged = (days if targets is None else targets).dropna(subset=["answer_rate", "target"])
    reached = int(reaches(judged["answer_rate"].to_numpy(), judged["target"].to_numpy()).sum())
    return [
        ("Contacts offered", f"{offered:,.0f}", "expected"),
        ("Answer rate", percent(answered / offered if offered else math.nan), "% of offered answered"),
        ("Targets reached", f"{reached:,}", f"of {len(judged):,}"),
    ]


def _figure(label: str, value: str, note: str) -> Markup:
    return element(
        "div", element("span", label), element("strong", value), element("small", note), class_="figure"
    )


def answer_rates(content: Content, frame: pd.DataFrame, days: list[date]) -> Markup:
    """Answer rate of every queue and day, in the same columns as the roster below."""
    inside = frame[frame["date"].dt.date.between(days[0], days[-1])]
    lines = [_queue_line(str(queue), rows, days, content.targets) for queue, rows in inside.groupby("queue")]
    return element(
        "table",
        columns(days),
        day_header(days, "Queue", "All days"),
        element("tbody", *lines),
        class_="rates",
    )


def _queue_line(
    queue: str, frame: pd.DataFrame, days: list[date], all_targets: pd.DataFrame | None
) -> Markup:
    by_day = {
        moment.date(): (rate, target)
        for moment, rate, target in zip(frame["date"], frame["answer_rate"], frame["target"], strict=True)
    }
    offered = float(frame["offered"].sum())
    whole = float(frame["answered"].sum()) / offered if offered else math.nan
    targets = sorted(set(frame["target"].dropna()))
    aim = " – ".join(percent(target) for target in targets)
    said = f"target {aim} %" if aim else "no target"
    last = _rate_cell(whole, targets[0] if len(targets) == 1 else math.nan, weekend=False)
    own = None if all_targets is None else all_targets.loc[all_targets["queue"] == queue]
    if not aim and own is not None and len(own):
        missed = own.loc[~reaches(own["answer_rate"].to_numpy(), own["target"].to_numpy())]
        period = own["period"].iloc[0]
        said = (
            f"target {percent(own['target'].iloc[0])} % over the {period}: {len(missed)} of {len(own)} missed"
        )
        last = _cell(whole, missed=len(missed) > 0)
    return element(
        "tr",
        element("th", queue, element("small", said), scope="row"),
        *(_rate_cell(*by_day.get(day, (math.nan, math.nan)), weekend=day.weekday() >= 5) for day in days),
        last,
    )


def _rate_cell(rate: float, target: float, *, weekend: bool) -> Markup:
    if math.isnan(rate):
        return element("td", "–", class_="none weekend" if weekend else "none")
    if math.isnan(target):
        return element("td", percent(rate), class_="")
    missed = not reaches(rate, target)
    # A rate that is met within rounding does not print as a tenth of a point less.
    return _cell(rate if missed else max(rate, target), missed=missed)


def _cell(rate: float, *, missed: bool) -> Markup:
    if missed:
        return element("td", joined("▼", element("b", percent(rate))), class_="missed")
    return element("td", percent(rate), class_="reached")


def percent(rate: float) -> str:
    """Return a fraction in per cent, cut after one digit: 94.96 % must not print as the 95.0 it is not."""
    if math.isnan(rate):
        return "–"
    return f"{math.floor(1000 * rate + 1e-6) / 10:.1f}"


def columns(days: list[date]) -> Markup:
    """Return widths every table of the page shares, so that a day stays in its column."""
    return Markup('<colgroup><col class="label">' + "<col>" * len(days) + '<col class="total"></colgroup>')


def day_header(days: list[date], label: str, total: str) -> Markup:
    """Return the header rows: months over weekdays and days."""
    months = [
        element(
            "th",
            f"{next(iter(group)):%B %Y}",
            colspan=str(sum(day.strftime("%Y-%m") == month for day in days)),
        )
        for month, group in groupby(days, key=lambda day: day.strftime("%Y-%m"))
    ]
    names = [
        element("th", f"{day:%a}", element("b", str(day.day)), class_="weekend" if day.weekday() >= 5 else "")
        for day in days
    ]
    top = element("tr", element("th", label, rowspan="2"), *months, element("th", total, rowspan="2"))
    return element("thead", top, element("tr", *names))
