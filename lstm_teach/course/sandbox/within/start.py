"""One kernel in a sandbox of its own: bubblewrap has made the namespaces, this does the rest.

The request comes as JSON on the standard input; see `sandbox/request.py`.
"""

import json
import os
import sys

from . import confine, lookout


def main():
    request = json.load(sys.stdin)
    nothing_on((0,))
    forget_the_way_here()
    confine.limit(request["limits"])
    confine.become(request["uid"])
    make_folders()
    if "look" in request:
        print(json.dumps(lookout.look(request["look"])))
        return
    from . import kernel

    app = kernel.prepared(request["descriptors"], request["key"])
    nothing_on((1, 2))
    app.start()


def nothing_on(descriptors):
    """Read nothing from these, write to nowhere."""
    nothing = os.open("/dev/null", os.O_RDWR)
    for descriptor in descriptors:
        os.dup2(nothing, descriptor)
    os.close(nothing)


def forget_the_way_here():
    """A notebook should not import this folder by accident, and should find the package."""
    way, package = os.environ.pop("PYTHONPATH", ""), os.environ.pop("LSTM_TEACH_LIES_IN")
    sys.path[:] = [folder for folder in sys.path if folder not in ("", "/", way)]
    if package not in sys.path:
        sys.path.append(package)


def make_folders():
    """The folders in the scratch space that the environment variables name; go to work."""
    for name in ("HOME", "TMPDIR", "MPLCONFIGDIR"):
        os.makedirs(os.environ[name], exist_ok=True)
    os.makedirs("/scratch/work", exist_ok=True)
    os.chdir("/scratch/work")


if __name__ == "__main__":
    main()
