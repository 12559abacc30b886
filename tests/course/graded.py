"""The corpus, handed in and graded: what the tests of it look at.

Everything is graded once, in one batch for each assignment, by what the command uses: `find` and
`run`, two jobs, the sandbox. Around the batch stand a listener that must not be called, a
gradebook and other students that must not be read, and fingerprints of all that must not change.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import socket
import threading
import time
from pathlib import Path

import psutil
from course.corpus import BOXES, ENTRIES, NAME, NAMES, aimed
from course.corpus.making import ROOT
from course.corpus.shown import named

from lstm_teach.course.batch import run
from lstm_teach.course.master import Master
from lstm_teach.course.sandbox import Limits
from lstm_teach.course.submissions import find

TIMEOUT = 12  # seconds for a submission; the endless ones cost that much each
SEED = "the corpus's secret"
LIMITS = Limits(memory_mb=768)
SAMPLES = sorted({entry.assignment for entry in ENTRIES} - {NAME})


class Listener:
    """Takes calls by TCP and by two kinds of Unix sockets, and remembers that there were any."""

    def __init__(self, folder):
        self.calls, self._open = [], True
        tcp = socket.create_server(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        self._sockets = [tcp]
        for address in (f"\0lstm-teach-{self.port}", str(folder / "listener")):
            local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            local.bind(address)
            local.listen()
            self._sockets.append(local)
        for each in self._sockets:
            each.settimeout(0.2)
            threading.Thread(target=self._wait, args=(each,), daemon=True).start()

    def _wait(self, each):
        while self._open:
            with contextlib.suppress(TimeoutError, OSError):
                connection, address = each.accept()
                self.calls.append(address)
                connection.close()

    def close(self):
        self._open = False
        for each in self._sockets:
            each.close()


class Watch:
    """The most memory that one process of the grader had, in MB."""

    def __init__(self):
        self.peak, self._stop = 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self):
        while not self._stop.wait(0.2):
            for process in psutil.Process().children():
                with contextlib.suppress(psutil.Error):
                    if "lstm_teach.course.grader_process" in " ".join(process.cmdline()):
                        self.peak = max(self.peak, process.memory_info().rss / 2**20)

    def stop(self):
        self._stop.set()
        self._thread.join()
        return self.peak


@dataclasses.dataclass
class Batch:
    """What came of it. records: student -> record; found: box -> the students found in it."""

    out: Path
    records: dict
    found: dict
    refused: dict
    calls: list
    changed: list
    handed_in: int
    grader_mb: float
    seconds: float

    def feedback(self):
        """Every page that a student would get."""
        return sorted((self.out / "feedback").rglob("*.html"))


def fingerprints(*folders):
    """path -> hash of every file below these folders that a batch must leave as it is."""
    return {
        file: hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink() and file.suffix not in (".pyc", ".png")
    }


def handed_in(place, listener):
    """Write all entries as nbgrader keeps them: submitted/student/assignment/notebook."""
    aims = {"root": ROOT, "batch": place, "port": listener.port, "pid": os.getpid()}
    (place / "gradebook.db").write_bytes(b"everybody's marks")
    for entry in ENTRIES:
        folder = place / entry.assignment / entry.name / entry.assignment
        folder.mkdir(parents=True)
        (folder / f"{entry.assignment}.ipynb").write_bytes(aimed(entry.make(), **aims))
    for name, source in named():
        folder = place / "names" / name / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_bytes(source)
    assert len(list((place / "names").iterdir())) == len(NAMES)


def unpacked(place, master):
    """The submissions in every box, students named after it; and which boxes were refused."""
    found, refused = {}, {}
    for box in BOXES:
        folder = place / "boxes" / box.name
        folder.mkdir(parents=True)
        path = box.write(folder)
        try:
            inside = find(path, master)
        except Exception as error:
            refused[box.name] = error
            continue
        found[box.name] = [
            dataclasses.replace(each, student=f"{box.name}: {each.student}") for each in inside
        ]
    return found, refused


def graded(place, sandbox=True):
    """Hand in, grade, and look at what is left: a Batch."""
    listener = Listener(place)
    handed_in(place, listener)
    master = Master.read(NAME)
    found, refused = unpacked(place, master)
    guarded = [ROOT / name for name in ("lstm_teach", "solutions", "exercises", "tests")]
    guarded += [place / NAME, place / "names"]
    before, began, watch = fingerprints(*guarded), time.monotonic(), Watch()

    found["odd names"] = find(place / "names", master)
    submissions = [*find(place / NAME, master), *(each for box in found.values() for each in box)]
    settings = {"jobs": 2, "scheduler": None, "timeout": TIMEOUT, "limits": LIMITS}
    run(master, submissions, place / "out", sandbox=sandbox, seed=SEED, **settings)
    records = _records(place / "out")
    for name in SAMPLES:
        other = Master.read(name)
        more = find(place / name, other)
        run(other, more, place / f"out-{name}", sandbox=sandbox, seed=SEED, **settings)
        records |= _records(place / f"out-{name}")
        submissions += more

    after = fingerprints(*guarded)
    changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    listener.close()
    return Batch(
        out=place / "out",
        records=records,
        found={name: [each.student for each in box] for name, box in found.items()},
        refused=refused,
        calls=listener.calls,
        changed=changed,
        handed_in=len(submissions),
        grader_mb=watch.stop(),
        seconds=time.monotonic() - began,
    )


def _records(out):
    records = [json.loads(file.read_text()) for file in sorted((out / "records").glob("*.json"))]
    return {record["student"]: record for record in records}
