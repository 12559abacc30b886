"""Files that are no notebook, or not the notebook that was asked for."""

from .making import APART, NOTHING, Entry, changed, notebook, released, to_bytes


def _bytes(value):
    return lambda: value


def _cells(value):
    def change(made):
        made["cells"] = value

    return change


UNREADABLE = {
    "corrupt_json": lambda: to_bytes(notebook(APART))[:5000],
    "empty_file": _bytes(b""),
    "json_null": _bytes(b"null"),
    "json_list": _bytes(b"[]"),
    "json_empty": _bytes(b"{}"),
    "html_of_the_platform": _bytes(b"<!DOCTYPE html><title>Please log in</title>"),
    "python_file": lambda: APART["rnn-step"].encode(),
    "binary": lambda: bytes(range(256)) * 40,
    "json_deep": _bytes(b"[" * 200_000 + b"]" * 200_000),
    "json_huge_number": _bytes(b'{"nbformat": ' + b"9" * 20_000 + b"}"),
    "cells_not_a_list": changed(_cells("none")),
    "cells_a_dictionary": changed(_cells({"0": {}})),
}
ENTRIES = [
    Entry(
        name,
        make,
        NOTHING,
        "Not a notebook: nothing, said in words, a person looks, the batch goes on.",
        flags=("unreadable",),
        person=True,
    )
    for name, make in UNREADABLE.items()
]
ENTRIES.append(
    Entry("no_cells", changed(_cells([])), NOTHING, "A notebook without cells.", flags=("missing",))
)
ENTRIES.append(
    Entry(
        "another_assignment",
        lambda: to_bytes(released("01_squashing")),
        NOTHING,
        "The wrong file handed in: none of the cells is there.",
        flags=("missing",),
        person=True,
    )
)
