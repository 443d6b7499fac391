"""Called by `accounts.operator_changed` in the transaction in which staff approve, suspend or close an operator."""

from .services import refresh_facts


def follow(operator):
    refresh_facts(operator)
