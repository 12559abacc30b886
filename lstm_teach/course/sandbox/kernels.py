"""Kernels to grade in: one way to start them, whatever confines them."""

import contextlib
import socket

from .connection import Connection
from .kernel import Kernel
from .limits import Limits, SandboxMissing
from .plain import Plain
from .request import named_safely

READY_SECONDS = 60


class Kernels:
    """Starts kernels, each confined to `limits`.

        with Kernels(Limits()) as kernels:
            with kernels.start() as kernel:
                kernel.client.execute("1 + 1")

    sandbox=False starts ordinary kernels, which may do all that you may. warm=False gives up the
    fork server: each kernel then costs more than a second. server: see `fork_server`. Raises
    SandboxMissing where this machine cannot confine a kernel; there is no falling back to less.
    kind: "bubblewrap, fork server", "bubblewrap" or "none".
    """

    def __init__(self, limits=None, sandbox=True, warm=True, server=None):
        self.limits = limits or Limits()
        self._way = confined(self.limits, warm, server) if sandbox else Plain(self.limits)

    @staticmethod
    @contextlib.contextmanager
    def fork_server(limits):
        """One fork server for the Kernels of several processes; yields its socket's number.

        It takes a second to start, in which others go on. A process that the socket is passed on
        to asks for `Kernels(limits, server=number)`. Where the server does not start, or ends,
        each gets its own.
        """
        from .warm import Server

        try:
            server = Server(limits)
        except OSError:  # no bubblewrap, say; who asks for Kernels will hear of it
            yield None
            return
        try:
            yield server.socket.fileno()
        finally:
            server.close()

    @property
    def kind(self):
        return self._way.kind

    def start(self, files=None, ready_seconds=READY_SECONDS):
        """A Kernel, ready. `files`: what its working folder holds, as {name: path}.

        Raises TimeoutError if the kernel does not answer within `ready_seconds`, ValueError
        where a name leads out of the folder.
        """
        connection = Connection()
        try:
            kernel = Kernel(connection, self.launch(connection, files or {}))
        except BaseException:
            connection.close()
            raise
        kernel.wait_until_ready(ready_seconds)
        return kernel

    def launch(self, connection, files):
        """Only the process, as `Kernel` and the provisioner want it; it may not be ready."""
        return self._way.launch(connection, named_safely(files))

    def close(self):
        """End all kernels that the fork server has started."""
        self._way.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def confined(limits, warm=True, server=None):
    """The best way to start sandboxed kernels that works here, after a look out of it.

    Raises SandboxMissing with what is missing and the remedy.
    """
    from .probe import remedy, requirements, seen_from_inside

    for finding in requirements():
        if not finding.ok:
            raise SandboxMissing(f"{finding.name}: {finding.says}. {finding.remedy}")
    from .cold import Cold
    from .warm import Asked, Warm

    shared = {"server": Asked(socket.socket(fileno=server))} if server is not None else {}
    said = ""
    for way, options in ((Warm, shared), (Cold, {})) if warm else ((Cold, {}),):
        try:
            started = way(limits, **options)
        except SandboxMissing as error:
            said = error.message
            continue
        try:
            if not (seen := seen_from_inside(started)):
                return started
            said = "; ".join(seen)
        except SandboxMissing as error:
            said = error.message
        started.close()
    raise SandboxMissing(f"a process in the sandbox was tried, and: {said}. {remedy(said)}")
