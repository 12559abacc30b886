"""Hostile submissions that want time, memory, processes, output or disk, or that die.

Each does its damage in the loop of 2.2 or beside it and has everything else right: what was
earned before and what can still be run after has to stay.
"""

from dataclasses import replace

from .making import FULL, Entry, answers, lost

ONE = lost("rnn-forward")
# What a cell destroys at the top it may take with it, if its own function was already defined.
MAYBE = {**FULL, "rnn-forward-check": (0, 3)}


def _inside(*lines):
    """The loop of 2.2 with these lines in front of its right answer."""
    body = "\n".join(f"    {line}" for line in lines)
    return answers(rnn_forward=f"def rnn_forward(x, h, W, U, b):\n{body}\n    return 1 / 0")


def _top(text):
    """These lines at the top of the cell; no function after them, so there is nothing to earn."""
    return answers(rnn_forward=text)


SWALLOW = """
def for_ever():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

"""
SEGFAULT = "import ctypes; ctypes.string_at(0)"
FORKS = """
import os, time

def rnn_forward(x, h, W, U, b):
    while True:
        try:
            if os.fork() == 0:
                time.sleep(600)
        except OSError:
            pass
"""
THREADS = """
import threading, time

def rnn_forward(x, h, W, U, b):
    while True:
        try:
            threading.Thread(target=time.sleep, args=(600,)).start()
        except RuntimeError:
            pass
"""
MEMORY_SHARED = """
import os, time

def rnn_forward(x, h, W, U, b):
    for _ in range(8):
        if os.fork() == 0:
            kept = [bytes(os.urandom(1)) * 2**28 for _ in range(4)]
            time.sleep(600)
    time.sleep(600)
"""
LURKS = """
import os, signal, time

def rnn_forward(x, h, W, U, b):
    kernel = os.getpid()
    if os.fork() == 0:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        while not os.path.exists("go"):
            time.sleep(0.01)
        os.kill(kernel, 9)
    time.sleep(600)
"""
WAKES = """
def count_parameters(T, D, H):
    open("go", "w").close()
    __import__("time").sleep(0.1)
    return D * H + H * H + H
"""
DISPLAYS = """
{right}

from IPython.display import display, HTML
for n in range(20_000):
    display(n)
"""
PRINTED = """
{right}

import os, sys
for _ in range(1000):
    print("x" * 100_000)
    print("y" * 1000, file=sys.stderr)
"""
RAW = """
{right}

import os
for _ in range(1000):
    os.write(1, b"z" * 100_000)
    os.write(2, b"z" * 1000)
"""
ONE_BIG_OUTPUT = """
{right}

from IPython.display import display, HTML
display(HTML("<p>" + "x" * 60_000_000))
"""
SPARSE = """
{right}

try:
    with open("sparse", "wb") as file:
        file.truncate(10**13)
    raise RuntimeError("SENTINEL a file of 10 TB")
except OSError:
    pass
"""
DISK = """
{right}

import os
written = 0
for folder in (".", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    for n in range(400):
        try:
            with open(f"{folder}/{n}.bin", "wb") as file:
                for _ in range(16):
                    written += file.write(bytes(2**20))
        except OSError:
            break
if written > 2**30:
    raise RuntimeError("SENTINEL more than a gigabyte written")
"""
MANY_FILES = """
{right}

import os
made = 0
try:
    for n in range(300_000):
        os.mkdir(f"d{n}")
        made += 1
except OSError:
    pass
"""
DESCRIPTORS = """
{right}

import os, socket
kept = []
try:
    while True:
        kept.append(socket.socketpair())
except OSError:
    pass
"""
STACK = """
import sys

def rnn_forward(x, h, W, U, b):
    sys.setrecursionlimit(10**9)
    class Deep:
        def __getattr__(self, name):
            return getattr(self, name)
    def down(n):
        return repr([down]) and down(n + 1) + eval("down(n)")
    return down(0)
"""
ORPHANS = """
{right}

import os, signal
for _ in range(3):
    if os.fork() == 0:
        os.setsid() if hasattr(os, "setsid") else None
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while True:
            pass
"""
LOCK = """
def rnn_forward(x, h, W, U, b):
    return 7 ** (7 ** 12)      # one call that holds Python's lock for hours
"""
ENTRIES = [
    Entry("loop_at_the_top", _top("while True:\n    pass"), ONE, "A cell that does not end."),
    Entry("loop_inside", _inside("while True: pass"), ONE, "A function that does not end."),
    Entry("loop_swallows_top", _top(SWALLOW + "for_ever()"), ONE, "Interrupts are swallowed."),
    Entry(
        "loop_swallows_inside",
        answers(rnn_forward=SWALLOW + "def rnn_forward(x, h, W, U, b):\n    for_ever()"),
        ONE,
        "A function that swallows every exception.",
    ),
    Entry("loop_in_one_call", answers(rnn_forward=LOCK), ONE, "No signal handler ever runs."),
    Entry("sleeps_inside", _inside("import time; time.sleep(3600)"), ONE, "Sleeps for an hour."),
    Entry("sleeps_at_the_top", _top("import time\ntime.sleep(3600)"), ONE, "Sleeps at once."),
    Entry("exit_top", _top("import sys\nsys.exit(0)"), ONE, "SystemExit at the top."),
    Entry("exit_inside", _inside("raise SystemExit(0)"), ONE, "SystemExit inside."),
    Entry("quit_top", _top("exit()\nquit()"), ONE, "IPython's own way out."),
    Entry("os_exit_top", _top("import os\nos._exit(0)"), ONE, "The kernel is gone, rc 0."),
    Entry("os_exit_inside", _inside("import os; os._exit(0)"), ONE, "nbgrader: ungraded."),
    Entry("kill_self", _inside("import os; os.kill(os.getpid(), 9)"), ONE, "SIGKILL to itself."),
    Entry("segfault_top", _top(SEGFAULT), ONE, "A segmentation fault."),
    Entry("segfault_inside", _inside(SEGFAULT), ONE, "A segmentation fault while checked."),
    Entry("stack_overflow", answers(rnn_forward=STACK), ONE, "Recursion without a limit."),
    Entry("odd_exceptions", _inside("raise GeneratorExit('x')"), ONE, "Not an Exception."),
    Entry("stop_iteration", _inside("raise StopIteration"), ONE, "Ends somebody's loop?"),
    Entry("interrupt_raised", _inside("raise KeyboardInterrupt"), ONE, "Pretends a person did."),
    Entry("memory_one_array", _inside("kept = np.ones(10**11)"), ONE, "800 GB at once."),
    Entry(
        "memory_grows",
        _inside("kept = []", "while True: kept.append(bytearray(2**24))"),
        ONE,
        "16 MB at a time.",
    ),
    Entry("memory_shared", answers(rnn_forward=MEMORY_SHARED), ONE, "8 processes, 1 GB each."),
    Entry(
        "lurks",
        answers(rnn_forward=LURKS, count=WAKES),
        ONE,
        "What an endless answer has left behind waits for another answer.",
    ),
    Entry("fork_bomb", answers(rnn_forward=FORKS), ONE, "Forks until it may not."),
    Entry("thread_bomb", answers(rnn_forward=THREADS), ONE, "Threads until it may not."),
    Entry("orphans", answers(rnn_forward=ORPHANS), FULL, "Children that outlive the cell."),
    Entry("prints_100_mb", answers(rnn_forward=PRINTED), MAYBE, "101 MB through the kernel."),
    Entry("writes_100_mb", answers(rnn_forward=RAW), MAYBE, "101 MB past the kernel."),
    Entry("displays_20_000", answers(rnn_forward=DISPLAYS), MAYBE, "nbgrader: ungraded."),
    Entry("displays_60_mb", answers(rnn_forward=ONE_BIG_OUTPUT), MAYBE, "One output of 60 MB."),
    Entry("sparse_file", answers(rnn_forward=SPARSE), FULL, "10 TB.", sentinel="SENTINEL"),
    Entry("fills_the_disk", answers(rnn_forward=DISK), FULL, "Writes all.", sentinel="SENTINEL"),
    Entry("many_folders", answers(rnn_forward=MANY_FILES), FULL, "300,000 folders."),
    Entry("descriptors", answers(rnn_forward=DESCRIPTORS), FULL, "Every descriptor it can get."),
]
# A loop that does not end, an exit, a giant: anybody may write these. No person need look.
HARMLESS = [
    "loop_at_the_top",
    "loop_inside",
    "loop_swallows_inside",
    "loop_in_one_call",
    "sleeps_inside",
    "sleeps_at_the_top",
    "exit_top",
    "exit_inside",
    "quit_top",
    "stack_overflow",
    "memory_one_array",
    "memory_grows",
]
ENTRIES = [replace(entry, person=False) if entry.name in HARMLESS else entry for entry in ENTRIES]
