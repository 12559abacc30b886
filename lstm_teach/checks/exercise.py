"""What an exercise is: a page of facts about it, and no machinery."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import getsource, signature


@dataclass(frozen=True)
class Mistake:
    """A known way to be wrong: its name, what it does, and one hint.

    An answer makes the mistake if it gives what one of `answers` gives on every case, or if
    `seen(cases, outcomes)` says so. `misconception` is the mistake's number in the book's
    list of misconceptions, where it is one of them.
    """

    name: str
    says: str
    hint: str
    answers: tuple[Callable, ...] = ()
    seen: Callable | None = None
    misconception: int | None = None


@dataclass(frozen=True)
class Case:
    """One call of the reader's function.

    `term` names the one term that is not zero ("b", "x W"), `gives` what is then left of the
    equation; both are empty in a case where everything counts. `label` says in words what was
    handed in, where the arguments themselves would not.
    """

    args: tuple
    term: str = ""
    gives: str = ""
    label: str = ""


@dataclass(frozen=True)
class Finding:
    """What is wrong: one sentence or two, exhibits (label, text), and one hint."""

    says: str
    exhibits: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    mistake: str | None = None


class Part:
    """What both kinds of part share: the reference is the solution as a reader would write it.

    `letters` are those that the part offers, where it is a choice.
    """

    letters = ""

    @property
    def name(self):
        return self.reference.__name__

    @property
    def arguments(self):
        return tuple(signature(self.reference).parameters)

    @property
    def solution(self):
        return getsource(self.reference).rstrip()


@dataclass(frozen=True)
class FunctionPart(Part):
    """A function to write: judged by calling it and comparing with the reference.

    `cases(rng)` makes the calls, smallest first. `returns` (see returned.py) judges what kind
    of thing comes back. `hint` is for an answer that makes none of the known mistakes.
    `strict`: an overflow, a division by zero or an invalid operation on the way counts as an
    error, even where the result would come out right.
    """

    reference: Callable
    cases: Callable
    returns: object
    mistakes: tuple[Mistake, ...]
    hint: str
    strict: bool = False


@dataclass(frozen=True)
class ValuePart(Part):
    """Values to choose: judged by what they do.

    `examine(value, rng)` gives a Finding, or None where the value is right; `praise(value,
    rng)` the exhibits to show then. The answer may be the values or a function that returns them.
    """

    reference: Callable
    examine: Callable
    mistakes: tuple[Mistake, ...]
    praise: Callable = lambda value, rng: ()
    letters: str = ""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `after` is said when it is right, `why` explains the solution.

    `vary(rng)` gives the words that are other in a variant, {old: new}; see variant.py.
    """

    id: str
    title: str
    minutes: int
    points: int
    parts: tuple[Part, ...]
    hints: tuple[str, str, str]
    after: str
    why: str
    vary: Callable | None = None

    @property
    def call(self):
        """How the reader asks for a check: check("2.1", rnn_step)."""
        return f'check("{self.id}", {", ".join(part.name for part in self.parts)})'
