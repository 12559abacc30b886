"""A course from end to end: released, 200 submissions handed in, graded, exported.

    python benchmarks/course_dry_run.py            200 submissions, four assignments
    python benchmarks/course_dry_run.py --quick    24 of them; stores nothing

The submissions are generated: honest ones drawn from the catalogue of answers (right, wrong, half,
blank), and a share of the corpus of `tests/course`: damaged files, hostile code. Each assignment
comes in another form: zips as Canvas and Moodle make them, nbgrader's folders, one flat folder.
All of it goes through the commands that an instructor types, with the sandbox.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np
import psutil

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from course.corpus import ENTRIES, NAME, aimed  # noqa: E402
from course.corpus.mixed import mixed  # noqa: E402
from grading_report import load, machine, stored, table  # noqa: E402

SHARES = {"01_squashing": 0.2, NAME: 0.4, "09_whole_cell": 0.2, "10_backward": 0.2}
FROM_CORPUS = 0.65  # of the submissions to NAME
EXPORTS = ("csv", "nbgrader", "gradescope")
EVERY = 0.3  # seconds between two looks at the memory


@dataclass
class Step:
    """One command: what it cost. Memory is the proportional share (PSS) in MB, at its peak."""

    name: str
    seconds: float
    cpu: float
    command_mb: float
    all_mb: float
    load: float


@dataclass
class Course:
    """What was handed in, and what it must earn: student -> marks, for each assignment."""

    folder: Path
    expected: dict = field(default_factory=dict)
    steps: list = field(default_factory=list)


def lstm_teach(course, name, *arguments):
    """Run a command of this package as an instructor would, and note what it cost."""
    command = [sys.executable, "-m", "lstm_teach.cli", "course", *map(str, arguments)]
    before, began = load(), time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=course.folder, stdout=log, stderr=log)
        watch = Watch(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds, peaks = time.monotonic() - began, watch.stop()
        log.seek(0)
        words = log.read().decode(errors="replace")
    if process.returncode:
        line = " ".join(command[2:])
        raise click.ClickException(f"{line} ended with {process.returncode}:\n{words[-3000:]}")
    course.steps.append(Step(name, seconds, used.ru_utime + used.ru_stime, *peaks, before))
    click.echo(f"{name}: {seconds:.1f} s")


class Watch:
    """Looks at the memory of a process and of its children until it is told to stop."""

    def __init__(self, pid):
        self.process, self.peak, self.whole = psutil.Process(pid), 0, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self):
        while not self._stop.wait(EVERY):
            try:
                family = [self.process, *self.process.children(recursive=True)]
            except psutil.Error:
                return
            sizes = [_share(each) for each in family]
            self.peak, self.whole = max(self.peak, sizes[0]), max(self.whole, sum(sizes))

    def stop(self):
        """The peaks in MB: of the command alone, and of all together."""
        self._stop.set()
        self._thread.join()
        return self.peak / 2**20, self.whole / 2**20


def _share(process):
    try:
        return process.memory_full_info().pss
    except (psutil.Error, OSError):
        return 0


def submissions(name, count, rng):
    """student -> (bytes, what it must earn) for one assignment."""
    drawn = {f"student{number:03d}": mixed(name, rng) for number in range(count)}
    if name == NAME:
        usual = [entry for entry in ENTRIES if entry.assignment == NAME]
        chosen = rng.permutation(len(usual))[: round(FROM_CORPUS * count)]
        for number, at in enumerate(chosen):
            source = aimed(usual[at].make(), root=ROOT, batch="/tmp", port=9, pid=10**7)
            drawn[f"student{number:03d}"] = (source, usual[at].marks)
    return drawn


def hand_in(course, name, drawn):
    """Write the submissions in the form of this assignment's platform; the path to be graded."""
    place, file = course.folder / "handed_in" / name, f"{name}.ipynb"
    place.mkdir(parents=True)
    sources = {student: source for student, (source, _) in drawn.items()}
    if name.startswith("01"):
        names = {f"{s}_{9000 + n}_{7000 + n}_{file}": s for n, s in enumerate(sources)}
        return _zipped(place / "canvas.zip", {k: sources[s] for k, s in names.items()})
    if name.startswith("10"):
        names = {f"{s}_{9000 + n}_assignsubmission_file_/{file}": s for n, s in enumerate(sources)}
        return _zipped(place / "moodle.zip", {k: sources[s] for k, s in names.items()})
    for student, source in sources.items():
        flat = name.startswith("09")
        target = place / f"{student}.ipynb" if flat else place / student / name / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source)
    return place


def _zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def records(course, name):
    """student -> record; Canvas and Moodle put numbers behind a name."""
    files = (course.folder / "results" / name / "records").glob("*.json")
    found = [json.loads(file.read_text()) for file in files]
    return {record["student"].split("_")[0]: record for record in found}


def unexpected(course, name):
    """The students whose marks are not what they must be: student -> (wanted, got)."""
    wrong, found = {}, records(course, name)
    for student, marks in course.expected[name].items():
        tests = found.get(student, {"tests": []})["tests"]
        got = {test["name"]: test["score"] for test in tests}
        for check, mark in marks.items():
            least, most = mark if isinstance(mark, tuple) else (mark, mark)
            if not least <= got.get(check, -1) <= most:
                wrong[student] = (marks, got)
    return wrong


def markdown(course, jobs):
    count = sum(len(marks) for marks in course.expected.values())
    costs = [["step", "seconds", "CPU seconds", "MB of the command", "MB of all", "load before"]]
    for step in course.steps:
        numbers = (step.seconds, step.cpu, step.command_mb, step.all_mb, step.load)
        costs.append([step.name, *(f"{number:.1f}" for number in numbers)])
    graded = [["assignment", "submissions", "marks as expected", "for a person", "status"]]
    flags, wrong = Counter(), {}
    for name, marks in course.expected.items():
        found, off = records(course, name), unexpected(course, name)
        wrong |= {f"{name}/{student}": pair for student, pair in off.items()}
        flags.update(flag["flag"].split(":")[0] for r in found.values() for flag in r["flags"])
        states = Counter(record["status"] for record in found.values())
        people = sum(record["needs_a_person"] for record in found.values())
        said = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
        graded.append([name, len(marks), f"{len(marks) - len(off)} of {len(marks)}", people, said])
    grading = [step for step in course.steps if step.name.startswith("grade")]
    seconds = sum(step.seconds for step in grading)
    text = "\n\n".join(
        [
            "# A course of generated submissions, end to end",
            f"{count} submissions, {jobs} jobs, in the sandbox. {machine()}",
            f"Graded in **{seconds:.0f} s**, {count * 60 / seconds:.0f} a minute; the command "
            f"itself needed at most {max(step.command_mb for step in grading):.0f} MB, with its "
            f"workers and kernels {max(step.all_mb for step in grading):.0f} MB. Marks as "
            f"expected: **{count - len(wrong)} of {count}**.",
            table(graded),
            table(costs),
            "## Flags",
            table([["flag", "how often"], *sorted(flags.items())]),
            f"About {FROM_CORPUS:.0%} of the submissions to {NAME} are from the corpus (damaged "
            "and hostile; an endless one costs its whole time limit). All others are honest: "
            "right, wrong, half, blank; what they must earn is what the student's own check "
            "gives. Memory is the proportional set size, looked at three times a second.",
        ]
    )
    return text, wrong


@click.command()
@click.option("--count", default=200, show_default=True, help="How many submissions in all.")
@click.option("--jobs", default=2, show_default=True, help="How many at a time.")
@click.option("--timeout", default=15, show_default=True, help="Seconds for one submission.")
@click.option("--quick", is_flag=True, help="24 submissions; stores nothing.")
def main(count, jobs, timeout, quick):
    """Release, grade and export a course of generated submissions."""
    count = 24 if quick else count
    rng = np.random.default_rng(200)
    with tempfile.TemporaryDirectory(prefix="course") as folder:
        course = Course(Path(folder))
        for name, share in SHARES.items():
            drawn = submissions(name, round(share * count), rng)
            course.expected[name] = {student: marks for student, (_, marks) in drawn.items()}
            path, out = hand_in(course, name, drawn), course.folder / "results" / name
            lstm_teach(course, f"release {name}", "release", name, "--out", "released")
            options = ["--jobs", jobs, "--timeout", timeout, "--seed", "dry run"]
            lstm_teach(course, f"grade {name}", "grade", name, path, "--out", out, *options)
            for to in EXPORTS:
                target = course.folder / "exported" / name / to
                target.parent.mkdir(parents=True, exist_ok=True)
                lstm_teach(
                    course, f"export {name}, {to}", "export", out, "--to", to, "--out", target
                )
        text, wrong = markdown(course, jobs)
    click.echo(text)
    for student, (wanted, got) in wrong.items():
        click.echo(f"{student}: expected {wanted}, got {got}")
    if not quick:
        stored("dry_run", text)


if __name__ == "__main__":
    main()
