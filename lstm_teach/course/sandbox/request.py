"""What the grader asks of a sandbox, as plain values."""

import dataclasses
import os
import secrets
from pathlib import PurePosixPath

from . import bubblewrap

MOST_FILES = 190  # so many open files can be handed over in one message
FIRST_UID = 200_000  # beyond the users of any ordinary machine


def request(limits, connection=None, files=(), look=None):
    """The JSON value that `within/zygote.py` and `within/start.py` read."""
    asked = {
        "uid": FIRST_UID + secrets.randbelow(2**30) if bubblewrap.privileged() else 0,
        "limits": {**dataclasses.asdict(limits), "shm_mb": bubblewrap.SHM_MB},
        "files": list(files),
    }
    if look is not None:
        asked["look"] = look
    else:
        asked["key"] = connection.info["key"]
    return asked


def named_safely(files):
    """The {name: path} of `files`.

    Raises ValueError where a name leads out of its folder, or where there are too many.
    """
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in str(name):
            raise ValueError(
                f"a file's name was expected that stays in the working folder, such as "
                f"data/rows.csv; {name!r} came."
            )
    if len(files) > MOST_FILES:
        raise ValueError(f"at most {MOST_FILES} files can be given; {len(files)} came.")
    return {str(PurePosixPath(name)): os.path.abspath(path) for name, path in files.items()}
