"""Laws of handle time and patience, and how contacts are drawn from them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from data.domain import Queue
from data.errors import InputError, UnknownNameError
from scheduling.arguments import Floats, Integers

TAIL_POINTS = 1000
"""Equally likely patiences that stand for a staying curve."""


class Service(StrEnum):
    """Law of handle times around the forecast's mean: lognormal is what centres see, exponential is for checks."""

    LOGNORMAL = "lognormal"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, slots=True)
class Laws:
    """How handle times and patience scatter.

    Parameters
    ----------
    service
        Law of the handle times of queues without measured ones; their mean is the forecast's.
    cv
        Coefficient of variation of lognormal handle times; 0 for constant ones. 1.0 unless measured: centres
        report 1.0 to 1.3.
    handle_times
        Measured handle times by queue, in s, equally likely; scaled so that their mean is the forecast's.
    patience
        Measured patience by queue, in s, equally likely, taken as it is: 0 for who hangs up unless answered at
        once, infinite for who never does (see `patience_of_curve`). Exponential with the queue's mean elsewhere.

    Raises
    ------
    InputError
        A value is out of bounds.
    """

    service: Service = Service.LOGNORMAL
    cv: float = 1.0
    handle_times: Mapping[str, ArrayLike] = field(default_factory=dict)
    patience: Mapping[str, ArrayLike] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.cv) and self.cv >= 0):
            raise InputError(f"cv must be finite and at least 0, not {self.cv}.")
        for queue, given in self.handle_times.items():
            times = np.asarray(given, dtype=float)
            if times.ndim != 1 or not (np.isfinite(times) & (times >= 0)).all() or not times.sum() > 0:
                raise InputError(
                    f"queue {queue!r}: handle_times must be finite seconds from 0 on, not all 0. Leave others out."
                )
        for queue, given in self.patience.items():
            patience = np.asarray(given, dtype=float)
            if patience.ndim != 1 or patience.size == 0 or not (patience >= 0).all():
                raise InputError(f"queue {queue!r}: patience must be seconds from 0 on, or infinite.")


@dataclass(frozen=True, slots=True)
class QueueLaws:
    """Laws as arrays: measured values of each queue in ascending order, None where there are none."""

    service: Service
    cv: float
    handle: tuple[Floats | None, ...]
    patience: tuple[Floats | None, ...]

    def handle_factors(self, random: np.random.Generator, queue: Integers) -> Floats:
        """Handle times of contacts of those queues in units of their mean."""
        if self.service is Service.EXPONENTIAL:
            factors = random.exponential(1.0, queue.size)
            return _measured(self.handle, queue, factors, -np.expm1(-factors))
        normal = random.standard_normal(queue.size)
        spread = math.sqrt(math.log1p(self.cv * self.cv))
        factors = np.exp(spread * normal - spread * spread / 2)
        return _measured(self.handle, queue, factors, ndtr(normal))

    def patiences(self, random: np.random.Generator, queue: Integers, mean_s: Floats) -> Floats:
        """Patience in s of contacts of those queues; infinite where the queue's mean is."""
        unit = random.exponential(1.0, queue.size)
        with np.errstate(invalid="ignore"):
            drawn = np.where(np.isinf(mean_s[queue]), np.inf, unit * mean_s[queue])
        return _measured(self.patience, queue, drawn, -np.expm1(-unit))


def queue_laws(laws: Laws, queues: Sequence[Queue]) -> QueueLaws:
    """Laws in the order of the queues.

    Raises
    ------
    UnknownNameError
        Measured values are of a queue that is not among them.
    InputError
        Patience is given for contacts that wait for a deadline.
    """
    known = [queue.id for queue in queues]
    for name in (*laws.handle_times, *laws.patience):
        if name not in known:
            raise UnknownNameError("queue", name, tuple(known))
    handle: list[Floats | None] = []
    patience: list[Floats | None] = []
    for queue in queues:
        times, waits = laws.handle_times.get(queue.id), laws.patience.get(queue.id)
        if waits is not None and queue.can_wait:
            raise InputError(
                f"queue {queue.id!r}: its contacts wait for a deadline and have no patience. Leave it out."
            )
        own = None if times is None else np.sort(np.asarray(times, dtype=float))
        handle.append(None if own is None else own / own.mean())
        patience.append(None if waits is None else np.sort(np.asarray(waits, dtype=float)))
    return QueueLaws(laws.service, laws.cv, tuple(handle), tuple(patience))


def patience_of_curve(wait_s: ArrayLike, staying: ArrayLike, points: int = TAIL_POINTS) -> Floats:
    """Equally likely patiences that follow a staying curve, such as a product-limit estimate of censored waits.

    Parameters
    ----------
    wait_s
        Waits in ascending order at which somebody left, shape (n,).
    staying
        Share still there after each of them, shape (n,). Beyond the last one people go on leaving at the average
        rate until then.
    points
        How many to return.

    Returns
    -------
    ndarray
        Seconds in ascending order, shape (points,).

    Raises
    ------
    InputError
        The curve rises, leaves 0–1, is empty, or nobody ever leaves.
    """
    wait, stay = np.asarray(wait_s, dtype=float), np.asarray(staying, dtype=float)
    falls = wait.ndim == 1 and wait.shape == stay.shape and wait.size > 0
    if not falls or (np.diff(wait) < 0).any() or (np.diff(stay) > 0).any() or not (wait >= 0).all():
        raise InputError(
            "a staying curve needs waits in ascending order and, of each, a share that never rises."
        )
    if not (0 <= stay[-1] <= stay[0] <= 1) or stay[-1] == 1:
        raise InputError("a staying curve lies between 0 and 1 and ends below 1.")
    level = 1 - (np.arange(points) + 0.5) / points
    # The first wait at which no more than that share is left.
    place = np.searchsorted(-stay, -level, side="left")
    found = wait[np.minimum(place, wait.size - 1)]
    beyond = place == wait.size
    if beyond.any():
        rate = -math.log(stay[-1]) / wait[-1] if wait[-1] > 0 else 0.0
        later = np.log(stay[-1] / level[beyond])
        found[beyond] = wait[-1] + later / rate if rate > 0 else np.inf
    return found


def _measured(samples: Sequence[Floats | None], queue: Integers, drawn: Floats, rank: Floats) -> Floats:
    """The drawn values, those of queues with measured ones by their rank (0–1) among these."""
    for q, sample in enumerate(samples):
        if sample is not None:
            own = queue == q
            place = (rank[own] * sample.size).astype(np.int64)
            drawn[own] = sample[np.minimum(place, sample.size - 1)]
    return drawn
