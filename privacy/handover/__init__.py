"""What is handed to those who work for the city: sealed, signed, released by two (R060-R067)."""

from .downloads import acknowledge, confirm, confirm_destruction, fetch, read_password, tidy
from .recalls import ask_for_opt_outs
from .reminders import remind
from .runs import approve, ask_again, build, build_due, cancel, request
from .stages import stage, waits_for_release
from .steps import purpose_of

__all__ = [
    "acknowledge",
    "approve",
    "ask_again",
    "ask_for_opt_outs",
    "build",
    "build_due",
    "cancel",
    "confirm",
    "confirm_destruction",
    "fetch",
    "purpose_of",
    "read_password",
    "remind",
    "request",
    "stage",
    "tidy",
    "waits_for_release",
]
