"""Many submissions: grade what is missing, keep each record as it comes, write what they add up to.

It may be killed at any moment. Started again it grades what has no record yet: a record's key is
made of the submission, the student, the master and everything else that a mark depends on.
"""

import dataclasses
import sys
import threading
from contextlib import closing

from .. import __version__
from . import record, workers
from .plain import plain
from .store import Stop, Store, judges, key
from .submissions import FOR_A_PERSON, Unreadable
from .summary import get_ready_to_publish, publish
from .tables import counted
from .trial import Trial

UNSAFE = "[NO SANDBOX] "


class Stopped(Stop):
    """Interrupted with Ctrl-C, with everything finished so far in its place."""


def run(
    master,
    submissions,
    out,
    *,
    jobs=1,
    scheduler=None,
    timeout=60.0,
    limits=None,
    sandbox=True,
    seed="",
    say=print,
    grade="lstm_teach.course.grading:grade",
    kernels="lstm_teach.course.sandbox:Kernels",
    trial=False,
):
    """Grade submissions (what `submissions.find` gives) into the folder `out`. Returns a Summary.

    jobs: how many at a time on this machine; scheduler: the address of a dask.distributed cluster
    instead. timeout: seconds for one submission; limits: a sandbox.Limits; seed: what the fresh
    numbers of every student are made from. say: what to do with a line of news. grade, kernels:
    what grades, and where it runs, as "module:name". trial: whether the master is tried first.
    Raises Stop with a message for the instructor: no sandbox, no workers, no room on the disk,
    another grader at work, a master that fails its trial; and Stopped after Ctrl-C.
    """
    if limits is None:
        from .sandbox import Limits

        limits = Limits()
    setup = workers.Setup(grade, kernels, limits, sandbox, master, seed, timeout)
    store, said = Store(out), _Said(say, sandbox, len(submissions))
    with store.locked(), closing(said):
        store.is_for(master.name)
        batch = _Batch(store, setup, submissions, said, trial)
        threading.Thread(target=get_ready_to_publish, daemon=True).start()
        try:
            batch.grade(jobs, scheduler)
        except KeyboardInterrupt:
            raise Stopped(
                f"Stopped after {said.done} of {len(submissions)} submissions; they are kept in "
                f"{store.out}.\nThe same command goes on from there."
            ) from None
        keys = [batch.keys[one.student] for one in submissions]
        return publish(store, master, keys, [store.kept(one) for one in keys])


class _Batch:
    """One run: what is to be graded, and what became of it."""

    def __init__(self, store, setup, submissions, said, trial):
        self.store, self.setup, self.submissions, self.said = store, setup, submissions, said
        self.keys = {}  # student: key
        self.settings = {
            "package": __version__,
            "judges": judges(),
            "grade": setup.grade,
            "kernels": setup.kernels,
            "limits": dataclasses.asdict(setup.limits),
            "sandbox": setup.sandbox,
            "seed": setup.seed,
            "timeout": setup.timeout,
        }
        tried = key(setup.master, b"", "", [], self.settings)
        self.trial = Trial(setup.master if trial else None, store.out / "trial.txt", tried)

    def grade(self, jobs, scheduler):
        """Make every record that is not there. Raises Stop where the master fails its trial."""
        tasks = self.trial.ahead(self.missing())
        if scheduler:
            from .cluster import on_cluster

            answers = on_cluster(tasks, self.setup, scheduler)
        else:
            answers = workers.here(tasks, self.setup, jobs)
        with closing(answers):
            for task, answer in self.trial.passed(answers):
                self.keep(task, answer)

    def missing(self):
        """A Task for every submission without a record, read when it is wanted."""
        for submission in self.submissions:
            content, error = b"", None
            try:
                content = submission.read()
            except Unreadable as unreadable:
                error = unreadable
            about = error and [error.flag, error.says]
            flags = tuple(submission.flags)
            name = key(
                self.setup.master, content, submission.student, [*flags, about], self.settings
            )
            self.keys[submission.student] = name
            task = workers.Task(name, content, submission.student, flags)
            if kept := self.store.kept(name):
                self.said.there(kept)
            elif error:
                self.keep(task, {"failed": about})
            else:
                yield task

    def keep(self, task, answer):
        """Store the record that an answer gives."""
        if "record" in answer:
            found = answer["record"]
        else:
            found = failed(self.setup, task, *answer["failed"])
        if any(flag["flag"] in FOR_A_PERSON for flag in task.flags):
            found["needs_a_person"] = True
        self.store.begin()
        self.store.keep(task.key, found)
        self.said.graded(found)


def failed(setup, task, flag, says):
    """The record of a submission that nothing was graded of: no points, and a person looks."""
    says = plain(says, 500, lines=False)
    found = record.failed(
        setup.master,
        student=task.student,
        sha256=record.sha256(task.content),
        sandbox="bubblewrap" if setup.sandbox else "none",
        flags=[*task.flags, {"flag": flag, "says": says}],
    )
    for test in found["tests"]:
        if test["status"] == "not_run":
            test["says"] = says
    return found


class _Said:
    """News of a batch: a progress bar on a terminal, else a line for each submission."""

    def __init__(self, say, sandbox, total):
        from tqdm import tqdm

        self.say, self.mark, self.total = say, "" if sandbox else UNSAFE, total
        self.known = self.done = 0
        self.terminal = sys.stderr.isatty()
        self.bar = tqdm(total=total, unit="notebook", disable=not self.terminal)

    def there(self, found):
        """A record was there already."""
        self.known += 1
        self._step(found)

    def graded(self, found):
        """A record is new."""
        self._step(found)
        if not self.terminal:
            self.say(f"{self.mark}{self.done:5} of {self.total}  {news(found)}")

    def _step(self, found):
        self.done += 1
        self.bar.set_description_str(f"{self.mark}{plain(found['student'], 30, lines=False)}")
        self.bar.update()

    def close(self):
        self.bar.close()
        if self.known:
            self.say(f"{self.mark}{self.known} of {self.total} were graded before.")


def news(found):
    """A record in one line for a terminal."""
    flags = counted(found["flags"])
    person = " (needs a person)" if found["needs_a_person"] else ""
    line = f"{found['student']}: {found['score']:g} of {found['max_score']:g}"
    return plain(line + (f"; {flags}" if flags else "") + person, 300, lines=False)
