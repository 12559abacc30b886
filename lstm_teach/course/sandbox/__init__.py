"""Kernels for the notebooks of strangers.

with Kernels(Limits(memory_mb=1024)) as kernels:
    with kernels.start(files={"data.csv": path}) as kernel:
        kernel.client.execute("...")
probe()          whether this machine can do it, and what to mend
"""

from .kernels import Kernels
from .limits import Limits, SandboxMissing
from .probe import probe

__all__ = ["Kernels", "Limits", "SandboxMissing", "probe"]
