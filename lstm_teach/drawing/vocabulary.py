"""The drawing language of the book: everything that a module diagram is made of.

    line = a whole vector        yellow box = a learned layer      bar = concatenation
    dot  = a copy                pink circle = pointwise operation

Lengths are pixels on a grid of 8. A `Sketch` writes SVG and remembers where it put each
thing, so that tests can prove that nothing overlaps. No <defs>, no url(#...): both break in
notebooks.
"""

from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from .labels import Box
from .palette import standalone_css
from .picture import svg_html
from .routes import head, path, plain, rails, toward

DOT = 5  # radius of the dot where a vector is copied
HEAD = (11, 5)  # length and half width of an arrow head
BAR = (8, 13)  # thickness and half length of the bar where vectors are laid end to end
PLACE = {"h": (48, 32), "v": (64, 48)}  # size of the room for a live value
_STYLE = f"<style>{standalone_css()}</style>"


@dataclass(frozen=True)
class Drawing:
    """A finished drawing: an SVG document, its title and its description in words."""

    svg: str
    title: str
    description: str

    @property
    def width(self):
        """The width of the card in pixels."""
        return int(self.svg.split('viewBox="0 0 ', 1)[1].split(" ", 1)[0])

    def _repr_mimebundle_(self, include=None, exclude=None):
        html = svg_html(self.svg, self.description, self.width)
        return {"text/html": html, "text/plain": repr(self)}

    def __repr__(self):
        return f"<drawing: {self.title}>"

    def inline(self, prefix, role="img"):
        """The same SVG for use inside a page that carries `palette.page_css()`.

        prefix makes the ids unique on the page. role: "group" where parts can be focused.
        """
        svg = self.svg.replace(_STYLE, "").replace('role="img"', f'role="{escape(role)}"')
        for name in ("title", "desc"):
            svg = svg.replace(f"lt-{name}", f"{escape(prefix)}-{name}")
        return svg


class Line(NamedTuple):
    """One route of a wire: its corner points, its thickness, and whether it ends in an arrow."""

    wire: str
    points: list
    thickness: float
    arrow: bool


class Sketch:
    """A drawing in the making, on a card of the given size."""

    def __init__(self, width, height, title, description):
        self.width, self.height = width, height
        self.title, self.description = title, description
        self.attributes = ""
        self.modules, self.nodes, self.texts, self.values = [], [], [], []
        self.lines, self.bridges, self.lanes = [], [], []
        self._out = []

    def module(self, x, y, width, height):
        """The tinted frame around one copy of the repeating module."""
        self.modules.append(Box(x, y, x + width, y + height))
        self.add(_rect("lt-module", x, y, width, height, 20))

    def lane(self, x, y, width, height):
        """The lane behind the cell state: it marks the motorway of the picture."""
        self.lanes.append(Box(x, y, x + width, y + height))
        self.add(_rect("lt-lane", x, y, width, height, 0))

    def wire(self, name, stage, *routes, labels=(), value=None, under=(), dots=(), road=False):
        """A line that carries the vector `name`, first used in operation `stage`.

        routes: lists of corner points, each ending in an arrow head unless its last item is
        None. value: (x, y, "h" or "v"), the room for the live value, from its top left
        corner. under: points where it passes upright beneath a bridge. dots: where it forks.
        road: the first route is the cell state's motorway.
        """
        self.begin(f'class="lt-wire" data-wire="{name}" data-stage="{stage}"')
        for number, route in enumerate(routes):
            self._route(name, route, under, road and number == 0)
        self.bridges += under
        for point in under:
            self.add(f'<path class="lt-line lt-rail" d="{rails(*point)}"/>')
        for x, y in dots:
            radius = DOT * 1.6 if road else DOT
            self.add(
                f'<circle class="lt-dot" cx="{plain(x)}" cy="{plain(y)}" r="{plain(radius)}"/>'
            )
        for label in labels:
            self.text(label)
        if value:
            self.value(name, *value)
        points = (path([p for p in route if p]) for route in routes)
        self.add(f'<path class="lt-hit" d="{" ".join(points)}"/>')
        self.end()

    def value(self, name, x, y, orient):
        """An empty place for a live value: four squares of 11 px and one number."""
        width, height = PLACE[orient]
        self.values.append((name, Box(x, y, x + width, y + height)))
        self.add(
            f'<g class="lt-value" data-value="{name}" data-orient="{orient}" '
            f'transform="translate({plain(x)},{plain(y)})"></g>'
        )

    def layer(self, name, stage, x, y, sign, width=64, height=48, size=18):
        """A learned layer: a yellow box, centred on (x, y)."""
        left, top = x - width / 2, y - height / 2
        shape = _rect("lt-layer", left, top, width, height, 6)
        self._node(name, stage, Box(left, top, left + width, top + height), shape, sign, size)

    def op(self, name, stage, x, y, sign, radius=20, size=20):
        """A pointwise operation: a pink circle, centred on (x, y)."""
        shape = _circle("lt-op", x, y, radius)
        box = Box(x - radius, y - radius, x + radius, y + radius)
        self._node(name, stage, box, shape, sign, size)

    def merge(self, name, stage, x, y, orient, label=None):
        """The bar where two vectors are laid end to end; orient is that of the wire."""
        thick, half = BAR
        w, h = (thick, 2 * half) if orient == "h" else (2 * half, thick)
        box = Box(x - w / 2, y - h / 2, x + w / 2, y + h / 2)
        self._node(name, stage, box, _rect("lt-bar", box.left, box.top, w, h, 3), label=label)

    def text(self, label):
        """Put a label on the card."""
        self.texts.append(label)
        self.add(label.svg())

    def begin(self, attributes):
        """Open a group."""
        self._out.append(f"<g {attributes}>")

    def end(self):
        """Close the group that was opened last."""
        self._out.append("</g>")

    def add(self, svg):
        """Put a piece of SVG on the card as it is."""
        self._out.append(svg)

    def drawing(self):
        """The finished Drawing."""
        size = f"{plain(self.width)} {plain(self.height)}"
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="lt-drawing" viewBox="0 0 {size}" '
            f'width="{plain(self.width)}" height="{plain(self.height)}" role="img" '
            f'aria-labelledby="lt-title lt-desc"{self.attributes}>\n{_STYLE}'
            f'<title id="lt-title">{escape(self.title)}</title>'
            f'<desc id="lt-desc">{escape(self.description)}</desc>\n'
            '<rect class="lt-card" width="100%" height="100%" rx="12"/>\n'
        )
        return Drawing(svg + "\n".join(self._out) + "\n</svg>", self.title, self.description)

    def _node(self, name, stage, box, shape, sign="", size=18, label=None):
        self.nodes.append((name, box))
        self.begin(f'class="lt-node" data-node="{name}" data-stage="{stage}"')
        self.add(shape)
        if sign:
            x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2 + size * 0.36
            style = f'class="lt-sign" font-size="{size}"'
            self.add(f'<text x="{plain(x)}" y="{plain(y)}" {style}>{escape(sign)}</text>')
        if label:
            self.text(label)
        self.end()

    def _route(self, name, route, under, road):
        points, arrow = ([p for p in route if p], route[-1] is not None)
        self.lines.append(Line(name, points, 6 if road else 2.5, arrow))
        style = "lt-line lt-road" if road else "lt-line"
        length, half = (HEAD[0] * 1.5, HEAD[1] * 1.8) if road else HEAD
        drawn = [*points[:-1], toward(points[-1], points[-2], length - 1)] if arrow else points
        self.add(f'<path class="{style}" d="{path(drawn, under)}"/>')
        if arrow:
            self.add(f'<path class="lt-head" d="{head(points[-1], points[-2], length, half)}"/>')


def _rect(css_class, x, y, width, height, radius):
    size = f'x="{plain(x)}" y="{plain(y)}" width="{plain(width)}" height="{plain(height)}"'
    return f'<rect class="{css_class}" {size} rx="{radius}"/>'


def _circle(css_class, x, y, radius):
    return f'<circle class="{css_class}" cx="{plain(x)}" cy="{plain(y)}" r="{plain(radius)}"/>'
