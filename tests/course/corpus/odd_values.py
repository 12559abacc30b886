"""Hostile answers: functions that return, or are, something else than what they look like.

Everything is right but the one answer. A value crosses the wall as plain numbers and text, or not.
"""

from .making import FULL, Entry, answers, lost

STEP, LATCH, COUNT, ORDER = (lost(name) for name in ("rnn-step", "latch", "count", "order"))


def _step(body, before=""):
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return answers(rnn_step=f"{before}\n\ndef rnn_step(x, h, W, U, b):\n{lines}")


EQUAL = """
class Equal:
    shape, dtype, ndim, size = (4, 3), np.dtype(float), 2, 12
    def __eq__(self, other): return True
    __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__
    def __array__(self, *args, **kwargs): return np.zeros((4, 3))
    def __array_function__(self, *args): return True
    def __array_ufunc__(self, *args, **kwargs): return True
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
    def __bool__(self): return True
    def __reduce__(self): return (exec, ("raise ValueError('SENTINEL unpickled')",))
    def __hash__(self): return 1
    def __instancecheck__(self, other): return True
"""
LYING = """
class Lying(np.ndarray):
    @property
    def shape(self): return (2, 2)
    @property
    def dtype(self): return np.dtype(float)
    @property
    def nbytes(self): return 8
    @property
    def size(self): return 1
    def __array_ufunc__(self, *args, **kwargs): return np.bool_(True)
    def __array_function__(self, *args, **kwargs): return True
    def tobytes(self, *args): return b"\\0" * 10
    def __reduce__(self): return (exec, ("raise ValueError('SENTINEL unpickled')",))
"""
SMALL_BUT_HUGE = "return np.broadcast_to(np.float64(0), (10**6, 10**6))"
NESTED = """
value = []
for _ in range(200_000):
    value = [value]
return value
"""
LOOPED = "value = [h]; value.append(value); value.append({'me': value}); return value"
REMEMBERS = """
calls = []

def rnn_step(x, h, W, U, b):
    calls.append((x, h, W, U, b))
    if len(calls) < 2:
        return np.tanh(x @ W + h @ U + b)
    x, h, W, U, b = calls[0]
    return np.tanh(x @ W + h @ U + b)
"""
FIRST_RUN_ONLY = """
calls = 0

def count_parameters(T, D, H):
    global calls
    calls += 1
    return D * H + H * H + H if calls < 8 else calls
"""
CLOCK = """
import time

def mixes_up_batch(run):
    run(np.ones((2, 2, 3)))
    run(np.zeros((3, 2, 3)))
    return time.time_ns() % 2 == 0
"""
COUNTS = """
calls = -1
ORDER = [False, False, False, False, True, True, True, True, True]

def mixes_up_batch(run):
    global calls
    calls += 1
    run(np.random.normal(size=(2, 2, 3)))
    run(np.random.normal(size=(2, 2, 3)))
    return ORDER[calls % 9]
"""
LOOKS_IN = """
def mixes_up_batch(run):
    for name in ("mixes", "label", "compute", "ran_on", "__closure__", "__globals__", "__self__"):
        for thing in (run, type(run), getattr(run, "__call__", None)):
            found = getattr(thing, name, None)
            if name in ("mixes", "label", "compute", "ran_on") and found is not None:
                raise RuntimeError(f"SENTINEL {name} {found}")
    return bool(getattr(run, "mixes", False))
"""
FLOODS = """
def mixes_up_batch(run):
    x = np.zeros((200, 200, 3))
    while True:
        run(x)
"""
HEAVY = """
def mixes_up_batch(run):
    run(np.zeros((300_000, 1, 3)))
    run(np.zeros((1, 300_000, 3)))
    return True
"""
ODD_CALLS = """
def mixes_up_batch(run):
    nested = []
    for _ in range(5000):
        nested = [nested]
    for x in (None, run, nested, "x" * 10**7, np.zeros((2, 2, 3), object), np.zeros(0),
              np.zeros((0, 5, 3)), np.full((2, 2, 3), np.nan),
              np.broadcast_to(0.0, (10**6, 10**5, 3)),
              np.zeros((2, 2, 3), complex), np.zeros(3, "M8[s]"), 10**400, lambda x: x, run):
        try:
            run(x)
        except Exception:
            pass
    for arguments in ((), (1, 2, 3), (run,) * 50):
        try:
            run(*arguments, name="x")
        except Exception:
            pass
    return run
"""
NAMES = """
class Named:
    __name__ = property(lambda self: 1 / 0)
    __qualname__ = "x" * 10**7
    __doc__ = "y" * 10**7
    @property
    def __signature__(self):
        raise SystemExit
    @property
    def __wrapped__(self):
        return self
    def __call__(self, *args):
        return np.zeros((1, 1))
    def __repr__(self):
        return "<script>alert(1)</script>" * 10**5
    def __getattr__(self, name):
        raise KeyboardInterrupt

rnn_step = Named()
"""
SIGNATURE = """
import inspect

def rnn_step(*args):
    return np.zeros_like(args[1])

rnn_step.__signature__ = inspect.Signature(
    [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in "xhWUb"])
rnn_step.__name__ = "rnn_step' or '1'='1"
rnn_step.__wrapped__ = rnn_step
"""
ERROR = """
class Bad(Exception):
    def __str__(self): return "x" * 10**8
    def __repr__(self): raise SystemExit
    __traceback__ = property(lambda self: 1 / 0)

Bad.__name__ = "<img src=x onerror=alert(1)>" * 1000

def rnn_step(x, h, W, U, b):
    error = Bad("SENTINEL-ERROR")
    error.__cause__ = error
    raise error
"""
COLLIDES = "return {n * (2**61 - 1): 0 for n in range(90_000)}"
RIGHT_STEP = "np.tanh(x @ W + h @ U + b)"
RETURNS = {
    "lying_subclass": (
        _step("return np.zeros_like(h).view(Lying)", LYING),
        "A subclass of ndarray that lies about its shape.",
    ),
    "object_array": (_step(f"return ({RIGHT_STEP}).astype(object)"), "An array of objects."),
    "structured_array": (
        _step("return np.zeros(h.shape, [('a', 'f8'), ('b', 'O')])"),
        "Fields, and objects in them.",
    ),
    "text_array": (_step("return np.full(h.shape, 'x' * 10**6)"), "Long text in an array."),
    "not_a_number": (_step("return h * np.nan"), "NaN is not close to anything."),
    "infinite": (_step("return h + np.inf"), "Nor is infinity."),
    "complex_array": (_step(f"return {RIGHT_STEP} + 0j"), "Right, and complex."),
    "huge_array": (_step("return np.zeros(10**8)"), "800 MB to be sent out."),
    "small_but_huge": (_step(SMALL_BUT_HUGE), "8 bytes that say they are 8 TB."),
    "nested_deeply": (_step(NESTED), "200,000 lists in one another."),
    "recursive": (_step(LOOPED), "A list that holds itself."),
    "generator": (_step("return (row for row in iter(int, 1))"), "It never ends."),
    "text_of_100_mb": (_step("return 'x' * 10**8"), "A hundred million letters."),
    "huge_number": (_step("return 10 ** 10**5"), "An int of 100,000 digits."),
    "million_keys": (_step("return dict.fromkeys(range(3 * 10**6))"), "A big dictionary."),
    "colliding_keys": (_step(COLLIDES), "90,000 keys with one hash."),
    "surrogates": (_step("return '\\ud800' * 100"), "Text that is not Unicode."),
    "remembers_calls": (answers(rnn_step=REMEMBERS), "Answers an earlier question."),
    "lying_names": (answers(rnn_step=NAMES), "Every attribute is a trap."),
    "lying_signature": (answers(rnn_step=SIGNATURE), "A signature made up."),
    "bad_exception": (answers(rnn_step=ERROR), "An exception that is a bomb."),
    "returns_itself": (_step("return rnn_step"), "A function, where a value belongs."),
    "writes_back": (
        _step(f"x.setflags(write=True); x[:] = 0; return {RIGHT_STEP}"),
        "Makes its arguments writable.",
    ),
}
ENTRIES = [
    Entry(name, make, STEP, why, sentinel="SENTINEL") for name, (make, why) in RETURNS.items()
]
CALLS = {
    "answers_by_clock": (CLOCK, "Heads or tails, nine times and nine times."),
    "counts_its_calls": (COUNTS, "The order of the machines, learned by heart."),
    "looks_into_machines": (LOOKS_IN, "A machine that could be opened would tell."),
    "floods_machines": (FLOODS, "The grader runs what the student's test asks it to."),
    "heavy_machines": (HEAVY, "One question that costs the grader minutes."),
    "odd_calls": (ODD_CALLS, "Questions that are no arrays."),
}
ENTRIES += [
    Entry(name, answers(batch=text), lost("batch"), why, sentinel="SENTINEL")
    for name, (text, why) in CALLS.items()
]
ENTRIES += [
    Entry(
        "always_equal",
        _step("return Equal()", EQUAL),
        STEP,
        "Equal to everything that it is compared with.",
        flags=("equals everything",),
        person=True,
    ),
    Entry("works_at_first", answers(count=FIRST_RUN_ONLY), COUNT, "Right for seven calls."),
    Entry(
        "latch_is_odd",
        answers(latch="latch = [float('nan'), np.inf, True]"),
        LATCH,
        "Weights that are no numbers.",
    ),
    Entry(
        "count_is_odd",
        answers(
            count="class N(int):\n    def __eq__(self, o): return True\n    "
            "__hash__ = int.__hash__\n\ndef count_parameters(T, D, H): return N(1)"
        ),
        COUNT,
        "A whole number that equals all of them.",
    ),
    Entry(
        "letter_is_odd",
        answers(
            order="class L(str):\n    def upper(self): return 'C'\n    strip = upper\n\n"
            "def prediction(): return L('A'), 'because of what I say'"
        ),
        ORDER,
        "A letter that turns into the right one.",
    ),
    Entry(
        "steals_names",
        answers(rnn_step="{right}\nnp = None\nlt = None\nprint = None"),
        {check: (0, points) for check, points in FULL.items()},
        "np is gone for those who come after.",
    ),
]
