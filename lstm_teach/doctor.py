"""Is everything here, and is it one environment?

The commonest way for a book of notebooks to fail is that JupyterLab, the kernel and the
widgets belong to different Pythons: the page opens, and its figures say "model not found".
Each check below yields findings; a finding that is wrong carries the command that mends it.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

KERNEL = "python3"
EXTENSIONS = {"@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets", "anywidget": "anywidget"}
TOOLS = {  # not needed for reading; what each is for, and Debian's name for it
    "chromium": ("tests in a real JupyterLab", "chromium"),
    "node": ("tests that JavaScript and Python agree", "nodejs"),
    "bwrap": ("grading notebooks of strangers safely", "bubblewrap"),
}
SETTINGS = "share/jupyter/lab/settings/overrides.d/lstm_teach.json"
PROBE = """
import json, sys
from importlib import metadata
found = {"prefix": sys.prefix}
for name in ("ipykernel", "ipywidgets", "anywidget", "lstm-teach"):
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at. status: "ok", "optional" (missing, reading works) or "wrong"."""

    status: str
    what: str
    said: str
    mend: str = ""


def examine(book):
    """Every finding, in the order in which a reader should mend them."""
    checks = (_python, _packages, _server, _kernel, _extensions, _settings, _tools)
    findings = [finding for check in checks for finding in check()]
    if book is None:
        findings.append(
            Finding("optional", "the book", "not here", "cd to the folder you cloned it into")
        )
    else:
        findings.append(Finding("ok", "the book", str(book)))
    return findings


def kernel_python():
    """The Python that JupyterLab starts for the kernel python3, or None if there is none."""
    spec = _kernelspec()
    return None if spec is None else _program(spec.argv[0])


def _command(*words):
    """A command for this Python, to be pasted into a shell."""
    return " ".join(f'"{w}"' if " " in w or ">" in w else w for w in (sys.executable, *words))


def _version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _requirements(name):
    """What an installed package asks for on this machine, extras left out."""
    from packaging.requirements import Requirement

    found = (Requirement(line) for line in metadata.requires(name) or ())
    return [r for r in found if r.marker is None or r.marker.evaluate({"extra": ""})]


def _python():
    yield Finding("ok", "Python", f"{sys.version.split()[0]} in {sys.prefix}")


def _packages():
    yield Finding("ok", "lstm_teach", _version("lstm-teach") or "here, but not installed")
    needed = _requirements("lstm-teach") if _version("lstm-teach") else []
    # ipywidgets says which jupyterlab_widgets it can talk to
    needed += [r for r in _requirements("ipywidgets") if "jupyterlab" in r.name] if needed else []
    for requirement in needed:
        have = _version(requirement.name)
        if have and requirement.specifier.contains(have, prereleases=True):
            yield Finding("ok", requirement.name, have)
        else:
            said = f"{have}, but {requirement.specifier} is needed" if have else "not installed"
            wanted = f"{requirement.name}{requirement.specifier}"
            yield Finding("wrong", requirement.name, said, _command("-m", "pip", "install", wanted))


def _server():
    found = shutil.which("jupyter")
    if found is None or _same(Path(found).parent, Path(sys.executable).parent):
        yield Finding("ok", "notebook server", "JupyterLab of this environment")
    else:
        yield Finding(
            "optional",
            "notebook server",
            f"`jupyter lab` would start another one, {found}",
            f"start the book with: {_command('-m', 'lstm_teach.cli', 'lab')}",
        )


def _kernelspec():
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")  # as `lstm-teach lab` has it
    try:
        return KernelSpecManager().get_kernel_spec(KERNEL)
    except (NoSuchKernel, ValueError, OSError):
        return None


def _program(name):
    if name in ("python", "python3", f"python3.{sys.version_info.minor}"):
        return Path(sys.executable)  # as jupyter_client reads these names
    found = shutil.which(name)
    return Path(found) if found else Path(name)


def _kernel():
    what = f"kernel {KERNEL}"
    install = _command("-m", "ipykernel", "install", "--sys-prefix", "--name", KERNEL)
    spec = _kernelspec()
    if spec is None:
        yield Finding("wrong", what, "no kernelspec found", install)
        return
    remove = _command("-m", "jupyter", "kernelspec", "remove", "-f", KERNEL)
    mend = install if _inside(sys.prefix, spec.resource_dir) else remove
    program = _program(spec.argv[0])
    try:
        answer = subprocess.run(
            [program, "-c", PROBE], capture_output=True, text=True, timeout=60, check=True
        )
        found = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, json.JSONDecodeError):
        said = f"{spec.resource_dir} names {program}, which does not start"
        yield Finding("wrong", what, said, mend)
        return
    if not _same(found["prefix"], sys.prefix):
        has = "has" if "lstm-teach" in found else "has not even"
        said = f"{spec.resource_dir} starts another Python, {found['prefix']}; it {has} lstm_teach"
        yield Finding("wrong", what, said, mend)
        return
    yield Finding("ok", what, "starts in this environment")
    for name in ("ipywidgets", "anywidget"):
        if found.get(name) != _version(name):
            said = f"{found.get(name)} in the kernel, {_version(name)} in the server"
            yield Finding("wrong", name, said, _command("-m", "pip", "install", "-U", name))


def _extensions():
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_page_config

    folders = jupyter_path("labextensions")
    disabled = get_page_config(folders).get("disabledExtensions", [])
    for name, package in EXTENSIONS.items():
        again = _command("-m", "pip", "install", "--force-reinstall", "--no-deps", package)
        files = [Path(folder, name, "package.json") for folder in folders]
        file = next((file for file in files if file.is_file()), None)
        what = f"lab extension {name}"
        if file is None:
            yield Finding("wrong", what, "not found, so figures cannot appear", again)
        elif name in disabled:
            mend = _command("-m", "jupyter", "labextension", "enable", name)
            yield Finding("wrong", what, "switched off", mend)
        elif not _inside(sys.prefix, file):
            said = f"{file.parent} hides the one of this environment"
            yield Finding("wrong", what, said, f"move {file.parent} out of the way")
        else:
            found = json.loads(file.read_text(encoding="utf-8"))["version"]
            if name == package and found != _version(package):
                said = f"{found}, but the kernel side is {_version(package)}"
                yield Finding("wrong", what, said, again)
            else:
                yield Finding("ok", what, found)


def _settings():
    path = Path(sys.prefix, SETTINGS)
    what = "figures saved with a notebook"
    if path.is_file():
        yield Finding("ok", what, "switched on")
    else:
        mend = "in the book's folder: " + _command("-m", "pip", "install", "--no-deps", "-e", ".")
        yield Finding("wrong", what, "the setting is not in this environment", mend)


def _tools():
    for name, (purpose, package) in TOOLS.items():
        if shutil.which(name):
            yield Finding("ok", name, f"for {purpose}")
        else:
            mend = f"sudo apt-get install {package}"
            yield Finding("optional", name, f"missing; only for {purpose}", mend)
    if version := _version("nbgrader"):
        yield Finding("ok", "nbgrader", f"{version}, for courses")
    else:
        mend = _command("-m", "pip", "install", "nbgrader>=0.9.5")
        yield Finding("optional", "nbgrader", "missing; only for courses", mend)


def _same(a, b):
    return os.path.realpath(a) == os.path.realpath(b)


def _inside(folder, path):
    return Path(folder).resolve() in Path(path).resolve().parents
