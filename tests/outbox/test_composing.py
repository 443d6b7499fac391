from email import message_from_bytes
from email.policy import default

import pytest

import outbox
from outbox.composing import compose

pytestmark = pytest.mark.django_db


def composed(name="Aoi", language="en", template="example/hello", email="a@example.com"):
    """The mail as a mail server receives it: its bytes, and what a mail program makes of them."""
    to = outbox.Address(email, language)
    content = compose(outbox.post(to, "service", template, name=name), to).message().as_bytes()
    return content, message_from_bytes(content, policy=default)


@pytest.mark.parametrize(
    ("language", "subject", "site"),
    [("en", "Set aside: Aoi", "Tokyo Tourism Partners"), ("ja", "保留: Aoi", "東京観光パートナーズ")],
)
def test_a_mail_speaks_the_language_of_its_reader(language, subject, site):
    _, mail = composed(language=language)

    assert mail["Subject"] == subject
    assert mail["From"].addresses[0].display_name == site
    assert mail["Content-Language"] == language
    assert mail.get_content().startswith(f"Aoi: {language}, {site}\n")


@pytest.mark.req("L10")
def test_a_mail_says_who_sends_it_and_why():
    _, mail = composed()

    body, footer = mail.get_content().split("\n-- \n")
    assert body == "Aoi: en, Tokyo Tourism Partners\n"
    assert footer == (
        "Tokyo Tourism Partners\n"
        "http://localhost:8000\n\n"
        "You receive this message because your address was given to Tokyo Tourism Partners.\n"
        "This address cannot receive replies. Questions: secretariat@partners.example\n"
    )


def test_a_mail_tells_robots_not_to_answer_and_keeps_its_id():
    to = outbox.Address("a@example.com", "en")
    message = outbox.post(to, "service", "example/hello", name="A")

    first, second = (compose(message, to).message() for _ in range(2))

    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"]
    assert first["Message-ID"] == second["Message-ID"] == f"<{message.ref}@partners.example>"


@pytest.mark.parametrize("template", ["example/hello", "example/both"])
@pytest.mark.parametrize("name", ["𠮷野家と﨑", "𠮷野家と﨑" * 100])
def test_a_mail_passes_servers_that_know_seven_bits_and_short_lines(template, name):
    content, mail = composed(name=name, language="ja", template=template)

    assert content.isascii()
    assert max(map(len, content.splitlines())) <= 998
    assert name in mail.get_body(("plain",)).get_content()


def test_a_text_is_not_escaped_and_html_is():
    _, mail = composed(name="<b>A & B's</b>", template="example/both")

    assert mail.get_body(("plain",)).get_content() == "<b>A & B's</b>\n"
    assert "&lt;b&gt;A &amp; B&#x27;s&lt;/b&gt;" in mail.get_body(("html",)).get_content()


@pytest.mark.req("R151")
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_a_name_cannot_add_a_header(line_end):
    _, mail = composed(name=f"A{line_end}Bcc: b@example.com")

    assert mail["Subject"] == "Set aside: A Bcc: b@example.com"
    assert "Bcc" not in mail


@pytest.mark.req("R151")
def test_an_address_cannot_add_a_header():
    with pytest.raises(ValueError, match="newline"):
        composed(email="a@example.com\nBcc: b@example.com")
