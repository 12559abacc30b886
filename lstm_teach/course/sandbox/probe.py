"""Can this machine confine a kernel? Tried, not guessed; and what to mend where it cannot."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from . import visible
from .limits import Limits, SandboxMissing

TRY = ("--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true")
LINUX = (
    "Grade on Linux: in WSL 2 on Windows, in a virtual machine, or in a container that allows "
    "user namespaces."
)
INSTALL = "Install it: sudo apt-get install bubblewrap (Fedora: sudo dnf install bubblewrap)."
NEWER = "Install bubblewrap 0.7 or newer; Debian 12 and Ubuntu 24.04 have it."
APPARMOR = (
    "AppArmor keeps programs from making user namespaces. Until the next start of this machine: "
    "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0. For good, and for bubblewrap "
    "alone: sudo apt-get install apparmor-profiles, then sudo ln -s "
    "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ and sudo systemctl "
    "reload apparmor."
)
SETTINGS = Path("/proc/sys")
SYSCTLS = {  # what forbids user namespaces: the setting, its bad value, the remedy
    "kernel/apparmor_restrict_unprivileged_userns": ("1", APPARMOR),
    "kernel/unprivileged_userns_clone": ("0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
    "user/max_user_namespaces": ("0", "sudo sysctl user.max_user_namespaces=10000"),
}
CONTAINER = (
    "This is a container, and it may not make namespaces. Start it with: docker run "
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt "
    "systempaths=unconfined … (podman takes the same), or grade outside it."
)
ELSEWHERE = "Start the command in a folder that belongs to no Python and not to the system."
UNKNOWN = (
    "bubblewrap should run here as it is; `bwrap --unshare-all --ro-bind / / true` tells more. "
    "Ask the administrator of this machine for unprivileged user namespaces, or grade in a "
    "virtual machine."
)


class Finding(NamedTuple):
    """One thing that was tried: its name, whether it worked, what was seen, how to mend it."""

    name: str
    ok: bool
    says: str
    remedy: str = ""


@dataclass(frozen=True)
class Probe:
    """works: whether kernels can be confined here. findings: what was tried."""

    works: bool
    findings: tuple[Finding, ...]


def probe(limits=None):
    """Start a sandbox and look out of it. Returns a Probe; changes nothing.

    Without the fork server grading works, and is slower.
    """
    found = requirements()
    if not all(finding.ok for finding in found):
        return Probe(False, found)
    from .cold import Cold
    from .warm import Warm

    limits = limits or Limits()
    cold = _try("a look out of the sandbox", Cold, limits)
    warm = _try("fork server", Warm, limits)
    if not warm.ok:
        warm = warm._replace(says=f"{warm.says}; without it each kernel takes a second longer")
    return Probe(cold.ok, (*found, cold, warm))


def requirements():
    """Findings on what must be here before anything can be tried, up to the first that is not."""
    found = []
    for check in (_linux, _bubblewrap, _filter, _namespaces):
        found.append(check())
        if not found[-1].ok:
            break
    return tuple(found)


def seen_from_inside(way):
    """What a process that `way` confines sees and should not: sentences, or nothing.

    Raises SandboxMissing if it cannot be started.
    """
    with (
        tempfile.NamedTemporaryFile(prefix="lt-secret-") as secret,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as local,
    ):
        abstract = f"lt-{os.urandom(8).hex()}"
        local.bind("\0" + abstract)
        local.listen()
        return way.look(
            {
                "port": tcp.getsockname()[1],
                "abstract": abstract,
                "secret": secret.name,
                "private": visible.private(),
                "root": os.geteuid() == 0,
                "package": str(visible.PACKAGE),
                "stand_in": [
                    n for folder in visible.covered().values() for n in os.listdir(folder)
                ],
            }
        )


def remedy(said):
    """What to do about a complaint: the first reason that is found on this machine."""
    if said.startswith("it could see"):
        return ELSEWHERE
    if "Unknown option" in said:
        return NEWER
    if not re.search("permi|denied|namespace|no space", said, re.IGNORECASE):
        return UNKNOWN
    for name, (bad, words) in SYSCTLS.items():
        path = SETTINGS / name
        if path.is_file() and path.read_text().strip() == bad:
            return words
    return CONTAINER if in_a_container() else UNKNOWN


def in_a_container():
    """Whether this looks like the inside of a container."""
    marks = ("/.dockerenv", "/run/.containerenv", "/run/systemd/container")
    return "container" in os.environ or any(map(os.path.exists, marks))


def _linux():
    if sys.platform != "linux":
        return Finding("Linux", False, f"this is {sys.platform}", LINUX)
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return Finding(
            "Linux", False, f"{os.uname().release} is too old", "Use Linux 5.3 or newer."
        )
    return Finding("Linux", True, os.uname().release)


def _bubblewrap():
    found = shutil.which("bwrap")
    if found is None:
        return Finding("bubblewrap", False, "there is no program bwrap on the PATH", INSTALL)
    said = subprocess.run([found, "--help"], capture_output=True, text=True)
    if "--size" not in said.stdout + said.stderr:
        return Finding("bubblewrap", False, f"{found} is too old: it has no --size", NEWER)
    return Finding("bubblewrap", True, found)


def _filter():
    from .within import seccomp

    try:
        seccomp.program()
    except OSError as error:
        return Finding("seccomp", False, str(error), "Grade on a machine with x86_64 or arm64.")
    return Finding("seccomp", True, "the filter of system calls is known for this machine")


def _namespaces():
    done = subprocess.run(["bwrap", *TRY], capture_output=True, text=True)
    if done.returncode == 0:
        return Finding("namespaces", True, "bubblewrap can make them")
    said = " ".join(done.stderr.split()) or f"bwrap ended with {done.returncode}"
    return Finding("namespaces", False, said, remedy(said))


def _try(name, way, limits):
    try:
        started = way(limits)
        try:
            seen = seen_from_inside(started)
        finally:
            started.close()
    except SandboxMissing as error:
        return Finding(name, False, error.message, remedy(error.message))
    if seen:
        return Finding(name, False, "; ".join(seen), remedy(seen[0]))
    return Finding(name, True, "nothing of the grader is visible, and no network")
