"""The grader's side of the fork server: each kernel is a fork, in a sandbox of its own."""

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import threading

from . import bubblewrap
from .cold import readable, spawn, what_bubblewrap_said
from .limits import SandboxMissing
from .plain import how_a_signal_ends
from .request import request
from .watchdog import Watchdog

STARTING, ENDING = 60, 20  # seconds
SO_PASSCRED = 16
MESSAGE = 2**16


class Warm:
    """Starts kernels from one process that has imported everything already.

    server: the Asked of a fork server that others use too; without one it has its own.
    Raises SandboxMissing where the fork server cannot make namespaces.
    """

    kind = "bubblewrap, fork server"

    def __init__(self, limits, server=None):
        self.limits = limits
        self._one_at_a_time = threading.Lock()
        self._server = server or Server(limits).ready()

    def launch(self, connection, files):
        with connection.listening() as descriptors, contextlib.ExitStack() as stack:
            opened = [stack.enter_context(open(path, "rb")).fileno() for path in files.values()]
            asked = request(self.limits, connection, files=files)
            return self._ask(asked, [*descriptors, *opened])

    def look(self, look):
        """What a process inside says about its view of the machine: what is wrong."""
        process = self._ask(request(self.limits, look=look), [])
        try:
            said = process.message(STARTING) or {}
            if "seen" not in said:
                raise SandboxMissing("a forked process ended before it could look around")
            return said["seen"]
        finally:
            process.kill()

    def close(self):
        self._server.close()

    def _ask(self, asked, descriptors):
        with self._one_at_a_time:
            for again in (True, False):
                try:
                    return Process(self._server.ask(asked, descriptors), self.limits)
                except (OSError, EOFError):  # the fork server has died, or been killed
                    self._server.close()
                    self._server = Server(self.limits).ready()
                    if not again:
                        raise


class Asked:
    """The socket to a fork server. Several processes may ask: a request is one message."""

    def __init__(self, asked):
        self.socket = asked

    def ask(self, asked, descriptors):
        """Send a request; returns the socket on which the kernel's first process reports."""
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, SO_PASSCRED, 1)
        try:
            with its:
                message = json.dumps(asked).encode()
                socket.send_fds(self.socket, [message], [its.fileno(), *descriptors])
        except OSError:
            ours.close()
            raise
        return ours

    def close(self):
        """Ask no more."""
        self.socket.close()


class Server(Asked):
    """The process of `within/zygote.py`. It starts while others go on: see `ready`."""

    def __init__(self, limits):
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours)
        words = bubblewrap.command("zygote", str(its.fileno()), limits=limits, forking=True)
        nowhere = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        try:
            with its:
                pass_on = (its.fileno(),)
                self.process = spawn(words, pass_fds=pass_on, stderr=subprocess.PIPE, **nowhere)
        except OSError:
            ours.close()
            raise

    def ready(self):
        """Itself, when it is. Raises SandboxMissing where it cannot be."""
        if not (readable(self.socket, STARTING) and self._greeting()):
            raise SandboxMissing(what_bubblewrap_said(self.close()))
        return self

    def _greeting(self):
        with contextlib.suppress(OSError):
            return self.socket.recv(MESSAGE)

    def close(self):
        """End it; every kernel it has forked ends with it. Returns what it said of errors."""
        super().close()
        self.process.kill()
        return self.process.communicate()[1]


class Process:
    """The first process of a kernel's namespaces, and what it reports."""

    def __init__(self, report, limits):
        self._report, self._limits = report, limits
        self._end = None
        report.settimeout(STARTING)
        try:
            pid = self._number()
            self._first = os.pidfd_open(pid)
            report.send(b"!")  # it waits for this, so the number was still its own
        except (OSError, EOFError):
            report.close()
            raise
        self.watchdog = Watchdog(pid, limits, self._stop, confined=True)

    def message(self, seconds=0):
        """What it reports next, or None if nothing has come. Raises SandboxMissing."""
        if not readable(self._report, seconds):
            return None
        with contextlib.suppress(OSError):
            if said := self._report.recv(MESSAGE):
                said = json.loads(said)
                if "error" in said:
                    raise SandboxMissing(said["error"])
                return said
        return {"code": -signal.SIGKILL}

    def ended(self):
        if self._end is None:
            self._end = self.message()
        if self._end is None:
            return None
        code = self._end["code"]
        how = "exited" if code >= 0 else how_a_signal_ends(-code)
        if how == "killed" and self.cpu_seconds() >= self._limits.cpu_s - 1:
            how = "cpu time"
        return self.watchdog.reason or how

    def cpu_seconds(self):
        return max(self.watchdog.cpu_seconds, (self._end or {}).get("cpu", 0))

    def kill(self):
        self.watchdog.stop()
        if self._first is None:
            return
        self._stop()
        readable(self._first, ENDING)  # until nothing of it is left
        self._end = self._end or {"code": -signal.SIGKILL}
        self._report.close()
        os.close(self._first)
        self._first = None

    def _stop(self):
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._first, signal.SIGKILL)

    def _number(self):
        """The process's number as we see it; the operating system vouches for it."""
        _, extra, _, _ = self._report.recvmsg(MESSAGE, socket.CMSG_SPACE(12))
        for level, kind, data in extra:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                return struct.unpack("3i", data)[0]
        raise EOFError
