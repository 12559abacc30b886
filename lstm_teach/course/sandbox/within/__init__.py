"""What runs inside the sandbox. Nothing here is secret, and nothing here outlives a kernel.

    zygote.py       the fork server: imports once, then forks a kernel for each request
    start.py        one kernel without it
    namespaces.py   a process, its files and its network for itself
    confine.py      limits, another user, no rights
    seccomp.py      system calls that a notebook does not need
    lookout.py      looks out of the sandbox, and says what it sees
    kernel.py       the kernel itself

The grader's files are not visible here, so this folder imports nothing of them.
"""
