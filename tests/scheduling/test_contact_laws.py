from __future__ import annotations

import numpy as np
import pytest

from data.domain import Channel, Queue
from data.errors import InputError, UnknownNameError
from forecasting.patience import patience_of_calls
from scheduling.contact_laws import Laws, Service, patience_of_curve, queue_laws

CARDS, VIP = Queue(id="cards", patience_s=100.0), Queue(id="vip", patience_s=50.0)
MIXED = np.tile([0, 1], 20_000)
MEANS = np.array([100.0, 50.0])


def source() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.parametrize(
    ("laws", "cv"),
    [
        (Laws(cv=0.0), 0.0),
        (Laws(cv=0.6), 0.6),
        (Laws(cv=1.3), 1.3),
        (Laws(service=Service.EXPONENTIAL), 1.0),
    ],
)
def test_handle_times_have_mean_one_and_the_cv_asked_for(laws: Laws, cv: float) -> None:
    drawn = queue_laws(laws, [CARDS, VIP]).handle_factors(source(), MIXED)
    assert drawn.mean() == pytest.approx(1.0, abs=0.03)
    assert drawn.std() == pytest.approx(cv, rel=0.08)


@pytest.mark.parametrize("service", list(Service))
def test_measured_handle_times_are_scaled_to_mean_one_and_touch_no_other_queue(service: Service) -> None:
    measured = [400.0, 100.0, 100.0]
    plain = queue_laws(Laws(service), [CARDS, VIP]).handle_factors(source(), MIXED)
    drawn = queue_laws(Laws(service, handle_times={"vip": measured}), [CARDS, VIP]).handle_factors(
        source(), MIXED
    )
    assert np.array_equal(drawn[::2], plain[::2])
    found, share = np.unique(drawn[1::2], return_counts=True)
    assert found.tolist() == [0.5, 2.0]
    assert share / share.sum() == pytest.approx([2 / 3, 1 / 3], abs=0.01)


def test_patience_is_exponential_unless_it_was_measured() -> None:
    laws = queue_laws(Laws(patience={"vip": [0.0, 30.0, np.inf, 0.0]}), [CARDS, VIP])
    drawn = laws.patiences(source(), MIXED, MEANS)
    assert drawn[::2].mean() == pytest.approx(100.0, rel=0.02)
    assert np.mean(drawn[::2] > 200.0) == pytest.approx(np.exp(-2.0), abs=0.01)
    found, share = np.unique(drawn[1::2], return_counts=True)
    assert found.tolist() == [0.0, 30.0, np.inf]
    assert share / share.sum() == pytest.approx([0.5, 0.25, 0.25], abs=0.01)


def test_contacts_that_can_wait_never_leave() -> None:
    drawn = queue_laws(Laws(), [CARDS, VIP]).patiences(source(), MIXED, np.array([np.inf, 50.0]))
    assert np.isinf(drawn[::2]).all()
    assert np.isfinite(drawn[1::2]).all()


def test_a_staying_curve_becomes_equally_likely_patiences() -> None:
    # A tenth leaves at once, three tenths at 20 s, half at 60 s; one in ten stays beyond, leaving as fast as
    # until then: S(t) = 0.1 ^ (t / 60).
    found = patience_of_curve([0.0, 20.0, 60.0], [0.9, 0.6, 0.1], points=100)
    assert found[:90].tolist() == [0.0] * 10 + [20.0] * 30 + [60.0] * 50
    rate = -np.log(0.1) / 60
    assert found[90:] == pytest.approx(60 + np.log(0.1 / (0.095 - 0.01 * np.arange(10))) / rate)


def test_patience_seen_through_answered_calls_is_found_again() -> None:
    # Who is answered first never shows its patience; a fifth leaves within a second.
    random = np.random.default_rng(3)
    patience = np.where(random.random(20_000) < 0.2, random.random(20_000), random.exponential(90.0, 20_000))
    answered = random.exponential(60.0, 20_000)
    curve = patience_of_calls(np.minimum(patience, answered), patience < answered).curve
    found = patience_of_curve(curve["wait_s"], curve["staying"])
    for level in (0.1, 0.3, 0.5, 0.8):
        assert np.quantile(found, level) == pytest.approx(np.quantile(patience, level), rel=0.1)
    assert found.mean() == pytest.approx(patience.mean(), rel=0.05)


def test_an_exponential_curve_gives_back_its_mean() -> None:
    wait = np.linspace(0.1, 300.0, 3000)
    assert patience_of_curve(wait, np.exp(-wait / 120.0)).mean() == pytest.approx(120.0, rel=0.01)


@pytest.mark.parametrize(
    ("wait", "staying", "message"),
    [
        ([], [], "ascending order"),
        ([20.0, 10.0], [0.9, 0.8], "ascending order"),
        ([10.0, 20.0], [0.8, 0.9], "ascending order"),
        ([10.0], [1.0], "ends below 1"),
        ([10.0], [-0.1], "between 0 and 1"),
    ],
)
def test_a_curve_that_is_none_is_refused(wait: list[float], staying: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        patience_of_curve(wait, staying)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"cv": -1.0}, "cv must be finite and at least 0, not -1"),
        ({"handle_times": {"cards": [0.0]}}, "queue 'cards': handle_times"),
        ({"handle_times": {"cards": [np.inf]}}, "queue 'cards': handle_times"),
        ({"handle_times": {"cards": []}}, "queue 'cards': handle_times"),
        ({"patience": {"cards": [-1.0]}}, "queue 'cards': patience"),
        ({"patience": {"cards": [np.nan]}}, "queue 'cards': patience"),
    ],
)
def test_values_out_of_bounds_are_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Laws(**given)


def test_measured_values_are_of_queues_there_are_and_that_need_them() -> None:
    with pytest.raises(UnknownNameError, match="unknown queue 'funds'"):
        queue_laws(Laws(handle_times={"funds": [1.0]}), [CARDS])
    mail = Queue(id="mail", channel=Channel.DEFERRED)
    with pytest.raises(InputError, match="queue 'mail': its contacts wait for a deadline"):
        queue_laws(Laws(patience={"mail": [1.0]}), [mail])
