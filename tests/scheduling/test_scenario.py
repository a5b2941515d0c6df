import pytest

from data.domain import OpeningSpan, Queue, Target
from data.errors import InputError, UnknownNameError
from data.shrinkage import Shrinkage
from scheduling.scenario import Change, Scenario, changed, check_names

CARDS = Queue(id="cards", shrinkage=0.1, hours=(OpeningSpan(open_min=540, close_min=720),))


def test_a_queue_of_its_own_goes_before_every_queue_value_by_value() -> None:
    every = Change(volume_factor=1.2, shrinkage=0.3)
    scenario = Scenario(name="s", every=every, queues={"cards": Change(shrinkage=0.2, containment=0.5)})
    assert scenario.change_of("vip") == every
    assert scenario.change_of("cards") == Change(volume_factor=1.2, shrinkage=0.2, containment=0.5)


def test_contacts_left_are_the_volume_without_what_is_contained() -> None:
    change = Change(volume_factor=1.2, containment=0.25, aht_factor=0.9, remainder_aht_factor=1.5)
    assert change.contacts_factor == pytest.approx(0.9)
    assert change.handle_time_factor == pytest.approx(1.35)


def test_the_remainder_is_longer_only_where_something_is_contained() -> None:
    scenario = Scenario(
        name="s", every=Change(remainder_aht_factor=1.5), queues={"cards": Change(containment=0.2)}
    )
    assert scenario.change_of("cards").handle_time_factor == 1.5
    assert scenario.change_of("vip").handle_time_factor == 1.0


def test_shrinkage_takes_the_place_of_all_shrinkage_whatever_its_cause() -> None:
    part = Shrinkage(cause="training", share=0.2)
    queue = Queue(id="cards", shrinkage=0.1, shrinkages=(part,), adherence=0.9)
    found = changed(queue, Change(shrinkage=0.3))
    assert (found.shrinkage, found.shrinkages, found.adherence) == (0.3, (), 0.9)
    assert changed(queue, Change(patience_s=60.0)).shrinkages == (part,)


def test_targets_and_patience_take_new_values_and_the_rest_stays() -> None:
    queue = Queue(id="cards", target=Target(min_agents=2, service_level=0.8, threshold_s=20.0))
    found = changed(queue, Change(answer_rate=0.9, interval_floor=0.7, service_level=0.85, patience_s=60.0))
    assert found.target == Target(
        answer_rate=0.9, interval_floor=0.7, service_level=0.85, threshold_s=20.0, min_agents=2
    )
    assert found.patience_s == 60.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"containment": 1.4}, "containment is a share from 0 to 1, not 1.4"),
        ({"containment": -0.1}, "containment is a share from 0 to 1, not -0.1"),
        ({"volume_factor": 0.0}, "volume_factor is above 0 and at most 100, not 0"),
        ({"volume_factor": 1000.0}, "volume_factor is above 0 and at most 100, not 1000"),
        ({"aht_factor": float("nan")}, "aht_factor is above 0 and at most 100, not nan"),
        ({"shrinkage": 1.0}, "shrinkage is a share from 0 to below 1, not 1"),
        ({"answer_rate": 1.0}, "answer_rate is a share from 0 to below 1, not 1. Give 0.95 for 95 %"),
        ({"patience_s": float("inf")}, "patience_s must be finite and above 0, not inf"),
        ({"remainder_aht_factor": 1.2}, "remainder_aht_factor 1.2 is of contacts a chatbot leaves"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_its_queue(change: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=r"^every queue: ") as every:
        Scenario(name="s", every=Change(**change))
    with pytest.raises(InputError, match=r"^queue 'cards': ") as one:
        Scenario(name="s", queues={"cards": Change(**change)})
    assert words in str(every.value)
    assert words in str(one.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(service_level=0.8), "queue 'cards': service_level 0.8 needs a threshold"),
        (Change(threshold_s=20.0), "queue 'cards': threshold_s 20 has no service level"),
    ],
)
def test_a_service_level_and_its_threshold_go_together(change: Change, words: str) -> None:
    with pytest.raises(InputError, match=words):
        changed(CARDS, change)
    assert changed(CARDS, Change(service_level=0.8, threshold_s=20.0)).target.threshold_s == 20.0


def test_scenarios_have_names_of_their_own_and_queues_that_are_there() -> None:
    with pytest.raises(InputError, match="two scenarios are called 'a'"):
        check_names([Scenario(name="a"), Scenario(name="a")], ["cards"])
    with pytest.raises(InputError, match="there is no scenario"):
        check_names([], ["cards"])
    with pytest.raises(UnknownNameError, match="unknown queue 'card'"):
        check_names([Scenario(name="a", queues={"card": Change()})], ["cards"])
    with pytest.raises(InputError, match="needs a name"):
        Scenario(name=" ")
