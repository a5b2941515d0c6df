from __future__ import annotations

import pytest

from ui.words import plain


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://example.org/x.png)",
        "[card](http://example.org)",
        "**bold** _slanted_ `code`",
        "<b>bold</b>",
        ":red[x] :material/home:",
        "$x^2$ ~~gone~~",
        "# heading",
        "https://example.org",
    ],
)
def test_nothing_in_a_name_is_left_for_markdown_to_read(text: str) -> None:
    escaped = plain(text)
    assert escaped.replace("\\", "") == text
    for place, letter in enumerate(escaped):
        if letter in "`*_[]<>$:#~!":
            assert escaped[place - 1] == "\\"


def test_line_breaks_stay() -> None:
    assert plain("a\nb") == "a  \nb"


def test_letters_of_any_script_are_left_alone() -> None:
    assert plain("信用卡热线 Café 95 %") == "信用卡热线 Café 95 %"
