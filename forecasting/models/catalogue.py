"""Every model by name, in the order of simplicity: of equals the simpler is chosen."""

from __future__ import annotations

from data.errors import UnknownNameError
from forecasting.models.base import Model
from forecasting.models.mixed_effects import MixedEffects
from forecasting.models.prophet_totals import ProphetTotals
from forecasting.models.seasonal_naive import SeasonalNaive
from forecasting.models.svd_factors import SvdFactors
from forecasting.models.weekday_mean import WeekdayMean
from forecasting.settings import Settings


def candidates(settings: Settings, seed: int) -> tuple[Model, ...]:
    """Models the settings name, simplest first.

    Raises
    ------
    UnknownNameError
        A name no model bears.
    """
    known: tuple[Model, ...] = (
        SeasonalNaive(),
        WeekdayMean(),
        MixedEffects(),
        SvdFactors(),
        ProphetTotals(seed=seed, profile_weeks=settings.profile_weeks),
    )
    names = [model.name for model in known]
    for name in settings.models:
        if name not in names:
            raise UnknownNameError("model", name, names)
    return tuple(model for model in known if model.name in settings.models)
