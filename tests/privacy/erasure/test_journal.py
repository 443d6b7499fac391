"""The journal of erasures: on disk before the commit, chained; what is ahead of a restored backup is erased again."""

import json
import os

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from outbox.models import Message
from privacy import erasure
from privacy.erasure import journal
from privacy.models import Erasure, ErasureReason, Subject
from tests.factories import UserFactory

REF = "00000000-0000-4000-8000-000000000000"


def erased(person=None, reason=ErasureReason.CHILD):
    person = person or UserFactory()
    return erasure.erase(erasure.start(person.subject, reason).pk)


def brought_back(done):
    """As a backup from before the erasure: the person is there, and the database knows of no erasure."""
    Subject.objects.filter(pk=done.subject_id).update(erased_at=None, ended_at=None)
    User.objects.filter(subject=done.subject_id).update(email="back@business.example", is_active=True)
    Erasure.objects.all().delete()


@pytest.mark.req("R094", "R110")
@pytest.mark.django_db
class TestJournal:
    def test_a_line_names_references_and_nobody(self):
        done = erased()

        (line,) = journal.path().read_text().splitlines()
        said = json.loads(line)
        assert (said["erasure"], said["subject"], said["reason"]) == (str(done.ref), str(done.subject.ref), "child")
        assert "@" not in line

    def test_the_line_is_on_the_disk_before_the_transaction_ends(self):
        person = UserFactory()
        begun = erasure.start(person.subject, "child")

        with transaction.atomic():
            erasure.erase(begun.pk)
            transaction.set_rollback(True)

        assert journal.holds(begun.ref)
        assert [entry.subject for entry in journal.ahead()] == [person.ref]
        assert [one.pk for one in erasure.run_due()] == [begun.pk]
        assert journal.ahead() == []

    def test_without_a_journal_nothing_is_erased(self, settings, tmp_path):
        person, settings.JOURNAL_DIR = UserFactory(), tmp_path / "a file"
        settings.JOURNAL_DIR.write_text("in the way")
        begun = erasure.start(person.subject, "child")

        with pytest.raises(OSError, match="a file"):
            erasure.erase(begun.pk)

        person.refresh_from_db()
        assert person.is_active

    def test_a_line_that_a_crash_cut_short_counts_as_not_written(self):
        erased()
        with journal.path().open("ab") as file:
            file.write(b'{"erasure": "0000')

        assert len(journal.read()) == 1
        second = erased()
        assert [entry.erasure for entry in journal.read()][1:] == [second.ref]

    @pytest.mark.parametrize("change", ["altered", "removed", "moved", "not JSON"])
    def test_a_changed_journal_is_refused(self, change):
        for _person in range(3):
            erased()
        first, second, third = journal.path().read_bytes().splitlines(keepends=True)
        lines = {
            "altered": [first.replace(b'"child"', b'"other"'), second, third],
            "removed": [first, third],
            "moved": [second, first, third],
            "not JSON": [first, b"\xff\n", third],
        }[change]
        journal.path().write_bytes(b"".join(lines))

        with pytest.raises(journal.JournalBroken):
            journal.read()

    def test_only_the_portal_reads_it(self):
        erased()

        assert os.stat(journal.path().parent).st_mode & 0o077 == 0


@pytest.mark.req("R094", "R110")
@pytest.mark.django_db
class TestReplay:
    def test_who_came_back_with_a_backup_is_erased_again(self):
        done = erased()
        brought_back(done)
        assert [entry.subject for entry in journal.ahead()] == [done.subject.ref]
        mails = Message.objects.count()

        erasure.replay()

        again = Erasure.objects.get()
        assert (again.ref, again.subject, again.reason) == (done.ref, done.subject, "child")
        assert again.done_at
        assert not User.objects.filter(email="back@business.example").exists()
        assert journal.ahead() == []
        assert Message.objects.count() == mails, "nobody is told twice"
        assert len(journal.read()) == 1

    def test_replayed_twice_is_replayed_once(self):
        brought_back(erased())
        erasure.replay()
        first = Erasure.objects.values().get()

        assert erasure.replay() == []

        assert Erasure.objects.values().get() == first

    def test_a_dry_run_changes_nothing(self):
        brought_back(erased())

        assert len(erasure.replay(dry_run=True)) == 1

        assert User.objects.filter(email="back@business.example").exists()

    def test_a_backup_from_before_the_person_came_needs_nothing(self):
        journal.append(Erasure(ref=REF, subject=Subject(ref=REF), reason="closure"))

        assert journal.ahead() == []
        assert erasure.replay() == []

    def test_a_backup_from_the_time_to_think_again_ends_the_erasure_it_holds(self):
        done = erased()
        brought_back(done)
        begun = erasure.start(done.subject, "closure")

        erasure.replay()

        assert Erasure.objects.get().pk == begun.pk
        assert journal.ahead() == []


REFUSING = """
    CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'in the way'; END $$;
    CREATE TEMP TABLE checked (id int);
    CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON checked DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse();
    INSERT INTO checked VALUES (1);
"""


@pytest.mark.req("R094")
@pytest.mark.django_db
def test_what_is_checked_at_the_commit_is_checked_before_the_line_is_written():
    """Else a line could stand for an erasure that the database then refused."""
    begun = erasure.start(UserFactory().subject, "child")

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(REFUSING)
        with pytest.raises(DatabaseError, match="in the way"):
            erasure.erase(begun.pk)
        transaction.set_rollback(True)

    assert not journal.holds(begun.ref)
