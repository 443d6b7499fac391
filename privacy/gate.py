"""The one way to personal data outside a person's own pages (R039). Default deny: what is not declared is refused."""

import logging
from types import MappingProxyType

from . import declarations
from .models import Subject
from .purposes import Purpose

logger = logging.getLogger(__name__)


def permitting(purpose):
    """The subjects whose data may be used for `purpose`, as a queryset."""
    if purpose not in Purpose:
        logger.warning("gate refused unknown purpose")
        return Subject.objects.none()
    return Subject.objects.all()


def fields(subject, purpose):
    """The values of `subject` that may be used for `purpose`, read-only; empty when nothing may."""
    if subject is None or not permitting(purpose).filter(pk=subject.pk).exists():
        return MappingProxyType({})
    return MappingProxyType(declarations.fields_for(subject, purpose))


def may_send(ref, purpose):
    """Whether a message to the subject `ref` may leave for `purpose`; asked at delivery, not when queueing."""
    return permitting(purpose).filter(ref=ref).exists()
