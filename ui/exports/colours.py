"""One light colour a pattern, the same in every export; dark text stays legible on each, also in grey print."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable

from ui.exports.content import Content

# Neighbours differ in hue and the first ones read apart for red-green blindness; no reds, which mean a miss.
PALETTE = (
    "#CFE3F5",
    "#FBE3B4",
    "#DDECC0",
    "#E4D7F0",
    "#B9E4DC",
    "#F5D3E6",
    "#F3EEA6",
    "#D3DCE8",
    "#BFE3EE",
    "#E8DCCB",
)
GOLDEN_ANGLE = 0.381966
"""Fraction of the colour circle that spreads any number of hues evenly."""


def pattern_names(content: Content) -> list[str]:
    """Return the patterns an export shows, given or used, in order of name."""
    return sorted(
        {pattern.id for pattern in content.patterns} | {shift.pattern for shift in content.roster.assignments}
    )


def pattern_colours(names: Iterable[str]) -> dict[str, str]:
    """Return "#RRGGBB" by pattern: the palette in order of name, then generated hues."""
    return {name: _colour(place) for place, name in enumerate(sorted(names))}


def _colour(place: int) -> str:
    if place < len(PALETTE):
        return PALETTE[place]
    red, green, blue = colorsys.hls_to_rgb(place * GOLDEN_ANGLE % 1, 0.86, 0.55)
    return f"#{round(255 * red):02X}{round(255 * green):02X}{round(255 * blue):02X}"
