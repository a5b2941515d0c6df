"""Days side by side: the answer rate that was, and the one the answer curves give for the people who were there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scheduling.arguments import Floats
from scheduling.calibration_observed import daily

DAYS = ["date", "offered", "answered", "answer_rate", "predicted", "without"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How far predicted daily answer rates lie from those that were.

    Parameters
    ----------
    days
        Local days with contacts; each counts alike.
    mae
        Mean of |predicted − observed|, a fraction.
    bias
        Mean of predicted − observed.
    correlation
        Of the two over the days; None where either does not vary.
    """

    days: int
    mae: float
    bias: float
    correlation: float | None


def reconcile(frame: pd.DataFrame, predicted: Floats, without: Floats) -> pd.DataFrame:
    """Observed and predicted answer rates by local day.

    Parameters
    ----------
    frame
        As in `Observed`.
    predicted, without
        Answer rate of each interval with the factors and with factor 1.

    Returns
    -------
    DataFrame
        Columns `DAYS`: date, offered, answered (contacts), answer_rate, predicted, without (answered / offered); days
        without contacts are left out.
    """
    offered = frame["offered"].to_numpy(dtype=float)
    days = pd.DataFrame(
        {
            "offered": daily(frame, offered),
            "answered": daily(frame, frame["answered"].to_numpy(dtype=float)),
            "predicted": daily(frame, offered * predicted),
            "without": daily(frame, offered * without),
        }
    )
    days = days[days["offered"] > 0]
    days["answer_rate"] = days["answered"] / days["offered"]
    for column in ("predicted", "without"):
        days[column] /= days["offered"]
    return days.rename_axis("date").reset_index()[DAYS]


def accuracy(days: pd.DataFrame, column: str = "predicted") -> Accuracy:
    """Error of one column of `reconcile` over its days.

    Parameters
    ----------
    days
        At least one day.
    column
        "predicted" or "without".
    """
    error = (days[column] - days["answer_rate"]).to_numpy(dtype=float)
    varies = len(days) > 2 and days[column].std() > 0 and days["answer_rate"].std() > 0
    both = np.corrcoef(days[column], days["answer_rate"])[0, 1] if varies else None
    return Accuracy(
        days=len(days),
        mae=float(np.abs(error).mean()),
        bias=float(error.mean()),
        correlation=None if both is None else float(both),
    )
