"""Kernels in the sandbox: what a grader may rely on."""

import contextlib
import os
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import threading
import time
import venv
from pathlib import Path

import nbclient
import nbformat
import pytest
from course.escape import driver
from course.sandboxes import bubblewrap_that_fails, needs_sandbox
from jupyter_client import KernelManager

from lstm_teach.course.sandbox import Kernels, Limits, SandboxMissing, probe
from lstm_teach.course.sandbox import probe as probing
from lstm_teach.course.sandbox.probe import seen_from_inside
from lstm_teach.course.sandbox.visible import PACKAGE
from lstm_teach.course.sandbox.watchdog import tree
from lstm_teach.course.sandbox.within import seccomp

LIMITS = Limits(memory_mb=700, processes=40, cpu_s=20, scratch_mb=8, file_mb=4)
KINDS = {"warm": {}, "cold": {"warm": False}, "none": {"sandbox": False}}


@pytest.fixture(scope="module", params=KINDS)
def kernels(request):
    if request.param != "none":
        needs_sandbox()
    with Kernels(LIMITS, **KINDS[request.param]) as kernels:
        yield kernels


@pytest.fixture(scope="module")
def warm():
    needs_sandbox()
    with Kernels(LIMITS) as kernels:
        if kernels.kind != "bubblewrap, fork server":
            pytest.skip("this machine lets an ordinary user have no fork server")
        yield kernels


def wait_for(true, seconds=10):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def test_a_kernel_answers_asks_can_be_interrupted_and_ends(kernels):
    with kernels.start() as kernel:
        assert driver.answer(kernel, "print(6 * 7)") == "42\n"
        reply = kernel.client.execute_interactive(
            "name = input('who? ')",
            stdin_hook=lambda _: kernel.client.input("me"),
            output_hook=lambda _: None,
            timeout=20,
        )
        assert reply["content"]["status"] == "ok"
        kernel.client.execute("while True: pass", stop_on_error=False)
        time.sleep(0.3)
        kernel.interrupt()
        assert kernel.client.get_shell_msg(timeout=20)["content"]["ename"] == "KeyboardInterrupt"
        assert driver.answer(kernel, "print(name)") == "me\n"
        assert kernel.alive()
        assert kernel.end is None
        kernel.kill()
        assert not kernel.alive()
        assert kernel.end == "killed"


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("import os; os._exit(3)", "exited"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
    ],
)
def test_a_kernel_that_ends_says_how(kernels, code, end):
    with kernels.start() as kernel:
        kernel.client.execute(code)
        assert wait_for(lambda: not kernel.alive())
        assert kernel.end == end


def test_the_working_folder_holds_copies_of_the_files_and_nothing_else(kernels, tmp_path):
    (tmp_path / "rows.csv").write_text("1,2\n")
    files = {"rows.csv": tmp_path / "rows.csv", "data/more.csv": tmp_path / "rows.csv"}
    with kernels.start(files=files) as kernel:
        code = "import os; print(sorted(os.listdir('.')), open('data/more.csv').read())"
        assert driver.answer(kernel, code) == "['data', 'rows.csv'] 1,2\n\n"
        spoil = "try: open('rows.csv', 'w').write('x')\nexcept OSError: pass\nprint(1)"
        driver.answer(kernel, spoil)
    assert (tmp_path / "rows.csv").read_text() == "1,2\n"


@pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "a/../../b", "", "."])
def test_a_file_cannot_be_placed_outside_the_working_folder(kernels, name):
    with pytest.raises(ValueError, match="stays in the working folder"):
        kernels.start(files={name: __file__})


def test_what_a_kernel_has_used_is_known(kernels):
    with kernels.start() as kernel:
        code = "import time\nwhile time.process_time() < 1.2: pass\nprint(1)"
        driver.answer(kernel, code)
        assert wait_for(lambda: kernel.cpu_seconds > 1)


def test_starting_and_ending_kernels_leaves_nothing_in_the_grader(kernels):
    def mine():
        fds = len(os.listdir("/proc/self/fd"))
        return fds, threading.active_count(), len(tree(os.getpid()))

    with kernels.start():
        pass
    before = mine()
    folders = set(Path("/tmp").glob("lt-*"))
    for _ in range(3):
        with kernels.start() as kernel:
            folder = kernel._connection.folder
        assert not folder.exists()
    assert wait_for(lambda: mine() <= before), (mine(), before)
    assert folders >= {f for f in Path("/tmp").glob("lt-*") if f.name == folder.name}


def test_a_kernel_that_never_answers_is_given_up_and_ended(warm):
    began = time.monotonic()
    with pytest.raises(TimeoutError, match="nothing came in 0 s"):
        warm.start(ready_seconds=0)
    assert time.monotonic() - began < 10


def test_a_forked_kernel_has_imported_everything_already(warm):
    code = (
        "import sys, os\n"
        "loaded = [n in sys.modules for n in ('numpy', 'matplotlib.pyplot', 'ipywidgets',\n"
        "          'lstm_teach', 'lstm_teach.checks')]\n"
        "import lstm_teach.checks\n"
        "print(all(loaded), any('/sandbox' in p for p in sys.path),\n"
        "      [n for n in os.listdir(lstm_teach.checks.__path__[0]) if n[:8] == 'chapter_'])"
    )
    with warm.start() as kernel:
        assert driver.answer(kernel, code) == "True False []\n"
        assert kernel.cpu_seconds < 5


@pytest.mark.slow
def test_the_fork_server_does_not_age(warm):
    with warm.start():
        pass
    server = server_of(warm)

    def age():
        status = Path(f"/proc/{server}/status").read_text()
        kilobytes = int(status.split("VmRSS:")[1].split()[0])
        return len(os.listdir(f"/proc/{server}/fd")), len(tree(server)), kilobytes

    fds, processes, kilobytes = age()
    for _ in range(200):
        assert seen_from_inside(warm._way) == []
    assert wait_for(lambda: age()[:2] == (fds, processes)), age()
    assert age()[2] < kilobytes + 4000
    with warm.start() as kernel:
        assert driver.answer(kernel, "print(1)") == "1\n"


def server_of(kernels):
    """The fork server itself: the innermost of bubblewrap's processes."""
    return tree(kernels._way._server.process.pid)[-1]


def test_a_fork_server_that_was_killed_is_started_again():
    needs_sandbox()
    with Kernels(LIMITS) as kernels:
        if kernels.kind != "bubblewrap, fork server":
            pytest.skip("this machine lets an ordinary user have no fork server")
        os.kill(server_of(kernels), signal.SIGKILL)
        time.sleep(0.2)
        with kernels.start() as kernel:
            assert driver.answer(kernel, "print(1)") == "1\n"


@pytest.mark.parametrize("way", ["warm", "cold"])
def test_when_the_grader_is_killed_its_kernels_die(way):
    needs_sandbox()
    program = (
        "from lstm_teach.course.sandbox import Kernels\n"
        f"kernels = Kernels(warm={way == 'warm'})\n"
        "kernel = kernels.start()\n"
        "kernel.client.execute('while True: pass')\n"
        "print(kernel._process.watchdog._pid, flush=True)\n"
        "import time; time.sleep(99)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as grader:
        first = int(grader.stdout.readline())
        namespace = os.readlink(f"/proc/{first}/ns/pid")
        assert driver.processes_in(namespace)
        grader.kill()
        assert wait_for(lambda: driver.processes_in(namespace) == [])


def test_nbclient_starts_the_kernel_by_its_name(tmp_path, monkeypatch):
    needs_sandbox()
    from lstm_teach.course.sandbox.provisioner import KERNEL, announce

    monkeypatch.setenv("JUPYTER_PATH", "")
    announce()
    (tmp_path / "rows.csv").write_text("1")
    (tmp_path / "hidden.ipynb").write_text("2")
    cells = ["import os; print(os.listdir('.'))", "os.listdir(os.path.dirname(WHERE))"]
    cells[1] = cells[1].replace("WHERE", repr(str(tmp_path)))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    client = nbclient.NotebookClient(
        notebook,
        kernel_name=KERNEL,
        resources={"metadata": {"path": str(tmp_path)}},
        allow_errors=True,
    )
    client.execute()
    assert notebook.cells[0].outputs[0].text == "['rows.csv']\n"
    assert notebook.cells[1].outputs[0].ename == "FileNotFoundError"


def test_jupyter_can_interrupt_restart_and_shut_down_the_kernel(monkeypatch):
    needs_sandbox()
    from lstm_teach.course.sandbox.provisioner import KERNEL, announce

    monkeypatch.setenv("JUPYTER_PATH", "")
    announce()
    manager = KernelManager(kernel_name=KERNEL)
    manager.start_kernel()
    client = manager.blocking_client()
    with contextlib.ExitStack() as stack:
        stack.callback(client.stop_channels)
        client.start_channels()
        client.wait_for_ready(timeout=60)
        client.execute("x = 1\nwhile True: pass")
        time.sleep(0.3)
        manager.interrupt_kernel()
        assert client.get_shell_msg(timeout=20)["content"]["ename"] == "KeyboardInterrupt"
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=60)
        assert client.execute("x", reply=True, timeout=20)["content"]["ename"] == "NameError"
        manager.shutdown_kernel()
    assert not manager.is_alive()
    assert not Path(manager.connection_file).exists()


def test_the_probe_finds_that_this_machine_can_do_it():
    needs_sandbox()
    found = probe(LIMITS)
    assert found.works, found
    assert all(finding.says for finding in found.findings)


@pytest.mark.parametrize("warm", [True, False])
def test_without_bubblewrap_no_kernel_is_started(monkeypatch, warm):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxMissing, match="no program bwrap.*apt-get install bubblewrap"):
        Kernels(warm=warm)
    assert not probe().works


def test_where_namespaces_are_forbidden_no_kernel_is_started(monkeypatch, tmp_path):
    bubblewrap_that_fails(tmp_path, monkeypatch)
    with pytest.raises(SandboxMissing, match="setting up uid map: Permission denied"):
        Kernels()


def test_other_systems_are_sent_to_linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxMissing, match="WSL 2"):
        Kernels()


def test_a_sandbox_that_shows_too_much_is_not_used(monkeypatch):
    needs_sandbox()
    monkeypatch.chdir("/usr/share")
    with pytest.raises(
        SandboxMissing, match="it could see .* in /usr/share.* belongs to no Python"
    ):
        Kernels(warm=False)


@pytest.mark.parametrize(
    ("setting", "remedy"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "bwrap-userns-restrict"),
        ("kernel/unprivileged_userns_clone", "kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "user.max_user_namespaces=10000"),
    ],
)
def test_a_setting_that_forbids_namespaces_is_named(monkeypatch, tmp_path, setting, remedy):
    file = tmp_path / setting
    file.parent.mkdir()
    file.write_text(probing_module().SYSCTLS[setting][0] + "\n")
    monkeypatch.setattr(probing_module(), "SETTINGS", tmp_path)
    assert remedy in probing_module().remedy("bwrap: setting up uid map: Permission denied")


def probing_module():
    return sys.modules[probing.__module__]


def evaluate(program, machine, number, *arguments):
    """What the filter says to a system call: the operating system's part, in a few lines."""
    arguments = (*arguments, *[0] * 6)[:6]
    data = struct.pack("IIQ6Q", number, machine, 0, *arguments)
    at, value = 0, 0
    while True:
        code, yes, no, k = struct.unpack_from("HBBI", program, at * 8)
        at += 1
        if code == seccomp.LOAD:
            value = struct.unpack_from("I", data, k)[0]
        elif code == seccomp.RETURN:
            return k
        else:
            tests = {
                seccomp.EQUAL: value == k,
                seccomp.AT_LEAST: value >= k,
                seccomp.ANY_OF: bool(value & k),
            }
            at += yes if tests[code] else no


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_the_filter_denies_its_list_and_nothing_else(machine):
    program, name = seccomp.program(machine), seccomp.MACHINES[machine]
    column = list(seccomp.MACHINES).index(machine)
    denied = {numbers[column] for numbers in seccomp.CALLS.values()} - {None}
    clone, clone3, ioctl, sock = (
        call[column] for call in (seccomp.CLONE, seccomp.CLONE3, seccomp.IOCTL, seccomp.SOCKET)
    )
    special = {clone3, sock, seccomp.SOCKETPAIR[column]}
    for number in range(460):
        said = evaluate(program, name, number)
        assert (said != seccomp.ALLOW) == (number in denied | special), number
    thread, namespace = 0x3D0F00, 0x10000000
    assert evaluate(program, name, clone, thread) == seccomp.ALLOW
    for kind in (0x20000, 0x2000000, 0x4000000, 0x8000000, namespace, 0x20000000, 0x40000000):
        assert evaluate(program, name, clone, kind | 17) != seccomp.ALLOW
    for family, protocol, fine in (
        (1, 0, True), (2, 0, True), (10, 0, True), (16, 0, True),
        (16, 9, False), (17, 0, False), (38, 0, False), (40, 0, False), (0, 0, False),
    ):  # fmt: skip
        assert (evaluate(program, name, sock, family, 1, protocol) == seccomp.ALLOW) == fine
    for request, fine in (
        (0x5412, False), (0x541C, False), (0x8912, False), (0x89FF, False),
        (0x5401, True), (0x541B, True), (0x890F, True), (0x8A00, True),
    ):  # fmt: skip
        assert (evaluate(program, name, ioctl, 0, request) == seccomp.ALLOW) == fine
    assert evaluate(program, 0x40000003, 4) == seccomp.KILL
    assert evaluate(program, name, 0x40000000 + 1) != seccomp.ALLOW


def test_the_filter_knows_the_numbers_of_this_machine():
    """Against the names that the C library's headers give, where they are installed."""
    headers = list(Path("/usr/include").glob("*/asm/unistd_64.h"))
    if os.uname().machine != "x86_64" or not headers:
        pytest.skip("the headers of the C library are not installed (Debian: libc6-dev)")
    lines = headers[0].read_text().splitlines()
    here = {w[1].removeprefix("__NR_"): int(w[2]) for w in map(str.split, lines) if len(w) == 3}
    for name, (number, _) in seccomp.CALLS.items():
        assert here.get(name, number) == number, name


def test_another_copy_of_the_package_is_not_visible(monkeypatch, tmp_path):
    needs_sandbox()
    copy = tmp_path / "site-packages" / "lstm_teach"
    copy.mkdir(parents=True)
    (copy / "answers.py").touch()
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    with Kernels(LIMITS, warm=False) as kernels, kernels.start() as kernel:
        code = f"import os; print(os.listdir({str(copy)!r}), os.listdir({str(tmp_path)!r}))"
        assert driver.answer(kernel, code) == "[] ['site-packages']\n"


@pytest.mark.parametrize("way", ["warm", "cold"])
def test_a_package_that_only_pythonpath_knows_is_found_inside(tmp_path, way):
    needs_sandbox()
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name)
    program = (
        "from lstm_teach.course.sandbox import Kernels\n"
        "from course.escape.driver import answer\n"
        f"with Kernels(warm={way == 'warm'}) as kernels, kernels.start() as kernel:\n"
        "    print(answer(kernel, 'import lstm_teach; print(lstm_teach.__file__)'))"
    )
    tests = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{tests}"},
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout.strip() == str(tmp_path / PACKAGE.name / "__init__.py")


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_package_that_is_not_installed_is_found(tmp_path, sandbox):
    if sandbox:
        needs_sandbox()
    clone = Path(shutil.copytree(PACKAGE, tmp_path / "clone" / "lstm_teach")).parent
    venv.create(tmp_path / "env", with_pip=False)
    place = dict.fromkeys(("base", "platbase"), str(tmp_path / "env"))
    ours, theirs = (sysconfig.get_path("purelib", vars=where) for where in ({}, place))
    # Its libraries are found there; a .pth file among them, such as our own, is not read.
    Path(theirs, "ours.pth").write_text(f"import sys; sys.path.append({ours!r})\n")
    program = (
        "from lstm_teach.course.sandbox import Kernels\n"
        f"with Kernels(sandbox={sandbox}) as kernels, kernels.start() as kernel:\n"
        "    kernel.client.execute_interactive('import lstm_teach; print(lstm_teach.__file__)')\n"
    )
    words = [tmp_path / "env" / "bin" / "python", "-c", program]
    done = subprocess.run(words, capture_output=True, text=True, cwd=clone, timeout=60)
    assert done.stdout.startswith(str(clone)), done.stdout + done.stderr[-1000:]
