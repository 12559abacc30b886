"""What an experiment is: settings in words and numbers, a table to fill, and a criterion."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Trial(NamedTuple):
    """One run of one arm: plain words and numbers, to be pickled, stored and compared.

    learner: the module of this package whose `run(settings, seeds)` does it and returns one
    record for each seed, a dict of plain values.
    """

    experiment: str
    arm: str
    learner: str
    settings: dict
    seeds: tuple

    @property
    def title(self):
        """What it is called in the news and in the table."""
        first, last = self.seeds[0], self.seeds[-1]
        return f"{self.arm}, " + (f"seed {first}" if first == last else f"seeds {first}-{last}")


class Criterion(NamedTuple):
    """What was to be reached, said before anything was run.

    judge: a function of {arm: records} that returns whether it is met, and what was found.
    """

    name: str
    words: str
    judge: Callable


@dataclass(frozen=True)
class Experiment:
    """One table.

    arms: {name: the settings in which this arm differs}; settings: what all arms share.
    seeds: how many, always 0, 1, 2, ...; together: all seeds of an arm are one trial.
    table: a function of {arm: records} that returns rows of text, the headings first; the
    paper's own row stands beside ours. quick: settings (and seeds, and perhaps a choice of
    arms) of a run of seconds that proves that everything works, and nothing else.
    minutes: how long the whole table takes on one core of an ordinary machine.
    """

    name: str
    title: str
    source: str
    protocol: str
    deviations: str
    settings: dict
    arms: dict
    table: Callable
    quick: dict
    minutes: float
    criteria: tuple = ()
    seeds: int = 10
    learner: str = "modern"
    together: bool = False

    def settings_of(self, quick=False):
        """{arm: all of its settings}."""
        changes = dict(self.quick) if quick else {}
        changes.pop("seeds", None)
        chosen = changes.pop("arms", tuple(self.arms))
        return {arm: self.settings | self.arms[arm] | changes for arm in chosen}

    def seeds_of(self, seeds=None, quick=False):
        """The seeds of a run: as many as asked for, or as this experiment says."""
        if seeds is None:
            seeds = self.quick["seeds"] if quick else self.seeds
        return tuple(range(seeds))

    def trials(self, seeds=None, quick=False):
        """Every trial, all arms of one seed before those of the next."""
        seeds = self.seeds_of(seeds, quick)
        groups = [seeds] if self.together else [(seed,) for seed in seeds]
        return [
            Trial(self.name, arm, self.learner, settings, group)
            for group in groups
            for arm, settings in self.settings_of(quick).items()
        ]
