import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from data.domain import Agent, Assignment
from ui.exports.to_ics import file_names


def events(data: bytes) -> list[Component]:
    return Calendar.from_ical(data).walk("VEVENT")


def one(case: Any, tmp_path: Path, **changes: object) -> bytes:
    out = tmp_path / "all.ics"
    case.write(out, "ics", **changes)
    return out.read_bytes()


def test_one_calendar_holds_everybodys_shifts_as_instants(case: Any, tmp_path: Path) -> None:
    found = {
        (event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in events(one(case, tmp_path))
    }
    assert found == {(shift.start, shift.end) for shift in case.roster.assignments}


def test_the_common_calendar_names_the_person_first(case: Any, tmp_path: Path) -> None:
    summaries = {str(event["summary"]) for event in events(one(case, tmp_path))}
    assert "陈伟 · night_9h 22:00–07:00 +1" in summaries
    assert "Zoe · part_5h 09:00–14:00" in summaries


def test_a_folder_has_one_calendar_a_person_without_the_name_in_its_summaries(
    case: Any, tmp_path: Path
) -> None:
    paths = case.write(tmp_path / "calendars", "ics")
    assert [path.name for path in paths] == ["Li_Na_a2.ics", "Zoe_b1.ics", "陈伟_a1.ics"]
    assert [str(event["summary"]) for event in events(paths[0].read_bytes())] == ["day_9h 09:00–18:00"]
    assert len(events(paths[2].read_bytes())) == 2


def test_an_empty_folder_takes_calendars(case: Any, tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    assert len(case.write(tmp_path / "calendars", "ics")) == 3


def test_a_zip_holds_what_the_folder_holds(case: Any, tmp_path: Path) -> None:
    paths = case.write(tmp_path / "calendars", "ics")
    case.write(tmp_path / "calendars.zip", "ics")
    with zipfile.ZipFile(tmp_path / "calendars.zip") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path.name: path.read_bytes() for path in paths
        }


def test_people_without_a_shift_get_no_calendar(case: Any, tmp_path: Path) -> None:
    first = replace(case, roster=replace(case.roster, assignments=case.roster.assignments[:1]))
    assert [path.name for path in first.write(tmp_path / "calendars", "ics")] == ["陈伟_a1.ics"]


def test_times_name_a_zone_the_calendar_defines(case: Any, tmp_path: Path) -> None:
    calendar = Calendar.from_ical(one(case, tmp_path))
    assert calendar.get_missing_tzids() == set()
    assert [str(zone["tzid"]) for zone in calendar.timezones] == ["Asia/Shanghai"]
    assert {event["dtstart"].params["TZID"] for event in calendar.walk("VEVENT")} == {"Asia/Shanghai"}


@pytest.mark.parametrize("day", [date(2024, 3, 30), date(2024, 7, 1), date(2024, 10, 26), date(2024, 12, 31)])
def test_the_zone_in_the_calendar_has_the_offsets_of_the_day(
    autumn_night: Any, shift: Callable[..., Assignment], tmp_path: Path, day: date
) -> None:
    night = shift("a1", day, 1320, 540, timezone="Europe/Berlin")
    moved = replace(autumn_night, roster=replace(autumn_night.roster, first=day, assignments=(night,)))
    calendar = Calendar.from_ical(one(moved, tmp_path))
    zone = calendar.timezones[0].to_tz(lookup_tzid=False)
    (event,) = calendar.walk("VEVENT")
    for moment, instant in ((event.start, night.start), (event.end, night.end)):
        assert moment.replace(tzinfo=zone).astimezone(UTC) == instant


def test_the_second_run_of_a_repeated_hour_is_written_in_utc(
    autumn_night: Any, shift: Callable[..., Assignment], tmp_path: Path
) -> None:
    late = shift("a1", date(2024, 10, 27), 180 + 30, 300, timezone="Europe/Berlin")
    again = replace(autumn_night, roster=replace(autumn_night.roster, assignments=(late,)))
    (event,) = events(one(again, tmp_path))
    assert event["dtstart"].to_ical() == b"20241027T013000Z"
    assert (event.start, event.end) == (late.start, late.end)


def test_a_roster_in_utc_needs_no_zone(case: Any, tmp_path: Path) -> None:
    calendar = Calendar.from_ical(one(replace(case, roster=replace(case.roster, timezone="UTC")), tmp_path))
    assert calendar.timezones == []
    assert {event.start for event in calendar.walk("VEVENT")} == {s.start for s in case.roster.assignments}


def test_a_shift_keeps_its_uid_when_exported_again_with_other_hours(case: Any, tmp_path: Path) -> None:
    before = {event["uid"] for event in events(one(case, tmp_path))}
    later = tuple(
        replace(shift, end=shift.end + timedelta(hours=1), pattern="longer")
        for shift in case.roster.assignments
    )
    moved = replace(case, roster=replace(case.roster, assignments=later))
    assert {
        event["uid"] for event in events(one(moved, tmp_path, clock=lambda: datetime(2025, 1, 1, tzinfo=UTC)))
    } == before
    assert len(before) == 4


def test_the_uid_is_the_same_in_the_folder_and_the_common_calendar(case: Any, tmp_path: Path) -> None:
    paths = case.write(tmp_path / "calendars", "ics")
    alone = {event["uid"] for path in paths for event in events(path.read_bytes())}
    assert alone == {event["uid"] for event in events(one(case, tmp_path))}


def test_another_roster_has_other_uids(case: Any, tmp_path: Path) -> None:
    other = replace(case, roster=replace(case.roster, name="Other"))
    mine = {event["uid"] for event in events(one(case, tmp_path))}
    assert mine.isdisjoint({event["uid"] for event in events(one(other, tmp_path))})


def test_two_shifts_of_one_day_have_two_uids(
    case: Any, shift: Callable[..., Assignment], tmp_path: Path
) -> None:
    evening = shift("a2", case.roster.first, 1140, 120)
    split = replace(case, roster=replace(case.roster, assignments=(*case.roster.assignments, evening)))
    uids = [event["uid"] for event in events(one(split, tmp_path))]
    assert len(uids) == len(set(uids)) == 5


def test_the_stamp_is_the_clocks(case: Any, tmp_path: Path) -> None:
    assert {event["dtstamp"].dt for event in events(one(case, tmp_path))} == {
        datetime(2024, 11, 8, 8, 30, tzinfo=UTC)
    }


def test_the_description_lists_breaks_and_paid_hours(case: Any, tmp_path: Path) -> None:
    texts = [str(event["description"]) for event in events(one(case, tmp_path))]
    assert "Paid 8.00 h\nBreaks: lunch 12:00–13:00, rest 14:45–15:00 (paid)" in "".join(texts)
    assert "Breaks: none" in "".join(texts)


@pytest.mark.parametrize("name", ["case", "hostile", "autumn_night"])
def test_the_text_keeps_to_rfc_5545(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    data = one(request.getfixturevalue(name), tmp_path)
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data) is None
    calendar = Calendar.from_ical(data)
    assert (calendar["version"], calendar["calscale"]) == ("2.0", "GREGORIAN")
    assert calendar["prodid"]
    for component in calendar.walk():
        assert component.errors == []
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND"} <= set(event)


def test_hostile_names_stay_one_property(hostile: Any, tmp_path: Path) -> None:
    found = events(one(hostile, tmp_path))
    assert len(found) == 4
    assert any("<script>alert(1)</script>" in str(event["summary"]) for event in found)
    assert all(event["description"].startswith('Roster &C&"Arial"<h1>=2+2') for event in found)


def test_hostile_names_stay_inside_the_folder(hostile: Any, tmp_path: Path) -> None:
    out = tmp_path / "calendars"
    paths = hostile.write(out, "ics")
    assert len(paths) == 3
    assert all(re.fullmatch(r"[\w-]+\.ics", path.name) for path in paths)
    assert [path.name for path in tmp_path.iterdir()] == ["calendars"]


@given(st.sets(st.text(min_size=1, max_size=100), min_size=1, max_size=8), st.text(max_size=40))
def test_file_names_differ_on_every_system_and_stay_short(ids: set[str], name: str) -> None:
    agents = [Agent(id=agent_id, name=name, skills=frozenset({"cards"})) for agent_id in ids]
    names = file_names(agents)
    assert names.keys() == ids
    assert len({text.casefold() for text in names.values()}) == len(ids)
    for text in names.values():
        assert re.fullmatch(r"[\w-]+\.ics", text)
        assert len(text.encode()) <= 255
