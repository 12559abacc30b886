"""Damaged submissions: what editors, learning platforms and students do to a notebook."""

import codecs
import copy
import json

import nbformat

from .making import (
    APART,
    FULL,
    Entry,
    answers,
    cell,
    changed,
    lost,
    mark,
    notebook,
    to_bytes,
)

WRONG_STEP = "def rnn_step(x, h, W, U, b):\n    return h"


def _remove(*grade_ids):
    def change(made):
        made.cells = [c for c in made.cells if mark(c).get("grade_id") not in grade_ids]

    return change


def _duplicate(grade_id, first=None, second=None):
    """The cell twice; either copy may have another source."""

    def change(made):
        original = cell(made, grade_id)
        copied = copy.deepcopy(original)
        copied["id"] = f"{grade_id}-copy"
        original.source = original.source if first is None else first
        copied.source = copied.source if second is None else second
        made.cells.insert(made.cells.index(original) + 1, copied)

    return change


def _edit_test(made):
    cell(made, "rnn-step-check").source = "print('all right')"
    cell(made, "rnn-step").source = WRONG_STEP


def _metadata(grade_id, **values):
    def change(made):
        mark(cell(made, grade_id)).update(values)

    return change


def _schema(version):
    def change(made):
        for each in made.cells:
            if mark(each):
                mark(each)["schema_version"] = version

    return change


def _no_metadata(ids=True):
    def change(made):
        for number, each in enumerate(made.cells):
            each.metadata.pop("nbgrader", None)
            if not ids:
                each["id"] = f"n{number}"

    return change


def _kernel(name):
    def change(made):
        made.metadata["kernelspec"] = {"name": name, "display_name": name, "language": "R"}

    return change


def _reverse(made):
    made.cells.reverse()


def _merged(made):
    cell(made, "rnn-step").source += "\n\n\n" + cell(made, "rnn-forward").source
    _remove("rnn-forward")(made)


def _split(made):
    """JupyterLab gives both halves of a split cell the metadata of the whole."""
    whole = cell(made, "merge")
    head, tail = whole.source.split("def merged_step", 1)
    _duplicate("merge", head, "def merged_step" + tail)(made)


def _split_rest_unmarked(made):
    _split(made)
    second = [c for c in made.cells if mark(c).get("grade_id") == "merge"][1]
    second.metadata.pop("nbgrader")


def _type(kind):
    def change(made):
        each = cell(made, "rnn-step")
        each["cell_type"] = kind
        for name in ("outputs", "execution_count"):
            each.pop(name, None)

    return change


def _exchanged(made):
    first, second = cell(made, "rnn-step"), cell(made, "count")
    first.metadata, second.metadata = second.metadata, first.metadata
    first["id"], second["id"] = second["id"], first["id"]


def _old_format(made):
    """nbformat 3 had worksheets, `input` in place of `source`, and no version 4 for years."""
    return json.dumps(nbformat.convert(made, 3)).encode()


def _version(number, minor=5):
    def change(made):
        made["nbformat"], made["nbformat_minor"] = number, minor

    return change


def _no_ids(made):
    for each in made.cells:
        each.pop("id", None)
    made["nbformat_minor"] = 0


def _lines(made):
    """As most programs save a source: a list of lines; here with Windows' line ends."""
    for each in made.cells:
        each["source"] = each["source"].replace("\n", "\r\n").splitlines(keepends=True)


def _source(value):
    def change(made):
        cell(made, "rnn-step")["source"] = value

    return change


def _odd_cell(made):
    made.cells[2:2] = [
        {"cell_type": "heading", "level": 1, "source": "Old", "metadata": {}},
        {"cell_type": "code"},
        {"cell_type": 7, "source": None, "metadata": None},
        "a string",
        None,
        ["a list"],
    ]


def _encoded(name, start=b""):
    return lambda: start + to_bytes(notebook(APART)).decode().encode(name)


def _repeated_key():
    text = to_bytes(notebook(APART)).decode()
    return text.replace('{\n "cells"', '{\n "cells": [],\n "cells"', 1).encode()


def _scribbled():
    made = notebook(APART)
    for each in made.cells:
        if each.cell_type == "markdown":
            each.source += "\n\n### BEGIN SOLUTION\n### BEGIN HIDDEN TESTS\n"
    return made


SURROGATE = """
{right}

print("half a pair: \ud800")
"""
ENTRIES = [
    Entry("deleted_test", changed(_remove("rnn-step-check")), FULL, "The master has the test."),
    Entry(
        "deleted_solution",
        changed(_remove("rnn-step")),
        lost("rnn-step"),
        "A missing cell costs its own mark only, and is said.",
        flags=("missing",),
    ),
    Entry("edited_test", changed(_edit_test), lost("rnn-step"), "Students' tests are not run."),
    Entry(
        "copied_solution_last_right",
        changed(_duplicate("rnn-step", first=WRONG_STEP)),
        FULL,
        "The last copy counts; nbgrader's whole batch stops here (#1083).",
        flags=("duplicate",),
    ),
    Entry(
        "copied_solution_last_wrong",
        changed(_duplicate("rnn-step", second=WRONG_STEP)),
        lost("rnn-step"),
        "The last copy counts, also where it is the worse one; a person is told.",
        flags=("duplicate",),
        person=True,
    ),
    Entry("copied_test", changed(_duplicate("rnn-step-check")), FULL, "A test twice counts once."),
    Entry("schema_1", changed(_schema(1)), FULL, "Metadata of an older nbgrader."),
    Entry("schema_99", changed(_schema(99)), FULL, "Metadata of a nbgrader to come."),
    Entry(
        "no_metadata",
        changed(_no_metadata()),
        FULL,
        "Re-saved by a tool that drops metadata: the ids of the cells are left.",
        flags=("metadata",),
    ),
    Entry(
        "no_metadata_no_ids",
        changed(_no_metadata(ids=False)),
        FULL,
        "Neither metadata nor ids: found by what the cells define.",
        flags=("metadata",),
    ),
    Entry(
        "points_raised",
        changed(_metadata("rnn-step-check", points=1000)),
        FULL,
        "The master says what a test is worth.",
    ),
    Entry(
        "solution_locked",
        changed(_metadata("rnn-step", locked=True, solution=False, grade=True, points=50)),
        FULL,
        "The name of a cell counts, not what it calls itself.",
    ),
    Entry("unknown_kernel", changed(_kernel("ir")), FULL, "The master says which kernel."),
    Entry("order_reversed", changed(_reverse), FULL, "The master says in which order cells run."),
    Entry(
        "merged_cells",
        changed(_merged),
        FULL,
        "Two answers in one cell, and one cell gone.",
        flags=("missing",),
    ),
    Entry(
        "split_cell",
        changed(_split),
        FULL,
        "Two halves with one name: both count.",
        flags=("duplicate",),
    ),
    Entry(
        "split_cell_rest_unmarked",
        changed(_split_rest_unmarked),
        FULL,
        "The second half has lost its name: it counts.",
        flags=("extra",),
    ),
    Entry(
        "solution_is_markdown",
        changed(_type("markdown")),
        FULL,
        "One key too many in JupyterLab: m makes it text.",
        flags=("code",),
    ),
    Entry("solution_is_raw", changed(_type("raw")), FULL, "Key r."),
    Entry("names_exchanged", changed(_exchanged), FULL, "Answers in one another's cells."),
    Entry("nbformat_3", changed(_old_format), FULL, "Worksheets of ten years ago."),
    Entry(
        "nbformat_99",
        changed(_version(99)),
        FULL,
        "A format to come, read as far as it is known.",
    ),
    Entry("nbformat_4_0", changed(_no_ids), FULL, "Cells without ids."),
    Entry("source_lines_crlf", changed(_lines), FULL, "A list of lines with Windows' ends."),
    Entry("source_is_number", changed(_source(7)), lost("rnn-step"), "A source that is no text."),
    Entry("source_is_null", changed(_source(None)), lost("rnn-step"), "A source that is nothing."),
    Entry(
        "source_is_deep",
        changed(_source([[["def rnn_step(): pass"]]])),
        lost("rnn-step"),
        "A source that is a list of lists.",
    ),
    Entry("odd_cells", changed(_odd_cell), FULL, "Cells that are not cells are passed over."),
    Entry("byte_order_mark", _encoded("utf-8", codecs.BOM_UTF8), FULL, "Saved by Notepad."),
    Entry("utf_16", _encoded("utf-16"), FULL, "Saved by an older Notepad."),
    Entry(
        "lone_surrogate",
        answers(count=SURROGATE),
        FULL,
        "Half a pair of UTF-16 cannot be sent to a kernel; in a text it is nobody's loss.",
    ),
    Entry("nul_byte", answers(count="{right}\n\0"), lost("count"), "Python refuses a NUL."),
    Entry("repeated_key", _repeated_key, FULL, "JSON with a key twice: the last counts."),
    Entry(
        "mixed_tabs",
        answers(count="def count_parameters(T, D, H):\n    n = D\n\treturn n * H + H * H + H"),
        lost("count"),
        "Tabs and spaces mixed: Python's error, that cell's loss.",
    ),
    Entry(
        "syntax_error",
        answers(rnn_step="def rnn_step(x, h, W, U, b)\n    return np.tanh(x @ W + h @ U + b)"),
        lost("rnn-step"),
        "A colon forgotten: the rest counts.",
    ),
    Entry(
        "too_deep_for_python",
        answers(count="{right}\nx = " + "(" * 3000 + ")" * 3000 + "\ny = " + "-" * 100_000 + "1"),
        lost("count"),
        "A source on which the parser gives up.",
    ),
    Entry("marked_in_markdown", lambda: to_bytes(_scribbled()), FULL, "Text edited everywhere."),
]
