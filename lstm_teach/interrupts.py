"""Ctrl-C while the command `lstm-teach` is still loading: it ends, and prints no traceback.

`lstm_teach` imports this first. Where it is imported by anything but the command, nothing happens.
"""

import signal
import sys

COMMAND = ("lstm-teach", "lstm-teach.exe")


def end_quietly():
    """Let the system end this process at Ctrl-C, if it is the command."""
    is_command = (getattr(sys, "argv", None) or [""])[0].endswith(COMMAND)
    if is_command and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def raise_again():
    """Let Ctrl-C raise KeyboardInterrupt, as Python does; from here on it is caught."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)


end_quietly()
