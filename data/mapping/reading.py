"""Read a mapping file; every fault in it is named at once."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import datetime

from data.domain import zone
from data.errors import Fault, FaultyFileError, InputError, refused
from data.mapping.section import Section
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

HISTORY_REQUIRED = ("queue", "start", "offered")
HISTORY_COLUMNS = (
    *HISTORY_REQUIRED,
    "date",
    "answered",
    "abandoned",
    "answered_in_threshold",
    "handle_time_s",
    "aht_s",
    "wait_s",
    "interval_min",
)
CALL_REQUIRED = ("queue", "start")
CALL_COLUMNS = (*CALL_REQUIRED, "date", "after", "wait_s", "handle_time_s", "server")
REFERENCE_KINDS = (
    "queues",
    "shrinkage",
    "agents",
    "patterns",
    "contracts",
    "peaks",
    "activities",
    "presence",
)


def parse_mapping(name: str, content: bytes) -> ColumnMapping:
    """Read a mapping.

    Parameters
    ----------
    name
        Name or file it was asked for by.
    content
        TOML.

    Raises
    ------
    FaultyFileError
        With every fault.
    """
    try:
        document = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refused(name, f"the mapping is not TOML in UTF-8: {error}", "Correct it there.") from error
    faults: list[Fault] = []
    top = Section(name, "", document, faults)
    about, skip_lines = top.text("about") or "", top.count("skip_lines", 0)
    times = _times(top.section("time"))
    mapping = ColumnMapping(
        name=name,
        about=about,
        skip_lines=skip_lines,
        times=times,
        queue_names=top.pairs("queue_names"),
        history=_history(top.section("history")),
        calls=_calls(top.section("calls")),
        reference=_reference(top),
        queue_rows=tuple(section.rest() for section in top.sections("queue")),
        digest=hashlib.sha256(content).hexdigest(),
    )
    top.close()
    if not faults and mapping.history is None and mapping.calls is None and not mapping.reference:
        top.fault("history", None, "the mapping reads nothing", "Add [history], [calls] or [agents].")
    if faults:
        raise FaultyFileError(faults)
    return mapping


def _times(section: Section | None) -> TimeRules:
    if section is None:
        return TimeRules()
    timezone = section.text("timezone")
    if timezone is not None:
        try:
            zone(timezone)
        except InputError:
            section.fault(
                "timezone", timezone, "unknown time zone", "Give an IANA name such as Asia/Shanghai."
            )
    rules = TimeRules(
        timezone=timezone,
        format=_format(section, "format"),
        date_format=_format(section, "date_format"),
        none=frozenset(section.texts("none")),
        ambiguous=section.word("ambiguous", Ambiguous, Ambiguous.FAULT) or Ambiguous.FAULT,
        nonexistent=section.word("nonexistent", Nonexistent, Nonexistent.FAULT) or Nonexistent.FAULT,
    )
    section.close()
    return rules


def _format(section: Section, name: str) -> str | None:
    """Take a strptime form that can be read back from what it writes."""
    form = section.text(name)
    if form is None:
        return None
    # The sample is parsed only to see whether the form is one; its zone does not matter.
    sample = datetime(2026, 11, 23, 14, 30)  # noqa: DTZ001
    try:
        read = datetime.strptime(sample.strftime(form), form)  # noqa: DTZ007
    except ValueError:
        read = None
    if read is None or read.date() != sample.date():
        section.fault(name, form, "this does not tell year, month and day", "Give a form such as %d/%m/%Y.")
        return None
    return form


def _history(section: Section | None) -> HistoryColumns | None:
    if section is None:
        return None
    constants = section.pairs("constants")
    columns = section.section("columns")
    found = columns.rest() if columns is not None else {}
    optional = frozenset(section.texts("optional"))
    _check_columns(section, {**found, **constants}, HISTORY_REQUIRED, HISTORY_COLUMNS, optional)
    rules = _rules(section)
    for rule in rules:
        if rule.kept is not Kept.IGNORED:
            section.fault(
                "rules", rule.kept.value, "rows per interval are only left out", 'Give as = "ignored".'
            )
    section.close()
    return HistoryColumns(columns=found, constants=constants, optional=optional, rules=rules)


def _calls(section: Section | None) -> CallColumns | None:
    if section is None:
        return None
    constants = section.pairs("constants")
    columns = section.section("columns")
    start = columns.texts("start") if columns is not None else ()
    found = columns.rest() if columns is not None else {}
    optional = frozenset(section.texts("optional"))
    named = {**found, **constants} | ({"start": start[0]} if start else {})
    _check_columns(section, named, CALL_REQUIRED, CALL_COLUMNS, optional)
    if "after" in found and "date" not in found:
        section.fault("columns", "after", "after needs the date in a column of its own", "Map date too.")
    rules = _rules(section)
    if not rules:
        section.fault("rules", None, "nothing says which calls were answered", "Add [[calls.rules]].")
    threshold_s = section.seconds("threshold_s", 20.0) or 20.0
    max_handle_s = section.seconds("max_handle_s", None)
    interval_min = section.count("interval_min", 30)
    if interval_min not in (15, 30, 60):
        section.fault("interval_min", interval_min, "intervals are 15, 30 or 60 min", "Give one of them.")
    no_server = frozenset(section.texts("no_server"))
    section.close()
    return CallColumns(
        columns=found,
        start=start,
        constants=constants,
        optional=optional,
        rules=rules,
        threshold_s=threshold_s,
        max_handle_s=max_handle_s,
        interval_min=interval_min,
        no_server=no_server,
    )


def _check_columns(
    section: Section,
    columns: Mapping[str, str],
    required: tuple[str, ...],
    known: tuple[str, ...],
    optional: frozenset[str],
) -> None:
    for name in required:
        if name not in columns:
            section.fault(f"columns.{name}", None, "no column is named for it", f'Add {name} = "its column".')
    for name in (*columns, *sorted(optional)):
        if name not in known:
            section.fault(f"columns.{name}", None, "we have no such column", f"Known: {', '.join(known)}.")
    for name in sorted(optional & set(required)):
        section.fault("optional", name, "this column must be there", "Take it out of optional.")


def _rules(section: Section) -> tuple[Rule, ...]:
    found = []
    for part in section.sections("rules"):
        when = part.section("when")
        texts = {name: frozenset(when.texts(name)) for name in when.left()} if when is not None else {}
        kept, reason = part.word("as", Kept, None), part.text("reason") or ""
        if not texts:
            part.fault("when", None, "the rule fits nothing", 'Add when = { column = ["text"] }.')
        if kept is None:
            part.fault("as", None, "the rule does not say what the rows are", 'Add as = "answered".')
        elif kept is Kept.IGNORED and not reason:
            part.fault("reason", None, "rows are left out without a reason", 'Add reason = "why".')
        else:
            found.append(Rule(when=texts, kept=kept, reason=reason))
        part.close()
    return tuple(found)


def _reference(top: Section) -> dict[str, dict[str, str]]:
    found = {}
    for kind in REFERENCE_KINDS:
        section = top.section(kind)
        if section is not None:
            found[kind] = section.pairs("columns")
            section.close()
    return found
