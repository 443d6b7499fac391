"""Nobody reads personal tables past the gate or writes SQL by hand, but those named here with their reason."""

import ast
import re
from functools import cache

import pytest

from privacy.declarations import DataClass, declared
from tmgportal.stack import BASE_DIR

APPS = ["outbox", "privacy", "accounts", "directory", "inquiries", "networking", "newsletters", "tmgportal"]
# An app reads its own tables: for a person's own pages, its acts, its admin and what the gate asks of it. Whoever else
# names a personal model or a value of it stands here.
READERS = {
    "accounts/services/reminders.py": ({"Message"}, "counts messages that are stuck"),
    "inquiries/emails.py": ({"User"}, "finds the staff to be told"),
    "inquiries/forms.py": ({"person.email"}, "fills in a person's own address"),
    "inquiries/services.py": ({"User", "people__contact_email"}, "finds whom a guardian's report is about"),
    "networking/emails.py": ({"User"}, "finds the members and the staff to be told"),
    "networking/services.py": ({"User"}, "lets the letters of one person follow one another"),
    "tmgportal/demonstration/choices.py": ({"User"}, "lets invented people choose"),
    "tmgportal/demonstration/facts.py": (
        {"contact_email", "contact_name", "contact_telephone", "representative_name"},
        "invents people",
    ),
    "tmgportal/demonstration/handovers.py": (
        {"User", "contact_email", "contact_name"},
        "names the fields of invented hand-overs",
    ),
    "tmgportal/demonstration/inquiries.py": ({"Entry", "Inquiry"}, "invents inquiries"),
    "tmgportal/demonstration/loading.py": ({"EmailAddress", "OperatorPeople", "User"}, "writes what is invented"),
    "tmgportal/demonstration/operators.py": ({"contact_email", "contact_name"}, "invents people"),
    "tmgportal/health.py": ({"Message"}, "says how long messages wait"),
    "tmgportal/my_page.py": ({"Introduction"}, "shows a person's own letters"),
    "tmgportal/staff_overview.py": (
        {"ChildCase", "DomesticRegistration", "Inquiry", "Introduction", "Message", "OverseasRegistration", "Request"},
        "counts what waits for staff",
    ),
}
RAW_SQL = {
    "accounts/services/registration.py": "the next number of a sequence",
    "inquiries/services.py": "the next number of a sequence",
    "privacy/acting.py": "says to the database who acts",
    "privacy/handover/recalls.py": "lets hand-overs and recalls follow one another",
    "privacy/ledger/chain.py": "compares the chain with the bytes that the database hashed",
    "privacy/personal_data.py": "lets what is past five years go, by functions that refuse what is younger",
    "privacy/row_security.py": "writes policies for migrations",
    "privacy/usage.py": "counts without a row that names anybody",
    "tmgportal/backups.py": "asks what a restored database holds",
    "tmgportal/demonstration/loading.py": "takes numbers of a sequence for invented registrations",
    "tmgportal/health.py": "asks whether the database answers",
}
WRITES_SQL = {"cursor", "execute", "executemany", "raw", "extra", "RawSQL", "RunSQL"}
# So common as names of other things that the model must be named, or the way from one table to the next.
COMMON = {"text", "content", "reason", "name", "note", "place", "letter", "context", "email"}
WAYS = {
    "accounts": ["user", "by", "created_by", "reviewer", "person", "people"],
    "inquiries": ["inquiry", "inquiries"],
}


@cache
def sources():
    """[(path, syntax tree)] of the portal's code, without migrations: their SQL is reviewed as such."""
    paths = (path for app in APPS for path in sorted((BASE_DIR / app).rglob("*.py")) if "migrations" not in path.parts)
    return [(str(path.relative_to(BASE_DIR)), ast.parse(path.read_text())) for path in paths]


@cache
def personal():
    """{app: (names of its models with values that identify, names of these values)}"""
    found = {}
    for declaration in declared():
        if values := declaration.of_class(DataClass.IDENTIFYING):
            models, names = found.setdefault(declaration.model._meta.app_label, (set(), set()))
            models.add(declaration.model.__name__)
            names.update(values)
    return found


def reads(path, tree):
    """The personal models and values of other apps that the code names."""
    app = path.partition("/")[0]
    # What others hold about people is declared, and looked after, by `accounts`.
    skipped = {app} | (set(personal()) - set(APPS) if app == "accounts" else set())
    owners = [] if app == "privacy" else [owner for owner in personal() if owner not in skipped]
    models = {(owner, name) for owner in owners for name in personal()[owner][0]}
    values = {value for owner in owners for value in personal()[owner][1] - COMMON}
    among = {(way, value) for owner in owners for way in WAYS.get(owner, ()) for value in personal()[owner][1]}
    through = re.compile("|".join(rf"(\w+__)?{way}__{value}(__|$)" for way, value in sorted(among)) or r"(?!)")
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if ".models" in module:
                owner = module.partition(".models")[0].rpartition(".")[2]
                yield from (alias.name for alias in names if (owner, alias.name) in models)
            case ast.Attribute(value=ast.Attribute(attr=who) | ast.Name(id=who), attr=name) if (who, name) in among:
                yield f"{who}.{name}"
            case ast.Attribute(attr=str(name)) | ast.keyword(arg=str(name)) | ast.Constant(value=str(name)):
                if name in values or through.match(name):
                    yield name
            case ast.Name(id="get_user_model") if "accounts" in owners:
                yield "get_user_model"


def sql_of(tree):
    """The names by which the code would reach the database past the models."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in WRITES_SQL:
                yield name
            case ast.Attribute(attr="RawSQL" | "RunSQL" as name):
                yield name


@pytest.mark.req("R039")
def test_personal_tables_are_read_by_their_app_and_by_those_named():
    found = {path: sorted({*reads(path, tree)}) for path, tree in sources()}
    assert {path: names for path, names in found.items() if names} == {
        path: sorted(names) for path, (names, _reason) in READERS.items()
    }


@pytest.mark.req("R039")
def test_sql_is_written_where_it_is_named():
    assert {path for path, tree in sources() if any(sql_of(tree))} == set(RAW_SQL)


def test_every_exception_has_a_reason():
    assert all(RAW_SQL.values())
    assert all(reason for _names, reason in READERS.values())


@pytest.mark.parametrize(
    "code",
    [
        "from accounts.models import Operator, User",
        "from accounts.models.operator import OperatorPeople",
        "operator.people.contact_name",
        "Operator.objects.filter(people__contact_email=address)",
        "Operator.objects.values('people__contact_name')",
        "Membership.objects.values_list('user__email')",
        "request.user.email",
        "get_user_model().objects.all()",
    ],
)
def test_a_reader_elsewhere_is_found(code):
    assert [*reads("directory/views/listing.py", ast.parse(code))]
    assert not [*reads("accounts/services/people.py", ast.parse(code))]


@pytest.mark.parametrize(
    "code",
    [
        "connection.cursor()",
        "cursor.execute('SELECT email FROM accounts_user')",
        "Operator.objects.raw('SELECT 1')",
        "Operator.objects.extra(where=['1=1'])",
        "RawSQL('SELECT 1', [])",
        "migrations.RunSQL('SELECT 1')",
    ],
)
def test_sql_elsewhere_is_found(code):
    assert [*sql_of(ast.parse(code))]
