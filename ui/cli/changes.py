"""Options that say what is other than planned, such as `--volume +10%` or `--containment cards=30%`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from data.errors import InputError
from scheduling.scenario import Change, Scenario

EVERY = ""
"""Stands for every queue among the queues an option names."""


def _said(text: str) -> str:
    return f"{text} QUEUE=… for one queue; may be given more than once."


def _option(name: str, metavar: str, text: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(name, metavar=f"[QUEUE=]{metavar}", help=_said(text))
    return found


Said = list[str] | None
Volume = Annotated[Said, _option("--volume", "±P%", "Per cent more or fewer contacts.")]
Aht = Annotated[Said, _option("--aht", "±P%", "Per cent more or less handle time.")]
Containment = Annotated[Said, _option("--containment", "SHARE", "Share of contacts a chatbot resolves.")]
RemainderAht = Annotated[
    Said, _option("--remainder-aht", "FACTOR", "Handle time of what a chatbot leaves, times this.")
]
ShrinkageTo = Annotated[
    Said, _option("--shrinkage", "SHARE", "Share of paid time lost, all causes together.")
]
AnswerRate = Annotated[
    Said, _option("--answer-rate", "SHARE", "Answer rate to reach over the queue's period.")
]
Floor = Annotated[Said, _option("--interval-floor", "SHARE", "Least answer rate of an interval.")]
Patience = Annotated[Said, _option("--patience", "S", "Mean time a contact waits before it abandons.")]
Cost = Annotated[
    Said, _option("--cost-per-h", "N", "Cost of a staff hour; else what its people cost on average.")
]


def read_changes(name: str, **said: Sequence[str] | None) -> Scenario | None:
    """Read options by the field of `Change` they are about; None where none is given.

    Raises
    ------
    InputError
        Naming the option and its value, or the queue and the value that is out of bounds.
    """
    by_queue: dict[str, Change] = {}
    for field, texts in said.items():
        option = OPTIONS[field]
        for queue, value in by_name(option, texts).items():
            by_queue[queue] = replace(by_queue.get(queue, Change()), **{field: value})
    if not by_queue:
        return None
    every = by_queue.pop(EVERY, Change())
    return Scenario(name=name, every=every, queues=by_queue)


def by_name(option: Option, texts: Sequence[str] | None) -> dict[str, float]:
    """Values of an option by queue, `EVERY` for all of them; InputError where one is none, or given twice."""
    found: dict[str, float] = {}
    for text in texts or ():
        queue, given, value = text.rpartition("=")
        if given and not queue:
            raise InputError(f"{option.name} {text!r} names no queue before the =. Give {option.example}.")
        if queue in found:
            whose = f"for queue {queue!r}" if queue else "for every queue"
            raise InputError(f"{option.name} is given twice {whose}. Give it once.")
        try:
            found[queue] = option.read(value.strip())
        except NothingLeftError as error:
            raise InputError(f"{option.name} {text!r} leaves nothing. Give more than -100%.") from error
        except ValueError as error:
            raise InputError(f"{option.name} {text!r} is no value. Give {option.example}.") from error
    return found


@dataclass(frozen=True, slots=True)
class Option:
    """An option with its name, how its value is read, and examples of it."""

    name: str
    read: Callable[[str], float]
    example: str


class NothingLeftError(ValueError):
    """Per cent that take away all there is, or more."""


def _factor(text: str) -> float:
    """Read "+10%" as 1.1."""
    if not text.endswith("%"):
        raise ValueError(text)
    per_cent = float(text.removesuffix("%"))
    if per_cent <= -100.0:
        raise NothingLeftError(text)
    return 1.0 + per_cent / 100.0


def _share(text: str) -> float:
    """Read "30%" and "0.3" as 0.3."""
    return float(text.removesuffix("%")) / 100.0 if text.endswith("%") else float(text)


COST = Option("--cost-per-h", float, "35 or cards=35")
OPTIONS: Mapping[str, Option] = {
    "volume_factor": Option("--volume", _factor, "per cent, such as +10% or cards=-5%"),
    "aht_factor": Option("--aht", _factor, "per cent, such as +10% or cards=-5%"),
    "containment": Option("--containment", _share, "a share, such as 30% or cards=0.3"),
    "remainder_aht_factor": Option("--remainder-aht", float, "a factor, such as 1.2 or cards=1.2"),
    "shrinkage": Option("--shrinkage", _share, "a share, such as 30% or cards=0.3"),
    "answer_rate": Option("--answer-rate", _share, "a share, such as 95% or cards=0.95"),
    "interval_floor": Option("--interval-floor", _share, "a share, such as 80% or cards=0.8"),
    "patience_s": Option("--patience", float, "seconds, such as 120 or cards=120"),
}
"""The option each field of a change is said with."""
