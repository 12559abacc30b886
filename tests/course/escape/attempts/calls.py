"""System calls that the filter denies."""

import ctypes
import errno
import fcntl
import os

from .trying import attempt, libc, system_call

# x86_64, aarch64
TABLE = {
    "ptrace": (101, 117),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "clone": (56, 220),
    "clone3": (435, 435),
    "bpf": (321, 280),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "process_vm_readv": (310, 270),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "fsopen": (430, 430),
    "open_tree": (428, 428),
    "syslog": (103, 116),
    "personality": (135, 92),
    "sethostname": (170, 161),
    "pidfd_getfd": (438, 438),
    "vmsplice": (278, 75),
    "tee": (276, 77),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "io_setup": (206, 0),
    "inotify_init1": (294, 26),
}
NUMBERS = {name: both[os.uname().machine == "aarch64"] for name, both in TABLE.items()}
_kept = []


def address(text):
    _kept.append(ctypes.create_string_buffer(text))
    return ctypes.addressof(_kept[-1])


@attempt
def make_a_namespace():
    kinds = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
    for kind in kinds:
        try:
            return system_call(NUMBERS["unshare"], kind)
        except OSError as error:
            if error.errno != errno.EPERM:
                return error
    return None


@attempt
def be_born_in_a_namespace():
    child = libc.syscall(
        ctypes.c_long(NUMBERS["clone"]), ctypes.c_long(0x10000000 | 17), 0, 0, 0, 0
    )
    if child == 0:
        os._exit(0)
    if child > 0:
        os.waitpid(child, 0)
    return child > 0


@attempt
def call_what_the_filter_denies():
    succeeded = []
    for name, number in NUMBERS.items():
        if name in ("clone",):
            continue
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6)
        if result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
            succeeded.append((name, result, errno.errorcode.get(ctypes.get_errno())))
    return succeeded


@attempt
def call_by_other_numbers():
    """x32 has the same calls under other numbers, which a filter by number may forget."""
    if os.uname().machine != "x86_64":
        return None
    return system_call(0x40000000 + NUMBERS["unshare"], 0x10000000)


@attempt
def type_into_a_terminal():
    main, side = os.openpty()
    try:
        fcntl.ioctl(side, 0x5412, b"x")  # TIOCSTI
        return True
    finally:
        os.close(main)
        os.close(side)


@attempt
def make_the_files_writable():
    mount_rw = 32  # MS_REMOUNT
    return system_call(NUMBERS["mount"], 0, address(b"/usr\0"), 0, mount_rw, 0)
