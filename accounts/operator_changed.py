"""Higher apps that copy facts of an operator are told when staff approve new ones: each may have a module
`follow_operator` with a function `follow(operator)`, found as Django finds `admin`."""

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def operator_changed(operator):
    """Call `follow(operator)` of every installed app that has one, in the transaction of the change."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "follow_operator"):
            import_module(f"{app.name}.follow_operator").follow(operator)
