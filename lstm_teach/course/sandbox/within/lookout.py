"""Looks out of the sandbox, as a notebook could, and says what it sees."""

import contextlib
import ctypes
import importlib.util
import os
import socket
import sys

SECONDS = 0.5
VSOCK = 40
WANTED = {"CapEff": "0" * 16, "CapBnd": "0" * 16, "NoNewPrivs": "1", "Seccomp": "2"}


def look(request):
    """What is wrong, in sentences; an empty list if this process is confined.

    request: `port` and `abstract`, where the grader listens; `secret`, a file of the grader's;
    `private`, its folders and what may be seen in them; `root`, whether the grader is root;
    `package`, the folder of lstm_teach; `stand_in`, what is to be seen of its checks.
    """
    return [
        *_network(request["port"], request["abstract"]),
        *_files(request["secret"], request["private"]),
        *_rights(request["root"]),
        *_processes(),
        *_package(request["package"], request["stand_in"]),
    ]


def _network(port, abstract):
    for family, address, where in (
        (socket.AF_INET, ("127.0.0.1", port), f"the grader's port {port}"),
        (socket.AF_UNIX, "\0" + abstract, "the grader's abstract socket"),
    ):
        with socket.socket(family) as sock, contextlib.suppress(OSError):
            sock.settimeout(SECONDS)
            sock.connect(address)
            yield f"it could connect to {where}"
    with contextlib.suppress(OSError):
        socket.socket(VSOCK, socket.SOCK_STREAM).close()
        yield "it could open a socket to the host of this virtual machine"


def _files(secret, private):
    with contextlib.suppress(OSError):
        open(secret).close()
        yield f"it could read {secret}"
    for folder in (os.path.dirname(sys.executable), "/usr", "/", os.path.dirname(os.__file__)):
        name = os.path.join(folder, "lstm-teach-was-here")
        with contextlib.suppress(OSError):
            open(name, "x").close()
            os.unlink(name)
            yield f"it could write into {folder}"
    for folder, shown in private.items():
        with contextlib.suppress(OSError):
            if seen := set(os.listdir(folder)) - set(shown):
                yield f"it could see {', '.join(sorted(seen)[:3])} in {folder}"


def _rights(root):
    with open("/proc/self/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    for name, wanted in WANTED.items():
        if status[name] != wanted:
            yield f"{name} is {status[name]}, and should be {wanted}"
    if root and status["Uid"].split()[0] == "0":
        yield "it is root"
    new_user_namespace = 0x10000000
    if ctypes.CDLL(None).unshare(new_user_namespace) == 0:
        yield "it could make a user namespace"


def _processes():
    seen = [name for name in os.listdir("/proc") if name.isdigit()]
    if len(seen) > 3:
        yield f"it could see {len(seen)} processes"


def _package(folder, stand_in):
    found = importlib.util.find_spec("lstm_teach")
    here = os.path.dirname(str(found and found.origin))
    if os.path.realpath(here) != os.path.realpath(folder):
        yield f"it finds lstm_teach in {here or 'no folder'}, and not in {folder}"
        return
    for name, shown in (("checks", stand_in), ("course", [])):
        if seen := set(os.listdir(os.path.join(here, name))) - set(shown):
            yield f"it could see {', '.join(sorted(seen)[:3])} in {here}/{name}"
