"""Who is there before the first visitor: `python -m tests.journeys.world` makes them and prints what the journeys need.

They are the first of the demonstration's people, with something in every place that could be empty.
"""

import json
from datetime import timedelta
from uuid import uuid4

import django
from django.utils import timezone

from privacy.acting import PORTAL, acting_as

# More than one page of the list.
PUBLISHED = 14
# {address: (role, the company that they work for)}
HANDING_OVER = {
    "officer@city.example": ("privacy officer", ""),
    "second@city.example": ("privacy officer", ""),
    "desk@contractor.example": ("contractor operations", "contractor"),
}
ON_BOTH_SIDES = ("tokyo@demo.example", "paris@demo.example")
LETTER = "Could you look after twelve walkers for three nights in May? We would come to see you in March."
REPORT = "We do not know them and never asked for this."


@acting_as(duty=PORTAL)
def make():
    """What the journeys need to know:

    - "passwords": {address: password} of those who sign in,
    - "records": {address: {name of a record: the reference or key that leads to it}},
    - "names": what is written in Latin letters in every language.
    """
    from django.contrib.auth.models import Group

    from accounts.models import Operator, User
    from privacy.models import Release
    from tests.factories import PASSWORD, UserFactory
    from tmgportal.demonstration import loading, numbers

    loading.load(_chosen(), say=lambda text: None)
    numbers.make()
    staff = UserFactory(email="staff@city.example", is_staff=True, language="ja")
    staff.groups.set(Group.objects.all())
    members = [User.objects.get(email=email) for email in ON_BOTH_SIDES]
    _write_to_each_other(members)
    applicant = User.objects.get(email="applicant@demo.example")
    records = {member.email: _places_of(member) for member in members}
    _ask_the_secretariat()
    records |= {applicant.email: _registration_of(applicant), staff.email: _for_review()}
    passwords = dict.fromkeys(records, loading.PASSWORD) | dict.fromkeys([staff.email, *HANDING_OVER], PASSWORD)
    # Everybody's: the link in a mail works without a log-in.
    records[""] = {"link": _link_in_a_mail(members[0]), "release": f"{Release.objects.last().month:%Y-%m}"}
    records[""] |= _asked_without_a_log_in() | _answers_by_mail(members[0])
    searched = [term for term, _language, _count in numbers.SEARCHES]
    names = [LETTER, REPORT, *searched, *Operator.objects.values_list("business_name", flat=True)]
    return {"passwords": passwords, "records": records, "names": list(filter(None, names))}


def _chosen():
    from accounts.sides import Side
    from tmgportal.demonstration import loading
    from tmgportal.demonstration.operators import State, everybody

    everyone = everybody()
    shown = [
        [person for person in everyone if person.side == side and person.state == State.PUBLISHED][:PUBLISHED]
        for side in Side
    ]
    return tuple({person.email: person for people in [loading.few_of(everyone), *shown] for person in people}.values())


def _write_to_each_other(members):
    """A letter each way, and one more that was reported: only those are shown to staff."""
    from networking import services

    def write(sender, recipient):
        return services.introduce(sender.acting_for, recipient.acting_for, text=LETTER, by=sender, form_key=uuid4())

    first, second = members
    write(first, second)
    write(second, first)
    services.report(write(second, first), by=first, reason=REPORT)


def _asked_without_a_log_in():
    """A request whose code is not typed yet, and the link to another."""
    import uuid

    from privacy import links, requests
    from privacy.requests import identity
    from tests.factories import SubjectFactory

    given = {"kind": "access", "text": "", "name": "", "is_in_europe": False, "language": "en"}
    code = identity.receive_by_form(**given, email="reader@elsewhere.example", form_key=uuid.uuid4())
    sender = {"channel": "paper", "email": "reader@elsewhere.example"}
    on_paper, _is_new = requests.receive(SubjectFactory(), "access", "", by=None, **sender)
    return {"asked_code": str(code.ref), "asked": links.request_url(on_paper).split("/")[-2]}


def _answers_by_mail(member):
    """What stands in the links by which a paper is sent and a mandate is confirmed."""
    from privacy.models import Request
    from privacy.requests import agents, papers

    doubted = Request.objects.filter(subject=member.subject, kind="objection").get()
    return {"paper": papers.token(doubted), "mandate": agents.token(_mandate(member))}


def _doubted(member):
    """A request for which a document was asked for."""
    from privacy import requests

    asked, _is_new = requests.receive(member.subject, "objection", LETTER, by=None, channel="paper")
    requests.ask_document(asked, by=None)
    return asked


def _mandate(member):
    from privacy.requests import agents
    from tests.factories import SubjectFactory

    return agents.propose(
        member.subject,
        SubjectFactory(),
        name="Aoi Agent",
        email="agent@elsewhere.example",
        kind="voluntary",
        scope=["access", "rectification"],
        valid_until=timezone.now() + timedelta(days=30),
        by=None,
    )


def _link_in_a_mail(member):
    from privacy import links
    from privacy.purposes import Purpose

    return links.withdrawal_url(member.subject, Purpose.CITY_INFORMATION).split("/")[-2]


def _ask_the_secretariat():
    """A question in Japanese, and the report of a guardian."""
    from inquiries import services

    letter = {"name": "見本 花子", "email": "asking@elsewhere.example", "number": "", "message": "何時に開きますか。"}
    report = {"kind": "child", "relation": "parent", "child_email": "child@elsewhere.example", "place": ""}
    for kind in ({"kind": "general"}, report):
        services.send(letter | kind, key=uuid4(), language="ja")


def _places_of(member):
    """References of what `member` has and sees, by name."""
    from accounts.models import Role, registration_model
    from accounts.services import membership, registration
    from directory.models import Listing
    from networking.models import Introduction
    from privacy import requests
    from privacy.models import Package
    from tests.factories import UserFactory, make_member

    operator = member.acting_for
    colleague = make_member(operator, role=Role.EDITOR)
    membership.invite(operator, by=member, role=Role.READER, email=f"invited@{member.email.partition('@')[0]}.example")
    membership.ask_to_join(operator, by=UserFactory(side=operator.side))
    draft = operator.listing_draft
    listing = Listing.objects.visible_to(member).first()
    change = registration.propose_change(operator, by=member)
    asked, _is_new = requests.receive(member.subject, "rectification", LETTER, by=member)
    return {
        "request": asked.ref,
        "doubted": _doubted(member).ref,
        "copy": Package.objects.create(subject=member.subject, form="access").ref,
        "operator": operator.ref,
        "approved": registration_model(operator.side).objects.filter(operator=operator).earliest("pk").ref,
        "change": change.ref,
        "colleague": operator.memberships.get(user=colleague).ref,
        "draft": draft.ref,
        "photo": draft.photos.first().ref,
        "listing": listing.ref,
        "introduction": Introduction.objects.get(recipient=operator, reported_at=None).ref,
    }


def _registration_of(applicant):
    from accounts.models import DomesticRegistration

    return {"registration": DomesticRegistration.objects.get(created_by=applicant).ref}


def _change_policies():
    """A second version of one document, to compare; returns the draft of another."""
    from privacy.models import ChangeClass, Document
    from privacy.policies import drafting
    from tests.privacy.policy_versions import announce

    announce(Document.SITE_POLICY, change_class=ChangeClass.EDITORIAL, effective_at=None, notice_until=None)
    return drafting.start(Document.PRIVACY, by=None)


def _registers():
    """A disclosure that two officers approved, a breach that waits, a review."""
    from accounts.models import User
    from privacy import disclosures, erasure
    from privacy.models import Breach, Disclosure, Review
    from tests.factories import UserFactory

    asked = Disclosure(
        requester=LETTER,
        requested_on="2026-11-02",
        ground="obligation",
        article=LETTER,
        reasoning=LETTER,
        fields=["accounts.User.email"],
    )
    disclosure = disclosures.enter(asked, [User.objects.first().ref], by=UserFactory())
    disclosures.approve(disclosure, by=UserFactory())
    breach = Breach.objects.create(
        kind="access",
        occurred=LETTER,
        description=LETTER,
        consequences=LETTER,
        measures=LETTER,
        affected=3,
    )
    review = Review.objects.create(subject="staff", on="2026-10-01", next_on="2027-04-01", result=LETTER)
    begun = erasure.start(UserFactory().subject, "closure")
    return {"disclosure": disclosure, "breach": breach, "review": review, "erasure": begun}


def _keeping():
    """A time of keeping that waits for its signature, a stopped run, a hold."""
    from privacy.models import LegalHold, RetentionResult, RetentionRule, RetentionRun
    from tests.factories import UserFactory

    stopped = RetentionResult.objects.create(
        run=RetentionRun.objects.create(is_dry=False, ended_at=timezone.now()),
        kind="conversation",
        model="networking.Introduction",
        outcome="stopped",
        rows=400,
        due=21,
    )
    # Of one person: a hold on everybody's would let nobody be deleted.
    hold = LegalHold.objects.create(
        kind="conversation",
        subject=UserFactory().subject,
        reason=LETTER,
        ends_on=timezone.localdate(),
        placed_by=UserFactory(),
    )
    return {"retentionrule": RetentionRule.objects.get(kind="draft"), "retentionresult": stopped, "legalhold": hold}


def _hand_overs():
    """One that waits for release, one whose password is to be read out, a key that is not confirmed yet."""
    from django.contrib.auth.models import Group

    from tests.factories import UserFactory
    from tmgportal.demonstration import handovers

    people = []
    for email, (role, recipient) in HANDING_OVER.items():
        people.append(UserFactory(email=email, is_staff=True, recipient=recipient))
        people[-1].groups.set(Group.objects.filter(name=role))
    return handovers.make(*people)


def _for_review():
    """Keys of one record of each kind that staff open."""
    from accounts.models import DomesticRegistration, Operator, OverseasRegistration, User
    from inquiries.models import AnswerTemplate, ChildCase, Inquiry
    from networking.models import Introduction
    from outbox.models import Message
    from privacy import requests
    from privacy.models import AuditEvent, LedgerEvent, Package, Release, Subject, UsageCount

    waiting = {
        model._meta.model_name: model.objects.filter(status="submitted").first()
        for model in (DomesticRegistration, OverseasRegistration)
    }
    others = {
        model._meta.model_name: model.objects.first() for model in (Operator, User, Message, AuditEvent, LedgerEvent)
    }
    others["release"] = Release.objects.first()
    others["package"] = Package.objects.create(subject=Subject.objects.first(), form="access")
    others["introduction"] = Introduction.objects.exclude(reported_at=None).get()
    others["usagecount"] = UsageCount.objects.create(
        day=timezone.localdate().replace(day=1), kind="search", term="ryokan", language="en", count=12
    )
    others |= {model._meta.model_name: model.objects.first() for model in (Inquiry, ChildCase, AnswerTemplate)}
    others["request"], _is_new = requests.receive(Subject.objects.first(), "access", LETTER, by=None)
    requests.begin_review(others["request"], by=None)
    others["mandate"] = _mandate(User.objects.get(email="tokyo@demo.example"))
    others["policyversion"] = _change_policies()
    others |= _registers()
    others |= _hand_overs()
    others |= _keeping()
    return {name: record.pk for name, record in (waiting | others).items()}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make(), default=str))  # noqa: T201
