"""More room than there is."""

import ctypes
import mmap
import os

from .trying import WORLD, attempt, harmless, libc


def fill(folder, piece=2**20, most=400):
    """Write many files until refused. Returns the megabytes that went in."""
    names, written = [], 0
    block = b"\1" * piece
    try:
        for number in range(most):
            names.append(os.path.join(folder, f"fill-{number}"))
            with open(names[-1], "wb", buffering=0) as file:
                written += file.write(block)
    except OSError:
        pass
    finally:
        for name in names:
            if os.path.exists(name):
                os.unlink(name)
    return written / 2**20


@attempt
def fill_the_scratch_space():
    return fill("/scratch") > WORLD["scratch_mb"] + 1


@attempt
def fill_the_working_folder():
    return fill(".") > WORLD["scratch_mb"] + 1


@attempt
def fill_the_shared_memory():
    return fill("/dev/shm") > WORLD["scratch_mb"] + 1


@attempt
def write_one_big_file():
    with open("big", "wb") as file:
        for _ in range(WORLD["file_mb"] + 1):
            file.write(b"\1" * 2**20)
    return os.path.getsize("big") > WORLD["file_mb"] * 2**20


@attempt
def make_a_sparse_file():
    with open("sparse", "wb") as file:
        file.truncate(10 * 2**30)
    return True


@attempt
def open_many_files():
    opened = []
    try:
        for _ in range(WORLD["open_files"] + 1):
            opened.append(os.dup(0))
        return True
    finally:
        for fd in opened:
            os.close(fd)


@attempt
def lock_memory():
    held = mmap.mmap(-1, 2**20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if libc.mlock(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(held))), 2**20) == -1:
        raise OSError(ctypes.get_errno(), "mlock")
    return True


@harmless
def share_memory_that_no_limit_counts():
    """What processes share stays, though each of them lets go of all but a page of it."""
    return len(mmap.mmap(-1, 2**20))


@attempt
def share_memory_by_way_of_a_device():
    with open("/dev/zero", "r+b") as zero:
        return len(mmap.mmap(zero.fileno(), 2**20))


@attempt
def take_all_terminals():
    """Without the fork server the machine's own limit holds."""
    if WORLD["way"] == "cold":
        return None
    for _ in range(20):
        os.openpty()
    return True


@harmless
def take_all_timers():
    for _ in range(300):
        if libc.timer_create(0, None, ctypes.byref(ctypes.c_void_p())) == -1:
            raise OSError(ctypes.get_errno(), "timer_create")
    return True


@attempt
def take_more_memory_than_there_is():
    try:
        return len(bytearray(WORLD["memory_mb"] * 2**20))
    except MemoryError:
        return None
