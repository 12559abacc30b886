"""What a hostile notebook tries; see trying.py."""

from . import calls, files, network, processes, rights, room
from .trying import ATTEMPTS, HARMLESS, WORLD, run_all

__all__ = [
    "ATTEMPTS",
    "HARMLESS",
    "WORLD",
    "calls",
    "files",
    "network",
    "processes",
    "rights",
    "room",
    "run_all",
]
