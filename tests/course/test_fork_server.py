"""One fork server for several graders: what each of them may still rely on."""

import os
import signal
import subprocess
import sys

import pytest
from course.escape import driver
from course.fakes import MASTER
from course.sandboxes import bubblewrap_that_fails, needs_sandbox
from course.test_sandbox import LIMITS, wait_for

from lstm_teach.course import workers
from lstm_teach.course.sandbox import Kernels, SandboxMissing, bubblewrap
from lstm_teach.course.sandbox.watchdog import tree


@pytest.fixture
def server():
    needs_sandbox()
    with Kernels.fork_server(LIMITS) as number:
        yield number


def sharing(server):
    """Kernels as another process would ask for them."""
    kernels = Kernels(LIMITS, server=os.dup(server))
    if kernels.kind != "bubblewrap, fork server":
        pytest.skip("this machine lets an ordinary user have no fork server")
    return kernels


def parent(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def first_process(kernel):
    return kernel._process.watchdog._pid


def test_two_graders_get_kernels_from_one_server(server):
    with sharing(server) as ada, sharing(server) as bob, ada.start() as one, bob.start() as two:
        assert driver.answer(one, "x = 6 * 7") == ""
        assert driver.answer(one, "print(x)") == "42\n"
        assert driver.answer(two, "print('x' in globals())") == "False\n"
        assert parent(first_process(one)) == parent(first_process(two))


def test_one_grader_that_ends_leaves_the_other_its_kernel(server):
    with sharing(server) as ada, ada.start() as one:
        with sharing(server) as bob, bob.start() as two:
            other = os.readlink(f"/proc/{first_process(two)}/ns/pid")
        assert wait_for(lambda: driver.processes_in(other) == [])
        assert driver.answer(one, "print(1)") == "1\n"
        with ada.start() as three:
            assert driver.answer(three, "print(3)") == "3\n"


def test_a_server_that_was_killed_is_replaced_by_one_of_its_own(server):
    with sharing(server) as kernels:
        with kernels.start() as kernel:
            zygote = parent(first_process(kernel))
        os.kill(zygote, signal.SIGKILL)
        with kernels.start() as kernel:
            assert driver.answer(kernel, "print(1)") == "1\n"
            assert parent(first_process(kernel)) != zygote


def test_the_kernels_of_a_grader_that_is_killed_die_and_no_others(server):
    program = (
        "import sys\n"
        "from lstm_teach.course.sandbox import Kernels\n"
        "kernels = Kernels(server=int(sys.argv[1]))\n"
        "kernel = kernels.start()\n"
        "kernel.client.execute('while True: pass')\n"
        "print(kernel._process.watchdog._pid, flush=True)\n"
        "import time; time.sleep(99)"
    )
    words = [sys.executable, "-c", program, str(server)]
    with (
        sharing(server) as kernels,
        kernels.start() as mine,
        subprocess.Popen(words, stdout=subprocess.PIPE, pass_fds=(server,)) as grader,
    ):
        namespace = os.readlink(f"/proc/{int(grader.stdout.readline())}/ns/pid")
        assert driver.processes_in(namespace)
        grader.kill()
        assert wait_for(lambda: driver.processes_in(namespace) == [])
        assert driver.answer(mine, "print(1)") == "1\n"


def test_without_bubblewrap_there_is_none_and_kernels_say_so(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(bubblewrap, "command", lambda *_, **__: ["no-such-bubblewrap"])
    with Kernels.fork_server(LIMITS) as number:
        assert number is None
        with pytest.raises(SandboxMissing, match="no program bwrap"):
            Kernels(LIMITS, server=number)


def test_where_it_cannot_start_the_kernels_say_why(monkeypatch, tmp_path):
    passes = '[ "$1" = --help ] || [ "$*" != "${*#*true}" ]'
    bubblewrap_that_fails(tmp_path, monkeypatch, but_for=passes)
    with (
        Kernels.fork_server(LIMITS) as number,
        pytest.raises(SandboxMissing, match="setting up uid map: Permission denied"),
    ):
        Kernels(LIMITS, server=os.dup(number))


def test_the_graders_of_a_batch_share_one():
    needs_sandbox()
    grade, kernels = "course.fakes:grade", "lstm_teach.course.sandbox:Kernels"
    setup = workers.Setup(grade, kernels, LIMITS, True, MASTER, "", 60)
    tasks = [workers.Task(f"k{n}", b"slow 0.3 1", f"s{n}", ()) for n in range(4)]
    found, before = [], zygotes()
    for task, answer in workers.here(tasks, setup, jobs=2):
        assert answer["record"]["sandbox"] == "bubblewrap, fork server"
        found.append(task.student)
        assert len(zygotes() - before) <= 3  # bubblewrap's two processes, and the server itself
    assert sorted(found) == ["s0", "s1", "s2", "s3"]


def zygotes():
    return {pid for pid in tree(os.getpid()) if "within.zygote" in words_of(pid)}


def words_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read().replace("\0", " ")
    except OSError:
        return ""
