"""Files of others, and writing where others would notice."""

import glob
import os
import sys

from .trying import WORLD, attempt, harmless, read, write


@attempt
def read_the_password_file():
    return read("/etc/shadow")


@harmless
def read_a_result():
    return read(WORLD["result"])


@harmless
def read_another_students_submission():
    return read(WORLD["submission"])


@harmless
def list_the_home_folder_of_the_grader():
    return [name for name in os.listdir(WORLD["home"]) if name == WORLD["token"]]


@harmless
def read_a_solution():
    return os.listdir(WORLD["repository"] + "/solutions")


@harmless
def read_the_released_exercises():
    return os.listdir(WORLD["repository"] + "/exercises")


@harmless
def see_the_repository():
    return os.path.exists(WORLD["repository"] + "/pyproject.toml")


@harmless
def read_the_checks():
    import lstm_teach

    names = os.listdir(os.path.join(os.path.dirname(lstm_teach.__file__), "checks"))
    return [name for name in names if name.startswith("chapter_")]


@harmless
def read_the_graders_code():
    import lstm_teach

    return os.listdir(os.path.join(os.path.dirname(lstm_teach.__file__), "course"))


@harmless
def read_a_reference_answer():
    import lstm_teach.checks as checks

    return getattr(checks, "__path__", None) and glob.glob(checks.__path__[0] + "/chapter*/*.py")


@attempt
def find_a_file_of_the_grader_by_its_name():
    for top in os.listdir("/"):
        if top in ("usr", "proc"):
            continue
        for folder, folders, names in os.walk("/" + top):
            if WORLD["token"] in " ".join([*folders, *names]):
                return folder
    return None


@attempt
def read_through_the_first_process():
    return set(os.listdir("/proc/1/root/")) - set(os.listdir("/"))


@attempt
def list_temporary_files_of_the_machine():
    return [name for name in os.listdir("/tmp") if name.startswith(("lt-", WORLD["token"]))]


@attempt
def write_into_the_system():
    return write("/usr/lib/was-here")


@attempt
def write_into_the_environment():
    return write(os.path.join(os.path.dirname(sys.executable), "was-here"))


@attempt
def write_into_numpy():
    import numpy

    return write(os.path.join(os.path.dirname(numpy.__file__), "was-here"))


@attempt
def write_into_the_package():
    import lstm_teach

    return write(os.path.join(os.path.dirname(lstm_teach.__file__), "was-here"))


@attempt
def change_the_package():
    import lstm_teach

    with open(lstm_teach.__file__, "ab"):
        return True


@attempt
def write_into_the_sandboxs_own_code():
    return write("/sandbox/within/was-here")


@attempt
def find_a_folder_to_write_to_beside_the_scratch_space():
    allowed = ("/scratch", "/dev/shm", "/dev/pts", "/proc")
    writable = []
    for folder, _, _ in os.walk("/"):
        if not folder.startswith(("/proc", "/usr")) and os.access(folder, os.W_OK):
            writable.append(folder)
    return [folder for folder in writable if not folder.startswith(allowed)]


@attempt
def find_a_mount_that_is_not_read_only():
    allowed = ("/scratch", "/dev/shm", "/dev/pts", "/proc", "/dev/")
    with open("/proc/self/mountinfo") as file:
        mounts = [line.split()[4:6] for line in file]
    return [at for at, how in mounts if "ro" not in how.split(",") and not at.startswith(allowed)]


@attempt
def write_a_setting_of_the_kernel():
    with open("/proc/sys/kernel/core_pattern", "r+b"):
        return True


@attempt
def press_the_magic_key():
    with open("/proc/sysrq-trigger", "wb"):
        return True
