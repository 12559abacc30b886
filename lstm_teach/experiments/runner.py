"""Run what is missing, keep each trial as it ends, write the table."""

import sys
from contextlib import closing
from typing import NamedTuple

from . import records, report, workers


class Outcome(NamedTuple):
    """found: what the table is made of; table: its file; failed: {trial's name: why}."""

    found: dict
    table: object
    failed: dict


class Stopped(Exception):
    """Interrupted, with everything finished so far in its place. done, total: trials."""

    def __init__(self, done, total):
        super().__init__(f"{done} of {total} trials are done and kept")
        self.done, self.total = done, total


def run(experiment, out, *, seeds=None, quick=False, jobs=1, scheduler=None, say=print):
    """Make a table: DIR/name.json and DIR/name.md, from trials kept in DIR/name/.

    out: DIR, a Path. A trial that is kept there is not run again; one that failed is.
    jobs: how many processes; scheduler: the address of a dask.distributed cluster instead.
    say: what to do with a line of news where there is no terminal for a progress bar.
    Returns an Outcome. Raises Stopped after Ctrl-C, and workers.NoWorkers.
    """
    trials, folder = experiment.trials(seeds, quick), out / experiment.name
    done = {trial.title: found for trial in trials if (found := records.kept(folder, trial))}
    missing = [trial for trial in trials if trial.title not in done]
    failed, terminal = {}, sys.stderr.isatty()
    if done and missing:
        say(f"{len(done)} of {len(trials)} trials are there already.")
    if scheduler or jobs > 1:
        ended = workers.on_cluster(missing, jobs, scheduler)
    else:
        ended = workers.here(missing, progress=terminal)
    try:
        with closing(ended), _bar(terminal, len(done), len(trials)) as bar:
            for trial, answer in ended if missing else ():
                if "records" in answer:
                    records.keep(folder, trial, answer["records"])
                    done[trial.title] = answer["records"]
                else:
                    failed[trial.title] = answer["failed"]
                news = f"{trial.title}: {report.news(answer)}"
                if terminal:
                    bar.set_description_str(news[:60])
                    bar.update()
                else:
                    say(f"{len(done) + len(failed):4} of {len(trials)}  {news}")
    except KeyboardInterrupt:  # it may have come between keeping a trial and counting it
        kept = sum(records.kept(folder, trial) is not None for trial in trials)
        raise Stopped(kept, len(trials)) from None
    found = report.summary(experiment, trials, done, failed, quick)
    return Outcome(found, report.store(experiment, found, out), failed)


def _bar(terminal, done, total):
    from tqdm import tqdm

    return tqdm(initial=done, total=total, unit="trial", disable=not terminal)
