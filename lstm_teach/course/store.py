"""The results folder: one file for each graded submission, complete or not there, and one writer.

    OUT/records/KEY.json      a record; KEY is made of the submission, the master and the settings
    OUT/summary.json          which records belong to the last run, and what they add up to
    OUT/earlier.json          the same of the run before, while another one is under way
    OUT/trial.txt             the master that has passed its trial last: see trial.py
    OUT/summary.html, summary.png, marks.csv, feedback/STUDENT.html

Whatever happens (a kill, a power cut, a full disk), a record that is there is whole. The same
command goes on from there.
"""

import contextlib
import errno
import hashlib
import json
import os
import platform
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: a second grader is not noticed there
    fcntl = None

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PART = ".part"
EARLIER = "earlier.json"
# Parts of `course` that no mark depends on. All others, and the checks, go into every key.
NOT_JUDGING = {
    "batch.py",
    "cluster.py",
    "commands.py",
    "derive.py",
    "exports",
    "feedback.py",
    "grader_process.py",
    "marks.py",
    "pages.py",
    "picture.py",
    "plain.py",
    "release.py",
    "store.py",
    "submissions",
    "summary.py",
    "tables.py",
    "trial.py",
    "wire.py",
    "workers.py",
}


class Stop(Exception):
    """What ends a command of `lstm-teach course` with a message for the instructor."""


class NoResults(Stop):
    """A folder holds no finished run."""


class NoRoom(Stop):
    """The disk or the quota of the results folder is full."""


class Store:
    """A results folder. `with store.locked():` around everything that writes."""

    def __init__(self, out):
        self.out = Path(out)
        self.records = self.out / "records"

    @contextlib.contextmanager
    def locked(self):
        """Hold the folder for this process alone. Raises Stop where another grader holds it.

        The lock ends with the process, however that ends.
        """
        with _said_plainly(self.out):
            self.records.mkdir(parents=True, exist_ok=True)
            file = open(self.out / ".lock", "a+", encoding="utf-8")  # noqa: SIM115
        with file:
            if fcntl:
                self._hold(file)
            for left in self.records.glob(f"*{PART}"):  # of a grader that was killed
                left.unlink(missing_ok=True)
            yield self

    def _hold(self, file):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                return  # a file system without locks
            file.seek(0)
            raise Stop(
                f"another grader is at work in {self.out} ({file.read().strip() or 'unknown'}).\n"
                "Wait until it ends, or give another folder with --out."
            ) from None
        with contextlib.suppress(OSError):  # who holds it is a courtesy
            file.truncate(0)
            file.write(f"process {os.getpid()} on {platform.node()}")
            file.flush()

    def kept(self, key):
        """The record of a key, or None where there is none or it is not whole."""
        try:
            record = json.loads((self.records / f"{key}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError, RecursionError):
            return None
        return record if isinstance(record, dict) and "tests" in record else None

    def keep(self, key, record):
        """Store a record. Raises NoRoom, with everything before it in its place."""
        text = json.dumps(record, indent=1, allow_nan=False)
        write(self.records / f"{key}.json", text + "\n", durable=True)

    def begin(self):
        """What an earlier run added up does not hold any more, but for who was in it."""
        with _said_plainly(self.out), contextlib.suppress(FileNotFoundError):
            os.replace(self.out / "summary.json", self.out / EARLIER)

    def ended(self):
        """What this run added up is in its place."""
        with _said_plainly(self.out):
            (self.out / EARLIER).unlink(missing_ok=True)

    def before(self):
        """What the last run that ended added up; {} where there was none."""
        for name in ("summary.json", EARLIER):
            with contextlib.suppress(OSError, ValueError, RecursionError):
                found = json.loads((self.out / name).read_text(encoding="utf-8"))
                if isinstance(found, dict):
                    return found
        return {}

    def is_for(self, assignment):
        """Raise Stop where the results in this folder are of another assignment."""
        there = next((self.kept(path.stem) for path in self.records.glob("*.json")), None) or {}
        other = self.before().get("assignment", there.get("assignment", assignment))
        if other != assignment:
            raise Stop(
                f"{self.out} holds the results of {other}, and these are submissions of "
                f"{assignment}. Nothing was changed.\nGive another folder with --out."
            )

    def current(self):
        """The records of the last run, sorted by student. Raises NoResults."""
        try:
            about = json.loads((self.out / "summary.json").read_text(encoding="utf-8"))
            records = [self.kept(key) for key in about["records"]]
        except (OSError, ValueError, KeyError, TypeError):
            records = [None]
        if None in records:
            raise NoResults(
                f"{self.out} holds no results that are complete.\n"
                "lstm-teach course grade makes them; given again it goes on where it stopped."
            )
        return records


def key(master, content, student, flags, settings):
    """The name of a record: a hash of all that it depends on.

    content: the notebook's bytes; settings: a dict that JSON can say.
    """
    about = {
        "content": hashlib.sha256(content).hexdigest(),
        "master": master.hash,
        "student": student,
        "flags": flags,
        "settings": settings,
    }
    text = json.dumps(about, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def judges():
    """A hash of the code that decides about marks."""
    package = Path(__file__).resolve().parent.parent
    course = package / "course"
    files = [*package.joinpath("checks").rglob("*.py"), *course.rglob("*.py")]
    digest = hashlib.sha256()
    for file in sorted(files):
        if file.is_relative_to(course) and file.relative_to(course).parts[0] in NOT_JUDGING:
            continue
        digest.update(file.relative_to(package).as_posix().encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()[:20]


def write(path, content, durable=False):
    """Write a file in one piece: beside its place first, then moved there.

    content: str or bytes; durable: wait until the disk has it. Raises NoRoom.
    """
    path = Path(path)
    if isinstance(content, str):
        content = content.encode("utf-8", "replace")
    with _said_plainly(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + PART)  # one name, for there is one writer
        try:
            with open(part, "wb") as file:
                file.write(content)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            os.replace(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise
        if durable and os.name != "nt":
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


@contextlib.contextmanager
def _said_plainly(folder):
    """An error of the file system as a message for the instructor."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise NoRoom(
                f"there is no room left for results in {folder} ({error.strerror}).\n"
                "What was graded before is kept. Make room, and give the same command again."
            ) from None
        raise Stop(f"{folder} cannot be written to: {error.strerror}.") from None
