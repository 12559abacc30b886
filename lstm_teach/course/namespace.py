"""The names that a test of a master sees: the master's own, the student's, and the book."""

import builtins

import lstm_teach


class Missing(NameError):
    """A name that the test needs and the notebook does not have."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


class Book:
    """lstm_teach as a test sees it: `check` keeps its results, and may draw other numbers."""

    def __init__(self):
        self.draw()

    def draw(self, seed=None):
        """Forget the results; from now on every check draws its numbers from this seed."""
        self._seed, self.results = seed, []

    def check(self, id, *answer, seed=0):
        result = lstm_teach.check(id, *answer, seed=seed if self._seed is None else self._seed)
        self.results.append(result)
        return result

    def __getattr__(self, name):
        return getattr(lstm_teach, name)


class Names(dict):
    """The names a test sees: the master's own, then the student's, which are looked up there.

    The book stands in the place of lstm_teach, also where the test itself imports it.
    """

    def __init__(self, known, look, own):
        super().__init__()
        self._look, self._own, self.book = look, own, Book()
        for name, value in {"lt": self.book, "lstm_teach": self.book, **known}.items():
            self[name] = value
        self["__name__"] = "__main__"  # as in a notebook

    def __setitem__(self, name, value):
        if value is lstm_teach:
            value = self.book
        elif value is lstm_teach.check:
            value = self.book.check
        super().__setitem__(name, value)

    def __missing__(self, name):
        if name.startswith("__") or (hasattr(builtins, name) and name not in self._own):
            raise KeyError(name)
        found = self._look([name])
        if name not in found:
            raise Missing(name)
        self[name] = found[name]
        return found[name]
