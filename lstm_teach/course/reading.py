"""Reading Python without running it: which names a cell binds, and which it uses."""

import ast
import builtins
import re
import warnings
from functools import lru_cache

LONGEST = 500_000  # characters of a source that are parsed
DEFINITION = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
BUILTINS = frozenset(dir(builtins)) | {"get_ipython", "display", "In", "Out", "_"}


def parsed(source):
    """The syntax tree of a cell, its magics left out; None where it cannot be parsed."""
    if len(source) > LONGEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in (source, _without_magics(source)):
            try:
                return ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return None


@lru_cache(maxsize=2000)
def names_bound(source):
    """The names that a cell binds in the notebook: definitions, imports, assignments."""
    tree = parsed(source)
    if tree is None:
        return frozenset(DEFINITION.findall(source[:LONGEST]))
    found = set()
    for node in _outside_functions(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).split(".")[0] for name in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return frozenset(found)


@lru_cache(maxsize=2000)
def names_used(source):
    """The names that a cell reads, its functions included, and does not get from Python."""
    tree = parsed(source)
    if tree is None:
        return frozenset()
    local = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    inside = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return frozenset(read - local - inside - BUILTINS)


def unreadable_python(source):
    """What is wrong with a source as Python, or "" """
    try:
        ast.parse(source)
    except SyntaxError as error:
        return f"line {error.lineno} is not Python: {error.msg}"
    return ""


def _outside_functions(node):
    """All nodes of a tree but those inside functions and classes."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
        ):
            yield from _outside_functions(child)


def _without_magics(source):
    """The source with IPython's own lines made into empty statements."""
    if source.lstrip().startswith("%%"):
        return ""
    return re.sub(r"^([ \t]*)[%!?].*$|^([ \t]*)[\w.]+\?+$", r"\1\2pass", source, flags=re.MULTILINE)
