"""HTML from pieces that are escaped unless they are markup already."""

from __future__ import annotations

import html

from ui.exports.text import printable


class Markup(str):
    """Text that is HTML."""

    __slots__ = ()


def element(name: str, *children: str, **attributes: str) -> Markup:
    """Return one element; children and attributes are escaped, except children that are `Markup`.

    A trailing underscore is taken off an attribute's name, so that `class_` can be written.
    """
    opened = "".join(
        f' {key.rstrip("_")}="{html.escape(printable(value))}"' for key, value in attributes.items() if value
    )
    return Markup(f"<{name}{opened}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    """Return children side by side."""
    return Markup(
        "".join(
            child if isinstance(child, Markup) else html.escape(printable(child), quote=False)
            for child in children
        )
    )
