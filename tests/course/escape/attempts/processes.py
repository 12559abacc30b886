"""Other processes."""

import glob
import os
import signal
import socket
import stat

from .trying import WORLD, attempt, harmless, read, status


@attempt
def see_the_graders_processes():
    return len([n for n in os.listdir("/proc") if n.isdigit()]) > 6


@attempt
def read_the_environment_of_the_grader():
    if WORLD["token"] in str(os.environ):
        return True
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            if WORLD["token"].encode() in read(path):
                return path
        except OSError:
            continue
    return None


@attempt
def write_into_the_first_process():
    """Without the fork server it may be one's own; then it must be as confined as oneself."""
    with open("/proc/1/mem", "r+b"):
        mine, its = status("self"), status(1)
    return [name for name in ("CapPrm", "CapEff", "CapBnd", "Seccomp") if mine[name] != its[name]]


@attempt
def read_a_secret_of_the_first_process():
    for name in ("environ", "cmdline"):
        if WORLD["token"].encode() in read(f"/proc/1/{name}"):
            return name
    return None


@attempt
def signal_the_first_process():
    os.kill(1, signal.SIGKILL)  # within a namespace the first process cannot be killed
    return False


@attempt
def make_the_first_process_wait():
    """It ends the kernel; where the two share a user, it could be made to come last.

    Without the fork server it is the kernel's own, in a session that nobody else is in.
    """
    if WORLD["way"] == "cold":
        return None
    with open("/proc/1/autogroup", "w") as file:
        return file.write("19")


@harmless
def take_another_share_of_the_processor():
    """Each session may have as much of it as another."""
    if (child := os.fork()) == 0:
        try:
            os.setsid()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


@attempt
def signal_the_fork_server():
    os.kill(WORLD["server"], signal.SIGKILL)
    return True


@attempt
def signal_the_grader():
    os.kill(WORLD["grader"], signal.SIGKILL)
    return True


@attempt
def inherit_a_file_of_the_grader():
    fine = ("socket:", "pipe:", "anon_inode:", "/dev/null", "/dev/pts", "/proc/", "/scratch/")
    seen = []
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue
        if not target.startswith(fine):
            seen.append(target)
    return seen


@attempt
def inherit_the_socket_to_the_fork_server():
    for fd in map(int, os.listdir("/proc/self/fd")):
        try:
            if not stat.S_ISSOCK(os.fstat(fd).st_mode):
                continue
            sock = socket.socket(fileno=os.dup(fd))
        except OSError:
            continue
        with sock:
            if sock.type == socket.SOCK_SEQPACKET:
                return True
    return None
