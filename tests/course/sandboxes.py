"""`needs_sandbox()`: for tests that start sandboxed kernels."""

import functools
import os

import pytest
from conftest import needs

from lstm_teach.course.sandbox import probe


def needs_sandbox():
    """Skip where no kernel can be confined, and say why; fail in continuous integration."""
    needs("bwrap")
    if reason := missing():
        cannot(reason)


def cannot(reason):
    """As `needs` does where a tool is missing."""
    if os.environ.get("LSTM_TEACH_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@functools.cache
def missing():
    """Why there is no sandbox here, or nothing."""
    found = probe()
    if found.works:
        return ""
    failed = next(finding for finding in found.findings if not finding.ok)
    return f"no sandbox here: {failed.name}: {failed.says} {failed.remedy}"


def bubblewrap_that_fails(folder, monkeypatch, but_for='[ "$1" = --help ]'):
    """Put a bwrap on the PATH that makes no namespaces; but_for: what it answers all the same."""
    fake = folder / "bwrap"
    fake.write_text(
        f"#!/bin/sh\nif {but_for}; then echo --size; exit; fi\n"
        "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
