"""9.1 The blank diagram, and how many numbers are in it."""

from ...drawing.lstm import LETTERS
from ..exercise import Case, Exercise, Finding, FunctionPart, Mistake, ValuePart
from ..returned import AWholeNumber, described


def wires():
    """The name of each wire in the drawing with letters.

    The names: c_before, h_before, merged, i, f, g, o, kept, written, c, tanh_c, h.
    Returns a dictionary: {"A": "...", "E": "...", ...}, one name for each of the twelve letters.
    """
    return {
        "A": "c_before",
        "E": "h_before",
        "J": "merged",
        "L": "f",
        "M": "i",
        "N": "g",
        "Q": "o",
        "R": "kept",
        "S": "written",
        "V": "c",
        "Y": "tanh_c",
        "Z": "h",
    }


def count_lstm(D, H):
    """How many numbers does an LSTM with D inputs and H units learn? A whole number."""
    return 4 * (H * (D + H) + H)


RIGHT = {letter: name for name, (letter, _) in LETTERS.items()}
PLACES = dict(LETTERS.values())
EXCHANGED = (
    Mistake(
        "i and f exchanged",
        "i and f have changed places. The first box's answer goes up to the thick line and meets "
        "the old cell state there.",
        "Which gate multiplies the old c, and which the candidate?",
    ),
    Mistake(
        "g and o exchanged",
        "g and o have changed places. The candidate is what is written; it meets the input gate.",
        "One box has tanh. Whose answer may be negative?",
    ),
    Mistake(
        "i and g exchanged",
        "i and g have changed places. Their product would be the same; but look at the signs in "
        "the boxes.",
        "A gate has σ, the candidate has tanh.",
    ),
    Mistake(
        "c_before and h_before exchanged",
        "c and h, as they come in from the step before, have changed places. The thick line is the "
        "cell state: it runs straight through. h goes into the layers.",
        "Which of the two meets x at the bar?",
    ),
    Mistake(
        "c and h exchanged",
        "The new c and the new h have changed places. h is what comes out last, behind the second "
        "tanh and the output gate.",
        "Which one leaves the module upwards, to be read by others?",
    ),
    Mistake(
        "tanh_c and h exchanged",
        "tanh_c and h have changed places: h is what is left after the output gate's product.",
        "Follow the line from the circle with tanh. What happens to it next?",
    ),
    Mistake(
        "tanh_c and c exchanged",
        "tanh_c and c have changed places. The thick line carries c itself, not squashed; only a "
        "copy goes through tanh.",
        "On which side of the circle with tanh is the letter?",
        misconception=17,
    ),
    Mistake(
        "kept and written exchanged",
        "kept and written have changed places. Kept is f times the old c, on the thick line; "
        "written is i times g, coming from below.",
        "What are the two numbers that each of the circles × multiplies?",
    ),
)


def _examine(value, rng):
    if type(value) is not dict:
        return Finding(
            f"`wires` gave {described(value)}; expected a dictionary from letters to names.",
            hint='`return {"A": "...", "E": "...", ...}`.',
        )
    named = {
        key.strip().upper(): name.strip()
        for key, name in value.items()
        if type(key) is str and type(name) is str
    }
    strange = [name for name in named.values() if name not in LETTERS]
    missing = [letter for letter in RIGHT if letter not in named]
    if strange or missing or len(named) != len(value):
        says = f"No name for {', '.join(missing)}." if missing else "There are other entries too."
        if strange:
            says = f"`{strange[0]:.40}` is none of the twelve names."
        return Finding(
            f"{says} Expected: one name for each of the letters {', '.join(RIGHT)}.",
            hint=f"The names: {', '.join(LETTERS)}.",
        )
    wrong = [letter for letter, name in RIGHT.items() if named[letter] != name]
    if not wrong:
        return None
    right = f"{12 - len(wrong)} of 12 names are right."
    for mistake in EXCHANGED:
        one, other = mistake.name.removesuffix(" exchanged").split(" and ")
        letters = LETTERS[one][0], LETTERS[other][0]
        if (named[letters[0]], named[letters[1]]) == (other, one):
            return Finding(
                f"{right} {mistake.says}",
                exhibits=(("The two letters", " and ".join(sorted(letters))),),
                hint=mistake.hint,
                mistake=mistake.name,
            )
    return Finding(
        f"{right} The first that is not: {wrong[0]}, {PLACES[wrong[0]]}.",
        exhibits=((f"You call {wrong[0]}", named[wrong[0]]),),
        hint="Begin with the wires that come in, and follow each to the next circle or box.",
    )


COUNT_MISTAKES = (
    Mistake(
        "one layer",
        "You count one layer, H (D + H) + H. That is the standard module. The LSTM has four of "
        "them.",
        "How many yellow boxes are in the drawing?",
        answers=(lambda D, H: H * (D + H) + H,),
    ),
    Mistake(
        "three layers",
        "You count three layers. Three are gates; the candidate has weights too.",
        "How many yellow boxes are in the drawing?",
        answers=(lambda D, H: 3 * (H * (D + H) + H),),
        misconception=15,
    ),
    Mistake(
        "no biases counted",
        "The biases are missing: H for each layer.",
        "4 H numbers more.",
        answers=(lambda D, H: 4 * H * (D + H),),
    ),
    Mistake(
        "one bias for all layers",
        "Your count has H biases in all. Each of the four layers has H of its own.",
        "The + H belongs inside the brackets.",
        answers=(lambda D, H: 4 * H * (D + H) + H,),
    ),
    Mistake(
        "two biases a layer",
        "You count two biases a layer, as PyTorch stores them. They are only ever added, so they "
        "are one; here there is one.",
        "Take 4 H off.",
        answers=(lambda D, H: 4 * (H * (D + H) + 2 * H),),
        misconception=31,
    ),
    Mistake(
        "c counted as input of the layers",
        "You count weights for c too, H · H more in each layer. No layer reads c; they read x and "
        "h.",
        "Which wires meet at the bar?",
        answers=(lambda D, H: 4 * (H * (D + 2 * H) + H),),
        misconception=142,
    ),
)


def _count_cases(rng):
    sizes = [(2, 3), *zip(rng.integers(1, 13, 5), rng.integers(1, 13, 5), strict=True)]
    return [Case((int(D), int(H))) for D, H in sizes]


DIAGRAM = Exercise(
    id="9.1",
    title="The blank diagram",
    minutes=12,
    points=3,
    parts=(
        ValuePart(reference=wires, examine=_examine, mistakes=EXCHANGED),
        FunctionPart(
            reference=count_lstm,
            cases=_count_cases,
            returns=AWholeNumber("a count"),
            mistakes=COUNT_MISTAKES,
            hint="Each yellow box has a W (D, H), a U (H, H) and a b (H).",
        ),
    ),
    hints=(
        "Begin outside: what comes in from the left, and what goes out at the right? Then the four "
        "boxes: where does each one's answer go?",
        "A box's answer that meets the thick line's old c is f. The two that meet each other are i "
        "(σ) and g (tanh). The one that meets tanh_c is o. For the count: four boxes, each H (D + "
        "H) + H.",
        "From top to bottom the boxes' answers L, M, N, Q are f, i, g, o. R is kept, S is written, "
        "V is c, Y is tanh_c, Z is h; A, E, J are c_before, h_before, merged. And `4 * (H * (D + "
        "H) + H)`.",
    ),
    after="Who can name the wires of the blank drawing can write the cell: six of these names are "
    "the left sides of its six equations.",
    why="The thick line is the cell state: it comes in, is multiplied by f, gets i * g added, and "
    "goes out as c. Everything else serves it. Each of the four boxes holds a W of D · H numbers, "
    "a U of H · H and a b of H; the circles hold none.",
)
