"""The LSTM's module: four layers that interact.

Read it from left to right. The two incoming vectors are merged and climb a ladder of four
layers; each layer sends its answer along a row of its own; the rows meet the cell state,
the motorway at the top, at pink circles.
"""

from .labels import Text
from .vocabulary import Sketch

DESCRIPTION = (
    "The LSTM module with its four learned layers. "
    "In come the cell state c of the step before, on a thick line that runs straight through "
    "the top of the module, the output h of the step before, and the input x of this step. "
    "x and h are concatenated into one row [x, h], which is copied to four layers. "
    "Three are gates with a logistic function: the forget gate f, the input gate i and the "
    "output gate o; the fourth, with tanh, is the candidate g. "
    "On the thick line the old cell state is multiplied by f, element by element: what is kept. "
    "The product of i and g, what is written, is added. The sum is the new cell state c. "
    "A copy of it goes through tanh and is multiplied by o: that is the output h. "
    "Out go c to the next step, and h twice: to the next step, and upward as this step's output."
)

# A letter for each wire but x, in the order of the picture. None names anything in the text.
LETTERS = {
    "c_before": ("A", "the thick line that enters at the top left"),
    "h_before": ("E", "the line that enters at the bottom left and meets x at a bar"),
    "merged": ("J", "the line that climbs from the bar and forks to four boxes"),
    "f": ("L", "from the first box, with σ, up to the circle × on the thick line"),
    "i": ("M", "from the second box, with σ, to the circle × in the middle"),
    "g": ("N", "from the third box, with tanh, up to the same circle × in the middle"),
    "o": ("Q", "from the fourth box, with σ, to the circle × at the bottom right"),
    "kept": ("R", "the thick line between its circle × and its circle +"),
    "written": ("S", "from the circle × in the middle up to the circle +"),
    "c": ("V", "the thick line from the circle + on, out at the right, and down to a circle tanh"),
    "tanh_c": ("Y", "from the circle tanh down to the circle × at the bottom right"),
    "h": ("Z", "from that circle out, to the right and to the top"),
}
BLANK = (
    "The LSTM module, its wires marked with letters in place of names; the boxes and circles "
    "keep their signs. The input x of this step enters from below. "
    + ". ".join(f"{letter}: {place}" for letter, place in LETTERS.values())
    + "."
)

ROAD, F, I, G, O, MERGE = 120, 216, 288, 360, 432, 496  # heights of the rows
BUS, LAYER, KEEP, ADD, SQUASH, OUT = 224, 296, 464, 632, 736, 840  # places along a row
LEFT, RIGHT, TOP, BOTTOM = 152, 888, 64, 536  # the module's frame
END = 1016  # where the wires to the next copy end


class Blank(Sketch):
    """A sketch that writes a letter in place of each name."""

    def wire(self, name, stage, *routes, labels=(), **more):
        if name in LETTERS:
            letter, _ = LETTERS[name]
            places = labels if name == "h" else labels[:1]
            labels = [
                Text(at.x, at.y, word=letter, anchor=at.anchor, style="lt-strong") for at in places
            ]
        super().wire(name, stage, *routes, labels=labels, **more)


def compose(blank=False):
    """The LSTM module as a Sketch, with all the places that tests look at."""
    if blank:
        s = Blank(1040, 624, "The LSTM module with letters in place of names", BLANK)
    else:
        s = Sketch(1040, 624, "The LSTM module: four layers that interact", DESCRIPTION)
    s.module(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP)
    s.lane(LEFT + 1, ROAD - 12, RIGHT - LEFT - 2, 24)

    # What comes in.
    s.wire(
        "c_before", 0, [(24, ROAD), (KEEP - 20, ROAD)], road=True,
        labels=[Text(24, ROAD - 14, "c", "t−1", "cell state")], value=(24, ROAD + 12, "h"),
    )  # fmt: skip
    s.wire(
        "h_before", 1, [(24, MERGE + 24), (BUS, MERGE + 24), (BUS, MERGE + 4), None],
        labels=[Text(24, MERGE + 12, "h", "t−1", "output")], value=(24, MERGE + 36, "h"),
    )  # fmt: skip
    s.wire(
        "x", 1, [(BUS, 608), (BUS, MERGE + 4), None],
        labels=[Text(BUS + 16, 568, "x", "t", "input")], value=(BUS + 16, 578, "h"),
    )  # fmt: skip

    # 1: laid end to end, and copied to four layers.
    rungs = [[(BUS, MERGE - 4), (BUS, F), (LAYER - 32, F)]]
    rungs += [[(BUS, row), (LAYER - 32, row)] for row in (I, G, O)]
    s.wire(
        "merged", 1, *rungs, dots=[(BUS, row) for row in (I, G, O)],
        labels=[Text(LEFT + 8, 304, "[x, h]"), Text(LEFT + 8, 324, word="merged")],
        value=(LEFT + 8, 334, "h"),
    )  # fmt: skip
    s.merge("merge", 1, BUS, MERGE, "v", Text(BUS + 20, MERGE + 5, word="concatenate"))

    # 2, 3, 4, 6: the four layers and their answers.
    place = LAYER + 48
    s.wire(
        "f", 2, [(LAYER + 32, F), (KEEP, F), (KEEP, ROAD + 20)],
        labels=[Text(place, F - 12, "f", "t", "forget gate")], value=(place, F + 8, "h"),
    )  # fmt: skip
    s.wire(
        "i", 3, [(LAYER + 32, I), (ADD - 20, I)],
        labels=[Text(place, I - 12, "i", "t", "input gate")], value=(place, I + 8, "h"),
    )  # fmt: skip
    s.wire(
        "g", 4, [(LAYER + 32, G), (ADD, G), (ADD, I + 20)],
        labels=[Text(place, G - 12, "g", "t", "candidate")], value=(place, G + 8, "h"),
    )  # fmt: skip
    s.wire(
        "o", 6, [(LAYER + 32, O), (SQUASH - 20, O)],
        labels=[Text(place, O - 12, "o", "t", "output gate")], value=(place, O + 8, "h"),
    )  # fmt: skip

    # 5: keep, write, add.
    s.wire(
        "kept", 5, [(KEEP + 20, ROAD), (ADD - 20, ROAD)], road=True,
        labels=[Text(KEEP + 24, ROAD - 24, "f", "t", "kept", more=((" × c", "t−1"),))],
        value=(KEEP + 24, ROAD + 20, "h"),
    )  # fmt: skip
    s.wire(
        "written", 5, [(ADD, I - 20), (ADD, ROAD + 20)],
        labels=[Text(ADD - 12, 216, "i", "t", "written", "end", more=((" × g", "t"),))],
        value=(ADD + 12, 188, "v"),
    )  # fmt: skip
    s.wire(
        "c", 5, [(ADD + 20, ROAD), (END, ROAD)], [(SQUASH, ROAD), (SQUASH, 240)], road=True,
        dots=[(SQUASH, ROAD)],
        labels=[Text(RIGHT + 12, ROAD - 14, "c", "t", "cell state")],
        value=(RIGHT + 12, ROAD + 12, "h"),
    )  # fmt: skip

    # 7: squash, and show what the output gate lets through.
    s.wire(
        "tanh_c", 7, [(SQUASH, 288), (SQUASH, O - 20)],
        labels=[Text(SQUASH + 12, 328, "tanh c", "t"), Text(SQUASH + 12, 348, word="squashed")],
        value=(SQUASH + 12, 356, "v"),
    )  # fmt: skip
    s.wire(
        "h", 7, [(SQUASH + 20, O), (END, O)], [(OUT, O), (OUT, 16)],
        dots=[(OUT, O)], under=[(OUT, ROAD)],
        labels=[Text(x, y, "h", "t", "output") for x, y in ((RIGHT + 12, O - 12), (OUT + 14, 34))],
        value=(RIGHT + 12, O + 10, "h"),
    )  # fmt: skip

    for name, stage, row, sign in (
        ("f", 2, F, "σ"), ("i", 3, I, "σ"), ("g", 4, G, "tanh"), ("o", 6, O, "σ"),
    ):  # fmt: skip
        s.layer(name, stage, LAYER, row, sign)
    s.op("keep", 5, KEEP, ROAD, "×")
    s.op("write", 5, ADD, I, "×")
    s.op("add", 5, ADD, ROAD, "+")
    s.op("squash", 7, SQUASH, 264, "tanh", radius=24, size=14)
    s.op("reveal", 7, SQUASH, O, "×")
    return s


def lstm_module(blank=False):
    """The LSTM's repeating module, all wires named. Chapter 9; the notation is chapter 2's.

    blank: letters in place of the names, for those who want to name the wires themselves; the
    description then says where each letter stands.
    """
    return compose(blank).drawing()
