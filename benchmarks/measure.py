"""How it is measured: time in interleaved rounds, memory in a process of its own."""

import sys
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

BLOCK = 0.003  # seconds: a block repeats a call until it has lasted so long


def rounds(calls, *, clock, seconds, least=7, most=41):
    """Time functions in turn, A B C A B C ..., each block after one warm call.

    Whatever else the machine does meets all of them alike. calls: name -> function.
    Returns name -> seconds a call, one for each round.
    """
    found = {name: [] for name in calls}
    start = perf_counter()
    while len(found[next(iter(calls))]) < least or (
        perf_counter() - start < seconds and len(found[next(iter(calls))]) < most
    ):
        for name, call in calls.items():
            call()
            times, begin = 0, clock()
            while True:
                call()
                times += 1
                if (lasted := clock() - begin) > BLOCK:
                    break
            found[name].append(lasted / times)
    return found


def clock_for(threads):
    """CPU time of the process with one thread (others' work is not in it), else wall time."""
    return process_time if threads == 1 else perf_counter


def ratio(mine, other):
    """The median, over the rounds, of mine / other."""
    return float(np.median(np.array(mine) / np.array(other)))


def geometric_mean(values):
    return float(np.exp(np.mean(np.log(values))))


def growth(sizes, seconds):
    """The exponent n of seconds ~ sizeⁿ: over all sizes, and over the last three."""
    slopes = [np.polyfit(np.log(sizes[-k:]), np.log(seconds[-k:]), 1)[0] for k in (0, 3)]
    return [float(slope) for slope in slopes]


def peak_memory(run):
    """Bytes by which the process's resident memory rose above where it stood, while run ran.

    On Linux the kernel's high-water mark is set back first; elsewhere it cannot be, and the
    answer is right only if nothing before needed more. Call it once in a process of its own.
    """
    mark = Path("/proc/self/clear_refs")
    if mark.exists():
        mark.write_text("5")
        before = _kilobytes("VmRSS")
        run()
        return 1024 * (_kilobytes("VmHWM") - before)
    import resource  # not on Windows

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run()
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)


def _kilobytes(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise LookupError(name)
