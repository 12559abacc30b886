"""Text of strangers: what reaches a terminal, a page and a spreadsheet."""

import pytest

from lstm_teach.course.plain import cell, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, Zoë, 李, 𝛼 + β", "plain, Zoë, 李, 𝛼 + β"),
        ("\x1b[2J\x1b[31mred\x1b[0m", "red"),
        ("\x9b2Jx", "x"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0\x1b\\x", "x"),
        ("a\x08\x08b\x00\x7f", "a\ufffd\ufffdb\ufffd\ufffd"),
        ("\x1b", ""),
        ("good\u202efdp.exe\u2066", "good\ufffdfdp.exe\ufffd"),
        ("a\u200bb\ufeffc\U000e0041", "a\ufffdb\ufffdc\ufffd"),
        ("a\u2028b\x85c", "a\ufffdb\ufffdc"),
        ("\ud800", "\ufffd"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("over\rwritten", "over written"),
        ("Z" + "\u0310" * 50, "Z" + "\u0310" * 4),
    ],
)
def test_what_commands_or_hides_is_taken_out(text, shown):
    assert plain(text) == shown


def test_a_line_stays_a_line_where_it_has_to():
    assert plain("a\nb\tc", lines=False) == "a b c"


def test_a_giant_is_cut_and_counted_at_no_cost():
    assert plain("x" * 2005) == "x" * 2000 + " … (5 more characters)"
    assert plain("é" * 50_000_000, limit=10) == "é" * 10 + " … (49,999,990 more characters)"
    assert len(plain("\x1b]" * 10_000_000)) < 2100


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x1b[0m=1", "\uff1d1", "\n=1"]
)
def test_a_cell_of_a_spreadsheet_is_never_a_formula(text):
    assert cell(text).startswith("'")


def test_other_cells_stay_as_they_are():
    assert [cell(value) for value in ("ada", "o'neil", 3.5, -1, None)] == [
        "ada",
        "o'neil",
        3.5,
        -1,
        None,
    ]
