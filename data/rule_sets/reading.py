"""Rule sets from their files: TOML, one file a set, every fault named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from data.calendars.countries import country_code
from data.errors import Fault, FaultyFileError, FieldError, InputError
from data.mapping.section import Section
from data.rule_sets.types import KINDS, Cycle, RuleSet, RuleVersion, WorkRule

SHIPPED = Path(__file__).parent

Made = TypeVar("Made")


def load_rule_sets(folder: Path | None = None) -> dict[str, RuleSet]:
    """Every rule set there is, by name.

    Parameters
    ----------
    folder
        A workspace's own sets; one of a shipped set's name takes its place.

    Raises
    ------
    FaultyFileError
        With every fault of every file.
    """
    faults: list[Fault] = []
    found: dict[str, RuleSet] = {}
    for place in (SHIPPED, folder):
        for path in sorted(place.glob("*.toml")) if place is not None and place.is_dir() else ():
            try:
                found[path.stem] = read_rule_set(path)
            except FaultyFileError as error:
                faults.extend(error.faults)
    if faults:
        raise FaultyFileError(faults)
    return found


def read_rule_set(path: Path) -> RuleSet:
    """Read one rule set; its name is the file's.

    Raises
    ------
    FaultyFileError
        With every fault.
    """
    try:
        document = tomllib.loads(path.read_bytes().decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        fault = Fault(
            str(path), None, None, None, f"the rule set is not TOML in UTF-8: {error}", "Correct it."
        )
        raise FaultyFileError([fault]) from error
    except OSError as error:
        raise FaultyFileError(
            [Fault(str(path), None, None, None, f"it cannot be read: {error.strerror}", "Let it be read.")]
        ) from error
    faults: list[Fault] = []
    top = Section(str(path), "", document, faults)
    about, region = top.text("about") or "", _region(top)
    versions = [_version(section, faults) for section in top.sections("version")]
    top.close()
    made = None
    if not faults:
        kept = tuple(version for version in versions if version is not None)
        made = _made(top, lambda: RuleSet(id=path.stem, about=about, region=region, versions=kept), {})
    if made is None:
        raise FaultyFileError(faults)
    return made


def _region(top: Section) -> str | None:
    region = top.text("region")
    if region is not None:
        try:
            country_code(region)
        except InputError:
            top.fault("region", region, "unknown region", "Give an ISO country code such as CN.")
    return region


def _version(section: Section, faults: list[Fault]) -> RuleVersion | None:
    before = len(faults)
    values = {"valid_from": section.day("valid_from"), "valid_until": section.day("valid_until")}
    rules = [_rule(part, faults) for part in section.sections("rule")]
    section.close()
    begin = values["valid_from"]
    if begin is None and len(faults) == before:
        section.fault("valid_from", None, "no first day is given", "Add valid_from = 2025-01-01.")
    if begin is None or len(faults) > before:
        return None
    kept = tuple(rule for rule in rules if rule is not None)
    return _made(
        section,
        lambda: RuleVersion(valid_from=begin, valid_until=values["valid_until"], rules=kept),
        values,
    )


def _rule(section: Section, faults: list[Fault]) -> WorkRule | None:
    before, word = len(faults), section.text("kind")
    kind = KINDS.get(word or "")
    if kind is None:
        section.fault("kind", word, "unknown kind of rule", f"Give one of: {', '.join(KINDS)}.")
        return None
    values: dict[str, Any] = {
        field.name: _taken(section, field.name, str(field.type)) for field in fields(kind)
    }
    section.close()
    for name in [name for name, value in values.items() if value is None]:
        if len(faults) == before:
            section.fault(name, None, f"a rule of the kind {word} needs it", f"Add {name} = ….")
    return None if len(faults) > before else _made(section, lambda: kind(**values), values)


def _taken(section: Section, name: str, form: str) -> str | float | int | Cycle | None:
    if form == "float":
        return section.number(name)
    if form == "int":
        number = section.number(name)
        if number is not None and not float(number).is_integer():
            section.fault(name, number, "this is not a whole number", "Give a whole number.")
            return None
        return None if number is None else int(number)
    return section.word(name, Cycle, None) if form == "Cycle" else section.text(name)


def _made(section: Section, make: Callable[[], Made], values: Mapping[str, object]) -> Made | None:
    """What `make` makes; None and a fault where a value is one it cannot have."""
    try:
        return make()
    except FieldError as error:
        message = str(error)
        reason, _, repair = message.partition(". ")
        section.fault(error.field, values.get(error.field), reason.removesuffix("."), repair or "Correct it.")
        return None
