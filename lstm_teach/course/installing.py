"""Giving a fresh kernel the code that answers the grader."""

import base64
import marshal
from functools import cache
from pathlib import Path

from lstm_teach.checks import guard

from .conversation import Silent

INSIDE = Path(__file__).parent / "inside"
VALUES = Path(__file__).parent / "values"
SENT = {
    "harness": INSIDE / "harness.py",
    "watch": INSIDE / "watch.py",
    "checks": INSIDE / "checks" / "__init__.py",
    "values/rules": VALUES / "rules.py",
    "values/encoding": VALUES / "encoding.py",
    "values/decoding": VALUES / "decoding.py",
    "guard": Path(guard.__file__),
}
# The code comes as an answer: IPython would take long to read it in a cell.
INSTALL = """
def _():
    import base64, marshal
    code = marshal.loads(base64.b64decode(get_ipython().kernel.raw_input("")))
    names = {"CODE": code}
    exec(code["harness"], names)
    names["install"](get_ipython())
_()
del _
"""
SECONDS = (4, 10, 40)  # a question that a young kernel asks may be lost: ask again


def install(talk):
    """Install the harness over a Conversation. Raises Silent where the kernel does not take it."""
    for seconds in SECONDS:
        ended = talk.run(INSTALL, seconds, given=_code())
        if ended.status != "unfinished":
            break
    if ended.status != "ok":
        raise Silent(f"a fresh kernel did not take the harness: {ended.says}")


@cache
def _code():
    """{name: code} of what the kernel is sent, as text: its Python is ours, so it can read it."""
    texts = {name: path.read_text(encoding="utf-8") for name, path in SENT.items()}
    code = {name: compile(text, "<frozen grader>", "exec") for name, text in texts.items()}
    return base64.b64encode(marshal.dumps(code)).decode()
