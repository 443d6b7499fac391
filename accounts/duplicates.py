"""Which businesses a registration may be a second time. Staff are shown them; nothing is merged by itself."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .models import Operator
from .normalise import domain_of, is_shared

REASONS = {
    "licence": _("same licence number"),
    "name": _("same name"),
    "domain": _("same domain"),
    "telephone": _("same telephone number"),
}
SHOWN = 20


def possible_duplicates(registration):
    """[(business, [reasons])] of the same side, by licence number, normalised name, domain and telephone.

    A business is an approved operator, or the first application of another one that has been sent and not declined.
    """
    operators = Operator.objects.filter(
        _suspects(registration, "people__"), side=registration.SIDE, approved_at__isnull=False
    ).select_related("people")
    applications = type(registration).objects.open().filter(_suspects(registration), operator__approved_at=None)
    candidates = [
        *operators.exclude(pk=registration.operator_id).order_by("pk")[: SHOWN * 10],
        *applications.sent().exclude(operator=registration.operator_id)[:SHOWN],
    ]
    found = [(business, _why(registration, business)) for business in candidates]
    return [(business, why) for business, why in found if why][:SHOWN]


def _suspects(registration, people=""):
    """What PostgreSQL can say; `_why` looks closer. `people` leads to the personal values of a business."""
    suspects = Q(pk=None)
    if registration.business_name_key:
        suspects |= Q(business_name_key=registration.business_name_key)
    if registration.telephone:
        suspects |= Q(telephone=registration.telephone)
    for kind, number in _licences(registration):
        suspects |= Q(licences__contains=[{"kind": kind, "number": number}])
    for domain in _domains(registration):
        suspects |= Q(homepage__icontains=domain) | Q(**{f"{people}contact_email__iendswith": domain})
    return suspects


def _why(registration, business):
    same = {
        "licence": _licences(registration) & _licences(business),
        "name": registration.business_name_key and registration.business_name_key == business.business_name_key,
        "domain": _domains(registration) & _domains(business),
        "telephone": registration.telephone and registration.telephone == business.telephone,
    }
    return [REASONS[reason] for reason, found in same.items() if found]


def _licences(business):
    """The same number under another kind is another licence: every ward counts from one."""
    return {(row["kind"], row["number"]) for row in getattr(business, "licences", []) if row.get("number")}


def _domains(business):
    domains = {domain_of(text) for text in (business.homepage, business.values["contact_email"]) if text}
    return {domain for domain in domains if domain and not is_shared(domain)}
