"""The record of processing and the file register show what is declared, all of it and nothing else (L05)."""

import html
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from privacy import registers
from privacy.declarations import DataClass, declared
from privacy.models import Recipient
from privacy.purposes import RULES, Basis, Purpose
from privacy.retention import RULES as TIMES
from privacy.retention import EraseAction, Retention, Trigger

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["en", "ja"])


def shown(client, name, language):
    """The text of a register, and the answer."""
    with translation.override(language):
        response = client.get(reverse(f"privacy:{name}"))
    assert response.status_code == 200
    return html.unescape(response.content.decode()), response


@pytest.mark.req("L05", "R033", "R041")
@LANGUAGES
def test_the_record_states_every_purpose_with_basis_weighing_and_people(client, language):
    page, response = shown(client, "record-of-processing", language)

    assert [activity.purpose for activity in response.context["activities"]] == [*Purpose]
    with translation.override(language):
        for purpose in Purpose:
            rule = RULES[purpose]
            for text in (purpose.label, rule.basis.label, rule.whose.label, rule.balancing, rule.also_shown_to):
                assert str(text) in page


@pytest.mark.req("L05", "R035")
@LANGUAGES
def test_the_record_names_every_item_under_each_of_its_purposes(client, language):
    _page, response = shown(client, "record-of-processing", language)

    with translation.override(language):
        said = {
            (activity.purpose, file.declaration.model, item)
            for activity in response.context["activities"]
            for file in activity.files
            for item in file.items
        }
        meant = {
            (purpose, one.model, gettext("Hashes and keys") if name in one.never_shown else str(one.label(name)))
            for one in declared()
            for name, purposes in one.purposes_by_field.items()
            if not one.model._meta.get_field(name).is_relation and f"{name}_en" not in one.classes
            for purpose in purposes
        }
    assert said == meant


@pytest.mark.req("L05", "R110")
@LANGUAGES
def test_the_record_states_the_time_of_every_kind_of_data(client, language):
    page, response = shown(client, "record-of-processing", language)

    assert {*response.context["times"]} == {*Retention} - {Retention.PERMANENT}
    with translation.override(language):
        for retention in response.context["times"]:
            rule = TIMES[retention]
            for text in (retention.label, rule.until, rule.action.label, rule.reason):
                assert str(text) in page


@pytest.mark.req("L05")
@LANGUAGES
def test_the_register_holds_every_file_in_which_a_person_is_found(client, language):
    page, response = shown(client, "file-register", language)

    files = response.context["files"]
    assert {file.declaration.model for file in files} == {
        one.model for one in declared() if one.of_class(DataClass.IDENTIFYING)
    }
    with translation.override(language):
        for file in files:
            said = [file.name, file.source, " · ".join(file.items), *file.people, *file.recipients]
            for text in [*said, *(purpose.label for purpose in file.purposes)]:
                assert str(text) in page
            assert all(str(one.rule.until) in page for one in file.retention)
    assert settings.SECRETARIAT_TELEPHONE in page


@pytest.mark.req("L05")
def test_a_file_says_whose_data_it_holds_and_which_of_several_times_applies():
    with translation.override("en"):
        files = {file.declaration.model._meta.label: file for file in registers.files()}

        assert files["inquiries.Inquiry"].people == ["People who write to us"]
        assert files["privacy.LedgerEvent"].people == ["Everybody whose data the portal holds"]
        assert files["inquiries.Inquiry"].times == [
            "Inquiry: 1 year after the answer",
            "Complaint about privacy: 3 years after the answer",
        ]
        assert files["directory.SavedListing"].times == ["30 days after the account is closed"]


@pytest.mark.req("L05", "R060")
@pytest.mark.parametrize("name", ["record-of-processing", "file-register"])
def test_a_recipient_is_named_from_its_first_day_to_its_last(client, name):
    recipient = Recipient.objects.get(code="contractor")
    assert recipient.name_en in shown(client, name, "en")[0]

    Recipient.objects.filter(pk=recipient.pk).update(valid_until=timezone.now())

    assert recipient.name_en not in shown(client, name, "en")[0]


@pytest.mark.req("R043", "L05")
def test_operators_of_the_other_side_are_named_as_readers():
    with translation.override("en"):
        assert any("other side" in text for text in registers.recipients_of([Purpose.NETWORKING]))
        assert not any("other side" in text for text in registers.recipients_of([Purpose.REGISTRATION]))


@pytest.mark.req("L05", "R129")
@pytest.mark.parametrize("name", ["record-of-processing", "file-register"])
def test_nobody_needs_to_log_in_to_read_them_and_no_cookie_is_set(client, name):
    assert shown(client, name, "en")[1].cookies == {}


@pytest.mark.req("R041")
def test_each_purpose_has_one_of_the_six_bases():
    assert {*Basis} == {*"abcdef"}
    assert all(RULES[purpose].basis in {*Basis} for purpose in Purpose)


@pytest.mark.req("R110")
def test_every_time_has_its_moment_action_and_reason():
    assert {*TIMES} == {*Retention}
    for rule in TIMES.values():
        assert rule.trigger in {*Trigger}
        assert rule.action in {*EraseAction}
        assert rule.reason
        # A moment that speaks of a time has one, and the other way round.
        assert ("%(period)s" in str(rule.trigger.label)) == bool(rule.period)


@pytest.mark.req("R110", "R151")
def test_a_log_in_is_kept_as_long_as_it_lasts():
    assert TIMES[Retention.SESSION].period.total_seconds() == settings.SESSION_COOKIE_AGE


@pytest.mark.parametrize(
    ("retention", "words"),
    [
        (Retention.SIGN_UP, "24 hours after the sign-up"),
        (Retention.ACCOUNT, "30 days after the account is closed"),
        (Retention.MESSAGE, "1 year after it was sent"),
        (Retention.AUDIT, "5 years after it was recorded"),
    ],
)
def test_times_are_put_in_words(retention, words):
    with translation.override("en"):
        assert TIMES[retention].until == words


@pytest.mark.req("L05")
def test_every_name_and_item_has_its_japanese():
    def is_japanese(word):
        return re.search("[\u3040-\u30ff\u4e00-\u9fff]", word)

    with translation.override("ja"):
        words = [str(word) for file in registers.files() for word in (file.name, *file.items)]

    assert [word for word in words if not is_japanese(word)] == []
