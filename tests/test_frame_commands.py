"""`lstm-teach doctor` and `lstm-teach lab`, as a reader meets them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from lstm_teach import cli
from lstm_teach import doctor as examination

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "lstm_teach.cli"]
FOUR_MINUTES = 240  # for a machine that runs much else; every wait below ends when it can


@pytest.fixture
def apart(tmp_path):
    """An environment in which Jupyter reads and writes nothing of the user's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "JPY"))}
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return kept | {name: str(tmp_path / name.lower()) for name in names} | {"COLUMNS": "200"}


# --- doctor ---------------------------------------------------------------------------


def doctor(environment, *options):
    answer = subprocess.run(
        [*COMMAND, "doctor", *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=FOUR_MINUTES,
    )
    assert "Traceback" not in answer.stdout + answer.stderr
    return answer.returncode, answer.stdout


def mending(said):
    return re.findall(r"^ +mend: (.*)$", said, re.MULTILINE)


def test_doctor_finds_this_environment_well(apart):
    assert doctor(apart)[0] == 0
    code, said = doctor(apart, "--plain")
    assert code == 0, said
    assert "wrong" not in said
    for name in ("numpy", "jupyterlab", "ipywidgets", "anywidget"):
        assert re.search(rf"^ok +{name}: \d", said, re.MULTILINE)
    assert "ok        kernel python3: starts in this environment" in said
    assert f"the book: {ROOT}" in said


def test_the_table_of_doctor_says_the_same_as_its_plain_text(capsys):
    found = [
        examination.Finding("ok", "one", "as it should be"),
        examination.Finding("optional", "two", "missing", "install [two]"),
        examination.Finding("wrong", "three", "of another kind", "mend three"),
    ]
    cli._show_plain(found)
    plain = capsys.readouterr().out
    cli._show_table(found)
    table = capsys.readouterr().out
    for finding in found:
        for said in (finding.what, finding.said, finding.mend, finding.status):
            assert said in plain
            assert said in table
    assert plain.splitlines()[-1] == table.splitlines()[-1] == "1 thing to mend, from the top."


def test_doctor_finds_a_kernel_of_another_python_and_its_command_mends_it(apart, tmp_path, needs):
    folder = tmp_path / "stale" / "kernels" / "python3"
    folder.mkdir(parents=True)
    other = tmp_path / "python-of-another-environment"
    other.write_text(f'#!{needs("sh")}\necho \'{{"prefix": "/elsewhere"}}\'\n')
    other.chmod(0o755)
    spec = {"argv": [str(other), "-f", "{connection_file}"], "display_name": "x", "language": "x"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    apart["JUPYTER_PATH"] = str(tmp_path / "stale")

    code, said = doctor(apart, "--plain")
    assert code == 1
    assert "starts another Python, /elsewhere; it has not even lstm_teach" in said
    (command,) = [c for c in mending(said) if "kernelspec" in c]
    subprocess.run(command, shell=True, env=apart, check=True, capture_output=True)
    assert doctor(apart, "--plain")[0] == 0


def test_doctor_finds_a_kernel_whose_python_is_gone(apart, tmp_path):
    folder = tmp_path / "stale" / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = {"argv": [str(tmp_path / "gone"), "-f", "x"], "display_name": "x", "language": "x"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    code, said = doctor(apart | {"JUPYTER_PATH": str(tmp_path / "stale")}, "--plain")
    assert code == 1
    assert "which does not start" in said


def test_doctor_finds_a_lab_extension_switched_off_and_names_the_command(apart):
    config = Path(apart["JUPYTER_CONFIG_DIR"], "labconfig", "page_config.json")
    config.parent.mkdir(parents=True)
    config.write_text(json.dumps({"disabledExtensions": {"anywidget": True}}))
    code, said = doctor(apart, "--plain")
    assert code == 1
    assert "wrong     lab extension anywidget: switched off" in said
    assert any(c.endswith("-m jupyter labextension enable anywidget") for c in mending(said))


def test_doctor_names_the_command_for_a_package_that_is_missing_or_too_old(monkeypatch):
    installed = examination._version
    old = {"numpy": None, "anywidget": "0.1.0"}
    monkeypatch.setattr(examination, "_version", lambda name: old.get(name, installed(name)))
    wrong = {f.what: f for f in examination._packages() if f.status == "wrong"}
    assert set(wrong) == {"numpy", "anywidget"}
    assert wrong["numpy"].said == "not installed"
    assert '-m pip install "numpy>=2.0"' in wrong["numpy"].mend
    assert wrong["anywidget"].said == "0.1.0, but >=0.9.13 is needed"


def test_missing_tools_are_optional_and_say_what_they_are_for(apart, tmp_path):
    code, said = doctor(apart | {"PATH": str(tmp_path)}, "--plain")
    assert code == 0
    for tool in ("chromium", "node", "bwrap"):
        assert re.search(rf"^optional +{tool}: missing; only for \w+", said, re.MULTILINE)
    assert "sudo apt-get install nodejs" in mending(said)


# --- lab ------------------------------------------------------------------------------


def test_a_bad_port_is_refused_in_a_sentence():
    for port in ("0", "65536", "abc"):
        answer = CliRunner().invoke(cli.commands, ["lab", "--no-browser", "--port", port])
        assert answer.exit_code == 2
        assert "Invalid value for '--port'" in answer.output


def test_without_a_book_folder_lab_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "lstm_teach" / "cli.py"))
    answer = CliRunner().invoke(cli.commands, ["lab", "--no-browser"])
    assert answer.exit_code == 1
    assert "there is no book here" in answer.output
    assert "chapters/00_start_here.ipynb" in answer.output


def test_the_book_is_found_from_inside_it_and_from_outside(tmp_path):
    assert cli.find_book(ROOT / "chapters") == ROOT
    assert cli.find_book(tmp_path) == ROOT
    copy = tmp_path / "copy"
    (copy / "chapters").mkdir(parents=True)
    (copy / "chapters" / "00_start_here.ipynb").touch()
    assert cli.find_book(copy / "chapters") == copy


def test_no_traceback_reaches_the_reader(monkeypatch, capsys):
    monkeypatch.setattr(cli, "find_book", lambda *_, **__: 1 / 0)
    monkeypatch.setattr(sys, "argv", ["lstm-teach", "doctor"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "lstm-teach stopped: ZeroDivisionError: division by zero" in said
    assert "Traceback" not in said


class Server:
    """`lstm-teach lab --no-browser` on a port, and what it said so far."""

    def __init__(self, environment, port, log):
        self.log = log
        with open(log, "w") as out:
            self.process = subprocess.Popen(
                [*COMMAND, "lab", "--no-browser", "--port", str(port)],
                cwd=ROOT / "chapters",
                env=environment,
                stdin=subprocess.PIPE,  # a terminal that stays silent, not one that hung up
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + FOUR_MINUTES
        while not (found := re.search(r"http://localhost:(\d+)(\S+)\?token=(\w+)", self.said())):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.2)
        self.port, self.page, self.token = int(found[1]), found[2], found[3]

    def said(self):
        return Path(self.log).read_text(errors="replace")

    def get(self, path):
        address = f"http://127.0.0.1:{self.port}{path}?token={self.token}"
        with urllib.request.urlopen(address, timeout=FOUR_MINUTES) as answer:
            return answer.url, answer.read().decode()


@pytest.fixture
def start(apart, tmp_path):
    servers = []

    def start(port):
        servers.append(Server(apart, port, tmp_path / "lab.log"))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait()
        server.process.stdin.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_lab_serves_the_book_at_its_first_page_and_stops_when_told(start):
    port = free_port()
    server = start(port)
    assert (server.port, server.page) == (port, "/lab/tree/chapters/00_start_here.ipynb")
    assert server.get("/")[0].partition("?")[0].endswith(server.page)
    page = json.loads(server.get("/api/contents/chapters/00_start_here.ipynb")[1])
    assert page["type"] == "notebook"
    settings = json.loads(
        server.get("/lab/api/settings/@jupyter-widgets/jupyterlab-manager:plugin")[1]
    )
    assert settings["schema"]["properties"]["saveState"]["default"] is True
    page_config = re.search(r'"disabledExtensions": \[(.*?)\]', server.get("/lab")[1], re.DOTALL)
    assert "@jupyter/nbgrader" in page_config[1]  # the menus for instructors

    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(FOUR_MINUTES) == 0
    assert "Traceback" not in server.said()
    with pytest.raises(urllib.error.URLError):
        server.get("/")


def test_lab_takes_the_next_port_when_one_is_in_use_and_one_interrupt_stops_it(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = start(port)
        assert server.port > port
        assert f"Port {port} is in use; taking {server.port}." in server.said()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(FOUR_MINUTES) == 0
    assert "Traceback" not in server.said()
