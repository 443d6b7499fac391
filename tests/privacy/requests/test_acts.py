"""What officers do with a request, what a granted one does, and what the person is written."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from outbox.composing import compose
from outbox.models import Message
from outbox.models import State as MessageState
from privacy import consent, gate, requests
from privacy.models import (
    AuditEvent,
    CurrentState,
    Export,
    LedgerEvent,
    Matter,
    Outcome,
    Recipient,
    RecipientKey,
    Regime,
    RequestEvent,
    RequestState,
    State,
    Step,
    Topic,
)
from privacy.purposes import Purpose
from privacy.requests import agents, effects
from privacy.requests.reasons import GROUNDS, REFUSALS, Extension, Ground, Identity, Refusal
from privacy.requests.states import NotNow
from tests.accounts.mail import address_of
from tests.factories import SubjectFactory, UserFactory, make_member


@pytest.fixture
def officer(make_staff):
    return make_staff("privacy officer")


@pytest.fixture
def person(db):
    return make_member()


def asked(person, kind="access", text="", **given):
    request, _is_new = requests.receive(person.subject, kind, text, by=person, **given)
    return request


def in_review(person, officer, kind="access", how=Identity.UNDOUBTED, **given):
    request = asked(person, kind, **given)
    if not request.events.filter(step=Step.IDENTITY_SETTLED).exists():
        requests.settle_identity(request, how, by=officer)
    requests.begin_review(request, by=officer)
    return request


def at(moment, request, step):
    """Insert a step as if it had been taken at that moment: the table takes no changes."""
    newest = request.newest
    values = {name: getattr(newest, name) for name in ("state", "due_on", "internal_on", "governed_by")}
    state = RequestState.COMPLETION if step == Step.COMPLETION_ASKED else values.pop("state")
    return RequestEvent.objects.create(request=request, step=step, at=moment, **values | {"state": state})


def stated(subject, matter, purpose="", topic=""):
    row = CurrentState.objects.filter(subject_ref=subject.ref, matter=matter, purpose=purpose, topic=topic).first()
    return row and row.state


# ---- the course ----


@pytest.mark.req("R090", "R092")
def test_a_request_goes_from_its_receipt_to_its_end_and_every_step_is_written_down(person, officer):
    request = in_review(person, officer, "objection")
    requests.decide(request, Outcome.GRANTED, uses=[Purpose.STATISTICS], by=officer)
    requests.deliver(request, "We have stopped it.", by=officer)
    requests.close(request, by=officer)

    steps = list(request.events.values_list("step", "state"))
    assert steps[0] == (Step.RECEIVED, RequestState.RECEIVED)
    assert steps[-4:] == [
        (Step.REVIEWED, RequestState.REVIEW),
        (Step.DECIDED, RequestState.DECIDED),
        (Step.DELIVERED, RequestState.DELIVERED),
        (Step.CLOSED, RequestState.CLOSED),
    ]
    audited = AuditEvent.objects.filter(target=f"privacy.request:{request.pk}", by=officer)
    assert {"request reviewed", "request decided", "request delivered", "request closed"} <= {
        *audited.values_list("act", flat=True)
    }


@pytest.mark.req("R099")
def test_nothing_is_decided_before_it_is_settled_who_asks(person, officer):
    request = asked(person, "rectification", channel="paper")
    requests.begin_review(request, by=officer)

    with pytest.raises(ValidationError, match="Settle first who asks"):
        requests.decide(request, Outcome.GRANTED, by=officer)

    requests.settle_identity(request, Identity.UNDOUBTED, by=officer)
    requests.decide(request, Outcome.GRANTED, by=officer)


@pytest.mark.req("R091", "R099")
def test_who_did_not_prove_who_they_are_is_refused_for_that(person, officer):
    request = in_review(person, officer, how=Identity.NOT_PROVEN, channel="paper")

    for outcome, refusals in [(Outcome.GRANTED, []), (Outcome.REFUSED, [Refusal.EXCESSIVE])]:
        with pytest.raises(ValidationError, match="not proven"):
            requests.decide(request, outcome, refusals=refusals, by=officer)

    requests.decide(request, Outcome.REFUSED, refusals=[Refusal.IDENTITY], by=officer)


@pytest.mark.req("R094", "R095", "R097")
@pytest.mark.parametrize("kind", GROUNDS)
def test_what_the_law_grants_on_a_ground_needs_one_of_its_own(person, officer, kind):
    request = in_review(person, officer, kind)
    others = {ground for one, grounds in GROUNDS.items() for ground in grounds if one != kind} - {*GROUNDS[kind]}

    for grounds in ([], list(others)):
        with pytest.raises(ValidationError):
            requests.decide(request, Outcome.GRANTED, grounds=grounds, by=officer)

    assert request.newest.state == RequestState.REVIEW


@pytest.mark.req("R090", "R091")
@pytest.mark.parametrize("part", ["person", "agent"])
def test_an_officer_does_not_decide_what_they_ask_for_themselves(person, officer, part):
    subject, mandate = officer.subject, None
    if part == "agent":
        subject = person.subject
        mandate = agents.propose(
            subject, officer.subject, name="Aoi", email=officer.email, kind="legal", scope=["access"],
            valid_until=timezone.now() + timedelta(days=9), by=None,
        )  # fmt: skip
        agents.acknowledge(mandate, by=UserFactory())
    request, _is_new = requests.receive(subject, "access", "", by=None, channel="paper", mandate=mandate)
    requests.settle_identity(request, Identity.UNDOUBTED, by=officer)
    requests.begin_review(request, by=officer)

    with pytest.raises(ValidationError, match="leave it to a colleague"):
        requests.decide(request, "granted", by=officer)

    requests.decide(request, "granted", by=UserFactory())


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.PARTLY])
def test_a_refusal_has_a_reason_and_a_grant_has_none(person, officer, outcome):
    request = in_review(person, officer)

    with pytest.raises(ValidationError, match="why"):
        requests.decide(request, outcome, by=officer)
    with pytest.raises(ValidationError, match="refused nothing"):
        requests.decide(request, Outcome.GRANTED, refusals=[Refusal.OTHERS], by=officer)
    with pytest.raises(ValidationError, match="not for a request of this kind"):
        requests.decide(request, outcome, refusals=[Refusal.ACCURATE], by=officer)


@pytest.mark.req("L02")
def test_time_is_extended_inside_of_the_first_with_reasons_that_the_person_is_told(person, officer):
    request = asked(person, regimes=[Regime.GDPR])
    before = request.newest.due_on
    requests.extend(request, [Extension.COMPLEX], by=officer)

    event = request.newest
    assert event.due_on > before + timedelta(days=58)
    assert event.codes == ["complex"]
    assert "the request is complex" in event.letter.text
    assert event.letter.message.template == "privacy/emails/request_letter"
    with pytest.raises(NotNow):
        requests.extend(request, [Extension.COMPLEX], by=officer)


@pytest.mark.req("L02", "L07")
def test_what_is_late_cannot_be_extended(person, officer):
    request = asked(person, received_at=timezone.now() - timedelta(days=32))

    with pytest.raises(NotNow, match="only before it ends"):
        requests.extend(request, [Extension.COMPLEX], by=officer)

    assert not request.letters.exists()


@pytest.mark.req("L07")
def test_days_of_completion_move_the_date_of_the_japanese_law(person, officer):
    request = asked(person, regimes=[Regime.APPI], received_at=timezone.now() - timedelta(days=9))
    before = request.newest.due_on
    at(timezone.now() - timedelta(days=5), request, Step.COMPLETION_ASKED)

    requests.complete(request, by=officer)

    assert request.newest.due_on == before + timedelta(days=5)


def test_who_is_asked_for_something_has_a_fortnight(person, officer):
    request = asked(person)
    requests.ask_completion(request, "Which of your two businesses?", by=officer)
    assert "Which of your two businesses?" in request.newest.letter.text

    with pytest.raises(NotNow, match="has time to answer"):
        requests.abandon(request, by=officer)


def test_who_does_not_answer_is_told_that_the_request_is_closed(person, officer):
    request = asked(person, "restriction")
    at(timezone.now() - timedelta(days=15), request, Step.COMPLETION_ASKED)

    requests.abandon(request, by=officer)

    assert request.newest.state == RequestState.ABANDONED
    assert "closed your request" in request.newest.letter.text
    assert not effects.is_restricted(person.subject)


def test_the_same_asked_twice_is_answered_once(person, officer):
    first, second = asked(person), asked(person, text="Again, please.")
    other = asked(person, "erasure")

    for wrong in (other, second, asked(UserFactory())):
        with pytest.raises(ValidationError):
            requests.merge(second, wrong, by=officer)
    requests.merge(second, first, by=officer)

    assert (second.newest.state, second.newest.codes) == (RequestState.DUPLICATE, [first.number])
    with pytest.raises(ValidationError, match="has ended"):
        requests.merge(first, second, by=officer)


# ---- what a granted request does ----


@pytest.mark.req("R093", "L03")
def test_a_correction_reaches_who_was_given_the_data(person, officer):
    given_to("contractor", person)
    request = in_review(person, officer, "rectification")

    requests.decide(request, Outcome.GRANTED, by=officer)

    [recall] = Export.objects.filter(kind="recall")
    assert [item.action for item in recall.items.all()] == ["correct"]


@pytest.mark.req("R095")
@pytest.mark.parametrize("kind", ["restriction", "objection"])
def test_a_restriction_acts_as_soon_as_it_is_known_who_asks(person, officer, kind):
    request = asked(person, kind, channel="paper")
    assert not effects.is_restricted(person.subject)

    requests.settle_identity(request, Identity.UNDOUBTED, by=officer)

    assert effects.is_restricted(person.subject)
    assert not gate.may_send(person.ref, Purpose.CITY_INFORMATION, "city-activities")
    assert gate.may_send(person.ref, Purpose.RIGHTS)
    assert LedgerEvent.objects.filter(matter=Matter.RESTRICTION).get().proof["request"] == request.number


@pytest.mark.req("R095", "R099")
def test_who_is_signed_in_is_restricted_at_the_receipt_and_asked_for_no_proof(person):
    request = asked(person, "restriction")

    assert request.events.get(step=Step.IDENTITY_SETTLED).codes == ["signed in"]
    assert effects.is_restricted(person.subject)


@pytest.mark.req("R099")
def test_what_somebody_else_enters_proves_nobody(person, officer):
    request, _is_new = requests.receive(person.subject, "restriction", "", by=officer)

    assert not request.events.filter(step=Step.IDENTITY_SETTLED).exists()
    assert not effects.is_restricted(person.subject)


@pytest.mark.req("R095")
def test_who_withdraws_a_restriction_is_used_again_at_once(person, officer):
    request = in_review(person, officer, "restriction")
    assert effects.is_restricted(person.subject)

    requests.withdraw(request, by=person)

    assert not effects.is_restricted(person.subject)


def test_a_restriction_that_another_request_asks_for_stays(person, officer):
    first, second = in_review(person, officer, "restriction"), in_review(person, officer, "objection")

    requests.withdraw(first, by=person)
    assert effects.is_restricted(person.subject)
    requests.withdraw(second, by=person)
    assert not effects.is_restricted(person.subject)


@pytest.mark.req("R096")
def test_an_objection_ends_the_uses_named_and_no_other(person, officer):
    consent.give(person.subject, Purpose.NEWSLETTER, "newsletter")
    request = in_review(person, officer, "objection")
    with pytest.raises(ValidationError, match="Choose the uses"):
        requests.decide(request, Outcome.GRANTED, by=officer)
    with pytest.raises(ValidationError, match="cannot be ended"):
        requests.decide(request, Outcome.GRANTED, uses=[Purpose.SECURITY], by=officer)

    requests.decide(request, Outcome.GRANTED, uses=[Purpose.CITY_INFORMATION], by=officer)

    assert stated(person.subject, Matter.OBJECTION, Purpose.CITY_INFORMATION) == State.MADE
    assert stated(person.subject, Matter.OBJECTION, Purpose.CITY_INFORMATION, "city-activities") == State.MADE
    assert stated(person.subject, Matter.OBJECTION, Purpose.NETWORKING) is None
    assert stated(person.subject, Matter.CONSENT, Purpose.NEWSLETTER, "newsletter") == State.GIVEN


@pytest.mark.req("R044", "R096")
def test_one_topic_can_be_allowed_again_after_an_objection_to_all(person, officer):
    Topic.objects.create(code="other", purpose=Purpose.CITY_INFORMATION, name_en="Other", name_ja="別", position=9)
    request = in_review(person, officer, "objection")
    requests.decide(request, Outcome.GRANTED, uses=[Purpose.CITY_INFORMATION], by=officer)
    consent.lift_restriction(person.subject)

    consent.take_back_objection(person.subject, Purpose.CITY_INFORMATION, "city-activities")

    assert gate.may_send(person.ref, Purpose.CITY_INFORMATION, "city-activities")
    assert not gate.may_send(person.ref, Purpose.CITY_INFORMATION, "other")


@pytest.mark.req("R098")
def test_a_withdrawal_takes_every_consent_of_the_use_back(person, officer):
    for topic in ("newsletter", "email-magazine"):
        consent.give(person.subject, Purpose.NEWSLETTER, topic)
    request = in_review(person, officer, "withdrawal", channel="paper")

    requests.decide(request, Outcome.GRANTED, uses=[Purpose.NEWSLETTER], by=officer)

    for topic in ("newsletter", "email-magazine"):
        assert stated(person.subject, Matter.CONSENT, Purpose.NEWSLETTER, topic) == State.WITHDRAWN
    assert {event.method for event in LedgerEvent.objects.filter(state=State.WITHDRAWN)} == {"paper"}


@pytest.mark.req("R092", "R097")
@pytest.mark.parametrize(("kind", "grounds"), [("access", []), ("portability", [Ground.PROVIDED])])
def test_a_granted_copy_is_asked_for(person, officer, kind, grounds):
    request = in_review(person, officer, kind)

    requests.decide(request, Outcome.GRANTED, grounds=grounds, by=officer)

    assert request.packages.get().form == kind


@pytest.mark.req("R094")
def test_a_granted_erasure_freezes_at_once_and_is_bound_to_its_request(person, officer):
    request = in_review(person, officer, "erasure")

    requests.decide(request, Outcome.GRANTED, grounds=[Ground.NO_LONGER_NEEDED], by=officer)

    assert request.erasure.reason == "request"
    assert effects.is_restricted(person.subject)


def test_what_is_refused_does_nothing(person, officer):
    request = in_review(person, officer, "erasure")

    requests.decide(request, Outcome.REFUSED, refusals=[Refusal.CLAIMS], by=officer)

    assert not hasattr(request, "erasure")
    assert not effects.is_restricted(person.subject)


# ---- the end of a restriction ----


@pytest.mark.req("L04")
def test_a_restriction_ends_only_after_the_letter_that_says_so_has_left(person, officer):
    request = in_review(person, officer, "restriction")
    requests.decide(request, Outcome.GRANTED, grounds=[Ground.CONTESTED], by=officer)
    requests.deliver(request, "We have restricted it.", by=officer)
    with pytest.raises(NotNow, match="must be told before"):
        requests.lift_restriction(request, by=officer)
    requests.tell_of_lifting(request, "The data are checked.", by=officer)
    with pytest.raises(NotNow, match="must be told before"):
        requests.lift_restriction(request, by=officer)

    message = request.newest.letter.message
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.SENT, sent_at=timezone.now(), handed_over_at=timezone.now(), context=None
    )
    requests.lift_restriction(request, by=officer)

    assert not effects.is_restricted(person.subject)
    assert request.newest.state == RequestState.DELIVERED


@pytest.mark.req("L04")
@pytest.mark.parametrize(("hours", "is_lifted"), [(23, False), (25, True)])
def test_a_letter_on_paper_is_given_a_day(officer, hours, is_lifted):
    subject = SubjectFactory()
    request, _is_new = requests.receive(subject, "restriction", "", by=None, channel="paper")
    requests.settle_identity(request, Identity.UNDOUBTED, by=officer)
    requests.begin_review(request, by=officer)
    requests.decide(request, Outcome.GRANTED, grounds=[Ground.CONTESTED], by=officer)
    event = at(timezone.now() - timedelta(hours=hours), request, Step.LIFTING_TOLD)
    letter = request.letters.create(event=event, language="en", text="It will end.")
    assert letter.message is None

    if is_lifted:
        requests.lift_restriction(request, by=officer)
    else:
        with pytest.raises(NotNow):
            requests.lift_restriction(request, by=officer)

    assert effects.is_restricted(subject) is not is_lifted


# ---- letters ----


@pytest.mark.req("R101", "L03")
@pytest.mark.parametrize(
    ("language", "refused", "complain", "first"),
    [
        ("en", "We cannot do what you asked", "complain to a supervisory authority", "write to us first"),
        ("ja", "ご請求には応じられません", "監督機関", "まず私たちに"),
    ],
)
def test_an_answer_has_reasons_and_the_right_to_complain_in_the_language_of_the_person(
    officer, language, refused, complain, first
):
    person = make_member(language=language)
    request = in_review(person, officer, "erasure")
    requests.decide(request, Outcome.REFUSED, refusals=[Refusal.CLAIMS], by=officer)

    text = requests.draft_of_answer(request)

    with translation.override(language):
        assert str(Refusal.CLAIMS.label) in text
    assert refused in text
    assert complain in text
    assert first in text
    assert "https://www.ppc.go.jp/" in text
    assert "{" not in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_answer_reads_well(officer, kind, language):
    person = make_member(language=language)
    request = in_review(person, officer, kind)
    named = {"grounds": GROUNDS.get(kind, [])[:1], "uses": effects.uses_of(kind)[:2]}
    requests.decide(request, Outcome.PARTLY, refusals=[Refusal.EXCESSIVE], by=officer, **named)

    text = requests.draft_of_answer(request)

    assert "\n\n\n" not in text
    assert text == text.strip()
    assert request.number in text


@pytest.mark.req("L03")
def test_an_answer_names_the_recipients_that_are_told(person, officer):
    given_to("contractor", person)
    request = in_review(person, officer, "restriction")
    requests.decide(request, Outcome.GRANTED, grounds=[Ground.CONTESTED], by=officer)

    assert Recipient.objects.get(code="contractor").name("en") in requests.draft_of_answer(request)


def test_who_has_an_account_gets_a_link_by_mail_and_who_has_none_the_letter(person, officer):
    request = in_review(person, officer)
    requests.ask_completion(request, "Which years?", by=officer)
    stranger = SubjectFactory(language="ja")
    other, _is_new = requests.receive(
        stranger, "access", "", by=None, channel="form", email="guest@elsewhere.example", name="Guest"
    )
    requests.ask_completion(other, "どの年ですか。", by=officer)

    letters = Message.objects.filter(template="privacy/emails/request_letter").order_by("pk")
    mine, theirs = (compose(message, address_of(message)) for message in letters)

    assert mine.to == [person.email]
    assert f"/privacy-centre/requests/{request.ref}/" in mine.body
    assert "Which years?" not in mine.body
    assert theirs.to == ["guest@elsewhere.example"]
    assert "どの年ですか。" in theirs.body


def given_to(recipient, person):
    """What a hand-over that was built, and can be read, leaves behind."""
    now, later = timezone.now(), timezone.now() + timedelta(days=1)
    key = RecipientKey.objects.create(recipient=recipient, public_key="age1", telephone="03", expires_at=later)
    export = Export.objects.create(
        kind="provision",
        recipient=recipient,
        reason="-",
        key=key,
        built_at=now,
        confirmed_at=now,
        password_read_at=now,
        sha256="0" * 64,
    )
    export.items.create(subject_ref=person.ref, row_key="1", digest="-")
