"""A word of its own in every value of a person: once they are erased, nobody finds one, in no table, file, cache or log
(I10). What is other people's stays."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.utils import timezone

import outbox
from accounts.models import AddressProof, DomesticRegistration, Invitation, Operator, OperatorPeople, Role
from accounts.sides import Side
from directory.models import Photo
from directory.photos import WIDTHS
from directory.services import files
from inquiries.models import ChildCase, Unconfirmed
from networking.models import Introduction
from outbox.addresses import unseal
from outbox.models import Message
from privacy import endings, erasure
from privacy.declarations import DataClass, declared
from privacy.erasure import journal
from privacy.models import Erasure
from privacy.purposes import Purpose
from tests.authorisation.conftest import world  # noqa: F401
from tests.authorisation.guarded import mark
from tests.factories import DomesticRegistrationFactory, ListingDraftFactory, MembershipFactory, OperatorFactory
from tests.privacy.test_declarations import IDENTIFYING

# Beside what identifies: what a browser said of itself.
ALSO = {"usersessions.UserSession": ["user_agent"]}
SECRET = "canary0000000"
# Mail is sealed and looked at apart. The owner is of the other side.
ELSEWHERE = {"outbox.Message", "accounts.OverseasRegistration"}


def lay_out(world):  # noqa: F811
    """Of every kind of row one that is about the owner; returns the owner."""
    mark(world)
    owner, tokyo = world.people["tokyo owner"], world.operators["tokyo"]
    second = world.operators["second paris"]
    Operator.objects.filter(pk=tokyo.pk).update(contact=owner.subject)
    OperatorPeople.objects.filter(operator=tokyo).update(contact_email=owner.email)
    DomesticRegistration.objects.filter(operator=tokyo).update(contact_email=owner.email)
    AddressProof.objects.create(operator=tokyo, email=owner.email, expires_at=timezone.now())
    invitation = Invitation(
        operator=second, email=owner.email, role=Role.EDITOR, invited_by=second.memberships.owners().get().user
    )
    invitation.set_new_code()
    invitation.save()
    Introduction.objects.filter(sender=tokyo).update(sent_by=owner)
    ChildCase.objects.update(child_email=owner.email, subject=owner.subject)
    Unconfirmed.objects.update(email=owner.email)
    # A business that nobody else looks after, with a file on the disk.
    begun = OperatorFactory(side=Side.DOMESTIC, approved_at=None, contact=None)
    MembershipFactory(operator=begun, user=owner)
    DomesticRegistrationFactory(operator=begun, contact_email=owner.email, created_by=owner)
    photo = Photo.objects.create(
        draft=ListingDraftFactory(operator=begun), position=1, width=1, height=1, is_decorative=True
    )
    files.write(photo.ref, dict.fromkeys(WIDTHS, SECRET.encode()))
    return owner


def plant(owner):
    """({word: models} in what is the owner's, {word} in what is not)."""
    addresses = endings.addresses_of(owner.subject)
    theirs = {
        declaration.model: set(endings.rows_of(declaration, owner.subject, addresses).values_list("pk", flat=True))
        for declaration in declared()
    }
    words, own, others = {}, {SECRET: set()}, set()
    for declaration in declared():
        names = declaration.of_class(DataClass.IDENTIFYING) + ALSO.get(declaration.model._meta.label, [])
        for row in declaration.model._default_manager.all() if names else ():
            values = {}
            for name in names:
                before = getattr(row, name)
                if not before or isinstance(row, Message):
                    continue
                word = words.setdefault(before, _word(words)) if _is_one_of(before, addresses) else _word(words)
                words[word] = word
                values[name] = _as(declaration.model._meta.get_field(name), word, before)
                if row.pk in theirs[declaration.model]:
                    own.setdefault(word, set()).add(declaration.model._meta.label)
                else:
                    others.add(word)
            if values:
                declaration.model._default_manager.filter(pk=row.pk).update(**values)
    owner.refresh_from_db()
    return own, others


def _word(words):
    return f"canary{len(words) + 1000001}"


def _is_one_of(value, addresses):
    return isinstance(value, str) and value.lower() in addresses


def _as(field, word, before):
    match field:
        case models.EmailField():
            return f"{word}@hidden.example"
        case models.JSONField():
            return dict.fromkeys(before, word)
        case models.BinaryField():
            return word.encode()
        case models.CharField() if field.name.endswith("telephone"):
            return f"+{word}"
    return word


def mention(owner, other):
    """Mail to the owner, mail that names them, mail to their address; a browser and a log that know them."""
    outbox.post(owner.subject, Purpose.INQUIRIES, "inquiries/emails/answered", number="Q-1", text=SECRET)
    outbox.post(other.subject, Purpose.ACCOUNT, "accounts/emails/join_requested", email=owner.email, operator="-")
    to_address = outbox.Address(owner.email, "en")
    outbox.post(to_address, Purpose.ACCOUNT, "accounts/emails/invitation", code=SECRET, operator="-")
    outbox.post(other.subject, Purpose.ACCOUNT, "accounts/emails/join_requested", email=other.email, operator="-")
    session = SessionStore()
    session["account_login_code"] = {"email": owner.email}
    session.create()
    LogEntry.objects.create(
        user=other,
        content_type=ContentType.objects.get_for_model(owner),
        object_id=owner.pk,
        object_repr=owner.email,
        action_flag=2,
    )


def everything():
    """All that is stored, as text: every table, what is sealed or packed in it, every file, the cache and the queue."""
    texts = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT row_to_json(one)::text FROM {table} one")  # noqa: S608
            texts += [row for (row,) in cursor.fetchall()]
    texts += [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    texts += [unseal(message.sealed_to).email for message in Message.objects.exclude(sealed_to=None)]
    for folder in (settings.MEDIA_ROOT, settings.JOURNAL_DIR, settings.HANDOVER_DIR, settings.MAILBOX_DIR):
        texts += [path.read_bytes().decode(errors="replace") for path in Path(folder).rglob("*") if path.is_file()]
    server = redis.Redis.from_url(settings.REDIS_URL)
    for key in server.scan_iter():
        value = server.lrange(key, 0, -1) if server.type(key) == b"list" else [server.dump(key)]
        texts.append(f"{key}{value}")
    return "\n".join(texts)


def found(words, text):
    return {word for word in words if word in text or f"\\x{word.encode().hex()}" in text.replace("\\\\x", "\\x")}


@pytest.mark.req("R094", "R110", "R113", "L03")
def test_of_an_erased_person_no_word_is_left(world, caplog, django_capture_on_commit_callbacks):  # noqa: F811
    owner, other = lay_out(world), world.people["second paris owner"]
    own, others = plant(owner)
    mention(owner, other)
    before = everything()
    assert found(own, before) == {*own}, "the scan sees what it looks for"
    assert set().union(*own.values()) >= IDENTIFYING.keys() - ELSEWHERE
    others = found(others, before)
    assert len(others) > 50

    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        begun = erasure.start(owner.subject, "child")
        erasure.erase(begun.pk)
    certificate = Message.objects.get(template="privacy/emails/erasure_done")
    assert unseal(certificate.sealed_to).email == owner.email, "goes out, and is wiped when it has"
    certificate.delete()

    after = everything()
    assert found(own, after) == set()
    assert found(own, caplog.text) == set()
    assert others - found(others, after) == set(), "what is other people's stays"


def test_erased_twice_is_erased_once(world):  # noqa: F811
    owner = world.people["paris owner"]
    begun = erasure.start(owner.subject, "child")
    first = erasure.erase(begun.pk)
    state, lines = everything(), len(journal.read())

    again = erasure.erase(begun.pk)

    assert (again.done_at, again.counts) == (first.done_at, first.counts)
    assert everything() == state
    assert len(journal.read()) == lines
    assert Erasure.objects.filter(subject=owner.subject).count() == 1
    assert begun.due_at <= timezone.now() < begun.due_at + timedelta(minutes=5)
