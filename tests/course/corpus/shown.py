"""Hostile submissions whose words want to do something where they are shown.

What a student writes comes back in the feedback, in the record, on the terminal of the grader and
in a spreadsheet. Text stays text in all of them. `rnn_step` is wrong, so that it is talked about.
"""

from .making import APART, FULL, Entry, answers, changed, lost, notebook, to_bytes

ONE = lost("rnn-step")
SCRIPT = (
    "<script>document.title='SCRIPTED'</script><img src=x onerror=\"document.title='SCRIPTED'\">"
)
CLOSING = "</pre></code></td></table></body></html><!-- ]]> --> {{ 7*7 }} {% raw %} ${7*7} `x`"
TERMINAL = (
    "\\x1b]0;SCRIPTED\\x07\\x1b[2J\\x1b[31m\\x1b[?25l\\x9b31m\\x00\\x08\\x7f\\r\\u202e\\u2066"
)

PRINTS = f"""
def rnn_step(x, h, W, U, b):
    print({SCRIPT!r} * 10)
    print({CLOSING!r})
    print("{TERMINAL}")
    return "{TERMINAL}" + {SCRIPT + CLOSING!r}

print("{TERMINAL}")
print({SCRIPT!r})
"""
RAISES = f"""
def rnn_step(x, h, W, U, b):
    raise ValueError({SCRIPT + CLOSING!r} + "{TERMINAL}")    # {SCRIPT}
"""
HTML_OUTPUT = f"""
from IPython.display import HTML, Javascript, SVG, display

def rnn_step(x, h, W, U, b):
    display(HTML({SCRIPT!r}), Javascript("document.title='SCRIPTED'"))
    return h

display(HTML({SCRIPT!r}))
display({{"application/javascript": "document.title='SCRIPTED'", "text/html": {SCRIPT!r},
         "image/svg+xml": "<svg onload=\\"document.title='SCRIPTED'\\"></svg>",
         "text/plain": "{TERMINAL}"}}, raw=True)
"""
CLASS_NAME = f"""
Odd = type({SCRIPT!r}, (), {{}})
Bad = type({SCRIPT!r}, (Exception,), {{}})

def rnn_step(x, h, W, U, b):
    return Odd()
"""
ERROR_NAME = f"""
Bad = type("{TERMINAL}" + {SCRIPT!r}, (Exception,), {{}})

def rnn_step(x, h, W, U, b):
    raise Bad("=HYPERLINK(1)")
"""
REASON = f"""
def prediction():
    return "C", {SCRIPT + CLOSING!r} + " because of " + "{TERMINAL}" + "=cmd|' /C calc'!A0"
"""
WRONG_REASON = f"""
def prediction():
    return "A", {SCRIPT + CLOSING!r} + " because of " + "{TERMINAL}"
"""
FUNCTION_NAME = """
exec(compile("def rnn_step(x, h, W, U, b): return missing", SCRIPT, "exec"))
rnn_step.__name__ = rnn_step.__qualname__ = SCRIPT
rnn_step.__code__ = rnn_step.__code__.replace(co_name=SCRIPT, co_filename="/etc/passwd")
""".replace("SCRIPT", repr(SCRIPT))


def _markdown(made):
    import nbformat

    made.cells.insert(0, nbformat.v4.new_markdown_cell(SCRIPT + CLOSING))
    made.metadata["title"] = made.metadata["authors"] = SCRIPT
    for cell in made.cells:
        if cell.cell_type == "markdown":
            cell["attachments"] = {SCRIPT: {"image/svg+xml": SCRIPT}}


def _odd_grade_id(made):
    import nbformat

    mark = {"grade_id": SCRIPT, "solution": True, "grade": False, "schema_version": 3}
    made.cells.append(nbformat.v4.new_code_cell("1", metadata={"nbgrader": mark}))
    made.cells[-1]["id"] = SCRIPT
    made.metadata["kernelspec"]["name"] = SCRIPT


ENTRIES = [
    Entry("shown_printed", answers(rnn_step=PRINTS), ONE, "Printed and returned."),
    Entry("shown_raised", answers(rnn_step=RAISES), ONE, "In an error's message and its line."),
    Entry("shown_as_html", answers(rnn_step=HTML_OUTPUT), ONE, "As rich output."),
    Entry("shown_class_name", answers(rnn_step=CLASS_NAME), ONE, "The name of a class."),
    Entry("shown_error_name", answers(rnn_step=ERROR_NAME), ONE, "The name of an error."),
    Entry("shown_function_name", answers(rnn_step=FUNCTION_NAME), ONE, "Of code and file."),
    Entry("shown_reason", answers(order=REASON), FULL, "A sentence that is kept and shown."),
    Entry("shown_wrong_reason", answers(order=WRONG_REASON), lost("order"), "The same, wrong."),
    Entry("shown_markdown", changed(_markdown), FULL, "Script in text cells and metadata."),
    Entry("shown_grade_id", changed(_odd_grade_id), FULL, "Script in the name of a cell."),
]
# Names that a student may have, on a disk that takes them.
NAMES = {
    "tag": "<b onmouseover=alert(1)>x<b>",
    "formula": "=cmd|' !A0",
    "plus": "+1+1",
    "at": "@SUM(1)",
    "dots": "..x",
    "dash": "-rf",
    "newline": "two\nlines",
    "terminal": "red\x1b[31m",
    "quote": 'o\'brien "x"; drop',
    "comma": "comma, semicolon; tab\there",
    "emoji": "🦊 李小龙",
    "right_to_left": "\u202egpj.exe",
    "composed": "Zo\u00eb",
    "decomposed": "Zoe\u0308",
    "upper": "SAME",
    "lower": "same",
    "device": "con",
    "percent": "%2e%2e%2f",
    "long": "n" * 240,
    "space": " ",
}


def named():
    """(name, bytes) of a right answer for every odd name; the same file, so students differ."""
    source = to_bytes(notebook(APART))
    return [(name, source) for name in NAMES.values()]
