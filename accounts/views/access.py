"""Which operators and registrations a person reaches, and for what. Out of reach is 404, as if it did not exist."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from ..models import DomesticRegistration, Operator, OverseasRegistration


def operator_or_404(person, ref, *roles):
    """The operator `ref` of which `person` is a member, with one of `roles` if any are named."""
    members = {"memberships__user": person} | ({"memberships__role__in": roles} if roles else {})
    return get_object_or_404(Operator, **members, ref=ref)


def registration_or_404(person, ref, *roles):
    """The registration `ref` of one of the operators of `person`."""
    members = {"operator__memberships__user": person} | ({"operator__memberships__role__in": roles} if roles else {})
    for model in (DomesticRegistration, OverseasRegistration):
        if registration := model.objects.select_related("operator").filter(**members, ref=ref).first():
            return registration
    raise Http404


def role_in(person, operator):
    """The role of `person`, a member of `operator`."""
    return operator.memberships.values_list("role", flat=True).get(user=person)
