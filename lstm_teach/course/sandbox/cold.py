"""A sandbox of its own for each kernel: bubblewrap starts a fresh Python."""

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

from . import bubblewrap
from .limits import SandboxMissing
from .plain import how_a_signal_ends
from .request import request
from .watchdog import Watchdog
from .within import seccomp

STARTING = 20  # seconds until bubblewrap has made the namespaces

# bubblewrap dies with the thread that started it, so that thread must last as long as we do
_spawner = None


def spawn(words, **options):
    """subprocess.Popen from a thread that stays, without our environment and our Ctrl-C.

    bubblewrap would not pass the environment on, but it can be read in bubblewrap's own process.
    """
    global _spawner
    if _spawner is None:
        _spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandboxes")
    options |= {"env": {}, "start_new_session": True}
    return _spawner.submit(subprocess.Popen, words, **options).result()


def _forget_the_thread():
    global _spawner
    _spawner = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_the_thread)  # a fork has the name, not the thread


class Cold:
    """Starts kernels in bubblewrap. Nothing is shared between them."""

    kind = "bubblewrap"

    def __init__(self, limits):
        self.limits = limits

    def launch(self, connection, files):
        with connection.listening() as descriptors:
            asked = {**request(self.limits, connection), "descriptors": descriptors}
            options = []
            for name, path in files.items():
                target = PurePosixPath("/scratch/work", name)
                for folder in [*reversed(target.parents)][3:]:
                    options += ["--perms", "0755", "--dir", str(folder)]
                options += ["--ro-bind", path, str(target)]
            return self._start(asked, descriptors, options)

    def look(self, look):
        """What a process inside says about its view of the machine: what is wrong."""
        process = self._start(request(self.limits, look=look), (), ())
        try:
            said, errors = process.outer.communicate(timeout=STARTING)
            return json.loads(said)
        except ValueError:
            raise SandboxMissing(what_bubblewrap_said(errors)) from None
        except subprocess.TimeoutExpired:
            raise SandboxMissing(f"nothing came out of it within {STARTING} s") from None
        finally:
            process.kill()

    def close(self):
        pass

    def _start(self, asked, descriptors, options):
        looks = "look" in asked
        with tempfile.TemporaryFile() as filter_:
            filter_.write(seccomp.program())
            filter_.seek(0)
            status, status_in = os.pipe()
            given = (filter_.fileno(), status_in)
            own = ("--seccomp", str(given[0]), "--json-status-fd", str(given[1]))
            outer = spawn(
                bubblewrap.command(
                    "start", limits=self.limits, forking=False, options=(*options, *own)
                ),
                pass_fds=(*given, *descriptors),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if looks else subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            os.close(status_in)
        with contextlib.suppress(BrokenPipeError), outer.stdin:
            outer.stdin.write(json.dumps(asked).encode())
        outer.stdin = None
        return Process(outer, status, self.limits)


class Process:
    """bubblewrap, and the processes inside: ended together."""

    def __init__(self, outer, status, limits):
        self.outer, self._limits = outer, limits
        self._status = status  # open to the end: bubblewrap writes to it once more
        said = os.read(status, 1000) if readable(status, STARTING) else b""
        if not (number := re.match(rb'\{ "child-pid": (\d+)', said)):
            self.outer.kill()
            os.close(status)
            _, errors = self.outer.communicate()
            raise SandboxMissing(what_bubblewrap_said(errors))
        pid = int(number[1])
        try:
            self._first = os.pidfd_open(pid)
        except ProcessLookupError:
            self._first = None
        self.watchdog = Watchdog(pid, limits, self._stop, confined=True)

    def ended(self):
        code = self.outer.poll()
        if code is None:
            return None
        if code > 128 or code < 0:  # as bubblewrap tells of a signal, or is told itself
            how = how_a_signal_ends(code - 128 if code > 128 else -code)
        else:
            how = "exited"
        if how == "killed" and self.cpu_seconds() >= self._limits.cpu_s - 1:
            how = "cpu time"
        return self.watchdog.reason or how

    def cpu_seconds(self):
        return self.watchdog.cpu_seconds

    def kill(self):
        self.watchdog.stop()
        self._stop()
        try:
            self.outer.wait(STARTING)
        except subprocess.TimeoutExpired:
            self.outer.kill()
            self.outer.wait()
        for stream in (self.outer.stdout, self.outer.stderr):
            if stream is not None:
                stream.close()
        if self._status is not None:
            os.close(self._status)
            self._status = None
        if self._first is not None:
            readable(self._first, STARTING)  # until nothing of it is left
            os.close(self._first)
            self._first = None

    def _stop(self):
        """End the first process inside, and so all of them; bubblewrap then ends by itself."""
        if self._first is None:
            self.outer.kill()
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._first, signal.SIGKILL)


def readable(descriptor, seconds):
    """Whether something can be read from it, or its process has ended, within the time."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def what_bubblewrap_said(errors):
    """Its last words, as one line."""
    lines = errors.decode(errors="replace").strip().splitlines()
    return " ".join(lines[-3:]) or "bubblewrap ended without a word"
