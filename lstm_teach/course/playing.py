"""Running a rebuilt notebook, cell by cell, in kernels that may die on the way."""

from dataclasses import dataclass

from .distant import CellEnded, Died, Distant, OutOfTime, Silent

MOST_KERNELS = 12
CELL_SECONDS = 20.0
AGAIN_SECONDS = 2.0  # for a cell that had to be stopped before, when it is run again
ENDS = {
    "memory": "used more memory than is allowed",
    "cpu time": "used more processor time than is allowed",
    "processes": "started more processes than are allowed",
    "files": "made more files than are allowed",
    "sockets": "opened more sockets than are allowed",
    "messages": "sent larger messages than are read",
    "does not answer": "kept the notebook's kernel from answering",
    "does not end": "did not come to an end, and could not be stopped",
    "sent too many messages": "sent more messages than are read",
    "crashed": "crashed Python",
    "exited": "ended Python",
    "killed": "ended Python",
}


@dataclass
class Ran:
    """A cell that was run: how it ended, and whether it may be run again."""

    number: int
    key: str
    source: str
    ended: CellEnded
    deadly: bool = False


class Playing:
    """The notebook as it has been run so far. `there()` is a kernel in which all of it was run.

    before: how the cells ended when they were run another time, as a Playing's `ran`.
    """

    def __init__(self, kernels, master, clock, before=()):
        self.kernels, self.master, self.clock = kernels, master, clock
        self.before = {ran.number: ran for ran in before}
        self.ran, self.noticed, self.cpu_seconds, self.started = [], {}, 0.0, 0
        self._kernel = self._there = None
        self.share = 1

    def through(self, sources):
        """Run the cells in the master's order, and yield each test's cell at its place.

        What stands behind the last test only shows something, and is not run.
        """
        cells = self.master.cells
        tests = [number for number, cell in enumerate(cells) if cell.kind == "grade"]
        for number, cell in enumerate(cells[: tests[-1] + 1] if tests else ()):
            self.share = sum(n >= number for n in tests)
            if cell.kind == "grade":
                yield cell
            elif cell.answer and cell.code and sources[cell.grade_id]:
                self.run(number, cell.grade_id, sources[cell.grade_id])
            elif cell.kind == "set-up":
                self.run(number, "", cell.source)

    def run(self, number, key, source):
        """Run a cell. A cell that kills the kernel is remembered, and left out from then on."""
        ran = Ran(number, key, source, CellEnded("unfinished", "The time ran out."), True)
        before = self.before.get(number)
        if self.clock.left() <= 0 or (before and before.deadly):
            self.ran.append(ran)
            return
        try:
            there = self.there()
            self.ran.append(ran)
            ran.ended = there.run_cell(source, _seconds(before))
            ran.deadly = False
        except Died as died:
            ran.ended = CellEnded("error", f"This cell {why(died)}.")
            self.leave()
        except OutOfTime:
            self.leave()

    def there(self):
        """The kernel, with all cells run that can be. Raises Died, OutOfTime, Silent."""
        while self._there is None:
            if self.clock.left() <= 0:
                raise OutOfTime
            if self.started == MOST_KERNELS:
                raise Died("ended Python again and again")
            self._start()
        self._there.share = self.share
        return self._there

    @property
    def is_there(self):
        """Whether there is a kernel now."""
        return self._there is not None

    def _start(self):
        self.started += 1
        self._kernel = self.kernels.start(files=self.master.files)
        try:
            self._there = Distant(self._kernel, self.clock)
            self._there.noticed = self.noticed
            for ran in self.ran:
                if not ran.deadly:
                    self._again(ran)
                if self._there is None:
                    return
        except BaseException:
            self.leave()
            raise

    def _again(self, ran):
        try:
            self._there.run_cell(ran.source, _seconds(ran))
        except Died:
            ran.deadly = True
            self.leave()

    def leave(self):
        """Give the kernel up; what comes next starts another."""
        if self._kernel is None:
            return
        kernel, self._kernel, self._there = self._kernel, None, None
        kernel.__exit__(None, None, None)
        self.cpu_seconds += kernel.cpu_seconds

    def problem(self, key):
        """What went wrong in a cell: a sentence, or "" """
        for ran in self.ran:
            if ran.key == key and ran.ended.status != "ok":
                return ran.ended.says
        return ""


def _seconds(before):
    """What a cell may take, after what it did before."""
    again = before is not None and before.ended.status == "unfinished"
    return AGAIN_SECONDS if again else CELL_SECONDS


def why(died):
    """Why a kernel died, as the end of a sentence."""
    return ENDS.get(died.why, str(died.why))


__all__ = ["Died", "OutOfTime", "Playing", "Silent", "why"]
