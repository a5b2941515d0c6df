from __future__ import annotations

import pickle
import re

import pytest

from data import errors
from data.errors import (
    CancelledError,
    Fault,
    FaultyFileError,
    InfeasibleError,
    InputError,
    NoRosterError,
    PartlyFailedError,
    PeakshiftError,
    SchemaError,
    UnknownNameError,
    WorkspaceError,
)


def fault(line: int | None = 3, column: str | None = "offered", value: str | None = "-1") -> Fault:
    return Fault("calls.csv", line, column, value, "a count below 0", "Correct it.")


def test_the_tree_drawn_at_the_top_of_the_module_is_the_tree() -> None:
    drawn = re.findall(r"^    ([│ ]*)(?:[├└]── )?([A-Z]\w+)", errors.__doc__ or "", flags=re.MULTILINE)
    names = {name for _, name in drawn}
    defined = {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)
    }
    assert names == defined


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        (InputError, PeakshiftError),
        (FaultyFileError, InputError),
        (SchemaError, InputError),
        (UnknownNameError, InputError),
        (WorkspaceError, InputError),
        (NoRosterError, PeakshiftError),
        (InfeasibleError, NoRosterError),
        (PartlyFailedError, PeakshiftError),
        (CancelledError, PeakshiftError),
    ],
)
def test_every_error_hangs_where_the_tree_shows_it(kind: type, parent: type) -> None:
    assert issubclass(kind, parent)


@pytest.mark.parametrize("kind", [NoRosterError, PartlyFailedError, CancelledError])
def test_an_error_nobody_typed_wrong_is_no_input_error(kind: type) -> None:
    assert not issubclass(kind, InputError)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (fault(), "calls.csv, line 3, column offered: a count below 0 (found '-1'). Correct it."),
        (fault(column=None), "calls.csv, line 3: a count below 0 (found '-1'). Correct it."),
        (fault(line=None), "calls.csv, column offered: a count below 0 (found '-1'). Correct it."),
        (fault(None, None, None), "calls.csv: a count below 0. Correct it."),
        (fault(value=""), "calls.csv, line 3, column offered: a count below 0 (found ''). Correct it."),
    ],
)
def test_a_fault_reads_as_place_reason_value_and_repair(given: Fault, text: str) -> None:
    assert str(given) == text


def test_a_faulty_file_shows_ten_faults_and_keeps_all() -> None:
    error = FaultyFileError(fault(line=n) for n in range(2, 14))
    assert len(error.faults) == 12
    lines = str(error).splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("calls.csv, line 2,")
    assert lines[-1] == "… and 2 more"


def test_ten_faults_are_shown_without_a_rest() -> None:
    assert "more" not in str(FaultyFileError([fault()] * 10))


def test_an_unknown_name_lists_the_known_ones_and_the_repair() -> None:
    error = UnknownNameError("queue", "card", ["loans", "cards"])
    assert (
        str(error) == "unknown queue 'card'. Known: cards, loans. Correct the name or import the queue first."
    )
    assert (error.kind, error.name, error.known) == ("queue", "card", ("loans", "cards"))


def test_an_unknown_name_says_when_nothing_is_known_yet() -> None:
    assert "Known: none yet." in str(UnknownNameError("queue", "card", []))


def test_an_unknown_name_takes_a_repair_of_its_own() -> None:
    error = UnknownNameError("region", "China", ["CN"], repair="Give an ISO country code such as CN.")
    assert str(error) == "unknown region 'China'. Known: CN. Give an ISO country code such as CN."


def test_among_many_known_names_the_nearest_are_shown_whatever_their_case() -> None:
    known = [f"queue_{n:02d}" for n in range(30)] + ["Cards_VIP"]
    message = str(UnknownNameError("queue", "cards_vip", known))
    assert "Known: Cards_VIP, " in message
    assert "and 26 more." in message


def test_twenty_known_names_are_all_shown() -> None:
    known = [f"queue_{n:02d}" for n in range(20)]
    assert all(name in str(UnknownNameError("queue", "x", known)) for name in known)


def test_a_part_failure_names_each_failed_queue_with_its_message() -> None:
    failures = {"cards": "no history", "loans": "no profile"}
    error = PartlyFailedError(failures)
    assert str(error) == "cards: no history; loans: no profile"
    failures.clear()
    assert error.failures == {"cards": "no history", "loans": "no profile"}


@pytest.mark.parametrize(
    "error",
    [
        UnknownNameError("queue", "cards", ["card"], repair="Ask."),
        FaultyFileError([Fault("a.csv", 3, "offered", "-1", "negative", "Correct it.")]),
        PartlyFailedError({"card": "no history"}),
        InputError("wrong"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_crosses_a_process_border_whole(error: PeakshiftError) -> None:
    arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert vars(arrived) == vars(error)
