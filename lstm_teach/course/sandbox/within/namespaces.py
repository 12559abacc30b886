"""A view of the machine for one kernel alone, made by a process that may.

Each kernel has its own processes, network, messages between processes, host name and mounts.
"""

import contextlib
import fcntl
import os
import socket
import struct

from .confine import call

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x00020000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
NOSUID, NODEV, NOEXEC, RECURSIVE, PRIVATE = 2, 4, 8, 0x4000, 1 << 18
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
NOBODY_SPECIAL = 1000
BIND, REMOUNT, READ_ONLY = 4096, 32, 1
TERMINALS = "newinstance,ptmxmode=0666,mode=600,max=16"
FILES = 20_000  # in each scratch space; an empty file needs memory too


def fork_first_process(own):
    """Fork into a new process namespace, as its first process. Returns as os.fork does.

    `own`: an open /proc/self/ns/pid, so that the parent's next child gets another namespace.
    """
    call("unshare", NEWPID)
    try:
        pid = os.fork()
    except BaseException:
        call("setns", own, NEWPID)
        raise
    if pid:
        call("setns", own, NEWPID)
    return pid


def separate():
    """Own network, messages, host name and mounts."""
    call("unshare", NEWNS | NEWIPC | NEWUTS | NEWNET)
    mount(None, "/", None, RECURSIVE | PRIVATE)
    socket.sethostname("sandbox")
    _loopback_up()


def mount(source, target, kind, flags, options=None):
    """mount(2). Raises OSError."""
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind)]
    call("mount", *words, flags, None if options is None else options.encode())


def read_only(file):
    """Nobody here can write to this file from now on."""
    mount(file, file, None, BIND)
    mount(None, file, None, BIND | REMOUNT | READ_ONLY | NOSUID | NODEV | NOEXEC)


def private_files(uid, gid, limits):
    """Own /proc, terminals, and an empty scratch space and shared memory of limited size."""
    mount("proc", "/proc", "proc", NOSUID | NODEV | NOEXEC)
    mount("devpts", "/dev/pts", "devpts", NOSUID | NOEXEC, TERMINALS)
    with contextlib.suppress(OSError):  # not every machine has it
        read_only("/proc/1/autogroup")  # else the first process could be made to wait
    for target, megabytes in (("/scratch", limits["scratch_mb"]), ("/dev/shm", limits["shm_mb"])):
        room = f"size={megabytes}m,nr_inodes={FILES},mode=700,uid={uid},gid={gid}"
        mount("tmpfs", target, "tmpfs", NOSUID | NODEV, room)


def without_rights_here():
    """Move into a user namespace in which there is only oneself.

    The other namespaces stay with the parent's, so no capability in this one reaches them.
    """
    uid, gid = os.geteuid(), os.getegid()
    call("unshare", NEWUSER)
    for name, text in (
        ("setgroups", "deny"),
        ("gid_map", f"{NOBODY_SPECIAL} {gid} 1"),
        ("uid_map", f"{NOBODY_SPECIAL} {uid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def _loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh22x", b"lo", 0)
        flags = struct.unpack("16sh22x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))
