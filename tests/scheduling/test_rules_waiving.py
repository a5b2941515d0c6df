from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from data.domain import Violation
from data.waivers import Waiver
from scheduling.rules import RULES
from scheduling.rules.by_law import LAW_RULES
from scheduling.rules.waiving import WAIVABLE, Waived, part_waived

ZONE = "Asia/Shanghai"
AT = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
"""06:00 on 3 March in Shanghai."""
BROKEN = Violation(rule="rest", agent_id="A1", start=AT, message="9 h of rest")
WAIVER = Waiver(
    id="w", roster="r", agent_id="A1", day=date(2026, 3, 3), rule="rest", by="Li Wei", reason="asked for it"
)


def test_a_waived_rule_is_listed_with_its_waiver_instead_of_broken() -> None:
    assert part_waived([BROKEN], [WAIVER], ZONE) == ((), (Waived(BROKEN, WAIVER),))


def test_a_waiver_covers_its_person_day_and_rule_alone_and_none_once_it_is_withdrawn() -> None:
    others = [
        replace(WAIVER, agent_id="A2"),
        replace(WAIVER, day=date(2026, 3, 2)),
        replace(WAIVER, rule="time off"),
        replace(WAIVER, withdrawn_at=AT, withdrawn_by="Wang"),
    ]
    assert part_waived([BROKEN], others, ZONE) == ((BROKEN,), ())


def test_what_a_shift_is_cannot_be_waived() -> None:
    apart = replace(BROKEN, rule="breaks apart")
    assert part_waived([apart], [replace(WAIVER, rule="breaks apart")], ZONE) == ((apart,), ())


def test_rules_that_can_be_waived_are_rules() -> None:
    spoken = {"weekly hours most": "weekly hours at most", "weekly hours least": "weekly hours at least"}
    names = {rule.__name__.replace("_", " ") for rule in (*RULES, *LAW_RULES)}
    assert set(WAIVABLE) < {spoken.get(name, name) for name in names}
    assert {rule.__name__.replace("_", " ") for rule in LAW_RULES[1:]} < set(WAIVABLE)
