"""A process gives up what it does not need: more resources, its user, its rights, system calls.

None of it can be taken back, and everything that the process starts inherits it.
"""

import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 4, 22, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, AMBIENT_CLEAR_ALL = 38, 47, 4
SECCOMP_FILTER = 2
CAPABILITIES_VERSION = 0x20080522
MB = 2**20
SIGNALS = 256


def call(name, *arguments):
    """Call the C library. Raises OSError if it says -1."""
    if (result := getattr(libc, name)(*arguments)) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def prctl(option, *values):
    values = [ctypes.c_ulong(v) for v in (*values, 0, 0, 0, 0)[:4]]
    return call("prctl", option, *values)


def limit(limits):
    """Set the resource limits; `limits` is the dict of sandbox.Limits."""
    memory = limits["memory_mb"] * MB
    for name, soft, hard in (
        ("AS", memory, memory),
        ("CPU", limits["cpu_s"], limits["cpu_s"] + 2),
        ("FSIZE", limits["file_mb"] * MB, limits["file_mb"] * MB),
        ("NOFILE", limits["open_files"], limits["open_files"]),
        ("NPROC", limits["processes"], limits["processes"]),
        ("CORE", 1, 1),  # one byte: no file, and no program of the machine's that takes it
        ("MEMLOCK", 0, 0),
        ("MSGQUEUE", 0, 0),
        ("SIGPENDING", SIGNALS, SIGNALS),  # a timer holds one
    ):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (soft, hard))
    # the operating system, short of memory, should take this process first
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def become(uid):
    """Become another user for good, if there was a right to; `uid` 0 means: stay who you are."""
    _drop_bounding_set()
    if uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    _drop_capabilities()
    # changing the user hides a process from itself: /proc/self would belong to root
    prctl(PR_SET_DUMPABLE, 1)


def filter_calls(program):
    """Deny the system calls of `seccomp.program()` from here on."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    code = ctypes.create_string_buffer(program, len(program))

    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    it = Filter(len(program) // 8, ctypes.addressof(code))
    prctl(PR_SET_SECCOMP, SECCOMP_FILTER, ctypes.addressof(it))


def _drop_bounding_set():
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # no such capability, or no right to drop it because there is none
            continue


def _drop_capabilities():
    prctl(PR_CAP_AMBIENT, AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())
