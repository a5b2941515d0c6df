"""What a search for a roster has found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Found:
    """A roster and what is proven of it.

    Parameters
    ----------
    tours
        People × days of duties.
    price
        Of wishes and cover.
    bound
        No roster is cheaper; −∞ where nothing is proven.
    """

    tours: np.ndarray
    price: float
    bound: float


Tell = Callable[[str, Found], None]
"""Called with the phase and the best roster so far."""
