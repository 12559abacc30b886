"""How many submissions a minute: `lstm-teach course grade` beside `nbgrader autograde`.

    python benchmarks/grading_throughput.py            the same 40 submissions, twice each
    python benchmarks/grading_throughput.py --quick    8 of them, once; stores nothing

Both grade the same honest submissions (right, wrong, partial, blank) of one assignment on the same
cores, one after the other in one run, and must give the same marks. nbgrader has its stock
settings and no sandbox; with two jobs it runs as two processes over two halves, each with a
gradebook of its own, since one process of it grades one notebook at a time. Ours grades in the
sandbox, judges outside of it, and asks every question twice: once as seen and once with fresh
numbers; so does nbgrader's, with the hidden test.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click
import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from course.corpus.making import full  # noqa: E402
from course.corpus.mixed import mixed  # noqa: E402
from grading_report import load, machine, stored, table  # noqa: E402

NAME = "02_the_chain"
TARGET = 5  # times as many a minute


@dataclass(frozen=True)
class Run:
    """One way to grade all submissions: what it cost, and the marks it gave."""

    seconds: float
    cpu: float
    load: float
    marks: dict


def timed(processes):
    """Run commands (arguments, folder) at the same time: wall and CPU seconds, the load before.

    The CPU seconds are those of the processes and of all that they waited for.
    """
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    }
    before, began, cpu = load(), time.perf_counter(), 0.0
    with tempfile.TemporaryFile() as log:
        quiet = {"env": environment, "stdout": log, "stderr": log}
        for process in [subprocess.Popen(line, cwd=place, **quiet) for line, place in processes]:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            cpu += used.ru_utime + used.ru_stime
            if process.returncode:
                log.seek(0)
                raise click.ClickException(f"{process.args}:\n{log.read().decode()[-3000:]}")
    return time.perf_counter() - began, cpu, before


def hand_in(folder, submissions):
    """Write submissions (student -> bytes) as nbgrader wants them: student/assignment/notebook."""
    for student, source in submissions.items():
        target = folder / student / NAME / f"{NAME}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_bytes(source)
    return folder


def nbgrader(folder, submissions, jobs):
    """Grade with nbgrader: one course and one process for each job."""
    students = list(submissions)
    courses = []
    for job in range(jobs):
        course = folder / f"course{job}"
        shutil.copytree(ROOT / "solutions" / NAME, course / "solutions" / NAME)
        shutil.copy(ROOT / "nbgrader_config.py", course)
        hand_in(course / "submitted", {each: submissions[each] for each in students[job::jobs]})
        courses.append(course)
    command = [sys.executable, "-m", "nbgrader"]
    timed([([*command, "generate_assignment", NAME, "--create"], course) for course in courses])
    cost = timed([([*command, "autograde", NAME, "--create"], course) for course in courses])
    return Run(*cost, marks={k: v for course in courses for k, v in _gradebook(course).items()})


def _gradebook(course):
    """The marks in a gradebook: student -> grade_id -> score."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.score for grade in submission.notebooks[0].grades
            }
            for submission in gradebook.assignment_submissions(NAME)
        }


def ours(folder, submissions, jobs):
    """Grade with the command of this package, in its sandbox."""
    handed_in = hand_in(folder / "submitted", submissions)
    command = [sys.executable, "-m", "lstm_teach.cli", "course", "grade", NAME, str(handed_in)]
    command += ["--out", str(folder / "results"), "--jobs", str(jobs), "--seed", "throughput"]
    seconds, cpu, before = timed([(command, ROOT)])
    files = (folder / "results" / "records").glob("*.json")
    records = [json.loads(file.read_text()) for file in files]
    marks = {
        record["student"]: {test["name"]: test["score"] for test in record["tests"]}
        for record in records
    }
    # Nobody waits for the sandboxed kernels, so their seconds are in the records alone.
    return Run(seconds, cpu + sum(record["cpu_seconds"] for record in records), before, marks)


def same(one, other):
    """The students whose marks differ: student -> (one's, the other's), for each grade cell."""
    return {
        student: (one.get(student), other.get(student))
        for student in one.keys() | other.keys()
        if {k: v for k, v in (one.get(student) or {}).items() if k in full(NAME)}
        != {k: v for k, v in (other.get(student) or {}).items() if k in full(NAME)}
    }


def markdown(count, jobs, runs, differing, wrong):
    rows = [["", "seconds", "submissions a minute", "CPU seconds each", "load before"]]
    speed = {}
    for name, found in runs.items():
        speed[name] = count * 60 / median(run.seconds for run in found)
        rows.append(
            [
                name,
                ", ".join(f"{run.seconds:.1f}" for run in found),
                f"{speed[name]:.1f}",
                f"{median(run.cpu for run in found) / count:.2f}",
                ", ".join(f"{run.load:.1f}" for run in found),
            ]
        )
    theirs, mine = speed.values()
    said = "reached" if mine >= TARGET * theirs else "NOT reached"
    return "\n\n".join(
        [
            "# Submissions graded a minute",
            f"{count} honest submissions of `{NAME}` (right, wrong, partial, blank), {jobs} at a "
            f"time, the same for both. {machine()}",
            table(rows),
            f"Ratio: **{mine / theirs:.1f} times as many a minute**; the target, {TARGET}, "
            f"is {said}.",
            f"Marks that differ between the two: {len(differing)} of {count} students. Marks that "
            f"differ from what the same answers earn by the student's own check: {len(wrong)}.",
            "nbgrader: stock settings, no sandbox, one process and one gradebook for each job. "
            "Ours: sandboxed kernels out of a fork server, judged outside of them, the command's "
            "own start, records, feedback pages and summary included. Seconds are wall time of "
            "the whole command; a minute is computed from their median. CPU seconds are those of "
            "the command and of every process that it waited for; ours has those of the records "
            "added, since nobody waits for a sandboxed kernel: too many rather than too few, the "
            "judging is counted twice.",
        ]
    )


@click.command()
@click.option("--count", default=40, show_default=True, help="How many submissions.")
@click.option("--jobs", default=2, show_default=True, help="How many at a time, for both.")
@click.option("--rounds", default=2, show_default=True, help="How often each grades all of them.")
@click.option("--quick", is_flag=True, help="8 submissions, one round; stores nothing.")
def main(count, jobs, rounds, quick):
    """Grade the same submissions with nbgrader and with this package."""
    count, rounds = (8, 1) if quick else (count, rounds)
    rng = np.random.default_rng(2026)
    drawn = {f"s{number:02d}": mixed(NAME, rng) for number in range(count)}
    submissions = {student: source for student, (source, _) in drawn.items()}
    expected = {student: marks for student, (_, marks) in drawn.items()}
    runs = {"nbgrader autograde": [], "lstm-teach course grade": []}
    for number in range(rounds):
        for name, way in zip(runs, (nbgrader, ours), strict=True):
            with tempfile.TemporaryDirectory(prefix="throughput") as folder:
                runs[name].append(way(Path(folder), submissions, jobs))
            click.echo(f"round {number + 1}, {name}: {runs[name][-1].seconds:.1f} s")
    theirs, mine = (found[-1].marks for found in runs.values())
    text = markdown(count, jobs, runs, same(theirs, mine), same(expected, mine))
    click.echo(text)
    for student, pair in (same(theirs, mine) | same(expected, mine)).items():
        click.echo(f"{student}: {pair}")
    if not quick:
        stored("throughput", text)


if __name__ == "__main__":
    main()
