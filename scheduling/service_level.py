"""Service level by its four formulas, of shares as of counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from data.domain import ServiceLevelFormula
from scheduling.arguments import Floats


def service_level(
    formula: ServiceLevelFormula,
    *,
    offered: ArrayLike,
    answered: ArrayLike,
    answered_in_time: ArrayLike,
    abandoned_in_time: ArrayLike,
) -> Floats:
    """Share answered within the threshold, by the formula.

    Parameters
    ----------
    offered, answered
        Contacts, or shares of one total.
    answered_in_time, abandoned_in_time
        Those of them answered, and gone, within the threshold.

    Returns
    -------
    array
        In 0–1. Nothing offered: 1. Offered, but nothing to count (none answered in F2; all gone in time in F4): 0.
    """
    offered, answered, in_time, gone = (
        np.asarray(value, dtype=float) for value in (offered, answered, answered_in_time, abandoned_in_time)
    )
    if formula is ServiceLevelFormula.F1:
        held, counted = in_time + gone, offered
    elif formula is ServiceLevelFormula.F2:
        held, counted = in_time, answered
    elif formula is ServiceLevelFormula.F3:
        held, counted = in_time, offered
    else:
        held, counted = in_time, offered - gone
    share = np.where(counted > 0, held / np.where(counted > 0, counted, 1.0), 0.0)
    return np.where(offered > 0, np.clip(share, 0.0, 1.0), 1.0)
