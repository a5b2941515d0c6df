"""A forecast at another volume: more or fewer contacts of the same kind, or what a chatbot leaves of them.

A count N with mean m and variance V is the sum of two scatters: arrivals around an expected number (variance m,
Poisson), and the uncertainty of that number (variance V − m). A factor f on the expected number leaves the first
Poisson and scales the second:

    mean f m, variance f m + f² (V − m) = f² V + f (1 − f) m

For f = 1 − containment this is binomial thinning, exact for any count: Var[B(N, f)] = f² Var N + f (1 − f) E N.
The relative spread, variance over squared mean, grows by (1 − f) / (f m): fewer contacts are harder to foresee,
and scaling the quantiles by f alone would promise too much. The uncertainty of the expected number stays as it is,
relative to it, which is what `scheduling.demand` draws out of the quantiles again: its levels scale by f exactly.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.schema import FORECAST, QUANTILE_COLUMNS, conform
from scheduling.arguments import Floats
from scheduling.demand import LEVEL_COLUMNS, LEVEL_WEIGHTS, VARIANCE_HELD


def at_volume(forecast: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Forecast with `factor` times the contacts.

    Quantiles keep their shape around their centre; only its place and its width change. Where that would put one
    below 0 contacts, it is 0.

    Parameters
    ----------
    forecast
        FORECAST frame.
    factor
        At least 0; below 1 each contact stays with that probability.

    Returns
    -------
    DataFrame
        FORECAST with the same rows and handle times.

    Raises
    ------
    SchemaError
        The frame does not keep its schema.
    """
    known = conform(forecast, FORECAST)
    mean = known["mean"].to_numpy(dtype=float)
    levels = known[list(LEVEL_COLUMNS)].to_numpy(dtype=float)
    centre = levels @ LEVEL_WEIGHTS
    width = _width(mean, levels, centre, factor)
    changed = {"mean": factor * mean}
    for name in QUANTILE_COLUMNS:
        quantile = known[name].to_numpy(dtype=float)
        changed[name] = np.maximum(0.0, factor * centre + width * (quantile - centre))
    return known.assign(**changed)


def _width(mean: Floats, levels: Floats, centre: Floats, factor: float) -> Floats:
    """What the quantiles' distances from their centre are multiplied by, shape (n,)."""
    # Quantiles may lie around another centre than the mean: their variance is taken as that of a count of this mean.
    scale = np.divide(mean, centre, out=np.zeros_like(mean), where=centre > 0)
    variance = ((levels - centre[:, None]) ** 2 @ LEVEL_WEIGHTS) * scale**2 / VARIANCE_HELD
    per_variance = np.divide(mean, variance, out=np.zeros_like(mean), where=variance > 0)
    squared = factor**2 + factor * (1.0 - factor) * per_variance
    # Quantiles narrower than Poisson have no uncertainty of the expected number that could be scaled up.
    return np.asarray(np.sqrt(np.maximum(squared, factor if factor > 1.0 else 0.0)))
