"""Names and messages of people as text that Streamlit's Markdown takes for nothing more."""

from __future__ import annotations

import re

from ui.exports.text import printable

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|$~:.])")
"""Whatever Markdown, its maths and Streamlit's own :colour[…] and :icon: read as more than a letter."""


def plain(text: str) -> str:
    """Escape a text for a place that takes Markdown; its line breaks stay.

    Markdown would show an image named in a queue's name by fetching it from wherever it says.
    """
    lines = (MARKDOWN.sub(r"\\\1", printable(line)) for line in text.split("\n"))
    return "  \n".join(lines)
