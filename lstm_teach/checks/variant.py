"""An exercise with other numbers: its page of facts, read again with other words in it.

A variant replaces words in the source of the exercise's module, and the same words in the
notebook. So what the text says, what the check asks for and what the solution gives are changed
together, and cannot fall apart. In a choice the letters change places as well.
"""

import importlib
import linecache
import re
import sys
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np

from .exercise import Exercise

# Where a letter of a choice stands in a module: at the start of a mistake's name or of what is
# said of it, in the solution, or before "says". An A may also be an article.
LETTERS = re.compile(
    r'(?<=")[B-E](?=[:, ])'
    r'|(?<=")A(?=: | (?:says|is|takes|would|expects)\b)'
    r"|\b[A-E](?= says\b)"
    r'|(?<=return ")[A-E](?=", \()'
)


@dataclass(frozen=True)
class Variation:
    """What is other in a variant: words {old: new}, and letters {old: new} of a choice."""

    words: dict
    letters: dict

    def __bool__(self):
        return bool(self.words or self.letters)

    def text(self, text):
        """A text or a module's source, in the words of the variant."""
        return in_other_words(text, self.words)


def varied(exercise, number):
    """The Exercise with the numbers and letters of a variant; its id is then "2.7/7".

    An exercise without a Variation only gets the id: its checks draw other random inputs.
    """
    variation = variation_of(exercise, number)
    found = _read_again(exercise, variation, number) if variation else exercise
    return replace(found, id=f"{exercise.id}/{number}")


def variation_of(exercise, number):
    """The Variation of an exercise in the variant of this number; the same at every call."""
    chapter, place = (int(n) for n in exercise.id.split("."))
    rng = np.random.default_rng([number, chapter, place])
    words = exercise.vary(rng) if exercise.vary else {}
    choices = [part.letters for part in exercise.parts if part.letters]
    letters = _exchanged(choices[0], _answer(exercise), rng) if choices else {}
    return Variation({str(old): str(new) for old, new in words.items()}, letters)


def in_other_words(text, words):
    """The text with all words replaced at once: whole words and whole numbers only."""
    if not words:
        return text
    longest_first = sorted(words, key=len, reverse=True)
    return re.sub("|".join(map(_whole, longest_first)), lambda m: words[m.group()], text)


def with_other_letters(source, letters):
    """The source of a choice, of its module or of a solution cell, with its letters exchanged."""
    return LETTERS.sub(lambda m: letters.get(m.group(), m.group()), source) if letters else source


def _whole(word):
    before = r"(?<![A-Za-z0-9_.])" if word[0].isalnum() else ""
    after = r"(?![A-Za-z0-9_]|\.[0-9])" if word[-1].isalnum() else ""  # but 0.9ⁿ has a 0.9
    return before + re.escape(word) + after


def _answer(exercise):
    """The right letter of an exercise's choice."""
    return next(part.reference()[0] for part in exercise.parts if part.letters)


def _exchanged(letters, right, rng):
    """The letters in another order, in which the right answer has another letter."""
    while True:
        others = dict(zip(letters, rng.permutation(list(letters)).tolist(), strict=True))
        if others[right] != right:
            return others


def _read_again(exercise, variation, number):
    """The exercise of its module, executed once more in the words of the variant."""
    module = _module_of(exercise)
    source = variation.text("".join(linecache.getlines(module.__file__, vars(module))))
    source = with_other_letters(source, variation.letters)
    again = ModuleType(f"{module.__name__}_variant_{number}", module.__doc__)
    again.__package__ = module.__package__
    again.__file__ = f"{module.__file__} (variant {number})"
    # inspect.getsource, with which lt.solution shows the solution, finds the source there
    lines = source.splitlines(keepends=True)
    linecache.cache[again.__file__] = (len(source), None, lines, again.__file__)
    exec(compile(source, again.__file__, "exec"), vars(again))
    made = [value for value in vars(again).values() if isinstance(value, Exercise)]
    return next(one for one in made if one.id == exercise.id)


def _module_of(exercise):
    """The module that this Exercise is defined in."""
    chapter = int(exercise.id.split(".")[0])
    package = f"{__package__}.chapter_{chapter:02}"
    importlib.import_module(package)
    for name, module in list(sys.modules.items()):
        inside = name.startswith(f"{package}.")
        if inside and any(value is exercise for value in vars(module).values()):
            return module
    raise LookupError(f"no module of {package} defines exercise {exercise.id}")
