"""One world for every check: eleven operators in each state, and everybody who might ask for what is theirs.

Nothing here decides who may do what: `table.py` says so, and the tests hold the portal to it.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import connection
from django.http.cookie import SimpleCookie
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.utils import timezone, translation

from accounts.models import Decision, Invitation, JoinRequest, Operator, Role
from accounts.staff_roles import StaffRole
from directory import services
from directory.models import Photo, SavedListing
from directory.photos import WIDTHS
from directory.services import files
from inquiries import services as inquiries
from inquiries.models import AnswerTemplate, ChildCase, Inquiry
from networking.models import Introduction
from outbox.models import Message
from privacy import audit, disclosures, erasure, links, requests, statistics
from privacy.models import (
    AuditEvent,
    Breach,
    ChangeClass,
    Disclosure,
    Document,
    Export,
    ExportProfile,
    LedgerEvent,
    LegalHold,
    Mandate,
    Oversight,
    Package,
    ProcessingRecord,
    Recipient,
    RecipientKey,
    Request,
    RetentionResult,
    RetentionRule,
    RetentionRun,
    Review,
    Topic,
    UsageCount,
)
from privacy.policies import drafting
from privacy.purposes import Purpose
from privacy.requests import agents, identity, papers
from tests.factories import (
    PASSWORD,
    DomesticRegistrationFactory,
    ListingDraftFactory,
    MembershipFactory,
    OperatorFactory,
    OverseasRegistrationFactory,
    SubjectFactory,
    UserFactory,
    make_member,
)
from tests.privacy.policy_versions import announce
from tests.privacy.statistics.tables import list_of, moment

DOMESTIC = ["tokyo", "tokyo unpublished", "second tokyo", "no office", "suspended", "applicant"]
OVERSEAS = ["paris", "paris unpublished", "second paris", "suspended abroad"]
MISSING = "missing"
UNPUBLISHED = {"tokyo unpublished", "paris unpublished", "applicant"}
# Words that stand in the texts of one operator only. The other languages' texts hold none of them.
CANARIES = {name: f"canary{number}bird" for number, name in enumerate([*DOMESTIC, *OVERSEAS], start=11)}
BUYER = {"categories": [], "areas": [], "buyer_kinds": ["wholesaler"], "wanted_categories": ["ACC-02"]}
ABSENT = uuid.UUID(int=0)


@dataclass
class World:
    # role -> the cookies of a browser in which that person is logged in
    cookies: dict = field(default_factory=dict)
    # role -> the person
    people: dict = field(default_factory=dict)
    operators: dict = field(default_factory=dict)
    # kind of thing -> operator's name -> arguments of its address
    things: dict = field(default_factory=dict)

    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))

    def ask(self, role, method, path, data=None, content_type=None, **environ):
        """The answer to `role`, whose cookies stay as they are. An exception inside is a 500, as outside of tests.

        `data` is a form's values, or with a `content_type` the body as it is.
        """
        # As browsers say of a form on a page of ours.
        factory = RequestFactory(headers={"Sec-Fetch-Site": "same-origin"})
        factory.cookies = SimpleCookie(self.cookies[role])
        if content_type:
            request = factory.generic(method, path, data, content_type, **environ)
        else:
            request = getattr(factory, method.lower())(path, data, **environ)
        # A request leaves its language active; the next address is not to be made in it.
        with translation.override("en"):
            return self.handler(request.environ)

    def log_in(self, role, person):
        browser = Client()
        browser.force_login(person)
        self.people[role] = person
        self.cookies[role] = {name: morsel.value for name, morsel in browser.cookies.items()}


def build():
    world = World()
    for name in [*DOMESTIC, *OVERSEAS]:
        _operator(world, name)
    for name in [*DOMESTIC, *OVERSEAS]:
        _correspondence(world, name)
    _letters(world)
    _people(world)
    # Two versions, to compare.
    announce(Document.SITE_POLICY, change_class=ChangeClass.EDITORIAL, effective_at=None)
    _staff(world)
    _proof(world)
    # Everybody has saved everybody: also what they may not see, or no longer.
    SavedListing.objects.bulk_create(
        SavedListing(user=person, operator=operator, note="Call in spring")
        for person in world.people.values()
        for operator in world.operators.values()
    )
    for owners in world.things.values():
        if "ref" in next(iter(owners.values())):
            owners[MISSING] = next(iter(owners.values())) | {"ref": ABSENT}
    world.things["draft photo of a stranger"] = {
        "tokyo": world.things["draft photo"]["tokyo"] | {"photo": world.things["photo"]["paris"]["ref"]}
    }
    return world


def _operator(world, name):
    """An operator with one of everything that belongs to it."""
    overseas, word = name in OVERSEAS, CANARIES[name]
    values = {"homepage": f"https://{word}.example/", "has_no_homepage": False, "shown_contact": ["contact_name"]}
    if name == "no office":
        values |= {"tokyo_office_confirmed_at": None, "has_tokyo_office": False}
    if name == "applicant":
        values |= {"approved_at": None, "tokyo_office_confirmed_at": None}
    operator = OperatorFactory(business_name=f"{word} K.K.", contact_name=f"{word} Person", overseas=overseas, **values)
    world.operators[name] = operator
    owner = make_member(operator)
    editor = MembershipFactory(operator=operator, role=Role.EDITOR)
    make_registration = OverseasRegistrationFactory if overseas else DomesticRegistrationFactory
    draft = make_registration(operator=operator, contact_email=f"desk@{word}.example", created_by=owner)
    sent = make_registration(
        operator=operator,
        contact_email=f"desk@{word}.example",
        status="approved",
        reference=f"T-{word}",
        submitted_at=timezone.now(),
        due_on=timezone.localdate() + timedelta(days=3),
    )
    invitation = Invitation(operator=operator, email=f"colleague@{word}.example", role=Role.EDITOR, invited_by=owner)
    invitation.set_new_code()
    invitation.save()
    join_request = JoinRequest.objects.create(operator=operator, user=UserFactory())
    listing_draft, photo = _listing(operator, name, owner)
    if name.startswith("suspended"):
        Operator.objects.filter(pk=operator.pk).update(status=Operator.Status.SUSPENDED)
    operator.refresh_from_db()
    of_draft = {"ref": listing_draft.ref}
    for kind, arguments in {
        "operator": {"ref": operator.ref},
        "registration": {"ref": draft.ref},
        "registration step": {"ref": draft.ref, "step": "business"},
        "sent registration": {"ref": sent.ref},
        "membership": {"ref": editor.ref},
        "owner's membership": {"ref": operator.memberships.get(user=owner).ref},
        "invitation": {"ref": invitation.ref},
        "join request": {"ref": join_request.ref},
        "listing": of_draft,
        "draft": of_draft,
        "draft section": of_draft | {"section": "texts"},
        "draft photo": of_draft | {"photo": photo.ref},
        "photo": {"ref": photo.ref, "name": next(iter(WIDTHS))},
    }.items():
        world.things.setdefault(kind, {})[name] = arguments


def _listing(operator, name, owner):
    word = CANARIES[name]
    draft = ListingDraftFactory(
        operator=operator,
        headline_en=f"{word} by the river",
        description_en=f"Twelve rooms of {word}.",
        **(BUYER if name in OVERSEAS else {}),
    )
    photo = Photo.objects.create(
        draft=draft, position=1, width=480, height=320, alternative_en=f"Garden of {word}", alternative_ja="庭"
    )
    files.write(photo.ref, dict.fromkeys(WIDTHS, word.encode()))
    if name not in UNPUBLISHED:
        services.publish(draft, by=owner)
    return draft, photo


def _correspondence(world, name):
    """Each operator has written to one of the other side, which has reported it."""
    word, sender = CANARIES[name], world.operators[name]
    recipient = world.operators["tokyo" if name in OVERSEAS else "paris"]
    introduction = Introduction.objects.create(
        sender=sender,
        recipient=recipient,
        text=f"Good day from {word}",
        form_key=uuid.uuid4(),
        reported_at=timezone.now(),
        report_reason="Not what the portal is for",
    )
    world.things.setdefault("introduction", {})[name] = {"ref": introduction.ref}


def _letters(world):
    """Somebody without a log-in has written, and not yet typed the code; a guardian has."""
    letter = {"kind": "rights", "name": "", "email": "sender@elsewhere.example", "number": "", "message": "Good day"}
    unconfirmed = inquiries.send_with_code(letter, key=uuid.uuid4(), language="en")
    world.things["letter"] = dict.fromkeys(["", "tokyo"], {"ref": unconfirmed.ref})
    inquiries.send(letter | {"kind": "general"}, key=uuid.uuid4(), language="en")
    report = {"kind": "child", "relation": "parent", "child_email": "child@elsewhere.example", "place": ""}
    inquiries.send(letter | report, key=uuid.uuid4(), language="en")


def _people(world):
    """Who is in front of the door, and who acts for which operator."""
    world.cookies["public"] = {}
    browser = Client()
    form = {"email": "unverified@business.example", "password1": PASSWORD, "terms": "on"}
    browser.post("/en/account/signup/", form)
    world.cookies["unverified"] = {name: morsel.value for name, morsel in browser.cookies.items()}
    gone = UserFactory()
    world.log_in("deactivated", gone)
    gone.is_active = False
    gone.save()
    world.log_in("registered", UserFactory())
    for role, operator in {
        "applicant": "applicant",
        "tokyo owner": "tokyo",
        "second tokyo owner": "second tokyo",
        "no office owner": "no office",
        "suspended owner": "suspended",
        "paris owner": "paris",
        "second paris owner": "second paris",
    }.items():
        world.log_in(role, world.operators[operator].memberships.owners().get().user)
    for role in (Role.EDITOR, Role.READER):
        world.log_in(f"tokyo {role.value}", make_member(world.operators["tokyo"], role=role))
    # One person may act for several operators of one side.
    for role, operator in {"tokyo owner": "tokyo unpublished", "paris owner": "paris unpublished"}.items():
        world.operators[operator].memberships.owners().delete()
        MembershipFactory(operator=world.operators[operator], user=world.people[role])


def _proof(world):
    """The receipt of what each owner was told at first, and a link that came to one of them by mail."""
    # As a commit does: only then does the ledger's chain hold what was said.
    connection.check_constraints()
    owners = {name: operator.memberships.owners().get().user for name, operator in world.operators.items()}
    world.things["receipt"] = {
        name: {"ref": LedgerEvent.objects.filter(subject_ref=owner.ref).last().ref} for name, owner in owners.items()
    }
    world.things["request"] = {
        name: {"ref": requests.receive(owner.subject, "access", "", by=owner)[0].ref} for name, owner in owners.items()
    }
    world.things["copy"] = {
        name: {"ref": Package.objects.create(subject=owner.subject, form="access").ref}
        for name, owner in owners.items()
    }
    given = {"kind": "access", "text": "", "name": "", "is_in_europe": False, "language": "en"}
    code = identity.receive_by_form(**given, email="sender@elsewhere.example", form_key=uuid.uuid4())
    world.things["code of a request"] = dict.fromkeys(["", "tokyo"], {"ref": code.ref})
    sender = {"channel": "paper", "email": "sender@elsewhere.example"}
    on_paper, _is_new = requests.receive(SubjectFactory(), "access", "", by=None, **sender)
    url = links.request_url(on_paper)
    world.things["link to a request"] = dict.fromkeys(["", "tokyo"], {"token": url.split("/")[-2]})
    world.things["mandate"] = {
        name: {"ref": _mandate(owner, owners["suspended"]).ref, "act": "revoke"} for name, owner in owners.items()
    }
    for kind, row in {
        "paper link": {"token": papers.token(Request.objects.get(ref=world.things["request"]["tokyo"]["ref"]))},
        "mandate link": {"token": agents.token(Mandate.objects.get(ref=world.things["mandate"]["tokyo"]["ref"]))},
    }.items():
        world.things[kind] = dict.fromkeys(["", "tokyo"], row)
    url = links.withdrawal_url(owners["tokyo"].subject, Purpose.CITY_INFORMATION)
    world.things["withdrawal link"] = dict.fromkeys(["", "tokyo"], {"token": url.split("/")[-2]})


def _mandate(principal, agent):
    return Mandate.objects.create(
        subject=principal.subject,
        agent=agent.subject,
        agent_name="Aoi Agent",
        agent_email="agent@elsewhere.example",
        kind="legal",
        scope=["access"],
        valid_until=timezone.now() + timedelta(days=9),
    )


def _staff(world):
    Recipient.objects.filter(code="contractor").update(attested_on=timezone.localdate())
    for role in StaffRole.values:
        recipient = "contractor" if role == StaffRole.CONTRACTOR else ""
        person = UserFactory(is_staff=True, email=f"{role.replace(' ', '-')}@city.example", recipient=recipient)
        person.groups.add(Group.objects.get(name=role))
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
        world.log_in(role, person)
    without = UserFactory(is_staff=True)
    without.groups.add(Group.objects.get(name=StaffRole.ADMINISTRATOR))
    world.log_in("no second factor", without)
    _rows_of_the_admin(world, without)


def _rows_of_the_admin(world, person):
    """One row of every model that the admin shows: `things["admin"][model]`."""
    tokyo, paris = world.operators["tokyo"], world.operators["paris"]
    decision = Decision.objects.create(operator=tokyo, reference="T-1", outcome="approved", by=person)
    audit.record(person, "listing published", tokyo)
    rows = {
        "accounts.operator": tokyo,
        "accounts.membership": tokyo.memberships.get(ref=world.things["membership"]["tokyo"]["ref"]),
        "accounts.decision": decision,
        "accounts.user": world.people["tokyo owner"],
        "accounts.domesticregistration": tokyo.domestic_registrations.exclude(status="draft").get(),
        "accounts.overseasregistration": paris.overseas_registrations.exclude(status="draft").get(),
        "directory.listing": tokyo.listing,
        "directory.photo": tokyo.listing_draft.photos.get(),
        "networking.introduction": Introduction.objects.first(),
        "inquiries.inquiry": Inquiry.objects.get(kind="general"),
        "inquiries.childcase": ChildCase.objects.get(),
        "inquiries.answertemplate": AnswerTemplate.objects.first(),
        "outbox.message": Message.objects.first(),
        "privacy.auditevent": AuditEvent.objects.last(),
        "privacy.policyversion": drafting.start(Document.TERMS, by=person),
        "privacy.ledgerevent": LedgerEvent.objects.first(),
        "privacy.oversight": Oversight.objects.create(
            recipient=Recipient.objects.first(), on="2026-10-01", result="Nothing amiss", next_on="2027-10-01"
        ),
        "privacy.processingrecord": ProcessingRecord.objects.create(
            purpose="operator_networking", surface="listing", subjects=1
        ),
        "privacy.recipient": Recipient.objects.first(),
        "privacy.topic": Topic.objects.first(),
        "privacy.erasure": erasure.start(UserFactory().subject, "closure"),
        "privacy.request": requests.receive(world.people["tokyo owner"].subject, "access", "", by=None)[0],
        "privacy.package": Package.objects.create(subject=world.people["tokyo owner"].subject, form="access"),
        "privacy.mandate": _mandate(world.people["tokyo owner"], world.people["paris owner"]),
        "privacy.disclosure": _disclosure(world, person),
        "privacy.breach": Breach.objects.create(kind="leak", occurred="-", description="-", risk="some"),
        **_hand_over(world, person),
        "privacy.review": Review.objects.create(subject="staff", on="2026-10-01", next_on="2027-10-01", result="-"),
        "privacy.retentionrule": RetentionRule.objects.get(kind="draft"),
        "privacy.retentionresult": RetentionResult.objects.create(
            run=RetentionRun.objects.create(is_dry=False),
            kind="draft",
            model="accounts.DomesticRegistration",
            outcome="stopped",
            rows=21,
            due=21,
        ),
        "privacy.legalhold": LegalHold.objects.create(
            kind="draft", reason="Case 7", ends_on="2027-01-01", placed_by=world.people["privacy officer"]
        ),
        "privacy.release": statistics.publish(list_of({"a": 40, "b": 20}), at=moment(10)),
        "privacy.usagecount": UsageCount.objects.create(
            day="2026-11-01", kind="search", term="ryokan", language="en", count=12
        ),
    }
    paper = papers.enter(rows["privacy.request"], "identity", BytesIO(b"%PDF-1.7"), by=person)
    world.things["paper"] = {"": {"pk": paper.pk}}
    world.things["admin"] = {model: {"pk": row.pk} for model, row in rows.items()}


def _hand_over(world, person):
    """One that was built for the contractor and waits to be fetched, with its key and profile."""
    now = timezone.now()
    key = RecipientKey.objects.create(
        recipient="contractor", public_key="age1-invented", telephone="-", expires_at=now + timedelta(days=9)
    )
    profile = ExportProfile.objects.create(
        recipient="contractor", purpose=Purpose.NETWORKING, name_en="Support", name_ja="支援", fields=[]
    )
    export = Export.objects.create(
        kind="provision",
        recipient="contractor",
        profile=profile,
        key=key,
        reason="-",
        requested_by=person,
        approved_by=world.people["privacy officer"],
        approved_at=now,
        built_at=now,
        file_name="E-000001.zip.age",
        sha256="0" * 64,
        expires_at=now + timedelta(days=7),
    )
    file = {"ref": export.ref, "name": "manifest.json"}
    world.things["hand-over file"] = dict.fromkeys(["", *world.operators], file)
    return {"privacy.recipientkey": key, "privacy.exportprofile": profile, "privacy.export": export}


def _disclosure(world, person):
    """One that was approved."""
    asked = Disclosure(
        requester="Tokyo District Court",
        requested_on="2026-11-01",
        ground="obligation",
        article="Code of Civil Procedure, Art. 186",
        reasoning="The court orders it.",
        fields=["accounts.User.email"],
    )
    owner = world.people["tokyo owner"]
    disclosure = disclosures.enter(asked, [owner.ref], by=person)
    disclosures.approve(disclosure, by=world.people["privacy officer"])
    return disclosure
