"""Text of strangers, made safe to show: in a terminal, in a page, in a spreadsheet.

A student chooses names, titles and messages. None of them may move the cursor, turn a line
around, fill a screen or start a formula.
"""

import re
import unicodedata

LONG = 2_000  # characters of one text that are shown
FEW_MARKS = 4  # accents on one letter that are shown; more of them paint over the lines beside

# A terminal's commands: CSI ... letter; OSC ... BEL or ESC \, and its kin; ESC and one letter.
COMMANDS = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
JOINS = "\u200c\u200d"  # Persian and Indian names are not written without them
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain(text, limit=LONG, lines=True):
    """Text without commands to a terminal and without signs that nobody sees.

    What is not to be printed (a control character, a mark that turns writing around, half of a
    pair) becomes �; from `limit` characters on the rest is counted instead. lines: whether line
    breaks and tabs may stay.
    """
    text = str(text)
    beyond = max(0, len(text) - 4 * limit)  # so that a giant costs no time
    text = COMMANDS.sub("", text[: 4 * limit]).replace("\r\n", "\n")
    if len(text) > limit:
        beyond += len(text) - limit
        text = text[:limit]
    shown, marks = [], 0
    for sign in text:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks > FEW_MARKS:
            continue
        shown.append(sign if _seen(sign, kind, lines) else " " if sign in "\n\t\r" else "\ufffd")
    return "".join(shown) + (f" … ({beyond:,} more characters)" if beyond else "")


def few(names, most=20, between=", "):
    """The first names of a list, to print in a line."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return between.join(plain(name, 60, lines=False) for name in names[:most]) + more


def number_of(count, word):
    """A count and what is counted: "1 student", "2 students"."""
    return f"{count} {word}{'s' * (count != 1)}"


def cell(value):
    """A value as a cell of a CSV file: a text that a spreadsheet would compute gets a quote."""
    if not isinstance(value, str):
        return value
    text = plain(value, lines=False)
    return "'" + text if value.startswith(FORMULA) or text.startswith(FORMULA) else text


def _seen(sign, kind, lines):
    """Whether a sign is one to be printed, or a line break where those may be."""
    if sign in "\n\t":
        return lines
    if sign in JOINS:
        return True
    # Cc: controls. Cf: turns of direction and the like. Zl, Zp: line breaks of another kind.
    return kind not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
