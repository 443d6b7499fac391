import re

from tmgportal.stack import BASE_DIR

COMPOSE = (BASE_DIR / "docker-compose.yml").read_text()


def test_what_the_containers_are_told_is_what_the_settings_ask_for():
    told = set(re.findall(r"^    ([A-Z_]+): ", COMPOSE, re.MULTILINE))
    asked = (BASE_DIR / "tmgportal/settings.py").read_text()

    assert "DATABASE_URL" in told
    assert {name for name in told if f'"{name}"' not in asked} == set()


def test_no_container_is_given_a_password_that_stands_in_the_repository():
    secret = re.findall(r"^ +([A-Z_]*(?:PASSWORD|SECRET_KEY)): (.*)$", COMPOSE, re.MULTILINE)

    assert len(secret) > 3
    assert all(value.startswith("${") for _name, value in secret)
