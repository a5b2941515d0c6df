"""A file appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import InputError


@contextmanager
def placed(out: Path) -> Iterator[Path]:
    """Give a path to write to; what stands there at the end takes the place of `out` in one step.

    The path lies in a hidden folder beside `out`, so that the last step is a rename within one file system.
    Whatever goes wrong before, `out` stays as it was and nothing is left behind.

    Raises
    ------
    InputError
        The parent folder is missing or cannot be written to.
    """
    parent = existing_folder(out)
    try:
        with tempfile.TemporaryDirectory(prefix=".peakshift-", dir=parent) as beside:
            draft = Path(beside) / out.name
            yield draft
            os.replace(draft, out)  # noqa: PTH105 - the one call that replaces in one step on every system
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{out}: cannot be written, {reason}. Give a place you may write to.") from error


def existing_folder(out: Path) -> Path:
    """Return the folder a file goes into; InputError where there is none."""
    parent = out.absolute().parent
    if not parent.is_dir():
        raise InputError(f"{out}: the folder {parent} does not exist. Create it or give another place.")
    return parent


def refuse_folder(out: Path) -> None:
    """Raise InputError when a folder stands where a file is to be written."""
    if out.is_dir():
        raise InputError(f"{out}: this is a folder. Give the name of a file, such as {out / 'roster'}.")


def refuse_used_folder(out: Path) -> None:
    """Raise InputError unless `out` is new or an empty folder, so that no old calendar stays among new ones."""
    if out.is_dir() and any(out.iterdir()):
        raise InputError(f"{out}: this folder is not empty. Give a new or an empty one.")
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: this is a file. Give a new folder, or a name ending in .ics or .zip.")
