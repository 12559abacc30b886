"""Reading Python without running it: which names a cell binds, and which it uses."""

import ast
import builtins
import re
import symtable
import textwrap
import warnings
from functools import lru_cache

LONGEST = 500_000  # characters of a source that are read
DEFINITION = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
STAR = re.compile(r"^[ \t]*from\s+[\w.]+\s+import\s+\*", re.MULTILINE)
IMPORTED = re.compile(r"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)
WRITTEN = re.compile(r"\s*%%(?:writefile|file)[ \t]+(\w+\.py)[ \t]*\n")
CELL_MAGICS = re.compile(r"\A(?:\s*%%.*\n?)+")
LINE_MAGICS = re.compile(
    r"^([ \t]*)(?:[%!?].*|[\w.]+\?+|\w[\w, .\[\]]*=[ \t]*[%!].*)$", re.MULTILINE
)
BUILTINS = frozenset(dir(builtins)) | {"get_ipython", "display", "In", "Out", "_"}


class TooMuch(Exception):
    """A source is too long, or nested too deep, to be read. Python may run it all the same."""


def parsed(source):
    """The syntax tree of a cell without its magics; None where it is no Python. Raises TooMuch."""
    return _read(source, ast.parse)


@lru_cache(maxsize=500)
def names_bound(source):
    """The names that a cell binds in the notebook: definitions, imports, assignments.

    A cell that writes a module binds its file, "helper.py"; an import of a module's all binds "*".
    """
    if written := WRITTEN.match(source):
        return frozenset(written.groups())
    scopes = _scopes(source)
    if not scopes:
        return frozenset(DEFINITION.findall(source[:LONGEST]))
    found = {one.get_name() for one in scopes[0].get_symbols() if _is_bound(one)}
    for scope in scopes[1:]:
        made = [one for one in scope.get_symbols() if one.is_declared_global()]
        found |= {one.get_name() for one in made if one.is_assigned()}
    return frozenset(found | {"*"} if STAR.search(source) else found)


@lru_cache(maxsize=500)
def names_imported(source):
    """The names that a cell binds by importing them, and in no other way."""
    symbols = (one for scope in _scopes(source)[:1] for one in scope.get_symbols())
    return frozenset(s.get_name() for s in symbols if s.is_imported() and not s.is_assigned())


@lru_cache(maxsize=500)
def names_read(source):
    """The names that a cell reads, its functions included, but does not bind. Modules: "os.py"."""
    scopes = () if WRITTEN.match(source) else _scopes(source)
    symbols = [one for scope in scopes for one in scope.get_symbols()]
    read = {one.get_name() for one in symbols if one.is_referenced() and one.is_global()}
    modules = {f"{name}.py" for name in IMPORTED.findall(source[:LONGEST])}
    return frozenset(read | modules) - names_bound(source)


def names_used(source):
    """The names that a cell reads, its functions included, and does not get from Python."""
    return frozenset(name for name in names_read(source) - BUILTINS if not name.endswith(".py"))


def bare(source):
    """A source without its layout."""
    return "".join(source.split())


def _is_bound(symbol):
    return symbol.is_assigned() or symbol.is_imported()


@lru_cache(maxsize=8)
def _scopes(source):
    """The scopes of a cell, the cell's own first; none where it cannot be read."""
    try:
        top = _read(source, lambda text: symtable.symtable(text, "a cell", "exec"))
    except TooMuch:
        return []
    found = [top] if top else []
    for scope in found:
        found += scope.get_children()
    return found


def _read(source, reader):
    """What the reader makes of a cell, as it is or without its magics; None if it is no Python."""
    if len(source) > LONGEST:
        raise TooMuch
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in (source, _without_magics(source)):
            try:
                return reader(text)
            except (SyntaxError, ValueError):
                continue
            except (RecursionError, MemoryError):
                raise TooMuch from None
    return None


def _without_magics(source):
    """The source without IPython's own: no cell magics on top, its lines as empty statements."""
    return LINE_MAGICS.sub(r"\1pass", textwrap.dedent(CELL_MAGICS.sub("", source)))
