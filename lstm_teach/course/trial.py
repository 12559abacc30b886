"""The trial of a master: its own solution and the empty exercise are graded before anybody is.

Both go the way of every submission. The solution must earn all points that are not given by hand,
the empty exercise none. Else a test would judge everybody wrongly, and nobody would be told.
"""

import json
from dataclasses import replace

from .plain import plain
from .store import Stop, write
from .workers import Setup, Task, here

SOLUTION, EMPTY = "your own solution", "an empty answer"
CROSSES = (
    "What crosses the sandbox are numbers, text, bytes, arrays, lists, tuples, sets, dictionaries, "
    "None and functions.\nTest what a method returns, or wrap it in a function. See 'Exercises of "
    "your own' in book/instructors_guide.md."
)


class Trial:
    """The trial of a batch's master: `ahead` puts its tasks before all others, `passed` looks.

    passed_before: the file that remembers what has passed; key: what is to be remembered. Without
    a master there is no trial.
    """

    def __init__(self, master, passed_before, key):
        self.file, self.key, self.faults = passed_before, key, []
        known = passed_before.read_text().strip() if passed_before.is_file() else ""
        self.tasks = [] if master is None or known == key else tasks(master)
        self.waiting = {task.key for task in self.tasks}

    def ahead(self, others):
        """The trial's tasks and the others; if there are no others, none."""
        for other in others:
            yield from self.tasks
            self.tasks = []
            yield other

    def passed(self, answers):
        """The others' answers, as soon as the trial is passed. Raises Stop where it is not."""
        held = []
        for task, answer in answers:
            if task.key not in self.waiting:
                held.append((task, answer))
            else:
                self._look_at(task, answer)
            if not self.waiting:
                yield from held
                held = []

    def _look_at(self, task, answer):
        self.waiting.remove(task.key)
        self.faults += faults(task, answer)
        if self.waiting:
            return
        if self.faults:
            raise Stop(f"nobody was graded, for the master is not right yet.\n{told(self.faults)}")
        write(self.file, self.key + "\n")


def try_all(masters):
    """Try masters, without a batch. Raises Stop with all that is wrong with their tests."""
    from .sandbox import Limits, probe

    wanted = [task for master in masters for task in tasks(master)]
    if not wanted:
        return
    grade, kernels = "lstm_teach.course.grading:grade", "lstm_teach.course.sandbox:Kernels"
    # Where there is no sandbox, this code is the instructor's own.
    setup = Setup(grade, kernels, Limits(), probe().works, None, "a trial", 60.0)
    found = []
    for task, answer in here(iter(wanted), setup, jobs=min(2, len(wanted))):
        found += [f"{task.master.name}: {fault}" for fault in faults(task, answer)]
    if found:
        raise Stop(f"a master is not right yet.\n{told(sorted(found))}")


def tasks(master):
    """The two Tasks of a master's trial; none if all of it is marked by hand."""
    if all(grade.by_hand for grade in master.grades):
        return []
    open_hearted = replace(master, told=True)
    return [
        Task(f"{master.name}: {who}", handed_in(master, who == EMPTY), who, (), open_hearted)
        for who in (SOLUTION, EMPTY)
    ]


def handed_in(master, empty):
    """The master as a student hands it in, solved or empty: the bytes of a notebook."""
    cells = []
    for cell in master.cells:
        source = cell.source if cell.answer and not empty else cell.stub
        facts = {"grade_id": cell.grade_id, "solution": cell.answer, "points": cell.points}
        facts["grade"] = cell.kind in ("grade", "manual")
        made = {"cell_type": "markdown", "source": source, "metadata": {"nbgrader": facts}}
        if cell.code:
            made |= {"cell_type": "code", "outputs": [], "execution_count": None}
        cells.append(made | ({"id": cell.id} if cell.id else {}))
    about = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(about).encode()


def faults(task, answer):
    """What the answer to a task of the trial says against the master: sentences."""
    if "failed" in answer:
        return [f"{task.student.capitalize()} could not be graded: {answer['failed'][1]}"]
    record = answer["record"]
    if record["status"] == "failed":
        return [f"{task.student.capitalize()} could not be graded: {record['flags'][-1]['says']}"]
    tests = [test for test in record["tests"] if test["status"] != "by_hand"]
    if task.student == EMPTY:
        return [
            f"The test {test['name']} gives its points to an empty answer too. Does it run "
            "anything?"
            for test in tests
            if test["score"]
        ]
    return [_failed(test) for test in tests if test["status"] != "passed"]


def _failed(test):
    """A sentence about a test that the master's own solution does not pass."""
    where = ", its hidden part" if test["visibility"] == "hidden" else ""
    says = plain(test["says"], 600)
    return f"Your own solution does not pass the test {test['name']}{where}: {says}"


def told(faults):
    """The faults as lines of a message, and what helps."""
    lines = [f"  {fault}" for fault in faults]
    failed = any("Your own solution does not pass" in fault for fault in faults)
    return "\n".join([*lines, CROSSES] if failed else lines)
