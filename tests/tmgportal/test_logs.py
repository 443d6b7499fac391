import json
import logging
import sys

import pytest

from tmgportal.logs import JSONFormatter


def written(message, *args, exc_info=None):
    record = logging.LogRecord("portal", logging.INFO, __file__, 1, message, args, exc_info)
    return JSONFormatter().format(record)


@pytest.mark.req("R151")
@pytest.mark.parametrize("evil", ["a\r\nb", "a\x1b[31mb", "a\u2028b", 'a", "level": "ERROR', "a\0b"])
def test_a_record_is_one_line_whatever_it_holds(evil):
    line = written("searched %s", evil)

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["event"] == f"searched {evil}"
    assert json.loads(line)["level"] == "INFO"


@pytest.mark.req("R121")
@pytest.mark.parametrize("address", ["hanako@ryokan.example", "山田@例え.テスト", "a+b@c.example"])
def test_a_record_holds_no_address(address):
    event = json.loads(written("Not Found: /reset/%s/", address))["event"]

    assert "@" not in event
    assert event.startswith("Not Found: /reset/" if "/reset" in event else "Not Found:")


@pytest.mark.req("R121")
def test_a_traceback_holds_no_value_that_the_database_refused():
    refused = "duplicate key\nDETAIL:  Key (name)=(山田 花子, hanako@ryokan.example) already exists."
    try:
        raise ValueError(refused)
    except ValueError:
        line = json.loads(written("failed", exc_info=sys.exc_info()))

    assert "duplicate key" in line["exception"]
    assert "山田" not in line["exception"]
    assert "hanako" not in line["exception"]
