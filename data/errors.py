"""The tree of errors. Every error a person can cause carries one clear message and the repair.

::

    PeakshiftError
    ├── InputError            what was given is wrong; the command line exits with 2
    │   ├── FaultyFileError   a file with faults, each one named by line and column
    │   ├── FieldError        a value that a field of a type cannot have
    │   ├── SchemaError       a frame that does not keep its schema
    │   ├── UnknownNameError  a queue, skill, contract, … that nobody defined
    │   └── WorkspaceError    no workspace there, one of a newer version, one in use
    ├── NoRosterError         no roster was found; exits with 3
    │   └── InfeasibleError   and it is proven that there is none
    ├── PartlyFailedError     some queues failed, the rest is done; exits with 4
    └── CancelledError        a person stopped the work; nothing was saved
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any


class PeakshiftError(Exception):
    """Root of every error this product raises on purpose."""


class InputError(PeakshiftError):
    """Something a person gave is wrong; the message says what and how to repair it."""


class FieldError(InputError):
    """A value that a field of one of the domain's types cannot have.

    Parameters
    ----------
    message
        What is wrong and the repair.
    field
        The field, so that whoever took the value from a file or a form can say where it stood.
    """

    def __init__(self, message: str, field: str) -> None:
        self.field = field
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross a process border whole: exceptions are pickled by their message otherwise."""
        return type(self), (str(self), self.field)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at one place of one source.

    Parameters
    ----------
    source
        File or frame the fault is in.
    line
        Line in the file, counted from 1 with the header as line 1; None when the whole source is meant.
    column
        Column by the name it bears in the source; None when the whole line is meant.
    value
        What stands there.
    reason
        What is wrong with it.
    repair
        What to do about it.
    """

    source: str
    line: int | None
    column: str | None
    value: str | None
    reason: str
    repair: str

    def __str__(self) -> str:
        place = self.source
        if self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", column {self.column}"
        found = "" if self.value is None else f" (found {self.value!r})"
        return f"{place}: {self.reason}{found}. {self.repair}"


class FaultyFileError(InputError):
    """A source with faults; `faults` lists every one, the message the first few.

    Parameters
    ----------
    faults
        At least one fault.
    """

    shown = 10

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        lines = [str(fault) for fault in self.faults[: self.shown]]
        if len(self.faults) > self.shown:
            lines.append(f"… and {len(self.faults) - self.shown} more")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross a process border whole: exceptions are pickled by their message otherwise."""
        return type(self), (self.faults,)


def refused(source: str, reason: str, repair: str, *, column: str | None = None) -> FaultyFileError:
    """Error about a source as a whole, or one of its columns."""
    return FaultyFileError([Fault(source, None, column, None, reason, repair)])


class SchemaError(FaultyFileError):
    """A frame handed from one part to another does not keep its schema."""


class UnknownNameError(InputError):
    """A name nobody defined.

    Parameters
    ----------
    kind
        What the name should have been: "queue", "contract", …
    name
        The name that is not known.
    known
        The names that are; the message lists the nearest when there are many.
    repair
        What to do about it, when it is not to correct the name or import what it stands for.
    """

    shown = 20

    def __init__(self, kind: str, name: str, known: Sequence[str], *, repair: str | None = None) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        self.repair = repair or f"Correct the name or import the {kind} first."
        super().__init__(f"unknown {kind} {name!r}. Known: {self._listed()}. {self.repair}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross a process border whole: exceptions are pickled by their message otherwise."""
        return partial(type(self), repair=self.repair), (self.kind, self.name, self.known)

    def _listed(self) -> str:
        if len(self.known) <= self.shown:
            return ", ".join(sorted(self.known)) or "none yet"
        spelled = {known.casefold(): known for known in self.known}
        near = get_close_matches(self.name.casefold(), sorted(spelled), n=5, cutoff=0.0)
        return f"{', '.join(spelled[key] for key in near)} and {len(self.known) - len(near)} more"


class WorkspaceError(InputError):
    """The workspace cannot be used as it is."""


class NoRosterError(PeakshiftError):
    """No roster was found in time, which does not say that there is none."""


class InfeasibleError(NoRosterError):
    """No roster keeps every hard rule and reaches every target; the message names what is in the way."""


class PartlyFailedError(PeakshiftError):
    """Part of the work failed; the rest is done and kept.

    Parameters
    ----------
    failures
        Message by queue, agent or file.
    """

    def __init__(self, failures: dict[str, str]) -> None:
        self.failures = dict(failures)
        super().__init__("; ".join(f"{name}: {message}" for name, message in failures.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross a process border whole: exceptions are pickled by their message otherwise."""
        return type(self), (self.failures,)


class CancelledError(PeakshiftError):
    """A person stopped the work; nothing was saved."""
