"""The chain: one module with a loop, and the same module once for every time step.

The copies are small and alike, because they are one module: a line in, the input from
below, one tanh layer, the output upward and on to the next copy.
"""

from typing import NamedTuple

from .labels import Text
from .vocabulary import Sketch

LINE, TOP, BOTTOM = 148, 112, 184  # heights of the thread and of the frames
ROLLED = 48  # where the rolled-up module stands


class Size(NamedTuple):
    """Lengths of a copy: to the next one, its frame, and places from the frame's left edge."""

    pitch: int
    wide: int
    x: int
    merge: int
    layer: int
    box: int
    fork: int
    sign: int


ROOMY = Size(pitch=136, wide=112, x=12, merge=32, layer=72, box=48, fork=104, sign=16)
COMPACT = Size(pitch=104, wide=88, x=8, merge=22, layer=58, box=36, fork=82, sign=13)
MOST_ROOMY = 6  # copies; more of them stand closer


def compose(steps=4, rolled=True):
    """The chain as a Sketch."""
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ValueError(f"steps is {steps!r}; expected a whole number, 1 or more.")
    size = ROOMY if steps <= MOST_ROOMY else COMPACT
    start = ROLLED + size.wide + 160 if rolled else 72
    widths = [start + n * size.pitch + 32 for n in range(1, steps + 1)]
    s = Sketch(widths[-1], 336, _title(steps, rolled), _description(steps, rolled))
    s.attributes = f' data-widths="{" ".join(map(str, widths))}"'
    if rolled:
        _rolled_up(s, size)
    s.wire(
        "h_before", 0, [(start - 56, LINE), (start, LINE)],
        labels=[Text(start - 56, LINE - 12, "h", "0")], value=(start - 56, LINE + 12, "h"),
    )  # fmt: skip
    for t in range(1, steps + 1):
        left = start + (t - 1) * size.pitch
        fork = left + size.fork
        s.begin(f'class="lt-copy" data-copy="{t}"')
        _module(s, size, left)
        s.value("z", left + size.x + 16, 192, "h")
        s.wire(
            "x", 1, _input(size, left),
            labels=[Text(left + size.x, 254, "x", str(t), anchor="middle")],
            value=(left + size.x - 24, 264, "h"),
        )  # fmt: skip
        s.wire(
            "h", 3, [(fork, LINE), (left + size.pitch, LINE)], [(fork, LINE), (fork, 72)],
            dots=[(fork, LINE)], labels=[Text(fork, 60, "h", str(t), anchor="middle")],
            value=(fork - 24, 8, "h"),
        )  # fmt: skip
        s.end()
    s.text(Text(start, 320, word="unrolled"))
    return s


def chain(steps=4, rolled=True):
    """The chain of a standard recurrent network, rolled up and then unrolled over `steps`.

    steps: how many copies, 1 or more; rolled=False leaves the rolled-up module out, which
    makes room for more. Returns a Drawing. Its root's data-widths lists the widths that
    show 1 .. steps copies. Raises ValueError that says what was expected. Chapter 2.
    """
    return compose(steps, rolled).drawing()


def _module(s, size, left):
    """What is inside the frame, the same in every place."""
    merge, layer, half = left + size.merge, left + size.layer, size.box / 2
    s.module(left, TOP, size.wide, BOTTOM - TOP)
    s.wire("h_before", 1, [(left, LINE), (merge - 4, LINE), None])
    s.wire("merged", 1, [(merge + 4, LINE), (layer - half, LINE)])
    s.wire("g", 2, [(layer + half, LINE), (left + size.fork, LINE), None])
    s.merge("merge", 1, merge, LINE, "h")
    s.layer("g", 2, layer, LINE, "tanh", width=size.box, height=40, size=size.sign)


def _input(size, left):
    """The way of x: from below, then into the line that it merges with."""
    return [(left + size.x, 232), (left + size.x, LINE), (left + size.merge - 4, LINE), None]


def _rolled_up(s, size):
    """The module as a program writes it: once, with a loop from its output to its input."""
    left = ROLLED
    fork, up = left + size.fork, left + size.wide + 24
    s.begin('class="lt-rolled"')
    _module(s, size, left)
    label = Text(left + size.x - 8, 254, "x", "t", "input")
    s.wire("x", 1, _input(size, left), labels=[label])
    back = [(fork, 88), (left - 24, 88), (left - 24, LINE), (left, LINE)]
    s.wire(
        "h", 3, [(fork, LINE), (up, LINE), (up, 72)], [(fork, LINE), *back],
        dots=[(fork, LINE)], labels=[Text(up - 8, 60, "h", "t", "output")],
    )  # fmt: skip
    s.text(Text((fork + left - 24) / 2, 78, word="next step", anchor="middle"))
    s.text(Text(left, 320, word="rolled up"))
    s.text(Text(up + 40, LINE + 9, word="=", anchor="middle", style="lt-equals"))
    s.end()


def _title(steps, rolled):
    copies = "one copy" if steps == 1 else f"{steps} copies"
    return (
        f"The chain: one module, rolled up and unrolled into {copies}"
        if rolled
        else (f"The chain: one module, unrolled into {copies}")
    )


def _description(steps, rolled):
    loop = (
        "At the left the module is drawn once, rolled up: a loop leads its output h back to its "
        "own input, for the next step. Then an equals sign and the same chain unrolled: "
        if rolled
        else "The chain unrolled: "
    )
    return (
        f"{loop}{'one copy' if steps == 1 else f'{steps} copies'} of the same small module, one a "
        "time step, all with the same weights. The copy of step t takes the input x t from below "
        "and the output of the step before from the left, concatenates them, and sends them "
        "through one tanh layer. Its output h t leaves upward and, as a copy, to the right into "
        f"the next step. The first copy starts from h 0; the last output is h {steps}."
    )
