"""System calls that a notebook does not need: a filter in classic BPF, written by hand.

Denied are: other namespaces and mounts, looking into other processes, loading code into the
operating system, memory that no limit counts (memfd, System V, pages that processes share or that
lie in a pipe, attributes of files), sockets that no namespace holds (AF_VSOCK reaches the host of
a virtual machine), what the machine has few of for all (inotify, asynchronous input), a session
of its own (each has as much of the processor as another), typing into a terminal, and questions
on the machine's network cards.
"""

import errno
import platform
import socket
import struct

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_…
# the numbers of a call on x86_64 and on aarch64; None where there is no such call
CALLS = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fsetxattr": (190, 7),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "io_setup": (206, 0),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, None),
    "iopl": (172, None),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "lsetxattr": (189, 6),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "modify_ldt": (154, None),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "nfsservctl": (180, 42),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "semget": (64, 190),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "setsid": (112, 157),
    "settimeofday": (164, 170),
    "setxattr": (188, 5),
    "setxattrat": (463, 463),
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "tee": (276, 77),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vhangup": (153, 58),
    "vmsplice": (278, 75),
}
MMAP, ANONYMOUS, SHARED = (9, 222), 0x20, 0x01
CLONE, CLONE3, IOCTL, SOCKET, SOCKETPAIR = (56, 220), (435, 435), (16, 29), (41, 198), (53, 199)
NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
TYPING = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
# questions on network cards, which an inherited socket would answer for the grader's network
CARDS = (0x8910, 0x8A00)  # SIOCGIFNAME and what follows
FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)
NETLINK, ROUTE = 16, 0  # how a library asks which networks there are
OTHER_ABI = 0x40000000  # x32: the same calls under other numbers

LOAD, EQUAL, AT_LEAST, ANY_OF, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE, ARGUMENTS = 0, 4, (16, 24, 32, 40)  # offsets in struct seccomp_data
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000


def program(machine=None):
    """The filter for this machine, or the one named, as bytes: instructions of 8 bytes each.

    Raises OSError for a machine whose numbers are not known.
    """
    machine = machine or platform.machine()
    if machine not in MACHINES:
        raise OSError(
            f"no list of system calls for a machine of the kind {machine}; "
            f"there is one for: {', '.join(MACHINES)}."
        )
    column = list(MACHINES).index(machine)
    denied = [numbers[column] for numbers in CALLS.values() if numbers[column] is not None]
    code = [
        _op(LOAD, MACHINE),
        _op(EQUAL, MACHINES[machine], 1, 0),
        _op(RETURN, KILL),
        _op(LOAD, NUMBER),
        _op(AT_LEAST, OTHER_ABI, 0, 1),
        _fail(errno.ENOSYS),
    ]
    for number in denied:
        code += [_op(EQUAL, number, 0, 1), _fail(errno.EPERM)]
    # its flags lie where no filter sees them; the C library then takes clone instead
    code += [_op(EQUAL, CLONE3[column], 0, 1), _fail(errno.ENOSYS)]
    code += _if(CLONE[column], 0, [_op(ANY_OF, NEW_NAMESPACES, 0, 1), _fail(errno.EPERM)])
    shared = [_op(ANY_OF, ANONYMOUS, 0, 2), _op(ANY_OF, SHARED, 0, 1), _fail(errno.EPERM)]
    code += _if(MMAP[column], 3, shared)
    for call in (SOCKET, SOCKETPAIR):
        end = len(FAMILIES) + 4
        known = [_op(EQUAL, f, end - i - 1, 0) for i, f in enumerate(FAMILIES)]
        asking = [_op(EQUAL, NETLINK, 0, 2), _op(LOAD, ARGUMENTS[2]), _op(EQUAL, ROUTE, 1, 0)]
        code += _if(call[column], 0, [*known, *asking, _fail(errno.EAFNOSUPPORT)])
    typing = [op for t in TYPING for op in (_op(EQUAL, t, 0, 1), _fail(errno.EPERM))]
    cards = [_op(AT_LEAST, CARDS[0], 0, 2), _op(AT_LEAST, CARDS[1], 1, 0), _fail(errno.EPERM)]
    code += _if(IOCTL[column], 1, [*typing, *cards])
    return b"".join([*code, _op(RETURN, ALLOW)])


def _op(code, value, if_true=0, if_false=0):
    return struct.pack("HBBI", code, if_true, if_false, value)


def _fail(number):
    return _op(RETURN, FAIL | number)


def _if(call, argument, then):
    """Where the call is this one: load the low half of an argument, do `then`, or allow."""
    body = [_op(LOAD, ARGUMENTS[argument]), *then, _op(RETURN, ALLOW)]
    return [_op(EQUAL, call, 0, len(body)), *body]
