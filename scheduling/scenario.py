"""What if: changes of queues and of what is expected of them, under a name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

import pandas as pd

from data.domain import Queue
from data.errors import InputError, UnknownNameError
from scheduling.arguments import of
from scheduling.volume import at_volume

LARGEST_FACTOR = 100.0
"""A hundredfold of contacts or handle time is a slip of the pen."""

DRAWN_TO = 0.999
"""Every curve reaches this answer rate, whatever its queue's target."""

FACTORS = ("volume_factor", "aht_factor", "remainder_aht_factor")
TARGETS = ("answer_rate", "interval_floor", "service_level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is other than planned; what is None stays as it is.

    Contacts and handle times change by factors, what a queue is set to takes new values.

    Parameters
    ----------
    volume_factor
        Contacts × this.
    containment
        Share of the contacts a chatbot resolves, 0–1; they are not offered.
    remainder_aht_factor
        Handle time × this where a chatbot resolves some: the easy ones are gone.
    aht_factor
        Handle time × this.
    shrinkage
        Share of paid time lost, at all times and whatever the cause, in place of the queue's shrinkage and
        shrinkage by cause; adherence and availability stay.
    answer_rate, interval_floor, service_level, threshold_s
        In place of the target's.
    patience_s
        In place of the queue's.
    """

    volume_factor: float | None = None
    containment: float | None = None
    remainder_aht_factor: float | None = None
    aht_factor: float | None = None
    shrinkage: float | None = None
    answer_rate: float | None = None
    interval_floor: float | None = None
    service_level: float | None = None
    threshold_s: float | None = None
    patience_s: float | None = None

    def over(self, other: Change) -> Change:
        """What is said here, and what the other change says elsewhere."""
        said = {each.name: value for each in fields(self) if (value := getattr(self, each.name)) is not None}
        return replace(other, **said)

    @property
    def contacts_factor(self) -> float:
        """What is left of the contacts: volume × (1 − containment)."""
        return _or(self.volume_factor, 1.0) * (1.0 - _or(self.containment, 0.0))

    @property
    def handle_time_factor(self) -> float:
        """What the handle time of the remaining contacts is multiplied by."""
        remainder = _or(self.remainder_aht_factor, 1.0) if self.containment else 1.0
        return _or(self.aht_factor, 1.0) * remainder

    @property
    def keeps_curves(self) -> bool:
        """Whether the answer curves of the same forecast stay: contacts as patient, and no rate beyond their ends."""
        return (
            self.patience_s is None
            and max(_or(self.answer_rate, 0.0), _or(self.interval_floor, 0.0)) <= DRAWN_TO
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named set of changes.

    Parameters
    ----------
    name
        For tables and files.
    every
        Of every queue.
    queues
        By queue, over those of every queue, value by value.
    """

    name: str
    every: Change = field(default_factory=Change)
    queues: Mapping[str, Change] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InputError("a scenario needs a name. Give one, such as chatbot.")
        _check(self.every, "every queue: ")
        for queue, change in self.queues.items():
            _check(change, of(queue))
            if change.remainder_aht_factor is not None and not self.change_of(queue).containment:
                raise InputError(f"{of(queue)}{_UNCONTAINED.format(change.remainder_aht_factor)}")
        contained = [self.every, *(self.change_of(queue) for queue in self.queues)]
        if self.every.remainder_aht_factor is not None and not any(each.containment for each in contained):
            raise InputError(f"every queue: {_UNCONTAINED.format(self.every.remainder_aht_factor)}")

    def change_of(self, queue: str) -> Change:
        """Everything that changes of a queue."""
        own = self.queues.get(queue)
        return self.every if own is None else own.over(self.every)


def changed(queue: Queue, change: Change) -> Queue:
    """The queue as a change sets it.

    Raises
    ------
    InputError
        A service level without a threshold, naming the queue.
    """
    target = queue.target
    said = {name: value for name in TARGETS if (value := getattr(change, name)) is not None}
    threshold_s = target.threshold_s if change.threshold_s is None else change.threshold_s
    if change.threshold_s is not None and said.get("service_level", target.service_level) is None:
        raise InputError(
            f"{of(queue.id)}threshold_s {change.threshold_s:g} has no service level to go with. "
            "Give the service level too."
        )
    if "service_level" in said and threshold_s is None:
        raise InputError(
            f"{of(queue.id)}service_level {said['service_level']:g} needs a threshold. Give threshold_s too."
        )
    other = replace(
        queue,
        target=replace(target, **said, threshold_s=threshold_s),
        patience_s=_or(change.patience_s, queue.patience_s),
    )
    return other if change.shrinkage is None else replace(other, shrinkage=change.shrinkage, shrinkages=())


def changed_forecast(forecast: pd.DataFrame, change: Change) -> pd.DataFrame:
    """FORECAST rows of one queue under a change, see `scheduling.volume` for what becomes of the quantiles."""
    found = forecast if change.contacts_factor == 1.0 else at_volume(forecast, change.contacts_factor)
    return found.assign(aht_s=found["aht_s"] * change.handle_time_factor)


def check_names(scenarios: Iterable[Scenario], queues: Iterable[str]) -> None:
    """Refuse scenarios without a name of their own, or of queues that are not there.

    Raises
    ------
    InputError
        Two scenarios of one name, or none at all.
    UnknownNameError
        A queue that is not among those given.
    """
    known, names = tuple(queues), []
    for scenario in scenarios:
        if scenario.name in names:
            raise InputError(f"two scenarios are called {scenario.name!r}. Give each a name of its own.")
        names.append(scenario.name)
        for queue in scenario.queues:
            if queue not in known:
                raise UnknownNameError(
                    "queue", queue, known, repair="Correct the name, or plan the queue too."
                )
    if not names:
        raise InputError("there is no scenario. Say what is other than planned.")


_UNCONTAINED = "remainder_aht_factor {:g} is of contacts a chatbot leaves. Give a containment above 0 too."


def _check(change: Change, whose: str) -> None:
    for name in FACTORS:
        value = getattr(change, name)
        if value is not None and not 0 < value <= LARGEST_FACTOR:
            raise InputError(
                f"{whose}{name} is above 0 and at most {LARGEST_FACTOR:g}, not {value:g} ({value - 1:+.0%}). "
                "Give 1.1 for 10 % more."
            )
    for name in ("containment", "shrinkage", *TARGETS):
        value = getattr(change, name)
        if value is None:
            continue
        within = 0 <= value < 1 or (value == 1 and name == "containment")
        if not within:
            bound = "0 to 1" if name == "containment" else "0 to below 1"
            such = "0.95 for 95 %" if name in TARGETS else "0.3 for 30 %"
            raise InputError(f"{whose}{name} is a share from {bound}, not {value:g}. Give {such}.")
    for name in ("patience_s", "threshold_s"):
        value = getattr(change, name)
        if value is not None and not (0 < value < math.inf or (value == 0 and name == "threshold_s")):
            raise InputError(f"{whose}{name} must be finite and above 0, not {value:g}. Give seconds.")


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
