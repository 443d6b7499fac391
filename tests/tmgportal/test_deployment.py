import base64
import hashlib
import os
import re
import subprocess
import sys

import pytest

from directory.photos import MAX_MEGABYTES
from tmgportal.stack import BASE_DIR, ENV_FILE

COMPOSE = (BASE_DIR / "docker-compose.yml").read_text()
PROXY = (BASE_DIR / "deploy/Caddyfile").read_text()


def test_what_the_containers_are_told_is_what_the_settings_ask_for():
    told = set(re.findall(r"^    ([A-Z_]+): ", COMPOSE, re.MULTILINE))
    asked = (BASE_DIR / "tmgportal/settings.py").read_text()

    assert "DATABASE_URL" in told
    assert {name for name in told if f'"{name}"' not in asked} == set()


# Each is answered by the image, or has a default that suits one server behind its own proxy.
LEFT_TO_DEFAULTS = [
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_POOL",
    "DEBUG",
    "DEMONSTRATION",
    "ENV_FILE",
    "HANDOVER_DIR",
    "JOURNAL_DIR",
    "LOCK_TIMEOUT",
    "LOG_LEVEL",
    "MEDIA_ROOT",
    "REVIEW_WORKING_DAYS",
    "SECURE_TRANSPORT",
    "SITE_NAME_EN",
    "SITE_NAME_JA",
    "STAFF_SECOND_FACTOR_REQUIRED",
    "STATEMENT_TIMEOUT",
]


def test_every_setting_is_documented_and_reaches_the_containers_or_is_left_to_its_default():
    asked = re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', (BASE_DIR / "tmgportal/settings.py").read_text())
    documented = re.findall(r"`([A-Z_]+)`", (BASE_DIR / "docs/settings.md").read_text())
    told = re.findall(r"^ +([A-Z_]+): ", COMPOSE, re.MULTILINE)

    assert set(asked) - set(documented) == set()
    assert set(asked) - set(told) == set(LEFT_TO_DEFAULTS)


@pytest.mark.req("R151")
def test_no_container_is_given_a_password_that_stands_in_the_repository():
    secret = re.findall(r"^ +([A-Z_]*(?:PASSWORD|SECRET_KEY|SIGNING_KEY)): (.*)$", COMPOSE, re.MULTILINE)

    assert len(secret) > 3
    assert all(value.startswith("${") for _name, value in secret)


def test_the_proxy_passes_on_whole_requests_only():
    """Otherwise as many slow senders as the web server has threads keep everybody else out."""
    largest, buffered = (int(re.search(rf"{name} (\d+)MB", PROXY)[1]) for name in ("max_size", "request_buffers"))
    assert MAX_MEGABYTES < largest <= buffered
    assert re.search(r"read_body \d+m", PROXY)


@pytest.fixture
def left_behind():
    """The file of a demonstration that ran here."""
    if ENV_FILE.exists():
        yield
        return
    ENV_FILE.parent.mkdir(exist_ok=True)
    ENV_FILE.write_text("DEMONSTRATION=1\n")
    yield
    ENV_FILE.unlink()


@pytest.mark.req("R150", "R151")
def test_an_installation_does_not_become_a_demonstration_by_what_one_left_behind(left_behind):
    """Everybody could read everybody's mail there, and staff needed no second factor."""
    told = {"SECRET_KEY": "x", "DATABASE_URL": "postgres://nowhere/portal", "REDIS_URL": "redis://nowhere/0"}
    code = "from tmgportal import settings as s; print(s.DEMONSTRATION, s.SECURE_TRANSPORT, s.SECRET_KEY)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=BASE_DIR, env={"PATH": os.environ["PATH"], **told}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True", "x"]


@pytest.mark.req("R136", "C6")
def test_every_page_of_an_installation_travels_encrypted():
    told = {"SECRET_KEY": "x", "DATABASE_URL": "postgres://nowhere/portal", "REDIS_URL": "redis://nowhere/0"}
    code = "from tmgportal import settings as s; print(s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, **told},
        capture_output=True,
        text=True,
        check=True,
    )
    redirects, seconds = done.stdout.split()

    assert redirects == "True"
    assert int(seconds) >= 365 * 24 * 60 * 60
    assert re.search(r"protocols tls1\.2 tls1\.3$", PROXY, re.MULTILINE)


def test_the_page_of_the_proxy_may_use_its_own_style():
    page = (BASE_DIR / "deploy/maintenance.html").read_text()
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"'sha256-{digest}'" in PROXY
