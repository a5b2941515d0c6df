"""Whom the rostered people serve: a split over their queues that reaches as many targets as there can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.domain import Period
from scheduling.arguments import Floats, Integers
from scheduling.centre import Centre
from scheduling.requirement import spans

CLOSE = 1e-6
"""A target missed by less than this share counts as reached."""

ROUNDS = 60
"""Most splits tried for the queues and slots that hang together."""

WHOLE = 0.003
"""Pull of answering most as a whole, beside a missed target's 1: its square is how far a target may give way."""


@dataclass(frozen=True, slots=True)
class Aims:
    """What the split of a centre's people is to reach, whoever is at work.

    Parameters
    ----------
    span
        Number of the target each queue's slot counts for, −1 where closed, shape (queues, slots).
    offered, wanted
        Contacts of each target and how many of them are to be answered, shape (targets,).
    slot_part, target_part
        Number of the part that hangs together each slot and each target lies in.
    """

    span: Integers
    offered: Floats
    wanted: Floats
    slot_part: Integers
    target_part: Integers


@dataclass(frozen=True, slots=True)
class Allocation:
    """People of each queue and slot, shape (queues, slots): such that most is answered, and as they are given."""

    most: Floats
    given: Floats


def allocate(centre: Centre) -> Floats:
    """People each queue gets in each slot, shape (queues, slots); fractions are shares of the slot's time.

    The split that answers most comes first. Where it misses the target of a queue over a day (a week or month
    where the target says so) the queues and slots that hang together are split anew with weights on what is
    missing, and the splits found are mixed: curves are concave, so that a mixture answers at least the mixture of
    what they answer, and the least missing mixture is found as exactly as the weights' next split tells (the
    fully corrective conditional gradient method, Holloway 1974, Mathematical Programming 6:14). Where all
    targets can be reached together they are, to a thousandth of a point, with as much answered as a whole as
    they leave room for. Where they cannot, the squares of the missing shares are the least. The interval floor
    is not looked at.
    """
    return allocation(centre, aims(centre)).given


def aims(centre: Centre) -> Aims:
    """What `allocation` is to reach."""
    span = _target_spans(centre)
    offered, wanted = _offered_and_wanted(centre, span)
    return Aims(span, offered, wanted, *_together(span, offered.size))


def allocation(
    centre: Centre, aims: Aims, before: Allocation | None = None, touched: Integers | None = None
) -> Allocation:
    """Split of `allocate`; from that of before where people changed in the touched slots only, just the same."""
    if before is None or touched is None:
        most = centre.split(np.ones(centre.row.shape))
        given, parts = most.copy(), np.unique(aims.slot_part)
    else:
        most, given = before.most.copy(), before.given.copy()
        most[:, touched] = centre.part(touched).split(np.ones((len(most), touched.size)))
        parts = np.unique(aims.slot_part[touched])
        anew = np.isin(aims.slot_part, parts)
        given[:, anew] = most[:, anew]
    reached = _sums(centre.answered(most), aims.span, aims.offered.size)
    missed = aims.wanted - reached > CLOSE * aims.offered
    for part in parts[np.isin(parts, aims.target_part[missed])]:
        slots = np.flatnonzero(aims.slot_part == part)
        targets = np.flatnonzero(aims.target_part == part)
        given[:, slots] = _raise(centre, given, aims.span, slots, targets, aims.offered, aims.wanted)
    return Allocation(most, given)


def _target_spans(centre: Centre) -> Integers:
    """Number of the target each queue's slot counts for, −1 where closed, shape (queues, slots)."""
    span = np.full(centre.row.shape, -1, dtype=np.int64)
    used = 0
    for q, (queue, drawn) in enumerate(zip(centre.queues, centre.pieces, strict=True)):
        period = Period.DAY if queue.target.period is Period.INTERVAL else queue.target.period
        held = centre.row[q] >= 0
        span[q, held] = used + spans(drawn.start, queue, period)[centre.row[q, held]]
        used = max(used, span.max(initial=-1) + 1)
    return span


def _sums(values: Floats, span: Integers, size: int) -> Floats:
    held = span >= 0
    sums: Floats = np.bincount(span[held], values[held], size).astype(float)
    return sums


def _offered_and_wanted(centre: Centre, span: Integers) -> tuple[Floats, Floats]:
    size = int(span.max(initial=-1)) + 1
    per_slot, rates = np.zeros(span.shape), np.zeros(size)
    for q, (queue, drawn) in enumerate(zip(centre.queues, centre.pieces, strict=True)):
        held = centre.row[q] >= 0
        per_slot[q, held] = drawn.offered[centre.row[q, held]] / centre.parts[q]
        # A soft target takes nobody away from one that is to be reached.
        rates[span[q, held]] = 0.0 if queue.target.soft else queue.target.answer_rate
    offered = _sums(per_slot, span, size)
    return offered, rates * offered


def _together(span: Integers, targets: int) -> tuple[Integers, Integers]:
    """Which slots and targets hang together: number of the part of each slot and of each target."""
    slots = span.shape[1]
    queue, slot = np.nonzero(span >= 0)
    links = coo_array(
        (np.ones(slot.size), (slot, slots + span[queue, slot])), shape=(slots + targets, slots + targets)
    )
    part = connected_components(links, directed=False)[1].astype(np.int64)
    return part[:slots], part[slots:]


def _raise(  # noqa: PLR0917 - one step of allocate, split off for reading
    centre: Centre,
    given: Floats,
    span: Integers,
    slots: Integers,
    targets: Integers,
    offered: Floats,
    wanted: Floats,
) -> Floats:
    """Split of the slots that misses the targets least, shape (queues, len(slots))."""
    number = np.full(offered.size, -1, dtype=np.int64)
    number[targets] = np.arange(targets.size)
    local = np.where(span[:, slots] >= 0, number[span[:, slots]], -1)
    size = np.maximum(offered[targets], 1e-9)
    part = centre.part(slots)
    # Behind the answer rate of each target, in a last column, that of all contacts: what the whole answers.
    share_of_all = size / size.sum()

    def rates(people: Floats) -> Floats:
        each = _sums(part.answered(people), local, targets.size) / size
        return np.append(each, each @ share_of_all)

    splits = [given[:, slots]]
    reached = rates(splits[0])[None, :]
    aims = np.append(wanted[targets] / size, reached[0, -1])
    scale = np.append(np.ones(targets.size), WHOLE)
    mixture = np.ones(1)
    for _ in range(ROUNDS):
        pull = scale**2 * np.maximum(0.0, aims - mixture @ reached)
        if not pull.any():
            break
        worth = pull[:-1] / size + pull[-1] / size.sum()
        people = part.split(np.where(local >= 0, worth[local] / worth.max(), 0.0))
        found = rates(people)
        if pull @ (found - mixture @ reached) <= 1e-4 * (pull[:-1] @ pull[:-1] + pull[-1]):
            break
        splits.append(people)
        reached = np.vstack((reached, found))
        mixture = _least_missing(reached * scale, aims * scale)
    return np.asarray(np.tensordot(mixture, np.array(splits), axes=1))


def _least_missing(reached: Floats, aims: Floats) -> Floats:
    """Shares of the splits, which sum to 1, that make Σ max(0, aims − mixture · reached)² the least."""
    tried, targets = reached.shape
    sum_row = np.concatenate((np.full(tried, 1e3), np.zeros(targets)))
    matrix = np.vstack((np.hstack((reached.T, -np.eye(targets))), sum_row))
    solution = nnls(matrix, np.append(aims, 1e3))[0][:tried]
    return np.asarray(solution / solution.sum())
