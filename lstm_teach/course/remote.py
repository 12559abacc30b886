"""A student's function as the grader sees it: it stays in its kernel, and is called there."""

import builtins
import inspect

from lstm_teach.checks import guard

from .plain import plain
from .values import Malformed, clean_name, of

WALL_SECONDS = 12.0  # for one run of a function that does not compute but wait


class RemoteFunction(guard.Elsewhere):
    """A student's function. Called, it gives what it returns there, or raises what it raises."""

    def __init__(self, there, number, facts):
        self.there, self.number = there, number
        name = facts.get("name")
        self.__name__ = plain(name, 80, lines=False) if type(name) is str and name else "function"
        if (signature := _signature(facts.get("signature"))) is not None:
            self.__signature__ = signature

    @classmethod
    def of_kind(cls, there, number, facts):
        """One whose class has the name that it has in the notebook: a function, a type ..."""
        kind = facts.get("kind")
        name = clean_name(kind) if type(kind) is str else "function"
        return type(name, (cls,), {})(there, number, facts)

    def run(self, calls, seconds, strict):
        """What `guard.run` gives: the outcomes, and the text that was printed."""
        told = [(args, {}) for args in calls]
        outcomes, printed = self.there.call(self, told, seconds, strict)
        plain_inputs = calls[0] and not any(callable(value) for value in calls[0])
        ask_again = self.there.twice and plain_inputs and outcomes[0].kind == "returned"
        if ask_again and not self.there.is_steady(self, calls[0], strict):
            self.there.notice(
                "unsteady",
                f"`{self.__name__}` gives another result when it is called again with the same "
                "inputs.",
            )
        return outcomes, printed

    def __call__(self, *args, **kwargs):
        (outcome,), _ = self.there.call(self, [(args, kwargs)], WALL_SECONDS, False)
        if outcome.kind == "returned":
            return outcome.value
        if outcome.kind == "unfinished":
            raise TimeoutError(f"{self.__name__} did not come to an end.")
        kind = vars(builtins).get(outcome.error)
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            raise RuntimeError(f"{outcome.error}: {outcome.text}")
        try:
            error = kind(outcome.text)
        except TypeError:  # such as UnicodeDecodeError, which wants more than a text
            error = RuntimeError(f"{outcome.error}: {outcome.text}")
        raise error


def line_of(said):
    """Where it happened, as the message says; None if it does not say so properly."""
    if said is None:
        return None
    try:
        number, text, function = of(said, int, str, str)
    except Malformed:
        return None
    return guard.Line(number, plain(text, 200, lines=False), plain(function, 80, lines=False))


class _Default:
    """A default value, which stays in the kernel; in messages it reads as it does there."""

    def __init__(self, text):
        self.text = plain(text, 60, lines=False)

    def __repr__(self):
        return self.text


def _signature(said):
    """The signature of a function as it was described, or None."""
    if type(said) is not list or len(said) > 100:
        return None
    try:
        parameters = []
        for one in said:
            name, kind, has_default, text = of(one, str, int, bool, str)
            default = _Default(text) if has_default else inspect.Parameter.empty
            kind = tuple(inspect._ParameterKind)[kind]
            parameters.append(inspect.Parameter(name[:80], kind, default=default))
        return inspect.Signature(parameters)
    except (Malformed, ValueError, IndexError):
        return None
