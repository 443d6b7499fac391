"""What `accounts` holds about people, and for which purpose it may be handed out."""

from django.contrib.admin.models import LogEntry
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from privacy.declarations import (
    Contact,
    EraseAction,
    Source,
    contact_source,
    declare,
    due_source,
    field_source,
    subject_source,
)
from privacy.models import AuditEvent
from privacy.packages import Card, card_source
from privacy.purposes import Purpose
from privacy.retention import Retention

from .display import written
from .models import (
    AddressProof,
    Decision,
    DomesticRegistration,
    Invitation,
    JoinRequest,
    Membership,
    Operator,
    OperatorPeople,
    OverseasRegistration,
    ShownContact,
    User,
)

OWNER_ERASED = "the person is erased, and everything of their account with them"
ABOUT_BUSINESS = (
    "business_name business_name_key postcode city street_address telephone homepage has_no_homepage employees "
)
ABOUT_DOMESTIC = (
    "business_name_romanised prefecture has_tokyo_office tokyo_municipality tokyo_address licence_state licences "
    "licence_reason "
)
ABOUT_OVERSEAS = "country region "
# An address serves for messages, too. What each of them needs beyond the declaration, the gate asks when it leaves.
MAIL = [Purpose.SERVICE_NOTICES, Purpose.CITY_INFORMATION, Purpose.RIGHTS]
PEOPLE = {
    # Nobody but the city needs to know who represents a business.
    "representative_name": [Purpose.REGISTRATION],
    "contact_email": [Purpose.REGISTRATION, Purpose.NETWORKING, *MAIL],
}


def in_words(row, name, value):
    """What a registered fact says, as every page of the portal writes it."""
    return written(name, value, side=row.side if isinstance(row, Operator) else row.SIDE) if name in FACTS else None


# What published statistics tell operators apart by.
COUNTED = dict.fromkeys(
    ["country", "employees", "tokyo_municipality"], [Purpose.REGISTRATION, Purpose.NETWORKING, Purpose.STATISTICS]
)
FACTS = {*(ABOUT_BUSINESS + ABOUT_DOMESTIC + ABOUT_OVERSEAS).split()}
REGISTERING = {
    "technical": "created_by reviewer",
    "evidence": "reference status created_at updated_at submitted_at due_on requested_changes",
    "not_personal": "id ref version operator",
    "subject": "created_by__subject operator__contact",
    # An earlier application may name somebody else.
    "only_where": {"operator__contact": Q(contact_email=F("operator__people__contact_email"))},
    "purposes": [Purpose.REGISTRATION, Purpose.NETWORKING],
    "retention": [Retention.DRAFT, Retention.DECLINED, Retention.REGISTERED],
    "source": Source.HOLDER,
    "words": in_words,
    "erase": EraseAction.EMPTY,
}

declare(
    User,
    identifying="email",
    technical="password last_login subject side acting_for is_active date_joined",
    not_personal="id is_superuser is_staff recipient",
    subject="subject",
    purposes=[Purpose.ACCOUNT, Purpose.SECURITY],
    purposes_by_field={
        "email": [
            Purpose.ACCOUNT,
            Purpose.REGISTRATION,
            Purpose.NETWORKING,
            Purpose.INQUIRIES,
            Purpose.NEWSLETTER,
            *MAIL,
            Purpose.ADMINISTRATION,
        ]
    },
    retention=[Retention.ACCOUNT],
    source=Source.PERSON,
    provided="email",
    never_shown="password",
    erase=EraseAction.EMPTY,
    goes_by={Retention.ACCOUNT: OWNER_ERASED},
)
declare("accounts.User_groups", not_personal="id user group")
declare("accounts.User_user_permissions", not_personal="id user permission")
declare(
    OperatorPeople,
    identifying="contact_name contact_email representative_name contact_telephone",
    not_personal="operator",
    subject="operator__contact",
    purposes=[Purpose.REGISTRATION, Purpose.NETWORKING],
    purposes_by_field=PEOPLE,
    retention=[Retention.OPERATOR],
    source=Source.HOLDER,
    provided="contact_name contact_email contact_telephone",
    erase=EraseAction.EMPTY,
    goes_with="operator",
)
declare(
    Operator,
    business=ABOUT_BUSINESS + ABOUT_DOMESTIC + ABOUT_OVERSEAS + "licence_checked_on licence_checked_source",
    technical="contact shown_contact",
    not_personal="id ref side status created_at approved_at tokyo_office_confirmed_at in_cross_view",
    subject="memberships__user__subject contact",
    purposes=[Purpose.REGISTRATION, Purpose.NETWORKING],
    purposes_by_field=COUNTED,
    retention=[Retention.DRAFT, Retention.OPERATOR],
    source=Source.HOLDER,
    provided=ABOUT_BUSINESS + ABOUT_DOMESTIC + ABOUT_OVERSEAS + "shown_contact",
    erase=EraseAction.UNLINK,
    words=in_words,
    never_shown="business_name_key",
)
declare(
    DomesticRegistration,
    identifying="contact_name contact_email representative_name contact_telephone",
    business=ABOUT_BUSINESS + ABOUT_DOMESTIC,
    provided=ABOUT_BUSINESS + ABOUT_DOMESTIC + "contact_name contact_email contact_telephone",
    purposes_by_field=PEOPLE,
    never_shown="business_name_key",
    **REGISTERING,
)
declare(
    OverseasRegistration,
    identifying="contact_name contact_email",
    business=ABOUT_BUSINESS + ABOUT_OVERSEAS,
    provided=ABOUT_BUSINESS + ABOUT_OVERSEAS + "contact_name contact_email",
    purposes_by_field={"contact_email": PEOPLE["contact_email"]},
    never_shown="business_name_key",
    **REGISTERING,
)
declare(
    Decision,
    evidence="reference outcome by at reasons fields note",
    not_personal="id operator",
    subject="by__subject operator__contact",
    purposes=[Purpose.REGISTRATION],
    retention=[Retention.DECLINED, Retention.REGISTERED],
    source=Source.STAFF,
    erase=EraseAction.UNLINK,
)
declare(
    Membership,
    technical="user role created_at",
    not_personal="id ref operator side",
    subject="user__subject",
    purposes=[Purpose.ACCOUNT],
    retention=[Retention.ACCOUNT],
    goes_with="user operator",
)
declare(
    JoinRequest,
    technical="user created_at answered_at answered_by accepted",
    not_personal="id ref operator",
    subject="user__subject",
    purposes=[Purpose.ACCOUNT],
    retention=[Retention.CODE],
    source=Source.PERSON,
    goes_with="operator",
)
declare(
    Invitation,
    identifying="email",
    technical="code_hash expires_at attempts created_at role invited_by accepted_at withdrawn_at",
    not_personal="id ref operator",
    subject="invited_by__subject",
    purposes=[Purpose.ACCOUNT],
    retention=[Retention.CODE],
    source=Source.HOLDER,
    never_shown="code_hash attempts",
    goes_with="operator",
)
declare(
    AddressProof,
    identifying="email",
    technical="code_hash expires_at attempts created_at verified_at told",
    not_personal="id ref operator",
    subject="operator__contact",
    only_where={"operator__contact": Q(email=F("operator__people__contact_email"))},
    purposes=[Purpose.REGISTRATION],
    retention=[Retention.CODE],
    source=Source.HOLDER,
    never_shown="code_hash attempts",
    goes_with="operator",
)

# Of others, whose models cannot say it themselves.
declare(
    "account.EmailAddress",
    identifying="email",
    technical="user verified primary",
    not_personal="id",
    subject="user__subject",
    purposes=[Purpose.ACCOUNT],
    retention=[Retention.SIGN_UP, Retention.ACCOUNT],
    source=Source.PERSON,
    provided="email",
    goes_with="user",
    goes_by={Retention.SIGN_UP: "hourly: delete_unverified_signups"},
)
declare("account.EmailConfirmation", not_personal="id email_address created sent key")
declare(
    "mfa.Authenticator",
    labels={
        "": _("Second steps and passkeys"),
        "type": _("Kind"),
        "created_at": _("Set up"),
        "last_used_at": _("Last used"),
    },
    technical="user type data created_at last_used_at",
    not_personal="id",
    subject="user__subject",
    purposes=[Purpose.ACCOUNT, Purpose.SECURITY],
    retention=[Retention.ACCOUNT],
    source=Source.PERSON,
    never_shown="data",
    goes_with="user",
)
declare(
    "usersessions.UserSession",
    labels={
        "": _("Where you are signed in"),
        "created_at": _("Signed in"),
        "ip": _("IP address"),
        "last_seen_at": _("Last seen"),
        "user_agent": _("Browser"),
    },
    technical="user created_at ip last_seen_at session_key user_agent data",
    not_personal="id",
    subject="user__subject",
    purposes=[Purpose.ACCOUNT, Purpose.SECURITY],
    retention=[Retention.SESSION],
    never_shown="session_key data",
    goes_by={Retention.SESSION: "hourly: delete_ended_sessions"},
)
declare(
    "sessions.Session",
    technical="session_key session_data expire_date",
    purposes=[Purpose.ACCOUNT],
    retention=[Retention.SESSION],
    never_shown="session_key session_data",
    goes_by={Retention.SESSION: "hourly: delete_ended_sessions"},
)
declare(
    "admin.LogEntry",
    evidence="action_time user content_type object_id object_repr action_flag change_message",
    not_personal="id",
    subject="user__subject",
    purposes=[Purpose.SECURITY],
    retention=[Retention.AUDIT],
    erase=EraseAction.EMPTY,
)
declare("auth.Permission", not_personal="id name content_type codename")
declare("auth.Group", not_personal="id name")
declare("auth.Group_permissions", not_personal="id group permission")
declare("contenttypes.ContentType", not_personal="id app_label model")


@contact_source("accounts.User.email")
def account_address(ref):
    user = User.objects.filter(subject__ref=ref, is_active=True).select_related("subject").first()
    return user and Contact(user.email, user.language, has_account=True)


@contact_source("accounts.OperatorPeople.contact_email")
def person_in_charge_address(ref):
    named = OperatorPeople.objects.filter(operator__contact__ref=ref).exclude(contact_email="")
    people = named.select_related("operator__contact").first()
    return people and Contact(people.contact_email, people.operator.contact.language)


@subject_source
def by_address(address):
    """By the account, else by the person in charge of a business."""
    return (
        User.objects.filter(email=address).values_list("subject", flat=True).first()
        or Operator.objects.filter(people__contact_email=address).values_list("contact", flat=True).first()
    )


@card_source
def cards(subject):
    """How the person can be reached: as the one in charge of each business, else by the address of the account."""
    named = OperatorPeople.objects.filter(operator__contact=subject).select_related("operator").order_by("pk")
    found = [
        Card(
            one.contact_name or one.contact_email,
            one.contact_email,
            one.contact_telephone,
            one.operator.business_name,
            one.operator.street_address,
            one.operator.homepage,
        )
        for one in named
    ]
    return found or [Card(user.email, user.email) for user in User.objects.filter(subject=subject)]


# Without these nobody can tell which business is meant, nor on which side it stands (R064).
MINIMUM = ("ref", "business_name", "country", "tokyo_municipality", "side")


CHOSEN = {
    ShownContact.CONTACT_NAME: "accounts.OperatorPeople.contact_name",
    ShownContact.CONTACT_TELEPHONE: "accounts.OperatorPeople.contact_telephone",
    ShownContact.CONTACT_EMAIL: "accounts.OperatorPeople.contact_email",
    ShownContact.TELEPHONE: "accounts.Operator.telephone",
    ShownContact.ADDRESS: "accounts.Operator.street_address",
}


@field_source(
    Purpose.NETWORKING, gives=CHOSEN | {name: f"accounts.Operator.{name}" for name in MINIMUM}, minimum=MINIMUM
)
def chosen_contact(subjects):
    """Of the operators whose persons in charge these are, by operator's key: what the owner chose to show."""
    found = {}
    for operator in Operator.objects.filter(contact__in=subjects).select_related("people"):
        shown = {
            name: operator.values.get("street_address" if name == ShownContact.ADDRESS else name, "")
            for name in operator.shown_contact
        }
        least = {name: getattr(operator, name) for name in MINIMUM}
        found.setdefault(operator.contact_id, {})[operator.pk] = least | shown
    return found


# ---- whose time is over (R110) ----

APPLICATIONS = (DomesticRegistration, OverseasRegistration)


def _closed(before):
    """The businesses whose registration ended before that moment; the audit knows when."""
    ended = AuditEvent.objects.filter(
        target=Concat(Value("accounts.operator:"), Cast(OuterRef("pk"), CharField())),
        act="operator closed",
    )
    return Operator.objects.filter(
        Exists(ended.filter(at__lt=before)), ~Exists(ended.filter(at__gte=before)), status=Operator.Status.CLOSED
    )


def _drafts(model):
    def never_sent(before):
        return model.objects.filter(status=model.Status.DRAFT, updated_at__lt=before)

    return never_sent


def _declined(model):
    def declined(before):
        decisions = Decision.objects.filter(operator=OuterRef("operator"), reference=OuterRef("reference"))
        decided = Exists(decisions.filter(outcome=Decision.Outcome.DECLINED, at__lt=before))
        return model.objects.filter(decided, status=model.Status.DECLINED)

    return declined


def _registered(model):
    def of_a_business_that_left(before):
        return model.objects.filter(status=model.Status.APPROVED, operator__in=_closed(before))

    return of_a_business_that_left


for _application in APPLICATIONS:
    due_source(_application, Retention.DRAFT)(_drafts(_application))
    due_source(_application, Retention.DECLINED)(_declined(_application))
    due_source(_application, Retention.REGISTERED)(_registered(_application))


@due_source(Decision, Retention.DECLINED)
def decisions_without_an_application(before):
    decisions = Decision.objects.filter(at__lt=before)
    for model in APPLICATIONS:
        decisions = decisions.exclude(
            Exists(model.objects.filter(operator=OuterRef("operator"), reference=OuterRef("reference")))
        )
    return decisions


@due_source(Decision, Retention.REGISTERED)
def decisions_on_a_business_that_left(before):
    return Decision.objects.filter(operator__in=_closed(before))


@due_source(OperatorPeople, Retention.OPERATOR)
def people_of_a_business_that_left(before):
    return OperatorPeople.objects.filter(operator__in=_closed(before))


@due_source(Operator, Retention.DRAFT)
def businesses_that_never_applied(before):
    """Nor was any of them ever approved; what they began to write has gone before."""
    return Operator.objects.filter(approved_at=None, created_at__lt=before)


@due_source(Operator, Retention.OPERATOR)
def businesses_that_left(before):
    return _closed(before)


@due_source(JoinRequest, Retention.CODE)
def join_requests_answered(before):
    return JoinRequest.objects.filter(answered_at__lt=before)


@due_source(Invitation, Retention.CODE)
def invitations_over(before):
    return Invitation.objects.filter(Q(expires_at__lt=before) | Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before))


@due_source(AddressProof, Retention.CODE)
def addresses_of_nobody(before):
    """An address that was proved is known as such for as long as a business, or an application, names it."""
    proofs = AddressProof.objects.filter(expires_at__lt=before)
    for model in (OperatorPeople, *APPLICATIONS):
        proofs = proofs.exclude(
            Exists(model.objects.filter(operator=OuterRef("operator"), contact_email=OuterRef("email")))
        )
    return proofs


@due_source("admin.LogEntry", Retention.AUDIT)
def old_entries_of_the_admin(before):
    return LogEntry.objects.filter(action_time__lt=before)
