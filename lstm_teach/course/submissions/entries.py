"""What lies in a folder or in a zip: files by their names, none of them read or unpacked yet.

A folder and a zip come from strangers. Links are never followed. Nothing of a zip is written to
the disk: a member is read into memory, up to a limit, and its name is only ever a text.
"""

import io
import os
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass, replace
from functools import partial
from lzma import LZMAError

NOTEBOOKS = (".ipynb", ".ipynb.json", ".ipynb.txt")  # the last two are browsers' doing
MB = 1_000_000
NOTEBOOK = 50 * MB  # at most so much of one file is read
ZIP_IN_ZIP = 50 * MB  # and of a zip that a student handed in
MEMBERS = 10_000  # files in such a zip
TOTAL = 1000 * MB  # of them, unpacked
RATIO = 200  # a file from 1 MB on that was packed harder than this is a bomb
DEEP = 12  # folders in folders
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    EOFError,
    NotImplementedError,
    ValueError,
    OSError,
    RuntimeError,
)
# What systems leave lying about, and what JupyterLab keeps for itself.
LITTER = re.compile(r"^(?:__MACOSX|\.ipynb_checkpoints|\.git|\.DS_Store|Thumbs\.db|\._.*)$", re.I)


class Unreadable(Exception):
    """A submission that gives no notebook. flag: one word for the record; the message says why."""

    def __init__(self, flag, says):
        super().__init__(says)
        self.flag, self.says = flag, says


@dataclass(frozen=True)
class Entry:
    """A file, or an empty folder (then `read` is None).

    parts: the folders it is in and its name, cleaned of what climbs out of a folder.
    read: a function of the most bytes it may have; it raises Unreadable.
    problem: None or (flag, what it says): it is there and will not be read.
    unsafe: whether its name tried to climb. title: what the student called it.
    size: as a zip states it.
    """

    parts: tuple
    read: object = None
    problem: tuple | None = None
    unsafe: bool = False
    title: str = ""
    size: int = 0

    @property
    def name(self):
        return self.title or self.parts[-1]

    @property
    def path(self):
        return "/".join(self.parts)

    def is_a(self, *endings):
        return self.name.lower().endswith(endings) and bool(self.read or self.problem)


def of_folder(folder):
    """The entries of a folder on the disk, sorted by name. Links and pipes are not opened."""
    return sorted(_walk(folder, ()), key=lambda entry: entry.parts)


def _walk(folder, parts):
    try:
        with os.scandir(folder) as scan:
            found = [one for one in scan if not LITTER.match(one.name)]
    except OSError as error:
        if not parts:
            raise
        yield Entry(parts, problem=("unreadable", f"the folder cannot be read: {error.strerror}"))
        return
    if not found and parts:
        yield Entry(parts)
    for one in found:
        inner = (*parts, one.name)
        if one.is_symlink():
            yield Entry(inner, problem=("symlink", "it is a link, and links are not followed"))
        elif one.is_dir(follow_symlinks=False):
            if len(inner) > DEEP:
                yield Entry(inner, problem=("too_deep", f"it lies more than {DEEP} folders deep"))
            else:
                yield from _walk(one.path, inner)
        elif one.is_file(follow_symlinks=False):
            yield Entry(inner, read=lambda limit, path=one.path: _read_file(path, limit))
        else:
            yield Entry(inner, problem=("not_a_file", "it is a pipe, a socket or a device"))


def _read_file(path, limit):
    """The bytes of a file that is still no link and no pipe when it is opened."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(path, flags), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise Unreadable("not_a_file", "it is a pipe, a socket or a device")
            return _up_to(limit, file, about.st_size)
    except OSError as error:
        raise Unreadable("unreadable", f"the file cannot be read: {error.strerror}") from None


def of_zip(file):
    """The entries of a zip. file: a path, or a binary file object.

    Raises Unreadable where it is no zip. The zip stays open as long as an entry is kept.
    """
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGED as error:
        raise Unreadable("damaged", f"the zip cannot be opened: {error}") from None
    entries = (_member(archive, about) for about in archive.infolist())
    kept = (entry for entry in entries if entry and not any(map(LITTER.match, entry.parts)))
    return sorted(kept, key=lambda entry: entry.parts)


def inside(entry):
    """The entries of a zip that a student handed in: fewer files, all bounds as above.

    None of them keeps the zip in memory: each reads it again. Raises Unreadable.
    """

    def again(n, limit):
        return _inside(entry)[n].read(limit)

    found = _inside(entry)
    if sum(one.size for one in found) > TOTAL:
        raise Unreadable("zip_bomb", f"unpacked, the zip has more than {TOTAL:,} bytes")
    return [
        replace(one, parts=entry.parts + one.parts, read=one.read and partial(again, n))
        for n, one in enumerate(found)
    ]


def _inside(entry):
    content = entry.read(ZIP_IN_ZIP)
    if content.count(b"PK\x01\x02") > MEMBERS:  # before its table of contents becomes objects
        raise Unreadable("zip_bomb", f"the zip holds more than {MEMBERS:,} files")
    return of_zip(io.BytesIO(content))


def _member(archive, about):
    parts, unsafe = clean_parts(about.filename)
    if not parts:
        return None
    if about.is_dir():
        return Entry(parts, unsafe=unsafe)
    kind = stat.S_IFMT(about.external_attr >> 16)
    problem = None
    if kind == stat.S_IFLNK:
        problem = ("symlink", "it is a link, and links are not followed")
    elif kind not in (0, stat.S_IFREG):
        problem = ("not_a_file", "it is a pipe, a socket or a device")
    elif about.flag_bits & 1:
        problem = ("encrypted", "it is locked with a password")
    elif about.file_size > MB and about.file_size > RATIO * max(1, about.compress_size):
        problem = ("zip_bomb", f"{about.file_size:,} bytes are packed into {about.compress_size:,}")
    read = partial(_read_member, archive, about)
    return Entry(parts, read, problem, unsafe, size=about.file_size)


def _read_member(archive, about, limit):
    try:
        with archive.open(about) as file:
            return _up_to(limit, file, about.file_size)
    except DAMAGED as error:
        raise Unreadable("damaged", f"the zip is damaged there: {error}") from None


def _up_to(limit, file, size):
    """All bytes of an open file. Its stated size may be a lie: what counts is what comes."""
    content = b"" if size > limit else file.read(limit + 1)
    if size > limit or len(content) > limit:
        has = f"has {size:,} bytes" if size > limit else "is larger than it says"
        raise Unreadable(
            "too_large",
            f"it {has}; at most {limit:,} are read. "
            "Handed in without its outputs it would be small.",
        )
    return content


def clean_parts(name):
    """A path's folders and name without what climbs out: (parts, whether it tried to)."""
    parts = re.split(r"[/\\]", name.split("\0")[0])
    unsafe = ".." in parts or parts[0] == "" or re.match(r"^[A-Za-z]:", parts[0]) is not None
    kept = (re.sub(r"^[A-Za-z]:", "", part) for part in parts)
    return tuple(part for part in kept if part not in ("", ".", "..")), unsafe
