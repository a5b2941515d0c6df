from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import FaultyFileError
from data.tables import read_table
from data.tables.cells import numbers, text

Write = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return put


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def charts() -> bytes:
    book = openpyxl.Workbook()
    book.create_chartsheet("c", 0)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    held = io.BytesIO()
    frame.to_parquet(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"queue,offered\nA,1\nB,2\n"),
        ("a.CSV", b"queue;offered\r\nA;1\r\nB;2\r\n"),
        ("a.tsv", b"queue\toffered\nA\t1\nB\t2"),
        ("a.txt", b'"queue","offered"\n"A","1"\n"B","2"\n'),
        ("a.csv", b"queue,offered\rA,1\rB,2\r"),
        ("a.csv.gz", gzip.compress(b"queue,offered\nA,1\nB,2\n", mtime=0)),
        ("a.csv", b"queue,offered,\nA,1,\nB,2,\n"),
        ("a.csv", b"queue|offered\nA|1\nB|2\n"),
        ("a.csv", b"queue,offered\nA,1\nB,2\n , \n,\n\n"),
        ("a.csv", b'"queue","offered"\r\n"A","1"\r\n"B","2"\r\n'),
        ("a.xlsx", workbook([["queue", "offered"], ["A", 1], ["B", 2.0]])),
        ("a.parquet", parquet(pd.DataFrame({"queue": ["A", "B"], "offered": [1, 2]}))),
    ],
)
def test_every_kind_of_file_gives_the_same_table(write: Write, name: str, content: bytes) -> None:
    table = read_table(write(name, content))
    assert text(table.frame["queue"]).tolist() == ["A", "B"]
    assert text(table.frame["offered"]).tolist() == ["1", "2"]
    assert list(table.frame.columns) == ["queue", "offered"]
    assert table.lines.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("队列,数\n信用卡,1\n".encode(), "UTF-8, cells parted by a comma"),
        ("队列;数\n信用卡;1\n".encode("utf-8-sig"), "UTF-8, cells parted by a semicolon"),
        ("队列,数\n信用卡,1\n".encode("gb18030"), "GB18030, cells parted by a comma"),
        ("队列\t数\n信用卡\t1\n".encode("utf-16"), "UTF-16, cells parted by a tab"),
    ],
)
def test_chinese_text_is_read_in_every_encoding_and_the_form_is_told(
    write: Write, content: bytes, form: str
) -> None:
    table = read_table(write("a.csv", content))
    assert table.frame["队列"].tolist() == ["信用卡"]
    assert table.form == f"CSV in {form}"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"\n\n", "the file is empty"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "the file is empty"),
        ("a.csv", b"queue,offered\n", "has a header but no rows"),
        ("a.csv", b"queue,offered\n\n\n", "has a header but no rows"),
        ("a.xlsx", workbook([["queue", "offered"]]), "has a header but no rows"),
        ("a.xlsx", workbook([[None]]), "is empty"),
        ("a.xlsx", b"queue,offered\nA,1\n", "not what its name says: it holds text"),
        ("a.csv", workbook([["queue"], ["A"]]), "not what its name says: it holds a file of kind xlsx"),
        ("a.parquet", b"queue,offered\nA,1\n", "not what its name says: it holds text"),
        ("a.csv", parquet(pd.DataFrame({"queue": ["A"]})), "it holds a file of kind Parquet"),
        ("a.csv", gzip.compress(b"queue\nA\n", mtime=0), "it holds a file of kind gzip"),
        ("a.csv.gz", b"queue\nA\n", "not what its name says: it holds text"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        ("a.csv", b"queue\x00\x01\x02,offered\nA,1", "it is no text"),
        ("a.csv", b"queue,offered\n\xff\xff\xff,1\n", "neither UTF-8 nor GB18030"),
        ("a.csv.gz", gzip.compress(b"queue,offered\nA,1\n" * 99, mtime=0)[:-12], "cut off or damaged"),
        ("a.parquet", parquet(pd.DataFrame({"queue": ["A"]}))[:-20], "cut off or damaged"),
        ("a.xlsx", workbook([["queue"], ["A"]])[:-40], "cannot be opened"),
        ("a.pdf", b"%PDF", "does not say what kind of file"),
        ("a.xlsx.gz", b"", "does not say what kind of file"),
        ("a", b"queue\nA\n", "does not say what kind of file"),
        ("a.csv", b"<table><tr><td>queue</td></tr></table>", "has a header but no rows"),
        ("a.csv", b"q" * 200_000 + b"\n1\n", "more than 1000 characters"),
        ("a.xlsx", charts(), "cannot be opened"),
        ("a.csv", b"queue,offered,queue\nA,1,B\n", "names this column twice"),
        ("a.xlsx", workbook([["queue", "queue"], ["A", "B"]]), "names this column twice"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_named_with_its_repair(
    write: Write, name: str, content: bytes, message: str
) -> None:
    path = write(name, content)
    with pytest.raises(FaultyFileError, match=re.escape(message)) as error:
        read_table(path)
    assert error.value.faults[0].source == str(path)
    assert error.value.faults[0].repair


def test_a_path_without_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError, match="there is no such file"):
        read_table(tmp_path / "nothing.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(FaultyFileError, match="cannot be read: Is a directory"):
        read_table(tmp_path / "folder.csv")


def test_a_row_with_another_number_of_cells_is_a_fault_on_its_line_and_the_others_stay(write: Write) -> None:
    table = read_table(write("a.csv", b'a,b\n1,2\n\n3\n"4\n4",5\n6,7,8\n9,9\n'))
    assert [(fault.line, fault.value) for fault in table.faults] == [(4, "3"), (7, "6,7,8")]
    assert table.frame["a"].tolist() == ["1", "4\n4", "9"]
    assert table.lines.tolist() == [2, 5, 8]
    assert "cells parted by a comma" in table.faults[0].reason


def test_a_file_of_nothing_but_such_rows_is_read_with_its_faults(write: Write) -> None:
    table = read_table(write("a.csv", b"a,b\n1\n2\n"))
    assert len(table.frame) == 0
    assert [fault.line for fault in table.faults] == [2, 3]


def test_a_name_in_the_header_may_hold_a_line_end(write: Write) -> None:
    table = read_table(write("a.csv", b'a,"of\nus"\n1,2\n3\n"x\ny",4\n'))
    assert list(table.frame.columns) == ["a", "of\nus"]
    assert table.frame["a"].tolist() == ["1", "x\ny"]
    assert table.lines.tolist() == [3, 5]
    assert [fault.line for fault in table.faults] == [4]


def test_a_quote_too_many_in_the_header_takes_no_rows_with_it(write: Write) -> None:
    table = read_table(write("a.csv", b'a,b"\n1,2\n3,4\n'))
    assert table.frame["a"].tolist() == ["1", "3"]
    assert table.lines.tolist() == [2, 3]


def test_the_line_that_tells_excel_the_delimiter_is_no_header(write: Write) -> None:
    table = read_table(write("a.csv", b"sep=;\na;b,c\n1;2\n"))
    assert list(table.frame.columns) == ["a", "b,c"]
    assert table.lines.tolist() == [3]
    assert "parted by a semicolon" in table.form


def test_a_cell_as_long_as_a_novel_is_shown_by_its_first_words(write: Write) -> None:
    [fault] = read_table(write("a.csv", b"a,b\n" + b"x" * 100_000 + b"\n1,2\n")).faults
    assert fault.value == "x" * 200 + "…"


def test_lines_above_the_header_are_skipped_when_told_to(write: Write) -> None:
    content = b"Report of 3 March\n\na,b\n1,2\n"
    table = read_table(write("a.csv", content), skip_lines=1)
    assert list(table.frame.columns) == ["a", "b"]
    assert table.lines.tolist() == [4]
    book = workbook([["Report of 3 March"], [], ["a", "b"], [], [1, 2]])
    table = read_table(write("a.xlsx", book), skip_lines=1)
    assert list(table.frame.columns) == ["a", "b"]
    assert table.lines.tolist() == [5]


def test_cells_of_a_workbook_become_the_text_a_person_would_type(write: Write) -> None:
    # Excel holds 9:30 as a fraction of a day, which comes back some microseconds off.
    typed = datetime(2026, 11, 23, 9, 29, 59, 999_997)  # noqa: DTZ001 - Excel knows no zone
    row = [typed, time(7, 30), timedelta(hours=1), 3.0, 0.5, True, " x ", None, timedelta(days=1)]
    table = read_table(write("a.xlsx", workbook([list("abcdefghi"), row])))
    assert table.frame.iloc[0].tolist() == [
        "2026-11-23 09:30:00",
        "07:30:00",
        "1:00:00",
        "3",
        "0.5",
        "True",
        "x",
        "",
        "24:00:00",
    ]


def test_parquet_keeps_its_types(write: Write) -> None:
    start = pd.DatetimeIndex([datetime(2026, 11, 23, 9, tzinfo=UTC)])
    table = read_table(write("a.parquet", parquet(pd.DataFrame({"start": start, "offered": [1.5]}))))
    assert str(table.frame["start"].dtype).startswith("datetime64")
    assert table.frame["offered"].dtype == "float64"


def test_parquet_has_decimals_as_numbers_and_lists_as_their_text(write: Write) -> None:
    frame = pd.DataFrame({"offered": [Decimal("1.5"), None], "list": [[1, 2], None], "text": ["a", None]})
    table = read_table(write("a.parquet", parquet(frame)))
    found, empty, wrong = numbers(table.frame["offered"])
    assert found[0] == 1.5
    assert (empty.tolist(), wrong.tolist()) == ([False, True], [False, False])
    assert numbers(table.frame["list"])[2].tolist() == [True, False]
    assert text(table.frame["text"]).tolist() == ["a", ""]


def test_numbers_tell_empty_cells_from_wrong_ones() -> None:
    found, empty, wrong = numbers(
        pd.Series(["1", " 2.5 ", "", "x", "nan", "inf", "1e3", "1_0", "-4"], dtype="str")
    )
    np.testing.assert_array_equal(found, [1, 2.5, np.nan, np.nan, np.nan, np.nan, 1000, np.nan, -4])
    assert np.flatnonzero(empty).tolist() == [2]
    assert np.flatnonzero(wrong).tolist() == [3, 4, 5, 7]


@given(
    st.lists(
        st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.none()), min_size=1
    )
)
def test_numbers_read_what_text_wrote(values: list[float | int | None]) -> None:
    cells = pd.Series(["" if value is None else repr(value) for value in values], dtype="str")
    found, empty, wrong = numbers(cells)
    assert not wrong.any()
    assert empty.tolist() == [value is None for value in values]
    np.testing.assert_array_equal(found, [np.nan if value is None else float(value) for value in values])


@given(
    st.lists(
        st.lists(st.text(alphabet='ab,;"\n x', max_size=4), min_size=2, max_size=2).filter(
            lambda row: any(cell.strip() for cell in row)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_quoted_row_comes_back_from_the_line_it_stands_on(rows: list[list[str]]) -> None:
    import tempfile

    from data.tables.text import read_text

    quoted = ['"' + '","'.join(cell.replace('"', '""') for cell in row) + '"' for row in rows]
    content = "\n".join(["p,q", *quoted, ""]).encode()
    frame, lines, _, faults = read_text(tempfile.gettempdir(), content, 0)
    assert frame.to_numpy().tolist() == rows
    assert faults == []
    assert lines.tolist() == [
        2 + "".join(f"{row}\n" for row in quoted[:place]).count("\n") for place in range(len(rows))
    ]
