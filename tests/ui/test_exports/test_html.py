import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.domain import Assignment
from ui.exports.html_figures import percent

ELEMENTS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "section",
    "div",
    "h1",
    "h2",
    "p",
    "b",
    "i",
    "ul",
    "li",
    "span",
    "strong",
    "small",
    "sup",
    "table",
    "colgroup",
    "col",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
VOID = {"meta", "col"}


class Page(HTMLParser):
    """Elements, attributes and cells of a page; refuses tags that do not close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements, self.attributes, self.open, self.rows, self.text = set(), [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append((dict(attrs).get("class", ""), []))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)
        if self.rows and {"td", "th"} & set(self.open):
            self.rows[-1][-1][1].append(data)

    def row(self, head: str) -> list[tuple[str, str]]:
        """The row whose first cell begins with that text, a list of (class, text)."""
        (found,) = [row for row in self.rows if row and row[0][1] and row[0][1][0] == head]
        return [(kind, " ".join(texts)) for kind, texts in found]


def write(case: Any, tmp_path: Path, **changes: object) -> str:
    case.write(tmp_path / "roster.html", "html", **changes)
    return (tmp_path / "roster.html").read_text(encoding="utf-8")


@pytest.fixture
def page(case: Any, tmp_path: Path) -> Page:
    return Page(write(case, tmp_path))


def test_the_head_of_the_page_tells_name_days_zone_and_when_it_was_made(page: Page) -> None:
    text = "".join(page.text)
    assert "Mid November" in text
    assert "Mon 11 Nov 2024 – Sun 17 Nov 2024 · 7 days · times in Asia/Shanghai" in text
    assert "Printed 8 Nov 2024, 16:30" in text


def test_the_key_figures_are_those_of_roster_and_days(page: Page) -> None:
    text = "".join(page.text)
    for figure in ("3of 3", "Shifts4", "Paid hours29", "Contacts offered11,000", "Answer rate95.0", "1of 2"):
        assert figure in text


def test_a_person_has_a_cell_a_day_and_paid_hours(page: Page) -> None:
    row = page.row("陈伟")
    assert row[0][1] == "陈伟 a1 · cards, vip · full_40"
    assert [text for _, text in row[1:]] == ["08:30 17:30", "22:00 07:00 +1", "", "", "", "", "", "16"]
    assert [kind for kind, _ in row[1:4]] == ["p0", "p1", ""]
    assert row[6][0] == "weekend"


def test_time_off_and_a_shift_on_it_are_marked(page: Page) -> None:
    row = page.row("Zoe")
    assert row[1] == ("away", "off")
    assert row[2] == ("p2 clash", "09:00 14:00")


def test_teams_and_the_whole_roster_count_the_people_on_shift(page: Page) -> None:
    assert [text for _, text in page.row("Cards")[1:]] == ["2", "1", "–", "–", "–", "–", "–", "24"]
    assert [text for _, text in page.row("On shift")[1:]] == ["2", "2", "–", "–", "–", "–", "–", "29"]


def test_answer_rates_stand_against_their_target(page: Page) -> None:
    row = page.row("cards")
    assert row[0][1] == "cards target 95.0 %"
    assert row[1] == ("reached", "96.0")
    assert row[2] == ("missed", "▼ 94.9")
    assert row[3] == ("none", "–")
    assert row[-1] == ("reached", "95.0")
    assert page.row("wealth")[1] == ("none", "–")


@pytest.mark.parametrize(
    ("rate", "shown"), [(0.9499, "94.9"), (0.95, "95.0"), (0.29, "29.0"), (1.0, "100.0"), (float("nan"), "–")]
)
def test_a_rate_is_never_rounded_up_to_its_target(rate: float, shown: str) -> None:
    assert percent(rate) == shown


def test_the_legend_describes_the_patterns_it_knows_and_names_the_others(page: Page) -> None:
    text = "".join(page.text)
    assert "day_9hstarts 08:30–09:30 · 9 h, 8 h paid · lunch 60 min, rest 15 min (paid)" in text
    assert "part_5hoff" in text
    assert "rostered on a day of time off" in text


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(case: Any, tmp_path: Path) -> None:
    text = write(case, tmp_path)
    found = Page(text)
    assert found.elements <= ELEMENTS
    assert {key for key, _ in found.attributes} <= {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "scope",
        "colspan",
        "rowspan",
    }
    assert re.search(r"url\(|@import|https?:|//", text) is None
    assert "default-src 'none'" in text


def test_hostile_names_stay_text(hostile: Any, tmp_path: Path) -> None:
    text = write(hostile, tmp_path)
    found = Page(text)
    assert found.elements <= ELEMENTS
    assert not [key for key, _ in found.attributes if key.startswith("on") or key in ("src", "href", "style")]
    shown = "".join(found.text)
    for agent in hostile.agents:
        assert agent.name.replace("\x00\r\n", "   ") in shown
    assert '"><img src=x onerror=alert(1)>' in shown
    assert "=cards<script>" in shown
    assert "\x00" not in text


def test_the_page_prints_landscape_with_its_colours(case: Any, tmp_path: Path) -> None:
    text = write(case, tmp_path)
    assert "size: A4 landscape" in text
    assert "print-color-adjust: exact" in text
    assert ".p2{background:#" in text
    assert ".p3{" not in text


@pytest.mark.parametrize(("days", "tables"), [(31, [31]), (32, [28, 4]), (56, [28, 28])])
def test_more_than_a_month_comes_in_tables_of_four_weeks(
    case: Any, tmp_path: Path, days: int, tables: list[int]
) -> None:
    longer = replace(case, roster=replace(case.roster, days=days))
    rows = [row for row in Page(write(longer, tmp_path)).rows if row[0][1] and row[0][1][0] == "Li Na"]
    assert [len(row) - 2 for row in rows] == tables


def test_paid_hours_of_a_table_are_those_of_its_days(
    case: Any, shift: Callable[..., Assignment], tmp_path: Path
) -> None:
    late = shift("a2", case.roster.first + timedelta(days=30), 540, 240)
    roster = replace(case.roster, days=32, assignments=(*case.roster.assignments, late))
    rows = [row for row in Page(write(replace(case, roster=roster), tmp_path)).rows if "Li Na" in row[0][1]]
    assert [row[-1][1] for row in rows] == [["8"], ["4"]]


def test_a_night_in_which_the_clock_changes_counts_its_hours(autumn_night: Any, tmp_path: Path) -> None:
    row = Page(write(autumn_night, tmp_path)).row("Ada")
    assert [text for _, text in row[1:]] == ["22:00 06:00 +1", "", "8"]


def test_without_days_there_are_no_answer_rates(case: Any, tmp_path: Path) -> None:
    text = write(case, tmp_path, days=None)
    assert "Answer rate" not in text
    assert "Targets reached" not in text


def test_a_queue_without_a_target_says_so_and_misses_none(case: Any, tmp_path: Path) -> None:
    row = Page(write(case, tmp_path, days=case.days.assign(target=float("nan")))).row("cards")
    assert row[0][1] == "cards no target"
    assert row[2] == ("", "94.9")


def test_a_roster_without_people_says_so(case: Any, tmp_path: Path) -> None:
    nobody = replace(case, roster=replace(case.roster, assignments=()), agents=())
    assert "Nobody is in this roster." in write(nobody, tmp_path, days=None, patterns=())


def test_days_outside_the_roster_are_left_out(case: Any, tmp_path: Path) -> None:
    outside = case.days.assign(date=case.days["date"] + pd.Timedelta(days=300))
    text = write(case, tmp_path, days=pd.concat([case.days, outside]))
    assert Page(text).row("cards")[-1] == ("reached", "95.0")


def weekly(case: Any, *rates: float) -> dict[str, pd.DataFrame]:
    """Days that decide nothing, and a target over the week with such answer rates."""
    first = pd.Timestamp(case.roster.first)
    start = first.tz_localize(case.roster.timezone).tz_convert("UTC") + pd.to_timedelta(
        range(len(rates)), "D"
    )
    targets = pd.DataFrame(
        {"queue": "cards", "period": "week", "start": start, "first": first, "last": first}
    )
    targets = targets.assign(offered=100.0, answered=90.0, answer_rate=rates, target=0.9)
    return {"days": case.days.assign(target=float("nan")), "targets": targets}


def test_a_target_over_the_week_is_judged_by_all_days_together(case: Any, tmp_path: Path) -> None:
    reached = Page(write(case, tmp_path, **weekly(case, 0.9, 0.95))).row("cards")
    assert reached[0][1] == "cards target 90.0 % over the week: 0 of 2 missed"
    assert reached[2] == ("", "94.9")
    assert reached[-1] == ("reached", "95.0")
    page = Page(write(case, tmp_path, **weekly(case, 0.9, 0.85)))
    assert page.row("cards")[-1] == ("missed", "▼ 95.0")
    assert "Targets reached1of 2" in "".join(page.text)


def test_a_rate_that_is_met_within_rounding_prints_as_its_target(case: Any, tmp_path: Path) -> None:
    days = case.days.assign(answer_rate=0.949999, target=0.95)
    assert Page(write(case, tmp_path, days=days)).row("cards")[1] == ("reached", "95.0")
