"""A name that a template uses and nobody gave it is a fault, and not an empty string."""

import sys

from django.template.base import FilterExpression, Node
from django.template.defaultfilters import default, default_if_none

from tmgportal.stack import BASE_DIR


class UndefinedVariable(Exception):
    pass


class Undefined(str):
    """For `string_if_invalid`: raises where one of our own templates uses a name that it was not given.

    Asking first (`{% if name %}`) or naming another value (`{{ name|default:"" }}`) is allowed. The templates of Django
    and allauth rely on emptiness, and have it.
    """

    def __bool__(self):
        """Django asks so in `FilterExpression.resolve`, before it applies the filters to an empty string."""
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if isinstance(expression, FilterExpression) and frame.f_code.co_name == "resolve":
            first_filter = expression.filters[0][0] if expression.filters else None
            if first_filter not in (default, default_if_none):
                self._refuse(expression, frame)
        return False

    def __contains__(self, item):
        return item == "%s"

    def __mod__(self, name):
        """Django does so in `{% blocktranslate %}`."""
        self._refuse(name, sys._getframe(1))
        return ""

    def _refuse(self, name, frame):
        while frame and not isinstance(frame.f_locals.get("self"), Node):
            frame = frame.f_back
        origin = str(frame.f_locals["self"].origin.name) if frame else "a template"
        if origin.startswith(str(BASE_DIR)) and "site-packages" not in origin:
            raise UndefinedVariable(f"{origin} uses {name}, which it was not given")
