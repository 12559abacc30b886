"""The legend: the five signs of the drawing language, each with its words and its code."""

from .labels import Text
from .vocabulary import Sketch

DESCRIPTION = (
    "The notation of the drawings. A line carries a whole vector. A yellow box is a learned "
    "layer: in code, tanh of x W plus h U plus b. A pink circle is a pointwise operation: f "
    "times c, or plus, element by element. Two lines that merge at a bar are laid end to end, "
    "concatenated: np.concatenate of x and h. A line that forks at a dot is copied: both branches "
    "carry the same vector."
)

ROW, FIRST, WORDS, CODE = 80, 48, 184, 448


def compose():
    """The legend as a Sketch."""
    s = Sketch(712, FIRST + 4 * ROW + 64, "The notation of the drawings", DESCRIPTION)
    line, box, circle, bar, fork = (FIRST + row * ROW for row in range(5))

    s.wire("line", 0, [(24, line), (152, line)])
    _row(s, line, "A line", "carries a whole vector", "h.shape == (B, H)")

    s.wire("into", 0, [(24, box), (56, box)])
    s.wire("out_of", 0, [(120, box), (152, box)])
    s.layer("layer", 0, 88, box, "tanh")
    _row(s, box, "A yellow box", "is a learned layer", "tanh(x W + h U + b)")

    s.wire("one", 0, [(24, circle), (68, circle)])
    s.wire("other", 0, [(24, circle + 44), (88, circle + 44), (88, circle + 20)])
    s.wire("product", 0, [(108, circle), (152, circle)])
    s.op("times", 0, 88, circle, "×")
    _row(s, circle, "A pink circle", "is a pointwise operation", "f * c", "kept + written")

    s.wire("h", 0, [(24, bar), (84, bar), None])
    s.wire("x", 0, [(24, bar + 32), (64, bar + 32), (64, bar), (84, bar), None])
    s.wire("merged", 0, [(92, bar), (152, bar)])
    s.merge("merge", 0, 88, bar, "h")
    _row(s, bar, "Lines that merge", "are laid end to end", "np.concatenate([x, h], -1)")

    s.wire(
        "copy", 0, [(24, fork), (152, fork)], [(72, fork), (72, fork + 32), (152, fork + 32)],
        dots=[(72, fork)],
    )  # fmt: skip
    _row(s, fork, "A line that forks", "is copied: the same vector twice")
    return s


def notation():
    """The legend of the book's drawings. Chapter 2."""
    return compose().drawing()


def _row(s, y, sign, meaning, *code):
    s.text(Text(WORDS, y - 4, word=sign, style="lt-strong"))
    s.text(Text(WORDS, y + 16, word=meaning))
    for number, line in enumerate(code):
        s.text(Text(CODE, y + 5 + 20 * number - 10 * (len(code) - 1), word=line, style="lt-code"))
