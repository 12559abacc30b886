"""Calls a student's functions for the grader, in the student's own kernel.

The grader sends this at the start, with the other modules in CODE; it is not to be found inside.
The student's code may replace anything here: what the grader believes are numbers that are right.

Grader and kernel talk over the socket on which a kernel asks for input. The kernel says what it
has done; the answer is what to do next.
"""

import builtins
import contextlib
import functools
import inspect
import sys
import types
import warnings

CODE = globals().get("CODE", {})
NAME = "lstm_teach_harness"
HOME = "lstm_teach_inside_"
PRINTED = 2000


def module(name, **facts):
    """A module made from the code of that name."""
    made = types.ModuleType(name)
    vars(made).update(facts)
    sys.modules[made.__name__] = made  # where its dataclasses and relative imports look for it
    exec(CODE[name], vars(made))
    return made


def package(name, parts):
    """A package made from the code of "name/part"; its parts may import one another."""
    home = types.ModuleType(HOME + name)
    home.__path__ = []
    sys.modules[home.__name__] = home
    for part in parts:
        facts = {"__name__": f"{home.__name__}.{part}", "__package__": home.__name__}
        made = module(f"{name}/{part}", **facts)
        vars(home).update({k: v for k, v in vars(made).items() if not k.startswith("_")})
    return home


class Harness:
    """The kernel's end of the conversation."""

    def __init__(self, shell):
        self.shell, self.socket = shell, shell.kernel.stdin_socket
        self.guard = _quiet_checks()
        self.values = package("values", ("rules", "encoding", "decoding"))
        self.watch = module("watch", __name__=HOME + "watch").Watch(shell)
        self.tuples = self.values.known_tuples()
        self.functions = []
        shell.InteractiveTB.set_mode(mode="Minimal")  # nobody reads what is drawn of an error
        for name in ("exit", "quit"):  # as in plain Python: an error of that cell, and no more
            shell.user_ns[name] = _leave

    def serve(self):
        """Do what the grader says, until it says no more."""
        asked = self.shell.kernel.get_parent("shell")
        self.grader = asked["header"]["session"].encode()
        message = {"ready": 1}
        while True:
            order = self.talk(message)
            if order["do"] == "end":
                return
            message = self.perform(order)

    def talk(self, message):
        """Say something to the grader, and wait for what it says."""
        while self.socket.poll(0):  # the answer to a question that was given up
            self.socket.recv_multipart()
        self.socket.send_multipart([self.grader, self.values.packed(message).encode()])
        while True:
            while not self.socket.poll(100):  # so that an interrupt gets through
                pass
            _, *said = self.socket.recv_multipart()
            if len(said) == 1:  # Jupyter's own messages have more parts
                return self.values.unpacked(said[0].decode())

    def perform(self, order):
        """The answer to one order."""
        self.room = self.values.MOST_BYTES
        return getattr(self, order["do"])(order)

    def run(self, order):
        """Run a cell of the notebook, which cannot ask for input: the error, if one ended it."""
        kernel = self.shell.kernel
        kernel._allow_stdin = False
        try:
            result = self.shell.run_cell(order["source"], silent=True)
        finally:
            kernel._allow_stdin = True
        error = result.error_before_exec or result.error_in_exec
        said = {} if error is None else {"error": type(error).__name__, "text": _text(error)}
        return said | {"ran": order["cell"]}

    def look(self, order):
        """The values of some names of the notebook; a name that is not there is left out."""
        there = {name: self.shell.user_ns[name] for name in order["names"] if self._has(name)}
        return {"found": {name: self._sent(value) for name, value in there.items()}}

    def _has(self, name):
        return name in self.shell.user_ns

    def state(self, order):
        """What is no longer as it was when the kernel started."""
        return {"changed": self.watch.changed()}

    def call(self, order):
        """Call a function with each tuple of arguments: the outcomes, and what was printed."""
        function = self.functions[order["function"]]
        outcomes, printed = [], self.guard.Printed()
        with (
            contextlib.suppress(KeyboardInterrupt),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            warnings.catch_warnings(),
            self.guard._floating(order["strict"]),
        ):
            warnings.simplefilter("ignore")
            for args, kwargs in order["calls"]:
                called = functools.partial(function, **self._read(kwargs)) if kwargs else function
                outcomes.append(self._said(self.guard._call(called, self._read(args))))
                if outcomes[-1].get("error") == "KeyboardInterrupt":
                    break
        return {"outcomes": outcomes, "printed": printed.kept[:PRINTED]}

    def _said(self, outcome):
        """An outcome as the grader reads it."""
        line = outcome.line and [outcome.line.number, outcome.line.text, outcome.line.function]
        said = {"kind": outcome.kind, "line": line, "wrote_to": list(outcome.wrote_to)}
        if outcome.kind == "raised":
            return said | {"error": outcome.error, "text": outcome.text}
        return said | self._sent(outcome.value)

    def _sent(self, value):
        """A value as the grader reads it, or why it cannot be sent."""
        encoder = self.values.Encoder(self._numbered, self.tuples, self.room)
        try:
            tree = encoder.tree(value)
        except self.values.TooLarge as error:
            return {"kind": "raised", "error": "TooLarge", "text": f"What came is {error}."}
        self.room = encoder.room
        return {"value": tree, "equals_all": self.watch.equals_everything(value)}

    def _read(self, tree):
        return self.values.Decoder(self._stand_in, self.tuples).value(tree)

    def _numbered(self, function):
        """The number of a function that stays here, and what can be said about it."""
        known = [number for number, one in enumerate(self.functions) if one is function]
        number = known[0] if known else len(self.functions)
        if not known:
            self.functions.append(function)
        facts = {"kind": self.values.name_of(type(function)), "name": "", "signature": None}
        with contextlib.suppress(BaseException):
            facts["name"] = str(function.__name__)
        with contextlib.suppress(BaseException):
            facts["signature"] = [
                [p.name, int(p.kind), p.default is not p.empty, _written(p)]
                for p in inspect.signature(function).parameters.values()
            ]
        return [number, facts]

    def _stand_in(self, number, facts):
        """A function of the grader's, which stays there, as the student's code calls it."""

        def run(*args, **kwargs):
            return self._ask(number, args, kwargs)

        return run

    def _ask(self, number, args, kwargs):
        encoder = self.values.Encoder(self._numbered, self.tuples)
        reply = self.talk(
            {"callback": number, "args": encoder.tree(args), "kwargs": encoder.tree(kwargs)}
        )
        while "do" in reply:  # a function of the student's among the arguments is called
            reply = self.talk(self.perform(reply))
        if "value" in reply:
            return self._read(reply["value"])
        kind, text = reply["raised"]
        error = getattr(builtins, kind, RuntimeError)
        is_error = isinstance(error, type) and issubclass(error, Exception)
        raise (error if is_error else RuntimeError)(text)


def _text(error):
    with contextlib.suppress(BaseException):
        return str(error)[:PRINTED]
    return ""


def _leave(code=None):
    raise SystemExit(code)


def _written(parameter):
    if parameter.default is parameter.empty:
        return ""
    return repr(parameter.default)[:60]


def _quiet_checks():
    """Put the stand-in for the checks in their place; the module that calls functions."""
    import lstm_teach

    name = "lstm_teach.checks"
    lstm_teach.checks = module("checks", __name__=name)
    for known in ("check", "hint", "solution"):
        setattr(lstm_teach, known, getattr(lstm_teach.checks, known))
    home = lstm_teach.__file__.replace("__init__.py", "checks/guard.py")
    return module("guard", __file__=home, __name__=HOME + "guard")


def install(shell):
    """Make the harness of this kernel."""
    made = types.ModuleType(NAME)
    made.serve = Harness(shell).serve
    sys.modules[NAME] = made
