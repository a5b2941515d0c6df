from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import FaultyFileError, UnknownNameError
from data.mapping import (
    Ambiguous,
    ColumnMapping,
    Kept,
    Nonexistent,
    Rule,
    TimeRules,
    load_mapping,
    mapping_names,
    parse_mapping,
)

HISTORY = '[history]\ncolumns = { queue = "q", start = "s", offered = "o" }\n'
CALLS = """
[calls]
columns = { queue = "q", start = "s" }
[[calls.rules]]
when = { r = "ok" }
as = "answered"
"""


def parse(content: str) -> ColumnMapping:
    return parse_mapping("m.toml", content.encode())


def test_the_shipped_mappings_are_sound_and_told_by_name() -> None:
    assert mapping_names() == ("anonymous_bank", "default")
    for name in mapping_names():
        assert load_mapping(name).about


def test_every_part_of_a_mapping_is_read() -> None:
    mapping = parse(
        """
about = "our switch"
skip_lines = 2
queue_names = { SG1 = "cards" }

[time]
timezone = "Asia/Shanghai"
format = "%d/%m/%Y %H:%M"
date_format = "%y%m%d"
none = ["-", "0:00"]
ambiguous = "second"
nonexistent = "shift"

[history]
columns = { queue = "技能组", start = "时间", offered = "转人工请求量", answered = "接听" }
constants = { interval_min = "30" }
optional = "answered"
[[history.rules]]
when = { "技能组" = ["合计", "Total"] }
as = "ignored"
reason = "a total"

[calls]
columns = { queue = "q", date = "d", start = ["a", "b"], after = "c", wait_s = "w", handle_time_s = "h" }
constants = {}
threshold_s = 10
max_handle_s = 3600.5
interval_min = 15
[[calls.rules]]
when = { r = "ok", s = ["1", "2"] }
as = "answered"
[[calls.rules]]
when = { r = "lost" }
as = "abandoned"

[agents]
columns = { agent_id = "工号" }

[[queue]]
queue = "cards"
interval_min = 15
open = "08:00"
"""
    )
    assert (mapping.name, mapping.about, mapping.skip_lines) == ("m.toml", "our switch", 2)
    assert mapping.queue_names == {"SG1": "cards"}
    assert mapping.times == TimeRules(
        timezone="Asia/Shanghai",
        format="%d/%m/%Y %H:%M",
        date_format="%y%m%d",
        none=frozenset({"-", "0:00"}),
        ambiguous=Ambiguous.SECOND,
        nonexistent=Nonexistent.SHIFT,
    )
    assert mapping.history is not None
    assert mapping.history.columns["offered"] == "转人工请求量"
    assert mapping.history.constants == {"interval_min": "30"}
    assert mapping.history.optional == {"answered"}
    assert mapping.history.rules == (
        Rule(when={"技能组": frozenset({"合计", "Total"})}, kept=Kept.IGNORED, reason="a total"),
    )
    assert mapping.calls is not None
    assert mapping.calls.start == ("a", "b")
    assert mapping.calls.columns == {
        "queue": "q",
        "date": "d",
        "after": "c",
        "wait_s": "w",
        "handle_time_s": "h",
    }
    assert (mapping.calls.threshold_s, mapping.calls.max_handle_s, mapping.calls.interval_min) == (
        10,
        3600.5,
        15,
    )
    assert [rule.kept for rule in mapping.calls.rules] == [Kept.ANSWERED, Kept.ABANDONED]
    assert mapping.calls.rules[0].when == {"r": frozenset({"ok"}), "s": frozenset({"1", "2"})}
    assert mapping.reference == {"agents": {"agent_id": "工号"}}
    assert mapping.queue_rows == ({"queue": "cards", "interval_min": "15", "open": "08:00"},)


def test_a_mapping_may_read_one_kind_of_file_only() -> None:
    assert parse(HISTORY).calls is None
    assert parse(CALLS).history is None
    assert parse('[agents]\ncolumns = { name = "n" }').reference == {"agents": {"name": "n"}}


@pytest.mark.parametrize(
    ("content", "column", "reason"),
    [
        ("", "history", "the mapping reads nothing"),
        ("[history", None, "is not TOML"),
        (f"{HISTORY}answers = 3", "history.answers", "unknown name"),
        (f"speed = 3\n{HISTORY}", "speed", "unknown name"),
        (f"skip_lines = -1\n{HISTORY}", "skip_lines", "negative"),
        (f"skip_lines = true\n{HISTORY}", "skip_lines", "wrong type"),
        (f"about = 3\n{HISTORY}", "about", "wrong type"),
        (f"queue_names = 3\n{HISTORY}", "queue_names", "no table of texts"),
        (f"queue = 3\n{HISTORY}", "queue", "no list of sections"),
        (f"{HISTORY}[[queue]]\nopen = [7]", "queue 1.open", "neither text nor a number"),
        (f'{HISTORY}[time]\ntimezone = "Mars"', "time.timezone", "unknown time zone"),
        (f'{HISTORY}[time]\nformat = "%H:%M"', "time.format", "does not tell year, month and day"),
        (f'{HISTORY}[time]\ndate_format = "%Q"', "time.date_format", "does not tell year, month and day"),
        (f'{HISTORY}[time]\nambiguous = "maybe"', "time.ambiguous", "unknown word"),
        (f"{HISTORY}[time]\nnone = [3]", "time.none", "no text and no list of texts"),
        ("history = 3", "history", "this is no section"),
        (
            '[history]\ncolumns = { queue = "q", start = "s" }',
            "history.columns.offered",
            "no column is named",
        ),
        (HISTORY.replace("offered", "ofered"), "history.columns.ofered", "we have no such column"),
        (f'{HISTORY}optional = ["offered"]', "optional", "must be there"),
        (
            f'{HISTORY}[[history.rules]]\nwhen = {{ a = "x" }}\nas = "answered"',
            "history.rules",
            "are only left out",
        ),
        (CALLS.replace('as = "answered"', ""), "calls.rules 1.as", "does not say what the rows are"),
        (CALLS.replace("answered", "ignored"), "calls.rules 1.reason", "without a reason"),
        (CALLS.replace('when = { r = "ok" }', ""), "calls.rules 1.when", "fits nothing"),
        (CALLS.split("[[", maxsplit=1)[0], "calls.rules", "nothing says which calls were answered"),
        (CALLS.replace('start = "s"', 'start = "s", after = "a"'), "calls.columns", "needs the date"),
        (CALLS.replace("[[", "interval_min = 20\n[["), "calls.interval_min", "15, 30 or 60"),
        (CALLS.replace("[[", "threshold_s = 0\n[["), "calls.threshold_s", "not above 0"),
    ],
)
def test_each_slip_in_a_mapping_is_named_by_its_place(content: str, column: str | None, reason: str) -> None:
    with pytest.raises(FaultyFileError) as error:
        parse(content)
    told = [(fault.column, fault.reason) for fault in error.value.faults]
    assert any((column is None or column in (place or "")) and reason in why for place, why in told), told
    assert all(fault.repair and fault.source == "m.toml" for fault in error.value.faults)


def test_all_slips_are_told_at_once() -> None:
    with pytest.raises(FaultyFileError) as error:
        parse('skip_lines = -1\n[time]\ntimezone = "Mars"\n[history]\ncolumns = { queue = "q" }')
    assert len(error.value.faults) == 4


def test_a_workspace_s_own_mapping_goes_before_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "default.toml").write_text(f'about = "mine"\n{HISTORY}')
    (tmp_path / "own.toml").write_text(HISTORY)
    assert load_mapping("default", folder=tmp_path).about == "mine"
    assert mapping_names(tmp_path) == ("anonymous_bank", "default", "own")
    assert load_mapping(tmp_path / "own.toml").history is not None


def test_an_unknown_mapping_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown mapping 'avaya'. Known: anonymous_bank, default"):
        load_mapping("avaya", folder=tmp_path)
    with pytest.raises(FaultyFileError, match="cannot be read: No such file"):
        load_mapping(tmp_path / "avaya.toml")


def test_the_default_mapping_names_every_column_by_our_own_name() -> None:
    mapping = load_mapping("default")
    assert mapping.history is not None
    assert all(ours == theirs for ours, theirs in mapping.history.columns.items())
    assert mapping.calls is not None
    assert all(ours == theirs for ours, theirs in mapping.calls.columns.items())
