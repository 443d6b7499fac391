"""Which operators a registration may be a second time. Staff are shown them; nothing is merged by itself."""

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


def possible_duplicates(registration):
    """[(operator, [reasons])] of the same side, by licence number, normalised name, domain and telephone."""
    others = Operator.objects.filter(side=registration.SIDE, approved_at__isnull=False).exclude(
        pk=registration.operator_id
    )
    numbers = _numbers(registration)
    domains = _domains(registration)
    suspects = Q(pk=None)
    if registration.business_name_key:
        suspects |= Q(business_name_key=registration.business_name_key)
    if registration.telephone:
        suspects |= Q(telephone=registration.telephone)
    for number in numbers:
        suspects |= Q(licences__contains=[{"number": number}])
    for domain in domains:
        suspects |= Q(homepage__icontains=domain) | Q(contact_email__iendswith=f"@{domain}")
    found = [(operator, _why(registration, operator, numbers, domains)) for operator in others.filter(suspects)[:20]]
    return [(operator, why) for operator, why in found if why]


def _why(registration, operator, numbers, domains):
    same = {
        "licence": numbers & _numbers(operator),
        "name": registration.business_name_key and registration.business_name_key == operator.business_name_key,
        "domain": domains & _domains(operator),
        "telephone": registration.telephone and registration.telephone == operator.telephone,
    }
    return [REASONS[reason] for reason, found in same.items() if found]


def _numbers(business):
    return {licence["number"] for licence in getattr(business, "licences", []) if licence.get("number")}


def _domains(business):
    domains = {domain_of(text) for text in (business.homepage, business.contact_email) if text}
    return {domain for domain in domains if domain and not is_shared(domain)}
