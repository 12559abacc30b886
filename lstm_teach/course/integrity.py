"""Signs of forgery, for a person to look at. None of them takes a point by itself.

What earns points is right numbers for fresh inputs; a forger who gives these has an answer.
"""

import ast
import secrets

from .plain import plain
from .reading import parsed

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
FOR_A_PERSON = {"equals_everything", "unsteady", "malformed"}
MOST_SAID = 12

SAYS = {
    "patched": "Something that checks rest on was patched in the notebook's kernel: {}.",
    "transforms": "The notebook transforms its own code before it runs: {}.",
    "traced": "The notebook watches the code that runs in its kernel: {}.",
}


def suspicious(rebuilt):
    """Flags for what stands in the student's own cells."""
    found = {}
    for source in [*rebuilt.sources.values()]:
        for what, good_for in _in_source(source or ""):
            found.setdefault(what, good_for)
    if not found:
        return []
    said = "; ".join(f"{what} ({why})" for what, why in list(found.items())[:MOST_SAID])
    says = f"The source names what an exercise has no use for: {plain(said, 400)}."
    return [("suspicious_source", says, True)]


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


def _in_source(source):
    for text in TEXTS:
        if text in source:
            yield text, "names what belongs to the grader"
    tree = parsed(source)
    if tree is None:
        return
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
            if node.attr in ATTRIBUTES:
                yield f".{node.attr}", ATTRIBUTES[node.attr]
            if (owner, node.attr) == ("sys", "modules"):
                yield "sys.modules", "reaches into modules"
            if node.attr == "kernel" and "get_ipython" in source:
                yield ".kernel", "talks with the grader"
            if node.attr.startswith("chapter_"):
                yield f".{node.attr}", "names the checks"
        elif isinstance(node, ast.Name) and node.id in NAMES:
            yield node.id, NAMES[node.id]


def _module(name):
    first = name.split(".")[0]
    if first in MODULES:
        yield first, MODULES[first]
    if name.startswith("lstm_teach.checks") or name.startswith("lstm_teach.course"):
        yield name, "names what belongs to the grader"
    if name in ("sys.modules", "os._exit"):
        yield name, "reaches into modules"
