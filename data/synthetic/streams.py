"""Random streams by name: one more queue or person draws from its own stream and shifts nobody else's."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the generator that belongs to a seed and a path of names, such as ("vip", "arrivals").

    Streams of unlike names are independent (`SeedSequence` with the names as spawn key); the same seed and
    names always give the same numbers.
    """
    key = tuple(zlib.crc32(name.encode()) for name in names)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
