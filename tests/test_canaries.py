"""A word of its own in every value that identifies somebody: who meets it, on pages, in files, mails, logs, cookies?"""

import io
import itertools
import logging
import zipfile
from collections import defaultdict

import pytest
from django.db import models, transaction
from django.urls import reverse

from accounts.fields import written_phone
from accounts.models import User
from outbox.addresses import Address
from outbox.composing import compose
from outbox.models import Message
from privacy import contacts
from privacy.acting import PORTAL, acting_as
from privacy.declarations import DataClass, declared
from tests.authorisation.conftest import world  # noqa: F401
from tests.authorisation.table import STAFF_TABLE, admin_checks_of, checks_of
from tests.authorisation.test_matrix import OURS, admin_path, asked

OPERATOR = {f"OperatorPeople.{name}" for name in ("contact_email", "contact_name", "contact_telephone")}
OPERATOR |= {"OperatorPeople.representative_name"}
ABROAD = {"OperatorPeople.contact_email", "OperatorPeople.contact_name"}
DOMESTIC = {name.replace("OperatorPeople", "DomesticRegistration") for name in OPERATOR}
OVERSEAS = {name.replace("OperatorPeople", "OverseasRegistration") for name in ABROAD}
INQUIRIES = {"Inquiry.email", "Entry.text"}
OWN = {"EmailAddress.email", "SavedListing.note", "User.email"}
# Whoever knows the secret address of an unconfirmed inquiry, of a request, or of a question about a mandate.
BY_ADDRESS = {"Unconfirmed.email", "Request.email", "Mandate.agent_email", "Mandate.agent_name"}
# {role: {whose: what of them}}: what anybody meets of a person, on all pages and in all files. Of strangers the
# other side's operators show their person in charge, and who asks to join an operator shows its owner an address.
SEEN = {
    "public": {"stranger": BY_ADDRESS},
    "unverified": {"stranger": BY_ADDRESS},
    "deactivated": {"stranger": BY_ADDRESS},
    "registered": {"self": OWN, "stranger": BY_ADDRESS},
    "tokyo owner": {
        "self": OWN,
        "business": OPERATOR | DOMESTIC | {"Invitation.email", "Introduction.text", "User.email"},
        "stranger": BY_ADDRESS | {"OperatorPeople.contact_name", "User.email"},
    },
    "tokyo reader": {
        "self": {"User.email"},
        "business": OPERATOR | DOMESTIC | {"Introduction.text", "User.email"},
        "stranger": {"OperatorPeople.contact_name"},
    },
    "suspended owner": {
        "self": {"User.email"},
        "business": OPERATOR | DOMESTIC | {"Invitation.email", "Introduction.text", "User.email"},
        "stranger": {"User.email"},
    },
    "paris owner": {
        "self": {"User.email"},
        "business": ABROAD | OVERSEAS | {"Invitation.email", "Introduction.text", "User.email"},
        "stranger": {"OperatorPeople.contact_name", "User.email"},
    },
    "registration reviewer": {
        "self": {"User.email"},
        "stranger": OPERATOR | DOMESTIC | OVERSEAS | INQUIRIES | {"Introduction.text", "User.email"},
    },
    "newsletter editor": {"self": {"User.email"}},
    "privacy officer": {
        "self": {"User.email"},
        "stranger": OPERATOR
        | DOMESTIC
        | OVERSEAS
        | INQUIRIES
        | {"ChildCase.child_email", "Mandate.agent_email", "Mandate.agent_name", "User.email"},
    },
    "auditor": {"self": {"User.email"}},
    "contractor operations": {"self": {"User.email"}},
    "no second factor": {"self": {"EmailAddress.email", "User.email"}},
}


class Canary:
    """One value of one row: how it may be written, and whose it is."""

    def __init__(self, row, name, value):
        self.row, self.kind = row, f"{type(row).__name__}.{name}"
        self.forms = [value]
        if name.endswith("telephone"):
            self.forms += [written_phone(value, abroad=abroad) for abroad in (True, False)]
        self.person = row.pk if isinstance(row, User) else getattr(row, "user_id", None)
        self.operators = {getattr(row, name, None) for name in ("operator_id", "sender_id", "recipient_id")} - {None}
        if isinstance(row, User):
            self.operators = set(row.memberships.values_list("operator", flat=True))

    def is_in(self, text):
        return any(form in text for form in self.forms)

    def whose(self, reader):
        if reader is not None and self.person == reader.pk:
            return "self"
        own = set() if reader is None else set(reader.memberships.values_list("operator", flat=True))
        return "business" if own & self.operators else "stranger"


def plant():
    """Give every value that identifies somebody a word of its own: a list of `Canary`."""
    canaries, numbers = [], itertools.count(1000001)
    for declaration in declared():
        for row in declaration.model._default_manager.all():
            values = {}
            for name in declaration.of_class(DataClass.IDENTIFYING):
                field = declaration.model._meta.get_field(name)
                # What waits to be sent is told apart below; what is sealed nobody reads.
                if (
                    getattr(row, name) in (None, "", {})
                    or isinstance(row, Message)
                    or isinstance(field, models.BinaryField)
                ):
                    continue
                word = f"canary{next(numbers)}"
                match field:
                    case models.EmailField():
                        values[name] = f"{word}@hidden.example"
                    case models.JSONField():
                        values[name] = dict.fromkeys(getattr(row, name), word) or {"word": word}
                    case models.CharField() if name.endswith("telephone"):
                        values[name] = f"+8133{word[-7:]}"
                    case models.CharField() | models.TextField():
                        values[name] = word
                shown = word if isinstance(values[name], dict) else values[name]
                canaries.append(Canary(row, name, shown))
            if values:
                declaration.model._default_manager.filter(pk=row.pk).update(**values)
    return canaries


def texts_of(response):
    """All that somebody could read of an answer; of a spreadsheet the texts inside."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    headers = f"{dict(response.items())} {response.cookies.output()}"
    return body.decode(errors="replace") + headers


def pages(world, role):  # noqa: F811
    """Every address that answers to `role` with a page or a file."""
    for route in OURS:
        for check in checks_of(route):
            if (check.role, check.method, check.outcome) == (role, "GET", "200"):
                yield reverse(route, kwargs=asked(world, check, route)[0])
    for view, model in STAFF_TABLE:
        for check in admin_checks_of(view, model):
            if (check.role, check.method, check.outcome) == (role, "GET", "200"):
                yield admin_path(world, view, model)


@pytest.fixture(scope="module")
def canaries(world):  # noqa: F811
    with acting_as(duty=PORTAL):
        yield plant()


def told(canaries, reader, text):
    """{whose: kinds} of the canaries in what `reader` read."""
    found = defaultdict(set)
    for canary in canaries:
        if canary.is_in(text):
            found[canary.whose(reader)].add(canary.kind)
    return found


@pytest.mark.req("R043", "R049", "R126", "R151")
@pytest.mark.parametrize("role", SEEN)
def test_everybody_meets_of_people_what_the_table_says(world, canaries, role, caplog):  # noqa: F811
    texts = []
    with caplog.at_level(logging.DEBUG):
        for path in dict.fromkeys(pages(world, role)):
            with transaction.atomic():
                texts.append(texts_of(world.ask(role, "GET", path)))
                transaction.set_rollback(True)
    with acting_as(duty=PORTAL):
        assert told(canaries, world.people.get(role), "\n".join(texts)) == SEEN[role]
        assert not told(canaries, None, caplog.text)


# {template: what it says of whom}, beside a reader's own address: an owner learns who asks to join.
IN_MAIL = {"accounts/emails/join_requested": {"stranger: User.email"}}


@pytest.mark.req("R043", "R049")
def test_mails_name_nobody_but_whom_the_table_names(world, canaries):  # noqa: F811
    told_in = defaultdict(set)
    for route, role in itertools.product(OURS, ["public", "registered", "tokyo owner", "paris owner"]):
        for check in checks_of(route):
            if (check.role, check.method, check.outcome) == (role, "POST", "302"):
                for template, reader, text in mails_of(world, check, route):
                    with acting_as(duty=PORTAL):
                        found = told(canaries, reader, text)
                    told_in[template] |= {f"{whose}: {kind}" for whose, kinds in found.items() for kind in kinds}
    assert len(told_in) > 5
    others = {template: says - {"self: User.email"} for template, says in told_in.items()}
    assert {template: says for template, says in others.items() if says} == IN_MAIL


def mails_of(world, check, route):  # noqa: F811
    """(template, reader or None, text) of the mails that a form leads to."""
    arguments, data = asked(world, check, route)
    with transaction.atomic():
        newest = Message.objects.order_by("pk").last().pk
        world.ask(check.role, "POST", reverse(route, kwargs=arguments), data)
        with acting_as(duty=PORTAL):
            for message in Message.objects.filter(pk__gt=newest, to_ref__isnull=False):
                contact = contacts.contact_of(message.to_ref, message.purpose)
                if contact:
                    mail = compose(message, Address(contact.address, contact.language))
                    reader = User.objects.filter(subject__ref=message.to_ref).first()
                    yield message.template, reader, f"{mail.subject} {mail.body}"
        transaction.set_rollback(True)
