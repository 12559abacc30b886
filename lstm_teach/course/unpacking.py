"""The cells of a notebook's bytes, whatever has happened to them. Outputs are dropped."""

import json
from dataclasses import dataclass
from functools import cached_property

from .reading import names_bound

LARGEST = 256 * 2**20  # bytes of a submission
MOST_CELLS = 5_000
LARGEST_SOURCE = 2 * 2**20  # characters of a cell


class Unreadable(Exception):
    """The file is no notebook that can be read. The message says why, for a person."""


@dataclass
class Found:
    """A cell of a submission. type: "code", "markdown" or "raw"."""

    type: str
    source: str
    grade_id: str = ""
    id: str = ""
    points: float | None = None

    __eq__ = object.__eq__

    @cached_property
    def binds(self):
        """The names that it gives a value."""
        return names_bound(self.source) if self.type == "code" else frozenset()


def cells_of(data):
    """(cells, remarks): a list of Found, and (flag, sentence) pairs. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable(
            f"The file has {len(data) / 2**20:.0f} MB; more than {LARGEST // 2**20} MB are not "
            "read. It is unreadable until its outputs are cleared."
        )
    if not data.strip():
        raise Unreadable("The file is empty, and so unreadable.")
    notebook, remarks = _json(data)
    if type(notebook) is not dict:
        raise Unreadable("The file is unreadable as a notebook: its JSON is not an object.")
    cells = notebook.get("cells")
    if type(cells) is not list:
        cells = _of_worksheets(notebook.get("worksheets"))
    if cells is None:
        raise Unreadable("The file is unreadable as a notebook: it has no list of cells.")
    if len(cells) > MOST_CELLS:
        raise Unreadable(
            f"The file is unreadable as a notebook: it has {len(cells)} cells, more than "
            f"{MOST_CELLS}."
        )
    found = [cell for cell in (_cell(cell) for cell in cells) if cell]
    if any(len(cell.source) > LARGEST_SOURCE for cell in found):
        found = [cell for cell in found if len(cell.source) <= LARGEST_SOURCE]
        remarks.append(("source_too_large", "A cell of more than 2 MB of text was left out."))
    if not any(cell.grade_id for cell in found):
        remarks.append(("no_metadata", "No cell of the notebook has nbgrader's metadata."))
    return found, remarks


def _json(data):
    """(what the JSON says, remarks)."""
    encoding, remarks = json.detect_encoding(data[:4096]), []
    try:
        text = data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        remarks.append(("encoding", f"The file is not proper {encoding}; signs were replaced."))
    text = text.removeprefix("\ufeff")
    try:
        return json.loads(text, parse_int=_whole), remarks
    except RecursionError:
        raise Unreadable("The file is unreadable: its JSON is nested too deep.") from None
    except ValueError as error:
        raise Unreadable(f"The file is unreadable: it is not JSON ({error!s:.80}).") from None
    except MemoryError:
        raise Unreadable("The file is unreadable: it needs too much memory.") from None


def _whole(digits):
    return int(digits) if len(digits) < 300 else 0


def _of_worksheets(worksheets):
    """The cells of a notebook of format 3, whose sources are called `input`."""
    if type(worksheets) is not list:
        return None
    cells = []
    for sheet in worksheets:
        if type(sheet) is dict and type(sheet.get("cells")) is list:
            cells += [
                {"source": cell.get("input"), **cell} if type(cell) is dict else cell
                for cell in sheet["cells"]
            ]
    return cells


def _cell(cell):
    """A Found, or None where it is not a cell."""
    if type(cell) is not dict or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    facts = cell.get("metadata")
    facts = facts.get("nbgrader") if type(facts) is dict else None
    facts = facts if type(facts) is dict else {}
    points = facts.get("points")
    return Found(
        cell["cell_type"],
        _text(cell.get("source")),
        _word(facts.get("grade_id")),
        _word(cell.get("id")),
        points if type(points) in (int, float) else None,
    )


def _text(source):
    """A source, which may be a text or a list of lines, as a text that can be sent."""
    if type(source) is list and all(type(line) is str for line in source):
        source = "".join(source)
    if type(source) is not str:
        return ""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return source.encode("utf-8", "replace").decode()


def _word(value):
    return value if type(value) is str and len(value) < 200 else ""
