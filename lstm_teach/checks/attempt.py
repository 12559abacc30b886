"""Before any value is looked at: attempted? a function? these arguments? did it run, and cleanly?

Each question gives a Finding, or None where there is nothing to say.
"""

from inspect import Parameter, signature

from .exercise import Finding
from .returned import described

SECONDS = 3.5
NOT_ATTEMPTED = "not attempted"


def unwritten(part, answer, outcome):
    """A stub: the answer's own, or that of another function which the answer calls."""
    own = getattr(answer, "__name__", part.name)
    inside = outcome.line.function if outcome.line else own
    if inside in (own, "<lambda>"):
        return NOT_ATTEMPTED
    return Finding(
        f"`{part.name}` calls `{inside}`, and that function is not written yet.",
        hint=f"Write `{inside}` first and run its cell. Or write its line out in `{part.name}`.",
    )


def not_a_function(part, answer):
    if callable(answer):
        return None
    return Finding(
        f"The check got {described(answer)}; expected the function `{part.name}` itself.",
        hint=f"Pass the name without brackets: `{part.name}`, not `{part.name}(...)`. The check "
        "calls it with inputs of its own.",
    )


def arguments_differ(part, answer):
    """The answer must take the arguments by position, in the order of the exercise."""
    wanted = ", ".join(part.arguments)
    try:
        found = signature(answer)
    except Exception:  # some built-in functions do not tell
        return None
    names = [
        p.name
        for p in found.parameters.values()
        if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    ]
    header = f"`{part.name}` should take {f'({wanted})' if wanted else 'no arguments'}"
    first = names[: len(part.arguments)]
    if sorted(first) == sorted(part.arguments) and tuple(first) != part.arguments:
        return Finding(
            f"{header}, in this order; yours takes ({', '.join(names)}).",
            hint="The check, like the chain, passes them by position. Change the `def` line.",
            mistake="arguments in another order",
        )
    try:
        found.bind(*part.arguments)
    except TypeError:
        return Finding(
            f"{header}; yours takes {found}.",
            hint=f"The first line should read `def {part.name}({wanted}):`.",
            mistake="other arguments",
        )
    return None


def did_not_run(part, outcomes):
    last = outcomes[-1]
    if last.kind == "unfinished":
        where = f" It was at {_at(last.line)}." if last.line else ""
        left = (
            ""
            if last.stopped
            else " Stopping it failed: it still runs in the background. Restart the kernel."
        )
        return Finding(
            f"`{part.name}` did not come to an end within {SECONDS:g} seconds, on a handful of "
            f"numbers, so the check stopped waiting.{where}{left}",
            hint="Is there a loop that never comes to its end?",
            mistake="does not end",
        )
    if any(outcome.kind == "raised" and outcome.wrote_to for outcome in outcomes):
        return wrote(part, outcomes)
    for outcome in outcomes:
        if outcome.kind == "raised":
            where = f" at {_at(outcome.line)}" if outcome.line else ""
            text = f"{outcome.error}: {outcome.text}" if outcome.text else outcome.error
            return Finding(
                f"`{part.name}` stopped with an error{where}.",
                exhibits=(("Python says", text),),
                hint=_advice(outcome.error, text),
            )
    return None


OUT_OF_RANGE = (
    "On the way a number left the range that floats have. Which operation of that line makes a "
    "huge number, or divides by nothing?"
)
ADVICE = {
    "FloatingPointError": OUT_OF_RANGE,
    "IndexError": "An index has left its array. Which axis does it count, and how long is that?",
    "NameError": "A name in that line is not known. Is it spelled as in the `def` line?",
    "OverflowError": OUT_OF_RANGE,
    "RecursionError": "The function calls itself, and never comes to a case without a call.",
    "UnboundLocalError": "A variable is used before it has a value. Is it set only further down?",
}


def _advice(error, text):
    if "shape" in text or "dimension" in text:
        return "Print the shapes in the line before. The sizes in the message are the clue."
    return ADVICE.get(error, "The message says what Python could not do; the line says where.")


def wrote(part, outcomes):
    """Arguments belong to the caller: a function that changes them changes the caller's data."""
    for outcome in outcomes:
        if not outcome.wrote_to:
            continue
        first = part.arguments[outcome.wrote_to[0]]
        names = " and ".join(f"`{part.arguments[index]}`" for index in outcome.wrote_to)
        where = f", at {_at(outcome.line)}" if outcome.line else ""
        return Finding(
            f"`{part.name}` writes into {names}{where}. The array belongs to the caller, who would "
            "find it changed afterwards.",
            hint=f"`{first} = {first} + z` makes a new array; `{first} += z` and "
            f"`{first}[...] = z` write into the old one. Make a new one, or work on a copy.",
            mistake="writes into its arguments",
        )
    return None


def _at(line):
    return f"line {line.number}, `{line.text}`" if line.text else f"line {line.number}"
