"""Watches a process and all that it has started, and ends them if they use too much together.

The operating system limits each process; a notebook may start many.
"""

import contextlib
import os
import threading
from pathlib import Path

LOOK_EVERY = 0.25  # seconds
PROCESSES_FOR = 3  # looks in a row at the limit: a fork bomb, not a notebook
MOST_SOCKETS = 160  # a pair may hold 4 MB that no limit of a process counts
MOST_FILES = 20_000
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Watchdog:
    """A thread that looks at the process `pid` four times a second.

    stop_them() is called once, when `reason` is set: "memory", "cpu time", "processes",
    "sockets", "files", or "messages": they have filled our own memory with what they sent.
    cpu_seconds: what they had used at the last look.
    """

    def __init__(self, pid, limits, stop_them, confined=False):
        self.reason, self.cpu_seconds = None, 0.0
        self._pid, self._limits, self._stop_them = pid, limits, stop_them
        self._confined = confined
        self._full, self._ours, self._seen = 0, resident(os.getpid()), {}
        self._quiet = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="watchdog")
        if Path(f"/proc/{pid}").is_dir():
            self._thread.start()

    def stop(self):
        """Look no more, but for a last look at the time."""
        self._count(tree(self._pid))
        self._quiet.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _watch(self):
        while not self._quiet.wait(LOOK_EVERY):
            pids = tree(self._pid)
            if not pids:
                return
            if reason := self._excess(pids):
                self.reason = reason
                self._stop_them()
                return

    def _count(self, pids):
        """What those that live have used, with the children they waited for; or, if that is
        more, what each that was ever seen had used: who is not waited for counts too.
        """
        for pid in pids:
            born, used = own_cpu(pid)
            self._seen[pid, born] = used
        seen = sum(self._seen.values())
        self.cpu_seconds = max(self.cpu_seconds, sum(map(cpu, pids)), seen)

    def _excess(self, pids):
        """The first thing that there is too much of, or None."""
        self._count(pids)
        most = self._limits.memory_mb * 2**20
        # what they hold counts what is shared several times, and is read in a moment
        if sum(map(resident, pids)) > most and sum(map(memory, pids)) > most:
            return "memory"
        if self.cpu_seconds > self._limits.cpu_s:
            return "cpu time"
        if resident(os.getpid()) - self._ours > self._limits.memory_mb * 2**20:
            return "messages"
        if not self._confined:
            return None
        self._full = self._full + 1 if sum(map(tasks, pids)) >= self._limits.processes else 0
        if self._full >= PROCESSES_FOR:
            return "processes"
        if sockets(self._pid) > MOST_SOCKETS:
            return "sockets"
        return "files" if files(self._pid) > MOST_FILES else None


def tree(pid):
    """The process and its descendants, those that still exist."""
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{thread}/children") as file:
                    waiting += map(int, file.read().split())
            found.append(parent)
    return found


def memory(pid):
    """Bytes; what processes share is divided among them (PSS), or else counted for each."""
    for line in _lines(pid, "smaps_rollup"):
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return resident(pid)


def resident(pid):
    """Bytes that it holds in memory, shared or not."""
    for line in _lines(pid, "statm"):
        return int(line.split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def cpu(pid):
    """Seconds, with those of children that have ended."""
    return sum(map(int, _stat(pid)[11:15])) / TICKS


def own_cpu(pid):
    """(when it started, its seconds without those of children); ("", 0) if it has gone."""
    fields = _stat(pid)
    return (fields[19], sum(map(int, fields[11:13])) / TICKS) if len(fields) > 19 else ("", 0)


def tasks(pid):
    """Threads; a process that has ended and waits for its parent counts as one."""
    return int((_stat(pid)[17:18] or [0])[0])


def sockets(pid):
    """How many sockets exist in the process's network namespace."""
    for line in _lines(pid, "net/sockstat"):
        return int(line.split()[2])
    return 0


def files(pid):
    """How many files the scratch space holds."""
    with contextlib.suppress(OSError):
        room = os.statvfs(f"/proc/{pid}/root/scratch")
        return room.f_files - room.f_ffree
    return 0


def _stat(pid):
    """The fields of /proc/<pid>/stat from the state on; empty if it has gone."""
    return "\n".join(_lines(pid, "stat")).rpartition(")")[2].split()


def _lines(pid, name):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/{name}", errors="replace") as file:
        return file.read().splitlines()
    return []
