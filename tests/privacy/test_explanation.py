"""Every decision of the gate is explained in plain words: to the person on a page, to the officer by a command."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from privacy import consent, gate
from privacy.explanation import explain
from privacy.models import AuditEvent, ChangeClass, Recipient, Subject
from privacy.purposes import Purpose
from tests.factories import OperatorFactory, SubjectFactory, UserFactory, make_member
from tests.privacy.histories import ACTS
from tests.privacy.test_gate_oracle import TELLING, a_world

pytestmark = pytest.mark.django_db

NEWS = ("newsletter", "", "newsletter")
CITY = ("city_information", "", "city-activities")
NETWORKING = ("operator_networking", "", "")
DELEGATION = ("registration", "delegation-company", "")
CONTRACTOR = ("operator_networking", "contractor", "")


def said(history, use, language="en"):
    """The sentences about the first person of a world after `history`, those that say no first."""
    with a_world() as world, override(language):
        world.play(history)
        return [reason.sentence for reason in explain(world.people[0], *use).reasons if not reason.holds]


@pytest.mark.parametrize(
    ("history", "use", "sentence"),
    [
        ([], NEWS, "Consent was never given."),
        ([("agree", 0), ("withdraw", 0)], NEWS, "Consent was taken back on "),
        ([("refuse", 0)], NEWS, "Consent was refused on "),
        ([("object to a topic", 0)], CITY, "An objection was made on "),
        ([("object to city information", 0)], CITY, "An objection was made on "),
        ([("restrict", 0)], NETWORKING, "The use of the data has been restricted since "),
        ([("confirm a child", 0)], NETWORKING, "Since "),
        ([("end", 0)], NETWORKING, "The relation with the portal ended on "),
        ([("a month passes", 0)], DELEGATION, "Toppan Travel Service Corp. does not work for the city at that time."),
        ([], ("statistics", "", ""), ""),
        (
            [("notice without news", 0), ("a day passes", 0)],
            ("statistics", "", ""),
            "Version 2 of the privacy policy applies, and does not state this use.",
        ),
        (
            [("notice without news", 0), ("a day passes", 0), ("inform", 2), ("notice with everything", 0)]
            + [("a day passes", 0)],
            ("statistics", "", ""),
            "",
        ),
    ],
)
def test_what_stands_in_the_way_is_named(history, use, sentence):
    reasons = said(history, use)

    assert [reason[: len(sentence)] for reason in reasons] == ([sentence] if sentence else [])


@pytest.mark.req("R040")
def test_a_use_that_was_added_covers_who_agrees():
    with a_world() as world:
        world.play([("notice without news", 0), ("a day passes", 0)])
        newcomer = SubjectFactory()
        world.publish(ChangeClass.NOTICE)
        world.pass_time(days=1)
        [reason] = [reason for reason in explain(newcomer, "statistics").reasons if not reason.holds]
    assert reason.sentence == "Version 3 of the privacy policy added this use. It covers only who agrees to it."


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", TELLING)
def test_the_sentences_say_what_the_gate_decides(name, language):
    with a_world() as world, override(language):
        world.play(TELLING[name])
        for use in (NEWS, CITY, NETWORKING, CONTRACTOR, ("rights", "", "")):
            found = explain(world.people[0], *use)
            assert found.is_allowed == gate.permitting(*use).filter(pk=world.people[0].pk).exists()
            assert all(reason.sentence for reason in found.reasons)


@pytest.mark.parametrize("act", sorted(ACTS))
def test_every_act_can_be_explained_afterwards_and_as_it_was_before(act):
    with a_world() as world:
        world.play([("agree", 0)])
        before, then = timezone.now(), explain(world.people[0], *NEWS).is_allowed
        world.pass_time(seconds=1)
        world.play([(act, 0)])
        assert all(reason.sentence for use in (NEWS, CONTRACTOR) for reason in explain(world.people[0], *use).reasons)
        assert explain(world.people[0], *NEWS, at=before).is_allowed == then


@pytest.mark.req("R064")
def test_who_withholds_is_told_that_the_minimum_goes():
    with a_world() as world:
        world.play([("withhold", 0)])
        sentence = explain(world.people[0], *CONTRACTOR).reasons[-1].sentence
    assert "withheld" in sentence
    assert "only the minimum" in sentence


@pytest.mark.req("R039")
def test_what_nobody_declared_is_said_to_be_refused():
    found = explain(SubjectFactory(), "advertising")
    assert (found.is_allowed, [reason.sentence for reason in found.reasons]) == (
        False,
        ["Nobody declared such a use, so it is refused."],
    )


class TestPage:
    def page(self, client, purpose, query="", language="en"):
        with override(language):
            return client.get(reverse("privacy:explanation", args=[purpose]) + query)

    @pytest.mark.req("L01")
    @pytest.mark.parametrize(
        ("language", "title", "sentence"),
        [
            ("en", "Why did I get this?", "Consent was given on "),
            ("ja", "なぜこれが届いたのですか", "同意"),
        ],
    )
    def test_why_did_i_get_this(self, client, language, title, sentence):
        person = UserFactory()
        consent.give(person.subject, "newsletter", "newsletter")
        client.force_login(person)

        text = self.page(client, "newsletter", "?topic=newsletter", language).content.decode()

        assert title in text
        assert sentence in text

    @pytest.mark.req("R060")
    def test_why_can_they_see_this_and_which_companies(self, client):
        person = make_member(OperatorFactory())
        Recipient.objects.filter(code="contractor").update(attested_on=timezone.localdate())
        client.force_login(person)

        page = self.page(client, "operator_networking")

        assert "Why can they see this?" in page.content.decode()
        [city, contractor, delegation] = [found.is_allowed for _title, found in page.context["cases"]]
        assert (city, contractor, delegation) == (True, True, False)

    def test_a_past_day_is_answered_as_it_was(self, client):
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            person = UserFactory()
            consent.give(person.subject, "newsletter", "newsletter")
            given = timezone.localdate()
        with time_machine.travel(timezone.now() + timedelta(days=3)):
            consent.withdraw(person.subject, "newsletter", "newsletter")
        with time_machine.travel(timezone.now() + timedelta(days=5)):
            client.force_login(person)

            now = self.page(client, "newsletter", "?topic=newsletter").context["cases"][0][1]
            then = self.page(client, "newsletter", f"?topic=newsletter&on={given}").context["cases"][0][1]
            before = self.page(client, "newsletter", f"?topic=newsletter&on={given - timedelta(days=1)}")

        assert (now.is_allowed, then.is_allowed) == (False, True)
        assert not before.context["cases"][0][1].is_allowed

    @pytest.mark.parametrize("day", ["2999-01-01", "yesterday", "2026-02-30"])
    def test_a_day_that_is_none_is_refused_and_now_is_shown(self, client, day):
        client.force_login(UserFactory())
        page = self.page(client, "rights", f"?on={day}")
        assert page.context["form"].errors
        assert page.context["cases"][0][1].is_allowed

    def test_each_topic_is_explained(self, client):
        client.force_login(UserFactory())
        titles = [title for title, _found in self.page(client, "newsletter").context["cases"]]
        assert titles == ["Newsletter", "Email magazine"]

    def test_there_is_no_page_of_another_purpose(self, client):
        client.force_login(UserFactory())
        assert self.page(client, "advertising").status_code == 404

    def test_it_is_about_who_is_logged_in(self, client):
        assert self.page(client, "newsletter").status_code == 302


class TestCommand:
    def run(self, *arguments):
        out = StringIO()
        call_command("explain_use", *arguments, stdout=out)
        return out.getvalue()

    def test_it_says_why(self):
        person = UserFactory()
        consent.object_to(person.subject, "city_information", "city-activities")

        text = self.run(person.email, "city_information", "--topic", "city-activities")

        assert "This is not allowed." in text
        assert "- An objection was made on " in text
        assert "+ The use of the data is not restricted." in text
        assert person.email not in text
        event = AuditEvent.objects.get(act="use explained")
        assert event.target == f"privacy.subject:{person.subject_id}"

    def test_in_japanese(self):
        assert "認められて" in self.run(str(SubjectFactory().ref), "rights", "--language", "ja")

    def test_as_it_was(self):
        person = UserFactory()
        moment = timezone.now() + timedelta(seconds=1)
        with time_machine.travel(moment + timedelta(days=2)):
            consent.restrict(person.subject)
            assert "- The use" in self.run(str(person.ref), "registration")
            text = self.run(str(person.ref), "registration", "--at", moment.isoformat())
        assert "this was allowed." in text

    def test_it_finds_the_person_in_charge_of_a_business(self):
        operator = OperatorFactory()
        self.run(operator.people.contact_email, "operator_networking")
        assert AuditEvent.objects.get().target == f"privacy.subject:{operator.contact_id}"

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("nobody@business.example", "rights"), "Nobody here"),
            (("00000000-0000-0000-0000-000000000000", "rights"), "Nobody here"),
            (("{ref}", "advertising"), "invalid choice"),
            (("{ref}", "rights", "--recipient", "somebody"), "knows no somebody"),
            (("{ref}", "rights", "--at", "2999-01-01"), "Nobody knows yet"),
            (("{ref}", "rights", "--at", "then"), "invalid"),
        ],
    )
    def test_what_it_cannot_answer_it_says(self, arguments, said):
        ref = str(SubjectFactory().ref)
        with pytest.raises(CommandError, match=said):
            self.run(*(argument.format(ref=ref) for argument in arguments))
        assert not AuditEvent.objects.filter(act="use explained").exists()


def test_every_purpose_has_its_page(client):
    client.force_login(UserFactory())
    for purpose in Purpose:
        assert client.get(reverse("privacy:explanation", args=[purpose])).status_code == 200
    assert Subject.objects.exists()
