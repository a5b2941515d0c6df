"""The names in a table's header."""

from __future__ import annotations

from collections.abc import Sequence

from data.errors import Fault, FaultyFileError

UNNAMED = "\x00unnamed"


def name_columns(source: str, header: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give every column a name of its own; those without a name in the header are left out.

    Returns
    -------
    tuple
        A name for each column, and the names to keep.

    Raises
    ------
    FaultyFileError
        A name is there twice.
    """
    names = [cell.strip() or f"{UNNAMED}{place}" for place, cell in enumerate(header)]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise FaultyFileError(
            [
                Fault(
                    source, None, name, None, "the header names this column twice", "Name each column once."
                )
                for name in doubled
            ]
        )
    return names, [name for name in names if not name.startswith(UNNAMED)]
