"""Where a test is run: a working folder with the files of the master, as its students have them."""

import contextlib
import shutil
import tempfile
from pathlib import Path


@contextlib.contextmanager
def with_files(files):
    """Work in a folder of copies, {name: path}, and leave it. Without files nothing changes.

    The working folder is one for the whole process, and a process grades one submission at a time.
    """
    if not files:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="lstm-teach-", ignore_cleanup_errors=True) as folder:
        for name, path in files.items():
            copy = Path(folder, name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        with contextlib.chdir(folder):
            yield
