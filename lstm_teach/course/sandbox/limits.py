"""What a kernel may use, and the error for a machine on which it cannot be confined."""

from dataclasses import dataclass

import click


@dataclass(frozen=True)
class Limits:
    """What one kernel and everything it starts may use.

    memory_mb: memory in all; processes: processes and threads; cpu_s: seconds of processor time;
    scratch_mb: its private scratch space; file_mb: one file; open_files: in each process.
    """

    memory_mb: int = 1536
    processes: int = 64
    cpu_s: int = 120
    scratch_mb: int = 64
    file_mb: int = 32
    open_files: int = 256


class SandboxMissing(click.ClickException):
    """This machine cannot confine a kernel. The message says what is missing and the remedy."""
