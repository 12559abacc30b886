"""A hostile notebook tries everything; in the sandbox nothing of it works.

Each way of starting kernels is tried by root and by an ordinary user. The attempts stand in
escape/attempts, the bombs in escape/driver.py.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile

import pytest
from course.escape import as_user, attempts, driver
from course.sandboxes import cannot, needs_sandbox

pytestmark = pytest.mark.slow  # five programs of about 15 seconds each
WAYS = [(who, way) for who in ("root", "user") for way in ("warm", "cold")]
everywhere = pytest.mark.parametrize(("who", "way"), WAYS, ids=["-".join(w) for w in WAYS])
ENDS = {
    "a fork bomb": {"processes", "memory"},
    "a thread bomb": {"processes"},
    "memory in many processes": {"memory"},
    "processor time": {"cpu time"},
    "processor time in many processes": {"cpu time"},
    "processor time in children that nobody waits for": {"cpu time"},
    "a bomb of sockets": {"sockets"},
    "a bomb of empty files": {"exited", "files"},
    "signals to everybody": {"exited"},
    "a message without end": {"messages"},
    # these run on; only the grader ends them
    "deaf to everything": {None},
    "a daemon": {None},
    "a message of 100 MB": {None},
}


@functools.cache
def tried(who, way):
    """What the driver says. One run for each way, whatever asks for it."""
    if way != "none":
        needs_sandbox()
    words = [sys.executable, driver.__file__, way]
    if who == "root" and os.geteuid() != 0:
        pytest.skip("only root can run the sandbox as root")
    folder = tempfile.mkdtemp(prefix="lt-escape-")
    try:
        os.chmod(folder, 0o755)
        if who == "user" and os.geteuid() == 0:
            done = as_user.run(words, folder, driver.REPOSITORY)
        else:
            done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    finally:
        shutil.rmtree(folder)
    if "SandboxMissing" in done.stderr:
        cannot(f"no sandbox for the {who}: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@everywhere
@pytest.mark.parametrize("name", attempts.ATTEMPTS)
def test_an_attempt_to_get_out_is_refused(who, way, name):
    outcome, seen = tried(who, way)["inside"][name]
    assert outcome == "refused", f"{name} {outcome}: {seen}"


@pytest.mark.parametrize(
    ("who", "way", "name"),
    [(*w, name) for w in WAYS for name in (driver.BOMBS if "warm" in w else driver.COLD_BOMBS)],
)
def test_a_bomb_ends_says_why_and_leaves_no_process(who, way, name):
    seen = tried(who, way)["bombs"][name]
    assert seen["end"] in ENDS[name], seen
    assert seen["left"] == []
    assert seen["seconds"] < driver.PATIENCE


@everywhere
def test_nobody_outside_was_reached_and_the_next_kernel_still_works(who, way):
    seen = tried(who, way)
    assert seen["heard"] == []
    assert seen["afterwards"] == "42"


@everywhere
def test_what_one_kernel_changes_no_other_sees(who, way):
    seen = tried(who, way)["next"]
    assert "True" not in seen["beside"]
    assert "True" not in seen["then"]
    assert seen["random numbers differ"]


@pytest.mark.parametrize("who", ["root", "user"])
def test_the_record_says_how_the_kernels_were_confined(who):
    assert tried(who, "cold")["kind"] == "bubblewrap"
    warm = tried(who, "warm")["kind"]
    allowed = {
        "root": ["bubblewrap, fork server"],
        "user": ["bubblewrap, fork server", "bubblewrap"],
    }
    assert warm in allowed[who]


@pytest.mark.parametrize("name", sorted(attempts.HARMLESS))
def test_without_a_sandbox_the_same_attempt_succeeds(name):
    """Otherwise its being refused would prove nothing."""
    who = "root" if os.geteuid() == 0 else "user"
    outcome, seen = tried(who, "none")["inside"][name]
    assert outcome == "succeeded", f"{name} {outcome}: {seen}"
