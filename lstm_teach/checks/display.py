"""How results look: one card for notebooks, the same words as plain text.

The card takes its text colour and its background from the page, so it reads in light and in
dark themes. The sign and the word say what the coloured edge says.
"""

import re
from html import escape

EDGES = {"right": "#2e8b57", "wrong": "#d0562b", "not attempted": "#808080", "note": "#4a7fd0"}

CARD = "border-left: 5px solid {edge}; padding: 2px 0 2px 14px; margin: 4px 0; max-width: 60em"
LINE = "margin: 4px 0; max-width: 46em; overflow-wrap: anywhere"
BLOCK = "margin: 2px 0 6px 0; padding: 2px 0; overflow-x: auto"
CODE = "white-space: pre; word-break: normal"
INLINE = "white-space: pre-wrap; overflow-wrap: anywhere"


class Words(str):
    """An exhibit that is somebody's words, not code."""


def plain(result):
    """Heading and message, as text."""
    return f"{result.heading}\n{result.message}"


def message(result):
    """Everything a result says below its heading, as text."""
    lines = [result.says] if result.says else []
    for label, text in result.exhibits:
        if "\n" in text:
            lines += [f"  {label}:"] if label else []
            lines += [f"    {line}".rstrip() for line in text.split("\n")]
        else:
            lines.append(f"  {label}: {text}" if label else f"  {text}")
    if result.hint:
        lines.append(f"Hint: {result.hint}")
    if result.footer:
        lines.append(result.footer)
    return "\n".join(lines)


def html(result):
    """The card. Everything that was not written here is escaped."""
    parts = [f"<strong>{escape(result.heading)}</strong>"]
    parts += [_paragraph(text) for text in result.says.split("\n") if text]
    parts += [_exhibit(label, text) for label, text in result.exhibits]
    if result.hint:
        parts.append(_paragraph(f"Hint: {result.hint}"))
    if result.footer:
        parts.append(_paragraph(result.footer))
    style = CARD.format(edge=EDGES[result.status])
    return (
        f'<div class="lt-check" role="status" data-status="{result.status}" style="{style}">'
        + "".join(parts)
        + "</div>"
    )


def _exhibit(label, text):
    before = f"{escape(label)}: " if label else ""
    if isinstance(text, Words):
        return f'<p style="{LINE}">{before}{prose(text)}</p>'
    if "\n" not in text:
        return f'<p style="{LINE}">{before}<code style="{INLINE}">{escape(text)}</code></p>'
    block = f'<pre tabindex="0" style="{BLOCK}"><code style="{CODE}">{escape(text)}</code></pre>'
    return (f'<p style="{LINE}">{before.strip()}</p>' if label else "") + block


def _paragraph(text):
    return f'<p style="{LINE}">{prose(text)}</p>'


def prose(text):
    """Text as HTML: escaped, and what stands between backticks becomes code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
