"""The fork server: imports what notebooks import, once, and forks a kernel for each request.

A request is one message on the socket: JSON, and file descriptors: where to report, five sockets
to listen on, the files of the working folder. No student's line runs in this process, and none
of its children reports to it: each tells the grader itself. It ends when the grader closes the
socket.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import socket
import sys

from . import confine, lookout, namespaces, seccomp, start

IMPORTS = (
    "numpy.testing",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "ipywidgets",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "pygments.formatters.terminal256",
    "pygments.styles",
    "tornado.platform.asyncio",
    "tornado.queues",
    "psutil",
    "lstm_teach",
    "lstm_teach.checks",
    "lstm_teach.drawing",
    "lstm_teach.explorers",
)
LONGEST, MOST_FILES = 2**20, 200
LOOK_FOR_ORPHANS = 500  # milliseconds


def main():
    control = socket.socket(fileno=int(sys.argv[1]))
    start.forget_the_way_here()
    start.make_folders()
    from . import kernel  # first: it keeps a debugger out

    for name in IMPORTS:
        with contextlib.suppress(ImportError):  # what is missing, the notebook will miss
            importlib.import_module(name)
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    filter_ = seccomp.program()
    if (threads := len(os.listdir("/proc/self/task"))) != 1:
        raise RuntimeError(f"a process that forks must have one thread; this one has {threads}.")
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    _serve(control, own, lambda request, fds: _first_process(request, fds, filter_, kernel))


def _serve(control, own, first_process):
    poll = select.poll()
    poll.register(control, select.POLLIN)
    children = {}
    while True:
        for fd, _ in poll.poll():
            if fd in children:
                poll.unregister(fd)
                os.close(fd)
                os.waitpid(children.pop(fd), 0)
                continue
            message, descriptors, _, _ = socket.recv_fds(control, LONGEST, MOST_FILES)
            if not message:
                return
            pid = namespaces.fork_first_process(own)
            if pid == 0:
                try:
                    _close_all_but(descriptors)
                    first_process(json.loads(message), descriptors)
                finally:
                    os._exit(70)
            for descriptor in descriptors:
                os.close(descriptor)
            children[gone := os.pidfd_open(pid)] = pid
            poll.register(gone, select.POLLIN)


def _first_process(request, descriptors, filter_, kernel):
    """Process 1 of a kernel's namespaces. The kernel cannot reach it, and dies with it."""
    os.setsid()  # a share of the processor that the kernel has no say in
    start.nothing_on((0, 1, 2))
    report = socket.socket(fileno=descriptors[0])
    try:
        report.send(b"here")  # the grader learns our number from the operating system
        report.recv(1)
        _prepare(request, descriptors[6:])
        pid = os.fork()
        if pid == 0:
            try:
                _confine(request, filter_)
                if "look" in request:
                    report.send(json.dumps({"seen": lookout.look(request["look"])}).encode())
                    os._exit(0)
                kernel.reseed()
                app = kernel.prepared(descriptors[1:6], request["key"])
                report.close()
                app.start()
                os._exit(0)
            except BaseException as error:
                _say_error(report, error)
                os._exit(70)
    except BaseException as error:
        _say_error(report, error)
        os._exit(70)
    _close_all_but(descriptors[:1])
    _watch(report, pid)


def _prepare(request, files):
    namespaces.separate()
    uid = request["uid"]
    namespaces.private_files(uid or os.geteuid(), uid or os.getegid(), request["limits"])
    for name, descriptor in zip(request["files"], files, strict=True):
        _copy(descriptor, os.path.join("/scratch/work", name))
    if uid:
        for folder, folders, names in os.walk("/scratch"):
            for name in (*folders, *names):
                os.chown(os.path.join(folder, name), uid, uid)


def _copy(descriptor, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(descriptor, "rb") as source, open(target, "xb") as copy:
        while block := source.read(2**20):
            copy.write(block)


def _confine(request, filter_):
    os.setsid()
    if not request["uid"]:
        namespaces.without_rights_here()
    confine.limit(request["limits"])
    confine.become(request["uid"])
    confine.filter_calls(filter_)
    start.make_folders()


def _watch(report, pid):
    """Wait for the kernel's end, or the grader's word; tell how the kernel ended."""
    poll = select.poll()
    poll.register(report, select.POLLIN)
    poll.register(os.pidfd_open(pid), select.POLLIN)
    while True:
        asked = any(fd == report.fileno() for fd, _ in poll.poll(LOOK_FOR_ORPHANS))
        if asked:
            return
        while True:  # also the orphans of this namespace: they count as processes until then
            try:
                gone, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if gone == 0:
                break
            if gone == pid:
                used = resource.getrusage(resource.RUSAGE_CHILDREN)
                end = {
                    "code": os.waitstatus_to_exitcode(status),
                    "cpu": used.ru_utime + used.ru_stime,
                }
                report.send(json.dumps(end).encode())
                return


def _say_error(report, error):
    with contextlib.suppress(OSError):
        report.send(json.dumps({"error": f"{type(error).__name__}: {error}"[:1000]}).encode())


def _close_all_but(descriptors):
    for name in os.listdir("/proc/self/fd"):
        if (number := int(name)) > 2 and number not in descriptors:
            with contextlib.suppress(OSError):
                os.close(number)


if __name__ == "__main__":
    main()
