"""One running kernel."""

from .connection import wait_until_ready


class Kernel:
    """A kernel and its client. Leaving the `with` block ends the kernel and all it started.

    client: a `jupyter_client` BlockingKernelClient, ready, with the stdin channel open.
    end: None while it runs; then why it ended: "exited", "killed", "crashed", "memory",
    "cpu time", "processes", "files", "sockets" or "messages" (see Watchdog).
    """

    def __init__(self, connection, process):
        self._connection, self._process = connection, process
        self._end = None
        self.client = connection.client(self.alive)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.client.stop_channels()
        self.client.context.destroy(linger=0)
        self._connection.close()

    @property
    def end(self):
        if self._end is None:
            self._end = self._process.ended()
        return self._end

    @property
    def cpu_seconds(self):
        """Processor time that the kernel and what it started have used, as last seen."""
        return self._process.cpu_seconds()

    def alive(self):
        """Whether it still runs."""
        return self.end is None

    def interrupt(self):
        """Ask the kernel to stop what it is doing, as Interrupt in JupyterLab does."""
        message = self.client.session.msg("interrupt_request", content={})
        self.client.control_channel.send(message)

    def kill(self):
        """End the kernel and everything it has started, whatever they are doing."""
        if self.end is None:
            self._end = "killed"
        self._process.kill()

    def wait_until_ready(self, seconds):
        """Raises TimeoutError if the kernel does not answer in time, and ends it."""
        if wait_until_ready(self.client, seconds):
            return
        said = f"it ended ({self.end})" if self.end else f"nothing came in {seconds} s"
        self.__exit__()
        raise TimeoutError(f"a new kernel was expected to answer; {said}.")
