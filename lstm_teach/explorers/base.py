"""What every interactive figure shares.

An explorer computes and draws in the browser: its JavaScript holds a copy of the forward pass
that a test keeps equal to this package's. Python holds the settings (traits), so a cell can
read and change them, and answers with `params`, `x` and `trace` from the real `forward`.
"""

import re
from functools import cache
from pathlib import Path

import anywidget
import traitlets

from ..chain import forward
from ..drawing import Drawing, page_css, show
from . import plot
from .meter import filled
from .traits import Numbers, Setting

ROOM = Path(__file__).parent
IMPORT = re.compile(r'^import [^;]*? from "\./(\w+\.js)";\n', re.MULTILINE)


@cache
def module(name):
    """The ES module of one explorer: its file and those it imports, joined without imports."""
    return "\n".join(IMPORT.sub("", _source(file)) for file in _needed(f"{name}.js"))


def _needed(file):
    """The file after every file that it imports, each once."""
    files = {}
    for imported in IMPORT.findall(_source(file)):
        files |= dict.fromkeys(_needed(imported))
    return [*files, file]


def _source(file):
    return (ROOM / "js" / file).read_text(encoding="utf-8")


@cache
def style():
    """The style sheet of an explorer: the rules of drawings and charts, then the controls'."""
    own = (ROOM / "explorers.css").read_text(encoding="utf-8")
    return "\n".join([page_css(".lt-explorer"), plot.css(), own])


class Explorer(anywidget.AnyWidget):
    """An interactive figure: a widget whose settings are traits.

    Link a setting to another widget with `ipywidgets.link` or `jslink`, or assign to it; the
    picture follows. A subclass says its `title`, the trait names in `drawn_from` on which its
    goal depends, and how to make its `picture`, its `words` and its goal. One that runs a network
    also has a `cell`, `params`, `x` and `state`; one that fills a drawing has a `live_drawing`.
    """

    cell = None
    title = ""
    drawn_from = ()

    drawing = traitlets.Unicode().tag(sync=True)
    sliders = traitlets.Dict().tag(sync=True)
    goal_reached = traitlets.Bool(False, read_only=True).tag(sync=True)

    def __init__(self, **settings):
        names = self.settings()
        for name in settings:
            if name not in (*names, "layout"):
                raise TypeError(
                    f"{type(self).__name__} has no setting {name!r}; it has {', '.join(names)}."
                )
        live = self.live_drawing()
        super().__init__(
            drawing=live.inline("lt-view", role="group") if live else "",
            sliders={
                name: trait.slider
                for name, trait in self.traits().items()
                if hasattr(trait, "slider")
            },
            **settings,
        )
        self.observe(self._judge, names=list(self.drawn_from))
        self._judge()

    @classmethod
    def settings(cls):
        """The names of all settings, in the order in which they are written down."""
        kinds = (Setting, Numbers, traitlets.Bool)
        return [
            name
            for kind in reversed(cls.__mro__)
            for name, trait in vars(kind).items()
            if isinstance(trait, kinds) and name != "goal_reached"
        ]

    @property
    def trace(self):
        """What `forward` sees with the settings as they are now: a Trace with B = 1."""
        if self.cell is None:
            raise AttributeError(f"{type(self).__name__} runs no network, so it has no trace.")
        return forward(self.cell, self.params, self.x, self.state)[2]

    def live_drawing(self):
        """The drawing that the page fills with numbers; None where the page draws it all."""
        return None

    def still(self):
        """The figure as it stands now, as a Drawing with its numbers filled in."""
        drawing, values = self.picture()
        words = f"Still picture of an interactive figure. {self.words()} {drawing.description}"
        return Drawing(filled(drawing.svg, values), drawing.title, words)

    def _judge(self, change=None):
        self.set_trait("goal_reached", self.goal().reached)

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        still = show(self.still())._repr_mimebundle_()
        data |= {"text/html": still["text/html"], "text/plain": f"<explorer: {self.title}>"}
        return data, metadata
