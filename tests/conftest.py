"""What every test may use: `needs(tool)`, one BLAS thread, and hypothesis without a stop-watch."""

import os
import shutil

# Small matrices gain nothing from threads, and two cores are shared with a browser and kernels.
# Set before NumPy loads; the kernels and servers that tests start inherit it.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import hypothesis  # noqa: E402
import pytest  # noqa: E402

hypothesis.settings.register_profile("book", deadline=None, print_blob=True)
hypothesis.settings.load_profile("book")

TOOLS = {
    "bwrap": (("bwrap",), "bubblewrap, the sandbox"),
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "a Chromium browser"),
    "git": (("git",), "git"),
    "make": (("make",), "make"),
    "node": (("node", "nodejs"), "Node.js"),
}


def needs(tool):
    """The path of a tool that is not a Python package, such as "chromium", "node" or "bwrap".

    Where it is missing the test is skipped and says why; with LSTM_TEACH_REQUIRE_ALL=1, as in
    continuous integration, it fails instead. A test may import this function or ask for the
    fixture of the same name: `def test_...(needs): node = needs("node")`.
    """
    names, words = TOOLS.get(tool, ((tool,), tool))
    for name in names:
        if path := shutil.which(name):
            return path
    reason = f"this test needs {words}; none of these is on the PATH: {', '.join(names)}"
    if os.environ.get("LSTM_TEACH_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(name="needs", scope="session")
def needs_fixture():
    """`needs` without an import."""
    return needs


def pytest_collection_modifyitems(items):
    """The browser comes last: what fails in seconds should not wait for it."""
    items.sort(key=lambda item: item.path.parent.name == "lab")
