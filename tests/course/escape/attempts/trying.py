"""What a hostile notebook tries. These files are given to the kernel and imported there.

An attempt that returns something true has succeeded. One that is refused raises OSError (or
returns nothing); any other error means that the attempt itself is broken. WORLD says where the
grader's things are.
"""

import ctypes
import os
import subprocess

WORLD = {}
ATTEMPTS = {}
HARMLESS = set()  # these may be tried without a sandbox, and then succeed
libc = ctypes.CDLL(None, use_errno=True)


def attempt(function):
    ATTEMPTS[function.__name__] = function
    return function


def harmless(function):
    HARMLESS.add(function.__name__)
    return attempt(function)


def run_all(names):
    """{name: [outcome, what was seen]}; the outcome is "succeeded", "refused" or "broken"."""
    said = {}
    for name in names:
        try:
            seen = ATTEMPTS[name]()
            said[name] = ["succeeded" if seen else "refused", repr(seen)[:300]]
        except OSError as error:
            said[name] = ["refused", f"{type(error).__name__}: {error}"[:300]]
        except Exception as error:
            said[name] = ["broken", f"{type(error).__name__}: {error}"[:300]]
    return said


def read(path):
    with open(path, "rb") as file:
        return file.read(10_000)


def status(pid):
    with open(f"/proc/{pid}/status") as file:
        return dict(line.split(":\t") for line in file.read().splitlines())


def write(path):
    with open(path, "xb") as file:
        file.write(b"x")
    os.unlink(path)
    return path


def system_call(number, *arguments):
    if libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return True


def output(*words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=20, input="")
    return done.stdout if done.returncode == 0 else ""
