"""What a column mapping says, once it is read and found sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Ambiguous(StrEnum):
    """What a local time means that comes twice when the clock goes back."""

    FAULT = "fault"
    FIRST = "first"
    SECOND = "second"


class Nonexistent(StrEnum):
    """What a local time means that is skipped when the clock goes forward."""

    FAULT = "fault"
    SHIFT = "shift"


class Kept(StrEnum):
    """What a row of a per-call export is."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRules:
    """How times are written.

    Parameters
    ----------
    timezone
        Zone of times without offset; None for the queue's own.
    format
        strptime form of a date with its time of day; None for 2026-11-23 09:00 and the like.
    date_format
        strptime form of a date in a column of its own; None for 2026-11-23, 2026/11/23 or 20261123.
    none
        Texts that stand for no time.
    ambiguous, nonexistent
        What is done about times a change of the clock repeats or skips.
    """

    timezone: str | None = None
    format: str | None = None
    date_format: str | None = None
    none: frozenset[str] = frozenset()
    ambiguous: Ambiguous = Ambiguous.FAULT
    nonexistent: Nonexistent = Nonexistent.FAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What rows are whose columns hold certain texts.

    Parameters
    ----------
    when
        Texts by column of the source; every column must hold one of its texts.
    kept
        What such a row is.
    reason
        Why it is left out, for rows that are ignored.
    """

    when: Mapping[str, frozenset[str]]
    kept: Kept
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryColumns:
    """How rows per interval are read.

    Parameters
    ----------
    columns
        Column of the source by ours.
    constants
        Text of those of our columns that are the same in every row.
    optional
        Ours whose column may be missing in the source.
    rules
        Rows to leave out, in order; the first that fits decides.
    """

    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallColumns:
    """How rows per call are read.

    Parameters
    ----------
    columns
        Column of the source by ours, start excepted.
    start
        Columns for the time at which the call asked for a person; the first that holds a time counts.
    constants, optional, rules
        As in `HistoryColumns`; a row no rule fits is a fault.
    threshold_s
        Longest wait that counts as answered within the threshold, where the queue's target has none.
    max_handle_s
        Handle times above this are cut to it; None for no limit.
    interval_min
        Interval of queues that nobody defined.
    no_server
        Texts that stand for no server, beside the empty one.
    """

    columns: Mapping[str, str]
    start: tuple[str, ...]
    constants: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()
    threshold_s: float = 20.0
    max_handle_s: float | None = None
    interval_min: int = 30
    no_server: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """How the files of one source become ours.

    Parameters
    ----------
    name
        Name or file it was asked for by.
    about
        One line for lists.
    skip_lines
        Lines above the header.
    times
        How times are written.
    queue_names
        Our name of queues the source calls otherwise.
    history, calls
        How rows per interval and per call are read; None where the source has none.
    reference
        Column of the source by ours, by kind of reference file.
    queue_rows
        Queues it defines, as rows of a queues file.
    digest
        SHA-256 of its text.
    """

    name: str
    about: str = ""
    skip_lines: int = 0
    times: TimeRules = field(default_factory=TimeRules)
    queue_names: Mapping[str, str] = field(default_factory=dict)
    history: HistoryColumns | None = None
    calls: CallColumns | None = None
    reference: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    queue_rows: tuple[Mapping[str, str], ...] = ()
    digest: str = ""

    @property
    def is_default(self) -> bool:
        """Whether it is our own names."""
        return self.name == "default"
