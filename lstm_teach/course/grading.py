"""Grade one submission: `grade(source, master, kernels)` gives its record.

The notebook is rebuilt from the master with the student's solution cells, and run in a kernel;
each test is run here, at its place in the notebook, and calls the student's functions there.
"""

import contextlib
import io
import logging
import time
import warnings

from . import integrity, record, testing
from .conversation import Clock
from .extra import as_run
from .master import Master
from .plain import plain
from .playing import Died, OutOfTime, Playing, Silent, why
from .reading import names_used
from .rebuild import Unreadable, rebuild
from .sheet import Sheet
from .testing import Stuck, seed_of
from .values import Malformed
from .workplace import with_files

__all__ = ["Master", "grade"]

KEPT_FOR_HIDDEN = 0.35  # of the time: what was earned stays, though a later cell takes all it can
NO_TIME = "The time for this submission ran out before this test."


def grade(source, master, kernels, *, student="", seed="", timeout=60.0, flags=()):
    """The record of a submission, a dict. Never raises because of what the submission is.

    source: the bytes of the notebook; kernels: a `sandbox.Kernels`; seed: the course's secret,
    from which each student's own numbers come; timeout: seconds for the whole submission; flags:
    what is known about the file already, as dicts.
    """
    began, cpu_began = time.monotonic(), time.process_time()
    facts = {
        "student": student,
        "sha256": record.sha256(source),
        "sandbox": kernels.kind,
        "flags": flags,
    }
    try:
        graded = Grading(master, kernels, facts, seed, timeout)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an answer's numbers may make our own code warn
            made = graded.record_of(source)
    except Exception as error:
        logging.getLogger(__name__).exception("grading a submission failed")
        says = f"The grader failed on this submission ({type(error).__name__}). A fault of ours."
        return _timed(record.failed(master, **facts, says=says), began, cpu_began)
    return _timed(made, began, cpu_began, graded.cpu_seconds)


class Grading:
    """One submission on its way.

    First all cells are run, with what was seen of the tests; only then comes what is hidden. So
    nothing that a student's code learns of the hidden numbers stands in what the student reads.
    """

    def __init__(self, master, kernels, facts, seed, timeout):
        self.master, self.kernels, self.facts, self.seed = master, kernels, facts, seed
        self.timeout, self.clock = timeout, Clock(timeout)
        self.playing, self.as_run = None, master
        self.sheet = Sheet(master, facts)
        self.grades = {one.grade_id: one for one in master.grades}
        self.known, self.prepared = {}, set()
        self.waiting, self.cpu_seconds = {}, 0.0

    def record_of(self, source):
        """Grade the bytes of a notebook."""
        try:
            rebuilt = rebuild(source, self.master)
        except Unreadable as error:
            return record.failed(self.master, **self.facts, says=str(error))
        for one in (*rebuilt.flags, *integrity.suspicious(rebuilt)):
            self.sheet.flag(*one)
        self.as_run = as_run(self.master, rebuilt)
        self.playing = Playing(self.kernels, self.as_run, self.clock)
        try:
            self.clock.end -= self.timeout * KEPT_FOR_HIDDEN
            for cell in self.playing.through(rebuilt.sources):
                self.look_at_seen(cell, rebuilt)
            self.look_for_forgery()
            self.clock.end += self.timeout * KEPT_FOR_HIDDEN
            self.look_at_hidden()
            if self.waiting:
                self.look_once_more(rebuilt)
        finally:
            self.leave()
        return self.sheet.finished(rebuilt.texts())

    def look_at_seen(self, cell, rebuilt):
        """Run what was seen of a test. Where it passes, the hidden part waits."""
        one = self.grades[cell.grade_id]
        if (result := self.tried(one, self.seen, cell)) is not None:
            verdict, found = result
            self.put_down(one, verdict, rebuilt)
            if verdict.status == "passed" and one.hidden.strip():
                self.waiting[one.grade_id] = self.playing.there(), found, verdict
                self.sheet.set(one.grade_id, status="not_run", score=0, says=NO_TIME)
        self.sheet.set(one.grade_id, output=self.output_of(one))
        self.leave_what_runs()

    def seen(self, cell):
        """(Verdict, the names) of what was seen of a test."""
        one, there, names = self.grades[cell.grade_id], self.playing.there(), self.set_up(cell)
        return testing.seen(one, there, names, set(one.names), self.clock.left() + 2)

    def look_at_hidden(self):
        """Run the hidden parts on the functions as they were when they were looked at."""
        for name, (there, found, verdict) in list(self.waiting.items()):
            if not self.playing.is_there or self.clock.left() <= 0:
                return
            if there is not self.playing.there():
                continue  # they went with their kernel; look_once_more finds others
            self.run_hidden(self.grades[name], found, verdict)

    def look_once_more(self, rebuilt):
        """Run the notebook again, for hidden parts that did not pass or were not reached.

        Here each stands at its place: a later cell may have changed what a function relies on.
        """
        ran = self.playing.ran
        self.leave()
        self.playing = Playing(self.kernels, self.as_run, self.clock, before=ran)
        for cell in self.playing.through(rebuilt.sources):
            one = self.grades[cell.grade_id]
            if one.grade_id not in self.waiting or self.clock.left() <= 0:
                continue
            if (result := self.tried(one, self.seen, cell)) is not None:
                self.run_hidden(one, result[1], self.waiting[one.grade_id][2])

    def run_hidden(self, one, found, verdict):
        seed = seed_of(self.seed, self.facts["student"], one.grade_id)

        def work():
            there = self.playing.there()
            return testing.hidden(one, found, there, seed, self.clock.left() + 2)

        if (result := self.tried(one, work)) is None:
            return
        if result.status == "passed":
            result = verdict
            del self.waiting[one.grade_id]
        self.put_down(one, result)
        self.leave_what_runs()

    def tried(self, one, work, *given):
        """What the work gives; None where the kernel did not take it, which is then put down."""
        if self.clock.left() <= 0:
            self.sheet.set(one.grade_id, status="not_run", says=NO_TIME)
            return None
        try:
            return work(*given)
        except Died as died:
            self.sheet.set(one.grade_id, status="error", says=f"Your code {why(died)}.")
        except OutOfTime:
            self.sheet.set(one.grade_id, status="not_run", says=NO_TIME)
        except (Silent, Malformed):
            self.sheet.flag(
                "no_answer",
                "The code that calls functions in the notebook's kernel was kept from answering.",
                True,
            )
            self.sheet.set(
                one.grade_id, status="error", says="Your notebook's kernel gave no answer."
            )
        except Stuck:
            self.sheet.flag("stuck", f"The test {one.grade_id} did not end with this answer.", True)
            self.sheet.set(one.grade_id, status="error", says="The test did not come to an end.")
        self.playing.leave()
        return None

    def put_down(self, one, verdict, rebuilt=None):
        if not verdict.missing:
            self.sheet.put_down(one, verdict)
            return
        status, says = self.not_there(verdict.missing, rebuilt)
        self.sheet.set(one.grade_id, status=status, says=says)

    def leave(self):
        """Give up the kernel, and keep what was noticed in it."""
        self.playing.leave()
        self.cpu_seconds += self.playing.cpu_seconds
        for name, says in self.playing.noticed.items():
            self.sheet.flag(name, says, name in integrity.FOR_A_PERSON)

    def leave_what_runs(self):
        """Give up a kernel in which a call was stopped: what it left running harms no other."""
        if self.playing.is_there and self.playing.there().endless:
            self.look_for_forgery()
            self.playing.leave()

    def not_there(self, name, rebuilt):
        """(status, sentence) for a name that the notebook does not have."""
        home = self.master.solution_of(name)
        if home is not None and not rebuilt.sources.get(home):
            return "not_attempted", f"The cell {home}, which should define `{name}`, is missing."
        if problem := home and self.playing.problem(home):
            if problem.startswith("NotImplementedError"):
                return "not_attempted", testing.UNFINISHED
            return "error", f"The cell {home} did not run, so `{name}` is not there: {problem}"
        return "failed", f"The notebook does not define `{name}`."

    def set_up(self, cell):
        """The names that the master's own cells before this test give it; they are run here."""
        needed, cells = set(names_used(cell.source)), []
        before = self.master.cells[: self.master.cells.index(cell)]
        for other in reversed(before):
            if other.kind == "set-up" and other.binds & needed:
                needed |= names_used(other.source)
                cells.append(other)
        for other in reversed(cells):
            if other not in self.prepared:
                self.prepared.add(other)
                quiet = contextlib.redirect_stdout(io.StringIO())
                with (
                    contextlib.suppress(Exception, SystemExit),
                    quiet,
                    with_files(self.master.files),
                ):
                    exec(compile(other.source, "<set-up>", "exec"), self.known)
        return self.known

    def look_for_forgery(self):
        """Look for signs of it in the kernel, if that is still there."""
        if not self.playing.is_there or self.clock.left() <= 0:
            return
        with contextlib.suppress(Died, OutOfTime, Silent, Malformed):
            for one in integrity.in_kernel(self.playing.there()):
                self.sheet.flag(*one)

    def output_of(self, one):
        """What Python said about the cells of this test."""
        cells = self.master.before(one.grade_id)
        said = [(cell, self.playing.problem(cell)) for cell in cells]
        lines = [f"{cell}: {text}" for cell, text in said if text]
        return plain("\n".join(lines), record.MOST_OUTPUT)


def _timed(made, began, cpu_began, kernel_seconds=0.0):
    made["seconds"] = round(time.monotonic() - began, 3)
    made["cpu_seconds"] = round(time.process_time() - cpu_began + kernel_seconds, 3)
    return made
