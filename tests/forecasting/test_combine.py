from __future__ import annotations

import numpy as np
import pytest

from forecasting.combine import CHOICE, Combination, choose, unjudged
from forecasting.rolling import Trial


def trial(*means: float) -> Trial:
    days = len(means)
    actual = np.full((days, 2), 10.0)
    mean = np.repeat(np.array(means)[:, None], 2, axis=1)
    return Trial(np.repeat([7], days), np.arange(1, days + 1), actual, mean)


def test_scores_come_best_first() -> None:
    found = choose({"far": trial(14, 14), "near": trial(9, 11), "middle": trial(12, 12)}, 0.05)
    assert found.scores["method"].tolist() == ["near", "middle", "far"]
    assert found.scores["wape"].tolist() == pytest.approx([0.1, 0.2, 0.4])
    assert found.scores["bias"].tolist() == pytest.approx([0.0, 0.2, 0.4])
    assert found.scores["origins"].tolist() == [1, 1, 1]
    assert found.scores["days"].tolist() == [2, 2, 2]


def test_a_model_that_errs_twice_as_much_has_no_say() -> None:
    assert choose({"far": trial(14, 14), "near": trial(9, 11)}, 0.05).weights == {"near": 1.0}


def test_models_that_err_alike_keep_their_usual_shares() -> None:
    found = choose({"mixed_effects": trial(9, 11), "svd_factors": trial(11, 9)}, 0.05).weights
    assert found == pytest.approx({"mixed_effects": 1 / 3, "svd_factors": 2 / 3})


def test_the_better_of_two_models_gains_share_and_the_other_keeps_some() -> None:
    found = choose({"mixed_effects": trial(8, 11), "svd_factors": trial(8, 11.1)}, 0.05).weights
    assert 4 / 9 < found["mixed_effects"] < 1
    assert sum(found.values()) == pytest.approx(1)


def test_a_model_without_any_error_speaks_alone_the_simplest_of_several() -> None:
    trials = {"near": trial(9, 11), "simple": trial(10, 10), "clever": trial(10, 10)}
    assert choose(trials, 0.05).weights == {"simple": 1.0}


def test_a_model_tried_from_fewer_origins_is_compared_over_those_only() -> None:
    actual = np.full((4, 2), 10.0)
    origin, lead = np.array([7, 7, 14, 14]), np.array([1, 2, 1, 2])
    whole = Trial(origin, lead, actual, np.array([[20.0, 20], [20, 20], [11, 11], [9, 9]]))
    late = Trial(origin[2:], lead[2:], actual[2:], np.array([[9.0, 9], [11, 11]]))
    found = choose({"svd_factors": whole, "prophet": late}, 0.05)
    assert found.weights == pytest.approx({"svd_factors": 3 / 4, "prophet": 1 / 4})
    assert found.trial is not None
    np.testing.assert_array_equal(found.trial.origin, [14, 14])


def test_a_mix_is_scored_beside_its_models_by_what_it_would_have_said() -> None:
    found = choose({"mixed_effects": trial(8, 11), "svd_factors": trial(12, 11)}, 0.05)
    share = found.weights["mixed_effects"]
    row = found.scores.set_index("method").loc[CHOICE]
    assert row["wape"] == pytest.approx((abs(8 * share + 12 * (1 - share) - 10) + 1) / 20)
    assert row["wape"] < found.scores.set_index("method").loc["mixed_effects", "wape"]
    assert CHOICE not in set(choose({"far": trial(14, 14), "near": trial(9, 11)}, 0.05).scores["method"])


def test_a_queue_without_contacts_chooses_the_simplest() -> None:
    nothing = Trial(np.array([7]), np.array([1]), np.zeros((1, 2)), np.zeros((1, 2)))
    assert choose({"simple": nothing, "clever": nothing}, 0.05).name == "simple"


def test_without_a_back_test_there_are_no_scores() -> None:
    assert unjudged("simple").weights == {"simple": 1.0}
    assert unjudged("simple").scores.empty


def test_a_mix_is_named_with_its_shares() -> None:
    mix = Combination({"a": 0.6, "b": 0.4}, unjudged("a").scores, {})
    assert mix.name == "0.60 a + 0.40 b"


def test_the_trial_of_a_mix_is_the_weighted_mean_of_its_models() -> None:
    trials = {"a": trial(8, 12), "b": trial(12, 20)}
    found = Combination({"a": 0.75, "b": 0.25}, unjudged("a").scores, trials).trial
    assert found is not None
    np.testing.assert_allclose(found.mean, [[9, 9], [14, 14]])
    np.testing.assert_array_equal(found.actual, trials["a"].actual)
    assert unjudged("a").trial is None
