import json
import logging
import re
import sys

import pytest

from tmgportal.logs import JSONFormatter
from tmgportal.stack import BASE_DIR


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


@pytest.mark.req("R121")
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/account/login/", "/en/contact/", "/en/hanako-yamada/"])
def test_the_line_of_a_request_holds_no_more_than_the_stated_items(client, caplog, path):
    visit = {"HTTP_USER_AGENT": "Canary/1.0", "HTTP_REFERER": "https://canary.example/", "REMOTE_ADDR": "203.0.113.77"}
    with caplog.at_level(logging.INFO, logger="tmgportal.middleware"):
        client.post(f"{path}?q=canary", {"login": "canary@inn.example", "password": "canary"}, **visit)

    lines = [JSONFormatter().format(record) for record in caplog.records if record.name == "tmgportal.middleware"]
    assert len(lines) == 1
    assert set(json.loads(lines[0])) <= {"time", "level", "logger", "event", "request"}
    assert re.fullmatch(r"POST [a-z_:-]+ \d{3} ms=\d+", json.loads(lines[0])["event"])
    assert not [word for word in ("anary", "203.0.113.77", "hanako") if word in lines[0]]


@pytest.mark.req("R121")
def test_neither_the_proxy_nor_the_web_server_keeps_a_log_of_its_own_of_visits():
    assert not re.search(r"^\s*log\b", (BASE_DIR / "deploy/Caddyfile").read_text(), re.MULTILINE)
    assert "--access-log" not in (BASE_DIR / "Dockerfile").read_text()


@pytest.mark.req("R121", "R151")
@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["/", "/>", ""])
def test_what_goes_wrong_is_written_down_without_the_token_of_a_link(client, caplog, ending):
    with caplog.at_level(logging.INFO):
        client.get(f"/en/requests/by-link/canary-token-東京{ending}")
        client.post(f"/en/agents/canary-token-東京{ending}")

    lines = [JSONFormatter().format(record) for record in caplog.records]
    assert len(lines) >= 2
    assert not [line for line in lines if "anary" in line or "u6771" in line]


@pytest.mark.req("R121", "R151")
@pytest.mark.django_db
def test_a_page_that_is_refused_is_named_and_not_its_address(client, caplog):
    client.handler.enforce_csrf_checks = True
    with caplog.at_level(logging.INFO):
        client.post("/en/agents/canary-token/")

    events = [json.loads(JSONFormatter().format(record))["event"] for record in caplog.records]
    assert "Forbidden (CSRF cookie not set.): privacy:mandate-by-link" in events
