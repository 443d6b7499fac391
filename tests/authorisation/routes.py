"""Every address that the portal answers at."""

from django.urls import get_resolver


def routes():
    """The name of every route, with its namespace; of one without a name, its pattern."""
    return list(_walk(get_resolver("tests.outbox.urls").url_patterns))


def _walk(patterns, path="", namespace=""):
    for pattern in patterns:
        below = f"{path}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, below, inner)
        else:
            yield f"{namespace}{pattern.name}" if pattern.name else below
