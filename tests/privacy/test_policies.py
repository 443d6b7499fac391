"""Announcing versions, and telling of them: what is refused and fixed, whom mails reach (R004-R014, R040, C1)."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.staff_roles import StaffRole
from outbox.addresses import Address
from outbox.composing import compose
from outbox.models import Message, State
from privacy import consent, gate, policies
from privacy.models import AuditEvent, ChangeClass, Document, PolicyNotice, PolicyText, PolicyVersion, Recipient
from privacy.policies import drafting, fingerprints, notices, publishing
from privacy.purposes import Purpose
from tests.factories import SubjectFactory, UserFactory

from .policy_versions import TEXTS, announce, draft

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english():
    """Whatever the page before was in."""
    with translation.override("en"):
        yield


def faults(**values):
    """What is said of a draft with `values`."""
    return list(publishing.faults_of(draft(**values)))


class TestAnnouncing:
    @pytest.mark.req("R006", "R009", "R012")
    def test_it_fixes_texts_and_hashes_for_good(self, make_staff):
        officer = make_staff(StaffRole.OFFICER)

        version = announce(by=officer)

        hashes = {text.language: text.hash for text in version.texts.all()}
        assert hashes["en"] == fingerprints.of_text(TEXTS["body_en"])
        assert version.hash == fingerprints.of_version(hashes)
        assert version.announced_by == officer
        event = AuditEvent.objects.get(act="policy version announced")
        assert (event.by, event.details["hash"]) == (officer, version.hash)
        for change in (
            lambda: PolicyVersion.objects.filter(pk=version.pk).update(effective_at=timezone.now()),
            lambda: version.texts.update(body="Other"),
            lambda: PolicyText.objects.filter(version=version).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    @pytest.mark.req("R009")
    def test_a_table_of_the_same_name_does_not_open_what_was_announced(self):
        version = announce()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE privacy_policyversion (id bigint, announced_at timestamptz)")

            with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
                cursor.execute("UPDATE privacy_policytext SET body = 'Other' WHERE version_id = %s", [version.pk])

    @pytest.mark.req("R006", "R012")
    def test_a_version_in_the_past_is_refused(self):
        past = timezone.now() - timedelta(minutes=1)
        for change_class in ChangeClass:
            said = faults(change_class=change_class, effective_at=past, notify_from=past - 20 * DAY, purposes=[])
            assert "The version would take effect in the past. No version binds backwards." in said

    @pytest.mark.req("R002", "R007")
    @pytest.mark.parametrize(
        ("missing", "said"),
        [
            ("body_en", "The text in English is missing."),
            ("body_ja", "The text in Japanese is missing."),
            ("summary_en", "The summary of what changed in English is missing."),
            ("summary_ja", "The summary of what changed in Japanese is missing."),
        ],
    )
    @pytest.mark.parametrize("empty", ["", " \n\t"])
    def test_both_languages_must_be_whole(self, missing, said, empty):
        assert faults(**{missing: empty}) == [said]

    @pytest.mark.req("R008", "R010")
    @pytest.mark.parametrize(
        ("plan", "said"),
        [
            ({"notify_from": None}, "The moment from which mails leave is missing."),
            ({"notice_until": None}, "The moment until which the notice stays on the site is missing."),
            ({"effective_at": None}, "The moment from which the version takes effect is missing."),
            ({"notify_from": 20}, "Mails must leave before the version takes effect."),
            ({"notify_from": 8}, "there must be at least 14 days"),
            ({"effective_at": 13}, "there must be at least 14 days"),
            ({"notice_until": 19}, "The notice must stay on the site at least until"),
        ],
    )
    @pytest.mark.parametrize("change_class", [ChangeClass.NOTICE, ChangeClass.CONSENT])
    def test_without_a_plan_to_tell_people_beforehand_nothing_is_announced(self, plan, said, change_class):
        now = timezone.now()
        moments = {"effective_at": 20} | plan
        values = {name: days and now + days * DAY for name, days in moments.items()}
        [fault] = faults(change_class=change_class, **values)
        assert said in fault

    @pytest.mark.req("C1")
    def test_an_editorial_change_takes_effect_at_once_and_mails_nobody(self):
        UserFactory()
        version = announce(change_class=ChangeClass.EDITORIAL, effective_at=None, notify_from=None, notice_until=None)
        assert policies.in_force(Document.PRIVACY) == version
        assert version.effective_at == version.announced_at
        assert notices.queue_due() == 0

    @pytest.mark.req("R012")
    def test_versions_take_effect_in_the_order_of_their_numbers(self):
        announce(effective_at=timezone.now() + 60 * DAY, notice_until=timezone.now() + 60 * DAY)
        assert "must follow it" in faults(body_en="Third")[0]
        assert "must follow it" in faults(body_en="Third", change_class=ChangeClass.EDITORIAL, effective_at=None)[0]

    @pytest.mark.req("R040", "C1")
    @pytest.mark.parametrize("change_class", [ChangeClass.EDITORIAL, ChangeClass.NOTICE])
    def test_what_is_added_without_consent_is_refused(self, change_class):
        announce(change_class=ChangeClass.EDITORIAL, effective_at=None, purposes=["account"], recipients=[])
        later = {"body_en": "Other", "change_class": change_class}

        said = faults(**later, purposes=["account", "newsletter"], recipients=["contractor"])

        assert len(said) == 2
        assert all("needs a version that asks for consent" in fault for fault in said)
        assert faults(**later, purposes=[], recipients=[]) == []

    def test_unknown_names_are_refused(self):
        assert faults(body_en="[[nobody]]") == ["The text in English names [[nobody]], which stands for nothing."]
        assert "no recipient “nobody”" in faults(change_class=ChangeClass.CONSENT, recipients=["nobody"])[0]

    def test_what_says_nothing_new_is_refused(self):
        announce()
        [fault] = faults(effective_at=timezone.now() + 50 * DAY, notice_until=timezone.now() + 50 * DAY)
        assert fault == "Nothing differs from version 2."
        assert not faults(
            enacted_on=timezone.localdate(),
            effective_at=timezone.now() + 50 * DAY,
            notice_until=timezone.now() + 50 * DAY,
        )

    def test_a_refused_draft_stays_as_it_was_written(self):
        found = draft(summary_ja="")
        with pytest.raises(ValidationError):
            publishing.announce(found, seen=drafting.stamp(found), by=None)
        assert not PolicyVersion.objects.get(pk=found.pk).announced_at
        assert found.texts.get(language="en").body == TEXTS["body_en"]

    @pytest.mark.parametrize(
        "change",
        [
            lambda found: draft(body_en="Another text"),
            lambda found: publishing.announce(found, seen=drafting.stamp(found), by=None),
            lambda found: drafting.discard(found, seen=drafting.stamp(found), by=None),
        ],
    )
    def test_only_what_was_read_is_announced_saved_or_discarded(self, change):
        found = draft()
        seen = drafting.stamp(found)
        change(found)
        for act in (publishing.announce, drafting.discard):
            with pytest.raises(drafting.Stale):
                act(found, seen=seen, by=None)
        with pytest.raises(drafting.Stale):
            drafting.save(found, {}, seen=seen, by=None)

    def test_there_is_one_draft_and_it_begins_as_the_newest_text(self):
        first = announce()
        second = drafting.start(Document.PRIVACY, by=None)
        assert drafting.start(Document.PRIVACY, by=None) == second
        assert (second.number, second.recipients) == (3, first.recipients)
        assert second.texts.get(language="ja").body == TEXTS["body_ja"]
        assert second.texts.get(language="ja").summary == ""


class TestBinding:
    """C1, and R004 in what is done: the gate reads the version that binds the person."""

    @pytest.fixture
    def person(self):
        return UserFactory().subject

    def number_for(self, person, at):
        with time_machine.travel(at):
            return policies.for_subject(person, Document.PRIVACY).number

    @pytest.mark.req("R012", "C1")
    @pytest.mark.parametrize("change_class", [ChangeClass.NOTICE, ChangeClass.CONSENT])
    def test_nobody_is_bound_before_the_moment(self, person, change_class):
        version = announce(change_class=change_class)
        assert self.number_for(person, version.effective_at - timedelta(seconds=1)) == 1
        assert self.number_for(person, version.effective_at) == (2 if change_class == ChangeClass.NOTICE else 1)

    @pytest.mark.req("R004", "R014", "R039", "R040")
    def test_a_recipient_that_is_added_receives_data_of_those_who_agree(self, person):
        Recipient.objects.filter(code="delegation-company").update(attested_on=timezone.localdate())
        announce(change_class=ChangeClass.EDITORIAL, effective_at=None, recipients=[])
        added = announce(change_class=ChangeClass.CONSENT, recipients=["delegation-company"], body_en="New")
        other, third = UserFactory().subject, UserFactory().subject

        def receives(subject):
            return gate.permitting(Purpose.NETWORKING, "delegation-company").filter(pk=subject.pk).exists()

        assert not receives(person)
        with time_machine.travel(added.effective_at):
            assert not receives(person)
            consent.accept(person, added)
            consent.decline(other, added)
            assert [receives(subject) for subject in (person, other, third)] == [True, False, False]
            assert [policies.for_subject(subject, "privacy").number for subject in (person, other)] == [3, 2]
            consent.accept(other, added)
            assert receives(other)

    @pytest.mark.req("R014")
    def test_before_data_move_to_a_successor_of_the_city_people_are_told_and_asked(self, person):
        """Who is to hold the data in its place is a recipient until then, with a version of its own."""
        successor = Recipient.objects.get(code="contractor")
        successor.pk, successor.code, successor.name_en = None, "successor", "Successor"
        successor.attested_on = timezone.localdate()
        successor.save()
        refused = faults(change_class=ChangeClass.NOTICE, recipients=["successor"])
        assert len(refused) == 1
        assert "needs a version that asks for consent" in refused[0]

        version = announce(change_class=ChangeClass.CONSENT, recipients=["successor"])
        other = UserFactory().subject
        notices.queue_due()
        assert {message.to_ref for message in mails()} == {person.ref, other.ref}

        def moved():
            return set(gate.permitting(Purpose.NETWORKING, "successor"))

        assert moved() == set()
        with time_machine.travel(version.effective_at):
            assert moved() == set()
            consent.accept(person, version)
            consent.decline(other, version)
            assert moved() == {person}


@pytest.fixture
def due():
    return announce(change_class=ChangeClass.CONSENT)


def mails():
    return Message.objects.filter(template="privacy/emails/policy_change")


class TestNotices:
    @pytest.mark.req("R008", "R010", "R013")
    def test_everybody_who_may_be_told_is_told_once(self, due):
        people = {UserFactory().subject.ref for _number in range(3)}
        SubjectFactory(informed=False)
        gone = SubjectFactory()
        gone.ended_at = timezone.now()
        gone.save()

        assert notices.queue_due() == 3
        assert notices.queue_due() == 0

        assert {message.to_ref for message in mails()} == people
        assert PolicyNotice.objects.filter(version=due).count() == 3
        assert notices.progress(due) == {"waiting": 3, "sent": 0, "refused": 0, "failed": 0, "unqueued": 0}

    @pytest.mark.req("R013")
    def test_whom_no_mail_reached_the_site_tells(self, due, client):
        person = UserFactory()
        notices.queue_due()
        mails().update(state=State.SET_ASIDE)

        client.force_login(person)

        assert "will change: version 2 takes effect on" in client.get("/en/my-page/").content.decode()

    def test_a_batch_at_a_time(self, due, monkeypatch):
        monkeypatch.setattr(notices, "BATCH", 2)
        for _number in range(3):
            SubjectFactory()
        assert [notices.queue_due() for _round in range(3)] == [2, 1, 0]

    def test_not_before_the_plan_and_not_after_the_notice(self):
        SubjectFactory()
        now = timezone.now()
        version = announce(notify_from=now + 3 * DAY)
        assert notices.queue_due() == 0
        with time_machine.travel(version.notice_until):
            assert notices.queue_due() == 0
        with time_machine.travel(version.notify_from):
            assert notices.queue_due() == 1

    def test_who_comes_after_it_took_effect_is_not_told_of_a_change(self, due):
        with time_machine.travel(due.effective_at + DAY):
            SubjectFactory()
            assert notices.queue_due() == 0

    @pytest.mark.req("R013")
    def test_what_became_of_the_mails_is_counted(self, due):
        for _number in range(5):
            SubjectFactory()
        notices.queue_due()
        keys = list(mails().values_list("pk", flat=True))
        wiped = {"context": None, "sealed_to": None}
        now = timezone.now()
        mails().filter(pk=keys[0]).update(state=State.SENT, sent_at=now, handed_over_at=now, **wiped)
        mails().filter(pk=keys[1]).update(state=State.REFUSED, **wiped)
        mails().filter(pk__in=keys[2:4]).update(state=State.SET_ASIDE)
        SubjectFactory()
        assert notices.progress(due) == {"waiting": 1, "sent": 1, "refused": 1, "failed": 2, "unqueued": 1}

    @pytest.mark.req("R007", "R010")
    @pytest.mark.parametrize(("language", "words"), [("en", "The purposes are worded"), ("ja", "目的の書き方を")])
    def test_the_mail_says_what_changes_from_when_and_where_to_compare(self, due, language, words):
        SubjectFactory()
        notices.queue_due()
        mail = compose(mails().get(), Address("a@business.example", language))
        assert words in mail.body
        assert f"/{language}/policies/privacy/1/2/" in mail.body
        assert str(timezone.localtime(due.effective_at).year) in mail.body
        assert ("You can decline" if language == "en" else "同意しない") in mail.body

    @pytest.mark.req("R008")
    def test_a_version_whose_mails_do_not_start_is_shown_to_who_can_do_something(
        self, due, client, make_staff, settings
    ):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(make_staff(StaffRole.OFFICER))
        words = "policy versions whose mails have not started"
        assert notices.stalled() == []
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            assert notices.stalled() == [due]
            assert words in client.get(reverse("admin:index")).content.decode()
            notices.queue_due()
            assert notices.stalled() == []
            assert words not in client.get(reverse("admin:index")).content.decode()

    def test_the_command_queues_all_that_is_due(self, due, monkeypatch):
        monkeypatch.setattr(notices, "BATCH", 2)
        for _number in range(3):
            SubjectFactory()
        said = StringIO()
        call_command("queue_policy_notices", dry_run=True, stdout=said)
        call_command("queue_policy_notices", stdout=said)
        call_command("queue_policy_notices", stdout=said)
        assert said.getvalue().splitlines() == ["3 mails would be queued", "3 mails queued", "0 mails queued"]


class TestOfficialText:
    @pytest.fixture
    def load(self, tmp_path):
        for language in ("en", "ja"):
            (tmp_path / f"terms.{language}.md").write_text(TEXTS[f"body_{language}"], encoding="utf-8")

        def run(*more):
            said = StringIO()
            files = [f"--{language}={tmp_path / f'terms.{language}.md'}" for language in ("en", "ja")]
            summaries = ["--summary-en=Enacted.", "--summary-ja=制定しました。"]
            call_command("load_policy", "terms", *files, *summaries, *more, stdout=said)
            return said.getvalue()

        return run

    @pytest.mark.req("R003")
    def test_it_becomes_a_draft_and_is_announced_when_asked_to(self, load):
        soon = (timezone.localtime() + 20 * DAY).strftime("%Y-%m-%d %H:%M")
        arguments = [f"--effective={soon}", "--enacted-on=2026-12-01", "--class=notice"]

        assert load(*arguments) == "terms 2: the draft is written\n"
        assert load(*arguments) == "terms 2: the draft says this already\n"
        assert "terms 2 is announced" in load(*arguments, "--announce")
        assert load(*arguments, "--announce") == "terms 2 says this already; nothing was changed\n"

        version = PolicyVersion.objects.get(document="terms", number=2)
        assert timezone.localtime(version.effective_at).strftime("%Y-%m-%d %H:%M") == soon
        assert str(version.enacted_on) == "2026-12-01"
        assert version.announced_by is None

    def test_what_is_missing_is_said_and_the_draft_waits(self, load):
        with pytest.raises(CommandError, match="takes effect is missing"):
            load("--announce")
        assert PolicyVersion.objects.get(document="terms", number=2).announced_at is None

    @pytest.mark.parametrize(
        ("argument", "said"),
        [
            ("--effective=soon", "is not a moment"),
            ("--enacted-on=never", "is not a day"),
            ("--en=/nowhere", "cannot be read"),
            ("--class=big", "invalid choice"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, load, argument, said):
        with pytest.raises(CommandError, match=said):
            load(argument)
