"""Scenarios as JSON files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from data.errors import InputError, refused
from scheduling.scenario import Change, Scenario

CHANGES = tuple(each.name for each in fields(Change))
_PARTS = ("name", "every", "queues")
_SHAPE = 'Give {"name": "chatbot", "every": {"aht_factor": 1.05}, "queues": {"cards": {"containment": 0.3}}}.'


def read_scenario(path: Path) -> Scenario:
    """Read a scenario from a file; without a name in it, the file's own.

    Raises
    ------
    InputError
        Naming the file, and where it is known the queue, the field and the value.
    """
    document = _document(path)
    _known(path, document, _PARTS, "of a scenario")
    name = document.get("name", path.stem)
    if not isinstance(name, str):
        raise refused(path.name, f"name is no text: {name!r}", _SHAPE)
    every = _change(path, document.get("every", {}), "every")
    queues = document.get("queues", {})
    if not isinstance(queues, dict):
        raise refused(path.name, "queues is no object of changes by queue", _SHAPE)
    changes = {queue: _change(path, change, f"queues: {queue}") for queue, change in queues.items()}
    if not any(map(_said, (every, *changes.values()))):
        raise refused(path.name, "it says nothing that is other than planned", _SHAPE)
    try:
        return Scenario(name=name, every=every, queues=changes)
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from error


def scenario_document(scenario: Scenario) -> dict[str, Any]:
    """What `read_scenario` reads: only what is said."""
    return {
        "name": scenario.name,
        "every": _said(scenario.every),
        "queues": {queue: _said(change) for queue, change in scenario.queues.items()},
    }


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise refused(path.name, "the file is not there", "Correct the path.") from error
    except OSError as error:
        raise refused(path.name, f"the file cannot be read ({error.strerror})", "Give a file.") from error
    except UnicodeDecodeError as error:
        raise refused(path.name, "the text is not UTF-8", "Save it as UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise refused(path.name, f"this is no JSON ({error})", _SHAPE) from error
    if not isinstance(document, dict):
        raise refused(path.name, "a scenario is an object", _SHAPE)
    return document


def _change(path: Path, document: object, place: str) -> Change:
    if not isinstance(document, dict):
        raise refused(path.name, f"{place} is no object of changes", _SHAPE)
    _known(path, document, CHANGES, f"of a change ({place})")
    for name, value in document.items():
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise refused(path.name, f"{place}: {name} is no number: {value!r}", "Give a number such as 0.3.")
    return Change(**{name: None if value is None else float(value) for name, value in document.items()})


def _known(path: Path, document: Mapping[str, object], names: tuple[str, ...], of: str) -> None:
    for name in document:
        if name not in names:
            raise refused(path.name, f"{name!r} is no part {of}", f"Known: {', '.join(names)}.")


def _said(change: Change) -> dict[str, float]:
    return {name: value for name in CHANGES if (value := getattr(change, name)) is not None}
