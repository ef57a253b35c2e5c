"""Cells of our exports never run as formulas, and come back as they were."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures_db.sync.spreadsheet_safety import plain_cell, safe_cell

# Without NUL and lone surrogates, which no text of ours holds.
ANY = st.characters(exclude_characters="\0", exclude_categories=("Cs",))
TEXTS = st.text(st.sampled_from("=+-@\t\r\n '\"|!ab1đ＝＠,;")) | st.text(ANY)


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|'/c calc'!A1",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        "\u00a0=1",
    ],
)
def test_what_a_spreadsheet_might_run_gets_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "Đăng ký khai sinh", "20.000 đồng", "1.001193", "a=b", "'trích'"]
)
def test_other_text_stays_as_it_is(text):
    assert safe_cell(text) == text


@given(TEXTS)
def test_no_text_comes_out_as_a_formula(text):
    assert not safe_cell(text).strip().startswith(tuple("=+-@＝＋－＠"))
    assert safe_cell(text)[:1] not in {"\t", "\r", "\n"}


@given(TEXTS)
def test_every_text_comes_back_through_a_csv(text):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([safe_cell(text), "x"])
    (row,) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert plain_cell(row[0]) == text
