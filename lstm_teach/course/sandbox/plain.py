"""Kernels without a sandbox: what the option --unsafe-no-sandbox gets."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from .visible import PACKAGE
from .watchdog import Watchdog

# The kernel finds this package where we did, installed or not; it comes last, as in the sandbox.
LAUNCH = """import runpy, sys
sys.path.append(sys.argv.pop(1))
runpy.run_module("ipykernel_launcher", run_name="__main__")"""


class Plain:
    """Starts ordinary kernels: they may do whatever the grader may, within memory and time."""

    kind = "none"

    def __init__(self, limits):
        self.limits = limits

    def launch(self, connection, files):
        folder = Path(tempfile.mkdtemp(prefix="lt-work-"))
        for name, source in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(PACKAGE.parent), "-f", connection.write_file()],
            cwd=folder,
            env={**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return _Process(process, folder, self.limits)

    def close(self):
        pass


class _Process:
    """An operating system's process, as `Kernel` wants it."""

    def __init__(self, process, folder, limits):
        self.process, self.folder = process, folder
        self.watchdog = Watchdog(process.pid, limits, self._stop)

    def ended(self):
        code = self._code()
        if code is None:
            return None
        return self.watchdog.reason or ("exited" if code >= 0 else how_a_signal_ends(-code))

    def cpu_seconds(self):
        return self.watchdog.cpu_seconds

    def kill(self):
        self.watchdog.stop()
        self._stop()  # even if it has ended: what it started may live on
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _code(self):
        """How it ended, as Popen.poll() says it; but its number stays taken until `kill`."""
        if not hasattr(os, "waitid") or self.process.returncode is not None:
            return self.process.poll()
        how = os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if how is None:
            return None
        return how.si_status if how.si_code == os.CLD_EXITED else -how.si_status

    def _stop(self):
        if self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            if hasattr(os, "killpg"):  # also what it has started, if that has stayed with it
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()


def how_a_signal_ends(number):
    """The word for a process that this signal ended."""
    if number == signal.SIGXCPU:
        return "cpu time"
    return "killed" if number in (signal.SIGKILL, signal.SIGTERM) else "crashed"
