"""An LSTM of one unit whose weights somebody chose by hand: run, judged by what it does, mended.

To find out what is wrong with a design, its gates are mended one at a time (the forget gate held
at 1 in silence, say), and it runs again. The mend that makes it right names the mistake.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from types import SimpleNamespace

import numpy as np

from ...activations import logistic
from ..exercise import Finding, Mistake, ValuePart
from ..real import is_finite
from ..returned import described
from ..rows import row_of

GATES = "ifgo"


@dataclass(frozen=True)
class Mend:
    """What to change so that the mistake is gone.

    gates(layers, x, h) changes the layers i f g o of a step, each (B,), given x (B, D) and the h
    before, (B,); weights(rows) returns other rows; with neither, `when` alone decides.
    when(rows, seen): asked before anything is mended.
    """

    mistake: Mistake
    gates: Callable | None = None
    weights: Callable | None = None
    when: Callable = lambda rows, seen: True


@dataclass(frozen=True)
class Task:
    """What a unit is to do. draw(rng) makes x (T, B, D), wanted(x) what h should tell, (T, B).

    failure(h, wanted) gives (t, sequence, words) of the first failure, or None.
    """

    inputs: tuple[str, ...]
    draw: Callable
    wanted: Callable
    failure: Callable
    mends: tuple[Mend, ...]


def a_design(reference, task):
    """The part of an exercise that wants the weights of one unit."""

    def examine(value, rng):
        rows = _rows(reference.__name__, value, task.inputs)
        if isinstance(rows, Finding):
            return rows
        x = task.draw(rng)
        wanted, seen = task.wanted(x), run(rows, x)
        failed = task.failure(seen.h, wanted)
        if not failed:
            return None
        t, row, words = failed
        exhibits = (
            ("First failure", f"step {t + 1}: {words}"),
            ("What the unit did around it", _table(task, x, seen, row, t)),
        )
        found = _diagnosed(task, rows, x, wanted, seen)
        if not found:
            return Finding(
                "Your unit does not do what is asked, and no single change of a gate mends it.",
                exhibits=exhibits,
                hint="Read the table from the top. At which step is a gate not what you wanted it "
                "to be?",
            )
        says = found[0].mistake.says
        if len(found) > 1:
            says += " That is one of two things; the other will be named when this one is mended."
        hint, name = found[0].mistake.hint, found[0].mistake.name
        return Finding(says, exhibits=exhibits, hint=hint, mistake=name)

    def praise(value, rng):
        rows = _rows(reference.__name__, value, task.inputs)
        x = task.draw(rng)
        return (("What yours did, in one of the sequences", _table(task, x, run(rows, x), 3, 5)),)

    mistakes = tuple(mend.mistake for mend in task.mends)
    return ValuePart(reference=reference, examine=examine, mistakes=mistakes, praise=praise)


def run(rows, x, mends=()):
    """An LSTM of one unit over x (T, B, D). Returns i f g o c h, each (T, B), under their names.

    rows (4, D + 2): for each layer the weights of the inputs, of h, and the bias.
    """
    for mend in mends:
        rows = mend.weights(rows) if mend.weights else rows
    h = c = np.zeros(x.shape[1])
    seen = {name: [] for name in "ifgoch"}
    for x_t in x:
        i, f, g, o = (x_t @ r[:-2] + h * r[-2] + r[-1] for r in rows)
        now = SimpleNamespace(i=logistic(i), f=logistic(f), g=np.tanh(g), o=logistic(o))
        for mend in mends:
            if mend.gates:
                mend.gates(now, x_t, h)
        c = now.f * c + now.i * now.g
        h = now.o * np.tanh(c)
        now.c, now.h = c, h
        for name, values in seen.items():
            values.append(getattr(now, name))
    return SimpleNamespace(x=x, **{name: np.array(v) for name, v in seen.items()})


def _diagnosed(task, rows, x, wanted, seen):
    """The mend, or the two mends, that make the design right; an empty tuple if there are none."""
    asked = [mend for mend in task.mends if mend.when(rows, seen)]
    for mend in asked:
        if not (mend.gates or mend.weights) or _right(task, rows, x, wanted, (mend,)):
            return (mend,)
    for pair in combinations(asked, 2):
        if _right(task, rows, x, wanted, pair):
            return pair
    return ()


def _right(task, rows, x, wanted, mends):
    return task.failure(run(rows, x, mends).h, wanted) is None


def _rows(name, value, inputs):
    """The weights as an array (4, D + 2), or a Finding that says what came."""
    count = len(inputs) + 2
    form = f"{', '.join(f'weight of {n}' for n in inputs)}, weight of h, bias"
    if type(value) is not dict or set(map(_key, value)) != set(GATES) or len(value) != 4:
        return Finding(
            f"`{name}` gave {_came(value)}; expected a dictionary with the keys "
            '"i", "f", "g" and "o".',
            hint=f'For example `"i": [{", ".join(["1"] * count)}]`: {form}.',
        )
    for key in GATES:
        row = row_of(value[key], count)
        if row is None:
            return Finding(
                f'The entry of "{key}" is {described(value[key])}; expected {count} numbers: '
                f"{form}.",
                hint=f"Every layer has {count} numbers here, also where some are 0.",
            )
        for entry in row:
            if not is_finite(entry) or abs(entry) > 1e6:
                return Finding(
                    f'In the entry of "{key}" stands {described(entry)}; expected a number '
                    "between -1000000 and 1000000.",
                    hint="Plain numbers. At z = 10 a gate is within 0.00005 of open, at -10 of "
                    "shut; more is hardly ever needed.",
                )
    return np.array([value[key] for key in GATES], float)


def _key(key):
    return key if type(key) is str else ""


def _came(value):
    if type(value) is dict:
        return f"a dictionary with {len(value)} keys"
    return described(value)


def _table(task, x, seen, row, t):
    """The steps around t of one sequence, as lines of text."""
    heads = ["step", *task.inputs, *"ifgo", "c", "h"]
    lines = ["".join(f"{head:>8}" for head in heads)]
    for s in range(max(0, t - 5), min(len(x), t + 3)):
        numbers = [f"{s + 1}", *(f"{v:g}" for v in x[s, row])]
        numbers += [f"{getattr(seen, name)[s, row]:.3f}" for name in "ifgoch"]
        lines.append("".join(f"{number:>8}" for number in numbers))
    return "\n".join(lines)
