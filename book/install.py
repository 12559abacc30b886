"""Make the environment .venv that every command of the book uses, and say how far it is.

    python3 book/install.py

Needs Python 3.11 or newer and nothing else. Installs the exact versions of requirements.lock,
then the package itself. Run again it does nothing, until pyproject.toml or requirements.lock
changes. This file must be readable by old Pythons too, so that they can be told they are old.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
import time

BOOK = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(BOOK, ".venv")
LOCK = os.path.join(BOOK, "requirements.lock")
STAMP = os.path.join(VENV, "installed-from")
LOG = os.path.join(VENV, "install.log")
WINDOWS = os.name == "nt"
PYTHON = os.path.join(VENV, "Scripts" if WINDOWS else "bin", "python.exe" if WINDOWS else "python")


def refuse_what_cannot_work():
    major, minor = sys.version_info[:2]
    if sys.version_info < (3, 11):
        sys.exit(
            f"lstm_teach needs Python 3.11 or newer; {sys.executable} is Python {major}.{minor}.\n"
            "Install a newer one (on Debian: sudo apt-get install python3.11 python3.11-venv) "
            "and name it:\n    make lab PYTHON3=python3.11"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit(
            f"Python {major}.{minor} is here, but without the part that makes environments.\n"
            f"On Debian and Ubuntu: sudo apt-get install python{major}.{minor}-venv\n"
            "Then run the same command again."
        )


def wanted():
    """What the stamp must say for the environment to be the right one."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "requirements.lock"):
        with open(os.path.join(BOOK, name), "rb") as file:
            digest.update(file.read())
    return f"{digest.hexdigest()} {VENV}"


def installed():
    try:
        with open(STAMP) as file:
            return file.read().strip() == wanted() and os.path.exists(PYTHON)
    except OSError:
        return False


def packages_in_lock():
    with open(LOCK) as file:
        return len({m.group(1) for m in map(re.compile(r"([A-Za-z0-9._-]+)==").match, file) if m})


def packages_in_venv():
    count = 0
    for _, folders, _ in os.walk(os.path.join(VENV, "Lib" if WINDOWS else "lib")):
        count += sum(name.endswith(".dist-info") for name in folders)
        folders[:] = [name for name in folders if re.match(r"python3|site-packages", name)]
    return count


class Progress:
    """One line that moves in a terminal; now and then a new line where there is none."""

    def __init__(self, total):
        self.total, self.found, self.phase, self.detail = total, 0, "reading the list", ""
        self.began = self.said = time.monotonic()
        self.ended = threading.Event()
        self.terminal = sys.stdout.isatty()
        self.thread = threading.Thread(target=self.tick, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        if self.terminal:
            sys.stdout.write("\r\033[K")

    def tick(self):
        while not self.ended.wait(0.2 if self.terminal else 1):
            if self.terminal or time.monotonic() - self.said >= 10:
                self.say()

    def read(self, line):
        fetched = re.match(r"\s*(Downloading|Using cached) ([A-Za-z0-9_.]+?)-(\d[^-]*)-", line)
        if fetched:
            self.found += 1
            self.phase, self.detail = "fetching", " ".join(fetched.group(2, 3))
        elif line.startswith("Installing collected packages"):
            self.phase, self.detail = "installing", ""
        elif line.startswith("Successfully installed"):
            self.phase = "finishing"

    def say(self):
        self.said = time.monotonic()
        done = self.found if self.phase == "fetching" else packages_in_venv()
        done = min(done, self.total)
        bar = ("█" * (24 * done // self.total)).ljust(24, "·")
        seconds = int(self.said - self.began)
        line = f"  {self.phase:<16} {bar} {done:3} of {self.total}  {seconds:3} s  {self.detail}"
        sys.stdout.write(
            "\r\033[K" + line[: shutil.get_terminal_size().columns - 1]
            if self.terminal
            else line.rstrip() + "\n"
        )
        sys.stdout.flush()


def run(arguments, read=lambda line: None):
    """Run a command quietly. Returns None when it went well, else the end of what it said."""
    process = subprocess.Popen(
        arguments,
        cwd=BOOK,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        encoding="utf-8",
        errors="replace",
    )
    lines = []
    for line in process.stdout:
        lines.append(line)
        read(line)
    with open(LOG, "a", encoding="utf-8") as log:
        log.writelines(["$ " + " ".join(arguments) + "\n"] + lines)
    if process.wait():
        return "".join(lines[-12:])
    return None


def install():
    began = time.monotonic()
    total = packages_in_lock()
    print(f"Making the book's environment in {VENV}: about two minutes, once.")
    if not os.path.exists(PYTHON) or subprocess.call([PYTHON, "-c", "import pip"]) != 0:
        import venv

        venv.create(VENV, clear=True, with_pip=True)
    open(LOG, "w").close()
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    with Progress(total) as progress:
        trouble = run(
            pip + ["--progress-bar=off", "--require-hashes", "-r", LOCK], progress.read
        ) or run(pip + ["--no-deps", "--no-build-isolation", "-e", BOOK], progress.read)
    if trouble:
        sys.exit(
            f"The installation stopped. {LOG} ends with:\n\n{trouble}\n"
            "If the network failed, run the same command again: it goes on where it stopped."
        )
    with open(STAMP, "w") as file:
        file.write(wanted() + "\n")
    print(f"Installed {packages_in_venv()} packages in {time.monotonic() - began:.0f} s.")


def main():
    if not installed():
        refuse_what_cannot_work()
        install()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to go on.")
