"""What is wrong with a master, in sentences that name the cell: before anything is made of it.

nbgrader and our grader read the same markers and metadata. What one of them would take for
something else, or let pass in silence, is said here, and nothing is derived, released or graded.
"""

import ast
import math
import re
from difflib import SequenceMatcher

SCHEMA = 3  # of nbgrader's metadata
MARKER = re.compile(r"^[ \t]*### (BEGIN|END) (SOLUTION|HIDDEN TESTS)(?!\w)")
MARKERS = [f"{end} {what}" for end in ("BEGIN", "END") for what in ("SOLUTION", "HIDDEN TESTS")]
MEANT = re.compile(
    r"#+\W*(BEGIN|END)[ _-]*(HIDDEN[ _-]*TEST|HIDDEN\W*$|SOLUTION)|#+ *HIDDEN TESTS?\W*$",
    re.IGNORECASE,
)
ALIKE = 0.9
MOST = 6  # problems that are told at once
STUBS = re.compile(r"^[ \t]*raise NotImplementedError\b", re.MULTILINE)


def problems(cells):
    """Sentences about the cells of a notebook, as JSON or nbformat have them; [] if all is well."""
    found, first = [], {}
    for number, cell in enumerate(cells, 1):
        facts, source = facts_of(cell), source_of(cell)
        name = f"cell {number}" + (f" ({facts['grade_id']})" if facts.get("grade_id") else "")
        if any(facts.get(use) for use in ("grade", "solution", "task", "locked")):
            found += [f"{name}: {says}" for says in _of_metadata(facts, number, first)]
        if cell["cell_type"] == "code" or facts.get("solution"):
            found += [f"{name}, {says}" for says in _of_markers(source, facts)]
        if cell["cell_type"] == "code" and facts.get("grade") and not facts.get("solution"):
            found += [f"{name}, {says}" for says in _of_test(source)]
        if _is_a_stub(cell, facts, source):
            found.append(
                f"{name}: expected your answer between ### BEGIN SOLUTION and ### END SOLUTION; "
                "here is only what students get. Give the master, not the students' version."
            )
    return found


def told(problems):
    """Problems as lines of a message, the first of them where there are many."""
    more = [f"... and {len(problems) - MOST} more"] if len(problems) > MOST else []
    return "".join(f"\n  {says}" for says in [*problems[:MOST], *more])


def facts_of(cell):
    """nbgrader's metadata of a cell."""
    return (cell.get("metadata") or {}).get("nbgrader") or {}


def source_of(cell):
    """The source of a cell, which JSON may have in lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _of_metadata(facts, number, first):
    """About points, grade_id and schema. first: {grade_id: the number of the first such cell}."""
    points, name = facts.get("points"), facts.get("grade_id")
    if (facts.get("grade") or facts.get("task")) and not _is_points(points):
        yield (
            f'"points" must be a number from 0 on; {points!r} came. Give it in the Create '
            "Assignment panel."
        )
    if not name or not isinstance(name, str):
        yield "it has no grade_id. Give it a name of its own in the Create Assignment panel."
    elif first.setdefault(name, number) != number:
        yield f"cell {first[name]} has the same grade_id. Give each cell a name of its own."
    if facts.get("schema_version", SCHEMA) != SCHEMA:
        yield (
            f"its metadata are of nbgrader's schema {facts['schema_version']}, and {SCHEMA} is "
            "expected. `nbgrader update` on the notebook's folder makes them new."
        )


def _is_points(points):
    number = isinstance(points, int | float) and not isinstance(points, bool)
    return number and math.isfinite(points) and points >= 0


def _of_markers(source, facts):
    """About lines that are markers, and lines that only look like one."""
    opened = None
    for number, line in enumerate(source.splitlines(), 1):
        marker = MARKER.match(line)
        if not marker:
            if _looks_like_a_marker(line):
                yield (
                    f"line {number}: `{line.strip()}` looks like a marker and is none. Markers "
                    f"are ### {', ### '.join(MARKERS)}, exactly so."
                )
            continue
        end, what = marker.groups()
        if end == "BEGIN":
            if opened:
                yield f"line {number}: ### BEGIN {what} comes before the ### END {opened[1]}."
            opened = number, what
            if what == "SOLUTION" and not facts.get("solution"):
                yield f"line {number}: ### BEGIN SOLUTION stands in a cell that is no answer."
            if what == "HIDDEN TESTS" and not facts.get("grade"):
                yield f"line {number}: ### BEGIN HIDDEN TESTS stands in a cell that is no test."
        elif not opened or opened[1] != what:
            yield f"line {number}: ### END {what} has no ### BEGIN {what} before it."
        else:
            opened = None
    if opened:
        yield f"line {opened[0]}: ### BEGIN {opened[1]} has no ### END {opened[1]} after it."


def _looks_like_a_marker(line):
    """Whether nbgrader takes the line for a marker, or somebody meant it to be one."""
    line = line.strip()
    if MEANT.match(line) or any(marker in line for marker in MARKERS):
        return True
    words = line.strip("#*=- \t").upper()
    return line.startswith("#") and any(
        SequenceMatcher(None, words, marker, autojunk=False).ratio() >= ALIKE for marker in MARKERS
    )


def _of_test(source):
    """About a test that is no plain Python."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        line = (source.splitlines()[error.lineno - 1 :] or [""])[0].strip()
        magic = line.startswith(("%", "!", "?")) or line.endswith("?")
        says = "A test is plain Python, without %magic and !commands." if magic else error.msg
        yield f"line {error.lineno}: `{line}` is not Python. {says}"


def _is_a_stub(cell, facts, source):
    """Whether an answer that a test looks at is not there."""
    by_hand = facts.get("grade") or facts.get("task")
    if cell["cell_type"] != "code" or not facts.get("solution") or by_hand:
        return False
    return bool(STUBS.search(source)) and "### BEGIN SOLUTION" not in source
