"""Sandboxed kernels for programs that start kernels by name: nbclient, nbgrader, nbconvert.

    announce()                                   in this process and those it starts
    NotebookClient(notebook, kernel_name=KERNEL)

`config` in a kernel.json's metadata.kernel_provisioner may set memory_mb and the other limits.
"""

import asyncio
import atexit
import dataclasses
import os
from pathlib import Path

from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Bool, Integer

from .connection import Connection
from .kernels import Kernels
from .limits import Limits

KERNEL = "lstm-teach-sandbox"
HIDDEN = (".ipynb", ".db", ".db-journal")  # other notebooks, a gradebook
_started = {}  # one fork server for each set of limits


def announce():
    """Let Jupyter find the kernel `lstm-teach-sandbox`, by the variable JUPYTER_PATH."""
    folder = str(Path(__file__).parent / "jupyter")
    known = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    if folder not in known:
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [folder, *known]))


class SandboxProvisioner(KernelProvisionerBase):
    """Starts a kernel in the sandbox; its working folder holds copies of what `cwd` holds."""

    warm = Bool(True, help="Use the fork server.").tag(config=True)
    memory_mb, processes, cpu_s, scratch_mb, file_mb, open_files = (
        Integer(field.default, help=f"See sandbox.Limits.{field.name}.").tag(config=True)
        for field in dataclasses.fields(Limits)
    )
    _process = _connection = None

    @property
    def has_process(self):
        return self._process is not None

    async def pre_launch(self, **kwargs):
        manager = self.parent
        if self._connection is None:
            self._connection = Connection()
        info = self._connection.info
        info["key"] = manager.session.key.decode()
        manager.cache_ports = False
        manager.transport, manager.ip = info["transport"], info["ip"]
        for name in (name for name in info if name.endswith("_port")):
            setattr(manager, name, info[name])
        manager.connection_file = str(self._connection.folder / "kernel.json")
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=self.kernel_spec.argv, **kwargs)

    async def launch_kernel(self, cmd, **kwargs):
        names = (field.name for field in dataclasses.fields(Limits))
        limits = Limits(**{name: getattr(self, name) for name in names})
        kernels = _kernels(limits, self.warm)
        self._process = kernels.launch(self._connection, _given(kwargs.get("cwd")))
        return self.connection_info

    async def poll(self):
        ended = None if self._process is None else self._process.ended()
        return 0 if self._process is None else None if ended is None else 1

    async def wait(self):
        while await self.poll() is None:
            await asyncio.sleep(0.05)
        if self._process is not None:
            self._process.kill()
            self._process = None
        return 0

    async def send_signal(self, signum):
        """Only what ends it; an interrupt is a message to the kernel (see kernel.json)."""
        if self._process is not None and signum in (9, 15):
            self._process.kill()

    async def kill(self, restart=False):
        await self.send_signal(9)

    async def terminate(self, restart=False):
        await self.send_signal(15)

    async def cleanup(self, restart=False):
        if not restart and self._connection is not None:
            self._connection.close()
            self._connection = None


def _kernels(limits, warm):
    if (limits, warm) not in _started:
        _started[limits, warm] = kernels = Kernels(limits, warm=warm)
        atexit.register(kernels.close)
    return _started[limits, warm]


def _given(folder):
    """The files in a folder that a notebook in it may read, as {name: path}."""
    if folder is None:
        return {}
    return {
        str(path.relative_to(folder)): path
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and not path.name.endswith(HIDDEN)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
