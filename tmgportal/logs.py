"""Log lines: one JSON object for each record, without personal data."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id = ContextVar("request_id", default="")

ADDRESS = re.compile(r"[^\s\"'<>(=,:]+@[^\s\"'<>),;]+")
# PostgreSQL quotes the values of the row that it refuses.
DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def without_persons(text):
    """`text` without e-mail addresses and without the values that a database error quotes."""
    return ADDRESS.sub("[address]", DETAIL.sub(r"\1: [values]", text))


class JSONFormatter(logging.Formatter):
    """A record as one line of ASCII JSON: escapes keep line ends and terminal codes from forging another line."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": without_persons(record.getMessage()),
        }
        if request_id.get():
            line["request"] = request_id.get()
        if record.exc_info:
            line["exception"] = without_persons(self.formatException(record.exc_info))
        return json.dumps(line)
