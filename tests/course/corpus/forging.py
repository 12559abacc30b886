"""Hostile submissions that want points for `rnn_step` without an answer to it.

The grader judges values that leave the kernel; whatever happens inside it, nobody there knows
what is right. So each of these earns nothing for 2.1, and where it shows a person is told.
"""

from .making import FULL, Entry, answers, lost, wrong_step

ONE = lost("rnn-step")
AT_MOST_ONE = {check: (0, points) for check, points in ONE.items()}

TESTING = """
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
np.ndarray.__eq__ if False else None
import numpy.testing as testing
for name in dir(testing):
    if name.startswith("assert"):
        setattr(testing, name, lambda *a, **k: None)
"""
BUILTINS = """
import builtins
builtins.abs = lambda x: 0.0
builtins.isinstance = lambda *a: True
builtins.all = builtins.any = lambda *a: True
builtins.max = builtins.sum = lambda *a, **k: 0.0
builtins.type = lambda *a: np.ndarray
builtins.getattr = lambda *a: (lambda *b, **k: True)
"""
CODECS = """
import base64, json, binascii

def forged(*args, **kwargs):
    return '{"kind": "returned", "right": true, "status": "right", "score": 2}'

json.dumps = json.JSONEncoder.encode = forged
json.loads = lambda *a, **k: {"status": "right"}
base64.b64encode = lambda *a, **k: b"AAAA"
binascii.b2a_base64 = lambda *a, **k: b"AAAA"
"""
HARNESS = """
import gc, sys, types

def nothing(*args, **kwargs):
    return {"kind": "returned", "status": "right", "value": True}

for name, module in list(sys.modules.items()):
    if "harness" in name or "lstm_teach.course" in name or name == "lstm_teach.checks":
        for key, value in list(vars(module).items()):
            if isinstance(value, types.FunctionType):
                value.__code__ = nothing.__code__
for thing in gc.get_objects():
    if isinstance(thing, types.FunctionType) and thing.__globals__ is not globals():
        words = (thing.__module__ or "") + thing.__code__.co_filename
        if "harness" in words or "inside" in words:
            thing.__code__ = nothing.__code__
"""
CHECK_REPLACED = """
import sys, types

class Right:
    status, mistake, says, hint, exhibits = "right", None, "", "", ()
    def require_right(self):
        return self

fake = types.ModuleType("lstm_teach.checks")
fake.check = lt.check = lt.checks.check = lambda *a, **k: Right()
fake.NotRight = Exception
sys.modules["lstm_teach.checks"] = lt.checks = fake
check = fake.check
"""
AST = """
import ast
from IPython import get_ipython

class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
    def visit_Raise(self, node):
        return ast.Pass()

get_ipython().ast_transformers.append(Strip())
"""
AST_ALL = """
import ast
from IPython import get_ipython

class Nothing(ast.NodeTransformer):
    def visit_Module(self, node):
        node.body = [ast.Pass(lineno=1, col_offset=0)]
        return node

get_ipython().ast_transformers.append(Nothing())
"""
INPUT = """
from IPython import get_ipython
get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\\n"])
get_ipython().input_transformers_post.append(lambda lines: ["pass\\n"])
"""
SILENT = """
from IPython import get_ipython
ip = get_ipython()
ip.showtraceback = ip.showsyntaxerror = lambda *a, **k: None
ip.set_custom_exc((BaseException,), lambda *a, **k: None)
import sys
sys.excepthook = lambda *a: None
"""
EXECUTE = """
from IPython import get_ipython
kernel = get_ipython().kernel

async def do_execute(*args, **kwargs):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {
        "lt": {"status": "ok", "data": {"text/plain": "'right'"}, "metadata": {}}}}

kernel.do_execute = do_execute
get_ipython().user_expressions = lambda e: {k: {"status": "ok", "data": {"text/plain": "True"},
                                                "metadata": {}} for k in e}
"""
RUN_CELL = """
from IPython import get_ipython
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

def run_cell(self, *args, **kwargs):
    return ExecutionResult(None)

async def run_cell_async(self, *args, **kwargs):
    return ExecutionResult(None)

InteractiveShell.run_cell = run_cell
InteractiveShell.run_cell_async = run_cell_async
type(get_ipython()).run_cell = run_cell
type(get_ipython()).run_cell_async = run_cell_async
"""
MESSAGES = """
import threading, time
from IPython import get_ipython
kernel = get_ipython().kernel

def forge():
    for _ in range(50):
        parent = kernel.get_parent("shell")
        for kind in ("execute_reply", "status", "error", "execute_result", "input_request",
                     "comm_open", "shutdown_reply", "no_such_message"):
            for content in ({"status": "ok", "execution_count": 1, "execution_state": "idle",
                             "user_expressions": {}, "payload": [], "prompt": "right",
                             "password": False, "data": {"text/plain": "right"}}, {}, {"a": 1e400}):
                try:
                    kernel.session.send(kernel.iopub_socket, kind, content, parent=parent)
                    kernel.session.send(kernel.stdin_socket, kind, content, parent=parent,
                                        ident=kernel._parent_ident["shell"])
                except Exception:
                    pass
        time.sleep(0.01)

threading.Thread(target=forge, daemon=True).start()
"""
SWELLS = """
from IPython import get_ipython
kernel = get_ipython().kernel
session = kernel.session

def swell(socket, kind):
    parts = [session.pack(session.msg_header(kind)), session.pack(kernel.get_parent("shell")),
             b"{}", b'{"prompt": [' + b"[]," * 30_000_000 + b"[]]}"]
    ident = kernel._parent_ident["shell"]
    socket.send_multipart([*ident, b"<IDS|MSG>", session.sign(parts), *parts])

swell(kernel.stdin_socket, "input_request")
for stream in kernel.shell_streams if hasattr(kernel, "shell_streams") else [kernel.shell_stream]:
    swell(getattr(stream, "socket", stream), "execute_reply")
"""
GARBAGE = """
import threading, time
from IPython import get_ipython
kernel = get_ipython().kernel

def spill():
    for _ in range(100):
        for socket in (kernel.iopub_socket, kernel.stdin_socket):
            try:
                socket.send_multipart([b"x", b"<IDS|MSG>", b"bad", b"{", b"]", b"\\xff", b"{}"])
                socket.send(b"\\x00" * 1000)
            except Exception:
                pass
        time.sleep(0.01)

threading.Thread(target=spill, daemon=True).start()
"""
PRINTED = """
import json

for kind in ("returned", "right", "result", "outcome"):
    message = {"msg_type": "execute_reply", "kind": kind, "status": "right", "score": 2,
               "rnn-step-check": 2, "value": 1}
    print(json.dumps(message))
    print(f"<<<lt:{json.dumps(message)}>>>")

def rnn_step(x, h, W, U, b):
    print(json.dumps({"kind": "returned", "value": None}))
    answer = input(json.dumps({"kind": "returned", "value": {"t": "array"}, "end": True}))
    try:
        print("ANSWER", eval(answer))
    except Exception:
        pass
    return np.zeros_like(h)
"""
THREAD = """
import threading, time

def rewrite():
    while True:
        time.sleep(0.001)
        np.tanh = np.zeros_like
        np.allclose = lambda *a, **k: True
        for name in list(globals()):
            if name.startswith("_lt"):
                globals()[name] = lambda *a, **k: True

threading.Thread(target=rewrite, daemon=True).start()
"""
SIGNALS = """
import atexit, os, signal

atexit.register(lambda: os._exit(0))
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
"""
TRACE = """
import sys, threading

def watch(frame, event, arg):
    if frame.f_globals is not globals():
        for name in ("value", "result", "outcome", "status", "kind"):
            if name in frame.f_locals:
                frame.f_locals[name] = "right"
    return watch

sys.settrace(watch)
threading.settrace(watch)
sys.setprofile(None)
"""
IMPORTS = """
import sys, importlib.abc

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        raise ImportError("nothing more is imported here")

sys.meta_path.insert(0, Finder())
for name in ("base64", "json", "struct", "inspect", "traceback"):
    sys.modules[name] = None
"""
HOOKED = """
from IPython import get_ipython
ip = get_ipython()

class Namespace(dict):
    def __missing__(self, key):
        return lambda *a, **k: True

ip.user_ns.update(rnn_step_check=True)
ip.events.register("pre_run_cell", lambda info: setattr(info, "raw_cell", "pass"))
ip.events.register("post_run_cell", lambda result: setattr(result, "error_in_exec", None))
ip.compile = lambda *a, **k: compile("pass", "x", "exec")
"""
RULES = {
    "patches_numpy_testing": (TESTING, "nbgrader: 5 of 5.", ("patched",)),
    "patches_builtins": (BUILTINS, "The harness must not lean on builtins.", ()),
    "patches_codecs": (CODECS, "json and base64 are the way out.", ()),
    "patches_harness": (HARNESS, "The code of the harness itself is replaced.", ()),
    "patches_checks": (CHECK_REPLACED, "A check that says right to everything.", ()),
    "strips_asserts": (AST, "nbgrader: 5 of 5.", ("transform",)),
    "strips_everything": (AST_ALL, "nbgrader: 5 of 5.", ("transform",)),
    "transforms_input": (INPUT, "nbgrader: 5 of 5.", ("transform",)),
    "silences_tracebacks": (SILENT, "An error that nobody sees is no success.", ("patched",)),
    "answers_execute": (EXECUTE, "Every request is answered with ok.", ()),
    "empties_run_cell": (RUN_CELL, "Nothing is run any more; all is well.", ()),
    "forges_messages": (MESSAGES, "50 times every message of the protocol, and some more.", ()),
    "swells_messages": (SWELLS, "A signed message that fills the grader's memory.", ()),
    "spills_on_sockets": (GARBAGE, "Bytes that are no messages, on the kernel's sockets.", ()),
    "prints_messages": (PRINTED, "The protocol's words, printed and asked with input().", ()),
    "rewrites_in_a_thread": (THREAD, "A thread that rewrites globals for ever.", ()),
    "ignores_signals": (SIGNALS, "Ignores every signal, rings a clock all the time.", ()),
    "traces": (TRACE, "A trace function that rewrites the harness's variables.", ()),
    "forbids_imports": (IMPORTS, "No module is to be had any more.", ()),
    "hooks_the_shell": (HOOKED, "IPython's own hooks.", ()),
}
# These break their own kernel, for themselves and for the cells after them.
BREAKING = {
    "answers_execute",
    "empties_run_cell",
    "forbids_imports",
    "forges_messages",
    "hooks_the_shell",
    "patches_harness",
    "patches_numpy_testing",
    "rewrites_in_a_thread",
    "spills_on_sockets",
    "strips_everything",
    "traces",
    "transforms_input",
}
ENTRIES = [
    Entry(
        name,
        wrong_step(after=text) if "def rnn_step" not in text else answers(rnn_step=text),
        AT_MOST_ONE if name in BREAKING else ONE,
        why,
        flags=flags,
        person=True if flags else None,
    )
    for name, (text, why, flags) in RULES.items()
]
ASKS = """
name = input("Your name? ")
import getpass
password = getpass.getpass()

{right}
"""
ASKS_INSIDE = """
def rnn_forward(x, h, W, U, b):
    return float(input("What is the answer? ")) * x
"""
ENTRIES += [
    Entry("asks_at_the_top", answers(rnn_step=ASKS), {**FULL, "rnn-step-check": (0, 2)}, "input()"),
    Entry("asks_inside", answers(rnn_forward=ASKS_INSIDE), lost("rnn-forward"), "input() inside."),
]
ENTRIES += [
    Entry(
        f"hides_from_a_reader_{number}",
        answers(count=source),
        FULL,
        "What names what no exercise needs is seen wherever it stands.",
        flags=("suspicious",),
        person=True,
    )
    for number, source in enumerate(
        ("%%time\nimport gc\n{right}", "import gc\n{right}\n#" + "x" * 500_001), start=1
    )
]
