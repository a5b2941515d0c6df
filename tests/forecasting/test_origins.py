from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from forecasting.models.base import Model
from forecasting.origins import plan_trial


@dataclass(frozen=True)
class Named:
    name: str
    least_days: int


MODELS = cast("tuple[Model, ...]", (Named("simple", 1), Named("demanding", 40)))


def plan(days: int, lead_days: int = 7, gap: slice | None = None) -> tuple[tuple[int, ...], int, list[str]]:
    usable = np.ones(days, dtype=bool)
    if gap is not None:
        usable[gap] = False
    found = plan_trial(usable, lead_days, MODELS, 4, 7)
    return found.origins, found.horizon_days, [model.name for model in found.models]


def test_four_origins_a_week_apart_where_history_allows() -> None:
    assert plan(400) == ((393, 386, 379, 372), 7, ["simple", "demanding"])


def test_every_origin_leaves_each_candidate_enough_history() -> None:
    assert plan(54) == ((47, 40), 7, ["simple", "demanding"])


def test_a_demanding_model_with_a_single_origin_is_no_candidate() -> None:
    assert plan(53) == ((46, 39, 32, 25), 7, ["simple"])


def test_one_origin_serves_the_simple_models_and_a_week_gives_none() -> None:
    assert plan(14) == ((7,), 7, ["simple"])
    assert plan(13) == ((), 7, ["simple"])
    assert plan(7) == ((), 7, ["simple"])


def test_a_horizon_of_weeks_is_judged_over_as_many_days() -> None:
    assert plan(400, lead_days=21)[:2] == ((393, 386, 379, 372), 21)


def test_a_long_horizon_is_judged_over_months_where_history_allows() -> None:
    assert plan(400, lead_days=365)[:2] == ((372, 344, 316, 288), 91)
    assert plan(60, lead_days=365)[:2] == ((53, 46), 28)


def test_after_a_gap_the_weeks_before_it_are_judged() -> None:
    assert plan(120, gap=slice(100, 120))[0] == (93, 86, 79, 72)


def test_weeks_without_a_usable_day_are_passed_over() -> None:
    assert plan(120, gap=slice(105, 113))[0] == (113, 99, 92, 85)


def test_origins_four_weeks_apart_are_five_at_most() -> None:
    found = plan_trial(np.ones(900, dtype=bool), 91, MODELS, 8, 7)
    assert found.origins == (872, 844, 816, 788, 760)
    assert len(plan_trial(np.ones(900, dtype=bool), 7, MODELS, 8, 7).origins) == 8
