"""One section of a TOML file of ours: values are taken out by name, and what is wrong or left over is a fault."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from data.errors import Fault

Word = TypeVar("Word", bound=StrEnum)


class Section:
    """A TOML table under its name.

    Parameters
    ----------
    source
        The file.
    path
        Name of the section, "" for the file itself.
    content
        What it holds.
    faults
        Where faults are noted.
    """

    def __init__(self, source: str, path: str, content: Mapping[str, Any], faults: list[Fault]) -> None:
        self._source, self._path, self._faults = source, path, faults
        self._left = dict(content)
        self._known: list[str] = []

    def text(self, name: str) -> str | None:
        """Text, None where it is not given."""
        value: str | None = self._typed(name, str, "text in quotes")
        return value

    def count(self, name: str, default: int) -> int:
        """Whole number from 0 on."""
        value = self._typed(name, int, "a whole number")
        if value is not None and value < 0:
            self.fault(name, value, "the number is negative", "Give 0 or more.")
        return default if value is None else value

    def number(self, name: str) -> float | None:
        """A finite number."""
        value = self._typed(name, (int, float), "a number")
        if value is not None and not math.isfinite(value):
            self.fault(name, value, "the number is not finite", "Give a number.")
            return None
        return None if value is None else float(value)

    def day(self, name: str) -> date | None:
        """A date."""
        value = self._typed(name, date, "a date without quotes, such as 2025-01-01")
        if isinstance(value, datetime):
            self.fault(name, value, "this has a time of day", "Give a date, such as 2025-01-01.")
            return None
        return None if value is None else value

    def seconds(self, name: str, default: float | None) -> float | None:
        """Number above 0."""
        value = self._typed(name, (int, float), "a number of seconds")
        if value is not None and value <= 0:
            self.fault(name, value, "the number is not above 0", "Give a number of seconds.")
        return default if value is None else float(value)

    def word(self, name: str, kind: type[Word], default: Word | None) -> Word | None:
        """One of some words."""
        value = self.text(name)
        if value is None:
            return default
        words = [member.value for member in kind]
        if value not in words:
            self.fault(name, value, "unknown word", f"Give one of: {', '.join(words)}.")
            return default
        return kind(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Text or a list of texts, as a list."""
        value = self._take(name)
        if value is None:
            return ()
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(part, str) for part in found):
            self.fault(name, value, "this is no text and no list of texts", 'Give ["a", "b"].')
            return ()
        return tuple(found)

    def pairs(self, name: str) -> dict[str, str]:
        """Texts by name."""
        value = self._take(name)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(held, str) for held in value.values()):
            self.fault(name, value, "this is no table of texts", 'Give lines such as queue = "Skill group".')
            return {}
        return value

    def section(self, name: str) -> Section | None:
        """A section inside this one, None where there is none."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault(name, value, "this is no section", f"Write [{self._name(name)}] above its lines.")
            return None
        return Section(self._source, self._name(name), value, self._faults)

    def sections(self, name: str) -> list[Section]:
        """Sections of one name, written [[name]]."""
        value = self._take(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(held, dict) for held in value):
            self.fault(
                name, value, "this is no list of sections", f"Write [[{self._name(name)}]] above each."
            )
            return []
        return [
            Section(self._source, f"{self._name(name)} {place}", held, self._faults)
            for place, held in enumerate(value, start=1)
        ]

    def left(self) -> tuple[str, ...]:
        """Names not taken yet."""
        return tuple(self._left)

    def rest(self) -> dict[str, str]:
        """Everything not taken yet, as text; numbers are written out."""
        found = {}
        for name, value in self._left.items():
            if isinstance(value, dict | list | bool):
                self.fault(name, value, "this is neither text nor a number", "Give one value.")
            else:
                found[name] = str(value)
        self._left = {}
        return found

    def close(self) -> None:
        """Note every name that means nothing here."""
        for name, value in self._left.items():
            known = ", ".join(self._known)
            self.fault(name, value, "unknown name", f"Correct or remove it. Known here: {known}.")

    def fault(self, name: str, value: object, reason: str, repair: str) -> None:
        """Note that something is wrong with a value."""
        shown = None if value is None else str(value)
        self._faults.append(Fault(self._source, None, self._name(name), shown, reason, repair))

    def _name(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _take(self, name: str) -> Any:
        self._known.append(name)
        return self._left.pop(name, None)

    def _typed(self, name: str, kind: type | tuple[type, ...], words: str) -> Any:
        value = self._take(name)
        # In Python True is an int.
        if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
            return value
        self.fault(name, value, "wrong type of value", f"Give {words}.")
        return None
