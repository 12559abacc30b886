"""book/install.py: what it refuses, in which words, and when it has nothing to do."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def load_installer(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book"))
    import install

    return install


def test_the_installer_tells_an_old_python_that_it_is_old(monkeypatch):
    install = load_installer(monkeypatch)
    monkeypatch.setattr(install.sys, "version_info", (3, 10, 4, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; .* is Python 3\.10"):
        install.refuse_what_cannot_work()


def test_the_installer_names_the_package_that_holds_the_venv_module(monkeypatch):
    install = load_installer(monkeypatch)
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    version = ".".join(map(str, sys.version_info[:2]))
    with pytest.raises(SystemExit, match=rf"sudo apt-get install python{version}-venv"):
        install.refuse_what_cannot_work()


def test_the_installer_works_again_only_when_the_requirements_change(monkeypatch, tmp_path):
    install = load_installer(monkeypatch)
    monkeypatch.setattr(install, "BOOK", str(tmp_path))
    monkeypatch.setattr(install, "STAMP", str(tmp_path / "stamp"))
    monkeypatch.setattr(install, "PYTHON", sys.executable)
    (tmp_path / "pyproject.toml").write_text("a")
    (tmp_path / "requirements.lock").write_text("b")
    assert not install.installed()
    (tmp_path / "stamp").write_text(install.wanted() + "\n")
    assert install.installed()
    (tmp_path / "requirements.lock").write_text("c")
    assert not install.installed()
