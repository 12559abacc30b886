"""More rights, and devices."""

import glob
import os
import resource
import stat

from .trying import attempt, output, read, status


@attempt
def have_a_capability():
    lines = status("self")
    names = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    return any(int(lines[name], 16) for name in names)


@attempt
def be_without_a_filter():
    lines = status("self")
    return lines["Seccomp"] != "2" or lines["NoNewPrivs"] != "1"


@attempt
def become_root():
    os.setuid(0)
    return os.getuid() == 0


@attempt
def become_root_by_su():
    return "uid=0" in output("su", "-c", "id")


@attempt
def become_root_by_a_user_namespace():
    return output("unshare", "--user", "--map-root-user", "id")


@attempt
def start_a_sandbox_of_ones_own():
    return output("bwrap", "--ro-bind", "/", "/", "true") or output("bwrap", "--help") == "x"


@attempt
def make_a_setuid_program():
    path = "/scratch/work/setuid"
    with open(path, "w") as file:
        file.write("#!/bin/sh\n")
    os.chown(path, 0, 0)
    os.chmod(path, 0o4755)
    return True


@attempt
def raise_a_limit():
    for name in ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "CORE", "MEMLOCK", "MSGQUEUE"):
        which = getattr(resource, f"RLIMIT_{name}")
        soft, hard = resource.getrlimit(which)
        try:
            resource.setrlimit(which, (hard + 1, hard + 1))
        except (ValueError, OSError):
            continue
        return name
    return None


@attempt
def take_precedence():
    os.setpriority(os.PRIO_PROCESS, 0, -5)
    return True


@attempt
def be_spared_when_memory_is_short():
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("-500")
    return True


@attempt
def open_a_device():
    fine = {"null", "zero", "full", "random", "urandom", "tty", "ptmx"}
    seen = []
    for path in glob.glob("/dev/*"):
        mode = os.stat(path).st_mode
        special = stat.S_ISBLK(mode) or stat.S_ISCHR(mode)
        if special and os.path.basename(path) not in fine:
            seen.append(path)
    return seen


@attempt
def make_a_device():
    os.mknod("/scratch/work/disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))
    return bool(read("/scratch/work/disk"))


@attempt
def see_control_groups():
    return os.listdir("/sys/fs/cgroup")
