import uuid

import pytest

from accounts.services import membership
from networking import services
from networking.models import Introduction
from outbox.models import Message
from privacy import held
from privacy.purposes import Purpose
from tests.factories import OperatorFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    member = make_member()
    return member.acting_for, OperatorFactory(overseas=True), member


def introduce(pair, *, text="Let us work together.", key=None):
    sender, recipient, member = pair
    return services.introduce(sender, recipient, text=text, by=member, form_key=key or uuid.uuid4())


@pytest.mark.req("R043")
def test_an_introduction_goes_to_the_person_in_charge_without_an_address(pair):
    sender, recipient, member = pair

    introduction = introduce(pair)

    (message,) = Message.objects.all()
    assert (message.to_ref, message.template) == (recipient.contact.ref, "networking/emails/introduction")
    assert message.context == {
        "sender": {"en": sender.business_name_romanised, "ja": sender.business_name},
        "text": "Let us work together.",
        "introduction": str(introduction.ref),
        "is_answer": False,
    }


def test_without_a_person_in_charge_it_goes_to_the_owners(pair):
    _sender, recipient, _member = pair
    owner = make_member(recipient)
    recipient.contact = None
    recipient.save()

    introduce(pair)

    assert [message.to_ref for message in Message.objects.all()] == [owner.ref]


def test_owners_read_along_when_the_person_in_charge_has_no_log_in(pair):
    _sender, recipient, _member = pair
    owner = make_member(recipient)

    introduce(pair)

    assert {message.to_ref for message in Message.objects.all()} == {recipient.contact.ref, owner.ref}


def test_an_answer_says_that_it_is_one(pair):
    sender, recipient, _member = pair
    introduce(pair)
    introduce((recipient, sender, make_member(recipient)))

    answered = [message.context["is_answer"] for message in Message.objects.order_by("pk")]
    # To the person in charge; then to the other one, and to the owner who reads along.
    assert answered == [False, True, True]


def test_who_has_left_reads_no_introductions(pair):
    _sender, recipient, _member = pair
    owner, former = make_member(recipient), make_member(recipient)
    recipient.contact = former.subject
    recipient.save()

    introduce(pair)
    membership.remove_member(former.memberships.get(), by=owner)
    recipient.refresh_from_db()
    introduce(pair)

    assert [message.to_ref for message in Message.objects.filter(purpose=Purpose.NETWORKING).order_by("pk")] == [
        former.ref,
        owner.ref,
    ]


def test_the_same_form_twice_makes_one_introduction(pair):
    key = uuid.uuid4()

    assert introduce(pair, key=key) == introduce(pair, key=key)
    assert (Introduction.objects.count(), Message.objects.count()) == (1, 1)


def test_the_form_of_another_sender_is_refused(pair):
    key = uuid.uuid4()
    introduce(pair, key=key)
    other = make_member()

    with pytest.raises(services.SentDifferently):
        introduce((other.acting_for, pair[1], other), key=key)


def test_the_same_form_with_another_text_is_refused(pair):
    key = uuid.uuid4()
    introduce(pair, key=key)

    with pytest.raises(services.SentDifferently):
        introduce(pair, key=key, text="Something else")
    assert Introduction.objects.get().text == "Let us work together."


@pytest.mark.parametrize(
    ("cap", "limit", "same_person", "same_recipient"),
    [
        ("pair", services.TO_ONE_OPERATOR_A_WEEK, True, True),
        ("person", services.PER_PERSON_A_DAY, True, False),
        ("operator", services.PER_OPERATOR_A_DAY, False, False),
    ],
)
def test_caps(pair, cap, limit, same_person, same_recipient):
    sender, recipient, member = pair
    for _number in range(limit):
        to = recipient if same_recipient else OperatorFactory(overseas=True)
        by = member if same_person else make_member(sender)
        introduce((sender, to, by))

    with pytest.raises(services.TooMany) as refused:
        introduce((sender, recipient if same_recipient else OperatorFactory(overseas=True), member))
    assert refused.value.args == (cap,)
    assert Introduction.objects.count() == limit


def test_a_report_tells_staff_once(pair, django_user_model):
    _sender, recipient, _member = pair
    introduction = introduce(pair)
    reader = make_member(recipient)

    services.report(introduction, by=reader, reason="Advertising")
    services.report(introduction, by=reader, reason="Again")

    introduction.refresh_from_db()
    assert (introduction.reported_by, introduction.report_reason) == (reader, "Advertising")


@pytest.mark.req("R092")
def test_who_was_reported_does_not_read_what_the_reader_said_to_staff(pair):
    _sender, recipient, member = pair
    introduction = introduce(pair)
    services.report(introduction, by=make_member(recipient), reason="They frighten me")

    (kind,) = [kind for kind in held.of(member.subject) if kind.declaration.model is Introduction]

    assert kind.records[0].values["text"] == "Let us work together."
    assert "They frighten me" not in str(kind.records)
