"""A print view: one page of HTML that needs nothing else, no script, no font, no network."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from ui.exports.colours import pattern_colours, pattern_names
from ui.exports.content import Content
from ui.exports.html_figures import answer_rates, key_figures
from ui.exports.html_roster import legend, matrix
from ui.exports.html_sessions import sessions
from ui.exports.markup import Markup, element, joined
from ui.exports.people import Row, rows
from ui.exports.times import horizon, local

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Whatever a name may hold, a browser loads and runs nothing from this page."""

DENSE_DAYS = 15
"""From here on the day columns of a landscape A4 page need the small print."""
WIDEST_DAYS = 31
"""A month stays in one table; what is longer comes in tables of `BLOCK_DAYS`."""
BLOCK_DAYS = 28


def write(content: Content, out: Path) -> None:
    """Write the page."""
    out.write_text(_page(content, rows(content)), encoding="utf-8")


def _page(content: Content, people: list[Row]) -> str:
    colours = pattern_colours(pattern_names(content))
    body = element(
        "body",
        _heading(content),
        key_figures(content, people),
        legend(content, people, list(colours)),
        *_blocks(content, people, list(colours)),
        sessions(content),
        class_="dense" if content.roster.days >= DENSE_DAYS else "",
    )
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", content.roster.name),
        element("style", _style(colours)),
    )
    return "<!doctype html>\n" + element("html", head, body, lang="en") + "\n"


def _blocks(content: Content, people: list[Row], patterns: list[str]) -> list[Markup]:
    """Answer rates over the roster, as many days at a time as a page is wide."""
    days = horizon(content.roster.first, content.roster.days)
    size = len(days) if len(days) <= WIDEST_DAYS else BLOCK_DAYS
    blocks = []
    for first in range(0, len(days), size):
        span = days[first : first + size]
        if content.days is not None and not content.days.empty:
            note = "Expected answered / offered in %. A mark ▼ and bold figures show a day, or all of them, below the queue’s target."
            blocks += [
                element("h2", "Answer rate by day"),
                element("p", note, class_="note"),
                answer_rates(content, content.days, span),
            ]
        part = [replace(row, cells=row.cells[first : first + size]) for row in people]
        blocks += [element("h2", "Roster"), matrix(part, span, patterns, content.roster.timezone)]
    return blocks


def _style(colours: dict[str, str]) -> Markup:
    common = files("ui.exports").joinpath("print.css").read_text(encoding="utf-8")
    patterns = "".join(f".p{place}{{background:{colour}}}\n" for place, colour in enumerate(colours.values()))
    return Markup(common + patterns)


def _heading(content: Content) -> Markup:
    roster = content.roster
    days = "1 day" if roster.days == 1 else f"{roster.days} days"
    when = f"{roster.first:%a %-d %b %Y} – {roster.last:%a %-d %b %Y} · {days} · times in {roster.timezone}"
    stamp = local(content.stamp, roster.timezone)
    return element(
        "header",
        element("div", element("h1", roster.name), element("p", when)),
        element("p", joined("Printed ", element("b", f"{stamp:%-d %b %Y, %H:%M}")), class_="stamp"),
    )
