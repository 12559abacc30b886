"""What a sandboxed kernel sees of this machine's files: the system, Python, this package."""

import os
import sys
import sysconfig
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
CONFIGURATION = ("ld.so.cache", "alternatives", "fonts", "localtime")  # in /etc
EXCHANGE = (Path("/usr/local/share/nbgrader"),)  # where nbgrader collects by default
OF_A_PYTHON = ("bin", "lib", "lib64", "pyvenv.cfg")  # and nothing else that lies beside them


def read_only():
    """The folders and files that are visible, parents before what lies in them."""
    found = [Path(path) for path in SYSTEM]
    found += [Path("/etc") / name for name in CONFIGURATION]
    found += [Path(prefix) / name for prefix in _prefixes() for name in OF_A_PYTHON]
    found += [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
    found += _site_packages()
    found.append(PACKAGE)
    chosen = []
    for path in sorted({p for p in found if p.exists()}, key=lambda p: len(p.parts)):
        if path.is_symlink() or not any(path.is_relative_to(c) for c in chosen):
            chosen.append(path)
    return chosen


def empty():
    """Folders inside the visible ones that must look empty.

    The grader's code, collected submissions, other copies of this package with their checks.
    """
    copies = {Path(p, PACKAGE.name).resolve() for p in _site_packages()} - {PACKAGE}
    return [PACKAGE / "course", *filter(Path.is_dir, (*EXCHANGE, *sorted(copies)))]


def private():
    """{folder of the grader: names in it that a sandbox may show, as the way to visible ones}."""
    shown = read_only()
    return {
        str(folder): sorted({p.relative_to(folder).parts[0] for p in shown if folder in p.parents})
        for folder in {Path(os.path.expanduser("~")).resolve(), Path.cwd()} - {Path("/")}
    } | {str(folder): [] for folder in empty()}


def covered():
    """{folder: what is seen in its place}: the checks know the right answers."""
    return {PACKAGE / "checks": PACKAGE / "course" / "inside" / "checks"}


def font_list():
    """Matplotlib's list of fonts, made once: a private one would cost seconds. {name: file}."""
    import matplotlib

    folder = Path(matplotlib.get_cachedir())
    return {file.name: file for file in folder.glob("fontlist-*.json")}


def _site_packages():
    folders = [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]
    return [Path(p) for p in (sysconfig.get_path("purelib"), *folders)]


def _prefixes():
    python = Path(os.path.realpath(sys.executable)).parent.parent
    return {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, str(python)}
