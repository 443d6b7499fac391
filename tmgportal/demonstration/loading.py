"""Brings the invented operators into the database, as the services would have left them long ago.

Applications and decisions are written in bulk and without their mails, which would all be of the past; publishing goes
through its service, which writes the search documents too.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from accounts.models import Decision, Membership, Operator, OperatorPeople, Role, User, registration_model
from accounts.models.business import PEOPLE_FIELDS
from accounts.normalise import company_key
from accounts.reasons import DeclineReason
from accounts.sides import Side
from accounts.staff_roles import StaffRole
from accounts.working_days import add_working_days
from directory.models import Listing, ListingDraft, Photo
from directory.services import files, publish, remember
from privacy import consent
from privacy.acting import PORTAL, acting_as
from privacy.models import AuditEvent, Subject

from . import inquiries, pictures
from .operators import APPROVED, State

PASSWORD = "three bridges over quiet water"  # noqa: S105 - everybody may know it
STAFF = {
    "administrator@demo.example": StaffRole.ADMINISTRATOR,
    "reviewer@demo.example": StaffRole.REVIEWER,
    "officer@demo.example": StaffRole.OFFICER,
}
# Releases what the officer asks for.
SECOND_OFFICER = "second-officer@demo.example"
# Works for the contractor, and fetches what is handed over to it.
CONTRACTOR_STAFF = "contractor@demo.example"
CHECKED_SOURCE = "Demonstration: nothing was checked"
STATUS = {
    State.DRAFT: "draft",
    State.WAITING: "submitted",
    State.OVERDUE: "submitted",
    State.CHANGES_REQUESTED: "changes requested",
    State.DECLINED: "declined",
}
# Days since an application was sent, where it has not been approved. Sixteen hold more than three working days even at
# the turn of the year.
SENT_DAYS_AGO = {State.WAITING: 0.2, State.OVERDUE: 16, State.CHANGES_REQUESTED: 5, State.DECLINED: 12}
# Of a draft halfway, what has been answered so far.
ANSWERED = ("business_name", "business_name_romanised", "postcode", "prefecture", "city", "street_address", "telephone")
QUESTION = {
    Side.DOMESTIC: {"street_address": "建物名と階数をご記入ください。"},
    Side.OVERSEAS: {"telephone": "Give a number at which we reach you between 9:00 and 17:00 in Tokyo."},
}


def is_loaded():
    return User.objects.filter(email__in=STAFF).exists()


def few_of(operators):
    """Those whose log-ins are printed, and the first of each side in each other state."""
    chosen = {}
    for invented in sorted(operators, key=lambda invented: not invented.email.endswith("@demo.example")):
        chosen.setdefault((invented.side, invented.state), invented)
    return tuple(chosen.values())


def load(operators, say):
    """Make staff and all `operators` with what hangs from them, or nothing. `say(text)` is told of each step."""
    # Before the transaction, which must not wait for it.
    drawn = pictures.processed([picture for invented in operators for picture in invented.pictures])
    say(f"{len(drawn)} pictures drawn")
    with acting_as(duty=PORTAL):
        staff = _make_staff()
        people = _make_people(operators)
        say(f"{len(people) + len(staff)} accounts made")
        _make_registrations(people, staff)
        say(f"{len(people)} registrations filed")
        published = _make_listings(people, drawn)
        say(f"{published} listings published")
        asked = inquiries.ask(staff[StaffRole.REVIEWER])
        say(f"{asked} inquiries sent in")


def _make_staff():
    """The members of staff, by role."""
    staff = {role: _member_of_staff(email, role) for email, role in STAFF.items()}
    _member_of_staff(SECOND_OFFICER, StaffRole.OFFICER)
    _member_of_staff(CONTRACTOR_STAFF, StaffRole.CONTRACTOR, recipient="contractor")
    return staff


def _member_of_staff(email, role, recipient=""):
    person = User.objects.create_user(email, PASSWORD, language="en", is_staff=True, recipient=recipient)
    person.groups.add(Group.objects.get(name=role))
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _make_people(operators):
    """[(what is invented, Operator, its owner)]"""
    password = make_password(PASSWORD)
    subjects = Subject.objects.bulk_create([Subject(language=invented.language) for invented in operators])
    for subject in subjects:
        consent.inform(subject)
        consent.attest_age(subject)
    made = Operator.objects.bulk_create(
        [_operator(invented, subject) for invented, subject in zip(operators, subjects, strict=True)]
    )
    approved = [(one, operator) for one, operator in zip(operators, made, strict=True) if operator.approved_at]
    OperatorPeople.objects.bulk_create([_people_of(operator, invented) for invented, operator in approved])
    owners = User.objects.bulk_create(
        [
            User(
                email=invented.email,
                password=password,
                subject=subject,
                side=invented.side,
                acting_for=operator,
            )
            for invented, subject, operator in zip(operators, subjects, made, strict=True)
        ]
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=owner, email=owner.email, verified=True, primary=True) for owner in owners]
    )
    Membership.objects.bulk_create(
        [
            Membership(user=owner, operator=operator, side=operator.side, role=Role.OWNER)
            for owner, operator in zip(owners, made, strict=True)
        ]
    )
    return list(zip(operators, made, owners, strict=True))


def _operator(invented, subject):
    """Before its approval an operator has no values yet."""
    operator = Operator(side=invented.side)
    if invented.state in APPROVED:
        business = {name: value for name, value in invented.registration.items() if name not in PEOPLE_FIELDS}
        _answer(operator, business)
        operator.approved_at = _approved_at(invented)
        operator.contact = subject
        operator.shown_contact = list(invented.shown_contact)
        if invented.registration.get("has_tokyo_office"):
            operator.tokyo_office_confirmed_at = operator.approved_at
        if invented.is_licence_checked:
            operator.licence_checked_on = timezone.localdate(operator.approved_at)
            operator.licence_checked_source = CHECKED_SOURCE
    if invented.state == State.SUSPENDED:
        operator.status = Operator.Status.SUSPENDED
    return operator


def _people_of(operator, invented):
    values = {name: invented.registration[name] for name in PEOPLE_FIELDS if name in invented.registration}
    return OperatorPeople(operator=operator, **values)


def _answer(record, values):
    for name, value in values.items():
        setattr(record, name, value)
    record.business_name_key = company_key(record.business_name)[:100]


def _approved_at(invented):
    return timezone.now() - timedelta(days=invented.days_ago)


def _make_registrations(people, staff):
    """One registration for each, with the decision on it and the minutes of both."""
    reviewer = staff[StaffRole.REVIEWER]
    references = _references(len(people))
    registrations, decisions, moments = [], [], []
    for invented, operator, owner in people:
        model = registration_model(invented.side)
        registration = model(operator=operator, created_by=owner, version=1)
        if invented.state == State.DRAFT:
            _answer(registration, {name: invented.registration[name] for name in ANSWERED})
        else:
            _answer(registration, invented.registration)
            registration.reference = references.pop()
            registration.submitted_at = _sent_at(invented)
            registration.due_on = add_working_days(registration.submitted_at, settings.REVIEW_WORKING_DAYS)
        registration.status = STATUS.get(invented.state, "approved")
        if registration.status in Decision.Outcome:
            registration.reviewer = reviewer
            decisions.append(_decision(registration, invented, reviewer))
            moments.append(registration.submitted_at + timedelta(days=1))
        registrations.append(registration)
    for side in Side:
        model = registration_model(side)
        made = model.objects.bulk_create([one for one in registrations if isinstance(one, model)])
        _date(model, made, created_at=[_begun_at(registration) for registration in made])
    Decision.objects.bulk_create(decisions)
    _date(Decision, decisions, at=moments)
    AuditEvent.objects.bulk_create(event for registration in registrations for event in _minutes(registration))


def _sent_at(invented):
    days = SENT_DAYS_AGO.get(invented.state)
    return timezone.now() - timedelta(days=invented.days_ago + 2 if days is None else days)


def _begun_at(registration):
    """The day before it was sent; a draft was begun yesterday."""
    return (registration.submitted_at or timezone.now()) - timedelta(days=1)


def _decision(registration, invented, reviewer):
    """The decision on a registration, with its reasons or questions."""
    decision = Decision(
        operator=registration.operator, reference=registration.reference, outcome=registration.status, by=reviewer
    )
    if decision.outcome == Decision.Outcome.DECLINED:
        decision.reasons = [DeclineReason.NOT_FOUND]
    elif decision.outcome == Decision.Outcome.CHANGES_REQUESTED:
        decision.fields = registration.requested_changes = QUESTION[invented.side]
    return decision


def _minutes(registration):
    """What the services would have recorded."""
    acts = [(registration.created_by, "registration started")]
    if registration.reference:
        acts.append((registration.created_by, "registration sent"))
    if registration.reviewer:
        acts.append((registration.reviewer, f"registration {registration.status}"))
    target = f"{registration._meta.label_lower}:{registration.pk}"
    return [AuditEvent(by=by, act=act, target=target) for by, act in acts]


def _references(count):
    """Reference numbers of this year, the highest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registration_reference') FROM generate_series(1, %s)", [count])
        numbers = sorted((number for (number,) in cursor.fetchall()), reverse=True)
    return [f"TB-{timezone.localdate().year}-{number:06d}" for number in numbers]


def _make_listings(people, drawn):
    """What the approved ones wrote, with pictures; returns how many of them are published."""
    approved = [(invented, operator, owner) for invented, operator, owner in people if invented.state in APPROVED]
    drafts = ListingDraft.objects.bulk_create(
        [ListingDraft(operator=operator, **invented.listing) for invented, operator, _owner in approved]
    )
    _make_photos(zip(drafts, (invented for invented, _operator, _owner in approved), strict=True), drawn)
    listings, moments = [], []
    for draft, (invented, _operator, owner) in zip(drafts, approved, strict=True):
        if invented.state == State.PUBLISHED:
            listings.append(publish(draft, by=owner))
            moments.append(_approved_at(invented) + timedelta(hours=7 + invented.days_ago % 9))
    _date(Listing, listings, published_at=moments, updated_at=moments)
    _save_some(people, listings)
    return len(listings)


def _make_photos(drafts, drawn):
    photos, contents = [], []
    for draft, invented in drafts:
        for position, picture in enumerate(invented.pictures, start=1):
            processed, alternatives = drawn[picture]
            photos.append(
                Photo(draft=draft, position=position, width=processed.width, height=processed.height, **alternatives)
            )
            contents.append(processed.files)
    for photo, content in zip(Photo.objects.bulk_create(photos), contents, strict=True):
        files.write(photo.ref, content)


def _save_some(people, listings):
    """Those whose log-ins are printed have saved a few partners of the other side."""
    for _invented, operator, owner in people:
        if owner.email.endswith("@demo.example"):
            across = [listing for listing in listings if listing.side != operator.side and operator.approved_at]
            for listing in across[:40:13]:
                remember(listing, by=owner)


def _date(model, records, **moments):
    """Give `records` the moments that creating them set to now."""
    names = list(moments)
    for record, *values in zip(records, *moments.values(), strict=True):
        for name, value in zip(names, values, strict=True):
            setattr(record, name, value)
    model.objects.bulk_update(records, names)
