"""Published listings, and readers of both sides, for the tests of the directory."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory import services
from tests.factories import ListingDraftFactory, OperatorFactory, make_member

BUYER = {"categories": [], "areas": [], "buyer_kinds": ["wholesaler"], "wanted_categories": ["ACC-02"]}


def make_draft(*, overseas=False, operator=None, **content):
    """A draft that could be published; `content` replaces what the factory writes."""
    operator = operator or (OperatorFactory(overseas=True) if overseas else OperatorFactory())
    operator.refresh_from_db()
    return ListingDraftFactory(operator=operator, **((BUYER if operator.side == "overseas" else {}) | content))


def make_listing(name="", *, overseas=False, operator=None, **content):
    """A published listing; `name` is the business name in both languages."""
    names = {"business_name": name, "business_name_romanised": ""} if name else {}
    if operator is None:
        operator = OperatorFactory(overseas=overseas, **names)
    draft = make_draft(operator=operator, **content)
    return services.publish(draft, by=make_member(operator))


def make_buyer(**values):
    """Somebody abroad who may see the listings of Tokyo."""
    return make_member(overseas=True, **values)


def make_seller(**values):
    """Somebody in Tokyo who may see the listings from abroad."""
    return make_member(**values)


def questions_of(client, url):
    """How many questions a page asks the database, besides those of each request: session, its activity, who acts."""
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    of_each = ("SAVEPOINT", "django_session", "usersessions", "set_config")
    return len([query for query in captured if not any(word in query["sql"] for word in of_each)])
