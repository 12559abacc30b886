"""What a check, a hint and a solution hand back: plain facts that display themselves."""

from dataclasses import dataclass

from . import display


class NotRight(AssertionError):
    """Raised by `require_right`: the answer is not right, and the message says why."""


class Displayed:
    """Shown as HTML in a notebook and as fixed plain text everywhere else."""

    def __repr__(self):
        return display.plain(self)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": display.html(self), "text/plain": repr(self)}


@dataclass(frozen=True, repr=False, eq=False)
class Result(Displayed):
    """The verdict on an answer.

    status is "not attempted", "wrong" or "right"; mistake is the name of the known mistake,
    or None; message is everything that is said, as text. exhibits are (label, text) pairs:
    the example, what was expected, what came.
    """

    id: str
    title: str
    status: str
    says: str
    exhibits: tuple = ()
    hint: str = ""
    mistake: str | None = None
    footer: str = ""

    @property
    def sign(self):
        return {"right": "✓", "wrong": "✗", "not attempted": "○"}[self.status]

    @property
    def heading(self):
        return f"{self.sign} {self.status} · {f'{self.id} {self.title}'.strip()}"

    @property
    def message(self):
        return display.message(self)

    def require_right(self):
        """Return the result if it is right; raise NotRight with the message if it is not."""
        if self.status != "right":
            raise NotRight(f"{self.heading}\n{self.message}")
        return self


@dataclass(frozen=True, repr=False, eq=False)
class Note(Displayed):
    """A hint, a solution or a summary: a heading, a text, exhibits (label, text), a footer."""

    heading: str
    says: str
    exhibits: tuple = ()
    footer: str = ""
    status: str = "note"
    hint: str = ""

    @property
    def message(self):
        return display.message(self)
