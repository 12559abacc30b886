"""The standard recurrent module: one tanh layer, threaded on one line."""

from .labels import Text
from .vocabulary import Sketch

DESCRIPTION = (
    "The standard recurrent module with its single learned layer. "
    "In come the output h of the step before, from the left, and the input x of this step, from "
    "below. They are concatenated into one row [x, h], which enters a layer with tanh. It computes "
    "tanh of x W plus h U plus b. The layer's answer g is this step's output h. It is copied: one "
    "copy leaves upward as the output, the other to the right, into the next step."
)

LINE = 152  # height of the thread
MERGE, LAYER, FORK = 240, 416, 568
LEFT, RIGHT, TOP, BOTTOM = 152, 616, 72, 248  # the module's frame


def compose():
    """The standard module as a Sketch."""
    s = Sketch(768, 344, "The standard recurrent module: one tanh layer", DESCRIPTION)
    s.module(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP)
    s.wire(
        "h_before", 1, [(24, LINE), (MERGE - 4, LINE), None],
        labels=[Text(24, LINE - 12, "h", "t−1", "output")], value=(24, LINE + 12, "h"),
    )  # fmt: skip
    x = MERGE - 24
    s.wire(
        "x", 1, [(x, 328), (x, LINE), (MERGE - 4, LINE), None],
        labels=[Text(x + 16, 284, "x", "t", "input")], value=(x + 16, 294, "h"),
    )  # fmt: skip
    s.wire(
        "merged", 2, [(MERGE + 4, LINE), (LAYER - 36, LINE)],
        labels=[Text(MERGE + 16, LINE - 12, "[x, h]", "", "merged")],
        value=(MERGE + 16, LINE + 12, "h"),
    )  # fmt: skip
    s.wire(
        "g", 3, [(LAYER + 36, LINE), (FORK, LINE), None],
        labels=[Text(LAYER + 48, LINE - 12, "g", "t", "answer")],
        value=(LAYER + 48, LINE + 12, "h"),
    )  # fmt: skip
    s.wire(
        "h", 4, [(FORK, LINE), (744, LINE)], [(FORK, LINE), (FORK, 16)], dots=[(FORK, LINE)],
        labels=[
            Text(x, y, "h", "t", "output") for x, y in ((RIGHT + 12, LINE - 12), (FORK + 14, 36))
        ],
        value=(RIGHT + 12, LINE + 12, "h"),
    )  # fmt: skip
    words = Text(MERGE, LINE - 36, word="concatenate", anchor="middle")
    s.merge("merge", 1, MERGE, LINE, "h", words)
    s.layer("g", 3, LAYER, LINE, "tanh", width=72, height=56)
    s.text(Text(LAYER, 212, word="tanh(x W + h U + b)", anchor="middle", style="lt-code"))
    return s


def rnn_module():
    """The standard recurrent module, all wires named. Chapter 2."""
    return compose().drawing()
