"""Where a kernel listens and its grader talks: five Unix sockets in a folder of the grader's.

The grader binds the sockets and hands them over, open: a sandboxed kernel sees no folder of the
grader's, and cannot put something else in a socket's place.
"""

import contextlib
import os
import secrets
import shutil
import socket
import tempfile
import time
from pathlib import Path
from queue import Empty

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
MESSAGE_BYTES = 25 * 2**20  # a longer message from a kernel ends its connection
WAITING = 50  # so many messages wait to be read; then the kernel waits


class Connection:
    """The addresses and the key of one kernel. `close()` removes the folder."""

    def __init__(self, folder=None):
        self.folder = Path(folder or tempfile.mkdtemp(prefix="lt-", dir=_short()))
        self.info = {
            "transport": "ipc",
            "ip": str(self.folder / "s"),
            "key": secrets.token_hex(32),
            "signature_scheme": "hmac-sha256",
            **{f"{channel}_port": number for number, channel in enumerate(CHANNELS, start=1)},
        }
        if os.name == "nt":  # no such sockets there, and no sandbox either
            self.info |= {"transport": "tcp", "ip": "127.0.0.1", **_free_ports()}

    def write_file(self):
        """A connection file in the folder, as `jupyter_client` wants it. Returns its path."""
        from jupyter_client.connect import write_connection_file

        info = {**self.info, "key": self.info["key"].encode()}
        name, _ = write_connection_file(str(self.folder / "kernel.json"), **info)
        return name

    @contextlib.contextmanager
    def listening(self):
        """Bind the five sockets, and yield their descriptors; closed afterwards on this side."""
        with contextlib.ExitStack() as stack:
            sockets = []
            for number in range(1, len(CHANNELS) + 1):
                sock = stack.enter_context(socket.socket(socket.AF_UNIX))
                name = f"{self.info['ip']}-{number}"
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name)  # an earlier kernel's, if this one takes its place
                sock.bind(name)
                sock.listen(100)
                sockets.append(sock)
            yield [sock.fileno() for sock in sockets]

    def client(self, alive):
        """A client of this kernel, its channels open. `alive()` says whether to go on waiting."""
        import zmq

        context = zmq.Context()
        context.setsockopt(zmq.MAXMSGSIZE, MESSAGE_BYTES)
        context.setsockopt(zmq.RCVHWM, WAITING)
        context.setsockopt(zmq.LINGER, 0)
        context.setsockopt(zmq.RECONNECT_IVL, 10)  # ms: a question to a channel not there is lost
        client = _client_class()(context=context)
        client.kernel_alive = alive
        client.load_connection_info({**self.info, "key": self.info["key"].encode()})
        client.allow_stdin = True
        client.start_channels(hb=False)
        return client

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_until_ready(client, seconds):
    """True when a request's answer and its echo to everybody have come; False if none did."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and client.is_alive():
        asked = client.kernel_info()
        with contextlib.suppress(Empty):
            while client.get_shell_msg(timeout=5)["parent_header"].get("msg_id") != asked:
                pass
            while not _idle_after(client.get_iopub_msg(timeout=0.1), asked):
                pass
            return True
    return False


def _idle_after(message, asked):
    return (
        message["msg_type"] == "status"
        and message["content"]["execution_state"] == "idle"
        and message["parent_header"].get("msg_id") == asked
    )


def _client_class():
    from jupyter_client.blocking import BlockingKernelClient

    class Client(BlockingKernelClient):
        """Asks the operating system whether the kernel lives, instead of a heart that beats."""

        def is_alive(self):
            return self.kernel_alive()

        async def _async_is_alive(self):
            return self.kernel_alive()

    return Client


def _free_ports():
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in CHANNELS]
        ports = [sock.getsockname()[1] for sock in sockets]
    return {f"{channel}_port": port for channel, port in zip(CHANNELS, ports, strict=True)}


def _short():
    # a Unix socket's path has at most 107 bytes
    folder = tempfile.gettempdir()
    return folder if len(os.fsencode(folder)) < 60 else "/tmp"
