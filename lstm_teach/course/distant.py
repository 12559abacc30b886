"""A student's kernel as the grader sees it: values and functions that stay there.

    there = Distant(kernel, clock)
    there.run_cell("def double(x): return 2 * x", 10)
    double = there.look(["double"])["double"]
    lt.check("0.1", double)

Whatever comes from the kernel may be written by an enemy.
"""

from dataclasses import replace

from lstm_teach.checks import guard

from .conversation import CellEnded, Conversation, Died, OutOfTime, Silent, ended
from .installing import install
from .plain import plain
from .remote import WALL_SECONDS, RemoteFunction, line_of
from .values import (
    Decoder,
    Encoder,
    Malformed,
    TooLarge,
    clean_name,
    known_tuples,
    of,
    packed,
    unpacked,
)

__all__ = ["CellEnded", "Died", "Distant", "OutOfTime", "Silent"]

CALLBACKS = 100_000  # how often one run may call functions of ours
CALLBACK_BYTES = 2**26  # what all these calls may hand over
CALLBACK_LARGEST = 2**19  # and one of them: a machine of ours takes time for every number
MANY_CALLBACKS = 1000  # each takes a moment: what is right and slow may need a person
ASKS_MUCH = (
    "An answer called the functions of its check {} times, and was stopped on the way. It may be "
    "right, and slow: more seconds (--timeout) may help."
)
CPU_SECONDS = 5.0  # for one run of a student's function: more than the check gives at home
FEWEST_SECONDS = 3.5


class Distant:
    """A kernel, and the functions and values in it.

    share: how many parts of the time left one run may take at least (the exercises to come).
    noticed: {flag: sentence}, what looks like forgery. endless: whether a call had to be stopped;
    what it has started may run still.
    """

    def __init__(self, kernel, clock):
        self.kernel, self.clock, self.share = kernel, clock, 1
        self.talk = Conversation(kernel, clock)
        self.tuples = known_tuples()
        self.ours, self.noticed = [], {}
        self.twice = self.endless = False
        self._called = self._handed_over = self._cells = 0
        install(self.talk)

    def run_cell(self, source, seconds):
        """Run a cell of the notebook: a CellEnded. Raises Died, OutOfTime."""
        wall = self._fair(seconds)
        if "await" in source or "async" in source:  # the kernel has a loop for it
            return self.talk.run(source, wall)
        self._cells += 1
        order = packed({"do": "run", "cell": self._cells, "source": source})
        try:
            said = self._message(self.talk.ask(order, self._answer_callback, wall, wall))
        except (Silent, Malformed):
            said = {}
        if said.get("ran") != self._cells:
            raise Died("does not answer")
        return ended(said.get("error"), said.get("text"))

    def look(self, names):
        """{name: value} for those of the names that the notebook has."""
        answer = self._ask({"do": "look", "names": list(names)})
        found = answer.get("found")
        if type(found) is not dict:
            raise Malformed("names without values")
        values = {}
        for name in names:
            if name in found and type(found[name]) is dict:
                values[name] = self._value(found[name])
        return values

    def changed(self):
        """[sort, what] pairs: what the student's code has replaced in its kernel, as it says."""
        pairs = self._ask({"do": "state"}).get("changed")
        if type(pairs) is not list:
            raise Malformed("no list of changes")
        return [[plain(part, 100) for part in of(pair, str, str)] for pair in pairs[:50]]

    def call(self, function, calls, seconds, strict):
        """(outcomes, printed) of calling a function there with each (args, kwargs) of `calls`."""
        self._called = self._handed_over = 0
        order = {
            "do": "call",
            "function": function.number,
            "strict": bool(strict),
            "calls": [[self._tree(args), self._tree(kwargs)] for args, kwargs in calls],
        }
        try:
            answer = self._ask(order, seconds)
        except Malformed:
            self.notice("malformed", "A message from the notebook's kernel was not well formed.")
            answer = {}
        trees, printed = answer.get("outcomes"), answer.get("printed")
        outcomes = [
            self._outcome(tree, args)
            for tree, (args, _) in zip(trees if type(trees) is list else [], calls, strict=False)
        ]
        if len(outcomes) < len(calls) or outcomes[-1].error == "KeyboardInterrupt":
            if self._called > MANY_CALLBACKS:
                self.notice("stuck", ASKS_MUCH.format(self._called))
            line = outcomes.pop().line if outcomes and outcomes[-1].kind == "raised" else None
            outcomes.append(guard.Outcome("unfinished", line=line))
            self.endless = True
        return outcomes, plain(printed, 2000) if type(printed) is str else ""

    def is_steady(self, function, args, strict):
        """Whether two calls with the same arguments give the same to the last bit."""
        order = {"do": "call", "function": function.number, "strict": bool(strict)}
        order["calls"] = [[self._tree(args), self._tree({})]] * 2
        outcomes = self._ask(order).get("outcomes")
        if type(outcomes) is not list or len(outcomes) != 2:
            return True
        said = [packed(one.get("value") if type(one) is dict else one) for one in outcomes]
        return said[0] == said[1] or '"function"' in said[0]

    def notice(self, flag, says):
        self.noticed.setdefault(flag, says)

    def close(self):
        """End the conversation; the kernel goes on."""
        self.talk.end()

    def _fair(self, most):
        """The seconds that one run may take: a fair share of what is left, at most so many."""
        left = self.clock.left()
        return min(max(left / max(self.share, 1), FEWEST_SECONDS), most, max(left, 0.1))

    def _ask(self, order, seconds=WALL_SECONDS):
        wall = self._fair(min(max(seconds, FEWEST_SECONDS) * 4, WALL_SECONDS))
        cpu_seconds, in_all = min(CPU_SECONDS, wall), max(wall, self.clock.left() / 2)
        return self._message(
            self.talk.ask(packed(order), self._answer_callback, cpu_seconds, wall, in_all)
        )

    def _message(self, text):
        message = unpacked(text)
        if type(message) is not dict:
            raise Malformed("a message is an object")
        return message

    def _tree(self, value):
        return Encoder(self._hand_over, self.tuples).tree(value)

    def _hand_over(self, function):
        """A function of ours gets a number; the kernel calls it by that."""
        number = len(self.ours)
        self.ours.append(function)
        return [number, {}]

    def _decode(self, tree):
        return Decoder(self._receive, self.tuples).value(tree)

    def _receive(self, number, facts):
        return RemoteFunction.of_kind(self, number, facts)

    def _value(self, said):
        if said.get("equals_all") is True:
            self.notice(
                "equals_everything", "An answer holds an object that says it equals everything."
            )
        if said.get("kind") == "raised":
            return TooMuch()
        return self._decode(said.get("value"))

    def _outcome(self, said, args):
        """One outcome as `guard` has it. What is malformed counts as unfinished."""
        try:
            if type(said) is not dict:
                raise Malformed("no outcome")
            wrote = said.get("wrote_to")
            outcome = guard.Outcome(
                "returned",
                line=line_of(said.get("line")),
                wrote_to=tuple(
                    n
                    for n in (wrote if type(wrote) is list else ())
                    if type(n) is int and 0 <= n < len(args)
                ),
            )
            if said.get("kind") == "raised":
                error, text = of([said.get("error"), said.get("text")], str, str)
                return replace(
                    outcome, kind="raised", error=clean_name(error), text=plain(text, 400)
                )
            return replace(outcome, value=self._value(said))
        except Malformed:
            self.notice("malformed", "A message from the notebook's kernel was not well formed.")
            return guard.Outcome("unfinished")

    def _answer_callback(self, text):
        """What to reply to a message: None where it is the answer itself."""
        try:
            message = self._message(text)
            if "callback" not in message:
                return None
            number, args, kwargs = of(
                [message["callback"], message.get("args"), message.get("kwargs")], int, dict, dict
            )
            if not 0 <= number < len(self.ours):
                raise Malformed("no such function")
            decoder = Decoder(self._receive, self.tuples)
            args, kwargs = decoder.value(args), decoder.value(kwargs)
            self._count(decoder.used)
            reply = {"value": self._tree(self.ours[number](*args, **kwargs))}
        except Exception as error:
            if isinstance(error, Malformed):
                self.notice(
                    "malformed", "A message from the notebook's kernel was not well formed."
                )
            reply = {"raised": [type(error).__name__, plain(error, 400)]}
        return packed(reply)

    def _count(self, size):
        """Count a call of a function of ours, with arguments of so many bytes."""
        self._called, self._handed_over = self._called + 1, self._handed_over + size
        if (
            self._called > CALLBACKS
            or self._handed_over > CALLBACK_BYTES
            or size > CALLBACK_LARGEST
        ):
            self.notice("stuck", ASKS_MUCH.format(self._called))
            raise TooLarge("the function of the check was asked too much")


class TooMuch:
    """Stands for a value that is too large to be sent."""
