"""Column mappings: saved files that say how the exports of one source become ours.

Shipped ones lie in `data/mappings`, a workspace's own in its folder `mappings`; any other is given by its file.
"""

from __future__ import annotations

from pathlib import Path

from data.errors import UnknownNameError, refused
from data.mapping.reading import parse_mapping
from data.mapping.types import (
    Ambiguous,
    CallColumns,
    ColumnMapping,
    HistoryColumns,
    Kept,
    Nonexistent,
    Rule,
    TimeRules,
)

__all__ = [
    "Ambiguous",
    "CallColumns",
    "ColumnMapping",
    "HistoryColumns",
    "Kept",
    "Nonexistent",
    "Rule",
    "TimeRules",
    "load_mapping",
    "mapping_names",
    "parse_mapping",
]

SHIPPED = Path(__file__).parent.parent / "mappings"


def mapping_names(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the shipped mappings and of those in a folder."""
    found = {path.stem for path in SHIPPED.glob("*.toml")}
    if folder is not None:
        found |= {path.stem for path in folder.glob("*.toml")}
    return tuple(sorted(found))


def load_mapping(mapping: str | Path, *, folder: Path | None = None) -> ColumnMapping:
    """Read a mapping by its name or its file.

    Parameters
    ----------
    mapping
        Name, or path of a file that ends in .toml.
    folder
        Where a workspace keeps its own; they go before shipped ones of the same name.

    Raises
    ------
    UnknownNameError
        There is no mapping of that name.
    FaultyFileError
        There is no such file, or it has faults.
    """
    if str(mapping).endswith(".toml"):
        return _read(str(mapping), Path(mapping))
    for place in (folder, SHIPPED):
        if place is not None and (place / f"{mapping}.toml").is_file():
            return _read(str(mapping), place / f"{mapping}.toml")
    repair = "Give one of these names, or the path of a .toml file."
    raise UnknownNameError("mapping", str(mapping), mapping_names(folder), repair=repair)


def _read(name: str, path: Path) -> ColumnMapping:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise refused(name, f"the mapping cannot be read: {error.strerror}", "Correct its path.") from error
    return parse_mapping(name, content)
