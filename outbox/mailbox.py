"""The demonstration's mail: each mail is a file that a page shows, and leaves the machine never."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class MailboxBackend(BaseEmailBackend):
    """Writes mails where `newest_first` reads them; a reader never meets half a mail."""

    def send_messages(self, email_messages):
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            name = f"{time.time_ns():020d}-{uuid4().hex[:8]}"
            unfinished = folder / f"{name}.part"
            unfinished.write_bytes(mail.message().as_bytes(linesep="\r\n"))
            os.replace(unfinished, folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    name: str
    content: EmailMessage

    @property
    def to(self) -> str:
        return str(self.content["To"])

    @property
    def sender(self) -> str:
        return str(self.content["From"])

    @property
    def subject(self) -> str:
        return str(self.content["Subject"]).strip()  # A long first word stands on a line of its own.

    @property
    def language(self) -> str:
        return str(self.content["Content-Language"])

    @property
    def date(self) -> datetime:
        # Django writes the zone as -0000: in UTC, wherever the sender is (RFC 5322, 3.3).
        return self.content["Date"].datetime.replace(tzinfo=UTC)

    @property
    def text(self) -> str:
        return self.content.get_body(("plain",)).get_content()


def find(name: str) -> Mail | None:
    """`name` is a slug, so it cannot leave the folder."""
    try:
        content = (Path(settings.MAILBOX_DIR) / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    return Mail(name, message_from_bytes(content, policy=default))


def newest_first(*, to: str = "", limit: int = 100) -> list[Mail]:
    """The last mails; with `to`, those to addresses that contain it."""
    mails = []
    for path in sorted(Path(settings.MAILBOX_DIR).glob("*.eml"), reverse=True):
        mail = find(path.stem)
        if mail is not None and to.casefold() in mail.to.casefold():
            mails.append(mail)
        if len(mails) == limit:
            break
    return mails
