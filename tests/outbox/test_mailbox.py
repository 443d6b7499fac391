from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

import outbox
from outbox import delivery, mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demonstration(settings, tmp_path):
    settings.ROOT_URLCONF = "tests.outbox.urls"
    settings.EMAIL_BACKEND = "outbox.mailbox.MailboxBackend"
    settings.MAILBOX_DIR = tmp_path / "mailbox"


def arrive(email="a@example.com", language="en", **context):
    outbox.post(outbox.Address(email, language), "service", "example/hello", **{"name": "A"} | context)
    delivery.sweep()


def test_a_mail_arrives_as_one_whole_file(settings):
    arrive()

    [path] = Path(settings.MAILBOX_DIR).iterdir()
    assert path.suffix == ".eml"
    assert b"\r\n\r\n" in path.read_bytes()


def test_newest_first():
    for name in ("first", "second", "third"):
        arrive(name=name)

    assert [mail.subject for mail in mailbox.newest_first(limit=2)] == ["Set aside: third", "Set aside: second"]


@pytest.mark.parametrize(
    ("to", "found"),
    [("", 2), ("A@example.com", 1), ("example.com", 2), ("b@", 1), ("c@example.com", 0)],
)
def test_list_shows_the_mail_of_a_recipient(client, to, found):
    arrive("a@example.com")
    arrive("b@example.com")

    response = client.get("/en/mailbox/", {"to": to})

    assert len(response.context["mails"]) == found


@pytest.mark.parametrize(("query", "says"), [({}, "No mail has arrived yet."), ({"to": "<b>@"}, "“&lt;b&gt;@”")])
def test_an_empty_list_says_so(client, query, says):
    assert says in client.get("/en/mailbox/", query).text


@pytest.mark.parametrize(("language", "says"), [("en", "Demonstration mailbox"), ("ja", "デモ用メールボックス")])
def test_everybody_reads_each_mail_in_its_own_language(client, language, says):
    arrive(language="ja", name="<b>葵</b> https://partners.example/")
    [mail] = mailbox.newest_first()

    pages = [client.get(f"/{language}/mailbox/"), client.get(f"/{language}/mailbox/{mail.name}/")]

    for page in pages:
        assert says in page.text
        assert 'lang="ja">保留: &lt;b&gt;葵&lt;/b&gt;' in page.text
        assert "no-store" in page["Cache-Control"]
    assert '<a href="https://partners.example/" rel="nofollow">' in pages[1].text


@time_machine.travel("2026-03-01T03:00:00+00:00", tick=False)
def test_times_are_those_of_tokyo(client):
    arrive()
    [mail] = mailbox.newest_first()

    for page in ("/en/mailbox/", f"/en/mailbox/{mail.name}/"):
        assert "1 Mar 2026, 12:00 JST" in client.get(page).text


@pytest.mark.parametrize("name", ["none", "../../manage", "..%2f..%2fmanage"])
def test_there_is_no_other_file_to_see(client, name):
    assert client.get(f"/en/mailbox/{name}/").status_code == 404


def test_the_mailbox_is_there_in_a_demonstration_only(client, settings):
    settings.ROOT_URLCONF = "tmgportal.urls"

    with pytest.raises(Exception, match="mailbox"):
        reverse("mailbox-list")
