"""Every task keeps its protocol, and its answers are found again by other means."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from drawn import seeds
from hypothesis import given
from hypothesis import strategies as st

from lstm_teach import criteria, tasks

TASKS = {
    "recall": partial(tasks.recall, lag=7),
    "copying": partial(tasks.copying, lag=5),
    "latch": partial(tasks.latch, length=9),
    "adding": partial(tasks.adding, lag=20),
    "multiplication": partial(tasks.multiplication, lag=20),
    "adding_uniform": partial(tasks.adding_uniform, lag=11),
    "temporal_order 6a": partial(tasks.temporal_order, length=30),
    "temporal_order 6b": partial(tasks.temporal_order, length=30, marks=3),
    "noise_free_2a": partial(tasks.noise_free_2a, p=8),
    "noise_free_2b": partial(tasks.noise_free_2b, p=8),
    "noise_free_2c": partial(tasks.noise_free_2c, q=6, p=4),
    "two_sequences_3a": partial(tasks.two_sequences_3a, lag=20),
    "two_sequences_3b": partial(tasks.two_sequences_3b, lag=20),
    "two_sequences_3c": partial(tasks.two_sequences_3c, lag=20),
    "embedded_reber": tasks.embedded_reber,
    "continual_reber": partial(tasks.continual_reber, steps=25),
    "anbn": partial(tasks.anbn, longest=6),
    "anbncn": partial(tasks.anbncn, longest=6),
    "parity": partial(tasks.parity, longest=9, shortest=3),
}
each_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
MANY = 4000


def rng(seed=0):
    return np.random.default_rng(seed)


def strings(batch, letters):
    """What each sequence reads, without its padding."""
    symbols = batch.x.argmax(axis=-1)
    return [
        "".join(letters[k] for k in symbols[:length, row])
        for row, length in enumerate(batch.lengths)
    ]


def last_targets(batch):
    return batch.target[batch.lengths - 1, np.arange(len(batch.lengths))]


# --- what holds for all ---------------------------------------------------------------------


@each_task
@given(seed=seeds, B=st.integers(1, 6))
def test_every_batch_has_the_shapes_it_promises_and_its_padding_is_empty(task, seed, B):
    batch = task(rng(seed), B)
    T = len(batch.x)
    assert batch.x.shape[:2] == batch.target.shape[:2] == batch.mask.shape == (T, B)
    assert batch.x.ndim == 3
    assert batch.lengths.shape == (B,)
    assert ((batch.lengths >= 1) & (batch.lengths <= T)).all()
    padding = np.arange(T)[:, None] >= batch.lengths
    assert not batch.x[padding].any()
    assert not batch.target[padding].any()
    assert not batch.mask[padding].any()
    assert batch.mask.any(axis=0).all()
    assert not batch.target[~batch.mask].any()
    assert np.isfinite(batch.x).all()
    assert (batch.x.dtype, batch.mask.dtype, batch.lengths.dtype.kind) == (float, bool, "i")


@each_task
@given(seed=seeds)
def test_the_same_rng_draws_the_same_batch_and_then_another(task, seed):
    one, two = rng(seed), rng(seed)
    first, again, _ = task(one, 4), task(two, 4), task(one, 4)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert one.bit_generator.state != two.bit_generator.state


@each_task
@pytest.mark.parametrize("wrong", [0, np.random.RandomState(0)])
def test_a_seed_in_place_of_a_generator_is_told_how_to_make_one(task, wrong):
    with pytest.raises(TypeError, match=r"np.random.default_rng\(0\)"):
        task(wrong, 4)


@each_task
def test_a_batch_of_nothing_is_refused(task):
    with pytest.raises(ValueError, match="batch is 0; expected a whole number, 1 or more"):
        task(rng(), 0)


@each_task
def test_describe_prints_one_example_in_which_every_answer_stands(task, capsys):
    tasks.describe(
        task.func if isinstance(task, partial) else task, **getattr(task, "keywords", {})
    )
    out = capsys.readouterr().out
    batch = task(rng(), 1)
    T, counted = batch.lengths[0], int(batch.mask.sum())
    assert f"{T} steps; the answer counts at {counted} of them" in out.splitlines()[0]
    if "input" in out:
        answers = "".join(line[10:] for line in out.splitlines() if line.startswith("  answer"))
        inputs = "".join(line[10:] for line in out.splitlines() if line.startswith("  input"))
        assert len(inputs) == T
        assert len(answers.replace(" ", "")) == counted
    else:
        rows = out.splitlines()[2:]
        answer = rows[-1].split()[-1]
        assert float(answer) == pytest.approx(batch.target[T - 1, 0, 0], rel=5e-3, abs=1e-3)


# --- memory ---------------------------------------------------------------------------------


@given(seed=seeds, lag=st.integers(1, 12), symbols=st.integers(2, 6), kinds=st.integers(0, 5))
def test_recall_asks_for_the_first_symbol_lag_steps_later(seed, lag, symbols, kinds):
    batch = tasks.recall(rng(seed), 5, lag, symbols=symbols, distractors=kinds)
    seen = batch.x.argmax(axis=-1)
    assert len(seen) == lag + 1
    assert np.array_equal(last_targets(batch), seen[0])
    assert (seen[0] < symbols).all()
    assert (seen[-1] == batch.x.shape[-1] - 1).all()
    assert ((seen[1:-1] >= symbols) & (seen[1:-1] < symbols + max(kinds, 1))).all()
    assert batch.mask.sum() == 5
    assert batch.mask[-1].all()


@given(seed=seeds, lag=st.integers(1, 9), items=st.integers(1, 6), symbols=st.integers(1, 9))
def test_copying_shows_symbols_a_marker_and_wants_them_back_in_order(seed, lag, items, symbols):
    batch = tasks.copying(rng(seed), 3, lag, items=items, symbols=symbols)
    for row, text in enumerate(strings(batch, "." + "123456789"[:symbols] + ">")):
        shown, waited, after = text[:items], text[items:].split(">")[0], text.split(">")[1]
        assert waited == "." * (lag - 1)
        assert after == "." * items
        answer = "".join(str(k or ".") for k in batch.target[:, row])
        assert answer == "." * (lag + items) + shown
        assert "." not in shown
    assert batch.mask.all()
    assert batch.x.shape == (lag + 2 * items, 3, symbols + 2)


def test_the_memoryless_answer_to_copying_costs_what_the_papers_say():
    """10 log 8 / (T + 20): blank while waiting, one eighth for each symbol afterwards."""
    batch = tasks.copying(rng(), 50, lag=100)
    surprise = np.where(batch.target > 0, np.log(8), 0)
    assert surprise.mean() == pytest.approx(10 * np.log(8) / 120)


@given(seed=seeds, told=st.integers(1, 4))
def test_the_latch_is_told_its_class_first_and_then_hears_noise(seed, told):
    batch = tasks.latch(rng(seed), 6, 12, told=told)
    for row in range(6):
        second = last_targets(batch)[row, 0] == -0.8
        assert last_targets(batch)[row, 0] in (0.8, -0.8)
        for t in range(12):
            ones = np.flatnonzero(batch.x[t, row, :-1])
            assert ones.tolist() == ([second * told + t] if t < told else [])
            assert (batch.x[t, row, -1] == 0) == (t < told)
    noise = tasks.latch(rng(seed), 400, 50, told=told).x[told:, :, -1]
    assert noise.var() == pytest.approx(0.2, rel=0.1)
    assert abs(noise.mean()) < 0.02


# --- arithmetic -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "low", "unseen", "formula"),
    [
        (tasks.adding, -1, 0, lambda a, b: 0.5 + (a + b) / 4),
        (tasks.multiplication, 0, 1, lambda a, b: a * b),
    ],
)
@given(seed=seeds, lag=st.integers(4, 120))
def test_experiments_4_and_5_mark_two_values_and_ask_for_them_at_the_end(
    task, low, unseen, formula, seed, lag
):
    batch = task(rng(seed), 8, lag)
    assert len(batch.x) == lag + lag // 10
    assert ((batch.lengths >= lag) & (batch.lengths <= lag + lag // 10)).all()
    for row, length in enumerate(batch.lengths):
        value, marker = batch.x[:length, row].T
        assert marker[0] == marker[-1] == -1
        marked = np.flatnonzero(marker == 1).tolist()
        assert (marker[[t for t in range(1, length - 1) if t not in marked]] == 0).all()
        assert 1 <= len(marked) <= 2
        assert marked[0] < 10 or len(marked) == 1
        assert marked[-1] <= max(9, lag // 2 - 1)
        factors = [value[t] for t in marked] + [unseen] * (2 - len(marked))
        assert batch.target[length - 1, row, 0] == pytest.approx(formula(*factors), abs=1e-15)
        assert low <= value.min()
        assert value.max() < 1
        assert batch.mask[:, row].nonzero()[0].tolist() == [length - 1]


def test_adding_draws_its_marks_lengths_and_values_uniformly():
    batch = tasks.adding(rng(), MANY, 100)
    assert np.bincount(batch.lengths, minlength=111)[100:].min() > MANY / 11 * 0.8
    marked = batch.x[..., 1] == 1
    second = len(marked) - 1 - marked[::-1].argmax(axis=0)
    two = marked.sum(axis=0) == 2
    assert set(range(10, 50)) <= set(second[two]) <= set(range(1, 50))
    late = np.bincount(second[two], minlength=50)[10:]  # from 10 on only the second mark
    assert np.abs(late / MANY - 1 / 49).max() < 0.012
    # the first step is drawn first with probability 1/10, second with 9/10 of 1/49
    assert (~two).mean() == pytest.approx(0.1 + 0.9 / 49, abs=0.015)
    assert last_targets(batch).var() == pytest.approx(1 / 24, rel=0.1)
    assert last_targets(batch).mean() == pytest.approx(0.5, abs=0.01)


@given(seed=seeds, lag=st.integers(2, 60))
def test_the_uniform_adding_problem_marks_one_value_in_each_half(seed, lag):
    batch = tasks.adding_uniform(rng(seed), 6, lag)
    for row in range(6):
        value, marker = batch.x[:, row].T
        first, second = np.flatnonzero(marker)
        assert first < lag // 2 <= second
        assert set(marker) <= {0, 1}
        assert batch.target[-1, row, 0] == value[first] + value[second]
        assert value.min() >= 0
        assert value.max() < 1


def test_who_always_answers_one_to_the_uniform_problem_is_off_by_a_sixth():
    batch = tasks.adding_uniform(rng(), MANY, 50)
    assert ((last_targets(batch) - 1) ** 2).mean() == pytest.approx(1 / 6, rel=0.05)


# --- order ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "windows"), [(2, [(10, 20), (50, 60)]), (3, [(10, 20), (33, 43), (66, 76)])]
)
@given(seed=seeds)
def test_temporal_order_has_its_marks_in_their_windows_and_names_their_order(marks, windows, seed):
    orders = {
        2: ["XX", "XY", "YX", "YY"],
        3: [*map("".join, product("XY", repeat=3))],
    }[marks]
    batch = tasks.temporal_order(rng(seed), 8, marks=marks)
    for row, text in enumerate(strings(batch, "abcdXYEB")):
        assert 100 <= len(text) <= 110
        assert text[0] == "E"
        assert text[-1] == "B"
        where = [t for t, symbol in enumerate(text) if symbol in "XY"]
        assert all(low <= t <= high for t, (low, high) in zip(where, windows, strict=True))
        assert set(text[1:-1]) <= set("abcdXY")
        assert last_targets(batch)[row] == orders.index("".join(text[t] for t in where))


@pytest.mark.parametrize("marks", [2, 3])
def test_temporal_order_is_balanced_and_uses_the_whole_of_every_window(marks):
    batch = tasks.temporal_order(rng(), MANY, marks=marks)
    counts = np.bincount(last_targets(batch), minlength=2**marks)
    assert len(counts) == 2**marks
    assert np.abs(counts / MANY - 2.0**-marks).max() < 0.03
    steps = {t for text in strings(batch, "abcdXYEB") for t, s in enumerate(text) if s in "XY"}
    windows = [(10, 21), (50, 61)] if marks == 2 else [(10, 21), (33, 44), (66, 77)]
    assert steps == {t for window in windows for t in range(*window)}
    assert set(batch.lengths) == set(range(100, 111))


@given(seed=seeds, length=st.integers(10, 60), marks=st.sampled_from([2, 3]))
def test_a_short_temporal_order_keeps_all_its_marks(seed, length, marks):
    batch = tasks.temporal_order(rng(seed), 6, length, marks=marks)
    for text in strings(batch, "abcdXYEB"):
        assert sum(symbol in "XY" for symbol in text) == marks
        assert (text[0], text[-1]) == ("E", "B")


def test_four_marks_are_no_experiment_of_1997():
    with pytest.raises(ValueError, match="marks is 4; expected 2"):
        tasks.temporal_order(rng(), 4, marks=4)


# --- long lags ------------------------------------------------------------------------------


@given(seed=seeds, p=st.integers(2, 20))
def test_2a_and_2b_end_as_they_begin_and_ask_for_every_next_symbol(seed, p):
    for task in (tasks.noise_free_2a, tasks.noise_free_2b):
        batch = task(rng(seed), 5, p)
        symbols = batch.x.argmax(axis=-1)
        assert symbols.shape == (p, 5)
        assert np.array_equal(batch.target[:-1], symbols[1:])
        assert np.array_equal(batch.target[-1], symbols[0])
        assert set(symbols[0]) <= {p - 1, p}
        assert (symbols[1:] < p - 1).all()
        assert batch.mask.all()
        if task is tasks.noise_free_2a:
            assert (symbols[1:] == np.arange(p - 1)[:, None]).all()


@given(seed=seeds, q=st.integers(1, 15), p=st.integers(1, 6))
def test_2c_is_b_a_key_distractors_and_e_and_asks_for_the_key(seed, q, p):
    batch = tasks.noise_free_2c(rng(seed), 6, q, p)
    letters = "0123456789"[:p] + "bexy"
    for row, text in enumerate(strings(batch, letters)):
        assert text[0] == "b"
        assert text[1] == "xy"[last_targets(batch)[row]]
        assert text[-1] == "e"
        assert set(text[2:-1]) <= set(letters[:p])
        assert len(text) >= q + 3
        assert batch.mask[:, row].nonzero()[0].tolist() == [len(text) - 1]


def test_2c_goes_on_with_probability_nine_tenths():
    more = tasks.noise_free_2c(rng(), MANY, 10, 4).lengths - 13
    assert more.mean() == pytest.approx(9, rel=0.1)
    assert (more == 0).mean() == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(
    ("task", "told_variance", "targets", "target_variance"),
    [
        (tasks.two_sequences_3a, 0, (1, 0), 0),
        (tasks.two_sequences_3b, 0.2, (1, 0), 0),
        (tasks.two_sequences_3c, 0.2, (0.2, 0.8), 0.1),
    ],
)
@pytest.mark.parametrize("told", [1, 3])
def test_the_two_sequences_have_the_noise_of_their_experiment(
    task, told_variance, targets, target_variance, told
):
    batch = task(rng(), MANY, 40, told=told)
    assert set(batch.lengths) == set(range(40, 45))
    said, answers = batch.x[:told, :, 0], last_targets(batch)[:, 0]
    assert said.var() == pytest.approx(1 + told_variance, rel=0.05)
    if not told_variance:
        assert set(said.ravel()) == {1, -1}
        assert (said == said[0]).all()
        assert np.array_equal(answers, np.where(said[0] > 0, *targets))
    assert answers.mean() == pytest.approx(0.5, abs=0.03)
    spread = ((targets[0] - targets[1]) / 2) ** 2
    assert answers.var() == pytest.approx(spread + target_variance, rel=0.05)
    sign = np.corrcoef(said.mean(axis=0), answers)[0, 1]
    assert np.sign(sign) == np.sign(targets[0] - targets[1])
    noise = batch.x[told:40, :, 0]
    assert noise.var() == pytest.approx(0.2, rel=0.05)
    assert abs(noise.mean()) < 0.01


# --- Reber ----------------------------------------------------------------------------------


def inner_endings(state):
    """The Reber grammar as people draw it: which letters lead from a node, and where to."""
    return {
        1: {"B": 2},
        2: {"T": 3, "P": 4},
        3: {"S": 3, "X": 5},
        4: {"T": 4, "V": 6},
        5: {"X": 4, "S": 7},
        6: {"P": 5, "V": 7},
        7: {"E": 8},
    }[state]


def is_reber(text):
    state = 1
    for letter in text:
        if state == 8 or letter not in inner_endings(state):
            return False
        state = inner_endings(state)[letter]
    return state == 8


def is_embedded(text):
    return (
        len(text) >= 9
        and text[0] == "B"
        and text[-1] == "E"
        and text[1] in "TP"
        and text[-2] == text[1]
        and is_reber(text[2:-2])
    )


def may_follow(prefix):
    """By brute force: the letters after which some legal string still begins so."""
    if prefix == "B":
        return set("TP")
    state = 1
    for at, letter in enumerate(prefix[2:]):
        if state == 8:
            return {"E"} if len(prefix) - 2 - at == 1 else set("B")
        state = inner_endings(state)[letter]
    return {prefix[1]} if state == 8 else set(inner_endings(state))


@pytest.mark.parametrize("text", ["BTXSE", "BPVVE", "BTSSXXTVVE", "BPTVPXVVE"])
def test_the_automaton_of_this_test_knows_strings_of_the_literature(text):
    assert is_reber(text)
    assert not is_reber(text[:-1])
    assert not is_reber(text.replace("V", "S").replace("X", "T"))


@given(seed=seeds)
def test_every_embedded_string_is_legal_and_every_target_is_its_next_letter(seed):
    batch = tasks.embedded_reber(rng(seed), 10)
    for row, text in enumerate(strings(batch, "BTPSXVE")):
        last = "BTPSXVE"[last_targets(batch)[row]]
        assert is_embedded(text + last)
        following = "".join("BTPSXVE"[k] for k in batch.target[: len(text), row])
        assert following == text[1:] + last
    assert batch.lengths.max() == len(batch.x)


@given(seed=seeds)
def test_the_legal_next_symbols_are_those_the_drawn_grammar_allows(seed):
    batch = tasks.embedded_reber(rng(seed), 5)
    legal = tasks.reber.legal_next(batch)
    for row, text in enumerate(strings(batch, "BTPSXVE")):
        for t in range(len(text)):
            found = {letter for letter, yes in zip("BTPSXVE", legal[t, row], strict=True) if yes}
            assert found == may_follow(text[: t + 1])
        assert not legal[len(text) :, row].any()


def test_both_ways_out_are_taken_equally_often_and_the_shortest_string_has_nine_letters():
    batch = tasks.embedded_reber(rng(), MANY)
    texts = strings(batch, "BTPSXVE")
    assert min(map(len, texts)) == 8
    assert np.mean([text[1] == "T" for text in texts]) == pytest.approx(0.5, abs=0.03)
    loops = [text[4] == "S" for text in texts if text[3] == "T"]
    assert np.mean(loops) == pytest.approx(0.5, abs=0.03)


@given(seed=seeds, steps=st.integers(30, 80))
def test_a_continual_stream_is_legal_strings_end_to_end(seed, steps):
    batch = tasks.continual_reber(rng(seed), 3, steps)
    for row, text in enumerate(strings(batch, "BTPSXVE")):
        assert len(text) == steps
        found, start = [], 0
        while start < len(text):
            end = next(
                (e for e in range(start + 9, len(text) + 1) if is_embedded(text[start:e])), None
            )
            if end is None:
                break
            found.append(text[start:end])
            start = end
        assert len(text) - start < 80
        assert np.array_equal(batch.target[:-1, row], batch.x.argmax(-1)[1:, row])
    legal = tasks.reber.legal_next(batch)
    assert np.take_along_axis(legal, batch.target[..., None], axis=-1).all()


@given(seed=seeds)
def test_the_echo_steps_are_where_the_outer_letter_is_due(seed):
    batch = tasks.embedded_reber(rng(seed), 6)
    echo = tasks.reber.echo_steps(batch)
    for row, text in enumerate(strings(batch, "BTPSXVE")):
        assert echo[:, row].nonzero()[0].tolist() == [len(text) - 2]
        assert batch.target[len(text) - 2, row] == "BTPSXVE".index(text[1])


def test_a_string_that_is_not_of_the_grammar_is_told_where():
    batch = tasks.embedded_reber(rng(), 2)
    x = batch.x.copy()
    x[2, 1] = np.eye(7)[6]
    with pytest.raises(ValueError, match="E at time step 2 is not legal there"):
        tasks.reber.legal_next(batch._replace(x=x))


def test_pieces_of_a_stream_follow_each_other_without_a_gap():
    stream = tasks.continual_reber(rng(), 3, steps=47)
    parts = tasks.pieces(stream, 10)
    assert len(parts) == 4
    for k, part in enumerate(parts):
        for found, whole in zip(part[:3], stream[:3], strict=True):
            np.testing.assert_array_equal(found, whole[10 * k : 10 * k + 10])
        assert (part.lengths == 10).all()
    with pytest.raises(ValueError, match="expected 48 or more, and no padding"):
        tasks.pieces(stream, 48)
    with pytest.raises(ValueError, match="no padding"):
        tasks.pieces(tasks.anbn(rng(), 5, 6), 2)


# --- counting -------------------------------------------------------------------------------


@given(seed=seeds, longest=st.integers(1, 9), data=st.data())
def test_counting_words_have_equal_numbers_of_each_letter_in_order(seed, longest, data):
    shortest = data.draw(st.integers(1, longest))
    for task, letters in ((tasks.anbn, "ab"), (tasks.anbncn, "abc")):
        batch = task(rng(seed), 6, longest, shortest=shortest)
        assert len(batch.x) == len(letters) * longest + 1
        for row, text in enumerate(strings(batch, "#" + letters)):
            n = (len(text) - 1) // len(letters)
            assert shortest <= n <= longest
            assert text == "#" + "".join(letter * n for letter in letters)
            targets = batch.target[: len(text), row]
            assert "".join(("#" + letters)[k] for k in targets) == text[1:] + "#"


def test_counting_draws_every_n_equally_often():
    n = (tasks.anbn(rng(), MANY, 8, shortest=3).lengths - 1) // 2
    assert np.bincount(n)[3:].min() > MANY / 6 * 0.85
    assert set(n) == set(range(3, 9))


@given(seed=seeds)
def test_only_while_a_is_read_are_two_symbols_legal(seed):
    for task, letters in ((tasks.anbn, "#ab"), (tasks.anbncn, "#abc")):
        batch = task(rng(seed), 4, 5)
        legal = tasks.counting.legal_next(batch)
        for row, text in enumerate(strings(batch, letters)):
            for t, symbol in enumerate(text):
                found = {s for s, yes in zip(letters, legal[t, row], strict=True) if yes}
                assert found == ({"a", "b"} if symbol == "a" else {(text + "#")[t + 1]})
            assert not legal[len(text) :, row].any()


@given(seed=seeds, longest=st.integers(1, 15))
def test_parity_is_odd_where_the_number_of_ones_is(seed, longest):
    batch = tasks.parity(rng(seed), 6, longest, shortest=1)
    for row, text in enumerate(strings(batch, "01")):
        odd = False
        for bit in text:
            odd = odd != (bit == "1")
        assert last_targets(batch)[row] == odd


def test_parity_is_balanced_and_draws_every_length():
    batch = tasks.parity(rng(), MANY, 8, shortest=2)
    assert last_targets(batch).mean() == pytest.approx(0.5, abs=0.03)
    assert set(batch.lengths) == set(range(2, 9))
    assert set(tasks.parity(rng(), 20, 8).lengths) == {8}


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda r: tasks.recall(r, 2, 0), "lag is 0"),
        (lambda r: tasks.recall(r, 2, 5, symbols=1), "symbols is 1; expected 2 or more"),
        (lambda r: tasks.copying(r, 2, 5, symbols=10), "symbols is 10; expected 1 to 9"),
        (lambda r: tasks.latch(r, 2, 3, told=3), "length is 3; expected 4 or more"),
        (lambda r: tasks.adding(r, 2, 3), "lag is 3; expected 4 or more"),
        (lambda r: tasks.temporal_order(r, 2, 9), "length is 9; expected 10 or more"),
        (lambda r: tasks.noise_free_2a(r, 2, 1), "p is 1; expected 2 or more"),
        (lambda r: tasks.two_sequences_3a(r, 2, 3), "lag is 3; expected 4 or more"),
        (lambda r: tasks.anbn(r, 2, 3, shortest=4), "longest is 3; expected 4 or more"),
    ],
)
def test_sizes_that_a_task_cannot_have_are_told_the_least(draw, words):
    with pytest.raises(ValueError, match=words):
        draw(rng())


# --- when is it right? ----------------------------------------------------------------------


def test_a_sequence_is_right_when_every_counted_output_is_near_enough():
    batch = tasks.adding(rng(), 5, 20)
    y = batch.target + 0.03
    assert criteria.within(y, batch, 0.04).all()
    assert not criteria.within(y, batch, 0.03 - 1e-9).any()
    y[batch.lengths[2] - 1, 2] += 0.02
    y[0] = 99  # not counted
    assert criteria.within(y, batch, 0.04).tolist() == [True, True, False, True, True]
    one = y[batch.lengths - 1, np.arange(5)][None]
    assert criteria.within(one, batch, 0.04).tolist() == [True, True, False, True, True]


def test_classes_count_as_one_hot_vectors():
    batch = tasks.temporal_order(rng(), 4, 20)
    y = np.eye(4)[batch.target] * 0.8 + 0.1
    assert criteria.within(y, batch, 0.3).all()
    assert not criteria.within(y, batch, 0.1).any()
    assert criteria.most_likely(y, batch).all()
    y[batch.lengths[0] - 1, 0] = y[batch.lengths[0] - 1, 0, ::-1].copy()
    assert criteria.most_likely(y, batch).tolist() == [False, True, True, True]


def test_a_reber_string_is_right_when_the_legal_symbols_are_on_top():
    batch = tasks.embedded_reber(rng(), 5)
    legal = tasks.reber.legal_next(batch)
    y = np.where(legal, 0.3, 0.2) + rng(1).uniform(0, 0.09, legal.shape)
    assert criteria.legal_on_top(y, legal, batch.mask).all()
    y[3, 1] = 0.25  # a tie is not right
    assert criteria.legal_on_top(y, legal, batch.mask).tolist() == [True, False, True, True, True]


def test_nan_is_never_right():
    adding, order = tasks.adding(rng(), 3, 20), tasks.temporal_order(rng(), 3, 20)
    reber = tasks.embedded_reber(rng(), 3)
    legal = tasks.reber.legal_next(reber)
    for spoilt in (np.nan, np.full(1, np.nan)):
        assert not criteria.within(adding.target * spoilt, adding, 0.04).any()
        y = np.eye(4)[order.target]
        assert not criteria.most_likely(y * spoilt, order).any()
        assert not criteria.within(y * spoilt, order, 0.3).any()
        assert not criteria.legal_on_top(legal * spoilt, legal, reber.mask).any()
    partly = np.where(legal, 1.0, 0.0)
    partly[0, :, 3] = np.nan
    assert not criteria.legal_on_top(partly, legal, reber.mask).any()
