"""A student's functions from afar: what they return, raise, ask back, and how they are stopped."""

import inspect
import re
import time
from textwrap import dedent

import numpy as np
import pytest
from course.rooms import distant, some_kernels

import lstm_teach as lt
from lstm_teach.checks import guard
from lstm_teach.course import distant as distant_module
from lstm_teach.course import installing
from lstm_teach.course.conversation import Clock, Died, OutOfTime, Silent
from lstm_teach.course.distant import Distant
from lstm_teach.course.playing import ENDS
from lstm_teach.course.sandbox import watchdog


@pytest.fixture(scope="module")
def kernels():
    with some_kernels() as found:
        yield found


@pytest.fixture(scope="module")
def shared(kernels):
    """One kernel for all tests that leave it alive."""
    with distant(kernels) as there:
        there.clock = there.talk.clock = Clock(600)
        yield there


@pytest.fixture
def fresh(kernels):
    with distant(kernels) as there:
        yield there


def defined(there, text, name="f"):
    assert there.run_cell(dedent(text), 20).status == "ok"
    return there.look([name])[name]


def test_a_function_is_called_there(shared):
    f = defined(shared, "def f(x, y=2):\n    return x * y, {'twice': [x, None]}")
    assert f(3) == (6, {"twice": [3, None]})
    assert f(3, y=5)[0] == 15
    assert np.array_equal(f(np.arange(3.0))[0], [0, 2, 4])
    assert f.__name__ == "f"


def test_a_kernel_whose_first_answer_is_lost_is_asked_again(kernels, monkeypatch):
    monkeypatch.setattr(installing, "SECONDS", (1, 20))
    with kernels.start() as kernel:
        answer, lost = kernel.client.input, []
        kernel.client.input = lambda text: answer(text) if lost else lost.append(text)
        there = Distant(kernel, Clock(60))
        assert lost
        assert defined(there, "def f(x):\n    return 2 * x")(3) == 6


def test_its_signature_is_told(shared):
    f = defined(shared, "def f(x, /, h, *rest, b=np.zeros(3), **more):\n    return x")
    from inspect import signature

    assert str(signature(f)) == "(x, /, h, *rest, b=array([0., 0., 0.]), **more)"


def test_its_errors_are_raised_here_with_the_line(shared):
    f = defined(shared, "def f(x):\n    x = x + 1\n    return unknown * x")
    with pytest.raises(NameError, match="unknown"):
        f(1)
    (outcome,), _ = f.run([(1,)], 3.5, False)
    assert (outcome.kind, outcome.error) == ("raised", "NameError")
    assert (outcome.line.number, outcome.line.text) == (3, "return unknown * x")
    assert outcome.line.function == "f"


def test_it_may_not_write_into_its_arguments(shared):
    f = defined(shared, "def f(x, y):\n    y += x\n    return y")
    x = np.ones(2)
    (outcome,), _ = f.run([(x, x)], 3.5, False)
    assert outcome.wrote_to == (1,)
    assert x.tolist() == [1, 1]


def test_strict_floats_and_what_is_printed_cross_over(shared):
    f = defined(shared, "def f(x):\n    print('here')\n    return np.exp(x)")
    (outcome,), printed = f.run([(np.array(1e4),)], 3.5, True)
    assert (outcome.error, printed) == ("FloatingPointError", "here\n")
    assert f.run([(np.array(1e4),)], 3.5, False)[0][0].value == np.inf


def test_functions_of_ours_are_called_back(shared):
    f = defined(
        shared,
        """
        def f(make, x):
            read = make(3)
            try:
                make("a")
            except ValueError as error:
                said = str(error)
            return read(x), read(x), said
        """,
    )
    asked = []

    def make(n):
        asked.append(n)
        if n == "a":
            raise ValueError("a number was expected")
        return lambda x: n * x

    one, two, said = f(make, np.ones(2))
    assert one.tolist() == two.tolist() == [3, 3]
    assert (asked, said) == ([3, "a"], "a number was expected")


def test_functions_of_theirs_come_back_and_go_in_again(shared):
    make = defined(shared, "def f(n):\n    return [lambda x: n * x, np.tanh, len]")
    times, tanh, length = make(4)
    assert (times(5), tanh(0.0), length((1, 2))) == (20, 0, 2)
    apply = defined(shared, "def g(f, x):\n    return f(x)", "g")
    assert apply(lambda x: times(x) + 1, 10) == 41
    assert apply(times, 10) == 40  # one of theirs, through our hands


def test_named_tuples_cross_over(shared):
    f = defined(shared, "def f(p):\n    return p._replace(b=p.b + 1), type(p).__name__")
    params = lt.init(lt.LSTM, np.random.default_rng(0), 2, 3)
    p, name = f(params)
    assert (type(p), name) == (lt.Params, "Params")
    assert np.array_equal(p.b, params.b + 1)


def test_guard_runs_what_is_elsewhere_there(shared):
    f = defined(shared, "def f(x):\n    import os\n    return os.getpid()")
    outcomes, _ = guard.run(f, [(1,), (2,)], 3.5)
    import os

    assert outcomes[0].value == outcomes[1].value != os.getpid()


def test_names_that_are_not_there_are_left_out(shared):
    assert shared.look(["nobody_wrote_this"]) == {}


def test_a_loop_is_stopped_and_the_rest_goes_on(shared, monkeypatch):
    monkeypatch.setattr(distant_module, "CPU_SECONDS", 1.0)
    f = defined(shared, "def f(x):\n    while x:\n        pass\n    return 7")
    outcomes, _ = f.run([(0,), (1,), (2,)], 3.5, False)
    assert [one.kind for one in outcomes] == ["returned", "unfinished"]
    assert outcomes[1].line.number == 2
    assert f(0) == 7


def test_a_loop_that_takes_no_interrupt_is_killed(fresh, monkeypatch):
    monkeypatch.setattr(distant_module, "CPU_SECONDS", 1.0)
    f = defined(
        fresh,
        """
        def f(x):
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    pass
        """,
    )
    began = time.monotonic()
    with pytest.raises(Died, match="does not end"):
        f(1)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "body",
    ["__import__('os')._exit(0)", "__import__('ctypes').string_at(0)"],
    ids=["exit", "crash"],
)
def test_the_end_of_the_kernel_is_noticed_at_once(fresh, body):
    f = defined(fresh, f"def f(x):\n    {body}")
    began = time.monotonic()
    with pytest.raises(Died):
        f(1)
    assert time.monotonic() - began < 3


def test_no_time_left_means_no_time(fresh):
    f = defined(fresh, "def f(x):\n    while True: pass")
    fresh.clock = fresh.talk.clock = Clock(1)
    outcomes, _ = f.run([(1,)], 3.5, False)
    assert outcomes[0].kind == "unfinished"
    swallows = "def f():\n    try:\n        f()\n    finally:\n        f()\nf()"
    with pytest.raises((OutOfTime, Died)):
        fresh.run_cell(swallows, 20)


def test_input_gets_an_end_of_file_and_not_a_wait(shared):
    f = defined(shared, "def f(x):\n    return input('lstm?')")
    with pytest.raises(EOFError):
        f(1)
    assert shared.run_cell("input()", 5).status == "error"


def test_who_asks_back_for_ever_is_stopped_at_the_line_where_it_asks(fresh):
    f = defined(
        fresh,
        """
        def f(run):
            while True:
                run(1.0)
        """,
    )
    fresh.clock = fresh.talk.clock = Clock(3)
    (outcome,), _ = f.run([(lambda x: x,)], 3.5, False)
    assert (outcome.kind, outcome.line.function) == ("unfinished", "f")
    assert "stuck" in fresh.noticed
    assert outcome.line.text in ("while True:", "run(1.0)")


def test_what_is_asked_back_has_an_end(fresh):
    f = defined(fresh, "def f(run, n):\n    return [run(np.ones(n)) for _ in range(10**9)]")
    calls = []
    with pytest.raises(RuntimeError, match="asked too much"):
        f(lambda x: calls.append(len(x)), 150_000)
    assert 8 * sum(calls) < 2**27
    assert "stuck" in fresh.noticed
    with pytest.raises(RuntimeError, match="asked too much"):
        f(lambda x: x, 200_000)


def test_who_asks_back_has_time_for_each_question(shared, monkeypatch):
    monkeypatch.setattr(distant_module, "WALL_SECONDS", 1.0)
    f = defined(
        shared,
        """
        import time
        def f(run, n, seconds):
            for _ in range(n):
                time.sleep(seconds)
                run(0.0)
            return n
        """,
    )
    slow, sleeps = [f.run([(lambda x: x, *args)], 1, False)[0] for args in ((8, 0.25), (1, 3))]
    assert [slow[0].kind, sleeps[0].kind] == ["returned", "unfinished"]


def test_much_that_comes_is_cut_and_the_kernel_lives(shared):
    f = defined(shared, "def f(x):\n    return np.zeros(900_000)")
    outcomes, _ = f.run([(n,) for n in range(20)], 3.5, False)
    assert outcomes[0].value.size == 900_000
    assert {one.error for one in outcomes[1:]} == {"TooLarge"}
    assert f(1).size == 900_000


FLOOD = """
import sys, time
harness = sys.modules["lstm_teach_harness"].serve.__self__
said = {"callback": 0, "args": {"tuple": []}, "kwargs": {"dict": []}}
said = harness.values.packed(said).encode()
for _ in range(50_000):
    harness.socket.send_multipart([harness.grader, said])
while True:
    time.sleep(1)
"""


def test_who_asks_and_never_listens_does_not_hold_the_grader_up(fresh):
    began = time.monotonic()
    with pytest.raises(Died, match="does not answer"):
        fresh.run_cell(FLOOD, 20)
    assert time.monotonic() - began < 20


def test_there_are_words_for_every_end_of_a_kernel():
    for why in re.findall(r'return "([a-z ]+)"', inspect.getsource(watchdog)):
        assert why in ENDS


@pytest.mark.parametrize(
    "value",
    [
        "[0] * 10**6",
        "'a' * 10**8",
        "10**100_000",
        "np.broadcast_to(0.0, (10**6, 10**6))",
        "(lambda a: (a.append(a), a)[1])([])",
    ],
)
def test_what_is_too_large_stays_there(shared, value):
    f = defined(shared, f"def f(x):\n    return {value}")
    with pytest.raises(RuntimeError, match="TooLarge"):
        f(1)


def test_tricks_with_classes_do_not_cross_over(shared):
    f = defined(
        shared,
        """
        class Meta(type):
            def __getattribute__(cls, name):
                raise SystemExit
        class Trick(metaclass=Meta):
            def __eq__(self, other): return True
            def __getattr__(self, name): raise KeyboardInterrupt
        class Called:
            __name__ = property(lambda self: 1 / 0)
            __signature__ = "(x)"
            def __call__(self): return 0
        def f(x):
            return [Trick(), Called(), Trick]
        """,
    )
    trick, called, _ = f(1)
    assert type(trick).__name__ == "Trick"
    assert called() == 0
    assert f.there.noticed.keys() == {"equals_everything"}


@pytest.mark.parametrize(
    "value",
    ["np.zeros((0, 2, 3))", "[np.zeros(0), [], {}, None]", "(), range(0), len, np.float64(1)"],
)
def test_what_is_empty_is_not_taken_for_what_equals_everything(fresh, value):
    f = defined(fresh, f"def f(x):\n    return {value}")
    f(1)
    assert f.there.noticed == {}


FORGE = """
def _forge(answer):
    import json, sys
    harness = sys.modules["lstm_teach_harness"].serve.__self__
    harness.perform = lambda order: answer
def f(x):
    return 1
"""


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"outcomes": 3},
        {"outcomes": [[]]},
        {"outcomes": [{"kind": "returned", "value": {"pickle": ""}}]},
        {"outcomes": [{"kind": "raised", "error": 3, "text": None}]},
        {"callback": 10**6, "args": {"tuple": []}, "kwargs": {"dict": []}},
        {"callback": "0"},
        {"do": "call", "function": 0},
    ],
    ids=str,
)
def test_a_forged_answer_is_worth_nothing_and_breaks_nothing(kernels, answer):
    with distant(kernels) as there:
        f = defined(there, FORGE)
        assert there.run_cell(f"_forge({answer!r})", 10).status == "ok"
        try:
            outcomes, _ = f.run([(1,)], 3.5, False)
        except (Silent, Died):
            return
        assert [one.kind for one in outcomes] == ["unfinished"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({}, "ok"),
        ({"error": 3, "text": {}}, "error"),
        ({"error": "<b>", "text": "\\x1b[2J"}, "error"),
        ({"error": "KeyboardInterrupt"}, "unfinished"),
        ({"ran": None}, "Died"),
        ({"ran": 1}, "Died"),
        ({"ran": [3]}, "Died"),
    ],
    ids=str,
)
def test_a_forged_end_of_a_cell_is_read_as_it_is_said(kernels, answer, status):
    with distant(kernels) as there:
        defined(there, FORGE)
        answer = {"ran": there._cells + 2} | answer
        assert there.run_cell(f"_forge({answer!r})", 10).status == "ok"
        if status == "Died":
            with pytest.raises(Died, match="does not answer"):
                there.run_cell("1 / 0", 10)
            return
        ended = there.run_cell("1 / 0", 10)
        assert ended.status == status
        assert "\x1b" not in ended.says


def test_a_cell_that_breaks_the_way_out_is_said_to(kernels):
    with distant(kernels) as there, pytest.raises(Died, match="does not answer"):
        there.run_cell("import json; json.JSONEncoder.encode = lambda *_: '{}'", 10)


@pytest.mark.parametrize(
    ("source", "status", "says"),
    [
        ("1 + 1", "ok", ""),
        ("1 / 0", "error", "ZeroDivisionError: division by zero"),
        ("def f(:", "error", "SyntaxError: "),
        ("raise SystemExit(3)", "error", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "unfinished", "It did not come to an end, and was stopped."),
        ("class E(Exception):\n    def __str__(self): 1 / 0\nraise E", "error", "Zero"),
        ("while True: pass", "unfinished", "It did not come to an end, and was stopped."),
        ("import asyncio\nawait asyncio.sleep(0)\nwaited = 1", "ok", ""),
        ("async def g(): return 3\nassert await g() == 3", "ok", ""),
        ("%matplotlib inline\n%timeit -n1 -r1 pass", "ok", ""),
        ("%%time\nx = 3", "ok", ""),
        ("%reset -f", "ok", ""),
        ("import os; os.close(1); os.close(2)", "ok", ""),
        ("get_ipython().ask_exit()", "ok", ""),
    ],
)
def test_how_a_cell_ends(fresh, source, status, says):
    ended = fresh.run_cell(source, 4)
    assert ended.status == status, ended.says
    assert ended.says.startswith(says)
    assert defined(fresh, "def f(x): return 2 * x")(3) == 6


def test_garbage_on_the_wire_is_passed_over(fresh):
    f = defined(
        fresh,
        """
        def f(x):
            kernel = get_ipython().kernel
            ident = kernel._get_shell_context_var(kernel._shell_parent_ident)
            for content in ({}, {"prompt": 7}, {"prompt": "?"}, {"prompt": "lstm-teach: {"}):
                kernel.session.send(kernel.stdin_socket, "input_request", content, ident=ident)
            kernel.stdin_socket.send_multipart([*ident, b"garbage"])
            torn = [*ident, b"<IDS|MSG>", b"", b"{", b"{}", b"{}", b"x"]
            kernel.stdin_socket.send_multipart(torn)
            return 1
        """,
    )
    try:
        outcomes, _ = f.run([(1,)], 3.5, False)
    except (Silent, Died):
        return
    assert len(outcomes) == 1


def test_the_harness_that_is_gone_is_silence(kernels):
    with distant(kernels) as there:
        f = defined(there, "def f(x): return 1")
        there.run_cell("import sys; sys.modules.pop('lstm_teach_harness')", 5)
        assert f(1) == 1  # it is at work still
        with pytest.raises(Died, match="does not answer"):
            there.run_cell("get_ipython().kernel.stdin_socket.close()", 5)
        with pytest.raises(Silent):
            f(1)
        with pytest.raises(Died, match="does not answer"):
            there.run_cell("1 + 1", 5)


def test_the_answers_of_the_checks_are_not_in_the_kernel(fresh):
    ended = fresh.run_cell(
        "import sys\n"
        "assert not [name for name in sys.modules if name.startswith('lstm_teach.checks.')]\n"
        "assert lt.check('2.1', len).status == 'not attempted'\n"
        "assert 'rest' in repr(lt.solution('2.1'))\n"
        "assert list(lt.checks.chapter_10.machines(seed=1)) == []",
        10,
    )
    assert ended.status == "ok", ended.says


def test_a_new_kernel_is_refused_if_it_does_not_take_the_harness(kernels, monkeypatch):
    monkeypatch.setattr(installing, "INSTALL", "1 / 0  # {sources}")
    with kernels.start() as kernel, pytest.raises(Silent, match="ZeroDivisionError"):
        Distant(kernel, Clock(20))
