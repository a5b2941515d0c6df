"""Names as text that nothing takes for more than text."""

from __future__ import annotations

import unicodedata

FORMULA_STARTS = frozenset("=+-@＝＋－＠")
"""A spreadsheet reads a cell that begins so as a formula (OWASP, "CSV Injection"), the wide forms in East Asian ones."""


def printable(text: str) -> str:
    """Return the text with control characters as spaces: neither HTML nor RFC 5545 allows them."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)


def guarded(text: str) -> str:
    """Return the text as a CSV cell that no spreadsheet takes for a formula.

    A cell that begins, after white space, with one of `FORMULA_STARTS`, or with a tab or line break, gets one
    apostrophe in front, and so does one that begins with apostrophes before such a start. Whoever reads the file
    back takes one apostrophe off exactly those cells: nothing is lost.
    """
    bare = text.lstrip("'")
    risky = bare[:1] in ("\t", "\r", "\n") or bare.lstrip()[:1] in FORMULA_STARTS
    return f"'{text}" if risky else text
