"""The words of a drawing: a variable with its subscript, then a word, and the room they take."""

from html import escape
from typing import NamedTuple

from .routes import plain

WORD_GAP = 8  # between a variable and its word
# For the estimate of widths: the size of each class of words, and whether all letters are alike.
WORD_WIDTHS = {
    "lt-word": {"size": 14},
    "lt-strong": {"size": 17},
    "lt-code": {"size": 13.5, "even": True},
    "lt-equals": {"size": 44},
}


class Box(NamedTuple):
    """A rectangle: its left, top, right and bottom."""

    left: float
    top: float
    right: float
    bottom: float


class Text(NamedTuple):
    """A label: a variable with its subscript, then a word. At (x, baseline y)."""

    x: float
    y: float
    var: str = ""
    sub: str = ""
    word: str = ""
    anchor: str = "start"  # or "middle" or "end"
    more: tuple = ()  # (var, sub) pairs that follow the first
    style: str = "lt-word"  # the class of the word

    def width(self):
        """An estimate of the width, on the generous side of the fonts in use."""
        pieces = ((self.var, self.sub), *self.more)
        width = sum(_width(var, 19) + 8.5 * len(sub) for var, sub in pieces)
        gap = WORD_GAP if self.var and self.word else 0
        return width + gap + _width(self.word, **WORD_WIDTHS[self.style])

    def box(self):
        """The rectangle that the ink fills."""
        left = self.x - self.width() * {"start": 0, "middle": 0.5, "end": 1}[self.anchor]
        up, down = (17, 7 if self.sub else 6) if self.var else (11, 4)
        return Box(left, self.y - up, left + self.width(), self.y + down)

    def svg(self):
        """The <text> element; subscripts are lowered, words stand on the same line."""
        parts, lowered = [], False
        for var, sub in ((self.var, self.sub), *self.more):
            if var:
                parts.append(_tspan("lt-var", var, -5 if lowered else 0))
            if sub:
                parts.append(_tspan("lt-sub", sub, 5))
            lowered = bool(sub)
        if self.word:
            parts.append(
                _tspan(self.style, self.word, -5 if lowered else 0, WORD_GAP if self.var else 0)
            )
        anchor = "" if self.anchor == "start" else f' text-anchor="{self.anchor}"'
        return f'<text x="{plain(self.x)}" y="{plain(self.y)}"{anchor}>{"".join(parts)}</text>'


def _width(words, size, even=False):
    """Letters are narrow, wide, or in between; in code they are all alike."""
    if even:
        return 0.6 * size * len(words)
    shares = (0.38 if c in "fijlrt1 .,()[]-'" else 0.98 if c in "mw" else 0.64 for c in words)
    return size * sum(shares)


def _tspan(css_class, words, dy, dx=0):
    shift = (f' dx="{dx}"' if dx else "") + (f' dy="{dy}"' if dy else "")
    return f'<tspan class="{css_class}"{shift}>{escape(words)}</tspan>'
