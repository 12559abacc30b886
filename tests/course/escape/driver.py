"""The grader's part of the escape suite: starts kernels, lets them try, looks what has happened.

    python driver.py warm|cold       prints one JSON object

It is a program, so that it can be run as another user.
"""

import contextlib
import json
import os
import secrets
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty

import lstm_teach
from lstm_teach.course.sandbox import Kernels, Limits

ATTEMPTS = Path(__file__).with_name("attempts")
LIMITS = Limits(memory_mb=700, processes=40, cpu_s=30, scratch_mb=16, file_mb=8, open_files=200)
REPOSITORY = Path(lstm_teach.__file__).parents[1]
BOMBS = {
    "a fork bomb": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "a thread bomb": (
        "import threading, time\n"
        "while True:\n"
        "    try: threading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n"
        "    except RuntimeError: time.sleep(0.1)"
    ),
    "memory in many processes": (
        "import os, time\n"
        "for i in range(6):\n"
        "    if os.fork() == 0:\n"
        "        hold = bytearray(os.urandom(1)) * (200 * 2**20); time.sleep(99)\n"
        "time.sleep(99)"
    ),
    "processor time": "import signal\nsignal.signal(signal.SIGXCPU, print)\nwhile True: pass",
    "processor time in many processes": (
        "import os\nfor i in range(3): os.fork()\nwhile True: pass"
    ),
    "processor time in children that nobody waits for": (
        "import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "while True:\n"
        "    if os.fork() == 0:\n"
        "        end = time.time() + 0.6\n"
        "        while time.time() < end: pass\n"
        "        os._exit(0)\n"
        "    time.sleep(0.3)"
    ),
    "a bomb of sockets": (
        "import socket, os, time\nhold = []\n"
        "for i in range(8): os.fork()  if len(hold) == 0 and i < 4 else None\n"
        "for i in range(60):\n"
        "    try: hold.append(socket.socketpair())\n"
        "    except OSError: pass\n"
        "time.sleep(99)"
    ),
    "a bomb of empty files": (
        "import os\nn = 0\nwhile True:\n"
        "    n += 1\n"
        "    try: os.close(os.open(f'/scratch/work/{n}', os.O_CREAT))\n"
        "    except OSError: break\n"
        "print(n)\nimport time; time.sleep(1); os._exit(0)"
    ),
    "signals to everybody": (
        "import os, signal\ntry: os.kill(-1, signal.SIGKILL)\nexcept OSError: pass\nos._exit(0)"
    ),
    "deaf to everything": (
        "import signal, os\n"
        "for s in range(1, 65):\n"
        "    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "while True:\n"
        "    try:\n"
        "        while True: pass\n"
        "    except BaseException: pass"
    ),
    "a daemon": (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        while True: time.sleep(0.01)\n"
        "    os._exit(0)"
    ),
    "a message without end": (
        "import os, socket, struct\n"
        "part = b'\\3' + struct.pack('>Q', 2**24) + b'x' * 2**24\n"
        "for fd in map(int, os.listdir('/proc/self/fd')):\n"
        "    try:\n"
        "        sock = socket.socket(fileno=os.dup(fd)); sock.getpeername()\n"
        "        if sock.family == socket.AF_UNIX and os.fork() == 0:\n"
        "            while True: sock.setblocking(True); sock.sendall(part)\n"
        "    except OSError: pass"
    ),
    "a message of 100 MB": "print('x' * 100 * 2**20)",
}
COLD_BOMBS = (
    "a fork bomb",
    "memory in many processes",
    "processor time in many processes",
    "a bomb of empty files",
    "signals to everybody",
    "a daemon",
)
FEW_SECONDS = Limits(memory_mb=700, processes=40, cpu_s=2)
WITH_FEW_SECONDS = {name for name in BOMBS if name.startswith("processor time")}
RUN_ON = {"a daemon", "deaf to everything", "a message of 100 MB"}  # only we end these
PATIENCE = 60  # seconds: the machine may be busy


def main(way):
    token = "secret" + secrets.token_hex(8)
    os.environ["GRADERS_SECRET"] = token
    said = {}
    with things_of_the_grader(token) as (world, heard):
        if way == "none":
            with Kernels(LIMITS, sandbox=False) as kernels, kernels.start(files=given()) as kernel:
                said["inside"] = attempts(kernel, world, harmless=True)
        else:
            with Kernels(LIMITS, warm=way == "warm") as kernels:
                said["kind"] = kernels.kind
                with kernels.start() as other, kernels.start(given()) as kernel:
                    world["other_kernel"] = other._connection.info["ip"] + "-1"
                    world["server"] = server(kernels)
                    world["way"] = way
                    said["inside"] = attempts(kernel, world)
                said["next"] = what_the_next_kernel_sees(kernels)
                chosen = BOMBS if way == "warm" else COLD_BOMBS
                with Kernels(FEW_SECONDS, warm=way == "warm") as few:
                    said["bombs"] = {
                        name: bomb(few if name in WITH_FEW_SECONDS else kernels, name)
                        for name in chosen
                    }
                with kernels.start() as kernel:
                    said["afterwards"] = answer(kernel, "print(6 * 7)").strip()
        said["heard"] = heard
    print(json.dumps(said))


def given():
    """The attempts, as files of the kernel's working folder."""
    return {f"attempts/{file.name}": file for file in ATTEMPTS.glob("*.py")}


@contextlib.contextmanager
def things_of_the_grader(token):
    """Results, submissions, sockets that listen; what they hear is appended to a list."""
    heard = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=token)))
        for name in ("result", "submission"):
            (folder / name).write_text(token)
        home = Path.home() / token
        home.touch()
        stack.callback(home.unlink)
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        local, abstract = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        local.bind(str(folder / "socket"))
        abstract.bind("\0" + token)
        for listener in (local, abstract):
            listener.listen()
        for name, listener in (("tcp", tcp), ("unix", local), ("abstract", abstract)):
            threading.Thread(target=hear, args=(name, listener, heard), daemon=True).start()
        threading.Thread(target=hear_datagrams, args=(udp, heard), daemon=True).start()
        yield (
            {
                "token": token,
                "result": str(folder / "result"),
                "submission": str(folder / "submission"),
                "home": str(Path.home()),
                "repository": str(REPOSITORY),
                "tcp": tcp.getsockname()[1],
                "udp": udp.getsockname()[1],
                "unix": str(folder / "socket"),
                "other_kernel": str(folder / "socket"),
                "abstract": token,
                "grader": os.getpid(),
                "server": 0,
                "way": "",
                **{name: getattr(LIMITS, name) for name in LIMITS.__dataclass_fields__},
            },
            heard,
        )


def hear(name, listener, heard):
    with contextlib.suppress(OSError):
        while True:
            listener.accept()[0].close()
            heard.append(name)


def hear_datagrams(udp, heard):
    with contextlib.suppress(OSError):
        while True:
            _, sender = udp.recvfrom(100)
            heard.append("udp")
            udp.sendto(b"you too", sender)


def server(kernels):
    """The number of the fork server's process, or of any of ours."""
    process = getattr(getattr(kernels._way, "_server", None), "process", None)
    return process.pid if process else os.getppid()


def attempts(kernel, world, harmless=False):
    names = "HARMLESS" if harmless else "ATTEMPTS"
    code = (
        "import json\nfrom attempts import ATTEMPTS, HARMLESS, WORLD, run_all\n"
        f"WORLD.update({world!r}); print(json.dumps(run_all(sorted({names}))))"
    )
    return json.loads(answer(kernel, code, seconds=120))


def answer(kernel, code, seconds=30):
    """What the code prints. Raises RuntimeError with what went wrong instead."""
    asked = kernel.client.execute(code, stop_on_error=False)
    text, deadline = "", time.monotonic() + seconds
    while time.monotonic() < deadline and kernel.alive():
        with contextlib.suppress(Empty):
            message = kernel.client.get_iopub_msg(timeout=0.2)
            if message["parent_header"].get("msg_id") != asked:
                continue
            content = message["content"]
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                text += content["text"]
            elif message["msg_type"] == "error":
                raise RuntimeError("\n".join(content["traceback"])[-2000:])
            elif content.get("execution_state") == "idle":
                return text
    raise RuntimeError(f"no answer; the kernel: {kernel.end}; printed: {text[-500:]}")


SPOIL = """
import builtins, os, numpy, random, lstm_teach
numpy.testing.assert_allclose = lambda *_: None
lstm_teach.spoilt = builtins.spoilt = True
os.environ["SPOILT"] = "1"
open("/scratch/spoilt", "w").close(); open("spoilt", "w").close(); open("/dev/shm/s", "w").close()
print(random.random(), numpy.random.random(), os.urandom(4).hex())
"""
SPOILT = """
import builtins, os, numpy, random, lstm_teach, inspect
print(random.random(), numpy.random.random(), os.urandom(4).hex())
print([hasattr(lstm_teach, "spoilt"), hasattr(builtins, "spoilt"), "SPOILT" in os.environ,
       os.path.exists("/scratch/spoilt"), os.path.exists("spoilt"), os.path.exists("/dev/shm/s"),
       numpy.testing.assert_allclose.__name__ == "<lambda>"])
"""


def what_the_next_kernel_sees(kernels):
    with kernels.start() as first:
        drawn = answer(first, SPOIL).split()
        with kernels.start() as beside:
            seen_beside = answer(beside, SPOILT).split("\n")
    with kernels.start() as then:
        seen_then = answer(then, SPOILT).split("\n")
    draws = [drawn, seen_beside[0].split(), seen_then[0].split()]
    different = all(len(set(column)) == 3 for column in zip(*draws, strict=True))
    return {"beside": seen_beside[1], "then": seen_then[1], "random numbers differ": different}


def bomb(kernels, name):
    """What became of the kernel, in how many seconds, and how many of its processes are left."""
    with kernels.start() as kernel:
        first = kernel._process.watchdog._pid
        namespace = os.readlink(f"/proc/{first}/ns/pid")
        began = time.monotonic()
        kernel.client.execute(BOMBS[name])
        while kernel.alive() and time.monotonic() - began < PATIENCE:
            time.sleep(0.1)
            if name in RUN_ON and time.monotonic() - began > 1:
                kernel.interrupt()
                break
        end, seconds = kernel.end, time.monotonic() - began
        kernel.kill()
    return {"end": end, "seconds": seconds, "left": processes_in(namespace)}


def processes_in(namespace):
    """Their numbers; one that has ended and waits to be counted is not one."""
    left = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            here = os.readlink(f"/proc/{name}/ns/pid") == namespace
            if here and "State:\tZ" not in Path(f"/proc/{name}/status").read_text():
                left.append(int(name))
    return left


if __name__ == "__main__":
    main(sys.argv[1])
