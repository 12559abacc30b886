"""The checks judge rightly, and say which mistake it is."""

import contextlib
import re
import sys
import threading
import time
import warnings
from html.parser import HTMLParser
from inspect import signature

import numpy as np
import pytest
from wrong_answers import RIGHT, WRONG, answers, run_cell

import lstm_teach as lt
from lstm_teach import checks
from lstm_teach.checks import EXERCISES, NotRight, check, hint, progress, solution
from lstm_teach.checks.exercise import FunctionPart
from lstm_teach.checks.judge import RIGHT as RIGHT_VERDICT
from lstm_teach.checks.judge import judge

ENDLESS = "does not end"
SEEDS = (0, 1, 2, 3)

every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
FUNCTIONS = [
    (exercise, part)
    for exercise in EXERCISES.values()
    for part in exercise.parts
    if isinstance(part, FunctionPart)
]
every_function = pytest.mark.parametrize(
    ("exercise", "part"), FUNCTIONS, ids=[f"{e.id} {part.name}" for e, part in FUNCTIONS]
)
every_wrong_answer = pytest.mark.parametrize(
    ("id", "name"), [(id, name) for id, wrong in WRONG.items() for name in wrong if name != ENDLESS]
)
every_right_way = pytest.mark.parametrize(
    ("id", "number"), [(id, n) for id, right in RIGHT.items() for n in range(len(right))]
)


@pytest.fixture(autouse=True)
def new_session(monkeypatch):
    monkeypatch.setattr(checks, "_opened", {})
    monkeypatch.setattr(checks, "_statuses", {})


def check_cell(id, text, **options):
    return check(id, *answers(EXERCISES[id], text), **options)


def step(body):
    """The result of checking an rnn_step with this body."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return check_cell("2.1", f"def rnn_step(x, h, W, U, b):\n{lines}")


# --- right and wrong --------------------------------------------------------------------------


@every_exercise
def test_the_solution_is_right(exercise):
    for seed in SEEDS:
        assert check(
            exercise.id, *(part.reference for part in exercise.parts), seed=seed
        ).require_right()


@every_right_way
def test_other_right_ways_are_right(id, number):
    for seed in SEEDS:
        assert check_cell(id, RIGHT[id][number], seed=seed).require_right()


@every_wrong_answer
def test_a_known_wrong_answer_is_told_its_name_under_every_seed(id, name):
    for seed in SEEDS:
        result = check_cell(id, WRONG[id][name], seed=seed)
        assert (result.status, result.mistake) == ("wrong", name), result
        assert result.says
        assert result.hint


@every_exercise
def test_each_exercise_has_what_an_exercise_needs(exercise):
    mistakes = [mistake for part in exercise.parts for mistake in part.mistakes]
    assert len(exercise.hints) == 3
    assert exercise.minutes > 0
    assert exercise.points > 0
    assert exercise.after
    assert exercise.why
    assert len(mistakes) >= 3
    assert len(RIGHT[exercise.id]) >= 2
    assert {mistake.name for mistake in mistakes} <= set(WRONG[exercise.id])


@every_exercise
def test_no_two_mistakes_of_an_exercise_have_the_same_name_or_say_the_same(exercise):
    found = [mistake for part in exercise.parts for mistake in part.mistakes]
    assert len({m.name for m in found}) == len(found)
    assert len({m.says for m in found}) == len(found)


def test_two_wrong_answers_to_one_exercise_get_two_messages():
    for id, wrong in WRONG.items():
        said = {name: check_cell(id, wrong[name]).says for name in wrong if name != ENDLESS}
        assert len(set(said.values())) == len(said), id


def test_a_mistake_that_is_a_known_misconception_is_told_its_number():
    result = check_cell("2.4", WRONG["2.4"]["new weights at every step"])
    assert "Number 20 in the index" in repr(result)
    assert "index" not in repr(check_cell("2.4", WRONG["2.4"]["no U counted"]))


def test_an_answer_learned_by_heart_is_right_once_and_wrong_with_another_seed():
    book = {}

    def copying(x, h, W, U, b):
        book[x.tobytes() + b.tobytes()] = np.tanh(x @ W + h @ U + b)
        return book[x.tobytes() + b.tobytes()]

    def reciting(x, h, W, U, b):
        return book.get(x.tobytes() + b.tobytes(), np.zeros(h.shape))

    assert check("2.1", copying).status == "right"
    assert check("2.1", reciting).status == "right"
    assert check("2.1", reciting, seed=1).status == "wrong"


def test_the_verdicts_on_machines_cannot_be_learned_by_heart():
    truth = [
        case.args[0].mixes for case in EXERCISES["2.5"].parts[0].cases(np.random.default_rng(0))
    ]

    def reciting():
        remaining = list(truth)

        def mixes_up_batch(run):
            x = np.random.default_rng(0).normal(size=(2, 4, 3))
            run(x), run(x[:, ::-1])
            return remaining.pop(0)

        return mixes_up_batch

    assert check("2.5", reciting()).status == "right"
    assert {check("2.5", reciting(), seed=seed).status for seed in (1, 2, 3)} == {"wrong"}


def _written_down(args):
    """Arguments as a key of a table: arrays by their numbers, functions by their kind."""
    return tuple(
        (value.shape, value.tobytes())
        if isinstance(value, np.ndarray)
        else type(value).__name__
        if callable(value)
        else repr(value)
        for value in args
    )


@pytest.mark.parametrize("by", ["arguments", "order"])
@every_function
def test_a_table_of_answers_is_right_under_the_seed_it_was_made_with_only(exercise, part, by):
    table, calls = {}, []

    def key(args):
        calls.append(args)
        return _written_down(args) if by == "arguments" else len(calls)

    def copying(*args):
        right = part.reference(*args)
        table.setdefault(key(args), right)
        return right

    def reciting(*args):
        return table.get(key(args), table[first])

    copying.__signature__ = reciting.__signature__ = signature(part.reference)
    assert judge(part, copying, 0) == RIGHT_VERDICT
    first = next(iter(table))
    for seed in range(1, 5):
        calls.clear()
        assert judge(part, reciting, seed) != RIGHT_VERDICT


@pytest.mark.parametrize(
    "hidden_by", ["with np.errstate(all='ignore'):", "if np.seterr(over='ignore'):"]
)
def test_an_overflow_counts_where_it_is_silenced_too(hidden_by):
    usual, errors = (np.errstate, np.seterr), np.geterr()
    naive = f"def stable_logistic(z):\n    {hidden_by}\n        return 1 / (1 + np.exp(-z))"
    assert check_cell("1.7", naive).mistake == "exp(-z) overflows"
    assert (usual, errors) == ((np.errstate, np.seterr), np.geterr())
    harmless = f"def stable_logistic(z):\n    {hidden_by}\n        return (1 + np.tanh(z / 2)) / 2"
    assert check_cell("1.7", harmless).status == "right"


@pytest.mark.parametrize("place", [-3.0, -1.0, 1.0, 3.0])
def test_no_one_place_tells_all_wrong_slopes(place):
    def slope_is_wrong(f, slope):
        measured = (f(place + 1e-5) - f(place - 1e-5)) / 2e-5
        return not np.allclose(slope(f(place)), measured, rtol=0, atol=1e-6)

    for seed in range(20):
        assert check("1.4", slope_is_wrong, seed=seed).mistake == "looks at one place"


def test_the_same_check_gives_the_same_words_each_time():
    wrong = WRONG["2.1"]["adds the bias after the tanh"]
    assert repr(check_cell("2.1", wrong)) == repr(check_cell("2.1", wrong))


def test_an_entry_that_is_slightly_off_is_wrong():
    def nearly(x, h, W, U, b):
        result = np.tanh(x @ W + h @ U + b)
        result[-1, -1] += 1e-4
        return result

    assert check("2.1", nearly).status == "wrong"


# --- the chain of the package is the reference of the exercises -------------------------------


def test_the_exercises_and_the_package_compute_the_same_chain():
    reference = {part.name: part.reference for e in EXERCISES.values() for part in e.parts}
    rng = np.random.default_rng(4)
    params = lt.init(lt.RNN, rng, 3, 2)._replace(b=rng.normal(size=(1, 2)))
    x, h = rng.normal(size=(5, 4, 3)), rng.normal(size=(4, 2))
    W, U, b = params.W[0], params.U[0], params.b[0]
    expected, _, _ = lt.forward(lt.RNN, params, x, lt.RNNState(h))
    np.testing.assert_allclose(reference["rnn_forward"](x, h, W, U, b), expected)
    np.testing.assert_allclose(reference["rnn_step"](x[0], h, W, U, b), expected[0])
    V = reference["block_matrix"](W, U)
    np.testing.assert_allclose(reference["merged_step"](x[0], h, V, b), expected[0])
    assert reference["count_parameters"](5, 3, 2) == sum(v.size for v in params)


def test_the_numbers_in_the_explanation_of_the_latch_are_so():
    hold_time = EXERCISES["2.6"].parts[1].reference
    assert EXERCISES["2.6"].parts[0].reference() == (5.0, 4.0, 0.0)
    assert "an input of -0.7 is enough" in EXERCISES["2.6"].why
    assert hold_time(5.0, 4.0, 0.0, [-0.68, 0.0]) == 2
    assert hold_time(5.0, 4.0, 0.0, [-0.7, 0.0]) == 0
    assert "tanh(0.55) = 0.5" in EXERCISES["2.6"].why
    assert round(float(np.tanh(0.55)), 2) == 0.5
    assert "tanh(-5 + 4) is -0.76" in EXERCISES["2.6"].hints[2]
    assert round(float(np.tanh(-1)), 2) == -0.76


# --- the order of checks, and what each stage says --------------------------------------------


@pytest.mark.parametrize("nothing", [None, ...], ids=["None", "Ellipsis"])
def test_a_placeholder_is_not_an_attempt(nothing):
    assert check("2.1", nothing).status == "not attempted"
    assert check("2.7", nothing).status == "not attempted"


def test_the_result_of_a_call_in_place_of_the_function_is_recognised():
    result = check("2.1", np.zeros((1, 2)))
    assert result.status == "wrong"
    assert "expected the function `rnn_step` itself" in result.says
    assert "without brackets" in result.hint


def test_other_names_and_extra_defaults_are_welcome():
    def mine(x_t, h_before, A, B, c, scale=1.0):
        return np.tanh(x_t @ A + h_before @ B + c * scale)

    assert check("2.1", mine).status == "right"


def test_an_exception_is_told_with_the_line_of_the_reader():
    result = step("z = x @ W\nreturn np.tanh(z + h @ V + b)")
    assert "line 3, `return np.tanh(z + h @ V + b)`" in result.says
    assert "NameError: name 'V' is not defined" in result.message
    assert result.mistake is None


def test_an_exception_inside_the_package_is_told_with_the_line_of_the_reader():
    result = step("return lt.forward(lt.RNN, lt.Params(W, U, b, b), x)[0]")
    assert "line 2, `return lt.forward(" in result.says
    assert "ValueError: W has shape" in result.message


def test_an_exception_inside_a_compiled_library_is_told_with_the_line_of_the_reader():
    result = step("return np.random.default_rng(0).normal(scale=-1, size=h.shape)")
    assert "line 2, `return np.random.default_rng(0).normal(" in result.says
    assert "ValueError: scale < 0" in result.message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return [1, 2]", "returned a list of 2; expected one array of shape (B, H)"),
        ("return np.tanh(x @ W + h @ U + b), h", "returned a tuple of 2"),
        ("return 0.5", "returned 0.5, a float"),
        ("return np.tanh(x @ W + h @ U + b).sum()", "returned a float64"),
        ("yield h", "returned a generator"),
        ("return 'h'", "returned 'h', a str"),
        (
            "return np.tanh(x @ W + h @ U + b).T",
            "returned shape (3, 1); expected (B, H), here (1, 3)",
        ),
        ("return np.tanh(x @ W + h @ U + b)[0]", "returned shape (3,)"),
        ("return np.tanh(x @ W + h @ U + b)[None]", "returned shape (1, 1, 3)"),
        ("return np.tanh(x @ W + h @ U + b).astype('f4')", "numbers are float32"),
        ("return np.tanh(x @ W + h @ U + b).astype(int)", "numbers are int64"),
        ("return np.tanh(x @ W + h @ U + b).astype(object)", "numbers are object"),
        ("return np.log(np.tanh(x @ W + h @ U + b) - 1)", "h'[0, 0] is nan"),
        ("return np.tanh(x @ W + h @ U + b) / 0", "is inf"),
    ],
)
def test_each_kind_of_wrong_return_has_a_sentence_of_its_own(body, said):
    result = step(body)
    assert result.status == "wrong"
    assert said in result.says


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return np.tanh(x @ W + h @ U + 2 * b)", "With b alone"),
        ("return np.tanh(2 * x @ W + h @ U + b)", "With x W alone"),
        ("return np.tanh(x @ W + 2 * h @ U + b)", "With h U alone"),
        ("return np.tanh(x @ W + h @ U + b * (1 + x.sum()))", "Each term alone comes out right"),
    ],
)
def test_the_message_names_the_term_that_is_wrong(body, said):
    result = step(body)
    assert result.says.startswith(said)
    assert result.mistake is None
    shown = dict(result.exhibits)
    assert {"Expected", "Got", "First difference"} <= set(shown)


def test_the_example_in_a_message_can_be_pasted_and_gives_what_the_message_says():
    body = "return np.tanh(x @ W + 2 * h @ U + b)"
    shown = dict(step(body).exhibits)
    *lines, call = shown["An example to paste into a cell"].split("\n")
    cell = "\n".join([*lines, f"def rnn_step(x, h, W, U, b): {body}", f"result = {call}"])
    result = run_cell(cell)["result"]
    got = np.array(eval(shown["Got"]))
    np.testing.assert_allclose(result, got, atol=1e-4)
    assert not np.allclose(got, np.array(eval(shown["Expected"])), atol=1e-3)


def test_arguments_are_the_callers_even_where_they_can_be_unlocked():
    unlock = "h.base.flags.writeable = h.flags.writeable = True"
    result = step(f"z = np.tanh(x @ W + h @ U + b)\n{unlock}\nh[:] = z\nreturn z")
    assert (result.status, result.mistake) == ("wrong", "writes into its arguments")
    assert "writes into `h`" in result.says


def test_writing_into_an_argument_is_told_with_its_line():
    result = step("h += x @ W\nreturn np.tanh(h)")
    assert result.mistake == "writes into its arguments"
    assert "writes into `h`, at line 2, `h += x @ W`" in result.says


def test_a_function_that_calls_an_unwritten_one_is_told_which():
    cell = """
        def rnn_step(x, h, W, U, b):
            raise NotImplementedError()

        def rnn_forward(x, h, W, U, b):
            return np.stack([rnn_step(x_t, h, W, U, b) for x_t in x])
    """
    result = check_cell("2.2", cell)
    assert result.status == "wrong"
    assert "calls `rnn_step`, and that function is not written yet" in result.says


def test_of_two_parts_the_finished_one_is_acknowledged():
    result = check("2.6", (5, 4, 0))
    assert result.status == "not attempted"
    assert "`latch` is right. `hold_time` is still to be written" in result.says
    assert check("2.6", (1, 1, 0)).mistake == "u is too small, it leaks"


@pytest.mark.parametrize(
    "value",
    ["5, 4, 0", (5, 4), 7, (5, 4, None), (5, np.nan, 0), {"w": 5}, (5, "4", 0), [[5, 4, 0]]],
)
def test_a_latch_that_is_not_three_numbers_is_told_so(value):
    result = check("2.6", value)
    assert result.status == "wrong"
    assert "expected" in result.says


def test_the_reader_s_words_are_kept_and_the_experiment_is_shown():
    words = "the difference is handed on from copy to copy"
    result = check("2.7", ("C", words))
    shown = dict(result.exhibits)
    assert [label for label, text in shown.items() if text == words and "your teacher" in label]
    (measured,) = (text for label, text in shown.items() if "Measured" in label)
    moved = {int(n): float(v) for n, v in re.findall(r"h_(\d)  ([\d.]+)", measured)}
    assert [n for n, distance in moved.items() if distance > 0] == [3, 4, 5]


def test_the_experiment_moves_the_outputs_under_other_seeds_too():
    from lstm_teach.checks.chapter_02.order import measured_changes

    for seed in range(50):
        moved = measured_changes(np.random.default_rng(seed))
        assert ((moved > 0) == np.isin(np.arange(1, 9), [3, 4, 5])).all()


# --- endless, noisy and hostile answers -------------------------------------------------------


def took(call):
    began = time.monotonic()
    return call(), time.monotonic() - began


@pytest.mark.parametrize("id", [id for id, wrong in WRONG.items() if ENDLESS in wrong])
def test_an_endless_loop_is_stopped_within_five_seconds(id):
    result, seconds = took(lambda: check_cell(id, WRONG[id][ENDLESS]))
    assert seconds < 5
    assert (result.status, result.mistake) == ("wrong", ENDLESS)
    assert "It was at line" in result.says


def test_a_loop_that_cannot_be_stopped_is_left_behind_and_said_to_be():
    freed = threading.Event()

    def rnn_step(x, h, W, U, b):
        while not freed.is_set():
            with contextlib.suppress(BaseException):  # that is what makes it hard to stop
                freed.wait(0.01)
        return h

    try:
        result, seconds = took(lambda: check("2.1", rnn_step))
    finally:
        freed.set()
    assert seconds < 5
    assert result.mistake == ENDLESS
    assert "Restart the kernel" in result.says


def test_two_endless_parts_share_the_five_seconds():
    def endless(*args):
        while True:
            pass

    result, seconds = took(
        lambda: check("2.3", lambda W, U: endless(), lambda x, h, V, b: endless())
    )
    assert seconds < 5
    assert result.mistake == ENDLESS


def test_what_an_answer_prints_or_warns_of_does_not_reach_the_page(capsys):
    def rnn_step(x, h, W, U, b):
        print("x" * 100_000)
        print("y", file=sys.stderr)
        warnings.warn("a warning", stacklevel=1)
        np.log(np.zeros(1))
        return np.tanh(x @ W + h @ U + b)

    assert check("2.1", rnn_step).status == "right"
    assert capsys.readouterr() == ("", "")


class Odd:
    """Answers yes to everything, and no to being looked at."""

    def __eq__(self, other):
        return True

    __ne__ = __lt__ = __gt__ = __eq__
    __hash__ = None

    def __repr__(self):
        raise RuntimeError("no")

    __str__ = __repr__

    def __getattr__(self, name):
        return self

    def __call__(self, *args):
        return self

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no")

    def __bool__(self):
        raise RuntimeError("no")

    def __iter__(self):
        return iter([self])

    def __float__(self):
        return 1.0


class OddError(Exception):
    def __str__(self):
        raise RuntimeError("no")


class OddArray(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __array_function__(self, function, types, args, kwargs):
        return True

    def __array_ufunc__(self, *args, **kwargs):
        return True


def raises(error):
    def answer(*args):
        raise error

    return answer


HOSTILE = {
    "an object that is equal to everything": Odd(),
    "a function that returns such an object": lambda *args: Odd(),
    "an array that is equal to everything": lambda *args: np.zeros((1, 3)).view(OddArray),
    "a huge array": lambda *args: np.broadcast_to(0.0, (10**6, 10**6)),
    "a list of a million": lambda *args: [0] * 10**6,
    "a generator": lambda *args: (n for n in args),
    "a class": Odd,
    "a module": np,
    "a ufunc": np.tanh,
    "an array of objects": lambda *args: np.array([[Odd(), Odd(), Odd()]], object),
    "an array of text": lambda *args: np.array([["a", "b", "c"]]),
    "complex numbers": lambda *args: np.array([[1j, 1j, 1j]]),
    "an empty array": lambda *args: np.zeros((0, 0)),
    "a masked array": lambda *args: np.ma.masked_all((1, 3)),
    "an exit": raises(SystemExit(0)),
    "an interrupt": raises(KeyboardInterrupt()),
    "an exception without words": raises(OddError()),
    "endless recursion": lambda *args: check.__wrapped__,
    "not a number": float("nan"),
    "a text": "D",
    "a pair of oddities": (Odd(), Odd()),
}


@pytest.mark.parametrize("name", HOSTILE)
@every_exercise
def test_a_hostile_answer_is_wrong_and_breaks_nothing(exercise, name):
    result, seconds = took(lambda: check(exercise.id, *[HOSTILE[name]] * len(exercise.parts)))
    assert seconds < 5
    assert result.status == "wrong"
    assert result.mistake != "the check itself failed"
    assert "Traceback" not in result.message
    assert "lstm_teach/" not in result.message
    assert result._repr_mimebundle_()["text/html"]


def test_endless_recursion_is_told_as_an_error():
    result = step("return rnn_step(x, h, W, U, b)")
    assert "RecursionError" in result.message


def test_a_fault_of_the_check_is_owned_up_to(monkeypatch):
    monkeypatch.setattr(checks, "judge", raises(ZeroDivisionError()))
    result = check("2.1", np.tanh)
    assert result.mistake == "the check itself failed"
    assert "a fault of the check" in result.says


# --- asking wrongly ---------------------------------------------------------------------------


@pytest.mark.parametrize("ask", [check, hint, solution])
@pytest.mark.parametrize(
    "id", ["9.9", 17, None, "", [2.1], Odd()], ids=lambda id: type(id).__name__
)
def test_an_unknown_exercise_lists_the_known_ones(ask, id):
    result = ask(id)
    assert f"There are: {', '.join(EXERCISES)}" in result.message


def test_a_forgotten_id_or_answer_is_answered_with_the_right_call():
    def rnn_step():
        pass

    assert 'lt.check("2.1", rnn_step)' in check(rnn_step).message
    assert 'lt.check("2.3", block_matrix, merged_step)' in check("2.3").message
    assert check("2.1").status == "not attempted"
    assert check("2.1", rnn_step, rnn_step).status == "not attempted"


def test_the_id_may_be_a_number():
    assert check(2.1, EXERCISES["2.1"].parts[0].reference).status == "right"


def test_require_right_raises_with_the_whole_message():
    right = check_cell("2.4", RIGHT["2.4"][0])
    assert right.require_right() is right
    wrong = check_cell("2.4", WRONG["2.4"]["four layers"])
    with pytest.raises(NotRight, match="You count four layers") as raised:
        wrong.require_right()
    assert str(raised.value) == repr(wrong)


# --- hints, solutions, progress ---------------------------------------------------------------


@every_exercise
def test_hints_open_one_by_one_and_then_point_to_the_solution(exercise):
    for number, text in enumerate(exercise.hints, start=1):
        opened = hint(exercise.id)
        assert opened.heading.startswith(f"Hint {number} of 3")
        assert opened.says == text
    last = hint(exercise.id)
    assert f'lt.solution("{exercise.id}")' in last.message
    assert all(text in last.message for text in exercise.hints)


@every_exercise
def test_a_solution_shows_code_that_passes_and_says_why(exercise):
    shown = solution(exercise.id)
    assert "You have not tried this one yet" in shown.message
    assert exercise.why in shown.message
    ((_, code),) = shown.exhibits
    assert check(exercise.id, *answers(exercise, code)).status == "right"
    assert "You have not tried" not in solution(exercise.id).message


def test_progress_counts_the_points_of_the_last_verdicts():
    assert "0 of 18 points" in progress(2).says
    check_cell("2.4", RIGHT["2.4"][0])
    check_cell("2.1", WRONG["2.1"]["forgot the bias"])
    rows = progress("2").message
    assert "1 of 18 points" in rows
    assert "✓ 2.4 right · 1 point · How many" in rows
    assert "✗ 2.1 wrong · 2 points" in rows
    assert "○ 2.2 not attempted" in rows
    assert "0.1" in progress().message
    assert "There are: 0, 1, 2" in progress("seven").message


# --- what is seen -----------------------------------------------------------------------------


class Text(HTMLParser):
    """The text of a piece of HTML, and its tags with attributes."""

    def __init__(self, html):
        super().__init__()
        self.text, self.tags, self.open = "", [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_everything_a_reader_wrote_is_escaped():
    marker = "<img src=x onerror=alert(1)>&amp;"
    for result in (
        step(f"raise ValueError({marker!r})"),
        step(f"return {marker!r}"),
        check("2.7", ("C", f"because {marker} of this")),
        check("2.7", ("A", f"because {marker} of this")),
        check(marker, 1),
        hint(marker),
    ):
        page = Text(result._repr_mimebundle_()["text/html"])
        assert marker in page.text
        assert not [tag for tag, _ in page.tags if tag == "img"]


@pytest.mark.parametrize(
    ("result", "status", "sign"),
    [
        (lambda: check("2.4", lambda T, D, H: H * (D + H + 1)), "right", "✓"),
        (lambda: check("2.4", lambda T, D, H: 0), "wrong", "✗"),
        (lambda: check("2.4", ...), "not attempted", "○"),
    ],
)
def test_a_result_shows_its_status_by_a_sign_and_a_word_and_is_announced(result, status, sign):
    bundle = result()._repr_mimebundle_()
    page = Text(bundle["text/html"])
    assert page.text.startswith(f"{sign} {status} · 2.4 How many numbers are learned")
    assert page.tags[0][0] == "div"
    assert page.tags[0][1]["role"] == "status"
    assert page.tags[0][1]["data-status"] == status
    assert bundle["text/plain"].startswith(f"{sign} {status} · 2.4")


def test_plain_text_is_fixed():
    assert repr(check("2.4", lambda T, D, H: T * H * (D + H + 1))) == (
        "✗ wrong · 2.4 How many numbers are learned\n"
        "You count the weights once for each of the T steps. There is one module, used T times: "
        "its weights are shared, so T does not matter.\n"
        "  An example to paste into a cell:\n"
        "    T = 5\n    D = 2\n    H = 3\n    count_parameters(T, D, H)\n"
        "  Expected: 18\n"
        "  Got: 90\n"
        "Hint: How many matrices W does your `rnn_forward` take? One.\n"
        "Number 20 in the index, `chapters/C_misconceptions.ipynb`. "
        'More help: `lt.hint("2.4")`.'
    )


def _luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_edges_stand_out_on_the_light_and_on_the_dark_page():
    from lstm_teach.checks.display import EDGES

    for colour in EDGES.values():
        for page in ("#ffffff", "#111111"):
            light, dark = sorted((_luminance(colour), _luminance(page)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 3


def test_texts_use_backticks_in_pairs_and_stay_short():
    for exercise in EXERCISES.values():
        said = [*exercise.hints, exercise.after, exercise.why]
        for part in exercise.parts:
            said += [text for mistake in part.mistakes for text in (mistake.says, mistake.hint)]
        for text in said:
            assert text.count("`") % 2 == 0, text
            assert len(text) < 600, text
