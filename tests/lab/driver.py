"""A real JupyterLab and a real browser, for as long as a `with` block lasts.

    with Lab(find_chromium()) as lab:
        notebook = lab.open("chapters/02_the_chain.ipynb")
        notebook.run_all()
        assert notebook.errors() == []

The server keeps its settings, its kernels' files and a copy of each notebook in a temporary
folder: a run changes nothing of the reader's own Jupyter, and nothing in the repository.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from .notebook import PATIENCE, Notebook, until

BOOK = Path(__file__).resolve().parents[2]

CHROMIUM = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-lcd-text",
    "--disable-sync",
]

SETTINGS = {
    "apputils-extension/notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    },
    "apputils-extension/themes": {"theme": "JupyterLab Light"},
    "codemirror-extension/plugin": {"defaultConfig": {"cursorBlinkRate": 0}},
    "docmanager-extension/plugin": {"autosave": False, "confirmClosingDocument": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}


def find_chromium():
    """The path of a Chromium browser, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


class Lab:
    """A JupyterLab server and a browser. Both, and every kernel, end with the `with` block."""

    def __init__(self, chromium):
        self.chromium = chromium
        self.server = self.playwright = self.browser = None

    def __enter__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix="lstm_teach-lab-")
        self.folder = Path(self._temporary.name)
        try:
            self._start_server()
            self.playwright = sync_playwright().start()
            as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
            self.browser = self.playwright.chromium.launch(
                executable_path=self.chromium, args=CHROMIUM + as_root, timeout=PATIENCE * 1000
            )
            until(self._is_up, "JupyterLab's server to answer")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            if self.browser:
                self.browser.close()
            if self.playwright:
                self.playwright.stop()
        finally:
            self._stop_server()
            self._temporary.cleanup()

    def open(self, source, width=1280, height=1000):
        """Open a copy of a notebook (a path in the book, or any other) in a page of its own."""
        folder = tempfile.mkdtemp(dir=self.folder / "notebooks")
        return self.reopen(shutil.copy(BOOK / source, folder), width, height)

    def reopen(self, file, width=1280, height=1000):
        """Open a file of the server's folder in a fresh page, with a fresh kernel."""
        self._write_settings()  # pages remember their theme there
        context = self.browser.new_context(viewport={"width": width, "height": height})
        name = Path(file).relative_to(self.folder / "notebooks").as_posix()
        return Notebook(context, f"{self.url}/doc/tree/{name}?reset", Path(file))

    def _write_settings(self):
        for plugin, settings in SETTINGS.items():
            file = self.folder / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(settings))

    def _start_server(self):
        (self.folder / "notebooks").mkdir()
        self._write_settings()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        folders = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",  # it holds no signatures: no notebook is trusted
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        environment = os.environ | {name: str(self.folder / f) for name, f in folders.items()}
        environment["JUPYTER_PREFER_ENV_PATH"] = "1"  # the kernel of this environment
        options = [
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            f"--ServerApp.root_dir={self.folder / 'notebooks'}",
            "--ServerApp.port_retries=0",
            "--ServerApp.password=",
            "--ServerApp.disable_check_xsrf=True",
            "--ServerApp.shutdown_no_activity_timeout=1800",  # should this process be killed
            "--MappingKernelManager.cull_idle_timeout=1200",
            "--IdentityProvider.token=",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]
        with open(self.folder / "server.log", "w") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    def _is_up(self):
        if self.server.poll() is not None:
            log = (self.folder / "server.log").read_text()
            raise AssertionError(f"JupyterLab's server stopped:\n{log[-3000:]}")
        try:
            with urllib.request.urlopen(f"{self.url}/api", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def _stop_server(self):
        if self.server is None or self.server.poll() is not None:
            return
        self.server.send_signal(signal.SIGTERM)  # it shuts its kernels down, then itself
        try:
            self.server.wait(60)
        except subprocess.TimeoutExpired:
            self.server.kill()  # a kernel ends when it misses its parent
            self.server.wait()
