"""Characters: predict the next one. The text is the book's own, made by a grammar, or yours.

No text of others is shipped with the package.
"""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..arguments import expect_rng, expect_size
from .batch import Batch, expect, one_hot, pieces, real_steps, words


def book_text(chapters=None):
    """The prose of this book: the text cells of its notebooks, in order, read when asked for.

    chapters: the folder with the notebooks; by default the one beside the package, or
    `chapters` in the working folder or above it. It grows as the book does: a result that
    depends on it should print len(text).
    Returns a string. Raises FileNotFoundError that says where it looked. Chapter 13.
    """
    here = Path.cwd()
    beside = Path(__file__).parents[2] / "chapters"
    folders = (
        [Path(chapters)] if chapters else [beside, *(p / "chapters" for p in (here, *here.parents))]
    )
    for folder in folders:
        if notebooks := sorted(folder.glob("[0-9][0-9]_*.ipynb")):
            return "\n\n".join(_prose(notebook) for notebook in notebooks)
    raise FileNotFoundError(
        f"no notebooks NN_name.ipynb in {' or '.join(map(str, folders[:2]))}; expected the book's "
        "chapters folder. Say where it is: book_text(chapters='path/to/chapters'), or use "
        "grammar_text(rng, sentences) or read_text('a file of yours')."
    )


def _prose(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def read_text(path):
    """The text of a file you name, read as UTF-8. Raises ValueError if it is empty."""
    text = Path(path).read_text(encoding="utf-8")
    if not text:
        raise ValueError(f"{path} is empty; expected a file with some text in it.")
    return text


ONE, MANY = 0, 1
ARTICLES = (("one", "the", "this", "every"), ("two", "the", "these", "many"))
NOUNS = ("gate", "cell", "chain", "line", "loop", "layer")
ADJECTIVES = ("open", "slow", "small", "quiet", "yellow")
VERBS = ("keeps", "follows", "opens", "forgets", "feeds", "sees")


def grammar_text(rng, sentences):
    """Sentences made by a small grammar, in which a verb must agree with a distant noun.

        the gates that the slow loop feeds forget a line .

        sentence  = part verb part .          part = article [adjective] noun [clause]
        clause    = that part verb | that verb part

    Who has read "the gates" must still know, 32 characters later when the verb "forget" ends,
    that it was gates and not gate. One noun in four has an adjective, one in three a clause; a
    clause has no clause of its own.

    Returns a string, sentences separated by a line break. Chapter 13.
    """
    expect_rng(rng)
    return "".join(_sentence(rng) + " .\n" for _ in range(expect_size("sentences", sentences)))


def _sentence(rng):
    subject, number = _part(rng, clauses=True)
    return f"{subject} {_verb(rng, number)} {_part(rng, clauses=True)[0]}"


def _part(rng, clauses):
    number = int(rng.integers(2))
    found = [_one_of(rng, ARTICLES[number])]
    if rng.random() < 1 / 4:
        found.append(_one_of(rng, ADJECTIVES))
    found.append(_one_of(rng, NOUNS) + ("s" if number == MANY else ""))
    if clauses and rng.random() < 1 / 3:
        other, its_number = _part(rng, clauses=False)
        if rng.random() < 1 / 2:
            found += ["that", other, _verb(rng, its_number)]
        else:
            found += ["that", _verb(rng, number), other]
    return " ".join(found), number


def _verb(rng, number):
    verb = _one_of(rng, VERBS)
    return verb if number == ONE else verb[:-1]


def _one_of(rng, choices):
    return choices[int(rng.integers(len(choices)))]


@lru_cache(maxsize=4)
def alphabet(text):
    """Every character of a text once, in order: its place is the number that stands for it."""
    return "".join(sorted(set(text)))


def encode(text, letters):
    """Characters become their places in `letters`: a string to whole numbers (len(text),).

    Raises ValueError that names a character which `letters` does not have.
    """
    place = {letter: k for k, letter in enumerate(letters)}
    if unknown := set(text) - set(place):
        raise ValueError(
            f"{sorted(unknown)[0]!r} is not among the {len(letters)} letters; expected only those. "
            "Make them from all the text you use: alphabet(training + test)."
        )
    return np.array([place[letter] for letter in text], int)


def decode(symbols, letters):
    """The way back: whole numbers (n,) to a string."""
    return "".join(letters[k] for k in symbols)


def _printable(letters, **_):
    return letters.replace("\n", "¶")


@words(_printable, _printable)
def windows(rng, batch, steps, *, text, letters=None, symbols=False):
    """Stretches of a text cut out at random: predict each next character.

    letters: by default alphabet(text). symbols: x holds whole numbers (T, B) for an embedding
    instead of one-hot vectors.
    Shapes: steps = T ≥ 1, less than len(text); x (T, B, D), D = N = len(letters); every step
    counts. Returns a Batch. Chapter 13.
    """
    letters = letters or alphabet(text)
    expect(rng, batch, steps=(steps, 1))
    codes = _codes(text, letters, least=steps + 1)
    start = rng.integers(len(codes) - steps, size=batch)
    seen = codes[start + np.arange(steps + 1)[:, None]]
    return _predict_next(seen, letters, symbols)


def tracks(batch, steps, *, text, letters=None, symbols=False):
    """The whole text, read along B tracks at once, in pieces: for a state that is carried on.

    Track b reads the b-th of B equal parts of the text. Piece k + 1 goes on where piece k ended,
    so hand the last states of one to the next. What does not fill a piece is left out.
    Returns a list of Batches (see `windows`). Chapter 13.
    """
    letters = letters or alphabet(text)
    batch, steps = expect_size("batch", batch), expect_size("steps", steps)
    codes = _codes(text, letters, least=batch * steps + 1)
    part = (len(codes) - 1) // batch
    seen = codes[np.arange(batch) * part + np.arange(part + 1)[:, None]]
    return pieces(_predict_next(seen, letters, symbols), steps)


def _predict_next(seen, letters, symbols):
    lengths = np.full(seen.shape[1], len(seen) - 1)
    x = seen[:-1] if symbols else one_hot(seen[:-1], len(letters))
    return Batch(x, seen[1:], real_steps(len(x), lengths), lengths)


def _codes(text, letters, least):
    if len(text) < least:
        raise ValueError(f"the text has {len(text)} characters; expected {least} or more for that.")
    return _encoded(text, letters)


@lru_cache(maxsize=4)
def _encoded(text, letters):
    """`encode`, once for a text that windows are drawn from many times."""
    codes = encode(text, letters)
    codes.flags.writeable = False
    return codes
