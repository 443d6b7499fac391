# ruff: noqa: S608 (an owner who tampers writes SQL)
"""Signed checkpoints outside the database, and what they find that the chain alone does not (L01)."""

import base64
import shutil
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.staff_roles import StaffRole
from privacy import tasks
from privacy.ledger import chain, checkpoints, keys, notes
from privacy.models import LedgerEvent, LedgerLink
from tests.factories import SubjectFactory
from tmgportal import stack

from .test_ledger import CURRENT, EVENT, LINK, faults, owner, some_events


@pytest.fixture(autouse=True)
def journal(settings, tmp_path):
    settings.JOURNAL_DIR = tmp_path / "journal"
    return settings.JOURNAL_DIR / "checkpoints"


def verify(*arguments):
    """(exit code, what was said) of `manage.py verify_ledger`."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_ledger", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, f"{err.getvalue()}{error}"
    return 0, out.getvalue()


def cut_off(count):
    with owner(triggers=False) as cursor:
        cursor.execute(f"SELECT event_id FROM {LINK} ORDER BY seq DESC LIMIT %s", [count])
        events = [event for (event,) in cursor.fetchall()]
        cursor.execute(f"DELETE FROM {LINK} WHERE event_id = ANY(%s)", [events])
        cursor.execute(f"DELETE FROM {CURRENT} WHERE event_id = ANY(%s)", [events])
        cursor.execute(f"DELETE FROM {EVENT} WHERE seq = ANY(%s)", [events])


@pytest.mark.req("L01")
def test_a_checkpoint_is_a_note_that_anybody_can_check(committing_db, journal, settings):
    settings.SITE_URL = "https://partners.example"
    some_events()

    checkpoint = checkpoints.make()

    name, size, root, time, empty, signature = (journal / checkpoint.name).read_text().splitlines()
    assert (name, empty) == ("partners.example/consent-ledger", "")
    assert int(size) == LedgerLink.objects.count()
    assert base64.b64decode(root) == chain.hash_at(int(size))
    assert time == f"time {checkpoint.made_at:%Y-%m-%dT%H:%M:%SZ}"
    dash, signer, encoded = signature.split(" ")
    assert (dash, signer) == ("\u2014", name)
    verifier = keys.public().verifier_key.split("+", 2)
    signed = base64.b64decode(encoded)
    assert signed[:4].hex() == verifier[1]
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(verifier[2])[1:])
    public.verify(signed[4:], f"{name}\n{size}\n{root}\n{time}\n".encode())


@pytest.mark.req("L01")
def test_all_agrees(committing_db):
    some_events()
    checkpoints.make()
    some_events()

    code, said = verify()

    assert code == 0
    assert f"{LedgerLink.objects.count()} events agree with the chain, with 1 checkpoints" in said


@pytest.mark.req("L01")
def test_a_tail_that_was_cut_off_is_found_by_its_checkpoint_only(committing_db):
    some_events()
    checkpoint = checkpoints.make()

    cut_off(2)

    assert faults() == []
    code, said = verify()
    assert code == 1
    assert f"position {checkpoint.head.size}: cut off; checkpoint {checkpoint.name} knows it" in said


@pytest.mark.req("L01")
def test_a_tail_that_was_written_anew_is_found_by_its_checkpoint_only(committing_db):
    some_events()
    checkpoint = checkpoints.make()

    cut_off(2)
    some_events(3)

    assert faults() == []
    code, said = verify()
    assert code == 1
    assert f"position {checkpoint.head.size}: rewritten; it is not what checkpoint {checkpoint.name} signed" in said


@pytest.mark.req("L01")
def test_nothing_is_signed_over_a_ledger_that_is_broken(committing_db, journal):
    some_events()
    checkpoints.make()
    some_events()
    with owner(triggers=False) as cursor:
        cursor.execute(f"UPDATE {EVENT} SET actor = 'nobody' WHERE seq = (SELECT max(seq) FROM {EVENT})")

    with pytest.raises(CommandError, match="no checkpoint was written") as refused:
        call_command("checkpoint_ledger", stderr=StringIO())
    with pytest.raises(checkpoints.LedgerBroken):
        tasks.checkpoint_ledger()

    assert refused.value.returncode == 1
    assert len(list(journal.iterdir())) == 1


@pytest.mark.req("L01")
@pytest.mark.parametrize("tamper", ["cut", "rewrite", "note"])
def test_no_checkpoint_follows_one_that_the_ledger_contradicts(committing_db, journal, tamper):
    some_events()
    checkpoint = checkpoints.make()
    if tamper == "note":
        path = journal / checkpoint.name
        path.write_text(path.read_text().replace(f"\n{checkpoint.head.size}\n", f"\n{checkpoint.head.size - 1}\n"))
    else:
        cut_off(2)
        some_events(4 if tamper == "rewrite" else 0)

    with pytest.raises(checkpoints.LedgerBroken):
        checkpoints.make()

    assert len(list(journal.iterdir())) == 1


@pytest.mark.req("L01")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\n{size}\n", "\n9\n", "changed after it was signed"),
        ("time 20", "time 19", "changed after it was signed"),
        ("\u2014", "-", "not a signed note"),
        ("\n\n", "\n", "not a signed note"),
        (" {signature}", " !!", "a signature is unreadable"),
    ],
)
def test_a_changed_checkpoint_is_named(committing_db, journal, old, new, said):
    some_events()
    checkpoint = checkpoints.make()
    path = journal / checkpoint.name
    text = path.read_text()
    old = old.format(size=checkpoint.head.size, signature=text.split()[-1])
    assert old in text
    path.write_text(text.replace(old, new))

    assert verify() == (1, f"checkpoint {path.name}: {said}\nThe ledger is broken: 1 faults.")


@pytest.mark.req("L01")
def test_a_note_about_something_else_is_no_checkpoint(committing_db, journal):
    some_events()
    checkpoints.make()
    (journal / "a.checkpoint").write_text(notes.signed("something\nelse\n"))
    (journal / "b.checkpoint").write_text(
        notes.signed("other.example/hand-overs\n1\naaaa\ntime 2026-01-01T00:00:00Z\n")
    )
    # The right kind of ledger, but of another installation.
    (journal / "d.checkpoint").write_text(
        notes.signed("other.example/consent-ledger\n1\naaaa\ntime 2026-01-01T00:00:00Z\n")
    )
    (journal / "c.checkpoint").write_bytes(b"\xff\n\n\xff\n")

    code, said = verify()

    assert code == 1
    assert "a.checkpoint: not a checkpoint" in said
    assert "b.checkpoint: a checkpoint of another ledger" in said
    assert "c.checkpoint: 'utf-8' codec" in said
    assert "d.checkpoint: a checkpoint of another ledger" in said


@pytest.mark.req("L01")
def test_without_any_checkpoint_nobody_says_that_all_is_well(committing_db, journal):
    some_events()
    assert verify() == (2, f"The checkpoints cannot be read: {journal}: No such file or directory")

    checkpoints.make()
    shutil.rmtree(journal)
    journal.mkdir()

    code, said = verify()
    assert code == 2
    assert "no checkpoint says that there were not more" in said


@pytest.mark.req("L01")
def test_an_empty_ledger_gets_no_checkpoint(committing_db, journal, capsys):
    with owner(triggers=False) as cursor:
        for table in (CURRENT, LINK, EVENT):
            cursor.execute(f"DELETE FROM {table}")

    call_command("checkpoint_ledger")

    assert "there is nothing to write down yet" in capsys.readouterr().out
    assert list(journal.iterdir()) == []


@pytest.mark.req("L01")
def test_a_journal_that_cannot_be_written_is_said(committing_db, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.JOURNAL_DIR = tmp_path / "file"

    with pytest.raises(CommandError, match="No checkpoint can be kept") as refused:
        call_command("checkpoint_ledger")

    assert refused.value.returncode == 2


@pytest.mark.req("L01")
def test_a_wrong_current_state_is_told_by_the_command(committing_db):
    SubjectFactory()
    checkpoints.make()
    with owner(triggers=False) as cursor:
        cursor.execute(f"UPDATE {CURRENT} SET state = 'accepted'")

    code, said = verify()

    assert code == 1
    assert "current states differ from the ledger; rebuild_current_states makes them anew" in said


# ---- keys ----


@pytest.mark.req("L01")
@pytest.mark.parametrize("form", ["pem", "verifier_key"])
def test_an_auditor_checks_with_the_published_key_alone(committing_db, settings, tmp_path, form):
    some_events()
    checkpoints.make()
    published = tmp_path / "key"
    published.write_text(getattr(keys.public(), form))
    # Whoever took over the installation has another key.
    settings.LEDGER_SIGNING_KEY = stack.random_seed()

    assert verify("--public-key", str(published))[0] == 0
    code, said = verify()
    assert code == 1
    assert "not signed by a trusted key" in said


@pytest.mark.req("L01")
@pytest.mark.parametrize(
    "text", ["", "nonsense", "name+00000000+AQ==", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"]
)
def test_a_key_that_is_none_is_said(committing_db, tmp_path, text):
    (tmp_path / "key").write_text(text)

    code, said = verify("--public-key", str(tmp_path / "key"))

    assert code == 2
    assert "The public key cannot be used" in said


@pytest.mark.req("L01")
def test_what_a_former_key_signed_still_counts(committing_db, settings):
    some_events()
    checkpoints.make()
    former = keys.public().verifier_key
    settings.LEDGER_SIGNING_KEY = stack.random_seed()
    settings.LEDGER_FORMER_KEYS = [former]
    settings.SITE_URL = "https://another-name.example"

    assert verify()[0] == 0


@pytest.mark.req("L01")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [("LEDGER_SIGNING_KEY", ""), ("LEDGER_SIGNING_KEY", "c2hvcnQ="), ("LEDGER_FORMER_KEYS", ["nonsense"])],
)
def test_an_installation_does_not_come_up_without_its_key(settings, name, value):
    setattr(settings, name, value)

    assert [error.id for error in run_checks(databases=["default"])] == ["privacy.E010"]


# ---- staff ----


@pytest.fixture
def officer(make_staff, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(make_staff(StaffRole.OFFICER))
    return client


LIST = "admin:privacy_ledgerevent_changelist"


@pytest.mark.req("L01")
@pytest.mark.parametrize("role", [StaffRole.OFFICER, StaffRole.AUDITOR])
@pytest.mark.django_db
def test_staff_see_when_the_last_checkpoint_was_made(client, make_staff, settings, role):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(make_staff(role))
    assert "There is no checkpoint that can be read" in client.get(reverse(LIST)).content.decode()
    connection.check_constraints()

    checkpoint = checkpoints.make()

    page = client.get(reverse(LIST)).content.decode()
    assert f"over {checkpoint.head.size} events" in page
    assert "There is no checkpoint" not in page


@pytest.mark.req("L01")
@pytest.mark.django_db
def test_staff_find_events_by_a_whole_reference_only(officer):
    event = LedgerEvent.objects.filter(subject_ref=SubjectFactory().ref).first()
    SubjectFactory()

    def found(**query):
        return set(officer.get(reverse(LIST), query).context["cl"].queryset)

    assert found(q=f" {event.ref} ") == {event}
    assert found(q=str(event.subject_ref)) == set(LedgerEvent.objects.filter(subject_ref=event.subject_ref))
    assert found(q=str(event.subject_ref)[:8]) == set()
    assert found(q="self") == set()
    assert found(matter="consent") == set()
    assert found(at__year="1999") == set()


@pytest.mark.req("L01")
@pytest.mark.django_db
def test_staff_read_an_event_with_its_proof_and_its_place_in_the_chain(officer):
    event = LedgerEvent.objects.filter(subject_ref=SubjectFactory().ref).first()
    connection.check_constraints()

    page = officer.get(reverse("admin:privacy_ledgerevent_change", args=[event.pk])).content.decode()

    assert event.proof["controller"] in page
    assert bytes(event.link.hash).hex() in page
    assert 'name="_save"' not in page
