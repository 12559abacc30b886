"""The command line of bubblewrap: what a sandbox sees, and what it may.

bubblewrap starts a program in new namespaces with the files that are named here, and no others.
"""

import os
import shutil
import sys
from pathlib import Path

from . import visible

WITHIN = Path(__file__).parent / "within"
HERE = "/sandbox"  # where the folder `within` is seen
SHM_MB = 16
ENVIRONMENT = {
    "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    "PYTHONPATH": HERE,
    "LSTM_TEACH_LIES_IN": str(visible.PACKAGE.parent),
    "PYTHONDONTWRITEBYTECODE": "1",
    "HOME": "/scratch/home",
    "TMPDIR": "/scratch/tmp",
    "MPLCONFIGDIR": "/scratch/matplotlib",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "IPYTHONDIR": "/scratch/home/ipython",
    "USER": "student",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
# what the sandbox may need of root's rights until it has given them up
TO_BECOME_ANOTHER = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
TO_MAKE_NAMESPACES = ("CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_CHOWN", "CAP_DAC_OVERRIDE")


def command(module, *arguments, limits, forking, options=()):
    """The words of a command that runs `within/<module>.py` in a sandbox.

    forking: whether it will make namespaces itself. options: more of bubblewrap's own.
    """
    return [
        shutil.which("bwrap") or "bwrap",
        *_namespaces(forking),
        *_environment(),
        *_files(),
        *_scratch(limits),
        *options,
        *("--chdir", "/", "--", sys.executable, "-s", "-m", f"within.{module}", *arguments),
    ]


def privileged():
    """Whether this process may make namespaces and change its user without a user namespace."""
    needed = (1 << 21) | (1 << 12) | (1 << 8) | (1 << 7) | (1 << 6)  # SYS_ADMIN … SETGID
    with open("/proc/self/status") as file:
        effective = next(int(line.split()[1], 16) for line in file if line.startswith("CapEff"))
    return os.geteuid() == 0 and effective & needed == needed


def _namespaces(forking):
    words = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    rights = TO_MAKE_NAMESPACES if forking else ()
    if privileged():
        rights += TO_BECOME_ANOTHER
    else:
        words.append("--unshare-user")
        if forking:  # otherwise bubblewrap nests another, in which its processes' one is foreign
            words += ["--uid", "0", "--gid", "0"]
            rights += (*TO_BECOME_ANOTHER, "CAP_SETFCAP")  # the last, to map its user once more
    words += ["--cap-drop", "ALL"]
    for right in rights:
        words += ["--cap-add", right]
    return words


def _environment():
    words = ["--clearenv"]
    for name, value in ENVIRONMENT.items():
        words += ["--setenv", name, value]
    return words


def _files():
    words, made = [], {Path("/")}
    for path in visible.read_only():
        for parent in reversed(path.parents):  # open to all, whatever they are outside
            if parent not in made:
                words += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        made.add(path)
        if path.is_symlink():
            words += ["--symlink", os.readlink(path), str(path)]
        else:
            words += ["--ro-bind", str(path), str(path)]
    for folder, instead in visible.covered().items():
        words += ["--ro-bind", str(instead), str(folder)]
    for folder in visible.empty():
        words += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    words += ["--perms", "0755", "--dir", HERE, "--ro-bind", str(WITHIN), f"{HERE}/within"]
    # a shared mapping of /dev/zero would be memory that no limit counts
    return [*words, "--proc", "/proc", "--dev", "/dev", "--dev-bind", "/dev/null", "/dev/zero"]


def _scratch(limits):
    words = []
    if not any(path.is_relative_to("/tmp") for path in visible.read_only()):
        words += ["--symlink", "/scratch/tmp", "/tmp"]  # for who does not look at TMPDIR
    for folder, megabytes in (("/scratch", limits.scratch_mb), ("/dev/shm", SHM_MB)):
        words += ["--perms", "1777", "--size", str(megabytes * 2**20), "--tmpfs", folder]
    for folder in ("/scratch/work", ENVIRONMENT["MPLCONFIGDIR"]):
        words += ["--perms", "0777", "--dir", folder]
    for name, file in visible.font_list().items():
        words += ["--ro-bind", str(file), f"{ENVIRONMENT['MPLCONFIGDIR']}/{name}"]
    return [*words, "--remount-ro", "/dev", "--remount-ro", "/"]
