"""A name that a template uses and nobody gave it is a fault, and not an empty string."""

import sys

from django.template.base import Node

from tmgportal.stack import BASE_DIR


class UndefinedVariable(Exception):
    pass


class Undefined(str):
    """For `string_if_invalid`: raises in our own templates; those of Django and allauth rely on emptiness."""

    def __contains__(self, item):
        return item == "%s"

    def __bool__(self):
        return True

    def __mod__(self, variable):
        frame = sys._getframe(1)
        while frame and not isinstance(frame.f_locals.get("self"), Node):
            frame = frame.f_back
        origin = frame.f_locals["self"].origin.name if frame else "a template"
        if str(origin).startswith(str(BASE_DIR)) and "site-packages" not in str(origin):
            raise UndefinedVariable(f"{origin} uses {variable}, which it was not given")
        return ""
