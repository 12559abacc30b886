"""A letter and a reason: what an exercise of the kind "predict and explain" asks for."""

from .display import Words
from .exercise import Finding, ValuePart
from .returned import described

KEPT = "Your words, kept here for you and your teacher"


def a_choice(reference, letters, mistakes, shown):
    """The part of an exercise that wants one of `letters` and a sentence.

    `reference` gives the right pair. Each mistake's name begins with its letter. `shown(rng)`
    makes the experiment: the exhibits that follow a right letter.
    """

    def examine(value, rng):
        read = _read(reference.__name__, value, letters)
        if isinstance(read, Finding):
            return read
        for mistake in mistakes:
            if mistake.name.startswith(read[0]):
                return Finding(
                    mistake.says,
                    exhibits=((KEPT, Words(read[1])),),
                    hint=mistake.hint,
                    mistake=mistake.name,
                )
        return None

    def praise(value, rng):
        words = Words(_read(reference.__name__, value, letters)[1])
        return (f"{KEPT}; no machine has judged them", words), *shown(rng)

    return ValuePart(
        reference=reference, examine=examine, mistakes=mistakes, praise=praise, letters=letters
    )


def _read(name, value, letters):
    """(letter, reason), or a Finding."""
    letter, reason = (value, "") if type(value) is str else (None, None)
    if type(value) in (tuple, list) and len(value) == 2:
        letter, reason = value
    if type(letter) is not str or letter.strip().strip(".)").upper() not in tuple(letters):
        return Finding(
            f"`{name}` gave {described(value)}; expected a letter from {letters[0]} to "
            f"{letters[-1]} and a sentence.",
            hint='For example `return "A", "because ..."`.',
        )
    if type(reason) is not str or len(reason.split()) < 3:
        return Finding(
            f"Your choice is noted. The reason is {_how_short(reason)}, and the reason is the "
            "exercise.",
            hint='Add a sentence: `return "A", "because ..."`. Then the check will tell you more.',
            mistake="no reason given",
        )
    return letter.strip().strip(".)").upper(), reason


def _how_short(reason):
    return "too short" if type(reason) is str and reason.strip() else "missing"
