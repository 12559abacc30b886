"""Runs a command as an ordinary user, for tests that root runs.

Python, its environment or the repository may lie in a folder that only root may enter. In a mount
namespace of the command alone such a folder is covered by an empty one, with only these in it:
nothing on the machine changes.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

USER = 12345


def run(words, folder, repository):
    """subprocess.run as user 12345, whose home is in `folder`. Raises CalledProcessError."""
    home = Path(folder, "home")
    home.mkdir()
    os.chown(home, USER, USER)
    script = [*_way_in([sys.base_prefix, sys.prefix, str(repository)], Path(folder, "side"))]
    script.append(f"cd {shlex.quote(str(repository))}")
    script.append(f"exec setpriv --reuid {USER} --regid {USER} --clear-groups {shlex.join(words)}")
    return subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", " && ".join(script)],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": "/tmp"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def _way_in(paths, side):
    """Shell commands after which everybody may enter these folders."""
    kept, covered = {}, set()
    for number, path in enumerate(dict.fromkeys(map(os.path.realpath, paths))):
        if closed := _closed(Path(path)):
            kept[path] = side / str(number)
            covered.add(closed)
    for path, beside in kept.items():
        yield shlex.join(["mkdir", "-p", str(beside)])
        yield shlex.join(["mount", "--bind", path, str(beside)])
    for folder in covered:
        yield shlex.join(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(folder)])
    for path, beside in kept.items():
        yield shlex.join(["mkdir", "-p", path])
        yield shlex.join(["mount", "--bind", str(beside), path])


def _closed(path):
    """The first folder on the way to `path` that others may not enter, or None."""
    return next((p for p in [*reversed(path.parents), path] if not p.stat().st_mode & 1), None)
