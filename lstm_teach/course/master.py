"""A master notebook: what the exercises are, what each is worth, and the right answers.

Master.read("02_the_chain")          by name, or by the path of a notebook or its folder
master.solutions                     {grade_id: the source of the right answer}
master.grades                        what is marked, in the order of the notebook
"""

import ast
import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from . import sense
from .finding import MasterMissing, beside, found
from .reading import names_bound, names_used

HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS.*?^[ \t]*### END HIDDEN TESTS[^\n]*\n?",
    re.DOTALL | re.MULTILINE,
)
SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION.*?^[ \t]*### END SOLUTION[^\n]*$", re.DOTALL | re.MULTILINE
)
HEADING = re.compile(r"^#{1,6} +\S.*", re.MULTILINE)
STUB = "raise NotImplementedError()"
MARK_SCHEME = "BEGIN MARK SCHEME"  # what follows in a task is for whoever marks it


@dataclass(frozen=True)
class Cell:
    """A cell of the master. `kind`: "text", "set-up", "solution", "grade" or "manual".

    answer: students write in it. A manual cell is marked by hand; it may be an answer itself.
    """

    kind: str
    source: str
    grade_id: str = ""
    id: str = ""
    points: float = 0
    code: bool = True
    answer: bool = False

    @property
    def binds(self):
        """The names that it gives a value."""
        return names_bound(self.source) if self.code else frozenset()

    @property
    def stub(self):
        """The source as students get it. An answer without a marked region goes altogether."""
        if self.answer and not SOLUTION.search(self.source):
            return STUB if self.code else "YOUR ANSWER HERE"
        return SOLUTION.sub(lambda found: found[1] + STUB, HIDDEN.sub("", self.source))


@dataclass(frozen=True)
class Grade:
    """Something that is marked. `seen` is what students see of the test, `hidden` the rest.

    exercise and title are the book's, where the test is one of the book's checks; names are what
    it needs of the student; by_hand says that a person marks it; told, files: see Master.
    """

    grade_id: str
    points: float
    exercise: str
    heading: str
    names: tuple[str, ...]
    seen: str = ""
    hidden: str = ""
    by_hand: bool = False
    told: bool = False
    files: dict = field(default_factory=dict)

    @property
    def title(self):
        return self.heading or _title(self.exercise) or self.grade_id


@dataclass(frozen=True)
class Master:
    """A master notebook. `files` are what lies beside it: {name: path}, for the student's code.

    told: whether a record says what a hidden test found, for the instructor alone.
    """

    name: str
    cells: tuple[Cell, ...]
    variant: int | None = None
    files: dict = field(default_factory=dict)
    told: bool = False

    @classmethod
    def read(cls, where):
        """The master of this name, or at this path. Raises MasterMissing."""
        path = found(where).absolute()
        return cls.of(path.read_bytes(), path.stem, files=beside(path))

    @classmethod
    def of(cls, notebook, name, variant=None, files=None):
        """A master from a notebook's bytes, or from a notebook read by nbformat."""
        try:
            if isinstance(notebook, bytes):
                notebook = json.loads(notebook.decode("utf-8-sig"))
            problems = sense.problems(notebook["cells"])
            cells = () if problems else tuple(_cell(cell) for cell in notebook["cells"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise MasterMissing(f"{name} is not a notebook: {error}") from None
        if problems:
            raise MasterMissing(f"{name} cannot be used as a master:{sense.told(problems)}")
        if not any(cell.kind in ("grade", "manual") for cell in cells):
            raise MasterMissing(
                f"{name}: no cell of this notebook is worth points. Is it a master? Its test "
                'cells carry nbgrader\'s metadata, "grade": true and "points".'
            )
        return cls(name, cells, variant, dict(files or {}))

    @cached_property
    def hash(self):
        """A hash of all that counts for marks: sources, points, files, the variant; no layout."""
        facts = [[c.kind, c.grade_id, c.source, c.points] for c in self.cells if c.kind != "text"]
        files = [[name, _sha256(Path(path))] for name, path in sorted(self.files.items())]
        text = json.dumps([self.name, self.variant, facts, files], ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def solutions(self):
        """{grade_id: source} of the cells that students write in."""
        return {cell.grade_id: cell.source for cell in self.cells if cell.answer}

    @cached_property
    def grades(self):
        return [_grade(cell, self) for cell in self.cells if cell.kind in ("grade", "manual")]

    @property
    def manual(self):
        return [grade for grade in self.grades if grade.by_hand]

    @property
    def max_score(self):
        return sum(grade.points for grade in self.grades)

    def solution_of(self, name):
        """The grade_id of the solution cell that defines a name, or None."""
        for cell in self.cells:
            if cell.kind == "solution" and name in cell.binds:
                return cell.grade_id
        return None

    def before(self, grade_id):
        """The grade_ids of the solution cells between the mark before this one and this one."""
        cells = []
        for cell in self.cells:
            if cell.kind == "solution":
                cells.append(cell.grade_id)
            elif cell.grade_id == grade_id:
                break
            elif cell.kind == "grade":
                cells = []
        return cells


def _cell(cell):
    source, facts = sense.source_of(cell), sense.facts_of(cell)
    code = cell["cell_type"] == "code"
    grade, solution, task = (bool(facts.get(name)) for name in ("grade", "solution", "task"))
    if task or (grade and solution):
        kind = "manual"
    elif grade and code:
        kind = "grade"
    elif solution and code:
        kind = "solution"
    else:
        kind = "set-up" if code else "text"
    grade_id = str(facts.get("grade_id", ""))
    cell_id = str(cell.get("id", ""))
    points = _points(facts) if grade or task else 0
    return Cell(kind, source, grade_id, cell_id, points, code, answer=solution)


def _points(facts):
    points = float(facts["points"])
    return int(points) if points.is_integer() else points


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _grade(cell, master):
    if cell.kind == "manual":
        return Grade(cell.grade_id, cell.points, "", _heading(cell, master), (), by_hand=True)
    hidden = "".join(found[0] for found in HIDDEN.finditer(cell.source))
    exercise = _exercise_asked(cell.source)
    names = names_used(cell.source) & {
        n for c in master.cells for n in c.binds if c.kind == "solution"
    }
    return Grade(
        cell.grade_id,
        cell.points,
        exercise,
        "",
        tuple(sorted(names, key=cell.source.index)),
        HIDDEN.sub("", cell.source),
        hidden,
        told=master.told,
        files=master.files,
    )


def _heading(cell, master):
    """The last heading above a cell that is marked by hand, or in it: never a word of an answer."""
    before = master.cells[: master.cells.index(cell)]
    texts = [one.source for one in before if one.kind == "text" and not one.answer]
    if not cell.answer and not cell.code:
        texts.append(cell.source.partition(MARK_SCHEME)[0])
    for text in reversed(texts):
        if headings := HEADING.findall(text):
            return headings[-1].strip("# *")[:80]
    return ""


def _exercise_asked(source):
    """The number in `lt.check("2.1", ...)`, or "" """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "check" and isinstance(node.args[0].value, str):
                return node.args[0].value
    return ""


def _title(exercise):
    from lstm_teach import checks  # here, for it takes a second

    try:
        return checks.find(exercise).title
    except KeyError:
        return ""
