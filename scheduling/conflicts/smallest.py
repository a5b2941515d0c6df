"""A smallest set of things that cannot all hold: take any one of them away and the rest can."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
Conflicts = Callable[[tuple[Thing, ...]], bool | None]
"""Whether some things are proven not to hold together; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Smallest(Generic[Thing]):
    """Things that are proven not to hold together.

    Parameters
    ----------
    things
        In the order they were given.
    proven
        Whether all but any one of them are known to hold together; else it is a conflict all the same, but one of
        them may have no part in it.
    """

    things: tuple[Thing, ...]
    proven: bool


def smallest(things: Sequence[Thing], conflicts: Conflicts[Thing]) -> Smallest[Thing]:
    """Reduce a conflict to one of which nothing can be left out; earlier things are preferred to later ones.

    QuickXplain (Junker, AAAI 2004): k of n things are found with about k · log(n / k) questions. What is not known
    counts as no conflict, so that the answer is a conflict whatever happens.

    Parameters
    ----------
    things
        That are known not to hold together.
    conflicts
        Asked of some of them.
    """
    asked = _Asked(conflicts)
    kept = set() if asked(()) else set(_reduced(asked, (), range(len(things)), things, grown=False))
    return Smallest(tuple(thing for n, thing in enumerate(things) if n in kept), proven=not asked.in_doubt)


def smallest_by(
    things: Sequence[Thing], keys: Sequence[Callable[[Thing], Hashable]], conflicts: Conflicts[Thing]
) -> Smallest[Thing]:
    """Reduce a conflict in groups first, all of a group or none of it, and at last thing by thing.

    Many things are left out with few questions, so that there is something to tell also where time ends it early.

    Parameters
    ----------
    things
        That are known not to hold together.
    keys
        Things with the same key are a group, by one key after another.
    conflicts
        Asked of some of them.
    """
    left = tuple(things)
    for key in keys:
        groups = tuple(dict.fromkeys(map(key, left)))
        if 1 < len(groups) < len(left):
            kept = smallest(groups, _of_groups(left, key, conflicts)).things
            left = tuple(thing for thing in left if key(thing) in kept)
    return smallest(left, conflicts)


def _of_groups(
    things: tuple[Thing, ...], key: Callable[[Thing], Hashable], conflicts: Conflicts[Thing]
) -> Conflicts[Hashable]:
    return lambda groups: conflicts(tuple(thing for thing in things if key(thing) in groups))


class _Asked(Generic[Thing]):
    """Questions, and whether one was left without an answer."""

    def __init__(self, conflicts: Conflicts[Thing]) -> None:
        self._conflicts = conflicts
        self.in_doubt = False

    def __call__(self, things: tuple[Thing, ...]) -> bool:
        found = self._conflicts(things)
        self.in_doubt |= found is None
        return bool(found)


def _reduced(
    asked: _Asked[Thing], held: tuple[int, ...], open_: Sequence[int], things: Sequence[Thing], *, grown: bool
) -> tuple[int, ...]:
    """Those of the open things that are needed beside what is held."""
    if grown and asked(tuple(things[n] for n in sorted(held))):
        return ()
    if len(open_) <= 1:
        return tuple(open_)
    half = len(open_) // 2
    first, second = open_[:half], open_[half:]
    later = _reduced(asked, (*held, *first), second, things, grown=True)
    earlier = _reduced(asked, (*held, *later), first, things, grown=bool(later))
    return (*earlier, *later)
