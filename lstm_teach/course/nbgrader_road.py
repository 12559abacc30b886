"""`nbgrader autograde` and Formgrader with this package's rebuild, sandbox and verdict.

nbgrader keeps its folders, gradebook, manual grading and feedback. In place of its own steps (tidy
up the submission, put the tests back, run it all) comes `grade()`: the same call as in
`lstm-teach course grade`. nbgrader_config.py has the lines that switch it on.

    SafeSubmission   hands over the file as it is, whatever it is; owns the kernels
    Judge            grades it, and makes the autograded notebook out of master and record
    SaveGrades       nbgrader's own saving; what is flagged waits for a person

The autograded notebook is the master's, with the student's answers, without hidden tests. A
student's code runs in the sandbox alone, and never beside the gradebook.
"""

import copy
import gc
import secrets
import weakref
from contextlib import ExitStack
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.preprocessors import SaveAutoGrades as NbgradersSaving
from nbgrader.utils import compute_checksum
from traitlets import Bool, Float, Integer, Unicode, default

from . import grading
from .exports.words import name, told
from .master import HIDDEN, Master, MasterMissing
from .rebuild import Unreadable, rebuild
from .sandbox import Kernels, Limits, SandboxMissing
from .unpacking import cells_of

NOT_THERE = "This test did not come to a verdict."


class SafeSubmission(NotebookExporter):
    """Reads a submission as bytes: a file that is no notebook must not end a batch."""

    timeout = Float(60, help="Seconds for one submission.").tag(config=True)
    memory_mb = Integer(1536, help="Megabytes for one submission.").tag(config=True)
    seed = Unicode(help="What hidden numbers are drawn from.").tag(config=True)
    sandbox = Bool(True, help="False runs students' code with your rights.").tag(config=True)

    def __init__(self, **options):
        super().__init__(**options)
        gc.collect()  # ends the kernels of the last batch, where a process (Formgrader's) has many
        self.kernels = self._kernels()

    @default("seed")
    def _a_new_secret(self):
        return secrets.token_hex(16)

    def from_filename(self, filename, resources=None, **options):
        """The notebook that the preprocessors make of a file."""
        if not self.parent._sanitizing:
            return super().from_filename(filename, resources=resources, **options)
        resources["submission"] = Path(filename).read_bytes()
        return self.from_notebook_node(nbformat.v4.new_notebook(), resources, **options)

    def _kernels(self):
        """Kernels for the whole batch; they end with this exporter."""
        stack = ExitStack()
        try:
            kernels = Kernels(Limits(memory_mb=self.memory_mb), sandbox=self.sandbox)
            stack.enter_context(kernels)
        except SandboxMissing as missing:
            self.log.error("Nothing was graded. %s", missing.message)
            raise NbGraderException(missing.message) from None
        weakref.finalize(self, stack.close)
        return kernels


class Judge(NbGraderPreprocessor):
    """Grades the submission, and gives the notebook that is stored as autograded."""

    def preprocess(self, notebook, resources):
        """The autograded notebook of the submission in `resources`."""
        about, source, batch = resources["nbgrader"], resources["submission"], self.parent
        path = self._master_path(about)
        try:
            master = Master.read(path)
        except MasterMissing as error:
            raise NbGraderException(error.message) from None
        record = grading.grade(
            source,
            master,
            batch.kernels,
            student=about["student"],
            seed=batch.seed,
            timeout=batch.timeout,
        )
        self._tell(record)
        return autograded(path, master, source, record, about), resources

    def _master_path(self, about):
        course = self.parent.parent.coursedir
        folder = course.format_path(course.source_directory, ".", about["assignment"])
        return Path(folder) / f"{about['notebook']}.ipynb"

    def _tell(self, record):
        for flag in record["flags"]:
            self.log.warning("%s: %s: %s", record["student"], flag["flag"], flag["says"])
        if record["sandbox"] == "none":
            self.log.warning("[NO SANDBOX] %s was graded without a sandbox.", record["student"])


class SaveGrades(NbgradersSaving):
    """Saves the marks; where a submission needs a person, Formgrader lists it for marking."""

    def preprocess(self, notebook, resources):
        """The notebook as it came, with its marks in the gradebook."""
        self.waits = notebook.metadata.get("lstm_teach", {}).get("needs_a_person", True)
        return super().preprocess(notebook, resources)

    def _add_score(self, cell, resources):
        super()._add_score(cell, resources)
        if self.waits:
            found = (self.notebook_id, self.assignment_id, self.student_id)
            grade = self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, *found)
            grade.needs_manual_grade = True
            self.gradebook.db.commit()


def autograded(path, master, source, record, about):
    """The master's notebook with the student's answers and what became of each test."""
    notebook = copy.deepcopy(nbformat.read(path, as_version=4))
    answers = _answers(source, master)
    tests = {test["name"]: test for test in record["tests"]}
    with Gradebook(about["db_url"]) as gradebook:
        for cell in notebook.cells:
            facts = cell.metadata.get("nbgrader")
            if not facts:
                continue
            if facts.solution:
                cell.source = _storable(answers.get(facts.grade_id) or "")
            elif facts.grade and cell.cell_type == "code":
                cell.source = HIDDEN.sub("", cell.source).rstrip()
                cell.outputs = [_output(tests.get(facts.grade_id))]
            facts.cell_type = cell.cell_type
            facts.checksum = _checksum(cell, gradebook, about)
    notebook.metadata["lstm_teach"] = {
        "needs_a_person": record["needs_a_person"],
        "flags": record["flags"],
        "sandbox": record["sandbox"],
    }
    return notebook


def _answers(source, master):
    """The student's own sources, by grade_id; nothing where there is no notebook to read."""
    try:
        by_hand = {cell.grade_id: cell.source for cell in cells_of(source)[0]}
        found = rebuild(source, master).texts()
    except Unreadable:
        return {}
    return by_hand | found


def _storable(text):
    """Text that a file in UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode()


def _output(test):
    """The verdict on a test as a cell's output: nbgrader takes an error for no points."""
    if test is None:
        return nbformat.v4.new_output(
            "error", ename="NotGraded", evalue=NOT_THERE, traceback=[NOT_THERE]
        )
    text = told(test)
    if test["status"] == "passed" and test["score"] == test["max_score"]:
        return nbformat.v4.new_output("display_data", {"text/plain": f"Right. {text}"})
    first = text.partition("\n")[0]
    traceback = [f"{test['status'].replace('_', ' ')} · {name(test)}", *text.split("\n")]
    return nbformat.v4.new_output("error", ename="NotRight", evalue=first, traceback=traceback)


def _checksum(cell, gradebook, about):
    """The checksum that the cell had when it was released: "No response" is seen by it."""
    try:
        known = gradebook.find_source_cell(
            cell.metadata.nbgrader.grade_id, about["notebook"], about["assignment"]
        )
    except MissingEntry:
        return compute_checksum(cell)
    return known.checksum
