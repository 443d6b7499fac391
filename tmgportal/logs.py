"""Log lines: one JSON object for each record, without personal data."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest

request_id = ContextVar("request_id", default="")

ADDRESS = re.compile(r"[^\s\"'<>(=,:]+@[^\s\"'<>),;]+")
# PostgreSQL quotes the values of the row that it refuses.
DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def without_persons(text):
    """`text` without e-mail addresses and without the values that a database error quotes."""
    return ADDRESS.sub("[address]", DETAIL.sub(r"\1: [values]", text))


def without_path(record):
    """What a record says; where Django names the path of a request, the name of the page instead. A path may hold the
    token of a link, which is as good as a key."""
    text, request = record.getMessage(), getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        return text
    page = request.resolver_match.view_name if request.resolver_match else "-"
    for path in (request.path, request.path.encode("unicode_escape").decode("ascii")):
        text = text.replace(path, page) if path != "/" else text
    return text


class JSONFormatter(logging.Formatter):
    """A record as one line of ASCII JSON: escapes keep line ends and terminal codes from forging another line."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": without_persons(without_path(record)),
        }
        if request_id.get():
            line["request"] = request_id.get()
        if record.exc_info:
            line["exception"] = without_persons(self.formatException(record.exc_info))
        return json.dumps(line)
