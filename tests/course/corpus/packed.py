"""What submissions come in: folders and the zips of learning platforms, honest and hostile.

Each `Box` writes one path into a folder and says which students are to be found in it, with how
many points, and how many have to be flagged. What lies outside of the folder must stay as it is.
"""

import io
import os
import warnings
import zipfile
from dataclasses import dataclass, field

from .making import APART, FULL, NAME, notebook, released, to_bytes

ALL, FILE = sum(FULL.values()), f"{NAME}.ipynb"


@dataclass(frozen=True)
class Box:
    """`write(folder)` makes it and gives the path to be graded.

    `scores`: what the students in it earn, found by a part of their names; a pair (least, most)
    where either will do. Whoever else is found there is for a person to see; where no student is
    named, nothing can be graded. `flags`: words, each in a flag of some student of this box.
    """

    name: str
    write: object
    scores: dict = field(default_factory=dict)
    why: str = ""
    flags: tuple = ()


def right():
    return to_bytes(notebook(APART))


def blank():
    return to_bytes(released())


def _zip(files, name="export.zip"):
    """A zip of (path inside, bytes) or (ZipInfo, bytes) pairs, in this order."""

    def write(folder):
        path = folder / name
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            warnings.simplefilter("ignore")  # one name twice, on purpose
            for inside, content in files():
                archive.writestr(inside, content)
        return path

    return write


def _tree(files, after=None):
    """A folder with files: path inside -> bytes; `after(folder)` adds what is no file."""

    def write(folder):
        for inside, content in files().items():
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if after:
            after(folder)
        return folder

    return write


def _canvas():
    return [
        (f"doejane_12345_67890_{FILE}", right()),
        (f"roerichard_LATE_12346_67891_{NAME}-1.ipynb", blank()),
    ]


def _moodle():
    return [
        (f"Jane Doe_12345_assignsubmission_file_/{FILE}", right()),
        (f"Richard Roe_12346_assignsubmission_file_/{FILE}", blank()),
    ]


def _gradescope():
    words = "submission_1:\n  :submitters:\n  - :name: Jane Doe\n    :email: jane@example.org\n"
    return [
        ("assignment_7_export/submission_metadata.yml", words.encode()),
        (f"assignment_7_export/submission_1/{FILE}", right()),
        (f"assignment_7_export/submission_2/{FILE}", blank()),
    ]


def _apple():
    return [
        (f"jane/{FILE}", right()),
        (f"__MACOSX/jane/._{FILE}", b"\0\5\26\7"),
        ("jane/.DS_Store", b"x"),
        (f"jane/.ipynb_checkpoints/{NAME}-checkpoint.ipynb", blank()),
    ]


def _slip():
    return [
        (f"../../escaped_{FILE}", right()),
        (f"/tmp/lstm_teach_escaped/{FILE}", right()),
        (f"..\\..\\escaped_{FILE}", right()),
        (f"C:\\escaped\\{FILE}", right()),
        (f"jane/{FILE}", right()),
    ]


def _symlink():
    link = zipfile.ZipInfo(f"mallory/{FILE}")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    folder = zipfile.ZipInfo("eve")
    folder.create_system, folder.external_attr = 3, 0o120777 << 16
    return [
        (link, b"/etc/passwd"),
        (folder, b"/etc"),
        (f"eve/{FILE}", right()),
        (f"jane/{FILE}", right()),
    ]


def _bomb():
    return [(f"mallory/{FILE}", bytes(2_000_000_000 // 8)), (f"jane/{FILE}", right())]


def _nested_bomb():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}/{FILE}", bytes(20_000_000))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(50):
            archive.writestr(f"{number}.zip", inner.getvalue())
    return [("mallory/work.zip", outer.getvalue()), (f"jane/{FILE}", right())]


def _many():
    return [*((f"junk/{n}.txt", b"") for n in range(60_000)), (f"jane/{FILE}", right())]


def _inner_zip():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(FILE, right())
    return [("jane/homework.zip", inner.getvalue())]


def _same_name():
    return [(f"jane/{FILE}", blank()), (f"jane/{FILE}", right())]


def _broken_zip(folder):
    path = folder / "export.zip"
    whole = _zip(_moodle)(folder).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _encrypted(folder):
    """The bit that says "with a password" set in every header."""
    path = _zip(_moodle)(folder)
    content = bytearray(path.read_bytes())
    for start, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.find(start)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(start, at + 4)
    path.write_bytes(content)
    return path


def _links(folder):
    """Links to a file and a folder outside, one that leads to itself, a pipe, a folder."""
    os.symlink("/etc/passwd", folder / "mallory.ipynb")
    os.symlink("/etc", folder / "eve")
    os.symlink("loop.ipynb", folder / "loop.ipynb")
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "folder.ipynb").mkdir()
    (folder / "unreadable").mkdir(mode=0o000)


def _huge(folder):
    """A notebook of 200 MB: one output of zeros, as from printing in a loop."""
    made = released()
    made.cells[-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "HERE"}]
    head, tail = to_bytes(made).split(b"HERE")
    with (folder / "huge.ipynb").open("wb") as file:
        file.write(head)
        for _ in range(200):
            file.write(b"0" * 1_000_000)
        file.write(tail)


JANE = {"jane": ALL}
BOXES = [
    Box("canvas", _zip(_canvas), {"doejane": ALL, "roerichard": 0}, "Canvas", ("late",)),
    Box("moodle", _zip(_moodle), {"Jane Doe": ALL, "Richard Roe": 0}, "Moodle"),
    Box("gradescope", _zip(_gradescope), {"jane@": ALL, "submission_2": 0}, "Gradescope"),
    Box("apple", _zip(_apple), JANE, "Resource forks and checkpoints are nobody's work."),
    Box("zip_slip", _zip(_slip), JANE, "Paths that lead out of the zip.", ("unsafe",)),
    Box("zip_symlink", _zip(_symlink), {**JANE, "eve": ALL}, "No link is followed.", ("link",)),
    Box("zip_bomb", _zip(_bomb), JANE, "250 MB out of 250 kB.", ("bomb",)),
    Box("zip_nested_bomb", _zip(_nested_bomb), JANE, "20 GB out of a zip of zips of zips."),
    Box("zip_many", _zip(_many), JANE, "60,000 files."),
    Box("zip_in_zip", _zip(_inner_zip), JANE, "A student hands in a zip."),
    Box(
        "zip_same_name",
        _zip(_same_name),
        {"jane": (0, ALL)},
        "One name twice in one zip: one of them counts, and a person is told.",
        ("notebooks were handed in",),
    ),
    Box("zip_broken", _broken_zip, {}, "Half of a zip."),
    Box("zip_encrypted", _encrypted, {}, "A zip with a password."),
    Box(
        "flat_folder",
        _tree(lambda: {"jane.ipynb": right(), "richard.ipynb": blank()}),
        {"jane": ALL, "richard": 0},
        "One notebook for each student.",
    ),
    Box(
        "other_file_name",
        _tree(lambda: {f"jane/{NAME}/homework final (2).ipynb": right()}),
        JANE,
        "The file has another name: it is the only one, so it is meant.",
    ),
    Box(
        "two_notebooks",
        _tree(lambda: {f"jane/{NAME}/{FILE}": right(), f"jane/{NAME}/{NAME} (1).ipynb": blank()}),
        JANE,
        "Two files in one folder: the one with the right name, and a flag.",
    ),
    Box(
        "no_notebook",
        _tree(lambda: {f"jane/{NAME}/answer.pdf": b"%PDF", f"richard/{NAME}/{FILE}": right()}),
        {"richard": ALL},
        "A student who handed in something else.",
    ),
    Box("links", _tree(lambda: {"jane.ipynb": right()}, _links), JANE, "Links, pipes, folders."),
    Box("huge", _tree(lambda: {"jane.ipynb": right()}, _huge), JANE, "200 MB.", ("large",)),
]
