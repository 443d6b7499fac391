"""Who may do what, as a table: `table.csv` for the portal's pages, the roles of staff for the admin's.

A method that the table does not name is 405 and a person or thing that it does not name is 404, so that what belongs to
others looks like what does not exist; whoever is not logged in is led to the log-in before any of that.
"""

import csv
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from accounts.fingerprint import fingerprint
from accounts.models import Operator
from accounts.staff_roles import StaffRole, permissions_of
from tmgportal.kept import NOT_TYPED

from .world import ABSENT, DOMESTIC, MISSING, OVERSEAS

STRANGERS = ["public", "unverified", "deactivated"]
STAFF = list(StaffRole.values)
WITHOUT_SECOND_FACTOR = "no second factor"
ACTS_FOR = {
    "applicant": "applicant",
    "tokyo owner": "tokyo",
    "tokyo editor": "tokyo",
    "tokyo reader": "tokyo",
    "second tokyo owner": "second tokyo",
    "no office owner": "no office",
    "suspended owner": "suspended",
    "paris owner": "paris",
    "second paris owner": "second paris",
}
ROLES = [*STRANGERS, "registered", *ACTS_FOR, *STAFF, WITHOUT_SECOND_FACTOR]

# Whose things a role reaches, by operator.
PUBLISHED_IN_TOKYO = {"tokyo", "second tokyo"}
PUBLISHED_ABROAD = {"paris", "second paris"}
PUBLISHED = PUBLISHED_IN_TOKYO | PUBLISHED_ABROAD | {"no office", "suspended", "suspended abroad"}
TOKYO_PEOPLE = ["tokyo owner", "tokyo editor", "tokyo reader", "second tokyo owner"]
PARIS_PEOPLE = ["paris owner", "second paris owner"]

OWNS = {role: {operator} for role, operator in ACTS_FOR.items() if role not in ("tokyo editor", "tokyo reader")}
OWNS["tokyo owner"] |= {"tokyo unpublished"}
OWNS["paris owner"] |= {"paris unpublished"}
EDITS = OWNS | {"tokyo editor": {"tokyo"}}
BELONGS = EDITS | {"tokyo reader": {"tokyo"}}
SEES = (
    dict.fromkeys(TOKYO_PEOPLE, PUBLISHED_ABROAD)
    | dict.fromkeys(PARIS_PEOPLE, PUBLISHED_IN_TOKYO)
    | dict.fromkeys(["administrator", "registration reviewer", "newsletter editor", "contractor operations"], PUBLISHED)
)
# Everybody abroad has written to Tokyo, and everybody in Tokyo to Paris.
RECEIVED = dict.fromkeys(["tokyo owner", "tokyo editor", "tokyo reader"], set(OVERSEAS)) | {
    "paris owner": set(DOMESTIC)
}
RELATIONS = {
    "owns": OWNS,
    "edits": EDITS,
    "edits in Tokyo": {role: operators & set(DOMESTIC) for role, operators in EDITS.items()},
    "belongs": BELONGS,
    "sees": SEES,
    "looks for what should not be there": dict.fromkeys(
        ["administrator", "registration reviewer"], {*DOMESTIC, *OVERSEAS}
    ),
    "introduces": {role: SEES[role] for role in [*TOKYO_PEOPLE, *PARIS_PEOPLE] if role != "tokyo reader"},
    "received": RECEIVED,
    "corresponds": {role: RECEIVED.get(role, set()) | {operator} for role, operator in ACTS_FOR.items()},
}
PEOPLE = [role for role in ROLES if role not in STRANGERS]
GROUPS = {
    "everybody": ROLES,
    "strangers": STRANGERS,
    "people": PEOPLE,
    "editors": list(EDITS),
    "staff": STAFF,
    "nobody": [],
} | {role: [role] for role in ROLES}

LETTER = {"form_key": ABSENT, "email": "sender@elsewhere.example"}
# What a form needs to be taken; without it the form comes back (200).
FILLED = {
    "privacy:cookie-settings": {"choice": "accept"},
    "privacy:consent-give": {"purpose": "newsletter", "topic": "newsletter"},
    "privacy:consent-withdraw": {"purpose": "newsletter", "topic": "newsletter"},
    "privacy:objection-make": {"purpose": "statistics"},
    "privacy:objection-take-back": {"purpose": "statistics"},
    "privacy:mandate-by-link": {"act": "revoke"},
    "privacy:closing": {"understood": "on"},
    "privacy:opt-out": {"topic": "contractor"},
    "privacy:opt-in": {"topic": "contractor"},
    "accounts:registration-hand-over": {"ref": ABSENT},
    "accounts:membership-list": {"email": "colleague@business.example", "role": "editor", "ref": ABSENT},
    "accounts:membership-role": {"role": "reader"},
    "accounts:join-request-create": {"way": "domain"},
    "accounts:join-request-answer": {"answer": "yes", "role": "reader"},
    "accounts:person": {"language": "ja"},
    "directory:draft-contact": {
        "shown_contact": ["telephone"],
        "seen": fingerprint(Operator(shown_contact=["contact_name"]), ["shown_contact"]),
    },
    "directory:photo-update": {"alternative_en": "A garden", "alternative_ja": "庭"},
    "directory:listing-note": {"note": "Call in spring"},
    "inquiries:inquiry-create": LETTER | {"kind": "general", "message": "Good day"},
    "inquiries:child-report": LETTER | {"relation": "parent", "child_email": "child@elsewhere.example"},
    "networking:introduction-create": {"form_key": ABSENT, "text": "Good day"},
    "networking:introduction-report": {"reason": "Not what the portal is for"},
}
# Whose things are tried: listings in every state; of the rest one's own, a neighbour's, the other side's and none.
EVERY_STATE = [*DOMESTIC, *OVERSEAS, MISSING]
SOME_STATES = ["tokyo", "second tokyo", "suspended", "paris", "paris unpublished", MISSING]
A_FEW = ["tokyo", "second tokyo", "paris", MISSING]
NEWCOMERS = ["registered", "applicant", "no office owner", "suspended owner"]
# Who tries what belongs to nobody, or to nobody but its owner; the pages of listings are tried by everybody.
FEW_ROLES = ["public", "unverified", "deactivated", "registered", "tokyo owner", "administrator", WITHOUT_SECOND_FACTOR]
SOME_ROLES = [
    *["public", "registered", "applicant", "tokyo owner", "tokyo editor", "tokyo reader", "no office owner"],
    *["suspended owner", "paris owner", "administrator", WITHOUT_SECOND_FACTOR],
]


# Things that belong to nobody.
NOBODYS = (
    "",
    "code of a request",
    "letter",
    "link to a request",
    "mail",
    "mandate link",
    "paper link",
    "passkey",
    "policy",
    "portability schema",
    "release",
    "release file",
    "policy version",
    "policy difference",
    "purpose",
    "side",
    "withdrawal link",
    "hand-over file",
)


class Row(NamedTuple):
    thing: str
    who: str
    outcome: str


class Check(NamedTuple):
    role: str
    method: str
    thing: str
    owner: str
    outcome: str


def _read():
    table = defaultdict(lambda: defaultdict(list))
    with (Path(__file__).parent / "table.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            table[row.pop("route")][row.pop("method")].append(Row(**row))
    return table


TABLE = _read()


def checks_of(route):
    """Every check of a route of the portal's pages, with what must come of it."""
    for method in ("GET", "HEAD", "POST"):
        rows = TABLE[route].get("GET" if method == "HEAD" else method, [])
        thing = _all(route)[0].thing
        for role in _roles(method, thing, rows):
            for owner in _owners(role, method, thing, rows):
                yield Check(role, method, thing, owner, _outcome(route, role, method, owner, rows))


def _roles(method, thing, rows):
    who = {row.who for row in rows}
    if method == "HEAD" or not rows:
        return ["public", "tokyo owner"]
    if who & {*ROLES, "staff", "editors"} or (method == "GET" and who & {"sees", "introduces"}):
        return ROLES
    return FEW_ROLES if thing in NOBODYS else SOME_ROLES


def _owners(role, method, thing, rows):
    if thing in NOBODYS:
        return [""]
    if role in STRANGERS or role == WITHOUT_SECOND_FACTOR or not rows:
        return ["tokyo"]
    if role in STAFF or method == "HEAD":
        return ["tokyo", "suspended", "tokyo unpublished"] if thing in ("listing", "photo") else ["tokyo", MISSING]
    few = ["tokyo", MISSING] if role in NEWCOMERS else A_FEW
    states = {"photo": EVERY_STATE, "listing": SOME_STATES}.get(thing, few)
    return list(dict.fromkeys([*sorted(BELONGS.get(role, ())), *states]))


def _outcome(route, role, method, owner, rows):
    if role == WITHOUT_SECOND_FACTOR and ":" in route:
        return "second factor"
    for row in rows:
        if owner in RELATIONS[row.who].get(role, ()) if row.who in RELATIONS else role in GROUPS[row.who]:
            return row.outcome
    if role in STRANGERS and not any(row.who in ("everybody", "strangers") for row in _all(route)):
        # What was typed meanwhile is shown, to be kept.
        typed = FILLED.get(route, {}).keys() - NOT_TYPED or (rows and "form" in rows[0].thing)
        return "403" if method == "POST" and rows and typed else "login"
    return "404" if rows else "405"


def _all(route):
    return [row for rows in TABLE[route].values() for row in rows]


# ---- the admin ----

MODELS = [
    *["accounts.operator", "accounts.membership", "accounts.decision", "accounts.user"],
    *["accounts.domesticregistration", "accounts.overseasregistration", "directory.listing", "directory.photo"],
    *["networking.introduction", "outbox.message", "privacy.auditevent", "privacy.ledgerevent"],
    *["privacy.usagecount", "privacy.policyversion", "privacy.release"],
    *["inquiries.inquiry", "inquiries.childcase", "inquiries.answertemplate"],
    *["privacy.processingrecord", "privacy.recipient", "privacy.oversight", "privacy.topic", "privacy.request"],
    *["privacy.mandate"],
    *["privacy.erasure", "privacy.package"],
    *["privacy.disclosure", "privacy.breach", "privacy.review"],
    *["privacy.recipientkey", "privacy.exportprofile", "privacy.export"],
    *["privacy.retentionrule", "privacy.retentionresult", "privacy.legalhold"],
]
ROLES_IN_THE_ADMIN = ["public", "deactivated", "tokyo owner", *STAFF, WITHOUT_SECOND_FACTOR]


class AdminCheck(NamedTuple):
    role: str
    method: str
    page: str
    model: str
    outcome: str


def _read_for_staff():
    """{(page, model): row}; a row for one model stands before the one for all (*)."""
    with (Path(__file__).parent / "staff_table.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    general = {(row["page"], model): row | {"model": model} for row in rows if row["model"] == "*" for model in MODELS}
    return general | {(row["page"], row["model"]): row for row in rows if row["model"] != "*"}


STAFF_TABLE = _read_for_staff()
PERMISSIONS = {role: {f"{app}.{codename}" for app, _model, codename in permissions_of(role)} for role in STAFF}


def admin_checks_of(page, model):
    row = STAFF_TABLE[page, model]
    for method in ("GET", "POST"):
        some = ["public", "tokyo owner", "administrator", "newsletter editor"]
        for role in some if method == "POST" or row["permissions"] == "nobody" else ROLES_IN_THE_ADMIN:
            yield AdminCheck(role, method, page, model, _outcome_for_staff(role, row, method))


def _outcome_for_staff(role, row, method):
    if row["page"] == "logout" and role not in STAFF and role != WITHOUT_SECOND_FACTOR:
        return "302"
    if row["page"] == "login" and role not in STAFF and role != WITHOUT_SECOND_FACTOR:
        return "login" if role in STRANGERS else "403"
    if role == WITHOUT_SECOND_FACTOR:
        return "second factor"
    if role not in STAFF:
        return "admin login"
    view = row["model"].replace(".", ".view_")
    needed = [view if word == "view" else word for word in row["permissions"].split()]
    return row[method] if PERMISSIONS[role].issuperset(needed) else row["refused"]
