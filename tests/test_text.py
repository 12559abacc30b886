"""Text: the reader's, the grammar's or the book's own; the next character is the answer."""

import json

import numpy as np
import pytest
from drawn import seeds
from hypothesis import given
from hypothesis import strategies as st

from lstm_teach import network, tasks
from lstm_teach.tasks import text

LINE = "the gates that the loop feeds forget a line"


def rng(seed=0):
    return np.random.default_rng(seed)


@given(words=st.text(min_size=1, max_size=30))
def test_encode_and_decode_are_each_others_way_back(words):
    letters = text.alphabet(words)
    assert len(set(letters)) == len(letters)
    assert set(letters) == set(words)
    assert text.decode(text.encode(words, letters), letters) == words


def test_a_letter_that_is_not_in_the_alphabet_is_named():
    with pytest.raises(ValueError, match="'z' is not among the 3 letters"):
        text.encode("abz", "abc")


@given(seed=seeds, steps=st.integers(1, 20))
def test_a_window_is_a_stretch_of_the_text_and_its_answer_the_next_character(seed, steps):
    letters = text.alphabet(LINE)
    batch = text.windows(rng(seed), 4, steps, text=LINE)
    assert batch.x.shape == (steps, 4, len(letters))
    for row in range(4):
        seen = text.decode(batch.x[:, row].argmax(axis=-1), letters)
        following = text.decode(batch.target[:, row], letters)
        assert seen + following[-1] in LINE
        assert seen[1:] == following[:-1]
    assert batch.mask.all()
    symbols = text.windows(rng(seed), 4, steps, text=LINE, symbols=True)
    assert np.array_equal(symbols.x, batch.x.argmax(axis=-1))


def test_every_place_of_the_text_can_be_the_start_of_a_window():
    batch = text.windows(rng(), 2000, 4, text="abcdefgh", symbols=True)
    assert set(batch.x[0]) == {0, 1, 2, 3}


@given(B=st.integers(1, 4), steps=st.integers(1, 9))
def test_tracks_read_every_part_of_the_text_in_order(B, steps):
    letters = text.alphabet(LINE)
    parts = text.tracks(B, steps, text=LINE)
    part = (len(LINE) - 1) // B
    assert len(parts) == part // steps
    for row in range(B):
        read = "".join(text.decode(p.x[:, row].argmax(axis=-1), letters) for p in parts)
        due = "".join(text.decode(p.target[:, row], letters) for p in parts)
        assert LINE[row * part :].startswith(read)
        assert LINE[row * part + 1 :].startswith(due)


def test_a_text_that_is_too_short_is_told_its_length():
    with pytest.raises(ValueError, match="the text has 3 characters; expected 6 or more"):
        text.windows(rng(), 2, 5, text="abc")
    with pytest.raises(ValueError, match="the text has 3 characters; expected 9 or more"):
        text.tracks(2, 4, text="abc")


def parsed(words, clauses=True):
    """Read one part from the front of a list of words: its number, and the words left over.

    A parser of its own: it knows the grammar only from the docstring.
    """
    singular, plural = {"one", "this", "every"}, {"two", "these", "many"}
    nouns = {"gate", "cell", "chain", "line", "loop", "layer"}
    article, *rest = words
    assert article in singular | plural | {"the"}
    if rest[0] in {"open", "slow", "small", "quiet", "yellow"}:
        rest = rest[1:]
    noun, *rest = rest
    assert noun.removesuffix("s") in nouns
    many = noun.endswith("s")
    assert article == "the" or (article in plural) == many
    if rest[:1] == ["that"]:
        assert clauses
        if is_verb(rest[1]):
            agree(rest[1], many)
            _, rest = parsed(rest[2:], clauses=False)
        else:
            its_number, rest = parsed(rest[1:], clauses=False)
            agree(rest[0], its_number)
            rest = rest[1:]
    return many, rest


def is_verb(word):
    return word.removesuffix("s") in {"keep", "follow", "open", "forget", "feed", "see"}


def agree(verb, many):
    assert is_verb(verb)
    assert verb.endswith("s") != many


@given(seed=seeds)
def test_every_verb_of_the_grammars_sentences_agrees_with_its_noun(seed):
    made = text.grammar_text(rng(seed), 20)
    assert made == text.grammar_text(rng(seed), 20)
    lines = made.splitlines()
    assert len(lines) == 20
    for line in lines:
        many, (verb, *rest) = parsed(line.removesuffix(" .").split())
        agree(verb, many)
        _, left = parsed(rest)
        assert left == []


def test_the_grammar_makes_clauses_and_adjectives_as_often_as_it_says():
    made = text.grammar_text(rng(), 3000).split()
    nouns = sum(word.removesuffix("s") in text.NOUNS for word in made)
    clauses = sum(word == "that" for word in made)
    adjectives = sum(
        word in text.ADJECTIVES and following.removesuffix("s") in text.NOUNS
        for word, following in zip(made, made[1:], strict=False)
    )
    assert adjectives / nouns == pytest.approx(1 / 4, abs=0.02)
    assert clauses / 6000 == pytest.approx(1 / 3, abs=0.02)


def notebook(path, *cells):
    made = [{"cell_type": kind, "source": source.splitlines(True)} for kind, source in cells]
    path.write_text(json.dumps({"cells": made}), encoding="utf-8")


def test_the_books_text_is_the_prose_of_its_notebooks_in_order(tmp_path):
    notebook(tmp_path / "01_later.ipynb", ("markdown", "Second."))
    notebook(tmp_path / "00_first.ipynb", ("markdown", "# One\nline"), ("code", "x = 1"))
    notebook(tmp_path / "draft.ipynb", ("markdown", "not numbered"))
    assert text.book_text(tmp_path) == "# One\nline\n\nSecond."


def test_the_books_text_is_found_from_a_folder_below(tmp_path, monkeypatch):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "work").mkdir()
    notebook(tmp_path / "chapters" / "00_first.ipynb", ("markdown", "Found."))
    monkeypatch.setattr(text, "__file__", str(tmp_path / "a" / "b" / "c" / "text.py"))
    monkeypatch.chdir(tmp_path / "work")
    assert text.book_text() == "Found."


def test_where_there_is_no_book_the_reader_is_told_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="expected the book's chapters folder"):
        text.book_text(tmp_path)


def test_any_file_can_be_read_but_not_an_empty_one(tmp_path):
    (tmp_path / "mine.txt").write_text("für mich", encoding="utf-8")
    assert text.read_text(tmp_path / "mine.txt") == "für mich"
    (tmp_path / "empty.txt").touch()
    with pytest.raises(ValueError, match="is empty; expected a file with some text"):
        text.read_text(tmp_path / "empty.txt")


def test_describe_shows_a_window_with_its_next_characters(capsys):
    tasks.describe(text.windows, steps=30, text=LINE, letters=text.alphabet(LINE))
    out = capsys.readouterr().out
    seen, due = (line[10:] for line in out.splitlines()[2:4])
    assert seen[1:] == due[: len(seen) - 1]
    assert seen in LINE


def test_an_embedding_reads_the_symbols_of_a_window():
    import lstm_teach as lt

    letters = text.alphabet(LINE)
    net = lt.Network(lt.LSTM, len(letters), 8, len(letters), embedding=4)
    params = network.init(net, rng())
    batch = text.windows(rng(), 3, 10, text=LINE, symbols=True)
    loss, _, _ = network.loss_and_grads(net, params, batch)
    assert loss == pytest.approx(np.log(len(letters)), rel=0.2)
