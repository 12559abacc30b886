"""Talking with a kernel that may be hostile, slow, silent or dead.

One execute request starts the harness in the kernel, which runs cells and calls functions. It talks
over the stdin channel, in messages of one part: JSON that says what was done, or what to do next.
What is printed or displayed is not read at all, so a hundred megabytes of it cost nothing.
"""

import contextlib
import time
from dataclasses import dataclass

from .plain import plain

SERVE = "__import__('sys').modules['lstm_teach_harness'].serve()"
LOOK_EVERY = 0.1  # seconds between two looks at a kernel that says nothing
GRACE = 2.0  # seconds from an interrupt to a kill
MOST_MESSAGES = 400_000  # from one kernel
MOST_INPUTS = 100  # questions of the student's own, in one run
STOPPED = "It did not come to an end, and was stopped."
NO_INPUT = "\x04"  # the kernel takes it for the end of the input


class Died(BaseException):
    """The kernel ended. `why` is a word for it; no `except Exception` of a check takes it."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


class OutOfTime(BaseException):
    """The time for this submission has run out."""


class Silent(BaseException):
    """The harness in the kernel does not answer, though the kernel does."""


@dataclass(frozen=True)
class CellEnded:
    """How a cell ended: status "ok", "error" or "unfinished", and what Python said."""

    status: str
    says: str = ""


class Clock:
    """The seconds that are left for one submission."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def left(self):
        return self.end - time.monotonic()


class Conversation:
    """What is said between the grader and one kernel."""

    def __init__(self, kernel, clock):
        self.kernel, self.client, self.clock = kernel, kernel.client, clock
        self._messages = self._inputs = 0
        self._serving = None
        self._set_up_sockets()

    def run(self, source, seconds, given=None):
        """Run source as a cell: a CellEnded. Raises Died, OutOfTime.

        given: the text that it gets where it asks for input; without one it cannot ask.
        """
        self.end()
        request = self.client.execute(
            source, store_history=False, allow_stdin=given is not None, stop_on_error=False
        )

        def is_it(channel, message):
            if given and channel == "stdin" and message["msg_type"] == "input_request":
                self.client.input(given)
            return self._is_reply(channel, message, request)

        reply = self._wait(is_it, seconds, seconds)
        if reply is None:
            return CellEnded("unfinished", STOPPED)
        said = reply["content"]
        return ended(
            None if said.get("status") == "ok" else said.get("ename", ""), said.get("evalue")
        )

    def ask(self, order, answer_callback, cpu_seconds, seconds, in_all=None):
        """Send an order to the harness, and return the text of its answer.

        `answer_callback(text)` gives the reply to a question on the way, None for the answer.
        After a question the kernel has cpu_seconds and seconds anew, but no more than the
        seconds `in_all`. Raises Silent, Died, OutOfTime.
        """
        self._inputs = 0
        for _ in range(2):  # once more where an interrupt that came late has ended the harness
            if self._serving is None and not self._start_serving():
                break
            self._say(order)
            text = self._listen(answer_callback, cpu_seconds, seconds, in_all)
            if text is not None:
                return text
        raise Silent("The code that calls the functions in the notebook's kernel does not answer.")

    def end(self):
        """Leave the harness, so that cells can run."""
        if self._serving is None:
            return
        self._say('{"do":"end"}')
        self._wait(lambda channel, m: self._is_reply(channel, m, self._serving), 5, 5)
        self._serving = None

    def _start_serving(self):
        self._serving = self.client.execute(
            SERVE, store_history=False, allow_stdin=True, stop_on_error=False
        )
        return self._listen(lambda text: None, 5, 5) is not None

    def _listen(self, answer_callback, cpu_seconds, seconds, in_all=None):
        """The text of the answer; None if the harness has ended, or was stopped."""
        found = []

        def is_it(channel, message):
            if self._is_reply(channel, message, self._serving):
                self._serving = None
                return True
            if channel == "harness":
                reply = answer_callback(message)
                if reply is None:
                    found.append(message)
                    return True
                self._say(reply)
            elif message["msg_type"] == "input_request":
                self._no_input()
            return False

        self._wait(is_it, cpu_seconds, seconds, in_all)
        return found[0] if found else None

    def _say(self, text):
        """Send to the harness. What a kernel does not read must not keep the grader waiting."""
        self._send(lambda: self.client.stdin_channel.socket.send(text.encode()))

    def _send(self, send):
        import zmq

        try:
            send()
        except zmq.Again:
            self.kernel.kill()
            raise Died("does not answer") from None

    def _no_input(self):
        """The student's code asks for input while it is graded: there is nobody to give any."""
        self._inputs += 1
        if self._inputs < MOST_INPUTS:
            self._send(lambda: self.client.input(NO_INPUT))

    def _is_reply(self, channel, message, request):
        return (
            channel == "shell"
            and message["msg_type"] == "execute_reply"
            and message["parent_header"].get("msg_id") == request
        )

    def _wait(self, is_it, cpu_seconds, seconds, in_all=None):
        """The first message that is it. After the time: interrupt, and kill if that is no use.

        Returns None where it was interrupted and said nothing that is it. Raises Died, OutOfTime.
        """
        heard, cpu_before = time.monotonic(), self.kernel.cpu_seconds
        end = heard + (in_all or seconds)
        interrupted = None
        while True:
            for channel, message in self._received():
                if is_it(channel, message):
                    return message
                if channel == "harness":
                    heard, cpu_before = time.monotonic(), self.kernel.cpu_seconds
            now = time.monotonic()
            if not self.kernel.alive():
                raise Died(self.kernel.end)
            if interrupted is None:
                used = self.kernel.cpu_seconds - cpu_before
                late = now > min(heard + seconds, end) or self.clock.left() <= 0
                if late or used > cpu_seconds:
                    self.kernel.interrupt()
                    interrupted = now
            elif now - interrupted > GRACE:
                self.kernel.kill()
                if self.clock.left() <= 0:
                    raise OutOfTime
                raise Died("does not end")

    def _received(self):
        """(channel, message) pairs that have come; waits a moment for the first."""
        import zmq

        sockets = {
            self.client.shell_channel.socket: "shell",
            self.client.stdin_channel.socket: "stdin",
        }
        poller = zmq.Poller()
        for socket in sockets:
            poller.register(socket, zmq.POLLIN)
        for socket, _ in poller.poll(1000 * LOOK_EVERY):
            self._messages += 1
            if self._messages > MOST_MESSAGES:
                self.kernel.kill()
                raise Died("sent too many messages")
            parts = socket.recv_multipart(zmq.NOBLOCK)
            if len(parts) == 1:
                yield "harness", parts[0].decode(errors="replace")
            elif (message := self._read(parts)) is not None:
                yield sockets[socket], message

    def _read(self, parts):
        """A message of Jupyter's, or None where it is none: who has the key can send anything."""
        try:
            _, parts = self.client.session.feed_identities(parts)
            message = self.client.session.deserialize(parts)
            sound = (
                type(message) is dict
                and type(message["msg_type"]) is str
                and type(message["content"]) is dict
                and type(message["parent_header"]) is dict
            )
        except Exception:
            return None
        return message if sound else None

    def _set_up_sockets(self):
        """Never wait to send; do not listen to output."""
        import zmq

        for channel in (self.client.shell_channel, self.client.stdin_channel):
            channel.socket.setsockopt(zmq.SNDTIMEO, 0)
        with contextlib.suppress(Exception):
            self.client.iopub_channel.socket.setsockopt(zmq.UNSUBSCRIBE, b"")


def ended(name, text=""):
    """How a cell ended, by the error that it is said to have ended with; None for none."""
    if name is None:
        return CellEnded("ok")
    name = plain(name, 80, lines=False) if type(name) is str else "an error"
    text = plain(text, 400) if type(text) is str else ""
    if name == "KeyboardInterrupt":
        return CellEnded("unfinished", STOPPED)
    return CellEnded("error", f"{name}: {text}" if text else name)
