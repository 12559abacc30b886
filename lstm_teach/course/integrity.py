"""Signs of forgery, for a person to look at. None of them takes a point by itself.

What earns points is right numbers for fresh inputs; a forger who gives these has an answer.
"""

import ast
import re
import secrets

from .plain import plain
from .reading import TooMuch, parsed

# Modules and names that an exercise of the book has no use for, and what they are good for.
MODULES = {
    "ctypes": "reaches into Python itself",
    "faulthandler": "reaches into Python itself",
    "gc": "finds objects of others",
    "importlib": "loads modules by name",
    "inspect": "reads code and frames",
    "linecache": "reads source files",
    "marshal": "reads compiled code",
    "multiprocessing": "starts processes",
    "pickle": "makes objects run code",
    "requests": "uses the network",
    "shutil": "works on files",
    "signal": "catches interrupts",
    "socket": "uses the network",
    "subprocess": "starts programs",
    "traceback": "reads frames",
    "urllib": "uses the network",
    "zmq": "talks with the grader",
}
ATTRIBUTES = {
    "_exit": "ends Python at once",
    "_getframe": "reads the frames of callers",
    "ast_transformers": "rewrites code before it runs",
    "input_transformers_cleanup": "rewrites code before it runs",
    "input_transformers_post": "rewrites code before it runs",
    "settrace": "watches code run",
    "setprofile": "watches code run",
    "set_custom_exc": "hides errors",
    "showtraceback": "hides errors",
    "f_back": "reads the frames of callers",
    "__code__": "rewrites functions",
    "__globals__": "reads the names of others",
    "__subclasses__": "finds objects of others",
}
NAMES = {"__import__": "loads modules by name", "__builtins__": "changes Python's own functions"}
TEXTS = ("lstm_teach.checks", "HIDDEN TESTS", "lstm_teach_harness", "/proc/", "gradebook.db")
FOR_A_PERSON = {"equals_everything", "unsteady", "malformed", "stuck"}
MOST_SAID = 12
IMPORT = re.compile(r"\bfrom\s+([\w.]+)\s+import\b|\bimport\s+([\w., \t]+)")
ATTRIBUTE = re.compile(r"(\bsys\s*)?\.\s*(\w+)")

SAYS = {
    "patched": "Something that checks rest on was patched in the notebook's kernel: {}.",
    "transforms": "The notebook transforms its own code before it runs: {}.",
    "traced": "The notebook watches the code that runs in its kernel: {}.",
}


def suspicious(rebuilt):
    """Flags for what stands in the student's own cells."""
    found, unread = {}, []
    for name, source in rebuilt.parts():
        try:
            tree = parsed(source)
        except TooMuch:
            tree = None
            unread.append(name)
        for what, good_for in _in_source(source, tree):
            found.setdefault(what, good_for)
    flags = []
    if found:
        said = "; ".join(f"{what} ({why})" for what, why in list(found.items())[:MOST_SAID])
        says = f"The source names what an exercise has no use for: {plain(said, 400)}."
        flags.append(("suspicious_source", says, True))
    if unread:
        says = f"Too long, or nested too deep, to be looked at: {plain(', '.join(unread), 300)}."
        flags.append(("unread_source", says, True))
    return flags


def in_kernel(there):
    """Flags for what the student's code has changed in its kernel, and for canaries that live."""
    flags = []
    changed = {}
    for sort, what in there.changed():
        changed.setdefault(sort, []).append(what)
    for sort, names in changed.items():
        if sort in SAYS:
            says = SAYS[sort].format(plain(", ".join(names[:MOST_SAID]), 300))
            flags.append((sort, says, True))
    for name, source, expected in canaries():
        ended = there.run_cell(source, 10)
        if ended.status != "error" or expected not in ended.says:
            flags.append(
                ("canary", f"A line that has to fail did not fail as it should: {name}.", True)
            )
    return flags


def canaries():
    """(name, source, what its error must say): each of these cells must fail."""
    token = secrets.token_hex(8)
    yield "assert False", f"assert 0 == 1, {token!r}", f"AssertionError: {token}"
    yield "an error", f"raise LookupError({token!r})", f"LookupError: {token}"
    yield (
        "numpy.testing.assert_allclose(1, 2)",
        f"import numpy.testing as _t\n_t.assert_allclose(1.0, 2.0, err_msg={token!r})",
        token,
    )


def _in_source(source, tree):
    """(what, what it is good for) of all that stands in a source; tree: None if it is no Python."""
    for text in TEXTS:
        if text in source:
            yield text, "names what belongs to the grader"
    yield from _in_words(source) if tree is None else _in_tree(tree, source)


def _in_words(source):
    """What the words of a source name that is not read as Python. The kernel may run it still."""
    for module, modules in IMPORT.findall(source):
        for name in (module or modules).split(","):
            yield from _module(name.strip())
    for owner, name in ATTRIBUTE.findall(source):
        yield from _attribute(owner.strip(), name, source)
    for name, good_for in NAMES.items():
        if name in source:
            yield name, good_for


def _in_tree(tree, source):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield from _module(name.name)
        elif isinstance(node, ast.ImportFrom):
            yield from _module(node.module or "")
            for name in node.names:
                yield from _module(f"{node.module}.{name.name}")
        elif isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            yield from _attribute(owner, node.attr, source)
        elif isinstance(node, ast.Name) and node.id in NAMES:
            yield node.id, NAMES[node.id]


def _attribute(owner, name, source):
    if name in ATTRIBUTES:
        yield f".{name}", ATTRIBUTES[name]
    if (owner, name) == ("sys", "modules"):
        yield "sys.modules", "reaches into modules"
    if name == "kernel" and "get_ipython" in source:
        yield ".kernel", "talks with the grader"
    if name.startswith("chapter_"):
        yield f".{name}", "names the checks"


def _module(name):
    first = name.split(".")[0]
    if first in MODULES:
        yield first, MODULES[first]
    if name.startswith("lstm_teach.checks") or name.startswith("lstm_teach.course"):
        yield name, "names what belongs to the grader"
    if name in ("sys.modules", "os._exit"):
        yield name, "reaches into modules"
